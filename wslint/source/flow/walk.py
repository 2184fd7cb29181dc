"""Plain walks over lowered code, for questions that need no values."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.source import tree
from wslint.source.nodes import nodes_in


def calls_in(function: tree.Function) -> Iterator[tree.Call]:
    """All calls in a function's body."""
    return (node for node in nodes_in(function.body) if isinstance(node, tree.Call))


__all__ = ["calls_in", "nodes_in"]
