"""Who receives what comes over the socket of a 101."""

from __future__ import annotations

from wslint.machine import calls
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue
from wslint.play.ending import Ending
from wslint.runtime import socket
from wslint.runtime.names import HANDLERS
from wslint.text import Span
from wslint.trace.model import Hop
from wslint.values.heap import Object
from wslint.values.value import Unknown


def hops(machine: Machine, ending: Ending) -> list[Hop]:
    """The hop of the handlers; none where the socket was handed to code that is not read."""
    found = ending.value.slots["socket"] if isinstance(ending.value, Object) else None
    if not isinstance(found, Object):
        return []
    other = socket.other_end(found)
    if other is None:
        return []
    owner = other.slots.get("owner")
    instance = next(
        (
            held
            for held in machine.isolate.values()
            if isinstance(held, Object) and held.slots.get("the context") is owner
        ),
        None,
    )
    if instance is not None and owner is not None:
        return [_of_class(machine, instance)]
    listeners = other.slots.get("listeners", ())
    if machine.known(other.slots["state"]) == "accepted" and isinstance(listeners, tuple):
        known = {event: place for event, _, place in listeners}
        parts = [
            f"{event}: {f'line {known[event].first.line}' if event in known else 'nobody'}"
            for event in HANDLERS.values()
        ]
        first = next(iter(known.values()), None)
        return [Hop("handlers", first.head() if first else other.place, "listeners, " + ", ".join(parts))]
    return []


def _of_class(machine: Machine, instance: Object) -> Hop:
    cls: ClassValue = instance.extra
    parts: list[str] = []
    places: list[Span] = []
    for name, event in HANDLERS.items():
        found = calls.find(machine, cls, name)
        if found is not None:
            member, owner = found
            end = member.name_start + len(member.name.encode())
            places.append(Span(owner.scope.unit.file, member.name_start, end))
            parts.append(f"{event}: line {places[-1].first.line}")
        else:
            held = machine.known(calls.member(machine, instance, name, cls.place))
            parts.append(f"{event}: {'not known' if isinstance(held, Unknown) else 'nobody'}")
    hop = Hop("handlers", places[0] if places else None, ", ".join(parts))
    hop.shows = (Span(cls.scope.unit.file, cls.node.start, cls.node.end),)
    return hop
