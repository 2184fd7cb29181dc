"""Files as bytes, and places in them.

Everything downstream points into a file by byte offsets (`Span`); lines and columns are worked
out only when a finding is shown. Columns count characters from 1, as editors do.

A line ends with a line feed, a carriage return, or both in this order: what editors, the language
server protocol and Python's own `ast` take for one. Form feeds, U+0085 and U+2028, at which
`str.splitlines` cuts too, are characters like others. Whoever asks for lines asks here.
"""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from wslint.record import field, frozen, record
from wslint.regex import regex

BOM = b"\xef\xbb\xbf"

_LINE_END = regex(rb"\r\n?|\n")
_LONE_RETURN = regex(rb"\r(?!\n)")
_WRITTEN_LINE_END = regex(r"\r\n|\n")


def lines(text: str) -> list[str]:
    """The lines of a text, without their ends: `str.splitlines` by the definition above."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return found[:-1] if found[-1] == "" else found


def line_start(data: bytes, offset: int) -> int:
    """Where the line begins that holds the byte at `offset`."""
    start = data.rfind(b"\n", 0, offset) + 1
    lone = data.rfind(b"\r", start, offset)
    while lone != -1 and data.startswith(b"\r\n", lone):
        lone = data.rfind(b"\r", start, lone)
    return lone + 1 if lone != -1 else start


def line_end(data: bytes, offset: int) -> int:
    """Where the text of a line ends, before its line end, seen from `offset` on."""
    end = data.find(b"\n", offset)
    end = len(data) if end == -1 else end
    lone = data.find(b"\r", offset, end)
    return end if lone == -1 else lone


def next_line(data: bytes, offset: int) -> int:
    """Where the line after the one of `offset` begins; the end of the file where there is none."""
    end = line_end(data, offset)
    return end + 2 if data.startswith(b"\r\n", end) else min(end + 1, len(data))


def newline_at(data: bytes, offset: int) -> str:
    """The line end that is used around `offset`: that of its own line, else of the line above."""
    end = line_end(data, offset)
    if end == len(data):
        end = line_start(data, offset) - 1
        end -= data[max(end - 1, 0) : end + 1] == b"\r\n"
    found = _LINE_END.match(data, end) if end >= 0 else None
    return found.group().decode() if found is not None else "\n"


def with_newlines(text: str, newline: str) -> str:
    """A text whose line feeds are the given line end."""
    return text if "\n" not in text else _WRITTEN_LINE_END.sub(newline, text)


def with_line_feeds(data: bytes) -> bytes:
    """The same bytes with a line feed for each carriage return that stands alone: tree-sitter's grammars of
    JavaScript and Python do not take that for a line end, the languages do. Offsets stay what they are."""
    return _LONE_RETURN.sub(b"\n", data) if data.count(b"\r") > data.count(b"\r\n") else data


@frozen
class Position:
    """A place as people count it: line and column from 1, columns in characters."""

    line: int
    column: int


@record
class SourceFile:
    """One file, read once. `path` is absolute; `name` is what reports print (relative, with `/`)."""

    path: Path
    name: str
    data: bytes
    _line_starts: list[int] = field(default_factory=list)

    @property
    def line_starts(self) -> list[int]:
        """Byte offset of the first byte of every line."""
        if not self._line_starts:
            self._line_starts = [0, *(match.end() for match in _LINE_END.finditer(self.data))]
        return self._line_starts

    def line_number(self, offset: int) -> int:
        """The 1-based line that holds the byte at `offset`."""
        return bisect_right(self.line_starts, min(max(offset, 0), len(self.data)))

    def position(self, offset: int) -> Position:
        """Line and column of a byte offset; offsets past the end mean the end."""
        offset = min(max(offset, 0), len(self.data))
        line = self.line_number(offset)
        start = self.line_starts[line - 1]
        if start == 0 and self.data.startswith(BOM):
            start = min(len(BOM), offset)  # a byte order mark takes no column
        return Position(line, len(self.data[start:offset].decode("utf-8", "replace")) + 1)

    def line_text(self, line: int) -> str:
        """The text of a 1-based line, without its line end."""
        starts = self.line_starts
        start = starts[line - 1]
        end = starts[line] if line < len(starts) else len(self.data)
        raw = self.data[start:end]
        if start == 0:
            raw = raw.removeprefix(BOM)
        return raw.decode("utf-8", "replace").rstrip("\r\n")

    def slice(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self.data[start:end].decode("utf-8", "replace")


@frozen
class Span:
    """A half-open range of bytes, `start` to `end`, in one file."""

    file: SourceFile
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.file.slice(self.start, self.end)

    @property
    def first(self) -> Position:
        return self.file.position(self.start)

    @property
    def last(self) -> Position:
        """One past the last character."""
        return self.file.position(self.end)

    def head(self) -> Span:
        """This span cut at its first line end, for findings about a long construct."""
        end = line_end(self.file.data, self.start)
        return self if end >= self.end else Span(self.file, self.start, end)


@frozen
class Comment:
    """A comment and where it stands; `text` includes its markers."""

    span: Span
    text: str
