"""Edits of a configuration that keep its comments, order and style: what a person would have written.

A path names the place: `("env", "staging", "migrations", 0)`. Between brackets (all of JSON, TOML's
arrays and inline tables) `edit_inline` does the work, for TOML's lines and headers `edit_toml`. An
edit that the file leaves no place for is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from wslint.finding import Edit
from wslint.regex import regex
from wslint.text import Span, line_start, lines, newline_at, next_line
from wslint.wrangler import edit_inline
from wslint.wrangler.config import ConfigDocument
from wslint.wrangler.edit_inline import Style, is_bracketed, quoted
from wslint.wrangler.located import Entry, Value

if TYPE_CHECKING:
    from wslint.wrangler import edit_toml

Path = tuple[str | int, ...]
"""Keys and indexes from the root."""

_FIRST_COLON = regex(rb'"\s*:(\s*)')


def replace_string(value: Value, text: str) -> Edit:
    """Put another text into a string, in the quotes that it has."""
    written = value.span.text
    if written.startswith("'") and not written.startswith("'''") and "'" not in text and text.isprintable():
        return Edit(value.span, f"'{text}'")
    return Edit(value.span, quoted(text))


def rename_key(document: ConfigDocument, entry: Entry, name: str) -> Edit:
    """Write another name for a key, quoted where the format or the name needs it.

    In TOML other headers and dotted keys may repeat the key; this is the first place alone, see
    `rename_everywhere`.
    """
    return Edit(entry.key_span, _style(document).key(name))


def rename_everywhere(document: ConfigDocument, path: Path, name: str) -> tuple[Edit, ...]:
    """Write another name for the key at `path` wherever it is written: TOML's headers and dotted keys
    repeat it."""
    trail = _trail(document.root, path)
    if trail is None or not path or not isinstance(path[-1], str):
        return ()
    if _bracketed(document, trail[:-1]) is not None:
        dotted = document.format == "toml" and trail[-1].kind == "table" and not is_bracketed(trail[-1])
        return () if dotted else (rename_key(document, trail[-2].entries[path[-1]], name),)
    from wslint.wrangler import edit_toml

    return tuple(edit_toml.rename(_lines(document), path, name))


def remove_item(array: Value, item: Value) -> Edit:
    """Drop one item of an array between brackets with its comma, and with its line where it stands
    alone on one. A comment behind it stays."""
    index = next(place for place, other in enumerate(array.items) if other is item)
    edits = edit_inline.remove(array, index)
    start, end = edits[0].span.start, edits[-1].span.end
    between = [array.span.file.slice(one.span.end, other.span.start) for one, other in pairwise(edits)]
    kept = "".join(edit.text + after for edit, after in zip(edits, [*between, ""], strict=True))
    return Edit(Span(array.span.file, start, end), kept)


def remove_line_of(span: Span) -> Edit:
    """Drop a construct that stands alone on its line with the line, otherwise the construct and the
    space before it."""
    file, data = span.file, span.file.data
    start, end = line_start(data, span.start), next_line(data, span.end)
    if not data[start : span.start].strip() and not data[span.end : end].strip():
        return Edit(Span(file, start, end), "")
    return Edit(Span(file, len(data[: span.start].rstrip(b" \t")), span.end), "")


def remove_entry(document: ConfigDocument, path: Path) -> tuple[Edit, ...]:
    """Drop the key, or the item of an array, at `path` with its value."""
    trail = _trail(document.root, path)
    if trail is None:
        return ()
    holder = _bracketed(document, trail[:-1])
    if holder is not None:
        places = edit_inline.children_of(holder, trail[-1])
        return tuple(
            edit for first, last in _runs(places) for edit in edit_inline.remove(holder, first, last)
        )
    from wslint.wrangler import edit_toml

    return tuple(edit_toml.remove(_lines(document), path))


def move_to_root(document: ConfigDocument, path: Path) -> tuple[Edit, ...]:
    """Move the key at `path` to the top level (TOML: above every table header)."""
    trail = _trail(document.root, path)
    key = path[-1] if path else 0
    if trail is None or not isinstance(key, str):
        return ()
    inside = _bracketed(document, trail[:-1]) is not None
    if document.format == "json":
        return (*remove_entry(document, path), *add(document, (key,), trail[-1].plain()))
    from wslint.wrangler import edit_toml

    if inside:
        text = _style(document).pair(key, trail[-1].span.text)
        dotted = trail[-1].kind == "table" and not is_bracketed(trail[-1])
        return (
            () if dotted else (*remove_entry(document, path), edit_toml.root_lines(_lines(document), [text]))
        )
    return tuple(edit_toml.move_to_root(_lines(document), path))


def add(document: ConfigDocument, path: Path, value: object) -> tuple[Edit, ...]:
    """Set the key at the end of `path` to a plain value; missing tables on the way are made.

    Where the path ends at an existing array, `value` is appended to it.
    """
    known = _trail(document.root, path)
    if known is not None and known[-1].kind == "array":
        return extend(document, path, [value])
    if known is not None:
        if known[-1].kind == "table" and not is_bracketed(known[-1]):
            return ()
        style, place = _style(document), known[-1].span
        return (Edit(place, style.text(value, edit_inline.indent_of(document.file, place.start))),)
    size = next(
        size for size in range(len(path) - 1, -1, -1) if _trail(document.root, path[:size]) is not None
    )
    trail = _trail(document.root, path[:size]) or []
    rest = [step for step in path[size:] if isinstance(step, str)]
    if trail[-1].kind != "table" or len(rest) < len(path) - size:
        return ()
    holder = _bracketed(document, trail)
    if holder is not None:
        for step in reversed(rest[1:]):
            value = {step: value}
        outer = len(trail) - 1 - next(place for place, one in enumerate(trail) if one is holder)
        dotted = [step for step in path[size - outer : size] if isinstance(step, str)]
        return edit_inline.append(_style(document), holder, [((*dotted, rest[0]), value)])
    return (_add_to_toml(document, path[:size], rest, value),)


def extend(document: ConfigDocument, path: Path, values: Sequence[object]) -> tuple[Edit, ...]:
    """Append several values, in order, to the array at the end of `path`, or make it."""
    trail = _trail(document.root, path)
    known = trail[-1] if trail else None
    if known is None or known.kind != "array":
        return add(document, path, list(values))
    if is_bracketed(known):
        return edit_inline.append(_style(document), known, [((), value) for value in values])
    if not all(isinstance(value, dict) for value in values):
        return ()
    from wslint.wrangler import edit_toml

    keys = tuple(step for step in path[-1:] if isinstance(step, str))
    return (edit_toml.add_tables(_lines(document), path[:-1], keys, list(values), is_array=True),)


def _add_to_toml(document: ConfigDocument, table: Path, rest: list[str], value: object) -> Edit:
    from wslint.wrangler import edit_toml

    lines = _lines(document)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return edit_toml.add_tables(lines, table, tuple(rest), value, is_array=True)
    if isinstance(value, dict) and value:
        return edit_toml.add_tables(lines, table, tuple(rest), [value], is_array=False)
    if len(rest) > 1:
        return edit_toml.add_tables(lines, table, tuple(rest[:-1]), [{rest[-1]: value}], is_array=False)
    return edit_toml.set_key(lines, table, rest[0], value)


def _trail(root: Value, path: Path) -> list[Value] | None:
    """The values on the way to `path`, the root first; None where a step is missing."""
    trail = [root]
    for step in path:
        value = trail[-1]
        if isinstance(step, int):
            if step >= len(value.items):
                return None
            trail.append(value.items[step])
        elif step in value.entries:
            trail.append(value.entries[step].value)
        else:
            return None
    return trail


def _bracketed(document: ConfigDocument, trail: list[Value]) -> Value | None:
    """The innermost value of a trail that is written between brackets; None for TOML's own lines."""
    if document.format == "json":
        return trail[-1]
    return next((value for value in reversed(trail[1:]) if is_bracketed(value)), None)


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """Numbers in order as ranges: 1, 2, 5 are 1-2 and 5-5."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def _style(document: ConfigDocument) -> Style:
    data = document.file.data
    newline = newline_at(data, 0)
    if document.format == "toml":
        return Style("toml", newline=newline)
    first = min(
        (entry.key_span for entry in document.root.entries.values()),
        key=lambda span: span.start,
        default=None,
    )
    indent = edit_inline.indent_of(document.file, first.start) if first is not None else ""
    colon = _FIRST_COLON.search(data)
    spaced = colon is None or colon[1] != b""
    comma = ", " if spaced or len(lines(document.file.slice(0, len(data)).strip())) > 1 else ","
    return Style("json", indent or "  ", newline, ": " if spaced else ":", comma)


@lru_cache(maxsize=4)
def _lines(document: ConfigDocument) -> edit_toml.Lines:
    """The lines of a document; each fix in it asks for them."""
    from wslint.wrangler import edit_toml
    from wslint.wrangler.toml import outline

    alone = frozenset(
        line_start(document.file.data, comment.span.start)
        for comment in document.comments
        if edit_inline.starts_its_line(comment.span)
    )
    return edit_toml.Lines(document.file, outline(document.file), alone, _style(document))
