"""Work that never begins: calls of asynchronous functions, in Python and Rust, whose results nobody awaits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.play.handshake_laws import machines_of
from wslint.record import frozen
from wslint.text import Span
from wslint.values.event import Dropped, Event

if TYPE_CHECKING:
    from wslint.worker import Worker


@frozen
class Unstarted:
    """A call whose function never runs."""

    name: str
    place: Span


def unstarted(worker: Worker) -> Iterator[Unstarted]:
    """The calls of the project's own asynchronous functions that any scene drops."""
    seen: set[Span] = set()
    for event in _events(worker):
        if isinstance(event, Dropped) and event.place is not None and event.place not in seen:
            seen.add(event.place)
            yield Unstarted(event.name, event.place)


def _events(worker: Worker) -> Iterator[Event]:
    for machine in machines_of(worker):
        yield from machine.events
    for talk in worker.conversations:
        yield from talk.machine.events
