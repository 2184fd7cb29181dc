"""What stands left of `=`, in a parameter list or after `catch`.

A default inside a pattern (`{ a = 1 }`) is left in `lowering.defaults` as the statement `a ??= 1`,
for whoever reads the pattern to put after it; the pattern itself has its `defaults` too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.javascript.lower.lowering import Lowering, solid
from wslint.source.javascript.lower.strings import property_name
from wslint.source.javascript.syntax import WRAPPERS, meaningful, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMES = frozenset(
    {
        "identifier",
        "shorthand_property_identifier_pattern",
        "shorthand_property_identifier",
        "this",
        "undefined",
        "type_identifier",
    }
)
_PLACES = frozenset({"member_expression", "subscript_expression"})
_DEFAULTS = frozenset({"assignment_pattern", "object_assignment_pattern"})


def pattern(lowering: Lowering, node: Node) -> tree.Pattern:
    if node.type in WRAPPERS:  # `x! = …`, `(x as T) = …`
        node = unwrap(node) or node
    kind = node.type
    start, end = node.start_byte, node.end_byte
    if kind in _NAMES:
        if start == end:
            return tree.Opaque(start, end, is_error=True)
        return tree.Name(start, end, lowering.text(node))
    if lowering.depth >= lowering.deepest:
        return tree.Opaque(start, end)
    found: tree.Pattern
    lowering.depth += 1
    if kind == "object_pattern":
        found = _table(lowering, node)
    elif kind == "array_pattern":
        found = _array(lowering, node)
    elif kind in _DEFAULTS:
        found = _with_default(lowering, node)
    elif kind in _PLACES:
        place = lowering.expression(node)
        is_place = isinstance(place, tree.Member | tree.Index | tree.Opaque)
        found = place if is_place else tree.Opaque(start, end)  # type: ignore[assignment]
    else:
        inner = meaningful(node) if kind == "rest_pattern" else None
        parts: list[tree.Expression] = []
        if inner is not None:
            rest = pattern(lowering, inner)
            parts = [rest] if isinstance(rest, tree.Name | tree.Member | tree.Index | tree.Opaque) else []
        found = tree.Opaque(start, end, parts, is_error=node.is_error)
    lowering.depth -= 1
    return found


def _with_default(lowering: Lowering, node: Node) -> tree.Pattern:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return tree.Opaque(node.start_byte, node.end_byte, is_error=True)
    found = pattern(lowering, left)
    if right is not None:
        start, end = node.start_byte, node.end_byte
        value = lowering.expression(right)
        lowering.defaults.append(tree.Do(start, end, tree.Default(start, end, found, value, "??=")))
    return found


def default_of(lowering: Lowering, node: Node) -> tree.Expression | None:
    """The default that a pattern inside of another one was just read with."""
    node = unwrap(node) or node if node.type in WRAPPERS else node
    if node.type not in _DEFAULTS or node.child_by_field_name("right") is None or not lowering.defaults:
        return None
    last = lowering.defaults[-1]
    assert isinstance(last, tree.Do) and isinstance(last.value, tree.Default)
    return last.value.value


def _aside(held: dict[int, tree.Expression]) -> tree.Aside | None:
    return tree.Aside(dict(held)) if held else None


def _array(lowering: Lowering, node: Node) -> tree.ArrayPattern:
    """`...rest` is an `Opaque` of the name."""
    items: list[tree.Pattern | None] = []
    defaults: dict[int, tree.Expression] = {}
    expected = True  # of an item: a comma where one is expected leaves a hole
    for child in node.children:
        kind = child.type
        if kind == ",":
            if expected:
                items.append(None)
            expected = True
        elif kind not in ("[", "]", "comment"):
            items.append(pattern(lowering, child))
            default = default_of(lowering, child)
            if default is not None:
                defaults[len(items) - 1] = default
            expected = False
    return tree.ArrayPattern(node.start_byte, node.end_byte, items, _aside(defaults))


def _table(lowering: Lowering, node: Node) -> tree.TablePattern:
    """A computed key keeps its brackets (`[key]`), which no property is called."""
    found = tree.TablePattern(node.start_byte, node.end_byte, [])
    defaults: dict[int, tree.Expression] = {}
    computed: dict[int, tree.Expression] = {}
    for child in node.named_children:
        kind = child.type
        at = child
        if not found.entries:
            found.filled = not _DEFAULTS.isdisjoint({kind, *(part.type for part in child.named_children)})
        if kind == "shorthand_property_identifier_pattern":
            found.entries.append((lowering.text(child), pattern(lowering, child)))
        elif kind == "object_assignment_pattern":
            left = child.child_by_field_name("left")
            key = lowering.text(left) if left is not None else ""
            found.entries.append((key, pattern(lowering, child)))
        elif kind == "pair_pattern":
            children = solid(child)
            if len(children) >= 3:
                name = property_name(lowering, children[0])
                worked_out = meaningful(children[0]) if name is None else None
                if worked_out is not None:
                    computed[len(found.entries)] = lowering.expression(worked_out)
                name = lowering.text(children[0]) if name is None else name
                found.entries.append((name, pattern(lowering, children[-1])))
                at = children[-1]
        elif kind == "rest_pattern":
            inner = meaningful(child)
            found.rest = lowering.text(inner) if inner is not None and inner.type == "identifier" else None
        default = default_of(lowering, at) if kind != "rest_pattern" else None
        if default is not None:
            defaults[len(found.entries) - 1] = default
    found.defaults, found.computed = _aside(defaults), _aside(computed)
    return found
