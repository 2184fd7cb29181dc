"""Edits of a configuration that keep its comments, order and style.

Replacing or dropping a written value is a byte edit in either format. Adding structure to TOML goes
through tomlkit, whose result is cut down to the region that changed; adding to JSON is a byte edit
that follows the indentation around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.finding import Edit
from wslint.text import BOM, Span
from wslint.wrangler.config import ConfigDocument
from wslint.wrangler.located import Entry, Value

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Path = tuple[str | int, ...]
"""Keys and indexes from the root: `("env", "staging", "migrations", 0)`."""

_REST_OF_LINE = re.compile(rb"[ \t]*(,?)[ \t]*(?:(?:#|//)[^\n]*|/\*[^\n]*?\*/[ \t]*)?\r?\n")


def replace_string(value: Value, text: str) -> Edit:
    """Put another text into a string, in the quotes that it has."""
    span, written = value.span, value.span.text
    if written.startswith("'") and "'" not in text and not written.startswith("'''"):
        return Edit(span, f"'{text}'")
    return Edit(span, json.dumps(text, ensure_ascii=False))


def rename_key(document: ConfigDocument, entry: Entry, name: str) -> Edit:
    """Write another name for a key, quoted where the format or the name needs it."""
    bare = document.format == "toml" and name.replace("_", "").replace("-", "").isalnum()
    return Edit(entry.key_span, name if bare else json.dumps(name))


def remove_item(array: Value, item: Value) -> Edit:
    """Drop one item of an array with its comma, and with its line where it stands alone on one."""
    file, data = item.span.file, item.span.file.data
    index = next(place for place, other in enumerate(array.items) if other is item)
    line = data.rfind(b"\n", 0, item.span.start) + 1
    tail = _REST_OF_LINE.match(data, item.span.end, array.span.end)
    if tail is not None and not data[line : item.span.start].strip():
        if tail[1] or index == 0 or index + 1 < len(array.items):
            return Edit(Span(file, line, tail.end()), "")
        before = array.items[index - 1].span.end  # the last one, without a comma: nor has the new last one
        kept = data[before:line].decode("utf-8", "replace").replace(",", "", 1)
        return Edit(Span(file, before, tail.end()), kept)
    if index + 1 < len(array.items):
        return Edit(Span(file, item.span.start, array.items[index + 1].span.start), "")
    if index > 0:
        return Edit(Span(file, array.items[index - 1].span.end, item.span.end), "")
    end = item.span.end
    rest = data[end : array.span.end]
    comma = len(rest) - len(rest.lstrip(b" \t\r\n"))
    if rest[comma : comma + 1] == b",":
        end += comma + 1
    return Edit(Span(file, item.span.start, end), "")


def remove_line_of(span: Span) -> Edit:
    """Drop a construct that stands alone on its line with the line, otherwise the construct."""
    file, data = span.file, span.file.data
    start = data.rfind(b"\n", 0, span.start) + 1
    end = data.find(b"\n", span.end)
    end = len(data) if end == -1 else end + 1
    if not data[start : span.start].strip() and not data[span.end : end].strip():
        return Edit(Span(file, start, end), "")
    kept = data[:span.start]
    return Edit(Span(file, len(kept.rstrip(b" \t")), span.end), "")


def remove_entry(document: ConfigDocument, path: Path) -> tuple[Edit, ...]:
    """Drop the key at `path` with its value."""
    table = _located(document.root, path[:-1])
    if document.format == "toml" and not table.span.text.startswith("{"):

        def drop(root: TOMLDocument) -> None:
            del _at(root, path[:-1])[path[-1]]

        return _toml(document, drop)
    entries = sorted(table.entries.values(), key=lambda entry: entry.key_span.start)
    index = next(place for place, entry in enumerate(entries) if entry.key == path[-1])
    entry = entries[index]
    if index + 1 < len(entries):
        return (Edit(Span(document.file, entry.key_span.start, entries[index + 1].key_span.start), ""),)
    start = entries[index - 1].value.span.end if index else entry.key_span.start
    return (Edit(Span(document.file, start, entry.value.span.end), ""),)


def move_to_root(document: ConfigDocument, path: Path) -> tuple[Edit, ...]:
    """Move the key at `path` to the top level (TOML: above every table header)."""

    def move(root: TOMLDocument) -> None:
        value = _at(root, path[:-1]).pop(path[-1])
        first_table = next((at for at, (_, item) in enumerate(root.body) if _is_header(item)), len(root.body))
        root._insert_at(first_table, str(path[-1]), value) if first_table < len(root.body) else root.add(
            str(path[-1]), value
        )

    return _toml(document, move)


def add(document: ConfigDocument, path: Path, value: object) -> tuple[Edit, ...]:
    """Set the key at the end of `path` to a plain value; missing tables on the way are made.

    Where the path ends at an existing array, `value` is appended to it.
    """
    if document.format == "toml":
        appended = _append_table(document, path, value)
        return (appended,) if appended else _toml(document, lambda root: _add_toml(root, path, value))
    return (_add_json(document, path, value),)


def _append_table(document: ConfigDocument, path: Path, value: object) -> Edit | None:
    """One more `[[table]]` below the lines of the last one: a comment on what follows stays with that,
    which tomlkit counts to the table above it."""
    known = _located_or_none(document.root, path)
    last = known.items[-1] if known is not None and known.items else None
    if last is None or last.header is None or not isinstance(value, dict):
        return None
    if any(isinstance(inner, dict) or not _is_simple(inner) for inner in value.values()):
        return None
    data = document.file.data
    newline = data.find(b"\n", _end_of(last, last.header.end))
    at = len(data) if newline == -1 else newline + 1
    line_end = "\r\n" if newline > 0 and data[newline - 1 : newline] == b"\r" else "\n"
    rows = [f"{key} = {json.dumps(inner, ensure_ascii=False)}" for key, inner in value.items()]
    text = line_end.join(["", last.header.text, *rows, ""])
    return Edit(Span(document.file, at, at), text if newline != -1 else line_end + text)


def _is_simple(value: object) -> bool:
    """Whether JSON and TOML write the value alike: a string, or a list of strings."""
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str) for item in items)


def _end_of(value: Value, end: int) -> int:
    """The last byte of a table and of everything inside it, wherever that is written."""
    for inner in (*value.items, *(entry.value for entry in value.entries.values())):
        start = inner.header.end if inner.header is not None else inner.span.end
        end = max(end, _end_of(inner, start))
    return end


def extend(document: ConfigDocument, path: Path, values: list[object]) -> tuple[Edit, ...]:
    """Append several values, in order, to the array at the end of `path`, or make it."""
    known = _located_or_none(document.root, path)
    if known is None or known.kind != "array":
        return add(document, path, values)
    if document.format == "toml":

        def change(root: TOMLDocument) -> None:
            for value in values:
                _add_toml(root, path, value)

        return _toml(document, change)
    if not known.items:
        return (Edit(known.span, _json(document, values, known.span.start)),)
    inserted = [_add_json(document, path, value) for value in values]
    return (Edit(inserted[0].span, "".join(edit.text for edit in inserted)),)


def _is_header(item: object) -> bool:
    from tomlkit.items import AoT, Table

    return isinstance(item, (AoT, Table)) and not (isinstance(item, Table) and item.is_super_table() and not item)


def _at(root: Any, path: Path) -> Any:
    for step in path:
        root = root[step]
    return root


def _located(value: Value, path: Path) -> Value:
    for step in path:
        value = value.items[step] if isinstance(step, int) else value.entries[step].value
    return value


def _located_or_none(value: Value, path: Path) -> Value | None:
    found: Value | None = value
    for step in path:
        if found is None or isinstance(step, int):
            return None
        found = found.get(step)
    return found


def _add_toml(root: TOMLDocument, path: Path, value: object) -> None:
    import tomlkit
    from tomlkit.items import AoT, Array, InlineTable

    table: Any = root
    for step in path[:-1]:
        if isinstance(step, str) and step not in table:
            table.add(step, tomlkit.inline_table() if isinstance(table, InlineTable) else tomlkit.table(is_super_table=True))
        table = table[step]
    last = path[-1]
    if isinstance(last, str) and last in table:
        known = table[last]
        if isinstance(known, AoT) and isinstance(value, dict):
            item = tomlkit.table()
            item.update(value)
            known.append(item)
            return
        if isinstance(known, Array):
            if isinstance(value, dict):
                inline = tomlkit.inline_table()
                inline.update(value)
                value = inline
            known.append(value)
            return
        table[last] = value
        return
    if isinstance(value, list) and value and isinstance(value[0], dict) and not isinstance(table, InlineTable):
        tables = tomlkit.aot()
        for inner in value:
            item = tomlkit.table()
            item.update(inner)
            tables.append(item)
        table.add(last, tables)
        return
    if isinstance(value, dict) and not isinstance(table, InlineTable):
        item = tomlkit.table()
        for key, inner in value.items():
            _add_toml(item, (key,), inner)  # type: ignore[arg-type]
        table.add(last, item)
        return
    table.add(last, value)


def _toml(document: ConfigDocument, change: Callable[[TOMLDocument], None]) -> tuple[Edit, ...]:
    """Let tomlkit make a change; the edit is the one region in which the text differs after it."""
    import tomlkit

    mark = len(BOM) if document.file.data.startswith(BOM) else 0
    before = document.file.data[mark:]
    root = tomlkit.parse(before.decode("utf-8"))
    change(root)
    after = tomlkit.dumps(root).encode("utf-8")
    start = 0
    limit = min(len(before), len(after))
    while start < limit and before[start] == after[start]:
        start += 1
    end = 0
    while end < limit - start and before[-1 - end] == after[-1 - end]:
        end += 1
    # Both ends must fall between characters, not inside one.
    while start > 0 and before[start : start + 1] and (before[start] & 0xC0) == 0x80:
        start -= 1
    while end > 0 and (before[len(before) - end] & 0xC0) == 0x80:
        end -= 1
    text = after[start : len(after) - end].decode("utf-8")
    return (Edit(Span(document.file, mark + start, mark + len(before) - end), text),)


def _add_json(document: ConfigDocument, path: Path, value: object) -> Edit:
    table = document.root
    rest = list(path)
    while len(rest) > 1:
        step = rest[0]
        inner = table.items[step] if isinstance(step, int) else table.get(step)
        if inner is None or inner.kind not in ("table", "array"):
            break
        table = inner
        rest.pop(0)
    known = table.get(str(rest[0])) if table.kind == "table" and len(rest) == 1 else None
    if known is not None and known.kind == "array":
        return _insert_json(document, known, [item.span for item in known.items], None, value)
    if known is not None:
        return Edit(known.span, _json(document, value, known.span.start))
    for step in reversed(rest[1:]):
        value = {str(step): value}
    entries = [entry.span for entry in table.entries.values()]
    return _insert_json(document, table, entries, str(rest[0]), value)


def _insert_json(document: ConfigDocument, holder: Value, inside: list[Span], key: str | None, value: object) -> Edit:
    """Insert `value` (under `key` in an object) after what `holder` already has."""
    file, data = document.file, document.file.data
    prefix = "" if key is None else json.dumps(key) + ": "
    last = max(inside, key=lambda span: span.end, default=None)
    multiline = b"\n" in data[holder.span.start : holder.span.end]
    unit = _indent_unit(document)
    own = _indent_at(document, holder.span.start)
    inner = _indent_at(document, last.start) if last is not None and multiline else own + unit
    text = prefix + _json_text(value, inner, unit)
    if last is None:
        separator = f"\n{inner}" if key is not None or multiline else ""
        closing = f"\n{own}" if separator else ""
        return Edit(Span(file, holder.span.start + 1, holder.span.end - 1), f"{separator}{text}{closing}")
    after = data[last.end : holder.span.end]
    comma = _comma_after(after)
    separator = f"\n{inner}" if multiline else " "
    if comma is None:
        return Edit(Span(file, last.end, last.end), f",{separator}{text}")
    at = last.end + comma + 1
    return Edit(Span(file, at, at), f"{separator}{text}" + ("," if multiline else ""))


def _comma_after(data: bytes) -> int | None:
    """Where a trailing comma stands behind the last item, past comments; None without one."""
    match = re.match(rb"(?:[ \t\r\n]|//[^\n]*|/\*.*?\*/)*,", data, re.DOTALL)
    return match.end() - 1 if match else None


def _indent_at(document: ConfigDocument, offset: int) -> str:
    data = document.file.data
    start = data.rfind(b"\n", 0, offset) + 1
    line = data[start:offset]
    return line[: len(line) - len(line.lstrip(b" \t"))].decode()


def _indent_unit(document: ConfigDocument) -> str:
    first = next(iter(document.root.entries.values()), None)
    indent = _indent_at(document, first.key_span.start) if first is not None else ""
    return indent or "  "


def _json(document: ConfigDocument, value: object, offset: int) -> str:
    return _json_text(value, _indent_at(document, offset), _indent_unit(document))


def _json_text(value: object, indent: str, unit: str) -> str:
    """JSON in the file's indentation; lists of plain values stay on one line."""
    inner = indent + unit
    if isinstance(value, dict) and value:
        rows = [f"{inner}{json.dumps(key)}: {_json_text(item, inner, unit)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        rows = [inner + _json_text(item, inner, unit) for item in value]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
