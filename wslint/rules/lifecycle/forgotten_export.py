"""A class that left `exports` without a word.

## What it does
Compares the `exports` map with the one that git's HEAD has, and finds Durable Object classes that lived there and
are not in it any more: neither live, nor `deleted`, `renamed` or `transferred`.

## Why it fails
The API compares the map with what it has. If HEAD is deployed, the class exists, and a deploy that does not say
what becomes of it is refused with code 100402, whether the code still exports it or not.

## Example
```jsonc HEAD:wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "exports": {
    "Match": { "type": "durable-object", "storage": "sqlite" },
    "Hall": { "type": "durable-object", "storage": "sqlite" },
  },
}
```
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "exports": {
    "Match": { "type": "durable-object", "storage": "sqlite" },
  },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```jsonc HEAD:wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "exports": {
    "Match": { "type": "durable-object", "storage": "sqlite" },
    "Hall": { "type": "durable-object", "storage": "sqlite" },
  },
}
```
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "exports": {
    "Match": { "type": "durable-object", "storage": "sqlite" },
    "Hall": { "type": "durable-object", "state": "deleted" },
  },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The entry is there in another state, or can't be read.
- No Durable Object is left in `exports` at all.
- There is no repository, no commit, or no such environment in HEAD.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/#error-reference
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import in_head, is_exported
from wslint.worker import Worker

RULE = Rule("WS323", "forgotten-export", Severity.WARNING, needs=("exports", "head"))


def check(worker: Worker) -> Iterator[Outcome]:
    head, config = in_head(worker), worker.config
    entry = config.entry("exports")
    if head is None or entry is None or not config.durable_exports or worker.document.is_pages:
        return
    named = {entry.name for entry in config.exports} | {entry.new_name for entry in config.durable_exports}
    for before in head.durable_exports:
        if not before.is_live or before.name in named:
            continue
        still = is_exported(worker, before.name)
        advice = "keep the entry" if still else 'write `"state": "deleted"` in its entry, or `renamed`'
        yield RULE.finding(
            entry.key_span,
            f"if HEAD is deployed, the next deploy is refused with code 100402: the class `{before.name}` exists, "
            "and `exports` does not say what becomes of it",
            help=advice,
        )
