"""A binding of a class that was deleted.

## What it does
Finds Durable Object bindings whose class a migration, or a `deleted` entry of `exports`, ends.

## Why it fails
The class and its objects are gone once the step is applied, so nothing is left to bind. The API refuses
both orders with code 10061: a deletion while the binding is there, matched by class name alone, and a
binding of a class that does not exist. wrangler checks neither.

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
deleted_classes = ["Match"]
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
- The class is created again under a later tag.
- `script_name` names another Worker, whose class has the same name, and the deletion stands in git's HEAD:
  it is applied already. Without a repository it is a finding of medium confidence for the last migration.
- The state is `transferred`: the binding may stay until the class leaves the code.

## Source
- https://github.com/alchemy-run/alchemy/pull/800
- https://developers.cloudflare.com/durable-objects/observability/troubleshooting/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Confidence, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import in_head, kept_in_head
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler.config import DurableObjectBinding
from wslint.wrangler.lifecycle import Step

RULE = Rule("WS304", "deleted-class-still-bound", Severity.ERROR)


def check(worker: Worker) -> Iterator[Outcome]:
    config, history = worker.config, worker.config.history
    if not history.readable or worker.document.is_pages:
        return
    tombstones = {entry.name: entry for entry in config.durable_exports if entry.state == "deleted"}
    for binding in config.durable_objects:
        value = binding.class_name
        if value is None or not value.string:
            continue
        name, step = value.string, history.gone.get(value.string)
        if name in tombstones and config.is_local(binding):
            where, place, confidence = "`exports`", tombstones[name].span, RULE.confidence
        elif step is not None and step.action == "delete":
            found = _confidence(worker, binding, step)
            if found is None:
                continue
            where, place, confidence = step.migration.called, step.span, found
        else:
            continue
        yield RULE.finding(
            value.span,
            f"deploy is refused with code 10061: {where} deletes the class `{name}`, which is bound here",
            labels=(Label(place, "deleted here"),),
            help=_help(place),
            confidence=confidence,
        )


def _confidence(worker: Worker, binding: DurableObjectBinding, step: Step) -> Confidence | None:
    """How sure the refusal is: the other Worker's class is in the way only while the step is applied."""
    if worker.config.is_local(binding):
        return "high"
    if in_head(worker) is not None:
        return None if kept_in_head(worker, step) else "high"
    last = worker.config.history.migrations[-1]
    return "medium" if step.migration is last else None


def _help(place: Span) -> str:
    return f"deploy without the binding first, then with the deletion (line {place.first.line}): two deploys"
