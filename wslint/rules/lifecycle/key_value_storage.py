"""A class with the older key-value storage.

## What it does
Finds classes that `new_classes`, or `legacy-kv` in `exports`, gives key-value storage.

## Why it fails
A class that is deployed keeps working. Where it does not exist yet, the deploy is refused: on the Free plan
with code 10097, since 2026-07-09 on every account that has no key-value class yet, and through `exports`
everywhere. Such a class has no SQL, no recovery to a point in time, and can't be changed later.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_classes = ["Match"]
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- A later step deletes the class.
- git's HEAD has the step, or the class with key-value storage: nothing can be done for a class that is
  deployed.
- Another class of the Worker is reported already: one finding stands for all, with the others beside it.
- The class uses SQL: WS313 says what fails. It is created with both storages: WS302.

## Source
- https://github.com/cloudflare/cloudflare-docs/pull/31987
- https://github.com/cloudflare/workers-chat-demo/pull/43 (10097)
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import (
    kept_in_head,
    key_value_classes,
    storage_span,
    to_sqlite,
    was_key_value,
)
from wslint.rules.lifecycle._storage import sql_on_key_value
from wslint.worker import Worker
from wslint.wrangler.lifecycle import ExportEntry, LiveClass

RULE = Rule("WS312", "key-value-storage", Severity.WARNING, causes=("C08",), fix="unsafe")

MOST_LABELS = 8


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.config.history.readable:
        return
    reported = {name for name, _, _ in sql_on_key_value(worker)}
    reported.update(conflict.step.name for conflict in worker.config.history.conflicts)
    for migration in worker.config.history.migrations:
        reported |= migration.named_elsewhere  # under a misspelt key: WS003
    found = [
        (name, chosen)
        for name, chosen in key_value_classes(worker.config)
        if name not in reported and not _is_old(worker, name, chosen)
    ]
    if not found:
        return
    name, chosen = found[0]
    if isinstance(chosen, LiveClass):
        message = (
            f"where `{chosen.origin.name}` does not exist yet, deploy is refused on a Free plan "
            "(code 10097) and on accounts without key-value classes: `new_classes` is the older storage"
        )
        wanted = "`new_sqlite_classes`"
    else:
        message = (
            f"where `{name}` does not exist yet, deploy is refused with code 100402: "
            "`legacy-kv` is for classes that have this storage already"
        )
        wanted = '`"storage": "sqlite"`'
    yield RULE.finding(
        storage_span(chosen),
        message,
        labels=tuple(
            Label(storage_span(other), f"and `{also}`") for also, other in found[1 : 1 + MOST_LABELS]
        ),
        help=f"create a new class with {wanted}; one that is deployed keeps its storage and this line",
        fix=to_sqlite(worker, chosen),
    )


def _is_old(worker: Worker, name: str, chosen: LiveClass | ExportEntry) -> bool:
    """Whether HEAD has the class with that storage: nothing can be done about one that is deployed."""
    if isinstance(chosen, LiveClass) and kept_in_head(worker, chosen.origin):
        return True
    return was_key_value(worker, name)
