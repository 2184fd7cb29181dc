"""Values: known, one of several with the choice that each rests on, or unknown with the reason.

A text, a number, a boolean and null (`None`, also Python's `None` and Rust's) are Python's own. What lives in the
heap is an `Object` (heap.py). A value that hangs on a choice is `OneOf`, a decision tree whose leaves are values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from wslint.record import record
from wslint.text import Span

Value = Any

Owner = Literal[
    "client",  # the other end of the socket: path, message, who closes and how
    "world",  # time, chance, what storage holds, what another address answers
    "unread",  # code or configuration that is not read
    "memory",  # what the object's own memory holds, after writes that can't be told apart
]

MOST_LEAVES = 12
"""Leaves of one `OneOf` that a slot holds; with more it is unknown."""

MOST_RETURNED = 512
"""The same for what a function returns: each way through a router has its own answer."""


class _Undefined:
    """JavaScript's `undefined`."""

    def __repr__(self) -> str:
        return "undefined"


class _Absent:
    """A slot that holds nothing: a key that a Map does not have is not one whose value is undefined."""

    def __repr__(self) -> str:
        return "absent"


UNDEFINED = _Undefined()
ABSENT = _Absent()


@record
class Choice:
    """Something that is not known and has several cases. A set of cases is an integer with a bit for each; a
    negative one stands for all cases but those.

    `words` says each side as it follows "where": by mask, filled in when a side is first met.
    """

    owner: Owner
    place: Span | None
    words: dict[int, str]
    universe: int = -1
    why: str = ""
    """What could not be followed, for one of unread code."""
    matters: bool = True
    """Whether a side is worth naming: the sides of code that is not read may both be harmless."""
    joined: bool = False
    """Whether it stands for a condition over several choices: a way on it may be none, because they exclude it."""

    @property
    def is_clients(self) -> bool:
        """Whether a client can surely make it so."""
        return self.owner == "client" and not self.joined

    def word(self, mask: int) -> str:
        """The side `mask` in words; empty where it has none."""
        found = self.words.get(mask)
        if found is None and self.universe > 0:
            found = " or ".join(words for bit, words in self.words.items() if bit & mask == bit)
        if found is None:
            whole = self.words.get(~mask)
            found = f"not ({whole})" if whole else ""
        return found


class Unknown:
    """What static reading can't decide. Two reads of the same thing are the same object, so that asking twice is
    one choice; `known` holds what was asked of it before (its truth, its members, its value)."""

    __slots__ = ("known", "owner", "place", "why")

    def __init__(self, why: str, place: Span | None = None, owner: Owner = "unread") -> None:
        self.why = why
        self.place = place
        self.owner: Owner = owner
        self.known: dict[object, Any] = {}

    def derived(self, key: object, why: str, place: Span | None = None) -> Unknown:
        """The same question asked of it again gives the same unknown."""
        made = self.known.get(key)
        if made is None:
            made = self.known[key] = Unknown(why, place or self.place, self.owner)
            if "memory" in self.known:
                made.known["memory"] = self.known["memory"]
            made.known["root"] = self.known.get("root", self)
        return made

    def __repr__(self) -> str:
        return f"unknown({self.why})"


@record
class OneOf:
    """One of several values: `cases` are pairs of a mask of the choice and what the value is there. The masks
    are disjoint and cover what was possible when it was made."""

    choice: Choice
    cases: tuple[tuple[int, Value], ...]
    size: int = 2
    """How many leaves there are."""

    def leaves(self) -> Iterator[Value]:
        waiting: list[Value] = [self]
        while waiting:  # a way through many guards is as deep as they are many
            value = waiting.pop()
            if isinstance(value, OneOf):
                waiting += [held for _, held in reversed(value.cases)]
            else:
                yield value


def same(one: Value, other: Value) -> bool:
    """Whether two values are one: equal constants, or the same object, unknown or decision."""
    if one is other:
        return True
    if isinstance(one, (str, float, int, bool)) or one is None:
        if isinstance(one, str):
            return isinstance(other, str) and str(one) == str(other)
        return type(one) is type(other) and one == other
    if isinstance(one, OneOf) and isinstance(other, OneOf):
        return (
            one.choice is other.choice
            and len(one.cases) == len(other.cases)
            and all(a[0] == b[0] and same(a[1], b[1]) for a, b in zip(one.cases, other.cases, strict=True))
        )
    return False


def one_of(choice: Choice, cases: Iterable[tuple[int, Value]], most: int = MOST_LEAVES) -> Value:
    """The value that is `value` where the choice lies in `mask`. Equal ones are put together; more than `most`
    are unknown."""
    masks: list[int] = []
    values: list[Value] = []
    index: dict[Any, int] = {}
    for mask, value in cases:
        if not values:
            if type(value) is not OneOf or value.choice is not choice:
                masks.append(mask)
                values.append(value)
                continue
        elif value is values[0]:
            masks[0] |= mask
            continue
        if type(value) is OneOf and value.choice is choice:
            inner = [(m & mask, v) for m, v in value.cases if m & mask]
            if len(values) == 1 and not isinstance(values[0], _COMPARED):  # what is inside differs already
                first = values[0]
                masks[0] |= sum([m for m, v in inner if v is first])
                masks += [m for m, v in inner if v is not first]
                values += [v for _, v in inner if v is not first]
            else:
                for m, v in inner:
                    _merge(masks, values, m, v, index)
        else:
            _merge(masks, values, mask, value, index)
        if len(values) > most:
            return Unknown("it is one of too many things", choice.place)
    if len(values) == 1:
        return values[0]
    size = len(values)
    for value in values:
        if type(value) is OneOf:
            size += value.size - 1
    if size > most:
        return Unknown("it is one of too many things", choice.place)
    return OneOf(choice, tuple(zip(masks, values, strict=True)), size)


_COMPARED = (str, float, int, OneOf)
_FEW = 8
"""Values that are compared one by one."""


def _merge(masks: list[int], values: list[Value], mask: int, value: Value, index: dict[Any, int]) -> None:
    """Put a case to an equal one, or behind the others. What lies in the heap is only equal to itself. `index` has
    the places of values, once they are many."""
    if len(values) >= _FEW and type(value) is not OneOf:
        if not index:
            for place, held in enumerate(values):
                index.setdefault(_key(held), place)
        place = index.setdefault(_key(value), len(values))
        if place < len(values):
            masks[place] |= mask
            return
    else:
        compared = isinstance(value, _COMPARED)
        for place, held in enumerate(values):
            if held is value or (compared and same(held, value)):
                masks[place] |= mask
                return
        if index:
            index[id(value)] = len(values)
    masks.append(mask)
    values.append(value)


def _key(value: Value) -> Any:
    """Equal for values that are the same, decisions aside."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (float, int)) and value == value:
        return type(value), value
    return id(value)


def owner_of(value: Value) -> Owner:
    """Whose choice an unknown part of a value is, where its `open` slot says so."""
    for leaf in leaves(value):
        if leaf in ("client", "world", "memory"):
            return leaf  # type: ignore[no-any-return]
    return "unread"


def is_constant(value: Value) -> bool:
    """Whether a value is a text, a number, a boolean, null or undefined."""
    return value is None or value is UNDEFINED or isinstance(value, (str, float, int, bool))


def leaves(value: Value) -> Iterator[Value]:
    """All that a value may be."""
    if isinstance(value, OneOf):
        yield from value.leaves()
    else:
        yield value


Call = Callable[..., Value]
