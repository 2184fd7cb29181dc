"""A key in an environment that only the top level can have.

## What it does
Finds `dev`, `site`, `alias`, `keep_vars`, `send_metrics` and the other keys that wrangler reads at the top
level alone inside an `env.X`.

## Why it fails
wrangler prints a warning when that environment is deployed, ignores the key and goes by the top level's,
or by its default where the top level has none.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[env.production]
keep_vars = true
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
keep_vars = true

[env.production]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The environment says the same as the top level.

## Source
- wrangler 4.164.0, run: "Unexpected fields found in env.production field", exit code 0.
- https://developers.cloudflare.com/workers/wrangler/configuration/#top-level-only-keys
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule("WS014", "top-level-only-key", Severity.WARNING, needs=("unknown-keys",))


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    for judged in config.unknown_keys:
        if judged.verdict != "top-level-only":
            continue
        top = config.root.entries.get(judged.key)
        if top is not None and top.value.plain() == judged.entry.value.plain():
            continue
        instead = "there is none at the top level" if top is None else "the top level's holds"
        labels = (Label(top.key_span, "this holds for every environment"),) if top is not None else ()
        yield RULE.finding(
            judged.entry.key_span,
            f"wrangler ignores `{judged.key}` in {config.label}: only the top level has it, and {instead}",
            labels=labels,
        )
