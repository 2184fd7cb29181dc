"""Classes under a key of a migration that wrangler does not read.

## What it does
Finds keys of `migrations` that hold the names of classes, that wrangler does not know, and that resemble none of
the five it does: the step that the key stands for is never made.

## Why it fails
wrangler prints the warning "Unexpected fields found in migrations field" and sends the tag without the step. Once
that is deployed the tag counts as applied, and putting the step right in the same entry comes too late.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
convert_to_sql = ["Match"]
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
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The key is a slip of the pen, or another word for one that wrangler has: WS003.
- It holds no list, or is a comment by its look.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` warns and exits 0 on this project.
- https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker
from wslint.wrangler.lifecycle import LISTS
from wslint.wrangler.located import Value

RULE = Rule("WS322", "ignored-step", Severity.ERROR, needs=("unknown-keys",))


def check(worker: Worker) -> Iterator[Outcome]:
    known = ", ".join(f"`{key}`" for key in LISTS)
    for judged in worker.config.unknown_keys:
        if judged.verdict == "unknown" and is_lost_step(judged.pattern, judged.entry.value):
            yield RULE.finding(
                judged.entry.key_span,
                f"wrangler ignores `{judged.key}`{environments_note(worker)}: nothing happens to the classes in it",
                help=f"a migration has {known}; put the step under a new tag where this one may be deployed",
            )


def is_lost_step(pattern: str, value: Value) -> bool:
    """Whether an unknown key is a list of classes in a migration."""
    return pattern.startswith("migrations[].") and pattern.count(".") == 1 and bool(value.items)
