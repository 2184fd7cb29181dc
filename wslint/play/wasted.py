"""Ends of a handshake that nobody talks to: whether anything holds one, and whether one was accepted for nothing."""

from __future__ import annotations

from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue
from wslint.play.ending import Ending
from wslint.play.scenes import Handshake
from wslint.runtime import socket
from wslint.values.event import Accepted, Listened
from wslint.values.heap import Object
from wslint.values.value import OneOf, leaves

_REFUSED = 400


def wastes(played: Handshake, ending: Ending) -> bool:
    """Whether a handshake that comes to this plain answer has accepted an end, whatever the client asks for, whose other
    one nobody gets: code that takes a socket means to open it."""
    if ending.status is None or ending.status >= _REFUSED or ending.kind != "answer":
        return False
    machine = played.machine
    if machine.later:
        return False
    used = [event.socket for event in machine.events if isinstance(event, Accepted | Listened)]
    for event in machine.events:
        if not isinstance(event, Accepted) or event.path.steps():
            continue
        other = socket.other_end(event.socket)
        if other is None or socket.is_escaped(machine, other) or any(other is one for one in used):
            continue
        if not outlives(machine, other):
            return True
    return False


def outlives(machine: Machine, end: Object) -> bool:
    """Whether anything that outlives the handshake holds an end."""
    roots: list[object] = list(machine.isolate.values())
    for unit in machine.units.values():
        roots += unit.names.values()
    return _holds(roots, end)


def _holds(roots: list[object], wanted: Object) -> bool:
    waiting = list(roots)
    seen: set[int] = set()
    while waiting:
        held = waiting.pop()
        if held is wanted:
            return True
        if id(held) in seen:
            continue
        seen.add(id(held))
        if isinstance(held, Object):
            waiting += [part for key, part in held.slots.items() if key != "request"]
            if (
                isinstance(held.extra, (Object, list, tuple)) and held.kind != "WebSocket"
            ):  # not its other end
                waiting.append(held.extra)
        elif isinstance(held, ClassValue):
            waiting += held.statics.values()
        elif isinstance(held, (tuple, list)):
            waiting += held
        elif isinstance(held, OneOf):
            waiting += leaves(held)
    return False
