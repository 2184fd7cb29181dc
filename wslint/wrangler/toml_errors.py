"""What tomli says of a text that is no TOML, at the place that a person must look at, in plain words."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from wslint.regex import regex
from wslint.text import BOM, SourceFile, Span
from wslint.wrangler.located import ParseError

if TYPE_CHECKING:
    import tomli

_NAMES = regex(r"'((?:[^'\\]|\\.)*)'")
_QUOTES = {
    'Expected "\'"': (b"'",),
    "Expected \"'''\"": (b"'''",),
    "Unterminated string": (b'"""', b'"'),
}
_NOT_CLOSED = "this text is not closed on its line: its quote is missing"
_MESSAGES = {
    "Illegal character '\\n'": _NOT_CLOSED,
    "Illegal character": "a control character in a text is written as an escape such as `\\t` or `\\u0001`",
    "Found invalid character '\\n'": _NOT_CLOSED,
    "Found invalid character": "a control character has no place here",
    'Expected "\'"': _NOT_CLOSED,
    "Expected \"'''\"": "this text is never closed: its quotes are missing",
    "Unterminated string": "this text is never closed: its quotes are missing",
    "Invalid statement": "expected a key, a `[table]` or a comment",
    "Invalid initial character for a key part": "expected a key",
    "Invalid value": "no TOML value: a text stands in quotes, `true` and `false` are in lower case",
    "Invalid date or datetime": "there is no such date or time",
    "Expected newline or end of document after a statement": "expected the end of the line",
    "Expected '=' after a key": "expected `=` after the key",
    "Expected ']]' at the end": "expected `]]` at the end of the header",
    "Expected ']' at the end": "expected `]` at the end of the header",
    "Unclosed array": "an array is not closed: expected `,` or `]`",
    "Unclosed inline table": "an inline table is not closed: expected `,` or `}`",
    "Unescaped '\\' in a string": "no escape in TOML: a backslash is written `\\\\`, or the text in '…'",
    "Invalid hex value": "hexadecimal digits are missing in this escape",
    "Escaped character is not": "this escape stands for no character",
    "Cannot declare": "KEY is declared twice",
    "Cannot overwrite a value": "this key has a value already",
    "Duplicate inline table key": "the key KEY is written twice",
    "Cannot mutate immutable namespace": "KEY is complete where it is written: nothing can be added here",
    "Cannot redefine namespace": "KEY is declared twice",
}
"""How tomli's messages begin, and what they mean."""


def located_error(error: tomli.TOMLDecodeError, file: SourceFile) -> ParseError:
    """A syntax error with its place, in words for people."""
    message = error.msg
    if message in _QUOTES:  # noticed at the end of the file, so the last quotes are the opening ones
        there = [quotes for quotes in _QUOTES[message] if quotes in file.data]  # one may be escaped
        quotes = max(there, key=lambda quotes: file.data.count(quotes) % 2)
        return ParseError(Span(file, file.data.rfind(quotes), len(file.data)).head(), _in_words(message))
    start, end = _line(file, error.lineno)
    line = file.data[start:end]
    place = _offset(line, error.colno - 1)
    first = len(line) - len(line.lstrip())
    if message.startswith("Cannot") and place > first:  # noticed at the end of the statement
        closing = len(line[place:]) - len(line[place:].lstrip(b"]"))
        return ParseError(Span(file, start + first, start + place + closing), _in_words(message))
    if message.startswith("Unescaped"):  # noticed behind the escape
        return ParseError(Span(file, start + max(place - 2, 0), start + place), _in_words(message))
    if message == "Invalid value" and line[place : place + 1] in (b"", b"#"):
        message = "Expected a value"
    character = line[place : place + 4].decode("utf-8", "replace")[:1]
    size = 1 if character == "\ufffd" else len(character.encode())
    return ParseError(Span(file, start + place, start + place + size), _in_words(message))


def _in_words(message: str) -> str:
    key = ".".join(_NAMES.findall(message))
    for beginning, words in _MESSAGES.items():
        if message.startswith(beginning):
            return words.replace("KEY", f"`{key}`")
    return message[:1].lower() + message[1:]


def _line(file: SourceFile, number: int) -> tuple[int, int]:
    """Where a line starts, past a byte order mark, and where its text ends."""
    number = min(number, len(file.line_starts))
    start = file.line_starts[number - 1]
    if start == 0 and file.data.startswith(BOM):
        start = len(BOM)
    return start, start + len(file.line_text(number).encode())


def _offset(line: bytes, characters: int) -> int:
    """How many bytes that many characters take, where bytes that are no UTF-8 count as one."""
    return bisect_left(
        range(len(line)), characters, key=lambda end: len(line[:end].decode("utf-8", "replace"))
    )
