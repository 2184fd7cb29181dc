"""A class deleted in the deploy that drops its binding.

## What it does
Finds new steps of `deleted_classes` for a class that git's HEAD still binds.

## Why it fails
The API checks a deletion against the bindings of the version that is deployed, not of the one that is
uploaded. If HEAD is deployed, its binding is still there, and the deploy is refused with code 10061. It
takes two deploys: one without the binding, one with the deletion.

## Example
```toml HEAD:wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
```
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
deleted_classes = ["Match"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml HEAD:wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
```
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
deleted_classes = ["Match"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- HEAD does not bind the class, or has the deletion already.
- The binding is still there: WS304.
- There is no repository, no commit, or no such environment in HEAD.
- `exports` deletes the class: that takes one deploy.

## Source
- https://developers.cloudflare.com/durable-objects/observability/troubleshooting/
- https://github.com/alchemy-run/alchemy/pull/800
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import in_head
from wslint.worker import Worker
from wslint.wrangler.config import WorkerConfig

RULE = Rule("WS320", "deleted-with-its-binding", Severity.WARNING, needs=("head",))


def check(worker: Worker) -> Iterator[Outcome]:
    head, config = in_head(worker), worker.config
    if head is None or not config.history.readable or not head.history.readable:
        return
    done = [step.meaning for step in head.history.steps]
    for step in config.history.steps:
        if step.action != "delete":
            continue
        if step.meaning in done:
            done.remove(step.meaning)
        elif step.name in _bound(head) and step.name not in _bound(config):
            yield RULE.finding(
                step.span,
                f"if HEAD is deployed, this deploy is refused with code 10061: the version that runs binds "
                f"`{step.name}`",
                help="deploy without the binding first, then with the deletion",
            )


def _bound(config: WorkerConfig) -> set[str | None]:
    """The classes that are bound, of whichever Worker: the API matches by name alone."""
    return {binding.class_name.string for binding in config.durable_objects if binding.class_name is not None}
