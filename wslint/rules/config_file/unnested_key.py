"""A key outside of the table that it belongs into.

## What it does
Finds keys at the top of the file, or of an environment, which wrangler knows in one table below only: `crons`
outside of `triggers`, `bindings` outside of `durable_objects`, `run_worker_first` outside of `assets`,
`new_sqlite_classes` outside of `migrations`. And bindings by their name right in `durable_objects`.

## Why it fails
wrangler prints the warning "Unexpected fields found" and exits with 0, so a deployment succeeds without the
cron, the binding, the class or the routing.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
crons = ["*/5 * * * *"]
```
```js index.js
export default { fetch: () => new Response("ok"), scheduled() {} };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
triggers.crons = ["*/5 * * * *"]
```
```js index.js
export default { fetch: () => new Response("ok"), scheduled() {} };
```

## Not a finding when
- The key is in its table too, or several tables have one of that name: WS004.
- The value would have the wrong kind there.

## Source
- wrangler 4.164.0, run: a warning and exit code 0.
- https://developers.cloudflare.com/workers/wrangler/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker

RULE = Rule("WS019", "unnested-key", Severity.ERROR, needs=("unknown-keys",))

_LOST = {
    "durable_objects": "there is no binding",
    "migrations": "no class is created or changed",
    "queues": "no queue is bound or consumed",
    "triggers": "nothing is triggered",
}


def check(worker: Worker) -> Iterator[Outcome]:
    for judged in worker.config.unknown_keys:
        if judged.verdict != "unnested" or judged.near is None:
            continue
        home = judged.near
        inside = f" in `{judged.table_text}`" if judged.table_text else ""
        proper = f"{home}.bindings" if judged.table_text else f"{home}.{judged.key}"
        if home == "migrations":
            proper = f"[[migrations]] … {judged.key}"
        yield RULE.finding(
            judged.entry.key_span,
            f"wrangler ignores `{judged.key}`{inside}{environments_note(worker)}, so "
            f"{_LOST.get(home, 'it sets nothing')}: its place is `{proper}`",
        )
