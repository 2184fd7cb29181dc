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

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchD0"]
```
```js index.js
export class MatchDO {
  async fetch() {
    return new Response("ok");
  }
}
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

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
export class MatchDO {
  async fetch() {
    return new Response("ok");
  }
}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- `script_name` names another Worker: that Worker creates the class.
- The history was pruned: a later step renames the class, or `migrations` can't be read completely.
- The environment inherits `migrations` or `exports` from the top level.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
- wrangler 4.164.0: `deploy --dry-run` exits 0 on this project.
- https://github.com/cloudflare/workers-sdk/issues/1792
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.settings import nearest
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.config import DurableObjectBinding

RULE = Rule(
    "WS301",
    "class-never-created",
    Severity.ERROR,
    causes=("C05", "C06"),
    fix="unsafe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.document.is_pages:
        return  # a Pages project can't create classes at all: WS216
    config = worker.config
    if not config.history.readable:
        return
    live = set(config.history.live) | {entry.name for entry in config.durable_exports if entry.is_live}
    ended = set(config.history.gone) | {entry.name for entry in config.durable_exports if not entry.is_live}
    for binding in config.local_durable_objects:
        value = binding.class_name
        if value is None or not value.string or value.is_placeholder:
            continue
        name = value.string
        if name in live or name in ended:  # deleted or renamed: WS304, WS305
            continue
        message = (
            f"deploy is refused with code 10061: no {_where(worker)} creates the class `{name}`"
        )
        labels: list[Label] = []
        near = nearest(name, live)
        if near is not None:
            labels.append(Label(_place(worker, near), f"this creates `{near}`"))
        elif binding.name is not None and binding.name.string in live:
            labels.append(Label(_place(worker, binding.name.string), "this names the binding, not the class"))
        yield RULE.finding(
            value.span,
            message,
            labels=tuple(labels),
            help=f'add `new_sqlite_classes = ["{name}"]` to `migrations` under a new tag',
            fix=_fix(worker, binding, name, near),
        )


def _where(worker: Worker) -> str:
    return "entry of `exports`" if worker.config.durable_exports else "migration"


def _place(worker: Worker, name: str) -> Span:
    """Where the class is created."""
    live = worker.config.history.live.get(name)
    if live is not None:
        return live.step.span
    return next(entry.span for entry in worker.config.durable_exports if entry.name == name)


def _fix(worker: Worker, binding: DurableObjectBinding, name: str, near: str | None) -> Fix | None:
    """Create the class under a tag of its own; not offered where a misspelt name is the likelier cause."""
    config = worker.config
    if near is not None or (binding.name is not None and binding.name.string in config.history.live):
        return None
    document, entry = config.document, config.entry("migrations")
    inherited = entry is not None and not config.owns("migrations")
    prefix: tuple[str | int, ...] = () if config.environment is None or inherited else ("env", config.environment)
    if config.durable_exports:
        return Fix(
            f"create `{name}` in `exports`",
            "unsafe",
            lambda: edit.add(document, (*prefix, "exports", name), {"type": "durable-object", "storage": "sqlite"}),
        )
    tags = {migration.tag for migration in config.history.migrations}
    number = len(tags) + 1
    while f"v{number}" in tags:
        number += 1
    step = {"tag": f"v{number}", "new_sqlite_classes": [name]}
    value: object = step if entry is not None else [step]
    return Fix(
        f"create `{name}` in a migration `v{number}`",
        "unsafe",
        lambda: edit.add(document, (*prefix, "migrations"), value),
    )
