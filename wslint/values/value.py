"""Values: known, one of several with the choice that each rests on, or unknown with the reason.

A text, a number, a boolean and null (`None`, also Python's `None` and Rust's) are Python's own. What lives in the
heap is an `Object` (heap.py). A value that hangs on a choice is `OneOf`, a decision tree whose leaves are values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, Literal

from wslint.record import field, record
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

MOST_DIFFERENT = 8
"""Different things that a value with too many leaves may be, of which it still is one."""

MOST_ANSWERS = 48
"""The same for what a function returns."""


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
    is_of_ways: bool = False
    """Whether it is the choice that one of several ways was taken: what it stands for takes many words."""
    stands: OneOf | int | None = None
    """What it stands for, where it is made of other choices: a decision on them whose leaves are its own cases, or the
    one case that it always has."""
    same: tuple[Unknown, Unknown] | None = None
    """The two things of which it is the choice whether they are equal (case 1)."""
    fewer: dict[Any, Choice] = field(default_factory=dict)
    """The choices that stand for decisions on it and others that have too many leaves."""
    forms: dict[tuple[tuple[int, int], ...], int] = field(default_factory=dict)
    """The forms that decisions on it have had, numbered."""
    odd: int = 0
    """The cases of what a client sends that only one of another make would send: another kind, a part left out."""
    fault: int = 0
    """The cases in which something outside fails that ordinarily works."""

    @property
    def is_clients(self) -> bool:
        """Whether a client can surely make it so."""
        return self.owner == "client"

    def word(self, mask: int) -> str:
        """The side `mask` in words; empty where it has none."""
        found = self.words.get(mask)
        if found is None and self.universe > 0:
            found = " or ".join(words for bit, words in self.words.items() if bit & mask == bit)
        if found is None:
            whole = self.words.get(~mask)
            found = f"not ({whole})" if whole else ""
        return found


MOST_TRIED = 400
"""Cases that are tried to find out whether conditions can hold at once."""


def feasible(conditions: Iterable[tuple[Choice, int]]) -> bool:
    """Whether conditions can surely hold at once: those that stand for others too."""
    return _together(conditions, [MOST_TRIED])


def impossible(conditions: Iterable[tuple[Choice, int]]) -> bool:
    """Whether conditions surely can't hold at once."""
    budget = [MOST_TRIED]
    return not _together(conditions, budget) and budget[0] >= 0


def _together(conditions: Iterable[tuple[Choice, int]], budget: list[int]) -> bool:
    held: dict[Choice, int] = {}
    for choice, mask in conditions:
        held[choice] = held.get(choice, choice.universe) & mask
    return (
        all(held.values())
        and _are_equal(held)
        and _hold(held, [one for one in held if one.stands is not None], budget)
    )


def _are_equal(held: dict[Choice, int]) -> bool:
    """Whether what is equal to one thing is nowhere unequal."""
    names: dict[int, int] = {}

    def name(thing: Unknown) -> int:
        found = id(thing)
        while names.get(found, found) != found:
            found = names[found]
        return found

    for choice, mask in held.items():
        if choice.same is not None and mask == 1:
            one, other = map(name, choice.same)
            names[one] = other
    return all(
        choice.same is None or mask != 2 or name(choice.same[0]) != name(choice.same[1])
        for choice, mask in held.items()
    )


def _hold(held: dict[Choice, int], wanted: list[Choice], budget: list[int]) -> bool:
    if not wanted:
        return _are_equal(held)
    choice = wanted[-1]
    for found in _where(choice.stands, held[choice], held, budget):
        more = [one for one in found if one not in held and one.stands is not None]
        if _hold(found, [*wanted[:-1], *more], budget):
            return True
    return False


def _where(node: Value, mask: int, held: dict[Choice, int], budget: list[int]) -> Iterator[dict[Choice, int]]:
    """The ways through a decision to one of the cases in `mask`, each with what then holds."""
    budget[0] -= 1
    if budget[0] < 0:
        return
    if not isinstance(node, OneOf):
        if node & mask:
            yield held
        return
    before = held.get(node.choice, node.choice.universe)
    for part, inner in node.cases:
        if part & before:
            yield from _where(inner, mask, {**held, node.choice: part & before}, budget)


class Unknown:
    """What static reading can't decide. Two reads of the same thing are the same object, so that asking twice is
    one choice; `known` holds what was asked of it before (its truth, its members, its value)."""

    __slots__ = ("asked", "known", "owner", "place", "why")

    def __init__(self, why: str, place: Span | None = None, owner: Owner = "unread") -> None:
        self.why = why
        self.place = place
        self.owner: Owner = owner
        self.known: dict[object, Any] = {}
        self.asked: tuple[Unknown, object] | None = None
        """What it is an answer of: of which unknown, to which question."""

    def derived(self, key: object, why: str, place: Span | None = None) -> Unknown:
        """The same question asked of it again gives the same unknown."""
        made = self.known.get(key)
        if made is None:
            made = self.known[key] = Unknown(why, place or self.place, self.owner)
            made.asked = self, key
            if "memory" in self.known:
                made.known["memory"] = self.known["memory"]
            made.known["root"] = self.known.get("root", self)
        return made

    @property
    def unknown(self) -> Unknown:
        """What of it is unknown: all. What else has this and `like` is an unknown thing in a wrapping."""
        return self

    def like(self, unknown: Unknown) -> Unknown:
        """The same wrapping around another unknown thing."""
        return unknown

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
    if type(cases) is list and len(cases) == 2:
        found = _of_two(choice, cases[0], cases[1], most)
        if found is not ABSENT:
            return found
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
    if len(values) == 1:
        return values[0]
    size = len(values)
    for value in values:
        if type(value) is OneOf:
            size += value.size - 1
    made = OneOf(choice, tuple(zip(masks, values, strict=True)), size)
    return made if size <= most else _fewer(made, most)


def _of_two(choice: Choice, one: tuple[int, Value], other: tuple[int, Value], most: int) -> Value:
    """What most decisions are: one between two. ABSENT where a value rests on the same choice, or is ABSENT itself."""
    first, second = one[1], other[1]
    size = 2
    if type(first) is OneOf:
        if first.choice is choice:
            return ABSENT
        size += first.size - 1
    if type(second) is OneOf:
        if second.choice is choice:
            return ABSENT
        size += second.size - 1
    if first is second or (isinstance(second, _COMPARED) and same(first, second)):
        return first
    made = OneOf(choice, (one, other), size)
    return made if size <= most else _fewer(made, most)


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


def _fewer(value: OneOf, most: int) -> Value:
    """A decision with too many leaves: one of the few things that it may be, by a choice that stands for all those
    that it rests on. Decisions of the same form share it, so that what was written together stays together."""
    limit = MOST_DIFFERENT if most < MOST_RETURNED else MOST_ANSWERS
    is_wide, different = False, _Different(False, limit)
    number = _number(value, different, {})
    if number is None:
        is_wide, different = True, _Different(True, limit)
        number = _number(value, different, {})
    if number is None:
        return Unknown("it is one of too many things", value.choice.place)
    held = different.things()
    if len(held) == 1:
        return held[0]
    choice = value.choice.fewer.get(number)
    if choice is None:
        owner = owner_among(value)
        choice = Choice("memory" if owner == "client" else owner, None, {}, (1 << len(held)) - 1)
        choice.stands = _form(value, _Different(is_wide, limit), {})
        value.choice.fewer[number] = choice
    return OneOf(choice, tuple([(1 << place, one) for place, one in enumerate(held)]), len(held))


class _Different:
    """The different leaves of a decision, up to a limit. Where `is_wide`, all unknowns are one, and all that
    was thrown of which nothing is known: what is asked of any of them is not known of the one that stands for them."""

    def __init__(self, is_wide: bool, limit: int) -> None:
        self.is_wide = is_wide
        self.limit = limit
        self.found: list[list[Value]] = []
        self.places: dict[Any, int] = {}

    def place(self, leaf: Value) -> int | None:
        """Where a leaf, or one that is the same, stands; None once they are too many."""
        kind = getattr(leaf, "unknown", None) if self.is_wide else None
        key = _key(leaf) if kind is None else type(leaf)
        place = self.places.setdefault(key, len(self.found))
        if place == len(self.found):
            if place == self.limit:
                return None
            self.found.append([leaf])
        elif kind is not None:
            self.found[place].append(leaf)
        return place

    def things(self) -> list[Value]:
        return [_any_of(leaves) if len(leaves) > 1 else leaves[0] for leaves in self.found]


def _any_of(leaves: list[Value]) -> Value:
    """One that may be each of these, of which nothing is known (see `Unknown.unknown`)."""
    unknowns: list[Unknown] = list({id(leaf.unknown): leaf.unknown for leaf in leaves}.values())
    if len(unknowns) == 1:
        return leaves[0]
    owners = {one.owner for one in unknowns}
    owner: Owner = next((one for one in _LAST if one in owners), "client")
    return leaves[0].like(Unknown("it is one of too many things", unknowns[0].place, owner))


_numbers = count(-1, -1)
"""Below the bits that stand for leaves."""


def _number(value: OneOf, different: _Different, known: dict[int, int]) -> int | None:
    """The number of a decision's form (see `_form`), without making it; None for too many things."""
    found = known.get(id(value))
    if found is not None:
        return found
    cases: list[tuple[int, int]] = []
    for mask, held in value.cases:
        if type(held) is OneOf:
            part = _number(held, different, known)
            if part is None:
                return None
        else:
            place = different.place(held)
            if place is None:
                return None
            part = 1 << place
        cases.append((mask, part))
    forms, form = value.choice.forms, tuple(cases)
    number = forms.get(form)
    if number is None:
        number = forms[form] = next(_numbers)
    known[id(value)] = number
    return number


def _form(value: Value, different: _Different, known: dict[int, Value]) -> Value | None:
    """A decision with, for each leaf, the bit of its place among those that differ; None for too many of them. What
    is decided in several places is looked at once."""
    if isinstance(value, OneOf):
        made = known.get(id(value))
        if made is not None:
            return made
        cases: list[tuple[int, Value]] = []
        for mask, held in value.cases:
            part = _form(held, different, known)
            if part is None:
                return None
            cases.append((mask, part))
        made = known[id(value)] = OneOf(value.choice, tuple(cases), value.size)
        return made
    place = different.place(value)
    return None if place is None else 1 << place


def leafwise(value: Value, function: Callable[[Value], Value]) -> Value:
    """A decision with other leaves."""
    if isinstance(value, OneOf):
        cases = tuple((mask, leafwise(held, function)) for mask, held in value.cases)
        return OneOf(value.choice, cases, value.size)
    return function(value)


def kept(value: Value, function: Callable[[Value], Value]) -> Value:
    """A decision with other leaves, and without those that are made ABSENT; ABSENT where none is left."""
    if not isinstance(value, OneOf):
        return function(value)
    cases = [(mask, made) for mask, held in value.cases if (made := kept(held, function)) is not ABSENT]
    return one_of(value.choice, cases, MOST_RETURNED) if cases else ABSENT


def shape(value: Value, known: dict[int, Any] | None = None) -> Any:
    """A decision so that equal ones are equal. `known` has those that stand in several places."""
    if not isinstance(value, OneOf):
        return value if isinstance(value, (bool, int)) else id(value)
    if known is None:
        known = {}
    made = known.get(id(value))
    if made is None:
        cases = tuple([(mask, shape(held, known)) for mask, held in value.cases])
        made = known[id(value)] = id(value.choice), cases
    return made


def owner_among(value: Value) -> Owner:
    """Who decides at last on what a value is: unread code before the world, the world before a client."""
    owners: set[Owner] = set()
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        held = waiting.pop()
        if isinstance(held, OneOf) and id(held) not in seen:
            seen.add(id(held))
            owners.add(held.choice.owner)
            waiting += [inner for _, inner in held.cases]
    return next((one for one in _LAST if one in owners), "client")


_LAST: tuple[Owner, ...] = ("unread", "world", "memory")


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
