"""What must hold between two clients of a Worker that has no object for them: they share nothing but the isolate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.play import listeners, scenes, wasted
from wslint.play.addresses import addresses
from wslint.play.handshake_laws import takes_sockets
from wslint.play.urls import read_url
from wslint.record import frozen
from wslint.runtime import words
from wslint.text import Span
from wslint.values.event import Accepted, Raised
from wslint.values.value import UNDEFINED, Value

if TYPE_CHECKING:
    from wslint.worker import Worker

MOST_PLAYED = 3
"""Addresses whose second client is played."""


@frozen
class Stranger:
    """A call on a socket that another request was answered with."""

    place: Span


def strangers(worker: Worker) -> Iterator[Stranger]:
    """Where the message of a second client comes to the socket of the first one, which the module keeps."""
    if not takes_sockets(worker):
        return
    seen: set[Span] = set()
    played = 0
    for asked in addresses(worker):
        first = worker.handshake(asked.text, False).machine
        ends = [
            event.socket
            for event in first.events
            if isinstance(event, Accepted) and event.how == "accept" and event.owner is None
        ]
        if played == MOST_PLAYED or not any(wasted.outlives(first, end) for end in ends):
            continue
        played += 1
        for place in _met(worker, asked.text):
            if place not in seen:
                seen.add(place)
                yield Stranger(place)


def _met(worker: Worker, address: str) -> Iterator[Span]:
    machine = scenes.play_handshake(worker, address, False).machine
    start = len(machine.events)
    scenes.handshake(machine, worker, read_url(address))
    second = [end for end, owner in listeners.taken(machine, machine.events[start:]) if owner is None]
    if not second:
        return

    def run() -> Value:
        listeners.hear(machine, second[0], None)
        return UNDEFINED

    start, root = len(machine.events), machine.path
    scenes.play(machine, listeners.HEARD_SECOND, run)
    for event in machine.events[start:]:
        if not isinstance(event, Raised) or event.text != words.CROSS_REQUEST or event.place is None:
            continue
        if all(choice.is_clients for choice, _ in event.path.conditions(root)):
            yield event.place
