"""Names, strings, numbers, objects, arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.javascript.lower.functions import accessor_of, method
from wslint.source.javascript.lower.lowering import Lowering, solid
from wslint.source.javascript.lower.strings import property_name, string, template
from wslint.source.javascript.syntax import meaningful

if TYPE_CHECKING:
    from tree_sitter import Node


def _name(lowering: Lowering, node: Node) -> tree.Expression:
    start, end = node.start_byte, node.end_byte
    if start == end:  # the parser made it up to go on
        return tree.Opaque(start, end, is_error=True)
    return tree.Name(start, end, lowering.data[start:end].decode("utf-8", "replace"))


def _number(lowering: Lowering, node: Node) -> tree.Expression:
    start, end = node.start_byte, node.end_byte
    text = lowering.text(node)
    value = number_value(text)
    if value is None:
        return tree.Opaque(start, end)
    return (tree.BigInt if text.endswith("n") else tree.Number)(start, end, value)


def number_value(text: str) -> float | None:
    text = text.replace("_", "").removesuffix("n").lower()
    base = {"0x": 16, "0o": 8, "0b": 2}.get(text[:2])
    try:
        if base is not None:
            return float(int(text[2:], base))
        if len(text) > 1 and text[0] == "0" and text.isdecimal() and "8" not in text and "9" not in text:
            return float(int(text, 8))  # 0755
        return float(text)
    except OverflowError:
        return float("inf")
    except ValueError:
        return None


def _regex(lowering: Lowering, node: Node) -> tree.Expression:
    """`/text/` as `new RegExp("text")`."""
    start, end = node.start_byte, node.end_byte
    pattern = node.child_by_field_name("pattern")
    text = tree.Text(start, end, lowering.text(pattern) if pattern else "")
    if pattern is not None:
        text.start, text.end = pattern.start_byte, pattern.end_byte
    return tree.Call(start, end, tree.Name(start, end, "RegExp"), [text], new=True)


def _constant(_lowering: Lowering, node: Node) -> tree.Expression:
    value: Literal["null", "undefined", "true", "false"] = node.type  # type: ignore[assignment]
    return tree.Constant(node.start_byte, node.end_byte, value)


def _array(lowering: Lowering, node: Node) -> tree.Expression:
    """Holes (`[, a]`) are `undefined`."""
    items: list[tree.Expression] = []
    expected = True  # of an item: a comma where one is expected leaves a hole
    for child in node.children:
        kind = child.type
        if kind == ",":
            if expected:
                items.append(tree.Constant(child.start_byte, child.start_byte, "undefined"))
            expected = True
        elif kind not in ("[", "]", "comment"):
            items.append(lowering.expression(child))
            expected = False
    return tree.Array(node.start_byte, node.end_byte, items)


def _spread(lowering: Lowering, node: Node) -> tree.Spread:
    return tree.Spread(node.start_byte, node.end_byte, lowering.required(meaningful(node), node))


def _object(lowering: Lowering, node: Node) -> tree.Table:
    entries: list[tree.TableEntry] = []
    for child in node.named_children:
        kind = child.type
        if kind == "pair":
            entries.append(_pair(lowering, child))
        elif kind == "shorthand_property_identifier":
            start, end = child.start_byte, child.end_byte
            name = lowering.text(child)
            entries.append(tree.TableEntry(start, end, name, start, end, tree.Name(start, end, name)))
        elif kind == "method_definition":
            entries.append(_method(lowering, child))
        elif kind != "comment":  # a spread or an error
            start, end = child.start_byte, child.end_byte
            entries.append(tree.TableEntry(start, end, None, start, end, lowering.expression(child)))
    return tree.Table(node.start_byte, node.end_byte, entries)


def _pair(lowering: Lowering, node: Node) -> tree.TableEntry:
    start, end = node.start_byte, node.end_byte
    children = node.children
    if len(children) != 3:
        children = solid(node)
    if len(children) < 3 or (lowering.broken and node.has_error and lowering.is_damaged(node)):
        value = tree.Opaque(start, end, lowering.parts(node), is_error=True)
        return tree.TableEntry(start, end, None, start, end, value)
    key = children[0]
    name = property_name(lowering, key)
    entry = tree.TableEntry(start, end, name, key.start_byte, key.end_byte, lowering.expression(children[2]))
    if name is None and key.type == "computed_property_name":
        entry.computed = lowering.optional(meaningful(key))
    return entry


def _method(lowering: Lowering, node: Node) -> tree.TableEntry:
    """A method. A getter's value is what calling it gives; a setter is no value."""
    start, end = node.start_byte, node.end_byte
    found = method(lowering, node)
    key = node.child_by_field_name("name")
    at, to = (key.start_byte, key.end_byte) if key is not None else (start, start)
    name = property_name(lowering, key) if key is not None else None
    kind = accessor_of(node)
    value: tree.Expression = found
    if kind == "getter":
        value = tree.Call(start, end, found, [])
    entry = tree.TableEntry(start, end, None if kind == "setter" else name, at, to, value)
    entry.accessor = "" if kind == "method" else kind
    if name is None and key is not None:
        entry.computed = lowering.optional(meaningful(key))
    return entry


EXPRESSIONS = {
    **dict.fromkeys(
        (
            "identifier",
            "this",
            "super",
            "import",
            "private_property_identifier",
            "property_identifier",
            "shorthand_property_identifier",
        ),
        _name,
    ),
    **dict.fromkeys(("null", "undefined", "true", "false"), _constant),
    "string": string,
    "template_string": template,
    "number": _number,
    "regex": _regex,
    "array": _array,
    "spread_element": _spread,
    "object": _object,
}
