"""Places: a byte of a file is a line and a column in the protocol, a path is an address.

Lines and columns count from 0 there. A column counts the units that the editor asked for, which is UTF-16's unless it
said otherwise: an emoji takes two.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types

from wslint.record import field, record
from wslint.text import BOM, SourceFile, Span, line_end

Encoding = types.PositionEncodingKind | str


@record
class Places:
    """How this editor counts, and how it calls the files that it has open."""

    encoding: Encoding = types.PositionEncodingKind.Utf16
    opened: dict[Path, str] = field(default_factory=dict)
    """The addresses of the open files as the editor spells them: they may lead through links."""
    tops: dict[Path, str] = field(default_factory=dict)
    """The same of the workspace's folders."""

    def uri(self, path: Path) -> str:
        """The address of a file."""
        known = self.opened.get(path)
        if known is not None:
            return known
        for top, uri in self.tops.items():
            if path.is_relative_to(top):
                rest = quote(path.relative_to(top).as_posix())
                return uri if rest == "." else f"{uri.rstrip('/')}/{rest}"
        return path.as_uri()

    def position(self, file: SourceFile, offset: int) -> types.Position:
        line = file.line_number(offset)
        start = self._start(file, line)
        return types.Position(line - 1, self._units(file.data[start : max(offset, start)]))

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(span.file, span.start), self.position(span.file, span.end))

    def location(self, span: Span) -> types.Location:
        return types.Location(self.uri(span.file.path), self.range(span))

    def offset(self, file: SourceFile, position: types.Position) -> int:
        """The byte at a position; the end of the line for a column past it, the end of the file for a line past that."""
        if position.line >= len(file.line_starts):
            return len(file.data)
        start = self._start(file, position.line + 1)
        text = file.data[start : line_end(file.data, start)].decode("utf-8", "replace")
        taken, units = 0, 0
        for character in text:
            units += self._units(character.encode())
            if units > position.character:
                break
            taken += 1
        return start + len(text[:taken].encode())

    def _start(self, file: SourceFile, line: int) -> int:
        """Where the text of a line begins. Editors keep a byte order mark to themselves, unless they send it."""
        start = file.line_starts[line - 1]
        marked = start == 0 and file.path not in self.opened and file.data.startswith(BOM)
        return len(BOM) if marked else start

    def _units(self, data: bytes) -> int:
        if self.encoding == types.PositionEncodingKind.Utf8:
            return len(data)
        text = data.decode("utf-8", "replace")
        if self.encoding == types.PositionEncodingKind.Utf32:
            return len(text)
        return len(text) + sum(character > "\uffff" for character in text)


def path_of(uri: str) -> Path | None:
    """The file that an address means, its folder's links followed as `discover` follows them; None for what is no file
    (`untitled:`, `git:`)."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    text = unquote(parts.path)
    if os.name == "nt":
        text = text.lstrip("/") if text[2:3] == ":" else f"//{parts.netloc}{text}"
    if not text or "\0" in text:
        return None
    path = Path(os.path.abspath(text))
    return Path(os.path.realpath(path.parent)) / path.name


def folder_of(uri: str) -> Path | None:
    """The folder that an address means, its links followed."""
    path = path_of(uri)
    return Path(os.path.realpath(path)) if path is not None else None
