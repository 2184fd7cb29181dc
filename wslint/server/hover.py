"""What stands behind a place: the rule of a finding, and what is known of a class, a binding or an accept call."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from wslint.rules import find_rule
from wslint.rules.pages import page
from wslint.server.accepts import accept_at
from wslint.server.known import told
from wslint.server.places import Places
from wslint.server.project import State
from wslint.server.symbols import symbol_at


def shown(state: State, path: Path, position: types.Position, places: Places) -> types.Hover | None:
    """The page for a position; None where nothing is known."""
    file = state.file(path)
    if file is None:
        return None
    at = places.offset(file, position)
    texts: list[str] = []
    span = None
    symbol = symbol_at(state, path, at)
    if symbol is not None:
        span = symbol.span
        texts.append(told(state, symbol))
    accepting = accept_at(state, file, at)
    if accepting is not None:
        span = accepting.span
        texts.append(accepting.text)
    for finding in state.findings_in(path):
        head = finding.span.head()
        loaded = find_rule(finding.code)
        if head.start <= at <= head.end and loaded is not None:
            span = span or head
            texts.append(f"{page(loaded)}\n[{finding.code}]({loaded.rule.url})")
    if not texts or span is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(dict.fromkeys(texts)))
    return types.Hover(content, places.range(span))
