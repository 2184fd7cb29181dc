"""Python to the common tree, by the standard library's `ast`.

Pyodide's forms become what they are in JavaScript: `X.new(…)` is `new X(…)`, `self` is `this`, `None` is
`null`. A file that `ast` can't parse lowers to nothing: its facts are unknown.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Literal

from wslint.files import Files
from wslint.regex import regex
from wslint.source import tree
from wslint.source.depth import DEEPEST, room
from wslint.source.python.matching import Matching
from wslint.text import BOM, SourceFile

_RELEVANT = regex(
    rb"[wW]eb_?[sS]ocket|DurableObject|idFromName|getByName|\.fetch\(|WorkerEntrypoint|on_fetch|Upgrade"
)

_COOKIE = regex(rb"(?:[^\r\n]*(?:\r\n?|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
"""PEP 263: a comment on the first or the second line that names another encoding."""

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Eq: "===",
    ast.NotEq: "!==",
    ast.Is: "===",
    ast.IsNot: "!==",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.MatMult: "@",
    ast.Not: "!",
    ast.UAdd: "+",
    ast.USub: "-",
    ast.Invert: "~",
}
_MOST = 2**1000
"""Larger numbers have no place in what the machine calculates with."""

_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_STATIC = frozenset({"staticmethod", "classmethod"})
_GETTERS = frozenset({"property", "cached_property", "functools.cached_property"})


def needs_lowering(data: bytes) -> bool:
    """Whether a file mentions what a handshake is made of."""
    return _RELEVANT.search(data) is not None


def lower(file: SourceFile, files: Files) -> tree.Module:
    """The lowered module, cached; empty for a file that is no Python."""
    key = ("python lower", str(file.path))
    known = files.cache.get(key)
    if isinstance(known, tree.Module):
        return known
    module = _lower(file)
    files.cache[key] = module
    return module


def _lower(file: SourceFile) -> tree.Module:
    cookie = _COOKIE.match(file.data)
    if cookie is not None and not file.data.isascii() and cookie[1].lower() not in (b"utf-8", b"utf8"):
        return tree.Module([], [])  # `ast` counts the bytes of another text than the one that is read here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = ast.parse(file.data)
        lowering = _Lowering(file)
        with room():
            body = lowering.block(parsed.body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return tree.Module([], [])
    return tree.Module(lowering.imports, body)


class _Lowering:
    """Lowers one file; `imports` gathers its imported names."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.imports: list[tree.Import] = []
        self._receivers: list[str | None] = []
        self.depth = 0
        self._base = len(BOM) if file.data.startswith(BOM) else 0

    def offset(self, line: int, column: int) -> int:
        """The byte at a line and a column of `ast`, which counts lines as we do. Never past the end: what
        Python 3.11 says of places inside f-strings may be."""
        starts = self.file.line_starts
        extra = self._base if line == 1 else 0
        return min(starts[min(line, len(starts)) - 1] + column + extra, len(self.file.data))

    def place(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> tuple[int, int]:
        start = self.offset(node.lineno, node.col_offset)
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return start, max(start, end)

    # Statements

    def block(self, statements: list[ast.stmt]) -> list[tree.Statement]:
        return [lowered for statement in statements for lowered in self.statement(statement)]

    def statement(self, node: ast.stmt) -> list[tree.Statement]:
        if self.depth > DEEPEST:
            start, end = self.place(node)
            return [tree.Do(start, end, tree.Opaque(start, end))]
        self.depth += 1
        try:
            return self._statement(node)
        finally:
            self.depth -= 1

    def _statement(self, node: ast.stmt) -> list[tree.Statement]:
        start, end = self.place(node)
        match node:
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return [self._named(node.name, self._function(node), "function", start, end)]
            case ast.ClassDef():
                return [self._named(node.name, self._class(node), "class", start, end)]
            case ast.Return():
                return [tree.Return(start, end, self.expression(node.value) if node.value else None)]
            case ast.Assign():
                value = self.expression(node.value)
                return [self._assign(target, value, start, end) for target in node.targets]
            case ast.AnnAssign() if node.value is not None:
                return [self._assign(node.target, self.expression(node.value), start, end)]
            case ast.AugAssign():
                target, operator = self.pattern(node.target), _OPERATORS[type(node.op)] + "="
                value = self.expression(node.value)
                return [tree.Do(start, end, tree.Assign(start, end, target, value, operator))]
            case ast.Expr():
                return [tree.Do(start, end, self.expression(node.value))]
            case ast.If():
                test = self.expression(node.test)
                return [tree.If(start, end, test, self.block(node.body), self.block(node.orelse))]
            case ast.For() | ast.AsyncFor():
                target, iterable = self.pattern(node.target), self.expression(node.iter)
                body, otherwise = self.block(node.body), self.block(node.orelse)
                return [tree.Loop(start, end, target, iterable, None, body, otherwise=otherwise)]
            case ast.While():
                test = self.expression(node.test)
                body, otherwise = self.block(node.body), self.block(node.orelse)
                return [tree.Loop(start, end, None, None, test, body, otherwise=otherwise)]
            case ast.Try() | ast.TryStar():
                return [self._try(node, start, end)]
            case ast.With() | ast.AsyncWith():
                return self._with(node)
            case ast.Raise():
                return [tree.Throw(start, end, self.expression(node.exc) if node.exc else None)]
            case ast.Break():
                return [tree.Jump(start, end, "break")]
            case ast.Continue():
                return [tree.Jump(start, end, "continue")]
            case ast.Assert():
                return [self._assert(node, start, end)]
            case ast.Match():
                return self._match(node)
            case ast.Delete():
                return [
                    tree.Do(start, end, tree.Operation(start, end, "delete", [self.expression(target)]))
                    for target in node.targets
                ]
        return []

    def _try(self, node: ast.Try | ast.TryStar, start: int, end: int) -> tree.Try:
        body, otherwise = self.block(node.body), self.block(node.orelse)
        handler: list[tree.Statement] = []
        catches: list[tree.Catch] = []
        for item in node.handlers:
            first = self.offset(item.lineno, item.col_offset)
            inner = self.block(item.body)
            types = self.expression(item.type) if item.type is not None else None
            last = types.end if types is not None else first + len("except")
            catches.append(tree.Catch(first, last, types, item.name, len(inner)))
            handler += inner
        final, handled = self.block(node.finalbody), bool(node.handlers)
        return tree.Try(start, end, body + otherwise, handler, final, handled, catches, len(otherwise))

    def _assert(self, node: ast.Assert, start: int, end: int) -> tree.If:
        test = self.expression(node.test)
        given = [self.expression(node.msg)] if node.msg is not None else []
        error = tree.Call(start, end, tree.Name(start, end, "AssertionError"), given)
        refused = tree.Operation(test.start, test.end, "!", [test])
        return tree.If(start, end, refused, [tree.Throw(start, end, error)], [])

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        start, end = self.place(node)
        if isinstance(node, ast.Import):
            for name in node.names:
                self.imports.append(
                    tree.Import(start, end, name.name, "*", name.asname or name.name.partition(".")[0])
                )
            return
        specifier = "." * node.level + (node.module or "")
        for name in node.names:
            local = tree.STAR + specifier if name.name == "*" else name.asname or name.name
            self.imports.append(tree.Import(start, end, specifier, name.name, local))

    def _named(
        self, name: str, value: tree.Expression, kind: Literal["function", "class"], start: int, end: int
    ) -> tree.Declare:
        return tree.Declare(start, end, tree.Name(start, start + len(name), name), value, kind)

    def _assign(self, target: ast.expr, value: tree.Expression, start: int, end: int) -> tree.Statement:
        pattern = self.pattern(target)
        if isinstance(pattern, tree.Name | tree.ArrayPattern):
            return tree.Declare(start, end, pattern, value, "let")
        return tree.Do(start, end, tree.Assign(start, end, pattern, value))

    def _with(self, node: ast.With | ast.AsyncWith) -> list[tree.Statement]:
        found: list[tree.Statement] = []
        suppressed: list[tree.Catch] = []
        managers: list[tuple[tree.Statement, tree.Aside]] = []
        for item in node.items:
            value = self.expression(item.context_expr)
            start, end = self.place(item.context_expr)
            if isinstance(value, tree.Call) and self._called(item.context_expr).endswith("suppress"):
                types = tree.Array(start, end, value.arguments, "tuple")
                suppressed.append(tree.Catch(start, end, types, None, 0))
                if item.optional_vars is None:
                    found.append(tree.Do(start, end, value))
                    continue
            manager = tree.Aside({0: value})
            if item.optional_vars is not None:
                manager.held[1] = self.pattern(item.optional_vars)
                managers.append((self._assign(item.optional_vars, value, start, end), manager))
            else:
                managers.append((tree.Do(start, end, value), manager))
        body = self.block(node.body)
        for first, manager in reversed(managers):
            start, end = self.place(node)
            body = [tree.Managed(start, end, [first, *body], [], [], False, manager=manager)]
        if suppressed:  # contextlib.suppress is a try with an empty handler
            start, end = self.place(node)
            return [*found, tree.Try(start, end, body, [], [], True, suppressed)]
        return found + body

    @staticmethod
    def _called(node: ast.expr) -> str:
        return ast.unparse(node.func) if isinstance(node, ast.Call) else ""

    def _match(self, node: ast.Match) -> list[tree.Statement]:
        return Matching(self, node).statements()

    # Functions and classes

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, method: bool = False) -> tree.Function:
        start, end = self.place(node)
        marks = {ast.unparse(mark) for mark in node.decorator_list}
        arguments = [*node.args.posonlyargs, *node.args.args]
        receiver: str | None = None
        if method and arguments and "staticmethod" not in marks:
            receiver, arguments = arguments[0].arg, arguments[1:]
        decorators = [self.expression(mark) for mark in node.decorator_list if not _says_kind(mark)]
        parameters = self._parameters(node.args, arguments)
        self._enter(receiver, node.args, arguments)
        body = self.block(node.body)
        self._receivers.pop()
        name_start = self.file.data.find(node.name.encode(), start)
        made = tree.Function(
            start, end, node.name, name_start, parameters, body, isinstance(node, ast.AsyncFunctionDef)
        )
        made.receiver, made.decorators = receiver, decorators
        own = list(_own_nodes(node.body))
        made.is_generator = any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own)
        made.encloses = any(isinstance(item, _DEFINING) for item in own)
        for item in own:
            if isinstance(item, ast.Global | ast.Nonlocal):
                kind = "global" if isinstance(item, ast.Global) else "nonlocal"
                made.outer += [(name, kind) for name in item.names]
        return made

    def _enter(self, receiver: str | None, given: ast.arguments, arguments: list[ast.arg]) -> None:
        """The name that stands for the receiver in a function: a method's own, else the one around it, where no
        parameter hides it."""
        if receiver is None:
            receiver = self._receivers[-1] if self._receivers else "self"
            hidden = [*arguments, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
            if any(argument.arg == receiver for argument in hidden):
                receiver = None
        self._receivers.append(receiver)

    def _parameters(self, given: ast.arguments, arguments: list[ast.arg]) -> list[tree.Parameter]:
        parameters = [self._parameter(argument) for argument in arguments]
        if given.defaults:
            for parameter, default in zip(reversed(parameters), reversed(given.defaults), strict=False):
                parameter.default = self.expression(default)
        if given.vararg is not None:
            parameters.append(self._parameter(given.vararg, rest=True))
        for argument, initial in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            parameter = self._parameter(argument, keyword=True)
            parameter.default = self.expression(initial) if initial is not None else None
            parameters.append(parameter)
        if given.kwarg is not None:
            parameters.append(self._parameter(given.kwarg, rest=True, keyword=True))
        return parameters

    def _parameter(self, argument: ast.arg, rest: bool = False, keyword: bool = False) -> tree.Parameter:
        start, end = self.place(argument)
        annotation = argument.annotation
        type_name = annotation.id if isinstance(annotation, ast.Name) else None
        name = tree.Name(start, start + len(argument.arg.encode()), argument.arg)
        return tree.Parameter(start, end, name, None, rest, type_name, keyword)

    def _class(self, node: ast.ClassDef) -> tree.Class:
        start, end = self.place(node)
        members = [member for item in node.body for member in self._class_members(item)]
        bases = [self.expression(base) for base in node.bases]
        name_start = self.file.data.find(node.name.encode(), start + len("class"))
        made = tree.Class(start, end, node.name, name_start, bases, members)
        made.decorators = [self.expression(mark) for mark in node.decorator_list]
        return made

    def _class_members(self, item: ast.stmt) -> list[tree.ClassMember]:
        first, last = self.place(item)
        match item:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                function = self._function(item, method=True)
                marks = {ast.unparse(mark) for mark in item.decorator_list}
                kind: Literal["method", "getter", "setter"] = "getter" if marks & _GETTERS else "method"
                if any(mark.endswith(".setter") for mark in marks):
                    kind = "setter"
                name = "constructor" if item.name == "__init__" else item.name
                static = bool(marks & _STATIC)
                place = function.name_start
                return [tree.ClassMember(first, last, name, place, kind, static, False, function)]
            case ast.Assign():
                value = self.expression(item.value)
                return [
                    tree.ClassMember(first, last, target.id, first, "field", False, False, value)
                    for target in item.targets
                    if isinstance(target, ast.Name)
                ]
            case ast.AnnAssign() if isinstance(item.target, ast.Name):
                if "ClassVar" in ast.unparse(item.annotation) and item.value is None:
                    return []
                initial = self.expression(item.value) if item.value is not None else None
                return [tree.ClassMember(first, last, item.target.id, first, "field", False, False, initial)]
            case ast.ClassDef():
                inner = self._class(item)
                return [tree.ClassMember(first, last, item.name, first, "field", False, False, inner)]
        return []

    # Expressions

    def pattern(self, node: ast.expr) -> tree.Pattern:
        start, end = self.place(node)
        if self.depth > DEEPEST:
            return tree.Opaque(start, end)
        match node:
            case ast.Tuple() | ast.List():
                self.depth += 1
                items = [self.pattern(item) for item in node.elts]
                self.depth -= 1
                return tree.ArrayPattern(start, end, [*items])
            case ast.Starred():
                return tree.Opaque(start, end, [self.expression(node.value)])
        lowered = self.expression(node)
        if isinstance(lowered, tree.Name | tree.Member | tree.Index):
            return lowered
        return tree.Opaque(start, end, [lowered])

    def expression(self, node: ast.expr) -> tree.Expression:
        if self.depth > DEEPEST:
            return tree.Opaque(*self.place(node))
        self.depth += 1
        try:
            return self._expression(node)
        finally:
            self.depth -= 1

    def _expression(self, node: ast.expr) -> tree.Expression:
        start, end = self.place(node)
        match node:
            case ast.Name():
                receiver = self._receivers[-1] if self._receivers else "self"
                return tree.Name(start, end, "this" if node.id == receiver else node.id)
            case ast.Constant():
                return self._constant(node, start, end)
            case ast.JoinedStr():
                return tree.Text(start, end, None, [self._part(value) for value in node.values])
            case ast.Attribute():
                return tree.Member(
                    start, end, self.expression(node.value), node.attr, end - len(node.attr.encode())
                )
            case ast.Subscript():
                return tree.Index(start, end, self.expression(node.value), self.expression(node.slice))
            case ast.Call():
                return self._call(node, start, end)
            case ast.Await():
                return tree.Await(start, end, self.expression(node.value))
            case ast.Dict():
                return self._dict(node, start, end)
            case ast.List() | ast.Tuple() | ast.Set():
                items = [self.expression(item) for item in node.elts]
                kind: Literal["list", "tuple", "set"] = "list" if isinstance(node, ast.List) else "tuple"
                return tree.Array(start, end, items, "set" if isinstance(node, ast.Set) else kind)
            case ast.Slice():
                lower, upper, step = (
                    self.expression(bound) if bound is not None else None
                    for bound in (node.lower, node.upper, node.step)
                )
                return tree.Slice(start, end, lower, upper, step)
            case ast.Yield():
                return tree.Yield(start, end, self.expression(node.value) if node.value else None)
            case ast.YieldFrom():
                return tree.Yield(start, end, self.expression(node.value), True)
            case ast.Starred():
                return tree.Spread(start, end, self.expression(node.value))
            case ast.Lambda():
                arguments = [*node.args.posonlyargs, *node.args.args]
                parameters = self._parameters(node.args, arguments)
                self._enter(None, node.args, arguments)
                value = self.expression(node.body)
                self._receivers.pop()
                body: list[tree.Statement] = [tree.Return(value.start, value.end, value)]
                return tree.Function(start, end, None, start, parameters, body, is_arrow=True)
            case ast.NamedExpr():
                return tree.Assign(start, end, self.pattern(node.target), self.expression(node.value))
            case ast.BoolOp() if len(node.values) > DEEPEST:
                return tree.Opaque(start, end)  # a chain is as deep as it is long
            case ast.Compare() if len(node.ops) > DEEPEST:
                return tree.Opaque(start, end)
            case ast.BoolOp():
                operator = "&&" if isinstance(node.op, ast.And) else "||"
                return self._boolean(operator, [self.expression(value) for value in node.values], start, end)
            case ast.UnaryOp():
                return tree.Operation(
                    start, end, _OPERATORS.get(type(node.op), "-"), [self.expression(node.operand)]
                )
            case ast.BinOp():
                operands = [self.expression(node.left), self.expression(node.right)]
                return tree.Operation(start, end, _OPERATORS.get(type(node.op), "-"), operands)
            case ast.Compare():
                return self._compare(node, start, end)
            case ast.IfExp():
                operands = [self.expression(part) for part in (node.test, node.body, node.orelse)]
                return tree.Operation(start, end, "?:", operands)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node, start, end)
        return tree.Opaque(
            start,
            end,
            [self.expression(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)],
        )

    @staticmethod
    def _boolean(operator: str, operands: list[tree.Expression], start: int, end: int) -> tree.Expression:
        """`a and b and c` as nested pairs, as JavaScript has them."""
        result = operands[0]
        for operand in operands[1:]:
            result = tree.Operation(start, end, operator, [result, operand])
        return result

    def _constant(self, node: ast.Constant, start: int, end: int) -> tree.Expression:
        value = node.value
        if isinstance(value, bool):
            return tree.Constant(start, end, "true" if value else "false")
        if value is None:
            return tree.Constant(start, end, "null")
        if isinstance(value, str):
            return tree.Text(start, end, value, [value])
        if isinstance(value, int):
            return tree.Number(start, end, value) if abs(value) < _MOST else tree.Opaque(start, end)
        if isinstance(value, float):
            return tree.Number(start, end, value)
        return tree.Opaque(start, end)

    def _part(self, node: ast.expr) -> str | tree.Expression:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        if not isinstance(node, ast.FormattedValue):
            return self.expression(node)
        value = self.expression(node.value)
        if node.format_spec is None and node.conversion in (-1, 115):
            return value
        how = tree.Text(value.start, value.end, None if node.format_spec else "", [])
        if isinstance(node.format_spec, ast.JoinedStr):
            how.parts = [self._part(part) for part in node.format_spec.values]
            if all(isinstance(part, str) for part in how.parts):
                how.value = "".join(part for part in how.parts if isinstance(part, str))
        operator = "format" if node.conversion in (-1, 115) else "repr"
        return tree.Operation(value.start, value.end, operator, [value, how])

    def _call(self, node: ast.Call, start: int, end: int) -> tree.Expression:
        function, arguments = node.func, [self.expression(argument) for argument in node.args]
        keywords = [self._keyword(keyword) for keyword in node.keywords]
        if isinstance(function, ast.Name):
            name = function.id
            if name == "getattr" and len(arguments) >= 2 and not keywords:
                attribute, default = arguments[1], arguments[2] if len(arguments) > 2 else None
                if isinstance(attribute, tree.Text) and attribute.value is not None:
                    place = attribute.start
                    return tree.Attribute(start, end, arguments[0], attribute.value, place, default=default)
                return tree.AttributeIndex(start, end, arguments[0], attribute, default=default)
            if name == "isinstance" and len(arguments) == 2:
                return self.instance_test(arguments[0], node.args[1], arguments[1])
            if name == "super":
                return tree.Name(start, end, "super")
            if name == "str" and not arguments and not keywords:
                return tree.Text(start, end, "", [])
        if isinstance(function, ast.Attribute):
            if function.attr == "new":
                return tree.Call(
                    start, end, self.expression(function.value), arguments, new=True, keywords=keywords
                )
            inner = function.value
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "super":
                callee: tree.Expression = tree.Name(start, end, "super")
                if function.attr != "__init__":
                    callee = tree.Member(start, end, callee, function.attr, start)
                return tree.Call(start, end, callee, arguments, keywords=keywords)
        return tree.Call(start, end, self.expression(function), arguments, keywords=keywords)

    @staticmethod
    def instance_test(value: tree.Expression, written: ast.expr, cls: tree.Expression) -> tree.Expression:
        start, end = value.start, cls.end
        kind = tree.Operation(start, end, "typeof", [value])
        wanted = ast.unparse(written)
        text = tree.Text(start, end, "string" if wanted == "str" else wanted)
        return tree.InstanceTest(start, end, "===", [kind, text], cls)

    def _keyword(self, node: ast.keyword) -> tree.TableEntry:
        start, end = self.place(node)
        value = self.expression(node.value)
        if node.arg is None:
            return tree.TableEntry(start, end, None, start, start, tree.Spread(start, end, value))
        return tree.TableEntry(start, end, node.arg, start, start + len(node.arg.encode()), value)

    def _dict(self, node: ast.Dict, start: int, end: int) -> tree.Expression:
        entries: list[tree.TableEntry] = []
        for key, value in zip(node.keys, node.values, strict=True):
            lowered = self.expression(value)
            if key is None:
                spread = tree.Spread(lowered.start, lowered.end, lowered)
                entries.append(
                    tree.TableEntry(lowered.start, lowered.end, None, lowered.start, lowered.start, spread)
                )
                continue
            first, last = self.place(key)
            name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
            if name is None:  # the pair, for a key that is no text
                pair = [self.expression(key), lowered]
                lowered = tree.Array(first, lowered.end, pair, "tuple")
            entries.append(tree.TableEntry(first, lowered.end, name, first, last, lowered))
        return tree.Table(start, end, entries)

    def _compare(self, node: ast.Compare, start: int, end: int) -> tree.Expression:
        result: tree.Expression | None = None
        left = self.expression(node.left)
        for place, (operator, comparator) in enumerate(zip(node.ops, node.comparators, strict=True)):
            right = self.expression(comparator)
            after = right
            if place < len(node.ops) - 1 and isinstance(right, tree.Call | tree.Await | tree.Assign):
                held = self.temporary(right)  # it is evaluated once
                after, right = held, tree.Assign(right.start, right.end, held, right)
            name = _OPERATORS[type(operator)]
            step = tree.Operation(start, end, name, [left, right])
            if isinstance(operator, ast.Is | ast.IsNot) and not _is_constant(node.left, comparator):
                step = tree.IdentityTest(start, end, name, [left, right])
            result = step if result is None else tree.Operation(start, end, "&&", [result, step])
            left = after
        return result if result is not None else left

    @staticmethod
    def temporary(node: tree.Expression) -> tree.Name:
        """A name that no program has, for a value that is used twice."""
        return tree.Name(node.start, node.end, f"<{node.start}>")

    def _comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        start: int,
        end: int,
    ) -> tree.Expression:
        first = node.generators[0]
        iterable = self.expression(first.iter)
        value = self.expression(node.value if isinstance(node, ast.DictComp) else node.elt)
        target = self.pattern(first.target)
        body: list[tree.Statement] = [tree.Return(value.start, value.end, value)]
        parameter = tree.Parameter(target.start, target.end, target)
        function = tree.Function(start, end, None, start, [parameter], body, is_arrow=True)
        made = tree.Comprehension(start, end, tree.Member(start, end, iterable, "map", start), [function])
        made.kind = _KINDS[type(node)]
        made.key = self.expression(node.key) if isinstance(node, ast.DictComp) else None
        for place, clause in enumerate(node.generators):
            if place:
                target, iterable = self.pattern(clause.target), self.expression(clause.iter)
                made.clauses.append(tree.Clause(target.start, iterable.end, target, iterable))
            for condition in clause.ifs:
                test = self.expression(condition)
                made.clauses.append(tree.Clause(test.start, test.end, None, None, test))
        return made


_KINDS: dict[type[ast.AST], Literal["list", "set", "dict", "generator"]] = {
    ast.ListComp: "list",
    ast.SetComp: "set",
    ast.DictComp: "dict",
    ast.GeneratorExp: "generator",
}


def _is_constant(*nodes: ast.expr) -> bool:
    """Whether one of these is None, True, False or `...`, which `is` is meant for."""
    return any(isinstance(node, ast.Constant) and not isinstance(node.value, str | float) for node in nodes)


def _says_kind(mark: ast.expr) -> bool:
    """Whether a decorator says what kind of method it is on."""
    text = ast.unparse(mark)
    return text in _STATIC | _GETTERS or text.endswith((".setter", ".deleter", "abstractmethod", "override"))


def _own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """All that stands in a function, without the functions in it."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _DEFINING):
            waiting.extend(ast.iter_child_nodes(node))
