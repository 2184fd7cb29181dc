"""What must hold of every conversation over sockets with listeners: the questions that rules ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wslint.machine import calls
from wslint.play.ending import Condition, Ending, conditions
from wslint.play.laws import MESSAGES, class_span, is_clients, line, raised, said_of
from wslint.play.life import MESSAGE, Life
from wslint.play.listeners import (
    CLOSE_WORDS,
    HEARD,
    HEARD_AFTER,
    HEARD_LATER,
    HEARD_SECOND,
    LEFT,
    LOST,
    Conversation,
    Heard,
)
from wslint.record import frozen
from wslint.runtime import words
from wslint.runtime.context import BROKEN, Gated
from wslint.runtime.names import HIBERNATING
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.values.event import Accepted, Closed, Listed, Raised, Sent
from wslint.values.value import Value, leaves

if TYPE_CHECKING:
    from wslint.worker import Worker


@frozen
class CutOff:
    """A listener that throws on what a client does, and what comes of it."""

    text: str
    place: Span
    when: str
    outcome: str
    within: Span


def cut_off(talk: Conversation) -> Iterator[CutOff]:
    """What is thrown in listeners for what clients do, and nobody catches.

    What an `async` listener throws itself is left alone: it ends the listener, and nothing else.
    """
    seen: set[Any] = set()
    for scene in talk.scenes:
        for ending in scene.endings:
            event = raised(ending.value) if ending.kind == "throw" else None
            if event is None or ending.span is None or not ending.text or ending.span in seen:
                continue
            outcome = _outcome(talk, scene, event)
            ways = _ways_of_clients(ending)
            if not outcome or not ways or ending.text.startswith(words.NOT_JSON):
                continue  # a message that is no JSON: a rule of its own
            seen.add(ending.span)
            when = said_of(ways)
            if scene.name in (HEARD_AFTER, HEARD_LATER) and event.text == words.SEND_AFTER_CLOSE:
                when = "another client has gone before"
            yield CutOff(ending.text, ending.span, when, outcome, talk.within)


def _outcome(talk: Conversation, scene: Heard, event: Raised) -> str:
    """What comes of a throw; nothing, where it is left alone."""
    is_late = event.text == words.SEND_AFTER_CLOSE
    if scene.name == LEFT:
        if is_late and len(talk.sockets) > 1:
            return "the rest of the room hears nothing of it"
        return "" if is_late or talk.closes_itself else "its close is never answered"
    if is_late and event.receiver is scene.speaker:
        return ""  # a word to the very client that was closed just before: it is lost, and harms nobody else
    if not event.rejects:
        return "the client is cut off with 1006"
    return "the client gets no answer" if event.by_runtime else ""


def _ways_of_clients(ending: Ending) -> list[Sequence[Condition]]:
    """The ways to an ending that clients choose; a client whose connection is lost chooses nothing, and hears nothing."""
    found: list[Sequence[Condition]] = []
    for way in ending.whole:
        heard = [Condition(one.choice, one.mask & ~LOST) if _is_close(one) else one for one in way]
        if all(one.mask for one in heard) and is_clients(heard):
            found.append(heard)
    return found


def _is_close(condition: Condition) -> bool:
    return condition.choice.words.get(LOST) == CLOSE_WORDS[LOST]


def panics(talk: Conversation) -> Iterator[CutOff]:
    """Where the task that serves a socket panics for what a client does: in Rust, one loop takes all its events."""
    seen: set[Any] = set()
    for ending in talk.later:
        event = raised(ending.value) if ending.kind == "throw" else None
        if (
            event is None
            or ending.span is None
            or ending.span in seen
            or not ending.text.startswith(words.PANIC)
        ):
            continue
        ways = _ways_of_clients(ending)
        if ways:
            seen.add(ending.span)
            last = min(ways, key=len)[-1:]
            outcome = "the socket is not served any more"
            yield CutOff(ending.text, ending.span, said_of([last]), outcome, talk.within)


@frozen
class Kept:
    """A send to a socket whose client has gone, caught each time."""

    place: Span
    within: Span


def kept_closed(talk: Conversation) -> Iterator[Kept]:
    """Sockets of clients that have gone and are still sent to: they are kept as long as the object lives."""
    seen: set[Span] = set()
    for scene in talk.scenes:
        for event in scene.events if scene.name == HEARD_LATER else ():
            if not isinstance(event, Raised) or not event.caught or event.text != words.SEND_AFTER_CLOSE:
                continue
            if event.receiver is talk.sockets[0] and event.place is not None and event.place not in seen:
                seen.add(event.place)
                yield Kept(event.place, talk.within)


def unanswered(talk: Conversation) -> Iterator[Kept]:
    """Where a socket was accepted whose close listener closes it on no way, and the runtime does not either."""
    heard = next((scene for scene in talk.scenes if scene.name == LEFT), None)
    if heard is None or talk.closes_itself or any(ending.kind != "done" for ending in heard.endings):
        return
    ways = [condition for ending in heard.endings for way in ending.whole for condition in way]
    if any(condition.choice.owner == "unread" for condition in ways):
        return
    if any(isinstance(event, Closed) for event in heard.events):
        return
    for event in talk.machine.events:
        if isinstance(event, Accepted) and event.socket is heard.speaker and event.place is not None:
            yield Kept(event.place, talk.within)
            return


@frozen
class Relay:
    """A listener that passes each message on to another socket as it is."""

    place: Span
    within: Span


def relays(talk: Conversation) -> Iterator[Relay]:
    """Sockets of the code's own that only stand between the client and a socket that a request opened."""
    for scene in talk.scenes:
        sent = [event for event in scene.events if isinstance(event, Sent)]
        parts = list(leaves(scene.data))
        for event in sent:
            if event.socket is scene.speaker or not parts or event.place is None:
                continue
            if _is(event.value, parts) and "from response" in event.socket.slots:
                yield Relay(event.place, talk.within)
                return


def _is(value: Value, parts: list[Value]) -> bool:
    held = list(leaves(value))
    return bool(held) and all(any(one is part for part in parts) for one in held)


@frozen
class Unparsed:
    """Where a message that is no JSON ends a handler, or a listener and with it the socket."""

    place: Span
    cuts_off: bool
    within: Span


def unparsed(worker: Worker) -> Iterator[Unparsed]:
    """What a message that is no JSON throws, and nobody catches; what breaks the whole object is left out."""
    for life in worker.lives:
        for name in MESSAGES:
            scene = life.scene(name)
            if scene is None or any(event.name == BROKEN for event in scene.of(Gated)):
                continue
            yield from (Unparsed(place, False, class_span(life)) for place in _no_json(scene.endings))
    for talk in worker.conversations:
        for heard in talk.scenes:
            if heard.name in (HEARD, HEARD_SECOND):
                ended = [one for one in heard.endings if not getattr(raised(one.value), "rejects", True)]
                yield from (Unparsed(place, True, talk.within) for place in _no_json(ended))


def _no_json(endings: Sequence[Ending]) -> Iterator[Span]:
    for ending in endings:
        if ending.kind == "throw" and ending.span is not None and raised(ending.value) is not None:
            if ending.text.startswith(words.NOT_JSON) and _ways_of_clients(ending):
                yield ending.span


def resets(life: Life) -> Iterator[Thrown]:
    """What is thrown inside of `blockConcurrencyWhile` for what a client sends: the object starts anew."""
    seen: set[Any] = set()
    for name in MESSAGES:
        scene = life.scene(name)
        for event in scene.of(Gated) if scene is not None else ():
            way = conditions(event.path)
            if (
                event.name == BROKEN
                and event.place is not None
                and event.place not in seen
                and is_clients(way)
            ):
                seen.add(event.place)
                yield Thrown(event.place, said_of([way]), class_span(life))


def aborts(life: Life) -> Iterator[Thrown]:
    """Where a client's message makes an object abort whose sockets nobody has closed."""
    seen: set[Any] = set()
    for name in MESSAGES:
        scene = life.scene(name)
        closed = False
        for event in scene.events if scene is not None else ():
            closed = closed or isinstance(event, Closed)
            if not isinstance(event, Gated) or event.name != "abort" or event.place is None or closed:
                continue
            way = conditions(event.path)
            if event.place not in seen and is_clients(way):
                seen.add(event.place)
                yield Thrown(event.place, said_of([way]), class_span(life))


@frozen
class Thrown:
    """A handler of hibernating sockets that throws by itself."""

    place: Span
    when: str
    within: Span


def own_throws(worker: Worker) -> Iterator[Thrown]:
    """Where a hibernating handler throws by itself for what a client sends, and nobody catches it."""
    for life in worker.lives:
        seen: set[Any] = set()
        for name in MESSAGES:
            scene = life.scene(name)
            for ending in scene.endings if scene is not None else ():
                event = raised(ending.value) if ending.kind == "throw" else None
                if event is None or event.by_runtime or event.place is None or event.place in seen:
                    continue
                ways = _ways_of_clients(ending)
                if ways:
                    seen.add(event.place)
                    yield Thrown(event.place, said_of(ways), class_span(life))


def always_empty(worker: Worker) -> Iterator[tuple[Span, Span]]:
    """Where a class lists its sockets and takes none for hibernation: the place, and where one was accepted."""
    files = worker.source.files if worker.source is not None else []
    if any(word.encode() in file.data for file in files for word in HIBERNATING):
        return
    for life in worker.lives:
        talk = life.conversation
        owner = talk.owner if talk is not None else None
        if talk is None or owner is None or "escaped" in owner.slots:
            continue
        accepted = [
            event for event in life.machine.events if isinstance(event, Accepted) and event.place is not None
        ]
        if any(event.how != "accept" for event in accepted):
            continue
        for event in life.machine.events:
            if isinstance(event, Listed) and event.place is not None and event.owner is owner and accepted:
                yield event.place, accepted[0].place or event.place


def unheard(life: Life) -> Span | None:
    """The message handler of a class whose sockets are never accepted for hibernation, and have listeners."""
    talk = life.conversation
    if talk is None or not any(scene.name == HEARD for scene in talk.scenes):
        return None
    classes = line(life)
    for cls in classes:
        for node in nodes_in(cls.node):
            if isinstance(node, tree.Member) and node.name in HIBERNATING:
                return None
    found = calls.find(life.machine, life.cls, MESSAGE, classes)
    if found is None:
        return None
    member, owner = found
    return Span(owner.scope.unit.file, member.name_start, member.name_start + len(member.name.encode()))
