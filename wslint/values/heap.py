"""The heap: objects whose slots are changed in place, and a log that takes changes back.

Where an unknown condition splits the way, one side runs, its changes are captured and undone, then the other one
runs; where both sides meet again, each slot that was written becomes `OneOf` both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wslint.record import record
from wslint.text import Span
from wslint.values.value import ABSENT, MOST_LEAVES, Choice, Unknown, Value, one_of

Slots = dict[Any, Value]
Delta = dict[tuple[int, Any], tuple[Slots, Any, Value]]
"""What was written since some moment: by slot, the slots, the key and the value that it has now."""


class Object:
    """Something in the heap. `kind` names what the runtime calls it. `slots` holds what can change; it is written
    through `Log.put` only. `escaped` says to what unread code it went: from then on its slots may be anything."""

    __slots__ = ("extra", "kind", "place", "scene", "slots")

    def __init__(
        self, kind: str, slots: Slots | None = None, place: Span | None = None, extra: Any = None
    ) -> None:
        self.kind = kind
        self.slots: Slots = slots if slots is not None else {}
        self.place = place
        self.extra = extra
        self.scene = 0

    def __repr__(self) -> str:
        return f"<{self.kind}>"


class Path:
    """The conditions under which a piece of code runs: a list that shares its beginning with others. `is_of_ways` is one
    that says that one of several ways was taken which met: who left on the others is not among them."""

    __slots__ = ("choice", "depth", "is_of_ways", "mask", "parent", "serial")

    def __init__(self, parent: Path | None, choice: Choice | None, mask: int, serial: int) -> None:
        self.parent = parent
        self.choice = choice
        self.mask = mask
        self.serial = serial
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.is_of_ways = False

    def steps(self, until: Path | None = None) -> list[Path]:
        """The conditions after `until`, in the order in which they were met."""
        found: list[Path] = []
        at: Path | None = self
        while at is not None and at is not until and at.choice is not None:
            found.append(at)
            at = at.parent
        return found[::-1]

    def conditions(self, until: Path | None = None) -> Iterator[tuple[Choice, int]]:
        """The same as choices with their cases."""
        for step in self.steps(until):
            assert step.choice is not None
            yield step.choice, step.mask


@record
class Exit:
    """A way that has left: by `return`, `throw`, `break`, `continue`, `hang` or because it could not be followed
    (`unknown`). `delta` is what it wrote since whoever catches it began."""

    kind: str
    value: Value
    path: Path
    delta: Delta
    span: Span | None = None
    label: str | None = None
    text: str = ""


class Log:
    """Everything that was written, so that it can be taken back."""

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[tuple[Slots, Any, Value]] = []

    def put(self, slots: Slots, key: Any, value: Value) -> None:
        self.entries.append((slots, key, slots.get(key, ABSENT)))
        if value is ABSENT:
            slots.pop(key, None)
        else:
            slots[key] = value

    def capture(self, mark: int) -> Delta:
        """What was written since `mark`, as it is now."""
        return {
            (id(slots), key): (slots, key, slots.get(key, ABSENT)) for slots, key, _ in self.entries[mark:]
        }

    def rollback(self, mark: int) -> None:
        entries = self.entries
        while len(entries) > mark:
            slots, key, old = entries.pop()
            if old is ABSENT:
                slots.pop(key, None)
            else:
                slots[key] = old

    def apply(self, delta: Delta) -> None:
        for slots, key, value in delta.values():
            self.put(slots, key, value)


class Decision:
    """What a set of ways comes to: a tree of choices whose leaves are their numbers. Where two ways can't be told
    apart by conditions, the first that left has its part."""

    __slots__ = ("choice", "sides")

    def __init__(self, choice: Choice, sides: list[tuple[int, Decision | int | None]]) -> None:
        self.choice = choice
        self.sides = sides


def decide(paths: Sequence[Path], root: Path) -> Decision | int | None:
    """The tree that says for each way, by its number, under which conditions it is the one that is taken."""
    children: dict[Path, list[Path]] = {}
    ends: dict[Path, int] = {}
    for number, path in enumerate(paths):
        ends.setdefault(path, number)
        at = path
        while at is not root and at.parent is not None:
            known = children.setdefault(at.parent, [])
            if at in known:
                break
            known.append(at)
            at = at.parent
    return _decided(root, None, children, ends)


def _decided(
    node: Path, after: Decision | int | None, children: dict[Path, list[Path]], ends: dict[Path, int]
) -> Decision | int | None:
    """`after` is what holds where nothing below `node` does. A way that ends at a node ends after all that left
    from below it; what says that one of several ways was taken comes first, since it leaves out all that had left."""
    found: Decision | int | None = ends.get(node, after)
    groups: list[list[Path]] = []
    for child in sorted(children.get(node, ()), key=_turn):
        if groups and groups[-1][0].choice is child.choice and not _overlaps(groups[-1], child):
            groups[-1].append(child)
        else:
            groups.append([child])
    for group in reversed(groups):
        choice = group[0].choice
        assert choice is not None
        sides: list[tuple[int, Decision | int | None]] = []
        covered = 0
        for child in group:
            covered |= child.mask
            sides.append((child.mask, _decided(child, found, children, ends)))
        rest = choice.universe & ~covered
        if rest:
            sides.append((rest, found))
        found = Decision(choice, sides)
    return found


def _turn(path: Path) -> tuple[bool, int]:
    """The later ways have met, the more that had left is left out."""
    return not path.is_of_ways, -path.serial if path.is_of_ways else path.serial


def taken(tree: Decision | int | None, count: int, known: dict[int, Value] | None = None) -> Value:
    """A decision between ways as one on whether any of the first `count` is taken: 1 where one is, else 2."""
    if not isinstance(tree, Decision):
        return 1 if tree is not None and tree < count else 2
    known = {} if known is None else known
    made = known.get(id(tree))
    if made is None:
        cases = [(mask, taken(side, count, known)) for mask, side in tree.sides]
        made = known[id(tree)] = one_of(tree.choice, cases, MOST_IN_FORM)
    return made


MOST_IN_FORM = 1 << 30
"""Leaves of a decision that says what a choice stands for: those in several places are looked at once."""


def _overlaps(group: list[Path], child: Path) -> bool:
    return any(other.mask & child.mask for other in group)


def alike(values: Sequence[Value]) -> tuple[int, ...]:
    """For each value the place of the first one that is the same."""
    seen: dict[Any, int] = {}
    found = []
    for place, value in enumerate(values):
        constant = value is None or isinstance(value, (str, int, float))
        found.append(seen.setdefault((type(value), value) if constant else id(value), place))
    return tuple(found)


def reduced(tree: Decision | int | None, pattern: Sequence[int]) -> Decision | int | None:
    """A decision between ways of which some are alike: choices that make no difference are left out. What many slots
    have in common is worked out once so."""
    known: dict[int, Decision | int | None] = {}
    nodes: dict[Any, Decision] = {}

    def walk(node: Decision | int | None) -> Decision | int | None:
        if node is None or isinstance(node, int):
            return None if node is None else pattern[node]
        if id(node) in known:
            return known[id(node)]
        masks: dict[Any, int] = {}
        sides: dict[Any, Decision | int] = {}
        for mask, side in node.sides:
            made = walk(side)
            if made is not None:
                key = made if isinstance(made, int) else (id(made),)
                masks[key] = masks.get(key, 0) | mask
                sides[key] = made
        if len(sides) < 2:
            found = next(iter(sides.values()), None)
        else:
            name = (id(node.choice), tuple(masks.items()))
            found = nodes.get(name)
            if found is None:
                found = nodes[name] = Decision(node.choice, [(masks[key], sides[key]) for key in masks])
        known[id(node)] = found
        return found

    return walk(tree)


def pick(
    tree: Decision | int | None,
    values: Sequence[Value],
    most: int = MOST_LEAVES,
    known: dict[int, Value] | None = None,
) -> Value:
    """The value that is `values[n]` where the way n is taken."""
    if tree is None:
        return None
    if isinstance(tree, int):
        return values[tree]
    known = {} if known is None else known
    held = known.get(id(tree), known)
    if held is not known:
        return held
    cases = [
        (mask, values[side] if type(side) is int else pick(side, values, most, known))
        for mask, side in tree.sides
        if side is not None
    ]
    made = one_of(tree.choice, cases, most) if cases else Unknown("nothing")
    known[id(tree)] = made
    return made
