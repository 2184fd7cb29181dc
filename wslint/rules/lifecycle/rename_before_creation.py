"""A rename of a class that the same migration creates.

## What it does
Finds migrations that create a class and rename it in one entry.

## Why it fails
Within one migration the order of the lists in the file means nothing: deletions come first, then renames,
then new classes. The rename finds no class, and wrangler 4.131 and later stop there.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Room" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
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
- The class lives before that migration, and the creation brings its name back after the rename.
- The creation and the rename stand under tags of their own.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` stops with `Cannot apply renamed_classes migration to
  non-existent class Match`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule("WS308", "rename-before-creation", Severity.ERROR, needs=("conflicts",))


def check(worker: Worker) -> Iterator[Outcome]:
    history = worker.config.history
    if not history.readable:
        return
    for conflict in history.conflicts:
        step, creation = conflict.step, conflict.earlier
        if conflict.kind != "renamed-before-creation" or creation is None or step.source_span is None:
            continue
        yield RULE.finding(
            step.source_span,
            f"deploy is refused: {step.migration.called} renames `{step.source}` before it creates it "
            f"(wrangler: `Cannot apply renamed_classes migration to non-existent class {step.source}`)",
            labels=(Label(creation.span, "created here, after all renames"),),
            help=f"create `{step.name}` right away, or rename under a tag of its own",
        )
