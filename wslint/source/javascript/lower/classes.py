"""Classes and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.javascript.lower.functions import accessor_of, method
from wslint.source.javascript.lower.lowering import Lowering
from wslint.source.javascript.lower.strings import property_name

if TYPE_CHECKING:
    from tree_sitter import Node

_METHODS = frozenset({"method_definition"})
_FIELDS = frozenset({"field_definition", "public_field_definition"})
_SIGNATURES = frozenset(
    {"comment", "decorator", "abstract_method_signature", "method_signature", "index_signature"}
)

STATIC_BLOCK = "static {}"
"""The name under which a class's static block is a static method."""

UNREAD = "(unread)"
"""The name of a member that a syntax error hides; its value is an `Opaque` error."""


def _class(lowering: Lowering, node: Node) -> tree.Class:
    start, end = node.start_byte, node.end_byte
    name = node.child_by_field_name("name")
    found = tree.Class(
        start,
        end,
        lowering.text(name) if name is not None else None,
        name.start_byte if name is not None else start,
        [],
        [],
    )
    for child in node.named_children:
        kind = child.type
        if kind == "class_heritage":
            found.bases += _bases(lowering, child)
        elif kind == "class_body":
            for member in child.named_children:
                _member(lowering, member, found.members)
        elif child.is_error:
            found.members.append(_unread(lowering, child))
    return found


def _declaration(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    found = _class(lowering, node)
    if found.name is not None:
        name = tree.Name(found.name_start, found.name_start + len(found.name.encode()), found.name)
        out.append(tree.Declare(node.start_byte, node.end_byte, name, found, "class"))
    else:
        out.append(tree.Do(node.start_byte, node.end_byte, found))


def _bases(lowering: Lowering, heritage: Node) -> list[tree.Expression]:
    """JavaScript puts the expression right below `class_heritage`, TypeScript into a clause."""
    found: list[tree.Expression] = []
    for child in heritage.named_children:
        kind = child.type
        if kind == "extends_clause":
            value = child.child_by_field_name("value")
            if value is not None:
                found.append(lowering.expression(value))
            found += [lowering.expression(each) for each in child.named_children if each.is_error]
        elif kind not in ("implements_clause", "comment", "type_arguments"):
            found.append(lowering.expression(child))
    return found


def _member(lowering: Lowering, node: Node, out: list[tree.ClassMember]) -> None:
    kind = node.type
    if kind in _METHODS:
        function = method(lowering, node)
        name = function.name or ""
        out.append(
            tree.ClassMember(
                node.start_byte,
                node.end_byte,
                name,
                function.name_start,
                accessor_of(node),
                _is_static(node),
                name.startswith("#"),
                function,
            )
        )
    elif kind in _FIELDS:
        _field(lowering, node, out)
    elif kind == "class_static_block":
        out.append(_static_block(lowering, node))
    elif kind not in _SIGNATURES:
        out.append(_unread(lowering, node))


def _field(lowering: Lowering, node: Node, out: list[tree.ClassMember]) -> None:
    """`name = value`. TypeScript's `declare name: Type` leaves nothing in the compiled code."""
    start, end = node.start_byte, node.end_byte
    key = node.child_by_field_name("name") or node.child_by_field_name("property")
    if key is None:
        out.append(_unread(lowering, node))
        return
    words = set()
    for child in node.children:
        if child.start_byte >= key.start_byte:
            break
        words.add(child.type)
    if "declare" in words:
        return
    name = property_name(lowering, key)
    name = lowering.text(key) if name is None else name
    value = lowering.optional(node.child_by_field_name("value"))
    if lowering.broken and node.has_error and any(child.is_error for child in node.children):
        parts = [value] if value is not None else []
        value = tree.Opaque(start, end, parts, is_error=True)
    private = name.startswith("#")
    static = "static" in words
    out.append(tree.ClassMember(start, end, name, key.start_byte, "field", static, private, value))


def _static_block(lowering: Lowering, node: Node) -> tree.ClassMember:
    start, end = node.start_byte, node.end_byte
    body = lowering.body(node.child_by_field_name("body"))
    function = tree.Function(start, end, STATIC_BLOCK, start, [], body)
    return tree.ClassMember(start, end, STATIC_BLOCK, start, "method", True, False, function)


def _unread(lowering: Lowering, node: Node) -> tree.ClassMember:
    start, end = node.start_byte, node.end_byte
    value = lowering.expression(node)
    if not isinstance(value, tree.Opaque) or not value.is_error:
        value = tree.Opaque(start, end, [value], is_error=True)
    return tree.ClassMember(start, end, UNREAD, start, "field", False, False, value)


def _is_static(node: Node) -> bool:
    for child in node.children:
        kind = child.type
        if kind == "static":
            return True
        if kind == "formal_parameters":
            break
    return False


EXPRESSIONS = {"class": _class}
STATEMENTS = {
    "class_declaration": _declaration,
    "abstract_class_declaration": _declaration,
}
