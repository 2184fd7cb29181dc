"""What must hold of every handshake, and of requests that are none: the questions that rules ask of their plays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from wslint.machine.machine import Machine
from wslint.play import scenes, wasted
from wslint.play.addresses import DEFAULT, Asked, addresses
from wslint.play.ending import Condition, Ending, lost_upgrade
from wslint.play.life import PLAIN
from wslint.play.safely import played_safely
from wslint.project.handshakes import is_served
from wslint.record import frozen
from wslint.runtime import response, words
from wslint.runtime.kept_resolver import A_MESSAGE
from wslint.runtime.names import MAKERS
from wslint.text import Span
from wslint.values.event import Accepted, Raised
from wslint.values.heap import Object
from wslint.values.value import Choice, OneOf, Unknown, Value, feasible

if TYPE_CHECKING:
    from wslint.worker import Worker


@frozen
class Refusal:
    """An address at which no handshake ever opens, and what it comes to instead."""

    asked: Asked
    ending: Ending

    @property
    def when(self) -> str:
        """What it rests on, in words, where something else may refuse as well."""
        said = (each.words for each in self.ending.when if each.choice.matters and not each.choice.fault)
        return " and ".join(dict.fromkeys(words for words in said if words))


def refused(worker: Worker) -> Iterator[Refusal]:
    """The addresses at which every handshake is surely refused, whatever a client asks for and code that is not
    read does."""
    if not takes_sockets(worker) or is_called(worker):
        return
    for asked in addresses(worker):
        found: Ending | None = None
        for text in (asked.text, *asked.others):
            worst, looked, in_vain = _first(worker, text)
            counts = worst is not None and (
                _counts(worst, asked, looked)
                or (in_vain and not _opens(worker))
                or _is_unmet(worker, worst, asked)
            )
            if not counts:
                found = None
                break
            found = found or worst
        if found is not None and not (_is_failure(found) and _lacks_what_others_bind(worker)):
            yield Refusal(asked, found)


def _lacks_what_others_bind(worker: Worker) -> bool:
    """Whether the code reads a binding that only other environments have: this one may never be deployed, and there is
    a rule of its own for one that is."""
    if worker.source is None:
        return False
    here = {binding.name for binding in worker.config.bindings}
    elsewhere = {one.name for each in worker.document.environments for one in each.bindings} - here
    return any(use.name in elsewhere for use in worker.source.binding_uses)


def _is_unmet(worker: Worker, ending: Ending, asked: Asked) -> bool:
    """Whether a page that the Worker itself serves asks for what it answers with 404, whatever else the client says."""
    client = asked.client
    if client is None or not asked.exact or ending.status != NOT_FOUND or ending.when:
        return False
    return is_served(worker, client) and _opens_elsewhere(worker, asked)


def _opens_elsewhere(worker: Worker, asked: Asked) -> bool:
    """Whether another address opens a socket: so the class is not one that other Workers ask."""
    return any(
        ending.status == response.SWITCHING
        for other in addresses(worker)
        if other is not asked
        for ending in worker.handshake(other.text, False).endings
    )


NOT_FOUND = 404


def _opens(worker: Worker) -> bool:
    """Whether some address opens a socket: then another one that comes to the same class may be one for plain requests,
    such as those for what a room has in it."""
    played = (worker.handshake(asked.text, False).endings for asked in addresses(worker))
    return any(ending.status == response.SWITCHING for endings in played for ending in endings)


def is_called(worker: Worker) -> bool:
    """Whether another Worker calls this one: then its own fetch need not answer handshakes."""
    callers = worker.workspace.callers.get(worker.name, ())
    return any(document is not worker.document for document in callers)


def _bound(worker: Worker) -> Iterator[Worker]:
    """The Workers that this one asks, as far as they were given."""
    for bound in worker.config.bindings:
        service = bound.value.get("service") if bound.kind == "services" else None
        if service is not None and service.string is not None:
            yield from worker.workspace.workers_by_name.get(service.string, [])


def takes_sockets(worker: Worker) -> bool:
    """Whether anything in the project makes or takes sockets, that of a Worker which it binds too, or a client of its
    own opens one."""
    files = [
        file for each in (worker, *_bound(worker)) if each.source is not None for file in each.source.files
    ]
    if any(word in file.data for file in files for word in MAKERS):
        return True
    return worker.source is None and any(asked.client is not None for asked in addresses(worker))


def _first(worker: Worker, text: str) -> tuple[Ending | None, bool, bool]:
    """What the first handshake for an address surely comes to, if it is no opening; whether the path was looked at, and
    whether an end was accepted on the way for nothing.

    Where the runtime does not throw, an object that lived before must refuse as well.
    """
    worst: Ending | None = None
    looked = in_vain = False
    for established in (False, True):
        played = worker.handshake(text, established)
        worst = _surely(played.endings)
        in_vain = in_vain or (worst is not None and wasted.wastes(played, worst))
        looked = looked or played.machine.looked_at_path
        if worst is None or worst.kind == "throw":
            break
    return worst, looked, in_vain


OFFER = "the header `sec-websocket-protocol`"
"""What the machine calls the list of subprotocols that a client offers."""


def echoed(worker: Worker) -> Iterator[Span]:
    """Where a 101 is made that sends back the whole list of subprotocols, as it came."""
    if not takes_sockets(worker):
        return
    seen: set[Span] = set()
    for asked in addresses(worker):
        for ending in worker.handshake(asked.text, False).endings:
            answer = ending.value
            if ending.status != response.SWITCHING or not isinstance(answer, Object):
                continue
            headers = answer.slots.get("headers")
            held = headers.slots.get(("h", "sec-websocket-protocol")) if isinstance(headers, Object) else None
            place = _made_at(answer)
            if place is None or place in seen:
                continue
            way = [(one.choice, one.mask) for one in ending.when]
            if any(_may_be_any_offer(leaf, conditions) for leaf, conditions in _under(held, way)):
                seen.add(place)
                yield place


def _under(
    value: Value, conditions: list[tuple[Choice, int]]
) -> Iterator[tuple[Value, list[tuple[Choice, int]]]]:
    """The leaves of a value, each with the conditions under which it is the one."""
    if not isinstance(value, OneOf):
        yield value, conditions
        return
    for mask, held in value.cases:
        yield from _under(held, [*conditions, (value.choice, mask)])


def _may_be_any_offer(value: Value, conditions: list[tuple[Choice, int]]) -> bool:
    """Whether this is what the client offers, and no text that the code has compared it with."""
    if not isinstance(value, Unknown) or value.why != OFFER or value.owner != "client":
        return False
    choice: Choice | None = value.known.get("value")
    if choice is None:
        return True
    compared = sum(value.known["labels"].values())
    return feasible([*conditions, (choice, ~compared)])


def _made_at(answer: Object) -> Span | None:
    """Where an answer was made that others have passed on."""
    while isinstance(answer.extra, Object) and answer.extra.kind == "Response":
        answer = answer.extra
    return answer.place


@frozen
class Unasked:
    """A 101 for a request that is no handshake."""

    asked: Asked
    place: Span


def unasked(worker: Worker) -> Iterator[Unasked]:
    """The addresses that open for handshakes and at which the same address, typed into a browser, is answered with a 101
    that the runtime refuses to send."""
    if not takes_sockets(worker) or is_called(worker):
        return
    seen: set[Span] = set()
    for asked in addresses(worker)[:MOST_PLAIN]:
        opens = worker.handshake(asked.text, False).endings
        if not any(ending.status == response.SWITCHING for ending in opens):
            continue
        for ending in played_safely(worker, partial(scenes.play_plain, worker, asked.text), no_endings):
            if ending.text != words.NO_UPGRADE or ending.span is None or ending.span in seen:
                continue
            if any(all(_is_of_query(one.choice) for one in way) for way in ending.whole):
                seen.add(ending.span)
                yield Unasked(asked, ending.span)


def opens_anywhere(worker: Worker) -> bool:
    """Whether the Worker takes handshakes and never asks for which path."""
    if not takes_sockets(worker) or worker.source is None:
        return False
    played = played_safely(worker, partial(scenes.behind_assets, worker, DEFAULT), scenes.not_played)
    opens = any(ending.status == response.SWITCHING for ending in played.endings)
    return opens and not played.machine.looked_at_path


def no_endings() -> list[Ending]:
    return []


def _is_of_query(choice: Choice) -> bool:
    """Whether a choice lies in the address alone, and not in headers that may be a guard of their own."""
    return choice.owner == "client" and choice.why.startswith("the query")


MOST_PLAIN = 8
"""Addresses at which a plain request is played."""


def unanswered_handshakes(worker: Worker) -> Iterator[Refusal]:
    """The addresses at which every handshake waits for what never comes."""
    if not takes_sockets(worker) or is_called(worker):
        return
    seen: set[Span] = set()
    played = [(asked, worker.handshake(asked.text, False).endings) for asked in addresses(worker)]
    opens = any(ending.status == response.SWITCHING for _, endings in played for ending in endings)
    for asked, endings in played:
        if opens and any(ending.text == A_MESSAGE for ending in endings):
            continue  # the socket of another address may say it
        if not endings or any(ending.kind != "hang" or ending.span is None for ending in endings):
            continue
        conditions = [one for ending in endings for way in ending.whole for one in way]
        first = endings[0]
        if first.span in seen or any(one.choice.owner == "unread" for one in conditions):
            continue
        assert first.span is not None
        seen.add(first.span)
        yield Refusal(asked, first)


@frozen
class Thrown:
    """What the runtime throws at the code that answers a request, and nobody takes: at which place, and at what
    (`receiver`). `request` says what fails: a `handshake`, or any other `request`."""

    place: Span
    text: str
    receiver: Object | None
    request: str


def thrown(worker: Worker, *texts: str) -> Iterator[Thrown]:
    """Where the runtime throws what begins with one of these texts at the code of a handshake, once a place; and
    where it does so only for requests that are none."""
    seen: set[Any] = set()
    for event in _thrown_at_requests(worker):
        if not event.text.startswith(texts) or event.place is None or event.place in seen:
            continue
        conditions = list(event.path.conditions())
        if any(choice.owner == "unread" for choice, _ in conditions):
            continue
        what = "handshake" if event.scene in _HANDSHAKES else "request"
        if what == "request" and not feasible(conditions):
            continue
        seen.add(event.place)
        yield Thrown(event.place, event.text, event.receiver, what)


def _thrown_at_requests(worker: Worker) -> Iterator[Raised]:
    """What is thrown while requests are answered, and not caught: handshakes first, then what else the Worker's routes
    and the objects are asked."""
    if worker.source is None:
        return
    for scene_names, machines in (
        (_HANDSHAKES, machines_of(worker)),
        ((scenes.ANY, PLAIN), (*worker.other_requests, *(life.machine for life in worker.lives))),
    ):
        for machine in machines:
            for event in machine.events:
                if isinstance(event, Raised) and event.scene in scene_names and not event.caught:
                    yield event


def machines_of(worker: Worker) -> Iterator[Machine]:
    """The machines that played handshakes: those of lives, those of addresses, and once more on objects that lived."""
    if worker.source is None:
        return
    yield from [life.machine for life in worker.lives]
    for asked in addresses(worker):
        machine = worker.handshake(asked.text, False).machine
        yield machine
        if machine.steps < MOST_TO_REPEAT:
            yield worker.handshake(asked.text, True).machine


def accepted_before(worker: Worker, socket: Object) -> Span | None:
    """Where an end, or the other one of its pair, was accepted first."""
    for machine in machines_of(worker):
        for event in machine.events:
            if isinstance(event, Accepted) and event.socket in (socket, socket.extra):
                return event.place
    return None


_HANDSHAKES = ("handshake", "second client")
MOST_TO_REPEAT = 30_000
"""Steps of a handshake that is not played once more, on an object that lived before."""


def is_returned(worker: Worker, socket: Object) -> bool:
    """Whether an end is the one that goes to the client: its other end is accepted somewhere."""
    accepted = (
        event for machine in machines_of(worker) for event in machine.events if isinstance(event, Accepted)
    )
    return any(event.socket is socket.extra for event in accepted)


def _surely(endings: Sequence[Ending]) -> Ending | None:
    """The ending to speak of where none of them opens; None where one may. That a call to the world fails is no
    handshake's ordinary course."""
    for ending in endings:
        if ending.status is None or ending.status == response.SWITCHING:
            return None
        for conditions in ending.whole:
            if any(condition.choice.owner == "unread" for condition in conditions):
                return None
    ordinary = [ending for ending in endings if not all(_has_failed(way) for way in ending.whole)] or endings
    thrown = [ending for ending in ordinary if ending.kind == "throw" or _is_failure(ending)]
    if thrown:
        return min(thrown, key=lambda ending: len(ending.when))
    return ordinary[0] if len(ordinary) == 1 else None


def _has_failed(way: list[Condition]) -> bool:
    return any(each.mask & each.choice.universe == each.choice.fault for each in way if each.choice.fault)


def _is_failure(ending: Ending) -> bool:
    return ending.status is not None and ending.status >= 500


def _counts(ending: Ending, asked: Asked, looked: bool) -> bool:
    """Whether a refusal is no guard's: the runtime throws, or the object itself refuses on every way. Of an address
    that nobody names, and at whose path the code looks, nothing is said."""
    if looked and not asked.named:
        return False
    if ending.kind == "throw" or (
        _is_failure(ending) and isinstance(getattr(ending.value, "extra", None), Object)
    ):
        return True
    if ending.when or not isinstance(ending.value, Object):
        return False
    if _is_mislaid(ending.value) or lost_upgrade(ending):
        return True
    return "from object" in ending.value.slots and (asked.exact or not looked)


def _is_mislaid(answer: Value) -> bool:
    """Whether a router answers that no route meets the path, and one would meet what the path was before."""
    while isinstance(answer, Object) and "mislaid" not in answer.slots:
        answer = answer.extra
    return isinstance(answer, Object)
