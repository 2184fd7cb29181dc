"""Glob patterns, matched in time that grows with pattern times path, whatever the pattern.

Patterns come from the checked repository (`.gitignore`, `workspaces`, `run_worker_first`), and `*a*a*a*b` keeps
a plain translation to a regular expression busy for hours. Here no part of a translation can backtrack into
another: that a star takes the shortest text after which its piece follows is never wrong for a glob, so each is
an atomic group. Nothing needs a library whose wheels not every platform has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wslint.record import frozen

LONGEST = 4096
"""No path is longer; a longer pattern matches nothing."""

_NAMED = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": r" \t",
    "xdigit": "0-9a-fA-F",
    "punct": r"!-/:-@\[-`{-~",
    "cntrl": r"\0-\x1f\x7f",
}


def wildcard(pattern: str, text: str, star: str = "*", least: int = 0) -> bool:
    """Whether a text is what a pattern means in which `star` stands for anything, slashes included, that has at
    `least` so many characters."""
    first, *pieces = pattern.split(star)
    if not pieces:
        return text == pattern
    last = pieces.pop()
    at, end = len(first), len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last):
        return False
    for piece in pieces:
        found = text.find(piece, at + least, end)
        if found == -1:
            return False
        at = found + len(piece)
    return at + least <= end


def matches_path(pattern: str, path: str) -> bool:
    """Whether a path is what a pattern means in which `*` stays within a folder and `**` does not."""
    compiled = _path_pattern(pattern)
    return compiled is not None and compiled.match(path) is not None


def matches_name(pattern: str, name: str) -> bool:
    """Whether a file's name is what a pattern without slashes means."""
    compiled = _name_pattern(pattern)
    return compiled is not None and compiled.match(name) is not None


@lru_cache(maxsize=4096)
def _path_pattern(pattern: str) -> re.Pattern[str] | None:
    """None for what can match nothing, such as a bracket that is never closed."""
    if len(pattern) > LONGEST:
        return None
    blocks: list[list[str]] = [[]]
    for segment in pattern.split("/"):
        if segment != "**":
            piece = _segment(segment)
            if piece is None:
                return None
            blocks[-1].append(piece)
        elif blocks[-1] or len(blocks) == 1:
            blocks.append([])
    return _compiled(_joined(blocks))


def _joined(blocks: list[list[str]]) -> str:
    """Blocks of segments with `**` between them, each found at the first place where it fits."""
    first, *others = blocks
    text = "/".join(first)
    if not others:
        return text + r"\Z"
    text += "/" if first else ""
    last = others.pop()
    for block in others:
        text += f"(?>(?:[^/]*/)*?{'/'.join(block)}/)"
    if not last:
        return text + r"[^/].*\Z"
    # As many segments before the end as it takes: which ones is settled by counting slashes.
    rest = "/".join(last)
    return text + rf"(?:[^/]*/)*?(?={'[^/]*/' * (len(last) - 1)}[^/]*\Z){rest}\Z"


@lru_cache(maxsize=1024)
def _name_pattern(pattern: str) -> re.Pattern[str] | None:
    piece = _segment(pattern) if len(pattern) <= LONGEST else None
    return _compiled(piece + r"\Z") if piece is not None else None


def _compiled(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text, re.S)
    except (re.error, OverflowError, RecursionError, MemoryError):
        return None


def _segment(segment: str) -> str | None:
    """One segment as an expression that is followed by a slash or the end; None where it can't match."""
    pieces: list[str] = [""]
    position = 0
    while position < len(segment):
        character = segment[position]
        position += 1
        if character == "*":
            if pieces[-1] or len(pieces) == 1:
                pieces.append("")
        elif character == "?":
            pieces[-1] += "[^/]"
        elif character == "[":
            found = _bracket(segment, position)
            if found is None:
                return None
            text, position = found
            pieces[-1] += text
        else:
            if character == "\\":
                if position == len(segment):
                    return None
                character = segment[position]
                position += 1
            pieces[-1] += re.escape(character)
    first, *others = pieces
    if not others:
        return f"(?>{first}(?=/|\\Z))"
    last = others.pop()
    middle = "".join(f"(?>[^/]*?{piece})" for piece in others)
    # The last piece stands at the end: the star before it takes all, and gives back step by step.
    return f"(?>{first}{middle}[^/]*{last}(?=/|\\Z))"


def _bracket(segment: str, position: int) -> tuple[str, int] | None:
    """A bracket expression from behind its `[`, and where it ends; None where it is never closed."""
    start = position
    negated = segment[position : position + 1] in ("!", "^")
    position += negated
    parts: list[str] = []
    while position < len(segment):
        character = segment[position]
        if character == "]" and position > start + negated:
            inside = "".join(parts)
            if not inside:
                return "(?!)", position + 1
            return f"(?!/)[{'^' if negated else ''}{inside}]", position + 1
        named = re.compile(r"\[:([a-z]+):\]").match(segment, position)
        if named is not None:
            if named[1] not in _NAMED:
                return None
            parts.append(_NAMED[named[1]])
            position = named.end()
            continue
        low, position = _member(segment, position)
        if segment[position : position + 1] == "-" and segment[position + 1 : position + 2] not in ("", "]"):
            high, position = _member(segment, position + 1)
            if low <= high:
                parts.append(f"{re.escape(low)}-{re.escape(high)}")
        elif low:
            parts.append(re.escape(low))
    return None


def _member(segment: str, position: int) -> tuple[str, int]:
    if segment[position] == "\\" and position + 1 < len(segment):
        position += 1
    return segment[position], position + 1


@frozen
class _Line:
    """One pattern of a .gitignore file: anchored ones match a path, others a name at any depth."""

    pattern: re.Pattern[str]
    ignores: bool
    folders_only: bool
    anchored: bool

    def matches(self, path: str, name: str, is_folder: bool) -> bool:
        if self.folders_only and not is_folder:
            return False
        return self.pattern.match(path if self.anchored else name) is not None


class Ignore:
    """The patterns of one .gitignore file, or of a list in the settings; git's rules decide."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = [line for text in lines if (line := _read_line(text)) is not None]
        self._lines.reverse()  # the last one that matches decides

    def __len__(self) -> int:
        return len(self._lines)

    def verdict(self, path: str, is_folder: bool = False) -> bool | None:
        """Whether a path is ignored, or a folder above it; None where no pattern speaks of them. The path is
        relative to the patterns' folder, with `/`."""
        parts = path.split("/")
        for end in range(1, len(parts)):
            if self._own("/".join(parts[:end]), parts[end - 1], True):
                return True  # what lies in an ignored folder can't be had back
        return self._own(path, parts[-1], is_folder)

    def _own(self, path: str, name: str, is_folder: bool) -> bool | None:
        return next((line.ignores for line in self._lines if line.matches(path, name, is_folder)), None)


def _read_line(text: str) -> _Line | None:
    text = text.removeprefix("\ufeff").rstrip("\r\n")
    stripped = text.rstrip(" ")
    if stripped.endswith("\\") and len(stripped) < len(text):
        stripped += " "  # an escaped space stays
    if not stripped or stripped.startswith("#"):
        return None
    ignores = not stripped.startswith("!")
    pattern = stripped if ignores else stripped[1:]
    folders_only = pattern.endswith("/") and not pattern.endswith("\\/")
    pattern = pattern.removesuffix("/") if folders_only else pattern
    if not pattern:
        return None
    anchored = "/" in pattern
    compiled = (_path_pattern if anchored else _name_pattern)(pattern.removeprefix("/"))
    return _Line(compiled, ignores, folders_only, anchored) if compiled is not None else None
