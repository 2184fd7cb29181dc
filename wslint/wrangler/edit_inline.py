"""Edits between brackets: JSON objects and arrays, TOML arrays and inline tables.

Everything here is a byte edit that follows the lines, the indentation and the commas around it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from wslint.finding import Edit
from wslint.text import SourceFile, Span
from wslint.wrangler.located import Value

# Only space, commas and comments stand between two items, so the comments of both formats can be
# read by one pattern: neither knows the other's marks outside of strings.
_GAP = re.compile(rb"(?:[ \t\r\n]|(?:#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
_REST_OF_LINE = re.compile(rb"[ \t]*,?[ \t]*(?:(?:#|//)[^\n]*|/\*[^\n]*?\*/[ \t]*\r?)?(?=\r?\n)")
_LINE_COMMENT = re.compile(rb"(?:#|//)[^\n]*$")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes: its format, one step of indentation, its line end."""

    format: Literal["toml", "json"]
    unit: str = "  "
    newline: str = "\n"
    colon: str = ": "
    comma: str = ", "

    def key(self, name: str) -> str:
        if self.format == "toml" and _BARE_KEY.fullmatch(name):
            return name
        return quoted(name)

    def pair(self, name: str, text: str) -> str:
        return f"{self.key(name)}{' = ' if self.format == 'toml' else self.colon}{text}"

    def one_line(self, value: object, padding: str | None = None) -> str:
        """A value on one line; `padding` stands inside the braces of tables."""
        if padding is None:
            padding = " " if self.format == "toml" else ""
        if isinstance(value, dict):
            pairs = [self.pair(key, self.one_line(inner, padding)) for key, inner in value.items()]
            return f"{{{padding}{self.comma.join(pairs)}{padding}}}" if pairs else "{}"
        if isinstance(value, list):
            return f"[{self.comma.join(self.one_line(item, padding) for item in value)}]"
        return quoted(value) if isinstance(value, str) else json.dumps(value)

    def text(self, value: object, indent: str) -> str:
        """A value over several lines where a person would take several: objects in JSON, and arrays
        that hold tables. `indent` is that of the line it starts on."""
        tables = isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value)
        if (
            self.comma == ","
            or not value
            or not (tables or (isinstance(value, dict) and self.format == "json"))
        ):
            return self.one_line(value)
        inner = indent + self.unit
        if isinstance(value, dict):
            rows = [self.pair(key, self.text(item, inner)) for key, item in value.items()]
            opening, closing = "{}"
        else:
            assert isinstance(value, list)
            rows = [self.text(item, inner) for item in value]
            opening, closing = "[]"
        body = f",{self.newline}".join(inner + row for row in rows)
        return f"{opening}{self.newline}{body}{self.newline}{indent}{closing}"


def quoted(text: str) -> str:
    """A string that means the same in JSON and in TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def is_bracketed(value: Value) -> bool:
    """Whether an array or table is written between brackets, and not by TOML headers or dotted keys."""
    mark = {"table": b"{", "array": b"["}.get(value.kind)
    data = value.span.file.data
    return mark is not None and value.header is None and data.startswith(mark, value.span.start)


def children(holder: Value) -> list[Span]:
    """The items of an array, or the `key = value` pairs of a table, in file order."""
    if holder.kind == "array":
        return [item.span for item in holder.items]
    ends = sorted(leaf.span.end for leaf in _leaves(holder))
    spans: list[Span] = []
    position = holder.span.start + 1
    for end in ends:
        spans.append(Span(holder.span.file, _past_comma(holder.span.file, position), end))
        position = end
    return spans


def _leaves(table: Value) -> list[Value]:
    """The values of a table's pairs: `a.b = 1` is one pair."""
    found: list[Value] = []
    for entry in [*table.entries.values(), *table.keys_written_twice]:
        dotted = entry.value.kind == "table" and not is_bracketed(entry.value)
        found.extend(_leaves(entry.value) if dotted else [entry.value])
    return found


def children_of(holder: Value, value: Value) -> list[int]:
    """The indexes of the children that make up an item, or a value of the table (several if dotted)."""
    if value.kind == "table" and not is_bracketed(value) and holder.kind == "table":
        ends = {leaf.span.end for leaf in _leaves(value)}
    else:
        ends = {value.span.end}
    return [index for index, span in enumerate(children(holder)) if span.end in ends]


def _past_comma(file: SourceFile, position: int) -> int:
    """Where the next item starts."""
    position = _past_gap(file, position)
    if file.data.startswith(b",", position):
        position = _past_gap(file, position + 1)
    return position


def _past_gap(file: SourceFile, position: int) -> int:
    gap = _GAP.match(file.data, position)
    assert gap is not None  # it matches nothing, too
    return gap.end()


def _comma_after(file: SourceFile, position: int) -> int | None:
    place = _past_gap(file, position)
    return place if file.data.startswith(b",", place) else None


def _line_start(file: SourceFile, offset: int) -> int:
    return file.data.rfind(b"\n", 0, offset) + 1


def indent_of(file: SourceFile, offset: int) -> str:
    """The white space that the line of `offset` starts with."""
    line = file.data[_line_start(file, offset) : offset]
    return line[: len(line) - len(line.lstrip(b" \t"))].decode()


def starts_its_line(span: Span) -> bool:
    file = span.file
    return not file.data[_line_start(file, span.start) : span.start].strip(b" \t\xef\xbb\xbf")


def remove(holder: Value, index: int, last: int | None = None) -> tuple[Edit, ...]:
    """Drop the children from `index` to `last` with their commas, and with their lines where they
    have them for themselves."""
    file, data = holder.span.file, holder.span.file.data
    spans = children(holder)
    last = index if last is None else last
    first_span, last_span = spans[index], spans[last]
    inside = Span(file, holder.span.start + 1, holder.span.end - 1)
    if len(spans) == last - index + 1 and not _has_comments(inside, first_span.start, last_span.end):
        return (Edit(inside, ""),)
    comma = _comma_after(file, last_span.end)
    is_last = last + 1 == len(spans)
    edits: list[Edit] = []
    if is_last and index > 0 and comma is None:
        previous = _comma_after(file, spans[index - 1].end)
        assert previous is not None
        edits.append(Edit(Span(file, previous, previous + 1), ""))
    line_end = _REST_OF_LINE.match(data, last_span.end, inside.end)
    if line_end is not None and starts_its_line(first_span):
        start = _line_start(file, first_span.start)
        end = data.find(b"\n", line_end.end()) + 1
        return (*edits, Edit(Span(file, start, end), ""))
    if not is_last:
        assert comma is not None
        after = comma + 1 + len(data[comma + 1 :]) - len(data[comma + 1 :].lstrip(b" \t\r\n"))
        if after > spans[last + 1].start or b"\n" not in data[comma:after]:
            return (*edits, Edit(Span(file, first_span.start, after), ""))
        return (*edits, Edit(Span(file, _before(file, first_span.start), comma + 1), ""))
    end = comma + 1 if comma is not None and index == 0 else last_span.end
    if comma is not None and index > 0:
        # The comma before it goes, the one behind it stays: a trailing comma is the file's style.
        previous = _comma_after(file, spans[index - 1].end)
        assert previous is not None
        if not data[previous + 1 : first_span.start].strip():
            return (Edit(Span(file, previous, last_span.end), ""),)
        end = comma + 1
    return _merged([*edits, Edit(Span(file, _before(file, first_span.start), end), "")])


def _before(file: SourceFile, start: int) -> int:
    """`start` less the space before it, unless that ends a line comment."""
    before = file.data[:start].rstrip(b" \t\r\n")
    line = before[before.rfind(b"\n") + 1 :]
    return start if _LINE_COMMENT.search(line) else len(before)


def _merged(edits: list[Edit]) -> tuple[Edit, ...]:
    """The edits as one where they touch."""
    if len(edits) == 2 and edits[0].span.end >= edits[1].span.start:
        return (Edit(Span(edits[0].span.file, edits[0].span.start, edits[1].span.end), ""),)
    return tuple(edits)


def _has_comments(inside: Span, start: int, end: int) -> bool:
    around = inside.file.data[inside.start : start] + inside.file.data[end : inside.end]
    return bool(around.strip(b" \t\r\n,"))


def append(style: Style, holder: Value, rows: list[tuple[str | None, object]]) -> tuple[Edit, ...]:
    """Add items (key None) or pairs after what `holder` has, as its last line or its only line goes on."""
    file, data = holder.span.file, holder.span.file.data
    spans = children(holder)
    if not spans:
        return (_fill(style, holder, rows),)
    last = spans[-1]
    own_lines = starts_its_line(last)
    indent = indent_of(file, last.start)
    texts = [_row(style, key, value, indent, last) for key, value in rows]
    comma = _comma_after(file, last.end)
    if not own_lines:
        joined = style.comma.join(texts)
        if comma is None:
            return (Edit(Span(file, last.end, last.end), f"{style.comma}{joined}"),)
        return (Edit(Span(file, comma + 1, comma + 1), f"{style.comma[1:]}{joined},"),)
    body = f",{style.newline}".join(indent + text for text in texts)
    at = last.end if comma is None else comma + 1
    rest = _REST_OF_LINE.match(data, at, holder.span.end)
    end = rest.end() if rest is not None else at
    added = f"{style.newline}{body}{'' if comma is None else ','}"
    if comma is not None or end == at:
        return (Edit(Span(file, end, end), ("," if comma is None else "") + added),)
    return (Edit(Span(file, at, at), ","), Edit(Span(file, end, end), added))


def _row(style: Style, key: str | None, value: object, indent: str, sibling: Span) -> str:
    """One item or pair, on one line where its sibling is on one line."""
    written = sibling.text
    if "\n" not in written and (key is None or not starts_its_line(sibling)):
        padding = None if not written.startswith("{") else (" " if written.startswith("{ ") else "")
        text = style.one_line(value, padding)
    else:
        text = style.text(value, indent)
    return text if key is None else style.pair(key, text)


def _fill(style: Style, holder: Value, rows: list[tuple[str | None, object]]) -> Edit:
    """Put the first rows into empty brackets."""
    file = holder.span.file
    own = indent_of(file, holder.span.start)
    inside = Span(file, holder.span.start + 1, holder.span.end - 1)
    kept = inside.text.rstrip()
    plain = not any(isinstance(value, (dict, list)) for _, value in rows)
    flat = (
        style.comma == ","
        or (style.format == "toml" and holder.kind == "table")
        or (holder.kind == "array" and plain)
    )
    if flat and not kept:
        padding = " " if style.format == "toml" and holder.kind == "table" else ""
        texts = [
            style.one_line(value) if key is None else style.pair(key, style.one_line(value))
            for key, value in rows
        ]
        return Edit(inside, f"{padding}{style.comma.join(texts)}{padding}")
    inner = own + style.unit
    texts = [
        inner + (style.text(value, inner) if key is None else style.pair(key, style.text(value, inner)))
        for key, value in rows
    ]
    return Edit(inside, kept + style.newline + f",{style.newline}".join(texts) + style.newline + own)
