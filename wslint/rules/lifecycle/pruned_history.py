"""A history whose beginning is missing.

## What it does
Finds migrations that delete or rename a class which nothing in the list creates, because its creation was
pruned or because it came by `transferred_classes`.

## Why it fails
The API knows the class and takes the step. wrangler 4.131 and later replay the list before they deploy,
know nothing of what was pruned and do not count transfers: they stop.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v4"
renamed_classes = [{ from = "Game", to = "Match" }]
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
new_sqlite_classes = ["Game"]

[[migrations]]
tag = "v4"
renamed_classes = [{ from = "Game", to = "Match" }]
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Each class is created before it is renamed or deleted.
- A name misspells a living class, or the history has a beginning: WS306.
- The project surely has a wrangler before 4.131: installed, locked, or asked for by a plain range.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` stops with `Cannot apply renamed_classes migration to
  non-existent class Game`, and exits 0 with `--containers-rollout=none`, which skips the replay.
- https://github.com/cloudflare/workers-sdk/issues/15741
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import may_replay
from wslint.worker import Worker

RULE = Rule("WS321", "pruned-history", Severity.WARNING)


def check(worker: Worker) -> Iterator[Outcome]:
    history = worker.config.history
    ended = [(step, step.ended) for step in history.unseen if step.ended is not None]
    if not history.readable or not ended or not may_replay(worker):
        return
    step, (name, span) = ended[0]
    yield RULE.finding(
        span,
        "wrangler 4.131 and later stop with "
        f"`Cannot apply {step.key} migration to non-existent class {name}`, though the API may know it",
        labels=tuple(Label(place, f"and at `{other}`") for _, (other, place) in ended[1:]),
        help="deploy with `--containers-rollout=none`, keep the step that created it, or move to `exports`",
    )
