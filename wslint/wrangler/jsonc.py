"""wrangler.json and wrangler.jsonc: JSON with comments and trailing commas, as wrangler reads both.

wrangler uses one tolerant parser for both names: comments and trailing commas are fine in
`wrangler.json` too, single quotes and bare keys are not, and of two equal keys the last one wins
without a word (run on wrangler 4.164). This reader keeps places, comments and the replaced keys.
"""

from __future__ import annotations

import re

from wslint.record import field, record
from wslint.regex import regex
from wslint.text import BOM, Comment, SourceFile, Span
from wslint.wrangler.located import (
    MAX_DEPTH,
    NESTED_TOO_DEEPLY,
    Entry,
    Parsed,
    ParseError,
    Value,
    check_encoding,
)

_TOKEN = regex(
    rb"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>//[^\r\n]*|/\*.*?\*/)
    | (?P<string>"(?:[^"\\\x00-\x1f]++|\\[^\x00-\x1f])*+")
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
    | (?P<mark>[{}\[\]:,])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = regex(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_VALID_ESCAPES = regex(rb'(?:[^\\]++|\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt]))*+')
_STRING_ON_ONE_LINE = regex(rb'"(?:[^"\\\r\n]++|\\[^\r\n])*+"')
_END_OF_LINE = regex(rb"[\r\n]")
_CONTROL_CHARACTER = regex(rb"[\x00-\x1f]")
_SIMPLE_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[bytes, bool | None] = {b"true": True, b"false": False, b"null": None}


def parse(file: SourceFile) -> Parsed:
    """Read a file into located values.

    Raises ParseError at the first place that wrangler's parser refuses.
    """
    check_encoding(file)
    return _Reader(file).run()


def load_json(data: bytes) -> object:
    """The plain value of a JSONC text such as tsconfig.json. Raises ValueError when it is none."""
    from pathlib import Path

    try:
        return parse(SourceFile(Path("text.json"), "text.json", data)).root.plain()
    except ParseError as error:
        raise ValueError(error.message) from None


@record
class _Open:
    """An object or array whose end was not met yet."""

    value: Value
    key: tuple[str, Span] | None = None
    needs_comma: bool = False

    @property
    def closing(self) -> str:
        return "}" if self.value.kind == "table" else "]"


@record
class _Reader:
    """One pass over the tokens with an explicit stack, so that depth costs no recursion."""

    file: SourceFile
    position: int = 0
    comments: list[Comment] = field(default_factory=list)

    def run(self) -> Parsed:
        if self.file.data.startswith(BOM):
            self.position = len(BOM)
        stack: list[_Open] = []
        root: Value | None = None
        while True:
            kind, span = self.token()
            if kind == "end":
                if stack:
                    opening = stack[-1].value.span  # its opening mark alone, until it is closed
                    raise ParseError(opening, f"this is never closed: `{stack[-1].closing}` is missing")
                if root is None:
                    raise ParseError(span, "the file is empty: expected `{`")
                break
            if root is not None and not stack:
                raise ParseError(span, "nothing may follow the end of the configuration")
            value = self.step(kind, span, stack)
            if value is None:
                continue
            if stack and value.kind not in ("table", "array"):
                stack[-1].needs_comma = True
            if root is None:
                root = value
        if root.kind != "table":
            raise ParseError(root.span.head(), f"expected an object in braces, found {root.described}")
        return Parsed(self.file, root, self.comments)

    def step(self, kind: str, span: Span, stack: list[_Open]) -> Value | None:
        """Take one token; returns the value that it begins, if it begins one."""
        top = stack[-1] if stack else None
        mark = span.text if kind == "mark" else ""
        if top is not None:
            if mark == top.closing and (top.value.kind == "array" or top.key is None):
                stack.pop()
                top.value.span = Span(self.file, top.value.span.start, span.end)
                if stack:
                    stack[-1].needs_comma = True
                return None
            if top.needs_comma:
                if mark != ",":
                    raise ParseError(span, self.missing_comma(kind, span, top))
                top.needs_comma = False
                return None
            if top.value.kind == "table" and top.key is None:
                self.read_key(kind, span, top)
                return None
        value = self.begin(kind, span, mark)
        if top is not None:
            self.attach(top, value)
        if value.kind in ("table", "array"):
            if len(stack) == MAX_DEPTH:
                raise ParseError(span, NESTED_TOO_DEEPLY)
            stack.append(_Open(value))
        return value

    def missing_comma(self, kind: str, span: Span, top: _Open) -> str:
        if kind == "number" and self.file.data[span.start - 1 : span.start] == b"0":
            return "a number has no leading zeros"
        if top.value.kind == "table" and kind in ("string", "word"):
            return "a comma is missing before this key"
        if top.value.kind == "array" and span.text not in ("}", ":"):
            return "a comma is missing before this item"
        return f"expected `,` or `{top.closing}`"

    def read_key(self, kind: str, span: Span, top: _Open) -> None:
        if kind == "word":
            raise ParseError(span, f'keys stand in double quotes: `"{span.text}"`')
        if kind != "string":
            raise ParseError(span, "expected a key in double quotes or `}`")
        key = self.text_of(span)
        colon, place = self.token()
        if colon != "mark" or place.text != ":":
            raise ParseError(place if colon != "end" else span, f"expected `:` after the key {span.text}")
        top.key = (key, span)

    def begin(self, kind: str, span: Span, mark: str) -> Value:
        if mark == "{":
            return Value("table", span)
        if mark == "[":
            return Value("array", span)
        if kind == "string":
            return Value("string", span, self.text_of(span))
        if kind == "number":
            text = span.text
            whole = not any(sign in text for sign in ".eE")
            try:
                return Value("integer" if whole else "float", span, int(text) if whole else float(text))
            except ValueError:  # thousands of digits: Python's own limit on int()
                return Value("float", span, float("inf"))
        if kind == "word":
            word = self.file.data[span.start : span.end]
            if word in _WORDS:
                data = _WORDS[word]
                return Value("null" if data is None else "boolean", span, data)
            raise ParseError(span, f"`{span.text}` is no JSON value: a text stands in double quotes")
        raise ParseError(span, f"expected a value, found `{mark}`")

    def attach(self, top: _Open, value: Value) -> None:
        if top.value.kind == "array":
            top.value.items.append(value)
            return
        assert top.key is not None
        key, key_span = top.key
        top.key = None
        replaced = top.value.entries.pop(key, None)
        if replaced is not None:
            top.value.keys_written_twice.append(replaced)
        top.value.entries[key] = Entry(key, key_span, value)

    def token(self) -> tuple[str, Span]:
        """The next token that is no space and no comment."""
        data = self.file.data
        while True:
            if self.position >= len(data):
                return "end", Span(self.file, len(data), len(data))
            match = _TOKEN.match(data, self.position)
            if match is None:
                raise self.unreadable()
            span = Span(self.file, match.start(), match.end())
            self.position = match.end()
            kind = match.lastgroup or ""
            if kind == "comment":
                self.comments.append(Comment(span, span.text))
            elif kind != "space":
                return kind, span

    def unreadable(self) -> ParseError:
        """Why no token starts here."""
        data, start = self.file.data, self.position
        here = data[start : start + 1]
        if data.startswith(b"/*", start):
            return ParseError(
                Span(self.file, start, start + 2), "this comment is never closed: `*/` is missing"
            )
        if here == b'"':
            return self.unreadable_string(start)
        if here == b"'":
            return ParseError(Span(self.file, start, start + 1), 'JSON takes double quotes: `"`')
        character = data[start : start + 4].decode("utf-8", "replace")[:1]
        size = len(character.encode()) if character != "\ufffd" else 1
        shown = (
            f"`{character}`"
            if character.isprintable() and here != b"`"
            else f"character U+{ord(character):04X}"
        )
        return ParseError(Span(self.file, start, start + size), f"unexpected {shown}")

    def unreadable_string(self, start: int) -> ParseError:
        whole = _STRING_ON_ONE_LINE.match(self.file.data, start)
        if whole is None:
            end_of_line = _END_OF_LINE.search(self.file.data, start)
            end = end_of_line.start() if end_of_line else len(self.file.data)
            return ParseError(
                Span(self.file, start, end), 'this text is not closed on its line: `"` is missing'
            )
        found = _CONTROL_CHARACTER.search(self.file.data, start)
        assert found is not None  # else it would be a string
        code = found.group()[0]
        written = "\\t" if code == 9 else f"\\u{code:04x}"
        return ParseError(
            Span(self.file, found.start(), found.end()),
            f"a control character in a text is written `{written}`",
        )

    def text_of(self, span: Span) -> str:
        inner = self.file.slice(span.start + 1, span.end - 1)
        if "\\" not in inner:
            return inner
        valid = _VALID_ESCAPES.match(self.file.data, span.start + 1, span.end - 1)
        if valid is not None and valid.end() < span.end - 1:
            backslash = valid.end()
            size = 1 + len(self.file.slice(backslash + 1, span.end - 1)[:1].encode())
            place = Span(self.file, backslash, min(backslash + size, span.end - 1))
            raise ParseError(place, _bad_escape(place.text))
        text = _ESCAPE.sub(_unescaped, inner)
        # Two escapes may make one character: \ud83d\ude00.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(match: re.Match[str]) -> str:
    code, simple = match.groups()
    return chr(int(code, 16)) if code else _SIMPLE_ESCAPES.get(simple, simple)


def _bad_escape(text: str) -> str:
    if text == "\\u":
        return "four hexadecimal digits follow `\\u`"
    return "no escape in JSON: a backslash is written `\\\\`"
