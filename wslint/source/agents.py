"""The agents and parties that clients name: `useAgent({ agent: "chat" })`, `new PartySocket({ party: "chat" })`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from wslint.files import Files
from wslint.record import record
from wslint.regex import regex
from wslint.source import tree
from wslint.source.clients import MOST_BYTES, candidates
from wslint.source.nodes import nodes_in
from wslint.text import SourceFile, Span

_CALLS: dict[str, Literal["agent", "party"]] = {
    "useAgent": "agent",
    "AgentClient": "agent",
    "usePartySocket": "party",
    "PartySocket": "party",
}
_MENTIONS = regex(rb"\b(?:useAgent|AgentClient|usePartySocket|PartySocket)\b")
_ELSEWHERE = frozenset({"host", "path", "basePath", "prefix", "protocol"})
"""Options with which the address is another one."""


@record
class NamedAgent:
    """What a client asks for; `place` is the name as it is written."""

    kind: Literal["agent", "party"]
    name: str
    place: Span


def named_agents(folders: list[Path], files: Files) -> list[NamedAgent]:
    """The agents that code below these folders asks its own host for."""
    key = ("client agents", "\n".join(str(folder) for folder in folders))
    known = files.cache.get(key)
    if isinstance(known, list):
        return known
    found: list[NamedAgent] = []
    for path in candidates(folders, files):
        file = files.read(path) if not path.name.endswith((".html", ".htm")) else None
        if file is not None and len(file.data) <= MOST_BYTES and _MENTIONS.search(file.data):
            found += _in_file(file, files)
    files.cache[key] = found
    return found


def _in_file(file: SourceFile, files: Files) -> Iterator[NamedAgent]:
    from wslint.source.javascript.lower import lower

    module = lower(file, files)
    imported = {
        item.local: item.imported
        for item in module.imports
        if item.specifier.startswith(("agents/", "partysocket"))
    }
    for node in nodes_in(module.body):
        if not isinstance(node, tree.Call) or not isinstance(node.function, tree.Name) or not node.arguments:
            continue
        name = imported.get(node.function.name, "")
        kind = _CALLS.get(node.function.name if name == "default" else name)
        options = node.arguments[0]
        if kind is None or not isinstance(options, tree.Table) or not options.closed:
            continue
        if any(entry.key in _ELSEWHERE for entry in options.entries):
            continue
        entry = options.get(kind)
        if entry is not None and isinstance(entry.value, tree.Text) and entry.value.value:
            yield NamedAgent(kind, entry.value.value, Span(file, entry.value.start, entry.value.end))
