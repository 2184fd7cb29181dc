"""A rename to a class that exists.

## What it does
Finds steps of `renamed_classes` whose new name is a living class at that point.

## Why it fails
A rename brings the new name into being. Where it exists already, with its own objects, the API has no
place for the old ones and refuses. wrangler does not look at the new name.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Room" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
new_sqlite_classes = ["Room"]

[[migrations]]
tag = "v3"
renamed_classes = [{ from = "Match", to = "Room" }]
```
```js index.js
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Room" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
renamed_classes = [{ from = "Match", to = "Room" }]
```
```js index.js
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The class of that name was deleted or renamed before.
- The rename and the creation stand in one migration: WS302, wrangler takes the rename first.
- git's HEAD has the step: it may be applied.
- Part of `migrations` can't be read.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import kept_in_head
from wslint.worker import Worker

RULE = Rule("WS307", "occupied-rename-target", Severity.ERROR, needs=("conflicts",))


def check(worker: Worker) -> Iterator[Outcome]:
    history = worker.config.history
    if not history.readable:
        return
    for conflict in history.conflicts:
        step, earlier = conflict.step, conflict.earlier
        if conflict.kind != "occupied-target" or earlier is None or kept_in_head(worker, step):
            continue
        advice = f"rename `{step.source}` to a name that is free"
        if earlier.action == "create":
            advice = f"leave `{step.name}` out of `{earlier.key}`: the rename creates it"
        yield RULE.finding(
            step.span,
            f"deploy is refused: `{step.name}` exists already when {step.migration.called} "
            f"renames `{step.source}` to it",
            labels=(Label(earlier.span, f"`{step.name}` comes into being here"),),
            help=advice,
        )
