"""A migration tag that is used twice.

## What it does
Finds entries of `migrations` whose tag an earlier entry has.

## Why it fails
The API remembers one tag: that of the last step applied. wrangler looks it up in the list, takes the first
entry that bears it, and sends what follows. With the last tag written twice, each deploy after the first
sends its steps again, and is refused with code 10074.

## Example
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
tag = "v1"
new_sqlite_classes = ["Room"]
```
```js index.js
export class Match {}
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Use instead
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
- A tag in the middle of the list is written twice: that passes once a later tag is applied. It is a
  finding of medium confidence.
- The tag is a placeholder.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project; its upload code takes the first entry
  with the deployed tag.
- https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Applicability, Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import next_tag, tags_in_head
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.lifecycle import Migration

RULE = Rule("WS309", "duplicate-migration-tag", Severity.ERROR, fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    migrations = worker.config.history.migrations
    seen: dict[str, Migration] = {}
    committed, fresh = tags_in_head(worker), next_tag(worker.config)
    for migration in migrations:
        tag = migration.value.get("tag")
        if tag is None or not tag.string or tag.is_placeholder:
            continue
        first = seen.setdefault(tag.string, migration)
        if first is migration:
            continue
        last = tag.string == migrations[-1].tag
        applicability: Applicability = "safe" if committed[tag.string] == 1 else "unsafe"
        yield RULE.finding(
            tag.span,
            f"the next deploy is refused with code 10074: wrangler finds the applied tag `{tag.string}` "
            "at its first place and sends this migration again",
            labels=(Label(first.tag_span, f"`{tag.string}` stands here first"),),
            help="give every migration a tag of its own",
            fix=Fix(f"tag it `{fresh}`", applicability, (edit.replace_string(tag, fresh),)) if last else None,
            confidence="high" if last else "medium",
        )
