"""What a scene puts out: what is sent, closed, stored, answered and thrown; two runs of a scene compared.

Memory itself is not compared: caches may be lost. Where one of two runs sees something that static reading can't
decide, it may be what the other one has: then nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wslint.play.ending import Condition, Ending
from wslint.record import record
from wslint.regex import regex
from wslint.text import Span
from wslint.values.event import Closed, Event, Fetched, Sent, Stored
from wslint.values.heap import Object
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value, is_constant, leaves

MOST_SIDES = 16
"""Values of one output that are looked at apart."""

_DIGITS = regex(r"(\d+)")
_WRITES = frozenset({"put", "delete", "deleteAll", "setAlarm", "deleteAlarm", "sql"})


@record
class Output:
    """One thing that went out, where, under which conditions. `open` where its value is not known."""

    kind: str
    target: Any
    token: Any
    when: dict[Any, int]
    owners: set[str]
    place: Span | None
    open: bool = False
    text: str = ""


def choice_key(condition_choice: Any) -> Any:
    """What a choice is in another run: those of a client are the same, others stand at the same place."""
    if condition_choice.owner == "client" or condition_choice.place is None:
        return id(condition_choice)
    place = condition_choice.place
    return place.file.name, place.start, condition_choice.why


def identity(socket: Object) -> Any:
    """A socket's own identity, which an eviction leaves. One that a scene makes is known by where it is made."""
    if "known" not in socket.slots and "id" not in socket.slots and socket.place is not None:
        return "new", socket.place.file.name, socket.place.start
    return id(socket.slots.get("id", socket))


def token(value: Value, depth: int = 0) -> tuple[Any, bool]:
    """A value so that equal ones are equal; whether a part of it is not known."""
    if isinstance(value, Unknown):
        inner = value.known.get("json of")
        if inner is not None:
            held, unsure = token(inner, depth + 1)
            return ("json", held), unsure
        if value.owner == "client":
            root = value.known.get("root", value)
            if root.place is None and value.known.get("message") is None and value is root:
                return ("client", id(value)), False
            return ("client", id(root) if root.place is None else None, value.why, _at(value.place)), False
        if value.owner == "memory":
            return ("memory", value.known.get("memory"), value.why), False
        return ("unknown", value.why), True
    if value is UNDEFINED or value is ABSENT:
        return ("undefined",), False
    if is_constant(value):
        return (type(value).__name__ if not isinstance(value, str) else "str", value), False
    if isinstance(value, OneOf):
        parts = [(mask, *token(held, depth + 1)) for mask, held in value.cases]
        return ("one of", choice_key(value.choice), tuple((m, t) for m, t, _ in parts)), any(
            u for *_, u in parts
        )
    if isinstance(value, Object):
        return _object_token(value, depth)
    return ("code", getattr(getattr(value, "node", None), "start", type(value).__name__)), False


def _at(place: Span | None) -> Any:
    return (place.file.name, place.start) if place is not None else None


def _object_token(value: Object, depth: int) -> tuple[Any, bool]:
    if value.kind == "WebSocket":
        return ("socket", identity(value)), False
    if depth > 5 or value.kind in ("DurableObjectState", "Environment", "DurableObjectStorage"):
        return (value.kind,), False
    opened = list(leaves(value.slots.get("open")))
    unsure = "escaped" in value.slots or any(one not in (None, False, "memory", ABSENT) for one in opened)
    if "memory" in opened:
        return (value.kind, "memory", tuple(leaves(value.slots.get("memory")))), unsure
    parts: list[Any] = []
    for key, held in value.slots.items():
        if key == "items" and isinstance(held, tuple):
            for item in held:
                inner, more = token(item, depth + 1)
                parts.append(inner)
                unsure = unsure or more
        elif isinstance(key, tuple) and key[0] in ("p", "c", "r"):
            if held is ABSENT:
                continue
            inner, more = token(held, depth + 1)
            name = token(key[2], depth + 1)[0] if key[0] == "r" else key[1:]
            parts.append((name, inner))
            unsure = unsure or more
    return (value.kind, tuple(parts)), unsure


def of_events(machine: Any, events: Iterable[Event]) -> Iterator[Output]:
    """The outputs among events."""
    for event in events:
        if isinstance(event, Sent) and event.state not in ("closed", "fresh"):
            yield from _each(machine, "send", identity(event.socket), event.value, event)
        elif isinstance(event, Closed):
            yield from _each(machine, "close", identity(event.socket), event.code, event)
        elif isinstance(event, Stored) and event.action in _WRITES:
            key = token(event.key)[0] if event.key is not None else None
            yield from _each(machine, event.action, key, event.value, event)
        elif isinstance(event, Fetched) and event.target == "outside":
            yield from _each(machine, "fetch", None, None, event)


def _each(machine: Any, kind: str, target: Any, value: Value, event: Event) -> Iterator[Output]:
    when: dict[Any, int] = {}
    owners: set[str] = set()
    for step in event.path.steps():
        assert step.choice is not None
        key = choice_key(step.choice)
        when[key] = when.get(key, -1) & step.mask
        owners.add("unread" if step.choice.joined else step.choice.owner)
    yield from _sides(kind, target, value, when, owners, event.place)


def _sides(
    kind: str, target: Any, value: Value, when: dict[Any, int], owners: set[str], place: Span | None
) -> Iterator[Output]:
    """An output for each value that it may have."""
    if isinstance(value, Unknown) and isinstance(value.known.get("json of"), OneOf):
        inner: OneOf = value.known["json of"]
        sides: Sequence[tuple[int, Value]] = inner.cases
        choice = inner.choice
    elif isinstance(value, OneOf):
        sides, choice = value.cases, value.choice
    else:
        held, unsure = token(value)
        yield Output(kind, target, held, when, owners, place, unsure)
        return
    key = choice_key(choice)
    for mask, held_value in sides[:MOST_SIDES]:
        possible = when.get(key, choice.universe)
        if mask & possible:
            yield from _sides(
                kind, target, held_value, {**when, key: mask & possible}, owners | {choice.owner}, place
            )


def of_endings(endings: Iterable[Ending]) -> Iterator[Output]:
    """What a scene comes to, as outputs: answers, and what is thrown at nobody."""
    for ending in endings:
        if ending.kind in ("done", "return"):
            continue
        for conditions in ending.whole or [ending.when]:
            when, owners = _conditions(conditions)
            if ending.kind == "answer":
                yield Output("answer", None, ending.status, when, owners, ending.span)
            else:
                yield Output(
                    ending.kind, None, None, when, owners, ending.span, ending.kind == "unknown", ending.text
                )


def _conditions(conditions: Sequence[Condition]) -> tuple[dict[Any, int], set[str]]:
    when: dict[Any, int] = {}
    for condition in conditions:
        key = choice_key(condition.choice)
        when[key] = when.get(key, -1) & condition.mask
    return when, {"unread" if one.choice.joined else one.choice.owner for one in conditions}


def compatible(one: dict[Any, int], other: dict[Any, int]) -> bool:
    """Whether two sets of conditions may hold at once."""
    if len(other) < len(one):
        one, other = other, one
    return all(mask & other.get(key, -1) for key, mask in one.items())


@record
class Difference:
    """Something that one run puts out and the other one does not."""

    output: Output
    lost: bool
    """Whether it is the second run that lacks it."""


def comparable(found: Sequence[Output]) -> bool:
    """Whether a run is known to its end."""
    return not any(output.kind in ("unknown", "hang") for output in found)


def differences(before: Sequence[Output], after: Sequence[Output]) -> Iterator[Difference]:
    """What a second run of a scene lacks or has beyond the first one, where both are known."""
    if not comparable(after):
        return
    for output in before:
        if "unread" in output.owners or output.kind in ("fetch", "throw"):
            continue
        if not any(_matches(output, other) for other in after):
            yield Difference(output, True)
    for output in after:
        if output.owners & {"unread", "world"} or output.open or output.kind == "fetch":
            continue
        if not any(_matches(other, output) for other in before):
            yield Difference(output, False)


def _matches(before: Output, after: Output) -> bool:
    if before.kind != after.kind or not compatible(before.when, after.when):
        return False
    if before.kind == "sql":
        return before.place == after.place
    if before.target != after.target:
        return False
    return before.token == after.token or after.open or (before.open and not _is_nothing(after.token))


def _is_nothing(held: Any) -> bool:
    return held in (("undefined",), ("NoneType", None))


# The one who leaves


def same_place(one: Output, other: Output) -> bool:
    return one.kind == other.kind and one.target == other.target and one.place == other.place


def counts_leaver(listed: Any, without: Any, others: int) -> bool:
    """Whether what goes out has the one who leaves in it. A number may be meant either way: the right one is how many
    others there are."""
    pairs = list(_unlike(listed, without))
    if not pairs or any(not isinstance(number, float) for pair in pairs for number in pair):
        return bool(pairs)
    return all(right == others and wrong != others for wrong, right in pairs)


def _unlike(one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """Where two tokens differ; the numbers in texts stand for themselves."""
    if one == other:
        return
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            yield from _unlike(left, right)
    elif isinstance(one, str) and isinstance(other, str):
        left, right = _DIGITS.split(one), _DIGITS.split(other)
        if left[::2] != right[::2]:
            yield one, other
        else:
            yield from ((float(a), float(b)) for a, b in zip(left[1::2], right[1::2], strict=True) if a != b)
    elif isinstance(one, int | float) and isinstance(other, int | float):
        yield float(one), float(other)
    else:
        yield one, other
