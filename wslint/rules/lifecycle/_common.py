"""What several lifecycle rules ask of a Worker."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from wslint.finding import Applicability, Fix
from wslint.regex import regex
from wslint.settings import nearest
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.config import DurableObjectBinding, WorkerConfig
from wslint.wrangler.edit import Path
from wslint.wrangler.lifecycle import ExportEntry, LiveClass, Migration, Step
from wslint.wrangler.located import Value

CLASS_NAME = regex(r"[A-Za-z_$][A-Za-z0-9_$]*")
"""What wrangler takes as the new name of a class."""


def path_of(config: WorkerConfig, key: str) -> Path:
    """Where the key that holds here is written, or belongs when nothing is: at the top level, which
    environments inherit, unless the environment has its own."""
    own = config.section.entries.get(key)
    if config.environment is None or own is None or own.value.kind == "null":
        return (key,)
    return ("env", config.environment, key)


def local_bindings(config: WorkerConfig) -> dict[str, DurableObjectBinding]:
    """Bindings of the Worker's own classes by class, the first of each; those whose class is readable."""
    found: dict[str, DurableObjectBinding] = {}
    for binding in config.local_durable_objects:
        value = binding.class_name
        if value is not None and value.string and not value.is_placeholder:
            found.setdefault(value.string, binding)
    return found


def created(config: WorkerConfig) -> dict[str, Span]:
    """The classes that live by `migrations` or `exports`, and where each is named."""
    found = {name: live.step.span for name, live in config.history.live.items()}
    return found | {entry.name: entry.span for entry in config.durable_exports if entry.is_live}


def is_exported(worker: Worker, name: str) -> bool | None:
    """Whether the entrypoint exports the class; None when that can't be told.

    A Worker in the older format exports nothing at all, which is another rule's matter.
    """
    if worker.source is not None and worker.source.format == "service-worker":
        return None
    return {"yes": True, "no": False, "unknown": None}[worker.export(name).verdict]


def misnamed(worker: Worker) -> dict[str, DurableObjectBinding]:
    """Created classes that the code does not have, each with the binding that it was created for: by a
    misspelt name, or by the name of the binding. One defect, which the created name's rule reports."""
    config = worker.config
    bound, live = local_bindings(config), created(config)
    waiting = {
        name: binding
        for name, binding in bound.items()
        if name not in live and name not in config.history.gone and is_exported(worker, name) is not False
    }
    found: dict[str, DurableObjectBinding] = {}
    for name in live:
        if name in bound or is_exported(worker, name) is not False:
            continue
        near = nearest(name, waiting)
        if near is None:
            near = next((cls for cls, binding in waiting.items() if _name(binding) == name), None)
        if near is not None:
            found[name] = waiting.pop(near)
    return found


def _name(binding: DurableObjectBinding) -> str | None:
    return binding.name.string if binding.name is not None else None


def next_tag(config: WorkerConfig) -> str:
    """A tag for one more migration, in the manner of the last one."""
    tags = [migration.tag for migration in config.history.migrations if migration.tag]
    taken = set(tags)
    match = re.fullmatch(r"(.*?)(\d{1,6})", tags[-1]) if tags else None
    prefix, digits = (match[1], match[2]) if match else ("v", str(len(tags)))
    number = int(digits) + 1
    while f"{prefix}{number:0{len(digits)}}" in taken:
        number += 1
    return f"{prefix}{number:0{len(digits)}}"


def may_replay(worker: Worker) -> bool:
    """Whether the project's wrangler may be one that replays the whole list before it deploys: 4.131 and later do."""
    versions = worker.package_versions("wrangler")
    return versions is None or not versions.all_before((4, 131, 0))


def in_head(worker: Worker) -> WorkerConfig | None:
    """The same environment as git's HEAD has it; None where HEAD has no such file or environment."""
    committed = worker.document.committed
    return committed.environment(worker.config.environment) if committed is not None else None


def created_in_head(worker: Worker) -> set[str]:
    """The classes that live by HEAD's `migrations`, where the file has none of them left."""
    head = in_head(worker)
    if head is None or worker.config.history.migrations or worker.config.durable_exports:
        return set()
    return set(head.history.live)


def kept_in_head(worker: Worker, step: Step) -> bool:
    """Whether HEAD has the step too, under the same tag: it may be applied already."""
    head = in_head(worker)
    if head is None:
        return False
    tag, meaning = step.migration.tag, step.meaning
    return any(other.migration.tag == tag and other.meaning == meaning for other in head.history.steps)


def editable(worker: Worker, migration: Migration) -> Applicability:
    """How sure a change of a migration is: safe only where HEAD has the lifecycle without this entry. What
    no repository tells of may be deployed, and an entry that is deployed must stay as it was."""
    head = in_head(worker)
    if head is None or worker.document.committed is worker.document:
        return "unsafe"
    known = [(other.tag, [step.meaning for step in other.steps]) for other in head.history.migrations]
    steps = [step.meaning for step in migration.steps]
    old = any(tag == migration.tag if migration.tag else steps == meanings for tag, meanings in known)
    return "unsafe" if old or not head.history.readable else "safe"


def key_value_classes(config: WorkerConfig) -> Iterator[tuple[str, LiveClass | ExportEntry]]:
    """The living classes whose storage is the older one, with what says so."""
    for name, live in config.history.live.items():
        if live.storage == "kv":
            yield name, live
    for entry in config.durable_exports:
        if entry.is_live and entry.storage == "legacy-kv":
            yield entry.name, entry


def storage_span(chosen: LiveClass | ExportEntry) -> Span:
    """Where the storage of a class is chosen."""
    if isinstance(chosen, LiveClass):
        return chosen.origin.span
    value = chosen.entry.value.get("storage")
    return value.span if value is not None else chosen.span


def to_sqlite(worker: Worker, chosen: LiveClass | ExportEntry) -> Fix | None:
    """Choose SQLite instead. Storage can't be changed once the class exists, so it is offered only for
    what HEAD does not have yet."""
    document = worker.document
    if isinstance(chosen, LiveClass):
        migration = chosen.origin.migration.value
        listed = migration.entry("new_classes")
        if listed is None or "new_sqlite_classes" in migration.entries or kept_in_head(worker, chosen.origin):
            return None
        edits = (edit.rename_key(document, listed, "new_sqlite_classes"),)
        return Fix("create it with `new_sqlite_classes`", "unsafe", edits)
    storage = chosen.entry.value.get("storage")
    if storage is None or was_key_value(worker, chosen.name):
        return None
    return Fix("store it in SQLite", "unsafe", (edit.replace_string(storage, "sqlite"),))


def was_key_value(worker: Worker, name: str) -> bool:
    """Whether HEAD has the class with key-value storage."""
    head = in_head(worker)
    return head is not None and any(name == other for other, _ in key_value_classes(head))


def tags_in_head(worker: Worker) -> Counter[str | None]:
    """How many of HEAD's migrations bear each tag."""
    head = in_head(worker)
    return Counter(migration.tag for migration in head.history.migrations) if head is not None else Counter()


def value_at(step: Step, span: Span) -> Value | None:
    """The string of a step that stands at a span: its class, or the one that it came from."""
    listed = step.migration.value.get(step.key)
    items = listed.items if listed is not None else ()
    at = bisect_right(items, span.start, key=lambda item: item.span.start) - 1
    for value in (items[at], items[at].get("from"), items[at].get("to")) if at >= 0 else ():
        if value is not None and value.string is not None and value.span == span:
            return value
    return None
