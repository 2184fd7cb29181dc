"""Values that know where they stand: what the TOML and JSONC readers return."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from wslint.record import field, record
from wslint.text import BOM, Comment, SourceFile, Span
from wslint.wrangler.placeholders import is_placeholder

Kind = Literal["table", "array", "string", "integer", "float", "boolean", "null", "date"]

MAX_DEPTH = 200
"""Deeper values are refused, so that nothing downstream needs to fear for its stack."""

NESTED_TOO_DEEPLY = "the values are nested too deeply to be a configuration"


@record
class Value:
    """A value with its span. `data` holds the plain Python value of a scalar.

    A table's `entries` are in file order; `keys_written_twice` holds the entries that a later one
    with the same key replaced (JSON only: TOML refuses them). `header` is the `[header]` line of a
    TOML table that has one.
    """

    kind: Kind
    span: Span
    data: str | int | float | bool | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[Value] = field(default_factory=list)
    keys_written_twice: list[Entry] = field(default_factory=list)
    header: Span | None = None

    def entry(self, *path: str) -> Entry | None:
        """The entry at a path of keys, or None where a step is missing or no table."""
        table = self
        for key in path[:-1]:
            step = table.entries.get(key)
            if step is None:
                return None
            table = step.value
        return table.entries.get(path[-1])

    def get(self, *path: str) -> Value | None:
        """The value at a path of keys, or None."""
        found = self.entry(*path)
        return found.value if found else None

    @property
    def string(self) -> str | None:
        """The text of a string, None for every other kind."""
        return self.data if self.kind == "string" and isinstance(self.data, str) else None

    @property
    def is_placeholder(self) -> bool:
        return self.string is not None and is_placeholder(self.string)

    @property
    def described(self) -> str:
        """What the value is, in a reader's words: `a string`, `an array`."""
        return _DESCRIPTIONS[self.kind]

    def tables(self) -> Iterator[Value]:
        """The items of an array that are tables; nothing for any other kind."""
        return (item for item in self.items if item.kind == "table")

    def strings(self) -> Iterator[Value]:
        """The items of an array that are strings and no placeholders."""
        return (item for item in self.items if item.string is not None and not item.is_placeholder)

    def plain(self) -> object:
        """The value without its places, as a JSON-like Python value; dates as text."""
        if self.kind == "table":
            return {key: entry.value.plain() for key, entry in self.entries.items()}
        if self.kind == "array":
            return [item.plain() for item in self.items]
        return self.data


@record
class Entry:
    """`key = value`. `after_header` is the TOML header that the key stands under, if any."""

    key: str
    key_span: Span
    value: Value
    after_header: Span | None = None

    @property
    def span(self) -> Span:
        """Key and value where they stand together, otherwise the key."""
        if self.value.span.start >= self.key_span.start:
            return Span(self.key_span.file, self.key_span.start, self.value.span.end)
        return self.key_span


_DESCRIPTIONS: dict[Kind, str] = {
    "table": "a table",
    "array": "an array",
    "string": "a string",
    "integer": "a number",
    "float": "a number",
    "boolean": "a boolean",
    "null": "null",
    "date": "a date",
}


@record
class Parsed:
    """A configuration file as read: its root table and its comments."""

    file: SourceFile
    root: Value
    comments: list[Comment]


class ParseError(Exception):
    """The file is not TOML or JSON. `span` is the place, `message` what is expected there."""

    def __init__(self, span: Span, message: str) -> None:
        super().__init__(message)
        self.span = span
        self.message = message


_REFUSED_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32 LE"),
    (b"\x00\x00\xfe\xff", "UTF-32 BE"),
    (b"\xff\xfe", "UTF-16 LE"),
    (b"\xfe\xff", "UTF-16 BE"),
)


def check_encoding(file: SourceFile) -> bytes:
    """The file's bytes without a UTF-8 byte order mark.

    Raises ParseError for UTF-16 and UTF-32 marks, which wrangler refuses. Bytes that are no UTF-8
    are no error: wrangler reads them as U+FFFD and goes on (run on 4.164).
    """
    for mark, name in _REFUSED_MARKS:
        if file.data.startswith(mark):
            place = Span(file, 0, len(mark))
            raise ParseError(place, f"the file starts with a {name} byte order mark: save it as UTF-8")
    return file.data.removeprefix(BOM)
