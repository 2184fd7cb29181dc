"""The lifecycle of Durable Object classes: `migrations` and `exports`, folded to the live classes.

wrangler takes a step's lists in a fixed order whatever their order in the file: deleted, renamed,
new, new SQLite (read in wrangler 4.164's replay, and run). A history may begin in the middle: the
API remembers what was applied, so people prune applied steps. A class that such a history deletes or
renames although nothing in it creates it is *unseen*, not a mistake; wrangler's own replay, which
every deploy since 4.131 makes, refuses it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from wslint.record import field, record
from wslint.regex import regex
from wslint.settings import nearest
from wslint.text import Span
from wslint.wrangler.located import Entry, Value

Storage = Literal["sqlite", "kv", "unknown"]
Action = Literal["delete", "rename", "create", "transfer"]

_LIST_OF = {"delete": "deleted_classes", "rename": "renamed_classes", "transfer": "transferred_classes"}


@record
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

    @property
    def key(self) -> str:
        """The list of the migration that the step stands in."""
        if self.action == "create":
            return "new_classes" if self.storage == "kv" else "new_sqlite_classes"
        return _LIST_OF[self.action]

    @property
    def ended(self) -> tuple[str, Span] | None:
        """The class of this Worker that the step ends, and where it is named."""
        if self.action == "delete":
            return self.name, self.span
        if self.action == "rename" and self.source is not None and self.source_span is not None:
            return self.source, self.source_span
        return None

    @property
    def meaning(self) -> tuple[object, ...]:
        """What the step does, without its place: equal in two versions of a file."""
        return (self.action, self.name, self.storage, self.source, self.from_script)


@record
class Migration:
    """One entry of `migrations`: a tag and its steps in the order that wrangler takes them.

    `named_elsewhere` are the classes under keys that wrangler does not know (`new_sqlite_class`).
    """

    index: int
    value: Value
    tag: str | None
    tag_span: Span
    steps: list[Step] = field(default_factory=list)
    named_elsewhere: set[str] = field(default_factory=set)
    readable: bool = True
    """False when some list could not be read (a wrong type, a placeholder): its steps are unknown."""

    @property
    def called(self) -> str:
        """How messages call the entry."""
        return f"`{self.tag}`" if self.tag else f"entry {self.index + 1} of `migrations`"


@record
class LiveClass:
    """A class that exists after all migrations: the step that gave it its name, and the one that
    created it (the same, unless it was renamed since)."""

    name: str
    storage: Storage
    step: Step
    origin: Step


@record
class Conflict:
    """A step that the state before it does not allow.

    `earlier` is what stands in the way: the step that created the class before, or ended it. `meant`
    is the living class whose name a missing source most likely misspells.
    """

    kind: Literal["created-twice", "occupied-target", "missing-source", "renamed-before-creation"]
    step: Step
    earlier: Step | None = None
    meant: str | None = None


@record
class History:
    """What `migrations` amounts to.

    `gone` maps the classes that no longer exist to the step that ended them. `unseen` are the steps
    that end a class which existed by all appearances, although no step creates it here: it was
    created by a pruned step, or came by `transferred_classes`, which wrangler's replay skips.
    """

    migrations: list[Migration]
    live: dict[str, LiveClass] = field(default_factory=dict)
    gone: dict[str, Step] = field(default_factory=dict)
    unseen: list[Step] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    pruned: bool = False
    """Whether the history seems to begin in the middle."""

    @property
    def readable(self) -> bool:
        return all(migration.readable for migration in self.migrations)

    @property
    def steps(self) -> Iterator[Step]:
        for migration in self.migrations:
            yield from migration.steps

    def final_name(self, name: str) -> str | None:
        """The name that a renamed class has at the end; None when it was not renamed, or is gone."""
        seen: set[str] = set()
        while name not in seen and name not in self.live:
            seen.add(name)
            step = self.gone.get(name)
            if step is None or step.action != "rename":
                return None
            name = step.name
        return name if name in self.live and seen else None


LISTS = ("deleted_classes", "renamed_classes", "new_classes", "new_sqlite_classes", "transferred_classes")
"""The keys of a migration besides `tag`, in the order that they are applied."""


def read_migrations(value: Value | None) -> list[Migration]:
    """The entries of `migrations`. What is no array, or no table in it, stands as one unreadable
    entry without steps (WS006 reports it)."""
    if value is None or value.kind == "null":
        return []
    if value.kind != "array":
        return [Migration(0, value, None, value.span.head(), readable=False)]
    found: list[Migration] = []
    for index, item in enumerate(value.items):
        if item.kind != "table":
            found.append(Migration(index, item, None, item.span.head(), readable=False))
            continue
        tag = item.get("tag")
        span = tag.span if tag else (item.header or item.span.head())
        migration = Migration(index, item, tag.string if tag else None, span)
        migration.steps = list(_steps(item, migration))
        for key, entry in item.entries.items():
            if key != "tag" and key not in LISTS:
                migration.named_elsewhere.update(_texts(entry.value))
        found.append(migration)
    return found


def _texts(value: Value) -> Iterator[str]:
    if value.string is not None:
        yield value.string
    for item in value.items:
        yield from _texts(item)
    for entry in value.entries.values():
        yield from _texts(entry.value)


def _steps(item: Value, migration: Migration) -> Iterator[Step]:
    for value in _names(item, "deleted_classes", migration):
        yield Step("delete", value.string or "", value.span, migration)
    for source, target, _ in _pairs(item, "renamed_classes", migration):
        name, was = target.string or "", source.string
        yield Step("rename", name, target.span, migration, "unknown", was, source.span)
    for value in _names(item, "new_classes", migration):
        yield Step("create", value.string or "", value.span, migration, "kv")
    for value in _names(item, "new_sqlite_classes", migration):
        yield Step("create", value.string or "", value.span, migration, "sqlite")
    for source, target, script in _pairs(item, "transferred_classes", migration):
        name, was = target.string or "", source.string
        yield Step("transfer", name, target.span, migration, "unknown", was, source.span, script)


def _names(item: Value, key: str, migration: Migration) -> Iterator[Value]:
    value = item.get(key)
    if value is None:
        return
    if value.kind != "array":
        migration.readable = False
        return
    for name in value.items:
        if _is_name(name):
            yield name
        else:
            migration.readable = False


def _is_name(value: Value) -> bool:
    return bool(value.string) and not value.is_placeholder


def _pairs(item: Value, key: str, migration: Migration) -> Iterator[tuple[Value, Value, str | None]]:
    """The `from`, `to` and `from_script` of each table in a list."""
    value = item.get(key)
    if value is None:
        return
    if value.kind != "array":
        migration.readable = False
        return
    for table in value.items:
        source, target, script = table.get("from"), table.get("to"), table.get("from_script")
        if source is not None and target is not None and _is_name(source) and _is_name(target):
            yield source, target, script.string if script else None
        else:
            migration.readable = False


def fold(migrations: list[Migration]) -> History:
    """Apply the steps in order and keep what lives, what is gone, and what can't be."""
    history = History(migrations, pruned=_starts_later(migrations))
    for migration in migrations:
        created_here = {step.name: step for step in migration.steps if step.action == "create"}
        for step in migration.steps:
            if step.action == "delete":
                _delete(history, step, created_here)
            elif step.action == "rename":
                _rename(history, step, created_here)
            elif not _consumed(history, step):
                _create(history, step)
    return history


def _delete(history: History, step: Step, created_here: dict[str, Step]) -> None:
    if step.name in created_here:
        # One migration may not delete and create one class, whatever lived before.
        history.conflicts.append(Conflict("created-twice", created_here[step.name], step))
        history.live.pop(step.name, None)
    else:
        _end(history, step)


def _rename(history: History, step: Step, created_here: dict[str, Step]) -> None:
    source = step.source or ""
    known = history.live.get(source)
    origin = known.origin if known else step
    storage: Storage = known.storage if known else "unknown"
    if known is None and source in created_here:
        # wrangler and the API rename before they create: the class is not there yet.
        origin = created_here[source]
        storage = origin.storage
        history.conflicts.append(Conflict("renamed-before-creation", step, origin))
        history.gone[source] = step
    else:
        _end(history, step)
    occupied = history.live.get(step.name)
    if occupied is not None:
        history.conflicts.append(Conflict("occupied-target", step, occupied.step))
    history.live[step.name] = LiveClass(step.name, storage, step, origin)
    history.gone.pop(step.name, None)


def _consumed(history: History, step: Step) -> bool:
    """Whether a rename of the same migration, reported already, took the class that this creates."""
    return any(live.origin is step for live in history.live.values())


def _create(history: History, step: Step) -> None:
    """Apply a create, or a transfer from another Worker. The API keeps what it has: so does this."""
    known = history.live.get(step.name)
    if known is not None and step.action == "transfer" and known.step.migration is step.migration:
        return  # named as new too, so that wrangler's replay knows the class and its storage
    if known is not None:
        history.conflicts.append(Conflict("created-twice", step, known.step))
        return
    history.live[step.name] = LiveClass(step.name, step.storage, step, step)
    history.gone.pop(step.name, None)


def _end(history: History, step: Step) -> None:
    """Take the class that a delete or a rename ends out of the living."""
    name = step.ended[0] if step.ended else ""
    known = history.live.pop(name, None)
    if known is not None:
        if known.origin.action == "transfer":
            history.unseen.append(step)
    elif name in history.gone:
        history.conflicts.append(Conflict("missing-source", step, history.gone[name]))
    else:
        candidates = [other for other in history.live if other != step.name]
        same = next((other for other in candidates if other.casefold() == name.casefold()), None)
        begins = not history.live and not history.gone
        if same is not None or not (history.pruned or begins):
            meant = same or nearest(name, candidates)
            history.conflicts.append(Conflict("missing-source", step, meant=meant))
        else:
            history.pruned = True
            history.unseen.append(step)
    history.gone[name] = step


_COUNTED_TAG = regex(r"[A-Za-z_-]*0*(?P<number>[1-9]\d{0,2})")


def _starts_later(migrations: list[Migration]) -> bool:
    """Whether the first tag counts from later than one (`v3`): what came before was pruned."""
    match = _COUNTED_TAG.fullmatch(migrations[0].tag or "") if migrations else None
    return match is not None and int(match["number"]) > 1


ExportState = Literal["created", "deleted", "renamed", "transferred", "expecting-transfer"]
LIVE_STATES: tuple[ExportState, ...] = ("created", "expecting-transfer")


@record
class ExportEntry:
    """One entry of the declarative `exports` map, as far as it could be read.

    `type` and `state` are None where the value is missing, no string or a placeholder (a missing
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

    @property
    def new_name(self) -> str | None:
        """The class that a renamed one became; None for other states, and where it can't be read."""
        target = self.renamed_to
        if not self.is_durable_object or self.state != "renamed" or target is None or target.is_placeholder:
            return None
        return target.string


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
        found.append(
            ExportEntry(
                name,
                entry,
                _text(inner.get("type")),
                "created" if state is None else _text(state),
                _text(inner.get("storage")),
                inner.get("renamed_to"),
            )
        )
    return found


def _text(value: Value | None) -> str | None:
    return None if value is None or value.is_placeholder else value.string
