"""The lifecycle of Durable Object classes: `migrations` and `exports`, folded to the live classes.

wrangler takes a step's lists in a fixed order whatever their order in the file: deleted, renamed,
new, new SQLite (read in wrangler 4.164's replay, and run). A history may begin in the middle: the
API remembers what was applied, so people prune applied steps. A class that a step deletes or
renames and that no step created is therefore *assumed* to have lived before, never reported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from wslint.text import Span
from wslint.wrangler.located import Entry, Value

Storage = Literal["sqlite", "kv", "unknown"]
Action = Literal["delete", "rename", "create", "transfer"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a migration does to one class.

    `name` is the class that exists afterwards (for a delete: that existed before); `source` is the
    class it came from, for a rename or a transfer (then from the Worker `from_script`).
    """

    action: Action
    name: str
    span: Span
    migration: Migration
    storage: Storage = "unknown"
    source: str | None = None
    source_span: Span | None = None
    from_script: str | None = None


@dataclass(eq=False, slots=True)
class Migration:
    """One entry of `migrations`: a tag and its steps in the order that wrangler takes them."""

    index: int
    value: Value
    tag: str | None
    tag_span: Span
    steps: list[Step] = field(default_factory=list)
    readable: bool = True
    """False when some list could not be read (a wrong type, a placeholder): its steps are unknown."""


@dataclass(frozen=True, slots=True)
class LiveClass:
    """A class that exists after all migrations, and the step that made it."""

    name: str
    storage: Storage
    step: Step


@dataclass(frozen=True, slots=True)
class Conflict:
    """A step that the state before it does not allow."""

    kind: Literal["created-twice", "occupied-target", "missing-source", "renamed-before-creation"]
    step: Step
    earlier: Step | None = None


@dataclass(slots=True)
class History:
    """What `migrations` amounts to.

    `assumed` are the classes that steps delete or rename although no step created them, with the
    step; `gone` maps the classes that no longer exist to the step that ended them.
    """

    migrations: list[Migration]
    live: dict[str, LiveClass] = field(default_factory=dict)
    gone: dict[str, Step] = field(default_factory=dict)
    assumed: dict[str, Step] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        return all(migration.readable for migration in self.migrations)

    def created_anywhere(self) -> Iterator[Step]:
        for migration in self.migrations:
            yield from (step for step in migration.steps if step.action != "delete")


def read_migrations(value: Value | None) -> list[Migration]:
    """The entries of a `migrations` array; what has another shape is left out (WS006 reports it)."""
    found: list[Migration] = []
    if value is None or value.kind != "array":
        return found
    for index, item in enumerate(value.items):
        if item.kind != "table":
            continue
        tag = item.get("tag")
        text = tag.string if tag else None
        tag_entry = item.entry("tag")
        span = tag_entry.value.span if tag_entry else (item.header or item.span.head())
        migration = Migration(index, item, text, span)
        migration.steps = list(_steps(item, migration))
        found.append(migration)
    return found


def _steps(item: Value, migration: Migration) -> Iterator[Step]:
    for name in _names(item, "deleted_classes", migration):
        yield Step("delete", name.string or "", name.span, migration)
    for pair in _pairs(item, "renamed_classes", migration):
        source, target = pair.get("from"), pair.get("to")
        if source is None or target is None or not source.string or not target.string:
            migration.readable = False
            continue
        yield Step("rename", target.string, target.span, migration, "unknown", source.string, source.span)
    for name in _names(item, "new_classes", migration):
        yield Step("create", name.string or "", name.span, migration, "kv")
    for name in _names(item, "new_sqlite_classes", migration):
        yield Step("create", name.string or "", name.span, migration, "sqlite")
    for pair in _pairs(item, "transferred_classes", migration):
        source, target, script = pair.get("from"), pair.get("to"), pair.get("from_script")
        if source is None or target is None or not source.string or not target.string:
            migration.readable = False
            continue
        from_script = script.string if script else None
        yield Step(
            "transfer", target.string, target.span, migration, "unknown", source.string, source.span, from_script
        )


def _names(item: Value, key: str, migration: Migration) -> Iterator[Value]:
    value = item.get(key)
    if value is None:
        return
    if value.kind != "array" or any(name.string is None or name.is_placeholder for name in value.items):
        migration.readable = False
    yield from value.strings()


def _pairs(item: Value, key: str, migration: Migration) -> Iterator[Value]:
    value = item.get(key)
    if value is None:
        return
    if value.kind != "array":
        migration.readable = False
    yield from value.tables()


def fold(migrations: list[Migration]) -> History:
    """Apply the steps in order and keep what lives, what is gone, and what can't be."""
    history = History(migrations)
    for migration in migrations:
        created_here = {step.name for step in migration.steps if step.action == "create"}
        for step in migration.steps:
            if step.action == "delete":
                _end(history, step.name, step)
            elif step.action == "create":
                known = history.live.get(step.name)
                if known is not None:
                    history.conflicts.append(Conflict("created-twice", step, known.step))
                history.live[step.name] = LiveClass(step.name, step.storage, step)
                history.gone.pop(step.name, None)
            else:
                _move(history, step, created_here)
    return history


def _move(history: History, step: Step, created_here: set[str]) -> None:
    """Apply a rename, or a transfer from another Worker."""
    storage: Storage = "unknown"
    if step.action == "rename" and step.source is not None:
        known = history.live.get(step.source)
        if known is not None:
            storage = known.storage
            _end(history, step.source, step)
        elif step.source in created_here:
            # wrangler and the API rename before they create: the class is not there yet.
            history.conflicts.append(Conflict("renamed-before-creation", step))
        else:
            _end(history, step.source, step)
    occupied = history.live.get(step.name)
    if occupied is not None and occupied.step is not step:
        history.conflicts.append(Conflict("occupied-target", step, occupied.step))
    history.live[step.name] = LiveClass(step.name, storage, step)
    history.gone.pop(step.name, None)


def _end(history: History, name: str, step: Step) -> None:
    if history.live.pop(name, None) is None:
        begun = history.live or len(history.gone) > len(history.assumed)
        if name in history.gone or begun:
            history.conflicts.append(Conflict("missing-source", step, history.gone.get(name)))
        history.assumed.setdefault(name, step)
    history.gone[name] = step


ExportState = Literal["created", "deleted", "renamed", "transferred", "expecting-transfer"]
LIVE_STATES: tuple[ExportState, ...] = ("created", "expecting-transfer")


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One entry of the declarative `exports` map, as far as it could be read.

    `type` and `state` are None where the value is missing, misspelt or a placeholder (a missing
    `state` reads as `created`, as wrangler has it).
    """

    name: str
    entry: Entry
    type: str | None
    state: str | None
    storage: str | None
    renamed_to: Value | None

    @property
    def span(self) -> Span:
        return self.entry.key_span

    @property
    def is_durable_object(self) -> bool:
        return self.type == "durable-object"

    @property
    def is_live(self) -> bool:
        return self.is_durable_object and self.state in LIVE_STATES


def read_exports(value: Value | None) -> list[ExportEntry]:
    """The entries of `exports` that are tables."""
    if value is None or value.kind != "table":
        return []
    found: list[ExportEntry] = []
    for name, entry in value.entries.items():
        if entry.value.kind != "table":
            continue
        inner = entry.value
        state = inner.get("state")
        kind, storage = inner.get("type"), inner.get("storage")
        found.append(
            ExportEntry(
                name,
                entry,
                kind.string if kind else None,
                "created" if state is None else state.string,
                storage.string if storage else None,
                inner.get("renamed_to"),
            )
        )
    return found
