"""Expressions that hold no statements: calls, fields, operators, closures, struct literals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.depth import DEEPEST
from wslint.source.rust.lower.base import code_children
from wslint.source.rust.lower.macros import Macros
from wslint.source.rust.lower.statements import HELD

if TYPE_CHECKING:
    from tree_sitter import Node

_OPERATORS = {"==": "===", "!=": "!=="}
_HINTED = frozenset({"collect", "parse", "into", "sum", "product", "unwrap_or_default"})
"""Methods whose result the type that is wanted decides."""

_ASKED = re.compile(r"::<([^()]*)>\s*\(")
"""The type that a call asks for: `deserialize_attachment::<Session>()`."""

_PLACES = frozenset({"borrow_mut", "lock", "write", "get_mut", "as_mut"})


def _typed(start: int, hint: str) -> tree.TableEntry:
    """The type that is wanted of a call, as a keyword of it."""
    return tree.TableEntry(start, start, "type", start, start, tree.Text(start, start, hint, [hint]))


class Expressions(Macros):
    """Lowers expressions. A node deeper than `DEEPEST` becomes opaque."""

    def expression(self, node: Node) -> tree.Expression:
        self.depth += 1
        try:
            return self._expression(node) if self.depth <= DEEPEST else self.opaque(node)
        finally:
            self.depth -= 1

    def _expression(self, node: Node) -> tree.Expression:
        start, end = self.at(node)
        found = self.literal(node)
        if found is not None:
            return found
        if node.type in HELD or node.type in ("return_expression", "break_expression", "continue_expression"):
            return self._held(node)
        match node.type:
            case "identifier" | "scoped_identifier":
                return self.path(node)
            case "self":
                return tree.Name(start, end, "this")
            case "unit_expression":
                return tree.Constant(start, end, "undefined")
            case "field_expression":
                return self._field(node)
            case "call_expression":
                return self._call(node)
            case "generic_function":
                inner = node.child_by_field_name("function")
                return self.expression(inner) if inner is not None else self.opaque(node)
            case "await_expression":
                return tree.Await(start, end, self._first(node))
            case "try_expression":
                return tree.Propagate(start, end, self._first(node), self.option)
            case "parenthesized_expression":
                return self._first(node)
            case "reference_expression":
                inner_value = self._first(node)
                lent = any(child.type == "mutable_specifier" for child in node.children)
                return tree.Lend(start, end, inner_value) if lent else inner_value
            case "type_cast_expression":
                kind = self.text(node.child_by_field_name("type"))
                return tree.Operation(start, end, f"as {kind}", [self._first(node)])
            case "unary_expression":
                sign = self.text(node)[:1]
                return (
                    self._first(node)
                    if sign == "*"
                    else tree.Operation(start, end, sign, [self._first(node)])
                )
            case "binary_expression":
                return self._binary(node)
            case "assignment_expression" | "compound_assignment_expr":
                return self._assign(node)
            case "struct_expression":
                return self._build(node)
            case "array_expression":
                return self._array(node)
            case "tuple_expression":
                return tree.Array(start, end, [self.expression(child) for child in code_children(node)])
            case "index_expression":
                parts = [self.expression(child) for child in code_children(node)]
                return (
                    tree.Index(start, end, parts[0], parts[1])
                    if len(parts) == 2
                    else tree.Opaque(start, end, parts)
                )
            case "range_expression":
                return self._range(node)
            case "closure_expression":
                return self._closure(node)
            case "async_block":
                body = next((child for child in node.named_children if child.type == "block"), None)
                return tree.Call(start, end, self._nested(node, [], body, True), [])
            case "macro_invocation":
                return self.macro(node)
        return tree.Opaque(start, end, [self.expression(child) for child in code_children(node)])

    def _held(self, node: Node) -> tree.Expression:
        """An expression that holds statements, as a block with a label."""
        start, end = self.at(node)
        label = self.label("value")
        if node.type == "loop_expression":
            return tree.Block(start, end, self.loop(node, label), label)
        if node.type == "block" and any(child.type == "label" for child in node.named_children):
            return tree.Block(start, end, self.labelled(node, label), label)
        if node.type == "block":
            return tree.Block(start, end, self.block(node, label), label)
        return tree.Block(start, end, self.statement(node, label), label)

    def _first(self, node: Node) -> tree.Expression:
        inner = next((child for child in code_children(node) if child.type != "mutable_specifier"), None)
        return self.expression(inner) if inner is not None else self.opaque(node)

    def _field(self, node: Node) -> tree.Expression:
        value, field = node.child_by_field_name("value"), node.child_by_field_name("field")
        if value is None or field is None:
            return self.opaque(node)
        start, end = self.at(node)
        if field.type == "integer_literal":
            return tree.NumberedField(
                start, end, self.expression(value), tree.Number(*self.at(field), float(self.text(field)))
            )
        return tree.Member(start, end, self.expression(value), self.text(field), self.at(field)[0])

    def _binary(self, node: Node) -> tree.Expression:
        operator = self.text(node.child_by_field_name("operator"))
        sides = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        operands = [self.expression(side) for side in sides if side is not None]
        return tree.Operation(*self.at(node), _OPERATORS.get(operator, operator), operands)

    def _assign(self, node: Node) -> tree.Expression:
        start, end = self.at(node)
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return self.opaque(node)
        operator = self.text(node.child_by_field_name("operator")) or "="
        value = self.expression(right)
        target = self._place(left)
        if isinstance(
            target, tree.Opaque
        ):  # a reference that a call gives: it is made, and written to unseen
            return tree.Operation(start, end, ",", [value, *target.parts])
        return tree.Assign(start, end, target, value, operator) if target is not None else value

    def _place(self, node: Node) -> tree.Pattern | None:
        """What an assignment writes to: `*name`, `*cell.borrow_mut()` and `(a, b)` too."""
        while node.type in ("unary_expression", "parenthesized_expression") and code_children(node):
            node = code_children(node)[0]
        if self.text(node) == "_":
            return None
        if node.type == "tuple_expression":
            items = [self._place(child) for child in code_children(node)]
            return tree.ArrayPattern(*self.at(node), list(items))
        lowered = self.expression(node)
        while True:
            if isinstance(lowered, tree.Call) and isinstance(lowered.function, tree.Member):
                if (
                    lowered.function.name in ("unwrap", "expect", *_PLACES)
                    and lowered.function.name != "get_mut"
                ):
                    lowered = lowered.function.object
                    continue
            if isinstance(lowered, tree.Propagate):
                lowered = lowered.value
                continue
            break
        if isinstance(lowered, tree.Name | tree.Member | tree.Index):
            return lowered
        return tree.Opaque(*self.at(node), [lowered])

    def _array(self, node: Node) -> tree.Expression:
        """`[a, b]`, and `[a; n]` with a small number."""
        start, end = self.at(node)
        items = [self.expression(child) for child in code_children(node)]
        if not any(child.type == ";" for child in node.children):
            return tree.Array(start, end, items)
        if len(items) == 2 and isinstance(items[1], tree.Number) and items[1].value <= 32:
            return tree.Array(start, end, [items[0]] * int(items[1].value))
        return tree.Call(start, end, tree.Name(start, end, "repeated"), items)

    def _range(self, node: Node) -> tree.Expression:
        start, end = self.at(node)
        dots = next((child for child in node.children if child.type in ("..", "..=", "...")), None)
        sides: list[tree.Expression] = [tree.Constant(start, start, "null"), tree.Constant(end, end, "null")]
        for child in code_children(node):
            sides[0 if dots is not None and child.end_byte <= dots.start_byte else 1] = self.expression(child)
        name = "inclusive range" if dots is not None and dots.type != ".." else "range"
        return tree.Call(start, end, tree.Name(start, end, name), sides)

    # Functions

    def _closure(self, node: Node) -> tree.Expression:
        parameters: list[tree.Parameter] = []
        given = node.child_by_field_name("parameters")
        for child in given.children if given is not None else ():
            if child.type == "_":
                parameters.append(tree.Parameter(*self.at(child), self.opaque(child)))
            elif child.is_named and not child.type.endswith("comment"):
                target = child.child_by_field_name("pattern") if child.type == "parameter" else child
                pattern = self.pattern(target) if target is not None else self.opaque(child)
                parameters.append(tree.Parameter(*self.at(child), pattern))
        body = node.child_by_field_name("body")
        is_async = any(child.type in ("async", "function_modifiers") for child in node.children)
        if body is not None and body.type == "async_block":
            body = next((child for child in body.named_children if child.type == "block"), body)
            is_async = True
        return self._nested(node, parameters, body, is_async)

    def _nested(
        self, node: Node, parameters: list[tree.Parameter], body: Node | None, is_async: bool
    ) -> tree.Function:
        """A closure or an `async` block: `return` and `?` leave it, and no jump does."""
        start, end = self.at(node)
        kept = self.loops, self.option, self.hint
        self.loops, self.hint = [], ""
        self.option = self.text(node.child_by_field_name("return_type")).startswith("Option")
        statements = self.block(body, "return") if body is not None else []
        self.loops, self.option, self.hint = kept
        return tree.Function(start, end, None, start, parameters, statements, is_async, True)

    # Struct literals and calls

    def _build(self, node: Node) -> tree.Expression:
        start, end = self.at(node)
        entries: list[tree.TableEntry] = []
        for child in code_children(node.child_by_field_name("body")):
            place = self.at(child)
            if child.type == "shorthand_field_initializer":
                name = self.text(child)
                entries.append(tree.TableEntry(*place, name, *place, tree.Name(*place, name)))
            elif child.type == "field_initializer":
                name = self.text(child.child_by_field_name("field") or child.named_children[0])
                value = child.child_by_field_name("value")
                if value is not None:
                    entries.append(tree.TableEntry(*place, name, *place, self.expression(value)))
            elif child.type == "base_field_initializer":
                spread = tree.Spread(*place, self._first(child))
                entries.insert(0, tree.TableEntry(*place, None, *place, spread))
        parts = self.parts(node.child_by_field_name("name"))
        variant = parts.pop() if len(parts) > 1 and parts[-2][:1].isupper() else ""
        place = self.at(node.child_by_field_name("name") or node)
        kind: tree.Expression = tree.Name(*place, parts[0] if parts else "")
        for part in parts[1:]:
            kind = tree.Member(*place, kind, part, place[1] - len(part.encode()))
        return tree.Build(start, end, kind, variant, tree.Table(start, end, entries))

    def _call(self, node: Node) -> tree.Expression:
        start, end = self.at(node)
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        hint, self.hint = self.hint, ""
        arguments = [self.expression(child) for child in code_children(given)]
        keywords: list[tree.TableEntry] = []
        if function is not None and function.type == "generic_function":
            hint = self.text(function.child_by_field_name("type_arguments"))[1:-1]
            function = function.child_by_field_name("function")
        if function is None:
            return tree.Opaque(start, end, arguments)
        field = function.child_by_field_name("field")
        if function.type == "field_expression" and field is not None:
            if self.text(field) in _HINTED:
                if not hint and self.text(field) == "unwrap_or_default":
                    asked = _ASKED.findall(self.text(function))
                    hint = asked[-1] if asked else ""
                if hint:
                    keywords.append(_typed(start, hint))
            else:
                self.hint = hint if self.text(field) in ("unwrap", "expect") else ""
        elif hint and self.text(function).endswith("::default"):
            keywords.append(_typed(start, hint))
        callee = self.expression(function)
        self.hint = ""
        return tree.Call(start, end, callee, arguments, keywords=keywords)
