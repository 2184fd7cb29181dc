"""A deletion of a class that the code still exports.

## What it does
Finds `deleted` entries of `exports` whose class the entrypoint exports.

## Why it fails
The API deletes no class that the same upload carries: it refuses with code 100402,
`tombstone_delete_class_still_in_code`. wrangler sends it without a word.

## Example
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },
  "exports": {
    "Match": { "type": "durable-object", "storage": "sqlite" },
    "Lobby": { "type": "durable-object", "state": "deleted" },
  },
}
```
```js index.js
export class Match {}
export class Lobby {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },
  "exports": {
    "Match": { "type": "durable-object", "storage": "sqlite" },
    "Lobby": { "type": "durable-object", "state": "deleted" },
  },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The state is `renamed` or `transferred`: the old class may stay while the change rolls out.
- The class is still bound: WS304.
- The exports can't all be seen.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import local_bindings
from wslint.worker import Worker

RULE = Rule("WS317", "tombstone-of-live-class", Severity.ERROR, needs=("exports",))


def check(worker: Worker) -> Iterator[Outcome]:
    bound = local_bindings(worker.config)
    for entry in worker.config.durable_exports:
        answer = worker.export(entry.name)
        if entry.state != "deleted" or entry.name in bound or answer.verdict != "yes" or answer.fact is None:
            continue
        yield RULE.finding(
            entry.span,
            f"deploy is refused with code 100402: `{entry.name}` can't be deleted while the code exports it",
            labels=(Label(answer.fact.span, "exported here"),),
            help="drop the class from the code, or the entry from `exports`",
        )
