"""Promises that nothing settles before the handshake is answered."""

from __future__ import annotations

from wslint.runtime import kept_resolver
from wslint.runtime.kept_resolver import NOBODY
from wslint.source import tree
from wslint.values.event import Listened
from wslint.values.heap import Object
from wslint.values.value import Value

ITS_SOCKET = "it waits for its own socket, which opens with the 101 only"


def never_settled(executor: Value, heard: list[Listened]) -> str:
    """Why a promise that its executor leaves open stays so for this event; empty where it may be settled.

    `heard` are the listeners that the executor added.
    """
    from wslint.machine.scope import Closure
    from wslint.source.nodes import nodes_in

    if not isinstance(executor, Closure) or executor.scope.unit.language.name != "javascript":
        return ""
    node = executor.node
    names = {one.pattern.name for one in node.parameters[:2] if isinstance(one.pattern, tree.Name)}
    if len(names) < len(node.parameters):
        return ""
    used = [one for one in nodes_in(node.body) if isinstance(one, tree.Name) and one.name in names]
    if not used:
        opaque = any(isinstance(one, tree.Name) and one.name == "arguments" for one in nodes_in(node.body))
        return "" if opaque else NOBODY
    file = executor.scope.unit.file
    ears = [event.place for event in heard if _is_own(event) and event.place is not None]
    elsewhere = [
        one
        for one in used
        if not any(span.file is file and span.start <= one.start < span.end for span in ears)
    ]
    if not elsewhere:
        return ITS_SOCKET
    return "" if ears else kept_resolver.of_executor(executor, elsewhere)


def _is_own(event: Listened) -> bool:
    """Whether the listener stands on an end whose other one nobody has: neither a client yet, nor the code."""
    end, other = event.socket, event.socket.extra
    if not isinstance(other, Object) or "escaped" in end.slots or "escaped" in other.slots:
        return False
    return (
        end.slots.get("state") in ("fresh", "accepted", "hibernating") and other.slots.get("state") == "fresh"
    )
