"""Plain walks over lowered code, for questions that need no values."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.record import fields
from wslint.source import tree


def nodes_in(node: object) -> Iterator[tree.Node]:
    """All nodes below a node, itself first, nested functions included."""
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (list, tuple)):
            waiting.extend(reversed(item))
        elif isinstance(item, tree.Node):
            yield item
            waiting.extend(getattr(item, name) for name in reversed(fields(item)))


def calls_in(function: tree.Function) -> Iterator[tree.Call]:
    """All calls in a function's body."""
    return (node for node in nodes_in(function.body) if isinstance(node, tree.Call))
