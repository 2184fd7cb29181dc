"""A migration that deletes or renames a class that is not there.

## What it does
Finds steps of `deleted_classes` and `renamed_classes` for a class that was deleted or renamed before, whose
name misspells a living class, or that a history with a beginning never creates.

## Why it fails
wrangler 4.131 and later replay the list before each deploy, and stop. Older ones send the step, and the
API refuses it with code 10074 unless it has the class from before.

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
renamed_classes = [{ from = "match", to = "Room" }]
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
- The history begins with a deletion or a rename, or with a tag such as `v3`: its beginning was pruned, and
  the API knows the class. WS321 says what wrangler makes of that.
- The class came by `transferred_classes`.
- Part of `migrations` can't be read.
- The project has a wrangler before 4.131, which sends what is new and replays nothing, and the name is not
  one that the history explains: the API may know the class.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` stops with `Cannot apply renamed_classes migration to
  non-existent class match`.
- https://github.com/cloudflare/workers-sdk/issues/15741
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import may_replay, value_at
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.lifecycle import Conflict, Step

RULE = Rule(
    "WS306", "missing-migration-source", Severity.ERROR, causes=("C05",), fix="unsafe", needs=("conflicts",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    history = worker.config.history
    if not history.readable:
        return
    for conflict in history.conflicts:
        step = conflict.step
        if conflict.kind != "missing-source" or step.ended is None:
            continue
        if conflict.earlier is None and conflict.meant is None and not may_replay(worker):
            continue  # the API may know the class, and nobody else asks
        name, span = step.ended
        labels = []
        if conflict.earlier is not None:
            labels.append(Label(conflict.earlier.span, f"{conflict.earlier.action}d here already"))
        elif conflict.meant is not None and conflict.meant in history.live:
            labels.append(Label(history.live[conflict.meant].step.span, f"this creates `{conflict.meant}`"))
        yield RULE.finding(
            span,
            _refusal(step, name, may_replay(worker)),
            labels=tuple(labels),
            help=_help(conflict),
            fix=_fix(step, conflict.meant),
        )


def _refusal(step: Step, name: str, replays: bool) -> str:
    if not replays:
        return f"deploy is refused with code 10074 once this step is sent: there is no class `{name}`"
    return f"deploy is refused: wrangler stops with `Cannot apply {step.key} migration to non-existent class {name}`"


def _help(conflict: Conflict) -> str:
    if conflict.earlier is not None:
        return f"drop the step: the class is gone since {conflict.earlier.migration.called}"
    if conflict.meant is not None:
        return f"did you mean `{conflict.meant}`?"
    return "name a class that an earlier migration creates"


def _fix(step: Step, meant: str | None) -> Fix | None:
    """Rename the class that was meant. Not offered for a deletion: the wrong one loses all its data."""
    if meant is None or step.action != "rename" or step.source_span is None:
        return None
    value = value_at(step, step.source_span)
    if value is None:
        return None
    return Fix(f"rename `{meant}`", "unsafe", (edit.replace_string(value, meant),))
