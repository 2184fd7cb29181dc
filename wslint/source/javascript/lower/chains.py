"""What nests to the left: member access, calls, binary operators, and the wrappers around them.

`x.then(…).then(…)` and `a + b + c` may be thousands of links long, so a chain is read in a loop.
Links too deep to keep become one `Opaque` with their arguments and operands as parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.javascript.lower.lowering import Lowering, solid
from wslint.source.javascript.lower.strings import raw_parts, template
from wslint.source.javascript.syntax import WRAPPERS

if TYPE_CHECKING:
    from tree_sitter import Node

_OPTIONAL = frozenset({"optional_chain", "?."})
_LENGTHS = {"member_expression": 3, "call_expression": 2, "subscript_expression": 4, "binary_expression": 3}
_OPERATORS = frozenset({"await_expression", "unary_expression", "binary_expression"})
_MOVED = "moved"
_AWAITED = "awaited"
_ENDED = "ended"
"""Parentheses around an optional chain that something follows: what is after them is not skipped."""

_Link = tuple[str, int, int, list["Node"]]
"""A node's type, start, end and children without comments."""


def _chain(lowering: Lowering, node: Node) -> tree.Expression:
    links: list[_Link] = []
    boundary = 0  # the links after it are member access and calls, without parentheses between them
    current = node
    while True:
        kind = current.type
        if lowering.broken and links and current.has_error and lowering.is_damaged(current):
            break
        if len(links) > boundary and kind in _OPERATORS:
            current = _move(lowering, links, boundary, current)
            boundary = len(links)
            continue
        length = _LENGTHS.get(kind)
        if length is not None:
            children = current.children
            if len(children) != length:
                children = solid(current)
                if len(children) < length:
                    break
            links.append((kind, current.start_byte, current.end_byte, children))
            current = children[0]
            if kind == "binary_expression":
                boundary = len(links)
        elif kind in WRAPPERS:
            inner = _unwrapped(lowering, current)
            if inner is None:
                break
            if kind == "parenthesized_expression" and len(links) > boundary and _is_optional(inner):
                links.append((_ENDED, current.start_byte, current.end_byte, []))
            current = inner
            if kind == "parenthesized_expression":
                boundary = len(links)
        else:
            break
    if current == node:
        return tree.Opaque(node.start_byte, node.end_byte, is_error=True)
    current = _awaited(lowering, links, boundary, current)
    depth = lowering.depth
    kept = min(len(links), lowering.deepest - depth)
    lowering.depth = depth + max(kept - 1, 0)
    value = lowering.expression(current)
    if kept < len(links):
        parts = [value]
        for kind, _, _, children in reversed(links[kept:]):
            if kind == "call_expression":
                parts += _arguments(lowering, children[-1])
            elif kind not in ("member_expression", _AWAITED, _ENDED):
                parts.append(lowering.expression(children[0 if kind == _MOVED else 2]))
        value = tree.Opaque(links[kept][1], links[kept][2], parts)
    for index in range(kept - 1, -1, -1):
        lowering.depth = depth + index
        value = _link(lowering, value, *links[index])
    lowering.depth = depth
    return value


def _move(lowering: Lowering, links: list[_Link], boundary: int, node: Node) -> Node:
    """Put the operators at `node` outside the calls and member accesses that were read before it.

    tree-sitter-typescript 0.23.2 reads `await a.get<T>(b)` as `(await a.get)<T>(b)`, and so for every
    operator in front of a call with type arguments. What the calls are made on is returned.
    """
    moved: list[_Link] = []
    end = links[boundary][2]
    while node.type in _OPERATORS:
        children = solid(node)
        if len(children) < 2 or (lowering.broken and node.has_error and lowering.is_damaged(node)):
            break
        moved.append((_MOVED, node.start_byte, end, children))
        node = children[-1]
    begin = node.start_byte
    links[boundary:] = moved + [(kind, begin, to, children) for kind, _, to, children in links[boundary:]]
    return node


def _is_optional(node: Node) -> bool:
    """Whether a chain has `?.` in it."""
    current: Node | None = node
    while current is not None and (current.type in _LENGTHS or current.type in WRAPPERS):
        if any(child.type in _OPTIONAL for child in current.children):
            return True
        current = current.named_children[0] if current.named_children else None
    return False


def _awaited(lowering: Lowering, links: list[_Link], boundary: int, node: Node) -> Node:
    """Put `await` outside the calls and member accesses behind it; what those are made on is returned.

    tree-sitter-javascript 0.25 reads `await (a).b()` as a call of a function named `await`.
    """
    if node.type != "identifier" or not links or links[-1][0] != "call_expression":
        return node
    arguments = [child for child in links[-1][3][-1].named_children if child.type != "comment"]
    if len(arguments) != 1 or lowering.text(node) != "await" or arguments[0].type == "spread_element":
        return node
    _, begin, end, _ = links.pop()
    outermost = links[boundary][2] if len(links) > boundary else end
    at = arguments[0].start_byte
    links[boundary:] = [
        (_AWAITED, begin, outermost, []),
        *((kind, at, to, children) for kind, _, to, children in links[boundary:]),
    ]
    return arguments[0]


def _unwrapped(lowering: Lowering, node: Node) -> Node | None:
    """What a wrapper wraps; None when an error stands beside it."""
    if lowering.broken and node.has_error and lowering.is_damaged(node):
        return None
    inner = [child for child in node.named_children if child.type != "comment"]
    if not inner:
        return None
    return inner[-1] if node.type == "type_assertion" else inner[0]


def _link(
    lowering: Lowering, value: tree.Expression, kind: str, start: int, end: int, children: list[Node]
) -> tree.Expression:
    if kind == "member_expression":
        name = children[2]
        optional = children[1].type in _OPTIONAL
        return tree.Member(start, end, value, lowering.text(name), name.start_byte, optional)
    if kind == "call_expression":
        optional = len(children) > 2 and children[1].type in _OPTIONAL
        if children[-1].type == "template_string":
            given = _arguments(lowering, children[-1])
            return tree.Tagged(start, end, value, given, raw=raw_parts(lowering, children[-1]))
        return tree.Call(start, end, value, _arguments(lowering, children[-1]), optional=optional)
    if kind == "subscript_expression":
        optional = children[1].type in _OPTIONAL
        return tree.Index(start, end, value, lowering.expression(children[-2]), optional)
    if kind == _AWAITED:
        return tree.Await(start, end, value)
    if kind == _ENDED:
        return tree.Operation(start, end, ",", [value])
    if kind == _MOVED:
        operator = children[-2].type
        if operator == "await":
            return tree.Await(start, end, value)
        left = [lowering.expression(children[0])] if len(children) > 2 else []
        return tree.Operation(start, end, operator, [*left, value])
    operator, right = children[1].type, children[2]
    if operator == ">" and right.type == "template_string":
        tagged = _generic_tag(lowering, value, children)
        if tagged is not None:
            return tagged
    return tree.Operation(start, end, operator, [value, lowering.expression(right)])


def _generic_tag(lowering: Lowering, left: tree.Expression, children: list[Node]) -> tree.Expression | None:
    """``tag<Type>`text` ``, which the TypeScript grammar takes for two comparisons."""
    if not isinstance(left, tree.Operation) or left.operator != "<":
        return None
    if children[1].end_byte != children[2].start_byte:
        return None
    tag, end = left.operands[0], children[2].end_byte
    awaited = isinstance(tag, tree.Await)
    function = tag.value if isinstance(tag, tree.Await) else tag
    raw = raw_parts(lowering, children[2])
    call = tree.Tagged(function.start, end, function, [template(lowering, children[2])], raw=raw)
    return tree.Await(tag.start, end, call) if awaited else call


def _arguments(lowering: Lowering, node: Node) -> list[tree.Expression]:
    if node.type == "template_string":
        return [lowering.expression(node)]
    found: list[tree.Expression] = []
    for child in node.named_children:  # a comprehension is one more call a level
        if child.type != "comment":
            found.append(lowering.expression(child))
    return found


def _new(lowering: Lowering, node: Node) -> tree.Expression:
    """`new X(…)`. The constructor is no link: `new a.b()` is not `(new a).b()`."""
    constructor = node.child_by_field_name("constructor")
    arguments = node.child_by_field_name("arguments")
    return tree.Call(
        node.start_byte,
        node.end_byte,
        lowering.required(constructor, node),
        _arguments(lowering, arguments) if arguments is not None else [],
        new=True,
    )


EXPRESSIONS = {
    **dict.fromkeys(_LENGTHS, _chain),
    **dict.fromkeys(WRAPPERS, _chain),
    "new_expression": _new,
}
