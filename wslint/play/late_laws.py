"""What must hold of work that a handshake begins and does not wait for: the questions that rules ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.play.addresses import addresses
from wslint.play.handshake_laws import takes_sockets
from wslint.play.outputs import when
from wslint.play.scenes import Handshake
from wslint.record import frozen
from wslint.regex import regex
from wslint.runtime import response, socket
from wslint.runtime.context import Kept
from wslint.text import Span
from wslint.values.event import Accepted, Event, Gap, Listened
from wslint.values.heap import Object
from wslint.values.value import leaves

if TYPE_CHECKING:
    from wslint.worker import Worker

_OUTSIDE = frozenset({"a timer", "fetch", "an object's answer", "another Worker's answer"})
"""What takes longer than it takes an answer to leave. A value of the storage may be at hand at once (run)."""


@frozen
class Late:
    """Something that is done with an end after the 101 with the other one has left."""

    event: Event
    place: Span


def late(worker: Worker) -> Iterator[Late]:
    """Where an end is accepted for hibernation, or gets its only listener for messages, by work that waits for something
    outside and that nobody waits for."""
    if not takes_sockets(worker):
        return
    seen: set[Span] = set()
    for asked in addresses(worker):
        for found in _of(worker.handshake(asked.text, False)):
            if found.place not in seen:
                seen.add(found.place)
                yield found


def _of(played: Handshake) -> Iterator[Late]:
    machine = played.machine
    kept_up = {
        id(leaf) for event in machine.events if isinstance(event, Kept) for leaf in leaves(event.value)
    }
    ranges = [
        (first, last)
        for promise, first, last in machine.waits
        if promise.slots.get("watched") is False
        and "escaped" not in promise.slots
        and (id(promise) in kept_up or _is_dropped(promise.place))
    ]
    if not ranges:
        return
    events = [event for event in machine.events if event.scene == "handshake"]
    gaps = [event for event in events if isinstance(event, Gap)]
    kept = _kept(played)
    for event in events:
        if not isinstance(event, Accepted | Listened) or event.place is None or id(event.socket) not in kept:
            continue
        around = next((pair for pair in ranges if _follows(event, pair, ranges, gaps)), None)
        if around is None:
            continue
        if isinstance(event, Accepted):
            if event.how == "hibernate":
                yield Late(event, event.place)
        elif event.event == "message" and _loses(event, around, events):
            yield Late(event, event.place)


_BEFORE = regex(rb"(?:[;{}]|\bvoid)\s*\Z")
_AFTER = regex(rb"\s*(?:[;}]|\n\s*[\w/])")


def _is_dropped(place: Span | None) -> bool:
    """Whether the code does nothing with what a call gives: it is a statement of its own."""
    if place is None:
        return False
    data = place.file.data
    before, after = data[max(0, place.start - 200) : place.start], data[place.end : place.end + 200]
    return _BEFORE.search(before) is not None and _AFTER.match(after) is not None


def _kept(played: Handshake) -> set[int]:
    """The ends whose other one leaves with a 101, and that no other code has."""
    kept: set[int] = set()
    for ending in played.endings:
        answer = ending.value
        if ending.status != response.SWITCHING or not isinstance(answer, Object):
            continue
        for end in leaves(answer.slots.get("socket")):
            other = socket.other_end(end) if isinstance(end, Object) else None
            if other is not None and not socket.is_escaped(played.machine, other):
                kept.add(id(other))
    return kept


_Range = tuple[int, int]


def _follows(event: Event, around: _Range, ranges: list[_Range], gaps: list[Gap]) -> bool:
    """Whether an event of this work comes after it has waited, and the handshake itself waits for nothing more."""
    first, last = around
    inside = [gap for gap in gaps if first <= gap.serial <= last]
    owners = [gap.owner for gap in inside]
    if not first <= event.serial <= last or any(gap.serial > last and gap.owner in owners for gap in gaps):
        return False
    held = when(event)
    return any(
        gap.serial < event.serial
        and gap.why in _OUTSIDE
        and when(gap).items() <= held.items()
        and not any(begin <= gap.serial <= end < event.serial for begin, end in ranges)
        for gap in inside
    )


def _loses(event: Listened, around: _Range, events: list[Event]) -> bool:
    """Whether messages come before this listener: the end was accepted before the work began, and has no other."""
    if ("p", "onmessage") in event.socket.slots:
        return False
    accepted = [
        one.serial
        for one in events
        if isinstance(one, Accepted) and one.socket is event.socket and one.how == "accept"
    ]
    others = [
        one
        for one in events
        if isinstance(one, Listened) and one.socket is event.socket and one.event == "message"
    ]
    return any(serial < around[0] for serial in accepted) and len(others) == 1
