"""Handshakes that ask for an object by a name that nobody else will ever ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.play.addresses import addresses
from wslint.record import frozen
from wslint.runtime import fresh, response
from wslint.text import Span
from wslint.values.event import Accepted, Fetched, Named, Stored, Unread
from wslint.values.heap import Object
from wslint.values.value import Value, leaves

if TYPE_CHECKING:
    from wslint.play.scenes import Handshake
    from wslint.worker import Worker


@frozen
class Lonely:
    """Where an object is asked for, and where its name is drawn."""

    place: Span
    drawn: Span


def lonely(worker: Worker) -> Iterator[Lonely]:
    """Handshakes that open in an object whose name was drawn for them alone, and is told to nobody."""
    seen: set[Span] = set()
    for asked in addresses(worker):
        played = worker.handshake(asked.text, False)
        found = _drawn(played)
        if found is not None and found.place not in seen and not _is_told(played) and not _reads_ids(worker):
            seen.add(found.place)
            yield found


def _drawn(played: Handshake) -> Lonely | None:
    """The name of the one object that a handshake asks for and opens in, where it is never the same again."""
    events = played.machine.events
    named = [event for event in events if isinstance(event, Named)]
    if len({event.place for event in named}) != 1 or named[0].place is None:
        return None
    opens = [ending for ending in played.endings if ending.status == response.SWITCHING]
    accepted = [event for event in events if isinstance(event, Accepted)]
    if not opens or any(event.owner is None for event in accepted):
        return None
    drawn = fresh.source_of(named[0].name)
    return Lonely(named[0].place, drawn.place) if drawn is not None and drawn.place is not None else None


def _is_told(played: Handshake) -> bool:
    """Whether anything else may learn the name: what is stored, called or sent on besides the client's own request, or
    an answer that is not the object's."""
    for event in played.machine.events:
        if isinstance(event, Unread) or (isinstance(event, Stored) and _holds(event.value, 0)):
            return True
        if isinstance(event, Fetched) and (event.request is None or _holds(event.request, 0)):
            return True
    return any(_holds(ending.value, 0) for ending in played.endings)


def _holds(value: Value, depth: int) -> bool:
    """Whether a drawn name is anywhere in a value."""
    for leaf in leaves(value):
        if fresh.source_of(leaf) is not None:
            return True
        if isinstance(leaf, Object) and depth < 3 and leaf.kind in _LOOKED_INTO:
            inner = [held for key, held in leaf.slots.items() if key not in ("request", "got", "items")]
            items = leaf.slots.get("items")
            if any(
                _holds(held, depth + 1) for held in (*inner, *(items if isinstance(items, tuple) else ()))
            ):
                return True
    return False


_LOOKED_INTO = ("Request", "Response", "Headers", "URL", "Object", "Array", "Map")


def _reads_ids(worker: Worker) -> bool:
    """Whether an object may read its own name or id, and tell it."""
    files = worker.source.files if worker.source is not None else []
    return any(word in file.data for file in files for word in (b"ctx.id", b"state.id"))
