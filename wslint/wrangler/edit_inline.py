"""Edits between brackets: JSON objects and arrays, TOML arrays and inline tables.

Everything here is a byte edit that follows the lines, the indentation and the commas around it.
"""

from __future__ import annotations

import json
import re
from typing import Literal

from wslint.finding import Edit
from wslint.record import frozen
from wslint.regex import regex
from wslint.text import SourceFile, Span, line_start, next_line
from wslint.wrangler.located import Value

# Only space, commas and comments stand between two items, so the comments of both formats can be
# read by one pattern: neither knows the other's marks outside of strings.
_GAP = regex(rb"(?:[ \t\r\n]|(?:#|//)[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_REST_OF_LINE = regex(rb"[ \t]*(?:(?:#|//)[^\r\n]*|/\*(?:(?!\*/)[^\r\n])*\*/[ \t]*)?(?=[\r\n])")
_LINE_COMMENT = regex(rb"(?:#|//)[^\r\n]*$")
_LINE_END = regex(rb"[\r\n]")
_BARE_KEY = regex(r"[A-Za-z0-9_-]+")


Keys = tuple[str, ...]


@frozen
class Style:
    """How a file writes: its format, one step of indentation, its line end."""

    format: Literal["toml", "json"]
    unit: str = "  "
    newline: str = "\n"
    colon: str = ": "
    comma: str = ", "

    def key(self, *names: str) -> str:
        """A key, dotted (TOML only) where several names are given."""
        return ".".join(self._key(name) for name in names)

    def _key(self, name: str) -> str:
        if self.format == "toml" and _BARE_KEY.fullmatch(name):
            return name
        return quoted(name)

    def pair(self, names: str | Keys, text: str) -> str:
        key = self.key(names) if isinstance(names, str) else self.key(*names)
        return f"{key}{' = ' if self.format == 'toml' else self.colon}{text}"

    def one_line(self, value: object, padding: str | None = None) -> str:
        """A value on one line; `padding` stands inside the braces of tables."""
        if padding is None:
            padding = " " if self.format == "toml" else ""
        if isinstance(value, dict):
            pairs = [self.pair(key, self.one_line(inner, padding)) for key, inner in value.items()]
            return f"{{{padding}{self.comma.join(pairs)}{padding}}}" if pairs else "{}"
        if isinstance(value, list):
            return f"[{self.comma.join(self.one_line(item, padding) for item in value)}]"
        if isinstance(value, float) and self.format == "toml":
            return repr(value)  # `inf` and `nan` are TOML
        return quoted(value) if isinstance(value, str) else json.dumps(value)

    def text(self, value: object, indent: str) -> str:
        """A value as a person would lay it out; `indent` is that of the line it starts on."""
        if not self.takes_lines(value):
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

    def takes_lines(self, value: object) -> bool:
        """Objects take several lines in JSON, and lists of them; in TOML lists of several tables do."""
        if self.comma == ",":
            return False
        if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
            return self.format == "json" or len(value) > 1
        return isinstance(value, dict) and bool(value) and self.format == "json"


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
    return line_start(file.data, offset)


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
    start, end = spans[index].start, spans[last].end
    inside = Span(file, holder.span.start + 1, holder.span.end - 1)
    is_last = last + 1 == len(spans)
    if is_last and index == 0 and not _has_comments(inside, start, end):
        return (Edit(inside, ""),)
    edits: list[Edit] = []
    comma = _comma_after(file, end)
    if comma is not None:
        end = comma + 1
    elif index > 0:
        before = _comma_after(file, spans[index - 1].end)
        assert before is not None  # two items have one between them
        edits.append(Edit(Span(file, before, before + 1), ""))
    rest_of_line = _REST_OF_LINE.match(data, end, inside.end)
    if rest_of_line is not None and starts_its_line(spans[index]):
        start, end = _line_start(file, start), next_line(data, rest_of_line.end())
        comment = rest_of_line.group().strip()
        if comment and b"wslint:" not in comment:  # it gets the line for itself
            kept = data[: rest_of_line.end()].rstrip(b" \t")
            return (
                *edits,
                Edit(Span(file, spans[index].start, len(kept)), comment.decode("utf-8", "replace")),
            )
    elif is_last:
        start = _without_space_before(file, start)
        if edits and start == edits[0].span.end:
            start = _without_space_before(file, edits.pop().span.start)
    else:
        following = end + len(data[end:]) - len(data[end:].lstrip())
        if _LINE_END.search(data, end, following) and index > 0:
            start = len(data[:start].rstrip(b" \t"))
        else:
            end = following
    return (*edits, Edit(Span(file, start, end), ""))


def _without_space_before(file: SourceFile, start: int) -> int:
    """`start` less the space before it, but not the line end that closes a comment."""
    before = file.data[:start].rstrip()
    line = before[line_start(before, len(before)) :]
    return len(file.data[:start].rstrip(b" \t") if _LINE_COMMENT.search(line) else before)


def _has_comments(inside: Span, start: int, end: int) -> bool:
    around = inside.file.data[inside.start : start] + inside.file.data[end : inside.end]
    return bool(around.strip(b" \t\r\n,"))


def append(style: Style, holder: Value, rows: list[tuple[Keys, object]]) -> tuple[Edit, ...]:
    """Add items (without keys) or pairs after what `holder` has, in the manner of its last one."""
    file, data = holder.span.file, holder.span.file.data
    spans = children(holder)
    if not spans:
        return (_fill(style, holder, rows),)
    last = spans[-1]
    own_lines = starts_its_line(last)
    indent = indent_of(file, last.start)
    texts = [_row(style, holder, keys, value, indent, last) for keys, value in rows]
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


def _row(style: Style, holder: Value, keys: Keys, value: object, indent: str, sibling: Span) -> str:
    """One item or pair, on one line where its sibling is on one line."""
    written = holder.span.text if holder.kind == "table" else sibling.text
    if not _LINE_END.search(sibling.text.encode()) and (not keys or not starts_its_line(sibling)):
        padding = None if not written.startswith("{") else (" " if written.startswith("{ ") else "")
        text = style.one_line(value, padding)
    else:
        text = style.text(value, indent)
    return _pair_or_item(style, keys, text)


def _fill(style: Style, holder: Value, rows: list[tuple[Keys, object]]) -> Edit:
    """Put the first rows into empty brackets."""
    file = holder.span.file
    own = indent_of(file, holder.span.start)
    inside = Span(file, holder.span.start + 1, holder.span.end - 1)
    comments = file.data[inside.start : inside.end].rstrip()
    is_toml_table = style.format == "toml" and holder.kind == "table"
    flat = is_toml_table or style.comma == ","
    if holder.kind == "array" and not flat:
        flat = not style.takes_lines([value for _, value in rows])
    if not comments and flat:
        padding = " " if is_toml_table else ""
        texts = [_pair_or_item(style, keys, style.one_line(value)) for keys, value in rows]
        return Edit(inside, f"{padding}{style.comma.join(texts)}{padding}")
    end = inside.start + len(comments)
    inner = indent_of(file, end) if _LINE_END.search(comments) else own + style.unit
    texts = [inner + _pair_or_item(style, keys, style.text(value, inner)) for keys, value in rows]
    body = f",{style.newline}".join(texts)
    return Edit(Span(file, end, inside.end), f"{style.newline}{body}{style.newline}{own}")


def _pair_or_item(style: Style, keys: Keys, text: str) -> str:
    return style.pair(keys, text) if keys else text
