"""Python to the common tree, by the standard library's `ast`.

Pyodide's forms become what they are in JavaScript: `X.new(…)` is `new X(…)`, `self` is `this`, `None` is
`null`. A file that `ast` can't parse lowers to nothing: its facts are unknown.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Literal

from wslint.files import Files
from wslint.source import tree
from wslint.source.depth import DEEPEST, room
from wslint.text import BOM, SourceFile

_RELEVANT = re.compile(
    rb"[wW]eb_?[sS]ocket|DurableObject|idFromName|getByName|\.fetch\(|WorkerEntrypoint|on_fetch|Upgrade"
)

_COOKIE = re.compile(rb"(?:[^\r\n]*(?:\r\n?|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
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
    ast.Not: "!",
}


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
                target = self.pattern(node.target)
                return [
                    tree.Do(start, end, tree.Assign(start, end, target, self.expression(node.value), "+="))
                ]
            case ast.Expr():
                return [tree.Do(start, end, self.expression(node.value))]
            case ast.If():
                test = self.expression(node.test)
                return [tree.If(start, end, test, self.block(node.body), self.block(node.orelse))]
            case ast.For() | ast.AsyncFor():
                target, iterable = self.pattern(node.target), self.expression(node.iter)
                return [
                    tree.Loop(start, end, target, iterable, None, self.block(node.body)),
                    *self.block(node.orelse),
                ]
            case ast.While():
                return [tree.Loop(start, end, None, None, self.expression(node.test), self.block(node.body))]
            case ast.Try():
                handlers = [inner for handler in node.handlers for inner in self.block(handler.body)]
                body = self.block(node.body) + self.block(node.orelse)
                return [tree.Try(start, end, body, handlers, self.block(node.finalbody), bool(node.handlers))]
            case ast.With() | ast.AsyncWith():
                return self._with(node)
            case ast.Raise():
                return [tree.Throw(start, end, self.expression(node.exc) if node.exc else None)]
            case ast.Break() | ast.Continue():
                return [tree.Jump(start, end)]
            case ast.Match():
                return self._match(node)
            case ast.Delete():
                return [
                    tree.Do(start, end, tree.Operation(start, end, "delete", [self.expression(target)]))
                    for target in node.targets
                ]
        return []

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
            if name.name != "*":
                self.imports.append(tree.Import(start, end, specifier, name.name, name.asname or name.name))

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
        suppresses = False
        for item in node.items:
            value = self.expression(item.context_expr)
            suppresses = suppresses or "suppress" in ast.dump(item.context_expr)
            start, end = self.place(item.context_expr)
            if item.optional_vars is not None:
                found.append(self._assign(item.optional_vars, value, start, end))
            else:
                found.append(tree.Do(start, end, value))
        body = self.block(node.body)
        if suppresses:  # contextlib.suppress is a try with an empty handler
            start, end = self.place(node)
            return [*found, tree.Try(start, end, body, [], [], True)]
        return found + body

    def _match(self, node: ast.Match) -> list[tree.Statement]:
        start, end = self.place(node)
        subject = self.expression(node.subject)
        chain: list[tree.Statement] = []
        for case in reversed(node.cases):
            body = self.block(case.body)
            if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None:
                chain = body
                continue
            values = [inner.value for inner in ast.walk(case.pattern) if isinstance(inner, ast.MatchValue)]
            operands = [subject, *(self.expression(value) for value in values[:1])]
            test = tree.Operation(start, end, "===", operands) if values else tree.Opaque(start, end)
            chain = [tree.If(start, end, test, body, chain)]
        return chain

    # Functions and classes

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, method: bool = False) -> tree.Function:
        start, end = self.place(node)
        arguments = [*node.args.posonlyargs, *node.args.args]
        static = any(isinstance(item, ast.Name) and item.id == "staticmethod" for item in node.decorator_list)
        if method and arguments and not static:
            arguments = arguments[1:]
        parameters = [self._parameter(argument) for argument in arguments]
        if node.args.vararg is not None:
            rest = self._parameter(node.args.vararg)
            rest.rest = True
            parameters.append(rest)
        name_start = self.file.data.find(node.name.encode(), start)
        is_async = isinstance(node, ast.AsyncFunctionDef)
        return tree.Function(start, end, node.name, name_start, parameters, self.block(node.body), is_async)

    def _parameter(self, argument: ast.arg) -> tree.Parameter:
        start, end = self.place(argument)
        annotation = argument.annotation
        type_name = annotation.id if isinstance(annotation, ast.Name) else None
        return tree.Parameter(
            start, end, tree.Name(start, start + len(argument.arg), argument.arg), type_name=type_name
        )

    def _class(self, node: ast.ClassDef) -> tree.Class:
        start, end = self.place(node)
        members: list[tree.ClassMember] = []
        for item in node.body:
            first, last = self.place(item)
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                function = self._function(item, method=True)
                name = "constructor" if item.name == "__init__" else item.name
                static = any(
                    isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in item.decorator_list
                )
                members.append(
                    tree.ClassMember(
                        first, last, name, function.name_start, "method", static, False, function
                    )
                )
            elif isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
                value = self.expression(item.value)
                members.append(
                    tree.ClassMember(first, last, item.targets[0].id, first, "field", False, False, value)
                )
        bases = [self.expression(base) for base in node.bases]
        name_start = self.file.data.find(node.name.encode(), start + len("class"))
        return tree.Class(start, end, node.name, name_start, bases, members)

    # Expressions

    def pattern(self, node: ast.expr) -> tree.Pattern:
        start, end = self.place(node)
        if self.depth > DEEPEST:
            return tree.Opaque(start, end)
        if isinstance(node, (ast.Tuple, ast.List, ast.Starred)):
            self.depth += 1
            inner = [
                self.pattern(item) for item in ([node.value] if isinstance(node, ast.Starred) else node.elts)
            ]
            self.depth -= 1
            return inner[0] if isinstance(node, ast.Starred) else tree.ArrayPattern(start, end, [*inner])
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
                return tree.Name(start, end, "this" if node.id == "self" else node.id)
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
                return tree.Array(start, end, [self.expression(item) for item in node.elts])
            case ast.Starred():
                return tree.Spread(start, end, self.expression(node.value))
            case ast.Lambda():
                parameters = [self._parameter(argument) for argument in node.args.args]
                value = self.expression(node.body)
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
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
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
        if isinstance(value, int | float):
            try:
                return tree.Number(start, end, float(value))
            except OverflowError:
                return tree.Opaque(start, end)
        return tree.Opaque(start, end)

    def _part(self, node: ast.expr) -> str | tree.Expression:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self.expression(node.value) if isinstance(node, ast.FormattedValue) else self.expression(node)

    def _call(self, node: ast.Call, start: int, end: int) -> tree.Expression:
        function, arguments = node.func, [self.expression(argument) for argument in node.args]
        keywords = [self._keyword(keyword) for keyword in node.keywords]
        if isinstance(function, ast.Name):
            name = function.id
            if name == "getattr" and len(node.args) >= 2:
                attribute = node.args[1]
                if isinstance(attribute, ast.Constant) and isinstance(attribute.value, str):
                    return tree.Member(start, end, arguments[0], attribute.value, arguments[1].start)
                return tree.Index(start, end, arguments[0], arguments[1])
            if name == "isinstance" and arguments:
                kind = tree.Operation(start, end, "typeof", [arguments[0]])
                wanted = ast.unparse(node.args[1]) if len(node.args) > 1 else ""
                return tree.Operation(
                    start, end, "===", [kind, tree.Text(start, end, "string" if wanted == "str" else wanted)]
                )
            if name == "super":
                return tree.Name(start, end, "super")
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
            entries.append(tree.TableEntry(first, lowered.end, name, first, last, lowered))
        return tree.Table(start, end, entries)

    def _compare(self, node: ast.Compare, start: int, end: int) -> tree.Expression:
        result: tree.Expression | None = None
        left = self.expression(node.left)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.expression(comparator)
            step = tree.Operation(start, end, _OPERATORS.get(type(operator), "?"), [left, right])
            result = step if result is None else tree.Operation(start, end, "&&", [result, step])
            left = right
        return result if result is not None else left

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, start: int, end: int
    ) -> tree.Expression:
        """`[f(x) for x in y]` as `y.map((x) => f(x))`, the first `for` only."""
        first = node.generators[0]
        iterable, value = self.expression(first.iter), self.expression(node.elt)
        target = self.pattern(first.target)
        body: list[tree.Statement] = [tree.Return(value.start, value.end, value)]
        parameter = tree.Parameter(target.start, target.end, target)
        function = tree.Function(start, end, None, start, [parameter], body, is_arrow=True)
        callee = tree.Member(start, end, iterable, "map", start)
        return tree.Call(start, end, callee, [function])
