"""What may be typed at a place of a wrangler configuration: keys, names that the source has, flags, values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath

from lsprotocol import types

from wslint.record import frozen
from wslint.server.partial import Partial, Place, read_json
from wslint.server.partial_toml import read_toml
from wslint.server.places import Places
from wslint.server.project import State
from wslint.server.written import Written
from wslint.text import SourceFile, Span
from wslint.workspace import is_config_name
from wslint.wrangler import schema
from wslint.wrangler.keys import inheritance

TRIGGERS = ('"', "'", "[", ".", "=", ":")


@frozen
class Choice:
    """Something that may be typed. `value` is a key's name, a table's or a value; `rank` orders them."""

    value: str | int | bool
    kind: types.CompletionItemKind
    detail: str = ""
    rank: int = 1


def proposed(
    state: State, path: FilePath, position: types.Position, places: Places
) -> types.CompletionList | None:
    """The choices at a position of a configuration; None in other files and where nothing can be typed."""
    file = state.file(path)
    if file is None or not _is_configuration(state, path):
        return None
    at = places.offset(file, position)
    toml = path.suffix == ".toml"
    partial = (read_toml if toml else read_json)(file.data, at)
    if partial.place is None:
        return None
    written = Written(state, file, partial.root, partial.place)
    found = {choice.value: choice for choice in _choices(written, partial)}
    items = [
        _item(choice, partial.place, toml, places.range(_span(file, partial.place)))
        for choice in found.values()
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def _is_configuration(state: State, path: FilePath) -> bool:
    known = [document.file.path for document in state.workspace.documents]
    known += [unreadable.file.path for unreadable in state.workspace.unreadable]
    return path in known or (path.suffix in (".toml", ".json", ".jsonc") and is_config_name(path.name))


def _span(file: SourceFile, place: Place) -> Span:
    return Span(file, place.start, place.end)


def _choices(written: Written, partial: Partial) -> Iterator[Choice]:
    place = written.place
    if place.slot == "header":
        yield from _headers(written, partial)
    elif place.slot == "key":
        yield from _keys(written)
    else:
        yield from _values(written)


def _headers(written: Written, partial: Partial) -> Iterator[Choice]:
    kind, arrays = types.CompletionItemKind.Module, written.place.arrays
    for names in schema.tables_below("top", arrays):
        if names != ("env",):
            yield Choice(".".join(names), kind, schema.described("top", names))
    environments = partial.root.get("env")
    for environment in environments if isinstance(environments, dict) else ():
        if not arrays:
            yield Choice(f"env.{environment}", kind, "an environment", 2)
        for names in schema.tables_below("environment", arrays):
            yield Choice(
                f"env.{environment}." + ".".join(names), kind, schema.described("environment", names), 2
            )
    for name, told in () if arrays else written.classes():
        yield Choice(f"exports.{name}", kind, told)


def _keys(written: Written) -> Iterator[Choice]:
    where, path = written.section
    taken = set(written.place.beside) - {written.place.own}
    for key in schema.known_keys(where, path):
        if key in taken:
            continue
        needed = schema.is_required(where, (*path, key))
        notes = [schema.described(where, (*path, key)), "required" if needed else ""]
        if not path and inheritance().get(key) == "not inheritable":
            notes.append("environments do not inherit it")
        yield Choice(
            key, types.CompletionItemKind.Property, ", ".join(filter(None, notes)), 0 if needed else 1
        )
    if path == ("exports",):
        for name, told in written.classes():
            if name not in taken:
                yield Choice(name, types.CompletionItemKind.Class, told, 0)
    elif path == ("vars",):
        for name, told in written.missing_bindings():
            if name not in taken:
                yield Choice(name, types.CompletionItemKind.Variable, told, 0)


def _values(written: Written) -> Iterator[Choice]:
    where, path = written.section
    kind = types.CompletionItemKind
    at = (
        "exports[].renamed_to"
        if path[0] == "exports" and path[2:] == ("renamed_to",)
        else schema.pattern(path)
    )
    for value in schema.choices(where, path):
        yield Choice(value, kind.EnumMember if isinstance(value, str) else kind.Value)
    if at == "compatibility_date":
        yield Choice(written.newest_date(), kind.Value, "the newest that wslint knows of")
    elif at == "compatibility_flags[]":
        for flag, told, rank in written.flags():
            yield Choice(flag, kind.EnumMember, told, rank)
    elif at in CLASSES:
        for name, told in written.classes(CLASSES[at]):
            yield Choice(name, kind.Class, told, 0)
    elif at in ENDED:
        for name in written.living():
            yield Choice(name, kind.Class, "created by a migration above", 0)
    elif path[-1] in ("binding", "name") and at.endswith(BINDINGS):
        for name, told in written.missing_bindings(durable=at.startswith("durable_objects")):
            yield Choice(name, kind.Variable, told, 0)
    elif at in OTHERS:
        for name in written.other_workers():
            yield Choice(name, kind.Module, "a Worker of this workspace", 0)


CLASSES = {
    "durable_objects.bindings[].class_name": "DurableObject",
    "migrations[].new_classes[]": "DurableObject",
    "migrations[].new_sqlite_classes[]": "DurableObject",
    "migrations[].renamed_classes[].to": "DurableObject",
    "migrations[].transferred_classes[].to": "DurableObject",
    "containers[].class_name": "DurableObject",
    "exports[].renamed_to": "DurableObject",
    "workflows[].class_name": "WorkflowEntrypoint",
}
"""Places of a class that the source exports, and what it extends."""

ENDED = ("migrations[].deleted_classes[]", "migrations[].renamed_classes[].from")
OTHERS = ("durable_objects.bindings[].script_name", "services[].service", "tail_consumers[].service")
BINDINGS = ("binding", "durable_objects.bindings[].name", "send_email[].name", "ratelimits[].name")


def _item(choice: Choice, place: Place, toml: bool, range: types.Range) -> types.CompletionItem:
    """The choice in the text's own writing. What an editor filters by begins as the replaced text does."""
    label = str(choice.value).lower() if isinstance(choice.value, bool) else str(choice.value)
    filtered = place.quote + label
    if place.slot == "header":
        text = label if place.ended else label + "]" * (1 + place.arrays)
    elif place.slot == "key":
        bare = toml and not place.quote
        text = label if bare else f'"{label}"' if not toml else f"{place.quote}{label}{place.quote}"
        text += "" if place.ended else " = " if toml else ": "
    elif isinstance(choice.value, str):
        mark = place.quote if toml and place.quote else '"'
        text = f"{mark}{label}{mark}"
    else:
        text = label
    return types.CompletionItem(
        label=label,
        kind=choice.kind,
        detail=choice.detail or None,
        sort_text=f"{choice.rank}{label}",
        filter_text=filtered,
        text_edit=types.TextEdit(range, text),
    )
