"""Operators that do not nest to the left, assignments, JSX, and what has no counterpart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.javascript.lower.functions import method
from wslint.source.javascript.lower.lowering import Lowering, solid
from wslint.source.javascript.lower.patterns import pattern
from wslint.source.javascript.syntax import meaningful

if TYPE_CHECKING:
    from tree_sitter import Node

_JSX = frozenset({"jsx_element", "jsx_self_closing_element", "jsx_opening_element", "jsx_attribute"})
_TOP_LEVEL = frozenset(
    {
        "import_statement",
        "export_statement",
        "class_declaration",
        "abstract_class_declaration",
        "function_declaration",
        "generator_function_declaration",
    }
)


def _unary(lowering: Lowering, node: Node) -> tree.Expression:
    """`!x`, `typeof x` … Minifiers and compilers write `true` as `!0` and `undefined` as `void 0`."""
    start, end = node.start_byte, node.end_byte
    children = node.children
    operator, operand = children[0].type, children[-1]
    if operand.type == "number":
        if operator == "void":
            return tree.Constant(start, end, "undefined")
        digits = lowering.data[operand.start_byte : operand.end_byte]
        if operator == "!" and digits in (b"0", b"1"):
            return tree.Constant(start, end, "true" if digits == b"0" else "false")
    return tree.Operation(start, end, operator, [lowering.expression(operand)])


def _update(lowering: Lowering, node: Node) -> tree.Expression:
    """`x++` and `--x` as `x += 1` and `x -= 1`."""
    start, end = node.start_byte, node.end_byte
    argument = node.child_by_field_name("argument")
    operator = node.child_by_field_name("operator")
    if argument is None or operator is None:
        return tree.Opaque(start, end, is_error=True)
    sign = "+=" if operator.type == "++" else "-="
    one = tree.Number(operator.start_byte, operator.end_byte, 1.0)
    target = pattern(lowering, argument)
    return tree.Update(start, end, target, one, sign, postfix=operator.start_byte > argument.start_byte)


def _assignment(lowering: Lowering, node: Node) -> tree.Expression:
    """Defaults inside a pattern that is assigned to (not declared) are left out."""
    start, end = node.start_byte, node.end_byte
    children = solid(node)
    if len(children) < 3:
        return tree.Opaque(start, end, is_error=True)
    target, operator, value = children[-3:]  # TypeScript's grammar may have `using` before them
    before = len(lowering.defaults)
    found = pattern(lowering, target)
    lowering.take_defaults(before)
    return tree.Assign(start, end, found, lowering.expression(value), operator.type)


def _ternary(lowering: Lowering, node: Node) -> tree.Expression:
    operands = [
        lowering.required(node.child_by_field_name(field), node)
        for field in ("condition", "consequence", "alternative")
    ]
    return tree.Operation(node.start_byte, node.end_byte, "?:", operands)


def _sequence(lowering: Lowering, node: Node) -> tree.Expression:
    operands = [lowering.expression(part) for part in sequence_parts(node)]
    return tree.Operation(node.start_byte, node.end_byte, ",", operands)


def sequence_parts(node: Node) -> list[Node]:
    """The expressions between the commas, however the grammar nests them."""
    found: list[Node] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if current.type == "sequence_expression":
            stack.extend(reversed(current.named_children))
        elif current.type != "comment":
            found.append(current)
    return found


def _await(lowering: Lowering, node: Node) -> tree.Expression:
    return tree.Await(node.start_byte, node.end_byte, lowering.required(meaningful(node), node))


def _yield(lowering: Lowering, node: Node) -> tree.Expression:
    each = any(child.type == "*" for child in node.children)
    return tree.Yield(node.start_byte, node.end_byte, lowering.optional(meaningful(node)), each)


def _jsx(lowering: Lowering, node: Node) -> tree.Expression:
    """Elements are unknown; the expressions in their braces are parts."""
    parts: list[tree.Expression] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if current.type == "jsx_expression":
            inner = meaningful(current)
            if inner is not None:
                parts.append(lowering.expression(inner))
        elif current.type in _JSX:
            stack.extend(reversed(current.named_children))
        elif current.is_error:
            parts.append(lowering.expression(current))
    return tree.Opaque(node.start_byte, node.end_byte, parts)


def _error(lowering: Lowering, node: Node) -> tree.Expression:
    return error(lowering, node, None)


def error(lowering: Lowering, node: Node, declared: list[tree.Statement] | None) -> tree.Opaque:
    """What stands in an error stays visible below it: expressions, methods, and statements as the
    body of a function that nobody calls.

    At the top level, what only stands there (imports, exports, classes, functions) goes to
    `declared`: one brace too many may put the rest of a file into an error.
    """
    start, end = node.start_byte, node.end_byte
    parts = lowering.parts(node)
    statements: list[tree.Statement] = []
    for child in node.named_children:
        if child.type == "method_definition":
            parts.append(method(lowering, child))
        elif declared is not None and child.type in _TOP_LEVEL:
            lowering.statement(child, declared)
        elif lowering.is_statement(child):
            lowering.statement(child, statements)
    if statements:
        parts.append(tree.Function(start, end, None, start, [], statements))
    return tree.Opaque(start, end, parts, is_error=True)


def _opaque(_lowering: Lowering, node: Node) -> tree.Expression:
    return tree.Opaque(node.start_byte, node.end_byte)


EXPRESSIONS = {
    "unary_expression": _unary,
    "update_expression": _update,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _assignment,
    "ternary_expression": _ternary,
    "sequence_expression": _sequence,
    "await_expression": _await,
    "yield_expression": _yield,
    "meta_property": _opaque,
    "jsx_element": _jsx,
    "jsx_self_closing_element": _jsx,
    "ERROR": _error,
}
