"""The nodes of lowered code, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wslint.record import fields
from wslint.source import tree

_NO_NODES = frozenset({"int", "str", "bool", "float", "int | None", "str | None"})
"""The types of fields that hold no node."""

_HELD: dict[type[Any], tuple[str, ...]] = {}
"""The fields of each kind of node that may hold nodes, the last first: worked out when one is first met."""


def nodes_in(node: object) -> Iterator[tree.Node]:
    """All nodes below a node, itself first, nested functions included."""
    waiting: list[Any] = [node]
    pop, push, known = waiting.pop, waiting.append, _HELD.get
    while waiting:
        item = pop()
        kind = type(item)
        names = known(kind)
        if names is None and isinstance(item, tree.Node):
            names = _held(item)
        if names is not None:
            yield item
            for name in names:
                held = getattr(item, name)
                if held:
                    push(held)
        elif kind is list or kind is tuple:
            waiting += item[::-1]


def calls_in(function: tree.Function) -> Iterator[tree.Call]:
    """All calls in a function's body."""
    return (node for node in nodes_in(function.body) if isinstance(node, tree.Call))


def nodes_outside(node: object, kind: type[tree.Node]) -> Iterator[tree.Node]:
    """As `nodes_in`, but of a node of this kind only itself, and nothing below it."""
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, kind):
            yield item
        elif isinstance(item, tree.Node):
            yield item
            waiting.extend(getattr(item, name) for name in _held(item))
        elif isinstance(item, (list, tuple)):
            waiting.extend(reversed(item))


def _held(node: tree.Node) -> tuple[str, ...]:
    known = _HELD.get(type(node))
    if known is not None:
        return known
    types: dict[str, str] = {}
    for cls in reversed(type(node).__mro__):
        types.update(getattr(cls, "__annotations__", {}))
    found = [name for name in reversed(fields(node)) if types.get(name) not in _NO_NODES]
    _HELD[type(node)] = tuple(found)
    return _HELD[type(node)]
