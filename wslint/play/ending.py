"""Endings: what a scene comes to, each with the conditions that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wslint.machine.machine import place
from wslint.record import field, record
from wslint.text import Span
from wslint.values.heap import Decision, Exit, Object, Path, decide
from wslint.values.value import ABSENT, UNDEFINED, Choice, Owner, Value, impossible

MOST_REGIONS = 400
"""Ways of one scene that are told apart."""


@record
class Condition:
    """One choice, and the cases of it in which something holds."""

    choice: Choice
    mask: int

    @property
    def words(self) -> str:
        """The condition as it follows "where"; its place is named where it has one."""
        said = self.choice.word(self.mask)
        if said and self.choice.place is not None:
            return f"{said} ({place(self.choice.place)})"
        return said


def conditions(path: Path, until: Path | None = None) -> list[Condition]:
    """The conditions of a path, after `until`."""
    return [Condition(choice, mask) for choice, mask in path.conditions(until)]


@record
class Ending:
    """One thing that a scene may come to. `kind` is `answer`, `throw`, `hang` or `unknown`; `when` are the
    conditions of the first way to it, and `ways` how many there are."""

    kind: str
    status: int | None
    text: str
    span: Span | None
    value: Value
    when: list[Condition]
    path: Path
    ways: int = 1
    owners: set[Owner] = field(default_factory=set)
    whole: list[list[Condition]] = field(default_factory=list)

    @property
    def certain(self) -> bool:
        """Whether nothing else can happen."""
        return not self.when

    @property
    def place_key(self) -> tuple[str, int | None, object]:
        span = self.span
        return self.kind, self.status, (span.file.name, span.start) if span is not None else None


def regions(exits: Sequence[Exit], root: Path) -> Iterator[tuple[Exit, list[Condition]]]:
    """Each way that left, with the conditions under which it is taken, once for each that is possible. Where there are
    too many, one that is not known stands for those that are left."""
    tree = decide([item.path for item in exits], root)
    budget, tries = [MOST_REGIONS], [MOST_REGIONS]

    def walk(
        node: Decision | int | None, taken: list[Condition], held: dict[int, int]
    ) -> Iterator[tuple[Exit, list[Condition]]]:
        if node is None or budget[0] < 0:
            return
        if isinstance(node, int):
            if any(one.choice.stands is not None for one in taken):
                tries[0] -= 1
                if tries[0] >= 0 and impossible((one.choice, one.mask) for one in taken):
                    return
            budget[0] -= 1
            if budget[0] >= 0:
                yield exits[node], list(taken)
            return
        choice = node.choice
        possible = held.get(id(choice), choice.universe)
        for mask, side in node.sides:
            here = mask & possible
            if isinstance(choice.stands, int):
                here = possible if choice.stands & mask else 0
            if not here:
                continue
            if here == possible:
                yield from walk(side, taken, held)
                continue
            yield from walk(side, [*taken, Condition(choice, here)], {**held, id(choice): here})

    yield from walk(tree, [], {})
    if budget[0] < 0:
        why = "there are more ways than are told apart"
        yield Exit("unknown", UNDEFINED, root, {}, None, None, why), []


UPGRADE_REQUIRED = 426


def lost_upgrade(ending: Ending) -> bool:
    """Whether an object answers 426 to a handshake that has come to it without its Upgrade header."""
    answer = ending.value
    if ending.status != UPGRADE_REQUIRED or not isinstance(answer, Object):
        return False
    while isinstance(answer, Object) and "asked" not in answer.slots:
        answer = answer.extra
    asked = answer.slots["asked"] if isinstance(answer, Object) else None
    headers = asked.slots.get("headers") if isinstance(asked, Object) else None
    if not isinstance(headers, Object) or "escaped" in headers.slots:
        return False
    held = headers.slots.get(("h", "upgrade"), ABSENT)
    return held is None or (held is ABSENT and headers.slots.get("complete") is True)
