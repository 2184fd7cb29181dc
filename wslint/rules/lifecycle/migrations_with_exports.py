"""Two lifecycles in one Worker.

## What it does
Finds Workers for which both `migrations` and a Durable Object in `exports` hold.

## Why it fails
They are two ways to say the same. wrangler refuses a configuration that uses both, also where an
environment inherits one of them from the top level.

## Example
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Match"] }],
  "exports": { "Match": { "type": "durable-object", "storage": "sqlite" } },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },
  "exports": { "Match": { "type": "durable-object", "storage": "sqlite" } },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- `exports` holds only entries of type `worker` or `workflow`.
- `migrations` is an empty list, as an environment may write to inherit none.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` says that they are mutually exclusive, and exits 0 with
  `migrations = []`.
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import key_value_classes, path_of
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.config import WorkerConfig

RULE = Rule(
    "WS314", "migrations-with-exports", Severity.ERROR, causes=("C07",), fix="unsafe", needs=("exports",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    migrations, exports = config.entry("migrations"), config.entry("exports")
    if migrations is None or exports is None or not migrations.value.items or not config.durable_exports:
        return
    # The half that this environment adds is the one to look at.
    own, other = exports, migrations
    if config.owns("migrations") and not config.owns("exports"):
        own, other = migrations, exports
    yield RULE.finding(
        own.key_span,
        "deploy is refused: wrangler takes either `migrations` or Durable Objects in `exports`, not both",
        labels=(Label(other.key_span, f"`{other.key}` holds here"),),
        help="drop `migrations` once `exports` has an entry for each class that lives",
        fix=_fix(config),
    )


def _fix(config: WorkerConfig) -> Fix | None:
    """Drop `migrations` where `exports` says the same of every class."""
    path = path_of(config, "migrations")
    entries = {entry.name: entry for entry in config.durable_exports if entry.is_live}
    if not config.history.readable or len(path) != 1 or not set(config.history.live) <= set(entries):
        return None
    older = {name for name, _ in key_value_classes(config)}
    if any((entry.storage == "legacy-kv") != (name in older) for name, entry in entries.items()):
        return None
    return Fix("drop `migrations`", "unsafe", lambda: edit.remove_entry(config.document, path))
