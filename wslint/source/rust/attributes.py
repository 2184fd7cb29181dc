"""Attributes of Rust items, read as text: `#[cfg(…)]`, `#[cfg_attr(…)]`, `#[worker::event(fetch)]`."""

from __future__ import annotations

import re

from wslint.record import frozen
from wslint.regex import regex

PATH = regex(r"\s*(?:::)?\s*((?:r#)?[A-Za-z_]\w*(?:\s*::\s*(?:r#)?[A-Za-z_]\w*)*)")
PIECE = regex(r'"(?:[^"\\]|\\.)*"|[()\[\]{},]', re.S)
DEPTH = 20
"""Deeper conditions than this are not evaluated; nobody writes them."""

TRUE_ON_WORKERS = frozenset({"wasm32", "wasm", "unknown", "32", "little"})


@frozen
class Attribute:
    """`path` is the attribute's path (`worker`, `event`); `rest` what follows it (`(fetch)`, `= "x"`)."""

    path: tuple[str, ...]
    rest: str
    start: int
    end: int

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def arguments(self) -> list[str]:
        return split(self.rest)

    @property
    def value(self) -> str | None:
        """The string in `path = "…"`."""
        found = re.match(r'\s*=\s*"([^"\\]*)"', self.rest)
        return found[1] if found is not None else None


def parse(text: str, start: int, end: int) -> list[Attribute]:
    """The attributes that the inside of one `#[…]` comes to; several, or none, for `cfg_attr`."""
    found: list[Attribute] = []
    waiting = [text]
    while waiting:
        one = waiting.pop(0)
        match = PATH.match(one)
        if match is None:
            continue
        path = tuple(part.strip().removeprefix("r#") for part in match[1].split("::"))
        rest = one[match.end() :]
        if path == ("cfg_attr",):
            arguments = split(rest)
            if arguments and condition(arguments[0]) is not False:
                waiting.extend(arguments[1:])
            continue
        found.append(Attribute(path, rest, start, end))
    return found


def split(text: str) -> list[str]:
    """The comma-separated arguments inside the outermost brackets of `text`."""
    arguments: list[str] = []
    depth = 0
    begin = 0
    for piece in PIECE.finditer(text):
        mark = piece[0]
        if mark in "([{":
            depth += 1
            if depth == 1:
                begin = piece.end()
        elif mark in ")]}":
            depth -= 1
            if depth == 0:
                arguments.append(text[begin : piece.start()].strip())
                break
        elif mark == "," and depth == 1:
            arguments.append(text[begin : piece.start()].strip())
            begin = piece.end()
    return [argument for argument in arguments if argument]


def condition(text: str, depth: int = 0) -> bool | None:
    """Whether a `cfg` condition holds in a Worker's build; None when features or the like decide it."""
    match = PATH.match(text)
    if match is None or depth > DEPTH:
        return None
    name, rest = match[1], text[match.end() :].strip()
    if name in ("all", "any", "not"):
        values = [condition(argument, depth + 1) for argument in split(rest)]
        if name == "not":
            return None if not values or values[0] is None else not values[0]
        decisive = name == "any"
        if decisive in values:
            return decisive
        return None if None in values else not decisive
    if name in ("test", "unix", "windows", "doctest", "miri"):
        return False
    if name in ("target_arch", "target_family", "target_os", "target_pointer_width", "target_endian"):
        return rest.lstrip("= ").strip('"') in TRUE_ON_WORKERS
    return None
