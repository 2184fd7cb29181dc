"""Compiling a pattern's tree to instructions, and running them over a text: each pair of instruction and place
once, in the order in which a backtracking matcher would come to it, so that the result is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wslint.patterns.syntax import (
    UNBOUNDED,
    Assertion,
    Choice,
    Dialect,
    Group,
    Look,
    Node,
    Parser,
    Refused,
    Repeat,
    Sequence,
    Set,
)
from wslint.record import field, record

MOST_INSTRUCTIONS = 600
MOST_STEPS = 1_500_000
"""About a second."""

Instruction = tuple[Any, ...]


class TooLong(Exception):
    """The pattern and the text together are more than is matched."""


@record
class Match:
    """What matched; the part of `re.Match` that is asked for."""

    text: str
    places: list[int]
    names: dict[str, int]

    def start(self) -> int:
        return self.places[0]

    def end(self) -> int:
        return self.places[1]

    def __getitem__(self, number: int) -> str | None:
        start, end = self.places[2 * number], self.places[2 * number + 1]
        return None if start < 0 or end < 0 else self.text[start:end]

    def groups(self) -> tuple[str | None, ...]:
        return tuple(self[number] for number in range(1, len(self.places) // 2))

    def groupdict(self) -> dict[str, str | None]:
        return {name: self[number] for name, number in self.names.items()}


def compile_pattern(source: str, dialect: Dialect, flags: str = "") -> Pattern | None:
    """The pattern; None where it is not read. Flags are JavaScript's letters: `i`, `m`, `s`."""
    parser = Parser(source, dialect, "s" in flags)
    try:
        tree = parser.run()
        program = _Compiler(dialect)
        program.node(tree)
    except (Refused, RecursionError):
        return None
    program.emit("match")
    return Pattern(program.instructions, dialect, frozenset(flags), parser.groups, parser.names)


@record
class _Compiler:
    dialect: Dialect
    instructions: list[Instruction] = field(default_factory=list)

    def emit(self, *instruction: Any) -> int:
        if len(self.instructions) >= MOST_INSTRUCTIONS:
            raise Refused("too long")
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def here(self) -> int:
        return len(self.instructions)

    def node(self, node: Node) -> None:
        match node:
            case Set():
                self.emit("set", node)
            case Assertion():
                self.emit("assert", node.kind)
            case Sequence():
                for item in node.items:
                    self.node(item)
            case Choice():
                self.choice(node.options)
            case Group():
                self.emit("save", 2 * node.number)
                self.node(node.body)
                self.emit("save", 2 * node.number + 1)
            case Look():
                at = self.emit("look")
                self.node(node.body)
                self.emit("match")
                self.instructions[at] = ("look", node.negated, at + 1, self.here())
            case Repeat():
                self.repeat(node)

    def choice(self, options: list[Node]) -> None:
        jumps: list[int] = []
        for option in options[:-1]:
            at = self.emit("split")
            self.node(option)
            jumps.append(self.emit("jump"))
            self.instructions[at] = ("split", at + 1, self.here())
        self.node(options[-1])
        for jump in jumps:
            self.instructions[jump] = ("jump", self.here())

    def repeat(self, node: Repeat) -> None:
        keeps = node.groups[0] < node.groups[1]
        if (keeps or self.dialect == "python") and node.most > node.least and _may_be_empty(node.body):
            raise Refused("a loop that may go round without a character: the languages end it differently")
        for _ in range(node.least):
            self.body(node)
        if node.most == UNBOUNDED:
            at = self.emit("split")
            self.body(node)
            self.emit("jump", at)
            self.split(at, at + 1, self.here(), node.lazy)
            return
        splits: list[int] = []
        for _ in range(node.most - node.least):
            splits.append(self.emit("split"))
            self.body(node)
        for at in splits:
            self.split(at, at + 1, self.here(), node.lazy)

    def body(self, node: Repeat) -> None:
        if self.dialect == "javascript" and node.groups[0] < node.groups[1]:
            self.emit("reset", *node.groups)  # each round forgets what the last one kept
        self.node(node.body)

    def split(self, at: int, inside: int, behind: int, lazy: bool) -> None:
        self.instructions[at] = ("split", behind, inside) if lazy else ("split", inside, behind)


def _may_be_empty(node: Node) -> bool:
    match node:
        case Set():
            return False
        case Assertion() | Look():
            return True
        case Group():
            return _may_be_empty(node.body)
        case Repeat():
            return node.least == 0 or _may_be_empty(node.body)
        case Sequence():
            return all(map(_may_be_empty, node.items))
        case Choice():
            return any(map(_may_be_empty, node.options))


@record
class Pattern:
    """A compiled pattern; its methods are those of `re.Pattern`, and raise TooLong."""

    instructions: list[Instruction]
    dialect: Dialect
    flags: frozenset[str]
    group_count: int
    names: dict[str, int]

    def match(self, text: str) -> Match | None:
        return _Run(self, text).at(0)

    def fullmatch(self, text: str) -> Match | None:
        return _Run(self, text, whole=True).at(0)

    def search(self, text: str, start: int = 0) -> Match | None:
        return _Run(self, text).anywhere(start)

    def finditer(self, text: str) -> Iterator[Match]:
        """All matches, as a global replacement meets them."""
        run, start = _Run(self, text), 0
        while start <= len(text):
            run.seen.clear()
            found = run.anywhere(start)
            if found is None:
                return
            yield found
            start = found.end() + (found.end() == found.start())

    def sub(self, by: Callable[[Match], str], text: str, count: int = 0) -> str:
        parts: list[str] = []
        end = 0
        for number, found in enumerate(self.finditer(text), 1):
            parts += [text[end : found.start()], by(found)]
            end = found.end()
            if number == count:
                break
        return "".join([*parts, text[end:]])


@record
class _Run:
    """One pattern over one text. What failed from an instruction and a place fails there for every start."""

    pattern: Pattern
    text: str
    whole: bool = False
    seen: set[int] = field(default_factory=set)
    steps: int = 0

    def anywhere(self, start: int) -> Match | None:
        for place in range(start, len(self.text) + 1):
            found = self.at(place)
            if found is not None:
                return found
        return None

    def at(self, start: int) -> Match | None:
        if self.pattern.dialect == "javascript" and not self.text.isascii() and max(self.text) > "\uffff":
            raise TooLong  # two units of JavaScript's
        places = self.follow(0, start, self.seen)
        return Match(self.text, places, self.pattern.names) if places is not None else None

    def follow(self, first: int, start: int, seen: set[int]) -> list[int] | None:
        """The kept places of the first way from an instruction to a match; None where there is none."""
        program, text, width = self.pattern.instructions, self.text, len(self.text) + 1
        kept = [-1] * (2 * self.pattern.group_count + 2)
        kept[0] = start
        waiting: list[tuple[int, int, list[int]]] = [(first, start, kept)]
        while waiting:
            at, place, kept = waiting.pop()
            while True:
                key = at * width + place
                if key in seen:
                    break
                seen.add(key)
                self.steps += 1
                if self.steps > MOST_STEPS:
                    raise TooLong
                instruction = program[at]
                kind = instruction[0]
                if kind == "set":
                    if place == len(text) or not self.holds(instruction[1], text[place]):
                        break
                    at, place = at + 1, place + 1
                elif kind == "split":
                    waiting.append((instruction[2], place, kept))
                    at = instruction[1]
                elif kind == "jump":
                    at = instruction[1]
                elif kind == "save":
                    kept = [*kept]
                    kept[instruction[1]] = place
                    at += 1
                elif kind == "reset":
                    kept = [*kept]
                    for number in range(2 * instruction[1], 2 * instruction[2]):
                        kept[number] = -1
                    at += 1
                elif kind == "assert":
                    if not self.asserted(instruction[1], place):
                        break
                    at += 1
                elif kind == "look":
                    # A way within has marks of its own: its match is no match of the whole.
                    found = self.look(instruction[2], place)
                    if found is instruction[1]:
                        break
                    at = instruction[3]
                else:
                    if self.whole and first == 0 and place != len(text):
                        break
                    kept = [*kept]
                    kept[1] = place
                    return kept
        return None

    def look(self, first: int, place: int) -> bool:
        whole, self.whole = self.whole, False
        try:
            return self.follow(first, place, set()) is not None
        finally:
            self.whole = whole

    def holds(self, wanted: Set, character: str) -> bool:
        dialect = self.pattern.dialect
        if "i" not in self.pattern.flags:
            return wanted.holds(character, dialect)
        if not character.isascii():
            raise TooLong  # case beyond ASCII is not the same in the languages
        plain = Set(wanted.ranges, wanted.classes)
        found = any(plain.holds(case, dialect) for case in (character.lower(), character.upper()))
        return found is not wanted.negated

    def asserted(self, kind: str, place: int) -> bool:
        text, flags = self.text, self.pattern.flags
        before, after = text[place - 1 : place] if place else "", text[place : place + 1]
        ends = "\n" if self.pattern.dialect == "python" else "\n\r\u2028\u2029"
        if kind == "^":
            return place == 0 or ("m" in flags and before in ends)
        if kind == "$":
            if place == len(text) or ("m" in flags and after in ends):
                return True
            return self.pattern.dialect == "python" and place == len(text) - 1 and after == "\n"
        if kind in ("\\A", "\\Z"):
            return place == (0 if kind == "\\A" else len(text))
        word = Set((), ("w",))
        sides = [bool(side) and word.holds(side, self.pattern.dialect) for side in (before, after)]
        return (sides[0] != sides[1]) is (kind == "\\b")
