"""What wrangler refuses about one entry of `exports` (WS315): its type, its state, what goes with that."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from wslint.finding import Fix
from wslint.rules.lifecycle._common import CLASS_NAME
from wslint.settings import nearest
from wslint.text import Span
from wslint.wrangler import edit
from wslint.wrangler.config import ConfigDocument
from wslint.wrangler.located import Entry, Value


class Problem(NamedTuple):
    """Where, what wrangler refuses, what to do, and a fix."""

    span: Span
    text: str
    advice: str
    fix: Fix | None = None


_TYPES = ("durable-object", "worker", "workflow")
_STORAGES = ("sqlite", "legacy-kv")
_KEYS: dict[str | None, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "created": (("storage",), ("container",)),
    "deleted": ((), ()),
    "renamed": (("renamed_to",), ()),
    "transferred": (("transferred_to",), ()),
    "expecting-transfer": (("storage", "transfer_from"), ("container",)),
}
"""For each state what it requires, and what it allows besides."""
_OWNERS = {"renamed_to": "renamed", "transferred_to": "transferred", "transfer_from": "expecting-transfer"}


def problems(document: ConfigDocument, path: edit.Path, name: str, entry: Entry) -> Iterator[Problem]:
    """Everything that is wrong with the entry at `path`."""
    inner = entry.value
    kind = inner.get("type")
    if inner.kind != "table":
        text = f"`exports.{name}` is {inner.described}, not a table"
        yield Problem(inner.span.head(), text, 'write `{"type": "durable-object", …}`')
    elif kind is None:
        yield _untyped(document, path, name, entry)
    elif kind.string == "durable-object":
        yield from _durable_object(document, path, name, entry)
    elif kind.string == "workflow":
        yield from _workflow(name, entry)
    elif kind.string == "worker":
        yield from _worker(name, inner)
    elif not kind.is_placeholder:
        yield _unlisted(name, "type", kind, _TYPES)


def _untyped(document: ConfigDocument, path: edit.Path, name: str, entry: Entry) -> Problem:
    fix = None
    if "storage" in entry.value.entries or "state" in entry.value.entries:
        fix = Fix("make it a Durable Object", "safe", partial(edit.add, document, (*path, "type"), _TYPES[0]))
    return Problem(entry.key_span, f"`exports.{name}` has no `type`", 'add `"type": "durable-object"`', fix)


def _workflow(name: str, entry: Entry) -> Iterator[Problem]:
    called = entry.value.get("name")
    if called is None:
        yield Problem(entry.key_span, f"`exports.{name}` has no `name`", "name the Workflow")
    elif called.string is None:
        text = f"`exports.{name}.name` is {called.described}, not a string"
        yield Problem(called.span, text, "name the Workflow")


def _worker(name: str, inner: Value) -> Iterator[Problem]:
    cache = inner.get("cache")
    enabled = cache.get("enabled") if cache is not None else None
    if cache is not None and (enabled is None or enabled.kind != "boolean"):
        text = f"`exports.{name}.cache` takes a table with `enabled`, true or false"
        yield Problem((enabled or cache).span, text, 'write `{"enabled": true}`')


def _unlisted(name: str, key: str, value: Value, known: tuple[str, ...]) -> Problem:
    """A value that is none of those that wrangler knows."""
    near = nearest(value.string, known) if value.string else None
    fix = Fix(f"write `{near}`", "safe", (edit.replace_string(value, near),)) if near else None
    listed = ", ".join(f"`{other}`" for other in known)
    advice = f"did you mean `{near}`?" if near else ""
    return Problem(value.span, f"`exports.{name}.{key}` is none of {listed}", advice, fix)


def _durable_object(document: ConfigDocument, path: edit.Path, name: str, entry: Entry) -> Iterator[Problem]:
    inner = entry.value
    if not name:
        yield Problem(entry.key_span, "an entry of `exports` needs the name of a class", "name the class")
    stated = inner.get("state")
    if stated is not None and stated.is_placeholder:
        return
    state = "created" if stated is None else stated.string
    if state not in _KEYS:
        if stated is not None:
            yield _unlisted(name, "state", stated, ("created", *_OWNERS.values(), "deleted"))
        return
    required, optional = _KEYS[state]
    missing = [key for key in required if key not in inner.entries]
    for key, inside in inner.entries.items():
        if key in required:
            yield from _required(name, key, inside.value)
        elif key == "container" and key in optional:
            yield from _container(name, inside.value, inner.get("storage"))
        elif key not in ("type", "state"):
            near = nearest(key, missing)
            if near is not None:
                missing.remove(near)
            text = f"`exports.{name}.{key}` is forbidden on the state `{state}`"
            yield Problem(inside.key_span, text, *_instead(document, (*path, key), inside, near))
    for key in missing:
        text = f"`exports.{name}` has no `{key}`, which the state `{state}` requires"
        if key == "storage":
            store = partial(edit.add, document, (*path, key), "sqlite")
            fix = Fix("store it in SQLite", "unsafe", store)
            yield Problem(entry.key_span, text, 'add `"storage": "sqlite"`', fix)
        else:
            yield Problem(entry.key_span, text, f"add `{key}`")


def _instead(document: ConfigDocument, path: edit.Path, entry: Entry, near: str | None) -> tuple[str, Fix]:
    """What to do about a forbidden key: write the required one that it misspells, or drop it."""
    key = entry.key
    if near is not None:
        fix = Fix(f"write `{near}`", "safe", (edit.rename_key(document, entry, near),))
        return f"did you mean `{near}`?", fix
    # What is left over from the time when the class was live says nothing any more.
    harmless = key in ("storage", "container")
    fix = Fix(f"drop `{key}`", "safe" if harmless else "unsafe", partial(edit.remove_entry, document, path))
    owner = _OWNERS.get(key)
    return f"`{key}` belongs to the state `{owner}`" if owner else f"drop `{key}`", fix


def _required(name: str, key: str, value: Value) -> Iterator[Problem]:
    """What is wrong with the value of a required key."""
    where = f"`exports.{name}.{key}`"
    if value.is_placeholder:
        return
    if key == "storage":
        if value.string not in _STORAGES:
            yield _unlisted(name, key, value, _STORAGES)
    elif not value.string:
        yield Problem(value.span, f"{where} is no name", "write the name")
    elif key == "renamed_to" and not CLASS_NAME.fullmatch(value.string):
        yield Problem(value.span, f"{where} can't be the name of a class", "name a class")
    elif key == "renamed_to" and value.string == name:
        yield Problem(value.span, f"`{name}` can't be renamed to itself", "name the new class")


def _container(name: str, value: Value, storage: Value | None) -> Iterator[Problem]:
    if value.is_placeholder:
        return
    if not value.string:
        yield Problem(value.span, f"`exports.{name}.container` is no name", "name an entry of `containers`")
    elif storage is not None and storage.string == "legacy-kv":
        text = f"`exports.{name}` has a container, which needs the storage `sqlite`"
        yield Problem(value.span, text, "containers do not work with `legacy-kv`")
