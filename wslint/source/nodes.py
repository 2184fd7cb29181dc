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
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tree.Node):
            yield item
            names = _HELD.get(type(item))
            if names is None:
                names = _HELD[type(item)] = _held(item)
            for name in names:
                held = getattr(item, name)
                if held:
                    waiting.append(held)
        elif isinstance(item, (list, tuple)):
            waiting.extend(reversed(item))


def _held(node: tree.Node) -> tuple[str, ...]:
    types: dict[str, str] = {}
    for cls in reversed(type(node).__mro__):
        types.update(getattr(cls, "__annotations__", {}))
    return tuple(name for name in reversed(fields(node)) if types.get(name) not in _NO_NODES)
