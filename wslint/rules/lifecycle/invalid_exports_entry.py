"""An entry of `exports` that wrangler refuses.

## What it does
Checks each entry of `exports`: its type and state, what the state requires and what it forbids.

## Why it fails
wrangler reads `exports` strictly: a misspelt state, a missing `storage`, a key that belongs to another
state end the deploy before anything is sent.

## Example
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },
  "exports": { "Match": { "type": "durable-object" } },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },
  "exports": { "Match": { "type": "durable-object", "storage": "sqlite" } },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- A value is a placeholder.
- The entry is of type `worker` or `workflow` and has keys that wrangler does not know: it warns only.
- The entry is well formed and contradicts the code or another entry: WS316, WS317, WS318.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on each form.
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import path_of
from wslint.rules.lifecycle._entry_problems import problems
from wslint.worker import Worker

RULE = Rule("WS315", "invalid-exports-entry", Severity.ERROR, causes=("C07",), fix="safe", needs=("exports",))


def check(worker: Worker) -> Iterator[Outcome]:
    exports = worker.config.value("exports")
    if exports is None:
        return
    for name, entry in exports.entries.items():
        path = (*path_of(worker.config, "exports"), name)
        for problem in problems(worker.document, path, name, entry):
            yield RULE.finding(
                problem.span, f"deploy is refused: {problem.text}", help=problem.advice, fix=problem.fix
            )
