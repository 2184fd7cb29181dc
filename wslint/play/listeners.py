"""The life of sockets that were accepted with `accept()`: what their listeners do with messages and closes.

Such a socket belongs to the request that took it, in the Worker or in an object; nothing is evicted while it is open.
A throw in a listener cuts the client off with 1006; what an `async` one throws nobody sees (both seen on workerd).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wslint.machine import calls
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue, Closure
from wslint.play import scenes
from wslint.play.ending import Ending
from wslint.record import field, record
from wslint.runtime import response
from wslint.text import Span
from wslint.values.event import Accepted, Event
from wslint.values.heap import Object
from wslint.values.value import UNDEFINED, Choice, OneOf, Unknown, Value, leaves

if TYPE_CHECKING:
    from wslint.worker import Worker

MESSAGE_WORDS = {1: "the message is text", 2: "the message is binary"}
CLOSE_CODES = ((1, 1000.0), (2, 4000.0), (4, 1005.0), (8, 1006.0))
CLOSE_WORDS = {
    1: "the client closes with 1000",
    2: "the client closes with a code of its own",
    4: "the client closes without a code",
    8: "the connection is lost",
    7: "the client closes by itself",
}
LOST = 8
"""The case of a close that nobody waits for an answer to."""

HEARD = "a message to a listener"
HEARD_SECOND = "a message of the second client to a listener"
LEFT = "a close to a listener"
HEARD_AFTER = "a message to a listener after a close"
HEARD_LATER = "one more message to a listener after a close"


@record
class Heard:
    """One scene: what the listeners of a socket do with one event of its client."""

    name: str
    speaker: Object
    endings: list[Ending]
    events: list[Event]
    data: Value = UNDEFINED
    """The message."""


@record
class Conversation:
    """Sockets with listeners, and what was played with them. `owner` is the object's context; None in a Worker."""

    machine: Machine
    owner: Object | None
    within: Span
    sockets: list[Object] = field(default_factory=list)
    scenes: list[Heard] = field(default_factory=list)
    closes_itself: bool = False
    """Whether the runtime answers a client's close before its listener runs."""
    later: list[Ending] = field(default_factory=list)
    """What the handshake's own timers and spawned futures came to."""


def message() -> OneOf:
    """A message as a client may send it: text, which may be JSON, or binary."""
    choice = Choice("client", None, dict(MESSAGE_WORDS), 3, odd=2)
    text = Unknown("the message", None, "client")
    text.known.update({"message": "text", "type": "string"})
    return OneOf(choice, ((1, text), (2, Object("ArrayBuffer", {}))), 2)


def close() -> tuple[Choice, OneOf, Unknown, OneOf]:
    """The close of a client in the four ways that there are: the choice, its code, reason, whether it was clean."""
    choice = Choice("client", None, dict(CLOSE_WORDS), 15)
    code = OneOf(choice, CLOSE_CODES, 4)
    reason = Unknown("the reason of the close", None, "client")
    reason.known.update({"type": "string", "most": 123})
    return choice, code, reason, OneOf(choice, ((7, True), (8, False)), 2)


def taken(machine: Machine, events: Sequence[Event]) -> list[tuple[Object, Object | None]]:
    """The ends that were accepted with `accept()` and whose other end went to the client, with the objects' contexts.

    Ends that other code has got are left out: it may listen too.
    """
    returned = {
        id(end)
        for answer in leaves(machine.result)
        if response.is_upgrade(machine, answer) and isinstance(answer, Object)
        for end in leaves(answer.slots["socket"])
    }
    found: list[tuple[Object, Object | None]] = []
    for event in events:
        if not isinstance(event, Accepted) or event.how != "accept" or id(event.socket.extra) not in returned:
            continue
        ends = (event.socket, event.socket.extra)
        if not any("escaped" in end.slots for end in ends) and (event.socket, event.owner) not in found:
            found.append((event.socket, event.owner))
    return found


def converse(
    talk: Conversation, another: Callable[[], Object | None] | None, closes_itself: bool | None
) -> Conversation:
    """Play a conversation: a message, a second client's, a close, and a message after it. `another` has one more
    client come; `closes_itself` says whether the runtime answers closes at the Worker's date."""
    machine, first = talk.machine, talk.sockets[0]
    _heard(talk, HEARD, first, "message", {"data": message()})
    second = another() if another is not None else None
    if second is not None:
        talk.sockets.append(second)
        _heard(talk, HEARD_SECOND, second, "message", {"data": message()})
    choice, code, reason, clean = close()
    talk.closes_itself = closes_itself is True and first.slots.get("half open") is None
    after: Value = OneOf(choice, ((7, "closed"), (8, "closing")), 2) if talk.closes_itself else "closing"
    machine.put(first.slots, "state", after)
    _heard(talk, LEFT, first, "close", {"code": code, "reason": reason, "wasClean": clean})
    if second is not None:
        for name in (HEARD_AFTER, HEARD_LATER):
            _heard(talk, name, second, "message", {"data": message()})
    return talk


def _heard(talk: Conversation, name: str, socket: Object, kind: str, given: dict[str, Value]) -> None:
    """Play what the listeners of a socket do with an event."""
    machine = talk.machine
    if not any(True for _ in _listeners(machine, socket, kind)):
        return
    before, machine.objects = machine.objects, [talk.owner] if talk.owner is not None else []
    budget, machine.scene_budget = machine.scene_budget, scenes.OF_A_LIFE

    start, machine.later = len(machine.events), []
    try:
        endings = scenes.play(machine, name, lambda: _dispatch(machine, socket, kind, given))
        scenes.afterwards(machine, name)
    finally:
        machine.objects, machine.scene_budget = before, budget
    data = given.get("data", UNDEFINED)
    talk.scenes.append(Heard(name, socket, endings, machine.events[start:], data))


def hear(machine: Machine, socket: Object, owner: Object | None) -> None:
    """A message to the listeners of a socket, within a scene that runs."""
    before = machine.objects, machine.requests
    machine.objects = [owner] if owner is not None else []
    home = socket.slots.get("request")
    machine.requests = [home] if isinstance(home, Object) and owner is None else machine.requests
    try:
        _dispatch(machine, socket, "message", {"data": message()})
    finally:
        machine.objects, machine.requests = before


def _dispatch(machine: Machine, socket: Object, kind: str, given: dict[str, Value]) -> Value:
    """Call the listeners of a socket with an event."""
    event = Object("Object", {("p", "type"): kind, ("p", "target"): socket})
    event.slots.update({("p", key): value for key, value in given.items()})
    for listener, span in list(_listeners(machine, socket, kind)):
        function, this = _function(machine, listener, socket, span)
        machine.awaited(machine.call(function, [event], span, this), span)
    return UNDEFINED


def _listeners(machine: Machine, socket: Object, kind: str) -> Iterator[tuple[Value, Span]]:
    """The listeners of a kind of event that a socket surely has, in order, then `onmessage` and its kin."""
    held = machine.known(socket.slots.get("listeners", ()))
    for event, listener, span in held if isinstance(held, tuple) else ():
        if event == kind:
            yield listener, span
    own = machine.known(socket.slots.get(("p", f"on{kind}"), UNDEFINED))
    if isinstance(own, Closure):
        yield own, own.scope.unit.span(own.node).head()


def _function(machine: Machine, listener: Any, socket: Object, span: Span) -> tuple[Value, Value]:
    """What runs of a listener, and as whose: a function, or the `handleEvent` of an object."""
    held = machine.known(listener)
    if isinstance(held, Object) and ("p", "handleEvent") in held.slots:
        return machine.known(held.slots["p", "handleEvent"]), held
    if isinstance(held, Object) and isinstance(held.extra, ClassValue):
        found = machine.known(calls.member(machine, held, "handleEvent", span))
        if isinstance(found, Closure):
            return found, held
    return held, socket


def of_worker(worker: Worker, addresses: Sequence[str]) -> list[Conversation]:
    """The conversations that a Worker has itself, without an object."""
    found: list[Conversation] = []
    seen: set[Any] = set()
    for address in addresses:
        played = worker.handshake(address, False)
        machine = played.machine
        for socket, owner in taken(machine, machine.events):
            if owner is not None or socket.place is None or socket.place in seen:
                continue
            seen.add(socket.place)
            within = Span(socket.place.file, 0, len(socket.place.file.data))
            talk = Conversation(
                machine, None, within, [socket], later=scenes.afterwards(machine, "handshake")
            )
            found.append(converse(talk, None, worker.flag_enabled("web_socket_auto_reply_to_close")))
    return found
