"""TOML that is being typed: headers and statements begin a line, and end whatever was not closed above them."""

from __future__ import annotations

from wslint.regex import regex
from wslint.server.partial import Partial, Place, Reader, Token, Tree
from wslint.wrangler.schema import Path

_HEADER = regex(r"\[\[?[ \t]*[A-Za-z_\"'$][^\]\r\n,]*\]?\]?[ \t]*(?:#.*)?\r?$")
_STATEMENT = regex(r"[A-Za-z_$\"][\w.$\"-]*[ \t]*=")
_LINE = regex(r"[^\r\n]*")
_VALUES = ("true", "false", "inf", "nan")


class TomlReader(Reader):
    sign, comments, multiline = "=", ("#",), True

    def __init__(self, data: bytes, at: int) -> None:
        super().__init__(data, at)
        self.root: Tree = {}

    def read(self) -> None:
        path: Path = ()
        table = self.root
        while True:
            if self.blank() and not self.text[self._line(self.at) : self.at].strip():
                self.here("key", path, table)
            if not self.peek():
                return
            if self.peek() == "[":
                path, table = self.header()
            else:
                self.pair(path, table)
            line = _LINE.match(self.text, self.pos)
            self.pos = line.end() if line else self.pos

    def pair(self, path: Path, into: Tree) -> None:
        """A statement, or a pair of an inline table; its key may have dots."""
        token = self.token()
        if token is None:
            self.pos += 1
            return
        *steps, last = [token] if token.quote else _parts(token, self.at)
        place: Place | None = None
        for part in steps:
            if part.inside:
                place = self.here("key", path, into, part)
                place.ended = True
            path, into = _inner(path, into, part.text)
        if last.inside:
            place = self.here("key", path, into, last)
        self.line_blank()
        if self.peek() == self.sign:
            if place is not None:
                place.ended = True
            self.pair_value(path, last.text, into)

    def header(self) -> tuple[Path, Tree]:
        """The table that a header opens. The one under the cursor opens none that anybody else would see."""
        start, arrays = self.pos, self.text.startswith("[[", self.pos)
        begin = start + 1 + arrays
        line = _LINE.match(self.text, begin)
        end = self.pos = line.end() if line else begin
        raw = self.text[begin:end]
        name = raw.split("]")[0].split("#")[0]
        if begin <= self.at <= begin + len(name):
            own = Token(begin, begin + len(name), name.strip(), "", True)
            place = self.here("header", (), self.root, own)
            place.arrays, place.ended = arrays, raw[len(name) :].startswith("]" * (1 + arrays))
            if raw[len(name) :].startswith("]"):
                place.end += 0 if place.ended else 1
            return (), {}
        path: Path = ()
        table = self.root
        names = [part.strip(" \t\"'") for part in name.split(".")]
        for part in names[:-1]:
            path, table = _inner(path, table, part)
        if not arrays:
            return _inner(path, table, names[-1])
        known = table.setdefault(names[-1], [])
        made: Tree = {}
        if isinstance(known, list):
            known.append(made)
            return (*path, names[-1], len(known) - 1), made
        return (*path, names[-1], 0), made

    def ends_here(self, last: int) -> bool:
        start = self._line(self.pos)
        if start <= last or self.text[start : self.pos].strip():
            return False
        line = _LINE.match(self.text, self.pos)
        text = line.group() if line else ""
        header = _HEADER.match(text)
        return (header is not None and text.strip("[] \t\r") not in _VALUES) or bool(_STATEMENT.match(text))

    def _line(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1


def read_toml(data: bytes, at: int) -> Partial:
    """What can be read of a TOML configuration, with the cursor at a byte."""
    reader = TomlReader(
        data.replace(b"\xef\xbb\xbf", b"   ", 1) if data.startswith(b"\xef\xbb\xbf") else data, at
    )
    reader.read()
    return Partial(reader.root, None if reader.in_comment else reader.place)


def _inner(path: Path, table: Tree, key: str) -> tuple[Path, Tree]:
    """The table that a step leads to: of an array its last one."""
    found: object = table.setdefault(key, {})
    if isinstance(found, list):
        if not found:
            found.append({})
        path = (*path, key, len(found) - 1)
        found = found[-1]
    else:
        path = (*path, key)
    return path, found if isinstance(found, dict) else {}


def _parts(token: Token, at: int) -> list[Token]:
    """A word cut at its dots."""
    found: list[Token] = []
    start = token.start
    for part in token.text.split("."):
        end = start + len(part.encode())
        found.append(Token(start, end, part, "", token.inside and start <= at <= end))
        start = end + 1
    return found
