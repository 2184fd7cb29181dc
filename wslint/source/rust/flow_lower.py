"""Rust (workers-rs) to the common tree as `flow` and `trace` read it; the machine reads what `lower` makes.

The worker crate's names become the runtime's own (`accept_web_socket` is `acceptWebSocket`,
`Response::from_websocket(x)` is `new Response(null, { status: 101, webSocket: x })`), and what only
moves a value about (`?`, `&`, `.clone()`, `Some(…)`, `RefCell::new(…)`) vanishes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.regex import regex
from wslint.source import tree
from wslint.source.depth import DEEPEST, room
from wslint.source.rust.grammar import tree_of
from wslint.source.rust.items import read_items
from wslint.source.rust.modules import module_file
from wslint.text import SourceFile

if TYPE_CHECKING:
    from tree_sitter import Node

_RELEVANT = regex(
    rb"[wW]eb_?[sS]ocket|durable_object|DurableObject|fetch_with_request|fetch_with_str|event\(fetch"
)


METHODS = {
    "accept_web_socket": "acceptWebSocket",
    "accept_websocket_with_tags": "acceptWebSocket",
    "get_websockets": "getWebSockets",
    "get_websockets_with_tag": "getWebSockets",
    "send_with_str": "send",
    "send_with_bytes": "send",
    "serialize_attachment": "serializeAttachment",
    "deserialize_attachment": "deserializeAttachment",
    "id_from_name": "idFromName",
    "id_from_string": "idFromString",
    "unique_id": "newUniqueId",
    "get_by_name": "getByName",
    "fetch_with_request": "fetch",
    "fetch_with_str": "fetch",
    "set_alarm": "setAlarm",
    "get_alarm": "getAlarm",
    "set_websocket_auto_response": "setWebSocketAutoResponse",
    "insert": "set",
    "websocket_message": "webSocketMessage",
    "websocket_close": "webSocketClose",
    "websocket_error": "webSocketError",
    "get_async": "get",
    "post_async": "post",
    "on_async": "on",
}
"""The worker crate's method names in the runtime's words; a handler's own name too."""

TRANSPARENT = frozenset(
    {
        "borrow",
        "borrow_mut",
        "lock",
        "read",
        "write",
        "unwrap",
        "unwrap_or_default",
        "expect",
        "clone",
        "as_ref",
    }
    | {
        "as_mut",
        "iter",
        "iter_mut",
        "into_iter",
        "into",
        "to_owned",
        "as_deref",
        "as_str",
        "map_err",
        "ok",
        "deref",
    }
    | {"or", "copied", "cloned", "values", "keys", "to_string", "as_bytes", "storage", "with_context"}
)
"""Methods that give the value they are called on, or something that stands for it."""

_WRAPPERS = frozenset({"Some", "Ok", "Box", "Rc", "Arc", "RefCell", "Cell", "Mutex", "RwLock"})
_COLLECTIONS = frozenset({"HashMap", "HashSet", "BTreeMap", "BTreeSet", "Vec", "VecDeque"})


def needs_lowering(data: bytes) -> bool:
    """Whether a file mentions what a handshake is made of."""
    return _RELEVANT.search(data) is not None


def lower(file: SourceFile, files: Files) -> tree.Module:
    """The lowered module, cached. Inline modules are part of it; `#[cfg(test)]` code is not."""
    key = ("rust lower for flow", str(file.path))
    known = files.cache.get(key)
    if not isinstance(known, tree.Module):
        lowering = _Lowering(file)
        with room():
            items = lowering.items(tree_of(file).root_node)
        known = files.cache[key] = tree.Module(_imports(file, files), items)
    return known


_QUALIFIED = regex(rb"\b((?:crate|super|self)(?:::\w+)+)::\w+")


def _imports(file: SourceFile, files: Files) -> list[tree.Import]:
    """What `mod name;`, `use crate::name::item;` and a path such as `crate::name::item` bring into a file: the
    project's own modules and their items."""
    items = read_items(file, files)
    found = {
        one.name: tree.Import(one.span.start, one.span.end, f"self::{one.name}", "*", one.name)
        for one in items.modules
        if not one.inside and one.path is None
    }
    for match in _QUALIFIED.finditer(file.data):
        path = match[1].decode("utf-8", "replace")
        name = path.rpartition("::")[2]
        if name not in found and module_file(file, path, files) is not None:
            found[name] = tree.Import(match.start(), match.end(), path, "*", name)
    for use in items.uses:
        path_parts = ("self", *use.path) if use.path[0] in found else use.path
        if len(path_parts) < 2 or path_parts[0] not in ("crate", "self", "super") or use.name == "*":
            continue
        start, end = use.span.start, use.span.end
        whole = "::".join(path_parts)
        if module_file(file, whole, files) is not None:
            found[use.name] = tree.Import(start, end, whole, "*", use.name)
        else:
            found[use.name] = tree.Import(start, end, "::".join(path_parts[:-1]), path_parts[-1], use.name)
    return list(found.values())


class _Lowering:
    """Lowers one file. A node deeper than `DEEPEST` becomes opaque."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.data = file.data
        self.depth = 0

    def text(self, node: Node | None) -> str:
        return "" if node is None else self.file.slice(node.start_byte, node.end_byte)

    # Items

    def items(self, root: Node) -> list[tree.Statement]:
        classes: dict[str, tree.Class] = {}
        found: list[tree.Statement] = []
        for node, attributes in self._with_attributes(root):
            if any(attribute.startswith(("cfg(test)", "test")) for attribute in attributes):
                continue
            if node.type in ("struct_item", "enum_item"):
                cls = self._struct(node, attributes)
                classes[cls.name or ""] = cls
            elif node.type == "function_item":
                function = self.function(node)
                event = any(
                    attribute.startswith("event") and "fetch" in attribute for attribute in attributes
                )
                name = "fetch" if event else function.name or ""
                pattern = tree.Name(node.start_byte, node.start_byte, name)
                found.append(tree.Declare(node.start_byte, node.end_byte, pattern, function, "function"))
            elif node.type == "mod_item":
                body = node.child_by_field_name("body")
                if body is not None and self.depth < DEEPEST:
                    self.depth += 1
                    found += self.items(body)
                    self.depth -= 1
        for node, _ in self._with_attributes(root):
            if node.type == "impl_item":
                self._impl(node, classes)
        for name, cls in classes.items():
            pattern = tree.Name(cls.start, cls.start, name)
            found.append(tree.Declare(cls.start, cls.end, pattern, cls, "class"))
        return found

    def _with_attributes(self, root: Node) -> list[tuple[Node, list[str]]]:
        found: list[tuple[Node, list[str]]] = []
        attributes: list[str] = []
        for child in root.named_children:
            if child.type == "attribute_item":
                attributes.append(self.text(child).removeprefix("#[").removesuffix("]").strip())
            elif child.type not in ("line_comment", "block_comment"):
                found.append((child, attributes))
                attributes = []
        return found

    def _struct(self, node: Node, attributes: list[str]) -> tree.Class:
        name = node.child_by_field_name("name")
        place = name or node
        return tree.Class(
            node.start_byte, node.end_byte, self.text(name), place.start_byte, [], [], attributes=attributes
        )

    def _impl(self, node: Node, classes: dict[str, tree.Class]) -> None:
        owner = node.child_by_field_name("type")
        if owner is not None and owner.type == "generic_type":
            owner = owner.child_by_field_name("type")
        cls = classes.get(self.text(owner))
        body = node.child_by_field_name("body")
        if cls is None or body is None:
            return
        trait = node.child_by_field_name("trait")
        if trait is not None:
            cls.traits.append(self.text(trait).rpartition("::")[2])
        for child in body.named_children:
            if child.type == "function_item":
                function = self.function(child)
                static = not self._takes_self(child)
                name = METHODS.get(function.name or "", function.name or "")
                is_constructor = name == "new" and trait is not None
                name = "constructor" if is_constructor else name
                cls.members.append(
                    tree.ClassMember(
                        child.start_byte, child.end_byte, name, function.name_start, "method",
                        static and not is_constructor, False, function,
                    )
                )  # fmt: skip

    @staticmethod
    def _takes_self(node: Node) -> bool:
        parameters = node.child_by_field_name("parameters")
        return parameters is not None and any(
            child.type == "self_parameter" for child in parameters.named_children
        )

    def function(self, node: Node) -> tree.Function:
        name = node.child_by_field_name("name")
        parameters: list[tree.Parameter] = []
        given = node.child_by_field_name("parameters")
        for child in given.named_children if given is not None else ():
            if child.type == "parameter":
                pattern = child.child_by_field_name("pattern")
                kind = self.text(child.child_by_field_name("type")).strip("&").rpartition("::")[2]
                lowered = (
                    self.pattern(pattern)
                    if pattern is not None
                    else tree.Opaque(child.start_byte, child.end_byte)
                )
                parameters.append(
                    tree.Parameter(child.start_byte, child.end_byte, lowered, type_name=kind.split("<")[0])
                )
        body = node.child_by_field_name("body")
        is_async = any(
            child.type == "function_modifiers" and "async" in self.text(child) for child in node.children
        )
        statements = self.block(body, value=True) if body is not None else []
        start = (name or node).start_byte
        return tree.Function(
            node.start_byte, node.end_byte, self.text(name) or None, start, parameters, statements, is_async
        )

    # Statements

    def block(self, node: Node, value: bool) -> list[tree.Statement]:
        """The statements of a block; its last expression is returned when the block is a function's."""
        if node.type != "block":
            lowered = self.expression(node)
            return [self._last(lowered, value)]
        found: list[tree.Statement] = []
        children = [child for child in node.named_children if not child.type.endswith("comment")]
        for index, child in enumerate(children):
            last = index == len(children) - 1
            found += self.statement(child, value and last)
        return found

    @staticmethod
    def _last(value: tree.Expression, returned: bool) -> tree.Statement:
        return (
            tree.Return(value.start, value.end, value) if returned else tree.Do(value.start, value.end, value)
        )

    def statement(self, node: Node, last: bool) -> list[tree.Statement]:
        if self.depth > DEEPEST:
            return [self._last(tree.Opaque(node.start_byte, node.end_byte), last)]
        self.depth += 1
        try:
            return self._statement(node, last)
        finally:
            self.depth -= 1

    def _statement(self, node: Node, last: bool) -> list[tree.Statement]:
        match node.type:
            case "let_declaration":
                return self._let(node)
            case "expression_statement":
                inner = node.named_children[0] if node.named_children else None
                if inner is None:
                    return []
                ends = self.data[node.end_byte - 1 : node.end_byte] == b";"
                return self.statement(inner, last and not ends)
            case "return_expression":
                values = node.named_children
                value = self.expression(values[0]) if values else None
                return [tree.Return(node.start_byte, node.end_byte, value)]
            case "if_expression":
                return [self._if(node, last)]  # an `else if` comes back here, and counts as deeper
            case "match_expression":
                return self._match(node, last)
            case "for_expression" | "while_expression" | "loop_expression":
                return [self._loop(node)]
            case "break_expression" | "continue_expression":
                return [tree.Jump(node.start_byte, node.end_byte)]
            case "block" | "unsafe_block":
                return self.block(node, last)
            case "function_item" | "use_declaration" | "const_item" | "empty_statement":
                return []
        return [self._last(self.expression(node), last)]

    def _let(self, node: Node) -> list[tree.Statement]:
        start, end = node.start_byte, node.end_byte
        target, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        if target is None:
            return []
        lowered = self.expression(value) if value is not None else None
        if self.text(target) == "_" and lowered is not None and not isinstance(lowered, tree.Await):
            # A Result that is thrown away: whatever it says, nothing fails.
            return [tree.Try(start, end, [tree.Do(start, end, lowered)], [], [], True)]
        found: list[tree.Statement] = [tree.Declare(start, end, self.pattern(target), lowered, "let")]
        otherwise = node.child_by_field_name("alternative")
        if otherwise is not None:
            found.append(tree.If(start, end, tree.Opaque(start, end), self.block(otherwise, False), []))
        return found

    def _if(self, node: Node, last: bool) -> tree.If:
        condition, then = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
        alternative = node.child_by_field_name("alternative")
        bound: list[tree.Statement] = []
        test: tree.Expression = tree.Opaque(node.start_byte, node.end_byte)
        if condition is not None and condition.type == "let_condition":
            pattern, value = condition.child_by_field_name("pattern"), condition.child_by_field_name("value")
            if pattern is not None and value is not None:
                test = self.expression(value)
                bound = [
                    tree.Declare(condition.start_byte, condition.end_byte, self.pattern(pattern), test, "let")
                ]
        elif condition is not None:
            test = self.expression(condition)
        otherwise: list[tree.Statement] = []
        if alternative is not None:
            inner = next(
                (child for child in alternative.named_children if not child.type.endswith("comment")), None
            )
            if inner is not None:
                otherwise = (
                    self.statement(inner, last) if inner.type == "if_expression" else self.block(inner, last)
                )
        body = self.block(then, last) if then is not None else []
        return tree.If(node.start_byte, node.end_byte, test, bound + body, otherwise)

    def _match(self, node: Node, last: bool) -> list[tree.Statement]:
        start, end = node.start_byte, node.end_byte
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        subject = self.expression(value) if value is not None else tree.Opaque(start, end)
        chain: list[tree.Statement] = []
        arms = (
            [child for child in body.named_children if child.type == "match_arm"] if body is not None else []
        )
        for arm in reversed(arms):
            pattern, result = arm.child_by_field_name("pattern"), arm.child_by_field_name("value")
            statements: list[tree.Statement] = []
            test: tree.Expression = tree.Opaque(arm.start_byte, arm.end_byte)
            if pattern is not None and pattern.named_children:
                inner = pattern.named_children[0]
                if inner.type == "string_literal":
                    test = tree.Operation(
                        inner.start_byte, inner.end_byte, "===", [subject, self.expression(inner)]
                    )
                else:
                    bound = self.pattern(inner)
                    statements = [tree.Declare(inner.start_byte, inner.end_byte, bound, subject, "let")]
                guard = pattern.child_by_field_name("condition")
                if guard is not None:
                    test = self.expression(guard)
            if result is not None:
                statements += self.statement(result, last)
            if pattern is not None and self.text(pattern) == "_" and not chain:
                chain = statements
            else:
                chain = [tree.If(arm.start_byte, arm.end_byte, test, statements, chain)]
        return chain

    def _loop(self, node: Node) -> tree.Loop:
        body = node.child_by_field_name("body")
        target, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        condition = node.child_by_field_name("condition")
        test = (
            self.expression(condition)
            if condition is not None and condition.type != "let_condition"
            else None
        )
        return tree.Loop(
            node.start_byte,
            node.end_byte,
            self.pattern(target) if target is not None else None,
            self.expression(value) if value is not None else None,
            test,
            self.block(body, False) if body is not None else [],
        )

    # Patterns

    def pattern(self, node: Node) -> tree.Pattern:
        if self.depth > DEEPEST:
            return tree.Opaque(node.start_byte, node.end_byte)
        self.depth += 1
        try:
            return self._pattern(node)
        finally:
            self.depth -= 1

    def _pattern(self, node: Node) -> tree.Pattern:
        start, end = node.start_byte, node.end_byte
        match node.type:
            case "identifier":
                return tree.Name(start, end, self.text(node))
            case "tuple_pattern" | "slice_pattern":
                return tree.ArrayPattern(start, end, [self.pattern(child) for child in node.named_children])
            case "tuple_struct_pattern":  # Some(x), Ok(x): the wrapper stands for what it holds
                inner = [child for child in node.named_children[1:] if not child.type.endswith("comment")]
                return self.pattern(inner[0]) if len(inner) == 1 else tree.Opaque(start, end)
            case "struct_pattern":
                return tree.TablePattern(start, end, self._fields(node))
            case "mut_pattern" | "ref_pattern" | "reference_pattern" | "captured_pattern":
                return (
                    self.pattern(node.named_children[-1]) if node.named_children else tree.Opaque(start, end)
                )
        return tree.Opaque(start, end)

    def _fields(self, node: Node) -> list[tuple[str, tree.Pattern]]:
        entries: list[tuple[str, tree.Pattern]] = []
        for child in node.named_children:
            if child.type != "field_pattern":
                continue
            name, pattern = child.child_by_field_name("name"), child.child_by_field_name("pattern")
            key = self.text(name)
            bound = (
                self.pattern(pattern)
                if pattern is not None
                else tree.Name(child.start_byte, child.end_byte, key)
            )
            entries.append((key, bound))
        return entries

    # Expressions

    def expression(self, node: Node) -> tree.Expression:
        self.depth += 1
        try:
            if self.depth > DEEPEST:
                return tree.Opaque(node.start_byte, node.end_byte)
            return self._expression(node)
        finally:
            self.depth -= 1

    def _expression(self, node: Node) -> tree.Expression:
        start, end = node.start_byte, node.end_byte
        match node.type:
            case "identifier":
                name = self.text(node)
                return tree.Constant(start, end, "null") if name == "None" else tree.Name(start, end, name)
            case "self":
                return tree.Name(start, end, "this")
            case "string_literal" | "raw_string_literal":
                value = self.text(node).lstrip("rb#").strip('"').rstrip('#"')
                return tree.Text(start, end, value, [value])
            case "integer_literal" | "float_literal":
                digits = re.match(r"[\d_]+", self.text(node))
                return tree.Number(start, end, float(digits.group().replace("_", "")) if digits else 0.0)
            case "boolean_literal":
                return tree.Constant(start, end, "true" if self.text(node) == "true" else "false")
            case "scoped_identifier":
                return self._path(node)
            case "field_expression":
                return self._member(node)
            case "call_expression":
                return self._call(node)
            case "await_expression":
                return tree.Await(start, end, self._first(node))
            case (
                "try_expression"
                | "reference_expression"
                | "parenthesized_expression"
                | "type_cast_expression"
            ):
                return self._first(node)
            case "unary_expression":
                if self.data[start : start + 1] == b"*":
                    return self._first(node)
                return tree.Operation(start, end, "!", [self._first(node)])
            case "binary_expression":
                return self._binary(node)
            case "assignment_expression":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                if left is None or right is None:
                    return tree.Opaque(start, end)
                target = self.expression(left)
                if isinstance(target, tree.Name | tree.Member | tree.Index):
                    return tree.Assign(start, end, target, self.expression(right))
                return self.expression(right)
            case "struct_expression":
                return self._struct_literal(node)
            case "array_expression" | "tuple_expression":
                return tree.Array(start, end, [self.expression(child) for child in node.named_children])
            case "index_expression":
                parts = [self.expression(child) for child in node.named_children]
                return (
                    tree.Index(start, end, parts[0], parts[1])
                    if len(parts) == 2
                    else tree.Opaque(start, end, parts)
                )
            case "closure_expression":
                return self._closure(node)
            case "async_block":
                body = next((child for child in node.named_children if child.type == "block"), None)
                statements = self.block(body, True) if body is not None else []
                function = tree.Function(start, end, None, start, [], statements, True, True)
                return tree.Call(start, end, function, [])
            case "if_expression" | "match_expression" | "block" | "unsafe_block":
                # As a value: a function that is called at once, its arms returning.
                function = tree.Function(start, end, None, start, [], self.statement(node, True), False, True)
                return tree.Call(start, end, function, [])
            case "return_expression":
                return tree.Opaque(start, end, [self.expression(child) for child in node.named_children])
        return tree.Opaque(
            start, end, [self.expression(child) for child in node.named_children if child.is_named]
        )

    def _first(self, node: Node) -> tree.Expression:
        inner = next((child for child in node.named_children if child.type != "mutable_specifier"), None)
        return self.expression(inner) if inner is not None else tree.Opaque(node.start_byte, node.end_byte)

    def _path(self, node: Node) -> tree.Expression:
        name = node.child_by_field_name("name")
        text = self.text(node)
        if text.endswith("::None"):
            return tree.Constant(node.start_byte, node.end_byte, "null")
        place = (name or node).start_byte
        owner = tree.Name(
            node.start_byte, place, self.text(node.child_by_field_name("path")).rpartition("::")[2]
        )
        return tree.Member(node.start_byte, node.end_byte, owner, self.text(name), place)

    def _member(self, node: Node) -> tree.Expression:
        value, field = node.child_by_field_name("value"), node.child_by_field_name("field")
        if value is None or field is None:
            return tree.Opaque(node.start_byte, node.end_byte)
        return tree.Member(
            node.start_byte, node.end_byte, self.expression(value), self.text(field), field.start_byte
        )

    def _binary(self, node: Node) -> tree.Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = self.text(node.child_by_field_name("operator"))
        operands = [self.expression(side) for side in (left, right) if side is not None]
        name = {"==": "===", "!=": "!=="}.get(operator, operator)
        return tree.Operation(node.start_byte, node.end_byte, name, operands)

    def _closure(self, node: Node) -> tree.Expression:
        parameters: list[tree.Parameter] = []
        given = node.child_by_field_name("parameters")
        for child in given.named_children if given is not None else ():
            target = child.child_by_field_name("pattern") if child.type == "parameter" else child
            lowered = (
                self.pattern(target) if target is not None else tree.Opaque(child.start_byte, child.end_byte)
            )
            parameters.append(tree.Parameter(child.start_byte, child.end_byte, lowered))
        body = node.child_by_field_name("body")
        is_async = False
        if body is not None and body.type == "async_block":
            body, is_async = (
                next((child for child in body.named_children if child.type == "block"), body),
                True,
            )
        statements = self.block(body, True) if body is not None else []
        return tree.Function(
            node.start_byte, node.end_byte, None, node.start_byte, parameters, statements, is_async, True
        )

    def _struct_literal(self, node: Node) -> tree.Expression:
        """`Self { state, sessions: … }` sets fields of `this`; another struct is a table."""
        start, end = node.start_byte, node.end_byte
        body = node.child_by_field_name("body")
        entries: list[tuple[str, Node, tree.Expression]] = []
        for child in body.named_children if body is not None else ():
            if child.type == "shorthand_field_initializer":
                name = self.text(child)
                entries.append((name, child, tree.Name(child.start_byte, child.end_byte, name)))
            elif child.type == "field_initializer":
                value = child.child_by_field_name("value")
                if value is not None:
                    entries.append(
                        (self.text(child.child_by_field_name("field")), child, self.expression(value))
                    )
        if self.text(node.child_by_field_name("name")) != "Self":
            table = [
                tree.TableEntry(
                    child.start_byte,
                    child.end_byte,
                    name,
                    child.start_byte,
                    child.start_byte + len(name),
                    value,
                )
                for name, child, value in entries
            ]
            return tree.Table(start, end, table)
        this = tree.Name(start, start, "this")
        steps: list[tree.Expression] = [
            tree.Assign(
                child.start_byte, child.end_byte, tree.Member(start, end, this, name, child.start_byte), value
            )
            for name, child, value in entries
        ]
        return tree.Operation(start, end, ",", [*steps, this])

    def _call(self, node: Node) -> tree.Expression:
        start, end = node.start_byte, node.end_byte
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        arguments = [
            self.expression(child)
            for child in (given.named_children if given is not None else ())
            if not child.type.endswith("comment")
        ]
        if function is not None and function.type == "generic_function":
            function = function.child_by_field_name("function")
        if function is None:
            return tree.Opaque(start, end, arguments)
        if function.type == "field_expression":
            return self._method(function, arguments, start, end)
        text = self.text(function)
        owner, _, name = text.rpartition("::")
        made = self._constructed(owner.rpartition("::")[2], name or text, arguments, start, end)
        if made is not None:
            return made
        return tree.Call(start, end, self.expression(function), arguments)

    def _constructed(
        self, owner: str, name: str, arguments: list[tree.Expression], start: int, end: int
    ) -> tree.Expression | None:
        """Constructors of the worker crate and wrappers of the standard library."""
        owner = owner.split("<")[0].removesuffix("::")
        first = arguments[0] if arguments else None
        match owner, name:
            case "WebSocketPair", "new":
                return tree.Call(start, end, tree.Name(start, end, "WebSocketPair"), [], new=True)
            case "Response", "from_websocket" if first is not None:
                status = tree.TableEntry(start, start, "status", start, start, tree.Number(start, end, 101))
                socket = tree.TableEntry(first.start, first.end, "webSocket", first.start, first.start, first)
                init = tree.Table(start, end, [status, socket])
                return self._response([tree.Constant(start, start, "null"), init], start, end)
            case "Response", "ok" | "from_html" | "from_json" | "from_bytes":
                return self._response(arguments[:1], start, end)
            case "Response", "error" if len(arguments) == 2:
                status = tree.TableEntry(start, start, "status", start, start, arguments[1])
                return self._response([arguments[0], tree.Table(start, end, [status])], start, end)
            case "Response", "empty":
                return self._response([], start, end)
            case "Request", "new" if first is not None:
                return tree.Call(start, end, tree.Name(start, end, "Request"), [first], new=True)
            case "Router", "new" | "with_data":
                return tree.Call(start, end, tree.Name(start, end, "workers-rs Router"), [], new=True)
            case _, "new" | "from" if owner in _WRAPPERS and first is not None:
                return first
            case _, "new" | "with_capacity" | "default" if owner in _COLLECTIONS:
                return tree.Call(start, end, tree.Name(start, end, "Map"), [], new=True)
            case "", _ if name in _WRAPPERS and first is not None:
                return first
        return None

    @staticmethod
    def _response(arguments: list[tree.Expression], start: int, end: int) -> tree.Expression:
        return tree.Call(start, end, tree.Name(start, end, "Response"), arguments, new=True)

    def _method(
        self, function: Node, arguments: list[tree.Expression], start: int, end: int
    ) -> tree.Expression:
        value, field = function.child_by_field_name("value"), function.child_by_field_name("field")
        if value is None or field is None:
            return tree.Opaque(start, end, arguments)
        receiver, name = self.expression(value), self.text(field)
        if name in TRANSPARENT and not (name == "storage" and arguments):
            if name == "storage":
                return tree.Member(start, end, receiver, "storage", field.start_byte)
            return receiver
        if name in ("durable_object", "service") and arguments and isinstance(arguments[0], tree.Text):
            return tree.Member(start, end, receiver, arguments[0].value or "", arguments[0].start)
        if name == "eq_ignore_ascii_case" and arguments:
            return tree.Operation(start, end, "===", [receiver, arguments[0]])
        if name in ("and_then", "map", "unwrap_or", "unwrap_or_else") and name.startswith("unwrap"):
            return receiver
        callee = tree.Member(start, function.end_byte, receiver, METHODS.get(name, name), field.start_byte)
        call = tree.Call(start, end, callee, arguments)
        if callee.name == "send" and self._is_handled(function.parent):
            return tree.Call(start, end, tree.Member(start, end, call, "catch", end), [])
        return call

    def _is_handled(self, call: Node | None) -> bool:
        """Whether a call's Result is looked at or dropped on the spot: its error goes no further."""
        parent = call.parent if call is not None else None
        if parent is None:
            return False
        match parent.type:
            case "let_condition" | "match_expression":
                return True
            case "expression_statement":
                return self.data[parent.end_byte - 1 : parent.end_byte] == b";"
            case "field_expression":
                name = self.text(parent.child_by_field_name("field"))
                return name in (
                    "ok",
                    "err",
                    "is_ok",
                    "is_err",
                    "unwrap_or",
                    "unwrap_or_default",
                    "unwrap_or_else",
                )
        return False
