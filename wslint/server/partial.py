"""A configuration that is being typed: what can be read of it, and what the cursor's place is.

The readers of `wslint.wrangler` refuse a text with one half-written line, and that is the line for which an editor
asks. This one takes what it can: a string that nobody closed ends with its line, a value that is not there yet is left
out, a bracket that is missing is missing. `partial_toml.py` has the statements of TOML.

Texts are read as Latin-1, so that a character is a byte and places are what they are in the file.
"""

from __future__ import annotations

import json
from typing import Literal

from wslint.record import record
from wslint.regex import regex
from wslint.wrangler.schema import Path

Slot = Literal["key", "value", "header"]
Tree = dict[str, object]
Holder = Tree | list[object]

_BLANK, _LINE_BLANK = regex(r"[ \t\r\n]+"), regex(r"[ \t]+")
_WORD = regex(r"[^\s,\[\]{}=:#\"']+")
_NUMBER = regex(r"[+-]?[0-9][0-9_]*(\.[0-9]+)?")
_PLAIN = regex(r"[\w./@: -]*")
_APART = regex(r"[,\n{\[]")
_NEXT_PAIR = regex(r'"(?:[^"\\\r\n]|\\.)*"[ \t]*:')
MOST_NESTED = 100


@record
class Place:
    """Where the cursor stands. `path` is that of the table for a key, of the value itself for a value; the bytes from
    `start` to `end` are what a choice replaces: `own`, with the mark `quote` before it."""

    slot: Slot
    path: Path
    start: int
    end: int
    beside: Holder
    """What the table or the array of this place holds."""
    own: str = ""
    quote: str = ""
    ended: bool = False
    """What must come after it is there: for a key its `=`, for a header its brackets."""
    arrays: bool = False
    """For a header: it has two brackets."""


@record
class Partial:
    """What could be read, and the cursor's place where something can be typed there."""

    root: Tree
    place: Place | None


@record
class Token:
    """A string or a word. `inside` is whether the cursor stands in it."""

    start: int
    end: int
    text: str
    quote: str
    inside: bool


class Reader:
    """Walks a JSON text; TOML differs in how a pair and a comment look."""

    sign, multiline = ":", False
    comments: tuple[str, ...] = ("//", "/*")

    def __init__(self, data: bytes, at: int) -> None:
        self.text, self.at, self.pos = data.decode("latin-1"), at, 0
        self.place: Place | None = None
        self.in_comment = False
        self.depth = 0

    def peek(self) -> str:
        return self.text[self.pos : self.pos + 1]

    def blank(self) -> bool:
        """Pass over blanks and comments; whether the cursor stands among them."""
        found = False
        while True:
            blank = _BLANK.match(self.text, self.pos)
            end = blank.end() if blank else self.pos
            found = found or self.pos <= self.at <= end
            self.pos = end
            if not self.text.startswith(self.comments, end):
                return found and not (self.at == end and self._begins_token())
            mark = "*/" if self.text.startswith("/*", end) else "\n"
            stop = self.text.find(mark, end)
            self.pos = len(self.text) if stop < 0 else stop + (2 if mark == "*/" else 0)
            if end < self.at <= self.pos - (mark == "*/"):
                self.in_comment = True

    def line_blank(self) -> bool:
        """Pass over blanks of this line; whether the cursor stands among them, with nothing behind it."""
        blank = _LINE_BLANK.match(self.text, self.pos)
        start, self.pos = self.pos, blank.end() if blank else self.pos
        return start <= self.at <= self.pos and not self._begins_token() and self.peek() not in ("[", "{")

    def _begins_token(self) -> bool:
        return self.peek() in ('"', "'") or _WORD.match(self.text, self.pos) is not None

    def apart(self, last: int) -> bool:
        """Whether something separates the cursor from what stands before it."""
        return _APART.search(self.text, last, self.at) is not None

    def token(self) -> Token | None:
        """The string or the word that begins here."""
        start = self.pos
        if self.peek() in ('"', "'"):
            return self._string(start, self.peek())
        word = _WORD.match(self.text, start)
        if word is None:
            return None
        self.pos = word.end()
        return Token(start, self.pos, _utf8(word.group()), "", start <= self.at <= self.pos)

    def _string(self, start: int, mark: str) -> Token:
        if self.multiline and self.text.startswith(mark * 3, start):
            end = self.text.find(mark * 3, start + 3)
            self.pos = len(self.text) if end < 0 else end + 3
            # Nothing that is proposed has several lines.
            self.in_comment = self.in_comment or start < self.at < self.pos
            return Token(start, self.pos, _utf8(self.text[start + 3 : self.pos - 3]), mark, False)
        end = start + 1
        while end < len(self.text) and self.text[end] not in (mark, "\n", "\r"):
            end += 2 if self.text[end] == "\\" and mark == '"' else 1
        end = min(end, len(self.text))
        inside, closed = start < self.at <= end, self.text[end : end + 1] == mark
        if inside and not (closed and _PLAIN.fullmatch(self.text, self.at, end)):
            # Not closed yet: a mark that comes later on this line is the next string's.
            closed, end = False, self.at
        self.pos = end + closed
        return Token(start, self.pos, _unquoted(self.text[start + 1 : end], mark), mark, inside)

    def here(self, slot: Slot, path: Path, beside: Holder, token: Token | None = None) -> Place:
        """Note the cursor's place: in a token, or between two."""
        if token is None:
            self.place = Place(slot, path, self.at, self.at, beside)
        else:
            self.place = Place(slot, path, token.start, token.end, beside, token.text, token.quote)
        return self.place

    def value(self, path: Path, holder: Holder) -> object:
        """The value that begins here; None for one that is not there yet."""
        opening = self.peek()
        if opening in ("{", "[") and self.depth < MOST_NESTED:
            self.pos += 1
            self.depth += 1
            found = self.table(path) if opening == "{" else self.array(path)
            self.depth -= 1
            return found
        token = self.token()
        if token is None:
            return None
        if token.inside:
            self.here("value", path, holder, token)
        return token.text if token.quote else _plain(token.text)

    def table(self, path: Path) -> Tree:
        """The pairs up to the closing brace, or to where they can't go on."""
        found: Tree = {}
        last = self.pos - 1
        while True:
            if self.blank() and self.apart(last):
                self.here("key", path, found)
            sign = self.peek()
            if sign in ("", "]", "}") or self.ends_here(last):
                self.pos += sign == "}"
                return found
            if sign == ",":
                self.pos += 1
            else:
                self.pair(path, found)
                last = self.pos

    def array(self, path: Path) -> list[object]:
        found: list[object] = []
        last = self.pos - 1
        while True:
            if self.blank() and self.apart(last):
                self.here("value", (*path, len(found)), found)
            sign = self.peek()
            if sign in ("", "]", "}") or self.ends_here(last):
                self.pos += sign == "]"
                return found
            if sign == ",":
                self.pos += 1
                continue
            before = self.pos
            item = self.value((*path, len(found)), found)
            if item is not None:
                found.append(item)
            self.pos += self.pos == before
            last = self.pos

    def pair(self, path: Path, into: Tree) -> None:
        """One pair, or what there is of it."""
        token = self.token()
        if token is None:
            self.pos += 1
            return
        place = self.here("key", path, into, token) if token.inside else None
        self.line_blank()
        if self.peek() != self.sign:
            return
        if place is not None:
            place.ended = True
        self.pair_value(path, token.text, into)

    def pair_value(self, path: Path, key: str, into: Tree) -> None:
        """What stands behind the sign of a pair."""
        self.pos += 1
        if self.line_blank():
            self.here("value", (*path, key), into)
        before = self.pos
        if self.sign == ":":
            self.blank()  # it may stand on the next line, if that is no pair itself
        if _NEXT_PAIR.match(self.text, self.pos):
            self.pos = before
            return
        found = self.value((*path, key), into)
        if found is not None:
            into[key] = found

    def ends_here(self, last: int) -> bool:
        """Whether a table or an array that nobody closed is over, by what stands here."""
        return False


def read_json(data: bytes, at: int) -> Partial:
    """What can be read of a JSON configuration, with or without comments, with the cursor at a byte."""
    reader = Reader(
        data.replace(b"\xef\xbb\xbf", b"   ", 1) if data.startswith(b"\xef\xbb\xbf") else data, at
    )
    reader.blank()
    if reader.peek() != "{":
        return Partial({}, None)
    reader.pos += 1
    root = reader.table(())
    return Partial(root, None if reader.in_comment else reader.place)


def _utf8(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "replace")


def _unquoted(raw: str, mark: str) -> str:
    text = _utf8(raw)
    if "\\" in text and mark == '"':
        try:
            return str(json.loads(f'"{text}"'))
        except ValueError:
            pass
    return text


def _plain(word: str) -> object:
    """What a word means without quotes; None for what is no value yet."""
    if word in ("true", "false"):
        return word == "true"
    number = _NUMBER.fullmatch(word)
    if number is None:
        return None
    digits = word.replace("_", "")
    return float(digits) if number.group(1) else int(digits)
