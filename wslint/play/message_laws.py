"""What must hold of every message that goes out: clients can read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wslint.machine.language import language_of
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue
from wslint.play.addresses import addresses
from wslint.record import frozen
from wslint.text import Span
from wslint.values.event import Sent
from wslint.values.heap import Object
from wslint.values.value import UNDEFINED, Choice, OneOf, Owner, Value

if TYPE_CHECKING:
    from wslint.worker import Worker

_WORDS = {
    "Object": "`[object Object]`",
    "Map": "`[object Map]`",
    "Set": "`[object Set]`",
    "WebSocket": "`[object WebSocket]`",
    "Response": "`[object Response]`",
    "Request": "`[object Request]`",
    "Promise": "`[object Promise]`",
    "Array": "its items joined by commas",
}
"""What a socket makes of a value of JavaScript that is neither text nor bytes, by its kind."""


def machines(worker: Worker) -> Iterator[Machine]:
    """The machines of all plays: lives, conversations, handshakes."""
    seen: list[Machine] = [life.machine for life in worker.lives]
    seen += [talk.machine for talk in worker.conversations]
    seen += [worker.handshake(asked.text, False).machine for asked in addresses(worker)]
    yield from {id(machine): machine for machine in seen}.values()


@frozen
class Unreadable:
    """A message that is no text: `got` is what the client receives instead, `python` that it is Python's value."""

    got: str
    place: Span
    python: bool = False


def unreadable(worker: Worker) -> Iterator[Unreadable]:
    """Objects, lists and sockets that are sent as they are."""
    seen: set[Span] = set()
    for place, parts in _sent(worker):
        language = language_of(place.file.path).name
        found = [(_got(value, language), owners) for value, owners in parts]
        known = [got for got, owners in found if got and "unread" not in owners]
        if known and place not in seen:
            seen.add(place)
            yield Unreadable(known[0], place, language == "python")


def undefined(worker: Worker) -> Iterator[Unreadable]:
    """Messages that are `undefined`, for what clients do."""
    seen: set[Span] = set()
    for place, parts in _sent(worker):
        if language_of(place.file.path).name == "javascript" and place not in seen:
            if any(value is UNDEFINED and owners <= {"client"} for value, owners in parts):
                seen.add(place)
                yield Unreadable("`undefined`", place)


def _sent(worker: Worker) -> Iterator[tuple[Span, list[tuple[Value, set[Owner]]]]]:
    """Each send: where, and the values that may go out, with the owners of the choices that lead to each."""
    for machine in machines(worker):
        for event in machine.events:
            if isinstance(event, Sent) and event.place is not None and event.state != "closed":
                owners = {_owner(choice) for choice, _ in event.path.conditions()}
                yield event.place, list(_parts(event.value, owners))


def _owner(choice: Choice) -> Owner:
    """Whose a choice is; one that stands for others may be impossible with what else holds."""
    return choice.owner if choice.stands is None else "unread"


def _parts(value: Value, owners: set[Owner]) -> Iterator[tuple[Value, set[Owner]]]:
    if isinstance(value, OneOf):
        for _, held in value.cases:
            yield from _parts(held, owners | {_owner(value.choice)})
    else:
        yield value, owners


def _got(value: Value, language: str) -> str:
    """What a client receives of a value that is neither text nor bytes; empty where it is, or may be."""
    if not isinstance(value, Object) or language == "rust":
        return ""
    if language == "python":
        if value.kind == "WebSocket":
            return _WORDS["WebSocket"]
        filled = any(isinstance(key, tuple) for key in value.slots)
        return (
            "Python's words for a dict, `{'…': …}`, which are no JSON"
            if value.extra == "dict" and filled
            else ""
        )
    if value.kind == "Instance":
        return "" if _has_text(value) else "`[object Object]`"
    return "" if ("p", "toString") in value.slots else _WORDS.get(value.kind, "")


def _has_text(instance: Object) -> bool:
    """Whether a class of the project, or its base, may say what its text is."""
    cls: Any = instance.extra
    if not isinstance(cls, ClassValue) or cls.node.bases:
        return True
    return any(member.name in ("toString", "toPrimitive") for member in cls.node.members)
