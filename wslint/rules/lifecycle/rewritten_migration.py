"""A change of migrations that are committed already.

## What it does
Compares `migrations` with git's HEAD and finds changes that a Worker deployed from HEAD does not take: the
last tag gone or renamed, steps added at or before it, a class left out that the code no longer exports.

## Why it fails
The API remembers the tag of the last step applied, and wrangler sends only what follows it in the list. A
change before that place is never sent: a class added there is never created, and its binding is refused with
code 10061. Without the tag wrangler sends the whole list again, and the API refuses that with code 10074.

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
durable_objects.bindings = [
  { name = "MATCH", class_name = "Match" },
  { name = "ROOM", class_name = "Room" },
]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match", "Room"]
```
```js index.js
export class Match {}
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Use instead
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
durable_objects.bindings = [
  { name = "MATCH", class_name = "Match" },
  { name = "ROOM", class_name = "Room" },
]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
new_sqlite_classes = ["Room"]
```
```js index.js
export class Match {}
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Entries are appended, or entries before the last tag are pruned.
- Only comments, order of keys or layout change.
- `migrations` gives way to `exports`, or goes altogether while the code still exports every class.
- There is no repository, no commit, or no such environment in HEAD.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
- wrangler 4.164.0, read: its upload code sends the entries after the first one that bears the deployed tag,
  and all of them when none does.
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Finding, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import in_head, is_exported
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.lifecycle import History, Migration, Step

RULE = Rule("WS319", "rewritten-migration", Severity.WARNING, fix="unsafe", needs=("head",))


def check(worker: Worker) -> Iterator[Outcome]:
    head, history = in_head(worker), worker.config.history
    if head is None or worker.document.committed is worker.document:
        return
    if not history.readable or not head.history.readable or worker.config.durable_exports:
        return
    before, after = head.history.migrations, history.migrations
    applied = before[-1].tag if before else None
    if not after and not worker.document.is_pages:
        yield from _forgotten(worker, head.history, worker.config.section_span)
    if not applied or not after:
        return
    place = next((migration.index for migration in after if migration.tag == applied), None)
    if place is None:
        yield _lost_tag(before, after, applied)
        return
    done = [step.meaning for step in head.history.steps]
    late = []
    for migration in after[: place + 1]:
        for step in migration.steps:
            if step.meaning in done:
                done.remove(step.meaning)
            else:
                late.append(step)
    yield from (_late_step(step, applied) for step in late)
    if not late:
        yield from _forgotten(worker, head.history, after[place].tag_span)


def _forgotten(worker: Worker, head: History, span: Span) -> Iterator[Finding]:
    """Classes whose creation was taken out of an applied entry, or away with all of them, as if that would
    delete them."""
    history = worker.config.history
    for name in head.live:
        if name not in history.live and name not in history.gone and is_exported(worker, name) is False:
            yield RULE.finding(
                span,
                f"if HEAD is deployed, the next deploy is refused with code 10064: the class `{name}` "
                "exists, and the entrypoint does not export it",
                help="delete or rename it in a new migration: leaving it out undoes nothing",
            )


def _lost_tag(before: list[Migration], after: list[Migration], applied: str) -> Finding:
    """The tag that HEAD ends with is gone. Where it was renamed, the entry at its place shows it."""
    steps = [step.meaning for step in before[-1].steps]
    same = (migration for migration in after if [step.meaning for step in migration.steps] == steps)
    renamed = next(same, None)
    shown = renamed or after[-1]
    tag = renamed.value.get("tag") if renamed is not None else None
    fix = None
    if tag is not None and tag.string is not None:
        fix = Fix(f"tag it `{applied}` again", "unsafe", (edit.replace_string(tag, applied),))
    return RULE.finding(
        shown.tag_span,
        f"if HEAD is deployed, the next deploy is refused with code 10074: wrangler misses the applied tag "
        f"`{applied}` and sends every migration again",
        help=f"keep the tag `{applied}`, and add what is new under tags after it",
        fix=fix,
    )


def _late_step(step: Step, applied: str) -> Finding:
    verbs = {"create": "creates", "delete": "deletes", "rename": "renames to", "transfer": "takes over"}
    return RULE.finding(
        step.span,
        f"if HEAD is deployed, nothing {verbs[step.action]} `{step.name}`: "
        f"wrangler sends only what follows the applied tag `{applied}`",
        help="put it into a new migration at the end of the list",
    )
