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
- `legacy-kv` stands in `exports` for a class that git's HEAD has with key-value storage.
- The class uses SQL: WS313 says what fails. It is created with both storages: WS302.

## Source
- https://github.com/cloudflare/cloudflare-docs/pull/31987
- https://github.com/cloudflare/workers-chat-demo/pull/43 (10097)
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import (
    key_value_classes,
    sql_on_key_value,
    storage_span,
    to_sqlite,
    was_key_value,
)
from wslint.worker import Worker
from wslint.wrangler.lifecycle import LiveClass

RULE = Rule("WS312", "key-value-storage", Severity.WARNING, causes=("C08",), fix="unsafe")


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.config.history.readable:
        return
    reported = {name for name, _, _ in sql_on_key_value(worker)}
    reported.update(conflict.step.name for conflict in worker.config.history.conflicts)
    for name, chosen in key_value_classes(worker.config):
        if name in reported:
            continue
        if isinstance(chosen, LiveClass):
            message = (
                f"where `{chosen.origin.name}` does not exist yet, deploy is refused on a Free plan "
                "(code 10097) and on accounts without key-value classes: `new_classes` is the older storage"
            )
            wanted = "`new_sqlite_classes`"
        elif was_key_value(worker, name):
            continue
        else:
            message = (
                f"where `{name}` does not exist yet, deploy is refused with code 100402: "
                "`legacy-kv` is for classes that have this storage already"
            )
            wanted = '`"storage": "sqlite"`'
        yield RULE.finding(
            storage_span(chosen),
            message,
            help=f"create a new class with {wanted}; one that is deployed keeps its storage and this line",
            fix=to_sqlite(worker, chosen),
        )
