"""A class that migrations create although it exists.

## What it does
Finds steps of `new_classes`, `new_sqlite_classes` and `transferred_classes` for a class that lives already,
and classes that one migration both deletes and creates.

## Why it fails
A class is created once and keeps its storage. wrangler 4.131 and later replay the list before each
deploy and stop at the second creation; older ones send it, and the API answers with code 10074. A
migration that deletes a class and creates it anew passes wrangler, and fails at the API: a class can be
the target of one step only.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_classes = ["Match"]

[[migrations]]
tag = "v2"
new_sqlite_classes = ["Match"]
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
- The class was deleted or renamed under an earlier tag: its name is free again.
- A transfer stands beside the creation of its class in one migration: so wrangler's replay learns of it.
- Only the API would refuse the step, and it may be applied: git's HEAD has it, or the class is gone again.
- Part of `migrations` can't be read.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` stops with `Cannot apply new_sqlite_classes migration to
  existing class Match`, and lets a deletion with a creation in one migration pass.
- https://github.com/MapleTechLabs/maple/pull/788 (`cannot be the target of more than one migration`)
- https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import editable, kept_in_head, value_at
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.lifecycle import Conflict, Step

RULE = Rule("WS302", "class-created-twice", Severity.ERROR, fix="safe")

_DONE = {"create": "created", "rename": "renamed to this", "transfer": "transferred", "delete": "deleted"}


def check(worker: Worker) -> Iterator[Outcome]:
    history = worker.config.history
    if not history.readable:
        return
    for conflict in history.conflicts:
        if conflict.kind != "created-twice" or conflict.earlier is None:
            continue
        step, earlier = conflict.step, conflict.earlier
        if _may_be_applied(worker, step, earlier):
            continue
        yield RULE.finding(
            step.span,
            _message(step, earlier),
            labels=(Label(earlier.span, f"{_DONE[earlier.action]} here, in {earlier.migration.called}"),),
            help=_help(step, earlier),
            fix=_fix(worker, conflict),
        )


def _may_be_applied(worker: Worker, step: Step, earlier: Step) -> bool:
    """Whether only the API would refuse the step, and may have taken it already: HEAD has it, or the class
    that it transferred is gone again."""
    if step.action != "transfer" and earlier.action != "delete":
        return False  # wrangler replays the list before each deploy, whatever is applied
    gone = step.action == "transfer" and step.name in worker.config.history.gone
    return gone or kept_in_head(worker, step)


def _message(step: Step, earlier: Step) -> str:
    if earlier.action == "delete":
        return (
            f"deploy is refused with code 10074: {step.migration.called} deletes and creates `{step.name}`, "
            "and a class can be the target of one step only"
        )
    if step.action == "transfer":
        return f"deploy is refused with code 10074: `{step.name}` exists already when it is transferred"
    return (
        f"deploy is refused: wrangler stops with `Cannot apply {step.key} migration to existing class "
        f"{step.name}`, versions before 4.131 with code 10074"
    )


def _help(step: Step, earlier: Step) -> str:
    if earlier.action == "delete":
        return "deploy the deletion first, then create the class under a new tag"
    if earlier.action in ("rename", "transfer"):
        return f"leave `{step.name}` out of `{step.key}`: the {earlier.action} creates it"
    if step.storage != earlier.storage:
        return "a class keeps the storage that it was created with: create one under a new name for another"
    return f"name `{step.name}` once"


def _fix(worker: Worker, conflict: Conflict) -> Fix | None:
    """Drop the second mention where it says the same as the first, and is not all that its list says."""
    step, earlier = conflict.step, conflict.earlier
    listed, item = step.migration.value.get(step.key), value_at(step, step.span)
    if listed is None or item is None or earlier is None:
        return None
    if len(listed.items) < 2 or item not in listed.items or step.meaning != earlier.meaning:
        return None
    applicability = editable(worker, step.migration)
    return Fix("drop the second mention", applicability, (edit.remove_item(listed, item),))
