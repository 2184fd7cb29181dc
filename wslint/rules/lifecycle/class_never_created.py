"""A bound class that no migration and no `exports` entry creates.

## What it does
Finds Durable Object bindings of this Worker's own classes whose class no step of `migrations` and no
live entry of `exports` brings into being.

## Why it fails
`wrangler deploy` prints a warning at most, and none at all as soon as some migration exists, whatever
class it names. Cloudflare's API then refuses the upload with code 10061. `wrangler dev` works without
any lifecycle, so nothing local shows it.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[durable_objects.bindings]]
name = "LOBBY"
class_name = "Lobby"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
export class MatchDO {}
export class Lobby {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[durable_objects.bindings]]
name = "LOBBY"
class_name = "Lobby"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]

[[migrations]]
tag = "v2"
new_sqlite_classes = ["Lobby"]
```
```js index.js
export class MatchDO {}
export class Lobby {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- git's HEAD has a step that creates the class, and the file has none any more: what is applied stays.
- `script_name` names another Worker: that Worker creates the class.
- The history was pruned: it begins with a rename or a deletion, or with a tag such as `v3`.
- `migrations` or `exports` can't be read completely, or stands misspelt (WS003) or under a table that takes
  it in (WS005).
- The environment inherits `migrations` or `exports` from the top level.
- The class is created under a misspelt name or the binding's (WS303, WS316), under a key that wrangler
  ignores (WS003), by an entry of `exports` that it refuses (WS315), or was deleted (WS304) or renamed
  (WS305).
- The binding misspells a class that is created and exported: WS201 says so.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
- https://github.com/cloudflare/workers-sdk/issues/1792
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import (
    created,
    created_in_head,
    is_exported,
    local_bindings,
    misnamed,
    next_tag,
    path_of,
)
from wslint.settings import nearest
from wslint.source.facts import Unknown
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.config import WorkerConfig

RULE = Rule("WS301", "class-never-created", Severity.ERROR, causes=("C05", "C06"), fix="unsafe")


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    exports = config.value("exports")
    if worker.document.is_pages:
        return  # a Pages project can't create classes at all: WS216
    if not config.history.readable or (exports is not None and exports.kind not in ("table", "null")):
        return
    sections = (config, worker.document.environments[0])
    if any(section.misplaced(key) for section in sections for key in ("migrations", "exports")):
        return  # they are written, but where wrangler does not read them: WS003, WS005
    live = created(config)
    spoken_of = {*live, *config.history.gone, *_named_wrongly(config)}
    elsewhere = misnamed(worker).values()
    waiting = {
        name: binding
        for name, binding in local_bindings(config).items()
        if name not in spoken_of and binding not in elsewhere and binding.class_name is not None
    }
    in_head = created_in_head(worker)
    together = [name for name in waiting if nearest(name, live) is None and name not in in_head]
    for name, binding in waiting.items():
        assert binding.class_name is not None
        near = nearest(name, live)
        if near is not None and is_exported(worker, name) is False and is_exported(worker, near):
            continue
        if config.history.pruned:
            why = "the beginning of `migrations` is missing"
            yield Unknown(binding.class_name.span, f"whether a migration creates `{name}`", why)
            continue
        if name in in_head:
            why = "git's HEAD has the step that creates it, which may be applied"
            yield Unknown(binding.class_name.span, f"whether the class `{name}` exists", why)
            continue
        by_exports = bool(config.durable_exports)
        where = "entry of `exports`" if by_exports else "migration"
        yield RULE.finding(
            binding.class_name.span,
            f"deploy is refused with code 10061: no {where} creates the class `{name}`",
            labels=(Label(live[near], f"this creates `{near}`"),) if near is not None else (),
            help=f'add `"{name}": {{"type": "durable-object", "storage": "sqlite"}}` to `exports`'
            if by_exports
            else f'add `new_sqlite_classes = ["{name}"]` to `migrations` under a new tag',
            fix=None if near is not None else _fix(config, name, by_exports, together),
        )


def _named_wrongly(config: WorkerConfig) -> Iterator[str]:
    """Classes that the lifecycle names in a way that wrangler refuses or ignores."""
    for migration in config.history.migrations:
        yield from migration.named_elsewhere
    for entry in config.exports:
        if not entry.is_live and entry.type not in ("worker", "workflow"):
            yield entry.name


def _fix(config: WorkerConfig, name: str, by_exports: bool, together: list[str]) -> Fix:
    """One migration creates all classes that none creates: a tag for each would be a history that never was."""
    if by_exports:
        path = (*path_of(config, "exports"), name)
        entry = {"type": "durable-object", "storage": "sqlite"}
        return Fix(f"create `{name}` in `exports`", "unsafe", lambda: edit.add(config.document, path, entry))
    tag = next_tag(config)
    step = {"tag": tag, "new_sqlite_classes": together}
    known = config.value("migrations")
    value: object = step if known is not None and known.kind == "array" else [step]
    others = ", ".join(f"`{other}`" for other in together if other != name)
    classes = (
        f"`{name}`"
        if not others
        else f"`{name}` and {others}"
        if len(together) < 4
        else f"all {len(together)} classes"
    )
    return Fix(
        f"create {classes} in a migration `{tag}`",
        "unsafe",
        lambda: edit.add(config.document, path_of(config, "migrations"), value),
    )
