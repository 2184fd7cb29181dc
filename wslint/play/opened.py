"""What must hold of a handshake that opens: the questions that rules ask of the two ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.play import wasted
from wslint.play.addresses import Asked, addresses
from wslint.play.ending import Ending
from wslint.play.handshake_laws import MOST_TO_REPEAT, takes_sockets
from wslint.play.scenes import Handshake
from wslint.record import frozen
from wslint.runtime import response, socket
from wslint.text import Span
from wslint.values.event import Listened
from wslint.values.heap import Object
from wslint.values.value import leaves

if TYPE_CHECKING:
    from wslint.worker import Worker


@frozen
class Dead:
    """An address whose handshakes open and whose sockets are of no use; `how` is what becomes of them."""

    asked: Asked
    ending: Ending
    how: str


def dead(worker: Worker) -> Iterator[Dead]:
    """The addresses at which every socket that opens is cut at once, or never accepted."""
    if not takes_sockets(worker):
        return
    for asked in addresses(worker):
        played = worker.handshake(asked.text, False)
        found = _of(played)
        if found is None:
            continue
        if played.machine.steps < MOST_TO_REPEAT and _of(worker.handshake(asked.text, True)) is None:
            continue  # an object that lived before does better
        yield Dead(asked, *found)


def cut_upstream(worker: Worker) -> Iterator[Span]:
    """Where the socket of an answer that somebody else gave is accepted, and goes out with a 101 all the same."""
    seen: set[Span] = set()
    for asked in addresses(worker):
        for ending in worker.handshake(asked.text, False).endings:
            answer = ending.value
            if "unread" in ending.owners or not isinstance(answer, Object):
                continue
            end = answer.slots.get("socket")
            if answer.slots.get("note") != socket.CUT or not isinstance(end, Object):
                continue
            if not socket.is_upstream(end):
                continue
            for place in leaves(end.slots.get("accepted at")):
                if isinstance(place, Span) and place not in seen:
                    seen.add(place)
                    yield place


def _of(played: Handshake) -> tuple[Ending, str] | None:
    """The one way that opens, where there is no other and its socket is dead."""
    if len(played.endings) != 1 or played.endings[0].when:
        return None
    ending = played.endings[0]
    answer = ending.value
    if ending.status != response.SWITCHING or not isinstance(answer, Object):
        return None
    how = answer.slots.get("note")
    if how == socket.CUT or (how == socket.SILENT and _stays_so(played)):
        return ending, str(how)
    return None


def _stays_so(played: Handshake) -> bool:
    """Whether nothing accepts the end later: no timer is set, nobody waits for another socket, and nothing that
    outlives the handshake holds the end."""
    machine = played.machine
    ends = {id(event.socket) for event in machine.events if isinstance(event, Listened)}
    answer = played.endings[0].value
    returned = answer.slots.get("socket") if isinstance(answer, Object) else None
    other = socket.other_end(returned) if isinstance(returned, Object) else None
    if machine.later or other is None or ends - {id(other), id(returned)}:
        return False
    return not wasted.outlives(machine, other)
