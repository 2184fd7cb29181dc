"""A key that wrangler does not know.

## What it does
Finds keys that wrangler has no use for in that place and that resemble none it has.

## Why it fails
It does not fail: wrangler warns "Unexpected fields found" and ignores the key. What was expected of it
does not happen. A newer wrangler may know keys that this table, made from 4.164.0, does not.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
region = "weur"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
placement = { region = "aws:eu-central-1" }
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The key is a slip of the pen (WS003), stands under a wrong TOML header (WS005), is one of an older
  wrangler (WS010, WS018) or one that an environment can't have (WS014).
- It is a list of classes in a migration: WS322.
- It is a comment by its look: `_comment`, `//`, `$note`.

## Source
- wrangler 4.164.0, run: a warning and exit code 0.
- https://developers.cloudflare.com/workers/wrangler/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.rules.config_file.removed_key import REMOVED
from wslint.rules.lifecycle.ignored_step import is_lost_step
from wslint.worker import Worker

RULE = Rule("WS004", "unknown-key", Severity.INFO, needs=("unknown-keys",))

_MANY = 8


def check(worker: Worker) -> Iterator[Outcome]:
    note = environments_note(worker)
    for judged in worker.config.unknown_keys:
        if judged.verdict != "unknown" or (judged.key,) in REMOVED:
            continue  # a removed key is refused, not ignored: WS009
        if is_lost_step(judged.pattern, judged.entry.value):
            continue
        known = judged.problem.known
        where = f" in `{judged.table_text}`" if judged.table_text else ""
        remedy = ""
        if judged.near is not None and judged.near in judged.problem.table.entries:
            remedy = f"`{judged.near}` is there as well"
        elif 0 < len(known) <= _MANY:
            remedy = f"`{judged.table_text}` has {', '.join(f'`{key}`' for key in known)}"
        yield RULE.finding(
            judged.entry.key_span, f"wrangler ignores the key `{judged.key}`{where}{note}", help=remedy
        )
