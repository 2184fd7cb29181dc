"""A pattern's text as a tree. Raises `Refused` for what is not read."""

from __future__ import annotations

from typing import Literal

from wslint.record import field, frozen, record

Dialect = Literal["javascript", "python"]

DEEPEST = 50
_SPACES = " \t\n\r\f\v"
_JS_SPACES = f"{_SPACES}\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_PUNCTUATION = frozenset("^$\\.*+?()[]{}|/-,:;<>=!@#%&~`'\" _")
_UNBOUNDED = 10**9


class Refused(ValueError):
    """The pattern says more than is read here."""


@frozen
class Set:
    """One character out of a set: ranges, and classes such as `\\d`, perhaps negated."""

    ranges: tuple[tuple[str, str], ...]
    classes: tuple[str, ...] = ()
    negated: bool = False

    def holds(self, character: str, dialect: Dialect) -> bool:
        found = any(low <= character <= high for low, high in self.ranges) or any(
            _in_class(character, name, dialect) for name in self.classes
        )
        return found is not self.negated


def _in_class(character: str, name: str, dialect: Dialect) -> bool:
    kind = name.lower()
    if dialect == "python":
        found = {
            "d": character.isdecimal(),
            "w": character.isalnum() or character == "_",
            "s": character.isspace(),
        }[kind]
    elif kind == "s":
        found = character in _JS_SPACES or "\u2000" <= character <= "\u200a"
    else:
        is_word = character.isascii() and (character.isalnum() or character == "_")
        found = is_word if kind == "w" else "0" <= character <= "9"
    return found is name.islower()


@frozen
class Assertion:
    """`^`, `$`, `\\b`, `\\B`, and Python's `\\A` and `\\Z`."""

    kind: str


@record
class Look:
    """`(?=…)` and `(?!…)`."""

    body: Node
    negated: bool


@record
class Group:
    """A group that is kept; its number counts from 1."""

    number: int
    body: Node


@record
class Repeat:
    body: Node
    least: int
    most: int
    lazy: bool
    groups: tuple[int, int]
    """The numbers of the first group inside, and of the first behind."""


@record
class Sequence:
    items: list[Node]


@record
class Choice:
    options: list[Node]


Node = Set | Assertion | Look | Group | Repeat | Sequence | Choice

UNBOUNDED = _UNBOUNDED


@record
class Parser:
    """Reads one pattern from its start to its end."""

    source: str
    dialect: Dialect
    dot_all: bool
    position: int = 0
    groups: int = 0
    names: dict[str, int] = field(default_factory=dict)
    depth: int = 0

    def run(self) -> Node:
        tree = self.choice()
        if self.position < len(self.source):
            raise Refused("a parenthesis that is not open is closed")
        return tree

    def peek(self, text: str) -> bool:
        return self.source.startswith(text, self.position)

    def take(self, text: str) -> bool:
        if self.peek(text):
            self.position += len(text)
            return True
        return False

    def next(self) -> str:
        if self.position >= len(self.source):
            raise Refused("the pattern ends too early")
        self.position += 1
        return self.source[self.position - 1]

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused("nested too deeply")
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(options)

    def sequence(self) -> Node:
        items: list[Node] = []
        while self.position < len(self.source) and not self.peek("|") and not self.peek(")"):
            before = self.groups
            item = self.atom()
            items.append(self.repeated(item, before))
        return Sequence(items)

    def repeated(self, item: Node, groups_before: int) -> Node:
        bounds = self.bounds()
        if bounds is None:
            return item
        if isinstance(item, (Assertion, Look)):
            raise Refused("an assertion is repeated")
        lazy = self.take("?")
        if self.peek("+") or self.peek("*") or self.peek("?"):
            raise Refused("a quantifier of a quantifier")
        return Repeat(item, *bounds, lazy, (groups_before + 1, self.groups + 1))

    def bounds(self) -> tuple[int, int] | None:
        """The quantifier at this place; a brace that is none is a character like others."""
        for sign, bounds in (("*", (0, UNBOUNDED)), ("+", (1, UNBOUNDED)), ("?", (0, 1))):
            if self.take(sign):
                return bounds
        if not self.peek("{"):
            return None
        end = self.source.find("}", self.position)
        low, comma, high = self.source[self.position + 1 : max(end, self.position)].partition(",")
        if end == -1 or not _is_number(low) or (high and not _is_number(high)):
            if (
                self.dialect == "python"
                and end != -1
                and not low
                and comma
                and (not high or _is_number(high))
            ):
                raise Refused("the languages' versions differ")
            return None
        self.position = end + 1
        least = int(low)
        most = int(high) if high else UNBOUNDED if comma else least
        if most < least:
            raise Refused("a quantifier's bounds are the wrong way round")
        return least, most

    def atom(self) -> Node:
        character = self.next()
        if character == "(":
            return self.group()
        if character == "[":
            return self.bracket()
        if character == "\\":
            return self.escape()
        if character == ".":
            if self.dot_all:
                return Set((("\0", "\U0010ffff"),))
            ends = "\n" if self.dialect == "python" else "\n\r\u2028\u2029"
            return Set(tuple((end, end) for end in ends), (), True)
        if character in "^$":
            return Assertion(character)
        if character in "*+?":
            raise Refused("nothing to repeat")
        return Set(((character, character),))

    def group(self) -> Node:
        number, negated, look = 0, False, False
        if self.take("?:"):
            pass
        elif self.take("?=") or self.take("?!"):
            look, negated = True, self.source[self.position - 1] == "!"
        elif self.take("?P<" if self.dialect == "python" else "?<"):
            if self.peek("=") or self.peek("!"):
                raise Refused("look-behind")
            end = self.source.find(">", self.position)
            name = self.source[self.position : end]
            if end == -1 or not name.isidentifier() or name in self.names:
                raise Refused("a group's name")
            self.position = end + 1
            self.groups += 1
            number = self.names[name] = self.groups
        elif self.peek("?"):
            raise Refused("a group of another kind")
        else:
            self.groups += 1
            number = self.groups
        before = self.groups
        body = self.choice()
        if not self.take(")"):
            raise Refused("a parenthesis is not closed")
        if look:
            if self.groups > before:
                raise Refused("a look-ahead that keeps groups")
            return Look(body, negated)
        return Group(number, body) if number else body

    def escape(self) -> Node:
        character = self.next()
        if character in "dDwWsS":
            return Set((), (character,))
        if character == "B" and self.dialect == "python":
            raise Refused("versions of Python differ on an empty text")
        if character in "bB" or (self.dialect == "python" and character in "AZ"):
            return Assertion(f"\\{character}")
        literal = self.literal(character)
        return Set(((literal, literal),))

    def literal(self, character: str) -> str:
        """The character that an escape stands for."""
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character in ("x", "u"):
            size = 2 if character == "x" else 4
            digits = self.source[self.position : self.position + size]
            if len(digits) < size or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
                raise Refused("an escape without its digits")
            self.position += size
            return chr(int(digits, 16))
        if character == "0" and not self.source[self.position : self.position + 1].isdigit():
            return "\0"
        if character in _PUNCTUATION:
            return character
        raise Refused(f"the escape `\\{character}`")

    def bracket(self) -> Node:
        negated = self.take("^")
        ranges: list[tuple[str, str]] = []
        classes: list[str] = []
        first = True
        while not self.peek("]") or (first and self.dialect == "python"):
            first = False
            low = self.member(classes)
            if low is None:
                if self.peek("-") and not self.source.startswith("-]", self.position):
                    raise Refused("a range from a class")
                continue
            if self.peek("-") and not self.source.startswith("-]", self.position):
                self.position += 1
                high = self.member(classes)
                if high is None or high < low:
                    raise Refused("a range of no characters")
                ranges.append((low, high))
            else:
                ranges.append((low, low))
        self.position += 1
        return Set(tuple(ranges), tuple(classes), negated)

    def member(self, classes: list[str]) -> str | None:
        """One character of a bracket; None for a class, which is noted."""
        character = self.next()
        if character == "[" and self.dialect == "python" and self.peek(":"):
            raise Refused("the languages' versions differ")
        if character != "\\":
            return character
        character = self.next()
        if character in "dDwWsS":
            classes.append(character)
            return None
        return "\b" if character == "b" else self.literal(character)


def _is_number(text: str) -> bool:
    if len(text) > 6 and text.isdigit():
        raise Refused("too many rounds")
    return text.isascii() and text.isdigit()
