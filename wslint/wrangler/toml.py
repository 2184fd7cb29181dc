"""wrangler.toml with places.

tomli decides what is valid (TOML 1.1, as wrangler reads it) and what every value is; it gives no
places. So a second pass over the text, which may rely on its validity, finds where each key and
value stands, and both are joined. Where they should ever disagree, the value wins and takes the
place of its parent.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from wslint.record import frozen
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

_SPACE = regex(rb"[ \t\r\n]*")
_COMMENT = regex(rb"#[^\r\n]*")
_BARE_KEY = regex(rb"[A-Za-z0-9_-]+")
_BASIC = regex(rb'"(?:[^"\\\n]++|\\.)*+"')
_LITERAL = regex(rb"'[^'\n]*'")
_MULTILINE_BASIC = regex(rb'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}', re.DOTALL)
_MULTILINE_LITERAL = regex(rb"'''(?:[^']++|'{1,2}(?!'))*+'{3,5}", re.DOTALL)
_SCALAR = regex(rb"\d{4}-\d\d-\d\d \d\d:[^,\]}\s#]*|[^,\]}\s#]+")

_TOO_MANY_DIGITS = regex(rb"[+-]?[0-9][0-9_]{4000,}")
_MAX_INTEGER = 2**53 - 1
_TOO_LARGE = "the number is larger than wrangler's reader takes: 9007199254740991"


def parse(file: SourceFile) -> Parsed:
    """Read a file into located values.

    Raises ParseError at the first place that is no TOML 1.1.
    """
    import tomli

    try:
        data = tomli.loads(check_encoding(file).decode("utf-8", "replace"))
        scanner = _Scanner(file)
        scanner.run()
        _join(scanner.root, data)
    except tomli.TOMLDecodeError as error:
        from wslint.wrangler.toml_errors import located_error

        raise located_error(error, file) from None
    except ValueError:  # Python's own limit on int(), far above wrangler's
        digits = _TOO_MANY_DIGITS.search(file.data)
        raise ParseError(Span(file, *(digits.span() if digits else (0, 0))), _TOO_LARGE) from None
    except RecursionError:
        raise ParseError(Span(file, 0, 0), NESTED_TOO_DEEPLY) from None
    return Parsed(file, scanner.root, scanner.comments)


@frozen
class Statement:
    """One `[header]` or one `key = value`, as it stands in the file.

    `path` leads to it from the root, with the indexes of arrays of tables; `keys` are the places of
    the keys that it writes, the last ones of the path. `header` is the one it stands under.
    """

    span: Span
    path: tuple[str | int, ...]
    keys: tuple[Span, ...]
    is_header: bool
    header: Statement | None = None


def outline(file: SourceFile) -> list[Statement]:
    """The statements of a file that `parse` has read, in order."""
    scanner = _Scanner(file)
    scanner.run()
    return scanner.statements


class _Scanner:
    """Finds keys and values in valid TOML. Scalars get their data later, from tomli."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.data = file.data
        self.position = len(BOM) if self.data.startswith(BOM) else 0
        self.root = Value("table", Span(file, 0, len(self.data)))
        self.comments: list[Comment] = []
        self.statements: list[Statement] = []

    def run(self) -> None:
        table: Value = self.root
        header: Statement | None = None
        while self.skip():
            if self.data.startswith(b"[", self.position):
                table, header = self.header()
            else:
                keys = self.keys()
                self.skip_to(b"=")
                value = self.value()
                self.place(table, keys, value, header.span if header else None)
                path = (*(header.path if header else ()), *(name for name, _ in keys))
                self.state(Span(self.file, keys[0][1].start, value.span.end), path, keys, header)

    def skip(self) -> bool:
        """Go past space and comments; False at the end of the file."""
        while True:
            space = _SPACE.match(self.data, self.position)
            assert space is not None
            self.position = space.end()
            comment = _COMMENT.match(self.data, self.position)
            if comment is None:
                return self.position < len(self.data)
            span = Span(self.file, comment.start(), comment.end())
            self.comments.append(Comment(span, span.text))
            self.position = comment.end()

    def skip_to(self, mark: bytes) -> None:
        self.skip()
        if self.data.startswith(mark, self.position):
            self.position += len(mark)

    def state(
        self,
        span: Span,
        path: tuple[str | int, ...],
        keys: list[tuple[str, Span]],
        header: Statement | None,
        is_header: bool = False,
    ) -> Statement:
        places = tuple(place for _, place in keys)
        self.statements.append(Statement(span, path, places, is_header, header))
        return self.statements[-1]

    def header(self) -> tuple[Value, Statement]:
        start = self.position
        is_array = self.data.startswith(b"[[", start)
        self.position += 2 if is_array else 1
        keys = self.keys()
        self.skip_to(b"]")
        if is_array:
            self.skip_to(b"]")
        span = Span(self.file, start, self.position)
        table = self.root
        path: list[str | int] = []
        for name, place in keys[:-1]:
            table = self.descend(table, name, place, span, path)
        name, place = keys[-1]
        path.append(name)
        known = table.entries.get(name)
        if is_array:
            if known is None:
                known = table.entries[name] = Entry(name, place, Value("array", span, header=span))
            item = Value("table", span, header=span)
            path.append(len(known.value.items))
            known.value.items.append(item)
            return item, self.state(span, tuple(path), keys, None, is_header=True)
        if known is None:
            known = table.entries[name] = Entry(name, place, Value("table", span, header=span))
        elif known.value.header is None:  # made by a deeper header before
            known.value.header, known.value.span, known.key_span = span, span, place
        return known.value, self.state(span, tuple(path), keys, None, is_header=True)

    def descend(self, table: Value, name: str, place: Span, span: Span, path: list[str | int]) -> Value:
        """The table called `name`, made if need be; the last one where it is an array of tables."""
        known = table.entries.get(name)
        if known is None:
            known = table.entries[name] = Entry(name, place, Value("table", span))
        path.append(name)
        value = known.value
        if value.kind != "array" or not value.items:
            return value
        path.append(len(value.items) - 1)
        return value.items[-1]

    def place(self, table: Value, keys: list[tuple[str, Span]], value: Value, header: Span | None) -> None:
        whole = Span(self.file, keys[0][1].start, value.span.end)
        for name, place in keys[:-1]:
            known = table.entries.get(name)
            if known is None:
                known = table.entries[name] = Entry(name, place, Value("table", whole), header)
            table = known.value
        name, place = keys[-1]
        table.entries[name] = Entry(name, place, value, header)

    def keys(self) -> list[tuple[str, Span]]:
        found: list[tuple[str, Span]] = []
        while True:
            self.skip()
            start = self.position
            first = self.data[start : start + 1]
            pattern = _BASIC if first == b'"' else _LITERAL if first == b"'" else _BARE_KEY
            match = pattern.match(self.data, start)
            self.position = match.end() if match else start + 1
            span = Span(self.file, start, self.position)
            found.append((self.key_text(span.text), span))
            self.skip()
            if not self.data.startswith(b".", self.position):
                return found
            self.position += 1

    @staticmethod
    def key_text(raw: str) -> str:
        if raw.startswith("'"):
            return raw[1:-1]
        if raw.startswith('"'):
            if "\\" not in raw:
                return raw[1:-1]
            import tomli

            text = tomli.loads(f"key = {raw}")["key"]
            return str(text)
        return raw

    def value(self) -> Value:
        self.skip()
        start = self.position
        data = self.data
        first = data[start : start + 1]
        if first == b"[":
            return self.array(start)
        if first == b"{":
            return self.inline_table(start)
        if data.startswith(b'"""', start):
            pattern = _MULTILINE_BASIC
        elif data.startswith(b"'''", start):
            pattern = _MULTILINE_LITERAL
        elif first == b'"':
            pattern = _BASIC
        elif first == b"'":
            pattern = _LITERAL
        else:
            pattern = _SCALAR
        match = pattern.match(data, start)
        self.position = match.end() if match else start + 1
        return Value("string", Span(self.file, start, self.position))

    def array(self, start: int) -> Value:
        self.position = start + 1
        items: list[Value] = []
        while self.skip() and not self.data.startswith(b"]", self.position):
            items.append(self.value())
            self.skip_to(b",")
        self.position += 1
        return Value("array", Span(self.file, start, self.position), items=items)

    def inline_table(self, start: int) -> Value:
        self.position = start + 1
        table = Value("table", Span(self.file, start, start))
        while self.skip() and not self.data.startswith(b"}", self.position):
            keys = self.keys()
            self.skip_to(b"=")
            self.place(table, keys, self.value(), None)
            self.skip_to(b",")
        self.position += 1
        table.span = Span(self.file, start, self.position)
        return table


def _join(root: Value, data: dict[str, object]) -> None:
    """Give every located value its kind and data from what tomli read."""
    waiting: list[tuple[Value, object, int]] = [(root, data, 0)]
    while waiting:
        value, found, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise ParseError(value.span.head(), NESTED_TOO_DEEPLY)
        value.data = None
        if isinstance(found, dict):
            value.kind, value.items = "table", []
            for key in [key for key in value.entries if key not in found]:
                del value.entries[key]
            for key, inner in found.items():
                entry = value.entries.get(key)
                if entry is None:
                    entry = value.entries[key] = Entry(key, value.span, Value("string", value.span))
                waiting.append((entry.value, inner, depth + 1))
        elif isinstance(found, list):
            value.kind, value.entries = "array", {}
            missing = len(found) - len(value.items)
            value.items += [Value("string", value.span) for _ in range(missing)]
            waiting.extend((item, inner, depth + 1) for item, inner in zip(value.items, found, strict=False))
        else:
            value.entries, value.items = {}, []
            _set_scalar(value, found)


def _set_scalar(value: Value, found: object) -> None:
    if isinstance(found, bool):
        value.kind, value.data = "boolean", found
    elif isinstance(found, int):
        if abs(found) > _MAX_INTEGER:
            raise ParseError(value.span, _TOO_LARGE)
        value.kind, value.data = "integer", found
    elif isinstance(found, float):
        value.kind, value.data = "float", found
    elif isinstance(found, (datetime, date, time)):
        value.kind, value.data = "date", str(found)
    else:
        value.kind, value.data = "string", str(found)
