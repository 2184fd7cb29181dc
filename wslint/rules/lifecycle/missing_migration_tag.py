"""A migration without a tag.

## What it does
Finds entries of `migrations` that have no `tag`, or an empty one.

## Why it fails
wrangler refuses a configuration whose migration has no tag. It takes an empty one, and the API stores it;
but an empty tag counts as none at the next deploy, which sends the whole list again and is refused with
code 10074.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
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
- The empty tag is not the last: the one that counts is. It is a finding of medium confidence.
- The tag is no text: wrangler refuses that as any wrong type (WS006).

## Source
- wrangler 4.164.0, run: `deploy --dry-run` says `"migrations[0].tag" is a required field.`, and exits 0 on an
  empty tag; its upload code treats an empty deployed tag as none.
- https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wslint.finding import Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import editable, next_tag, path_of
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS310", "missing-migration-tag", Severity.ERROR, fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    written, migrations = config.value("migrations"), config.history.migrations
    if written is None or written.kind != "array":
        return
    fresh = next_tag(config)
    for migration in migrations:
        if migration.value.kind != "table":
            continue  # refused for its kind: WS006
        tag = migration.value.get("tag")
        if tag is None:
            at = (*path_of(config, "migrations"), migration.index, "tag")
            yield RULE.finding(
                migration.tag_span,
                f'deploy is refused: `"migrations[{migration.index}].tag" is a required field`',
                help=f'add `tag = "{fresh}"`',
                fix=Fix(
                    f"tag it `{fresh}`",
                    editable(worker, migration),
                    partial(edit.add, config.document, at, fresh),
                ),
            )
        elif tag.string == "":
            yield RULE.finding(
                tag.span,
                "the second deploy is refused with code 10074: an empty tag counts as none, "
                "and wrangler sends all migrations again",
                help=f"give it a tag that no other migration has, such as `{fresh}`",
                fix=Fix(f"tag it `{fresh}`", "unsafe", (edit.replace_string(tag, fresh),)),
                confidence="high" if migration is migrations[-1] else "medium",
            )
