"""A migration that changes nothing.

## What it does
Finds entries of `migrations` with a tag and no step.

## Why it fails
Nothing fails: wrangler sends the tag, the API stores it. From then on the entry has to stay, because
wrangler looks for that tag at each deploy; and whoever meant to add a class has not.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
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
- A step stands under a misspelt key: WS003.
- A list can't be read.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
- https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker
from wslint.wrangler.lifecycle import LISTS

RULE = Rule("WS311", "empty-migration", Severity.INFO)


def check(worker: Worker) -> Iterator[Outcome]:
    for migration in worker.config.history.migrations:
        keys = set(migration.value.entries)
        if migration.readable and not migration.steps and "tag" in keys and keys <= {"tag", *LISTS}:
            yield RULE.finding(
                migration.tag_span,
                f"{migration.called} changes nothing, and once it is deployed its tag has to stay",
                help="drop it unless it is deployed",
            )
