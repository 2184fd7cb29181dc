"""Classes with key-value storage whose code asks for SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from wslint.play import laws
from wslint.rules.lifecycle._common import key_value_classes
from wslint.runtime import words
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler.lifecycle import ExportEntry, LiveClass

Use = tuple[str, Span, LiveClass | ExportEntry]
"""A class, where it uses SQLite, and what chose its storage."""

_AGENTS = frozenset(
    [
        "agents.Agent",
        "agents/mcp.McpAgent",
        "agents/ai-chat-agent.AIChatAgent",
        "@cloudflare/ai-chat.AIChatAgent",
    ]
)


def sql_on_key_value(worker: Worker) -> Iterator[Use]:
    """Exported classes with key-value storage whose code uses SQLite, each once."""
    seen: set[str] = set()
    for name, use, chosen in chain(_written(worker), _agents(worker), _played(worker)):
        if name not in seen:
            seen.add(name)
            yield name, use, chosen


def _written(worker: Worker) -> Iterator[Use]:
    """Classes in which the use itself stands."""
    for name, chosen in key_value_classes(worker.config):
        fact = worker.export(name).fact
        if fact is not None and fact.cls is not None and fact.cls.uses_sql is not None:
            yield name, fact.cls.uses_sql, chosen


def _agents(worker: Worker) -> Iterator[Use]:
    """Classes whose base of the Agents SDK makes its tables in its constructor."""
    for name, chosen in key_value_classes(worker.config):
        fact = worker.export(name).fact
        if fact is not None and fact.cls is not None and _AGENTS & set(fact.cls.bases):
            yield name, fact.span, chosen


def _played(worker: Worker) -> Iterator[Use]:
    """Where the code that a class runs comes to SQLite's interfaces, and the runtime throws that nobody catches."""
    classes = dict(key_value_classes(worker.config))
    for life in worker.lives if classes else ():
        chosen = classes.get(life.cls.name)
        for text in (words.NO_SQL, words.NO_KV) if chosen is not None else ():
            for event in laws.raised_in(life, text):
                if event.place is not None and chosen is not None:
                    yield life.cls.name, event.place, chosen
