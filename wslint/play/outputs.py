"""What a scene puts out: what is sent, closed, stored, answered and thrown; two runs of a scene compared.

Memory itself is not compared: caches may be lost. Where one of two runs sees something that static reading can't
decide, it may be what the other one has: then nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wslint.play.ending import Condition, Ending
from wslint.record import record, replace
from wslint.regex import regex
from wslint.text import Span
from wslint.values.event import Closed, Event, Fetched, Sent, Stored
from wslint.values.heap import Object
from wslint.values.token import choice_key, identity, token
from wslint.values.value import (
    ABSENT,
    Choice,
    OneOf,
    Unknown,
    Value,
    feasible,
)

MOST_SIDES = 16
"""Values of one output that are looked at apart."""

_DIGITS = regex(r"(\d+)")
_WRITES = frozenset({"put", "delete", "deleteAll", "setAlarm", "deleteAlarm", "sql"})


@record
class Output:
    """One thing that went out, where, under which conditions. `open` where its value is not known; `asked` are the
    conditions one by one, `same` pairs of things that are equal there."""

    kind: str
    target: Any
    token: Any
    when: dict[Any, int]
    owners: set[str]
    place: Span | None
    open: bool = False
    text: str = ""
    same: tuple[tuple[int, int], ...] = ()
    asked: tuple[tuple[Choice, int], ...] = ()


Same = tuple[tuple[int, int], ...]


def _equal(choice: Choice, mask: int) -> Same:
    """What a side of a choice makes equal: two things that a client said, by what they were a part of."""
    if choice.same is None or mask != 1:
        return ()
    one, other = (id(part.known.get("root", part)) for part in choice.same)
    return ((one, other),) if one != other else ()


def renamed(held: Any, same: Same) -> Any:
    """A token with one name for things that are equal."""
    if isinstance(held, tuple):
        return tuple(renamed(part, same) for part in held)
    if type(held) is int:
        for one, other in same:
            if held in (one, other):
                held = min(one, other)
    return held


def of_events(machine: Any, events: Iterable[Event]) -> Iterator[Output]:
    """The outputs among events."""
    for event in events:
        if isinstance(event, Sent) and event.state not in ("closed", "fresh"):
            yield from _each(machine, "send", identity(event.socket), event.value, event)
        elif isinstance(event, Closed):
            yield from _each(machine, "close", identity(event.socket), event.code, event)
        elif isinstance(event, Stored) and event.action in _WRITES and not _only_reads(event):
            yield from _stored(machine, event)
        elif isinstance(event, Fetched) and event.target == "outside":
            yield from _each(machine, "fetch", None, None, event)


def _stored(machine: Any, event: Stored) -> Iterator[Output]:
    """What is written: each entry of `put({ … })` is an output of its own."""
    key = event.key
    if (
        event.action == "put"
        and isinstance(key, Object)
        and key.kind == "Object"
        and not key.slots.get("open")
    ):
        for name, held in key.slots.items():
            if isinstance(name, tuple) and name[0] == "p" and held is not ABSENT:
                yield from _each(machine, event.action, token(name[1])[0], held, event)
        return
    yield from _each(machine, event.action, token(key)[0] if key is not None else None, event.value, event)


_CHANGES = regex(
    r"insert|update|delete|replace|drop|alter|create(?!\s+(?:\w+\s+){1,3}if\s+not\s+exists)", re.IGNORECASE
)


_KEEPS = regex(r"^\s*insert\s+or\s+ignore\b|\bdo\s+nothing\b", re.IGNORECASE)


def _only_reads(event: Stored) -> bool:
    """Whether a statement leaves the rows as they are: a query, a table that is made where it is missing; and one
    whose text is not known, of which nothing can be said."""
    if event.action != "sql":
        return False
    if not isinstance(event.key, str):
        return True
    return not any(
        _CHANGES.match(statement.strip()) and not _KEEPS.search(statement)
        for statement in event.key.split(";")
    )


def _each(machine: Any, kind: str, target: Any, value: Value, event: Event) -> Iterator[Output]:
    when: dict[Any, int] = {}
    owners: set[str] = set()
    same: Same = ()
    asked = tuple(event.path.conditions())
    for choice, mask in asked:
        key = choice_key(choice)
        when[key] = when.get(key, -1) & mask
        owners.add(choice.owner)
        same += _equal(choice, mask)
    made = Output(kind, target, None, when, owners, event.place, same=same, asked=asked)
    yield from _sides(made, value)


def _sides(made: Output, value: Value, json: bool = False) -> Iterator[Output]:
    """An output for each value that it may have; `json` where it is the JSON of that."""
    if isinstance(value, Unknown) and "json of" in value.known:
        inside = _lists(value.known["json of"])
        if isinstance(inside, OneOf):
            yield from _sides(made, inside, True)
            return
    value = _lists(value)
    if not isinstance(value, OneOf):
        held, unsure = token(value)
        held = ("json", held) if json else held
        owners = made.owners if feasible(made.asked) else made.owners | {"unread"}
        yield replace(made, token=held, open=unsure, owners=owners)
        return
    choice = value.choice
    key = choice_key(choice)
    for mask, held_value in value.cases[:MOST_SIDES]:
        possible = made.when.get(key, choice.universe)
        if mask & possible:
            side = replace(
                made,
                when={**made.when, key: mask & possible},
                owners=made.owners | {choice.owner},
                same=made.same + _equal(choice, mask & possible),
                asked=(*made.asked, (choice, mask & possible)),
            )
            yield from _sides(side, held_value, json)


def _lists(value: Value) -> Value:
    """A list whose items a choice decides, as one of several lists."""
    held = value.slots.get("items") if isinstance(value, Object) else None
    if not isinstance(value, Object) or not isinstance(held, OneOf):
        return value
    return OneOf(
        held.choice,
        tuple((mask, Object(value.kind, {**value.slots, "items": items})) for mask, items in held.cases),
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
    owners: set[str] = {one.choice.owner for one in conditions}
    return when, owners if feasible((one.choice, one.mask) for one in conditions) else owners | {"unread"}


def when(event: Event) -> dict[Any, int]:
    """The conditions of an event, to be asked whether others are `compatible`."""
    return {choice_key(choice): mask for choice, mask in event.path.conditions()}


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
    for place, output in enumerate(before):
        if "unread" in output.owners or output.kind in ("fetch", "throw"):
            continue
        if not any(
            _is_equal(output, other) or (_may_be(output, other) and not _is_anothers(output, other, before))
            for other in _from(place, after)
        ):
            yield Difference(output, True)
    for place, output in enumerate(after):
        if output.owners & {"unread", "world"} or output.open or output.kind in ("fetch", "setAlarm"):
            continue  # an alarm that is set once more, because a field said so, is nothing that a client sees
        if not any(_matches(other, output) for other in _from(place, before)):
            yield Difference(output, False)


def _from(place: int, found: Sequence[Output]) -> Iterator[Output]:
    """All outputs, from one place on: two runs that come out alike put out the same things in the same order."""
    yield from (found[index] for index in range(place, len(found)))
    yield from (found[index] for index in range(min(place, len(found))))


def _matches(before: Output, after: Output) -> bool:
    return _is_equal(before, after) or _may_be(before, after)


def _is_equal(before: Output, after: Output) -> bool:
    if before.kind != after.kind or not compatible(before.when, after.when):
        return False
    if before.kind == "sql":
        return before.place == after.place
    if before.target != after.target:
        return False
    same = before.same + after.same
    one, other = (renamed(item.token, same) if same else item.token for item in (before, after))
    return bool(one == other or _unordered(one) == _unordered(other))


def _may_be(before: Output, after: Output) -> bool:
    """Whether one of the two is not known, and may be what the other is."""
    if before.kind != after.kind or before.kind == "sql" or before.target != after.target:
        return False
    if not compatible(before.when, after.when):
        return False
    return after.open or (before.open and not _is_nothing(after.token))


def _is_anothers(output: Output, other: Output, run: Sequence[Output]) -> bool:
    """Whether what the second run puts out is what the first one puts out at that very place beside this output: a
    greeting with the time in it is no history."""
    if other.place is None or other.place == output.place:
        return False
    return any(same_place(one, other) and compatible(one.when, output.when) for one in run)


def _unordered(held: Any) -> Any:
    """A token with its lists sorted: memory that was filled again from sockets or storage has an order of its own,
    and who only shows a list loses nothing by it."""
    if not isinstance(held, tuple):
        return held
    parts = tuple(_unordered(part) for part in held)
    if len(parts) == 2 and parts[0] in _LISTS and isinstance(parts[1], tuple):
        return parts[0], tuple(sorted(parts[1], key=repr))
    return parts


_LISTS = ("Array", "Map", "Set", "Tuple")


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
