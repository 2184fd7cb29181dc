"""Files as bytes, and places in them.

Everything downstream points into a file by byte offsets (`Span`); lines and columns are worked
out only when a finding is shown. Columns count characters from 1, as editors do.
"""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from wslint.record import field, frozen, record

BOM = b"\xef\xbb\xbf"


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
            starts = [0]
            find = self.data.find
            at = find(b"\n")
            while at != -1:
                starts.append(at + 1)
                at = find(b"\n", at + 1)
            self._line_starts = starts
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
        newline = self.file.data.find(b"\n", self.start, self.end)
        if newline == -1:
            return self
        end = newline - 1 if self.file.data[newline - 1 : newline] == b"\r" else newline
        return Span(self.file, self.start, max(end, self.start))


@frozen
class Comment:
    """A comment and where it stands; `text` includes its markers."""

    span: Span
    text: str
