"""Configuration that stands in a JavaScript file: object literals as the located values that readers of TOML and
JSONC give."""

from __future__ import annotations

from wslint.source import tree
from wslint.source.javascript.literals import Script
from wslint.text import Span
from wslint.wrangler.located import Entry, Value

_UNKNOWN = "${…}"
_MOST_DEPTH = 50


def value_of(script: Script, node: tree.Expression | None, depth: int = 0) -> Value:
    """A literal as a value; what is no literal becomes a placeholder, which no rule judges."""
    settled = script.settle(node)
    span = script.span(settled) if settled is not None else Span(script.file, 0, 0)
    if depth > _MOST_DEPTH:
        return Value("string", span, _UNKNOWN)
    if isinstance(settled, tree.Table):
        entries = {}
        for entry in settled.entries:
            if entry.key is not None:
                key = Span(script.file, entry.key_start, entry.key_end)
                entries[entry.key] = Entry(entry.key, key, value_of(script, entry.value, depth + 1))
            elif isinstance(entry.value, tree.Spread):
                entries.update(value_of(script, entry.value.value, depth + 1).entries)
        return Value("table", span, entries=entries)
    if isinstance(settled, tree.Array):
        return Value("array", span, items=[value_of(script, each, depth + 1) for each in settled.items])
    if isinstance(settled, tree.Text) and settled.value is not None:
        return Value("string", span, settled.value)
    if isinstance(settled, tree.Number):
        whole = settled.value == int(settled.value)
        return Value("integer" if whole else "float", span, int(settled.value) if whole else settled.value)
    if isinstance(settled, tree.Constant):
        if settled.value in ("true", "false"):
            return Value("boolean", span, settled.value == "true")
        return Value("null", span)
    return Value("string", span, _UNKNOWN)


def merged(table: Value, script: Script, node: tree.Expression) -> None:
    """Add a literal's entries to a table: tables are merged, arrays joined, what is new is added."""
    _merge(table, value_of(script, node))


def _merge(table: Value, added: Value, depth: int = 0) -> None:
    for key, entry in added.entries.items():
        known = table.entries.get(key)
        if known is not None and known.value.kind == entry.value.kind == "table" and depth < _MOST_DEPTH:
            _merge(known.value, entry.value, depth + 1)
        elif known is not None and known.value.kind == entry.value.kind == "array":
            known.value.items.extend(entry.value.items)
        else:
            table.entries[key] = entry


def placeholder(key: str, span: Span) -> Entry:
    """An entry that is there and whose value nothing tells."""
    return Entry(key, span, Value("string", span, _UNKNOWN))
