"""A `compatibility_date` after today.

## What it does
Finds compatibility dates that lie in the future, counted in UTC.

## Why it fails
Cloudflare compares the date with its own clock and refuses the upload with code 10021; nothing in
`wrangler deploy --dry-run` does. The local runtime refuses to start as well. A date written just after
local midnight, east of Greenwich, is still tomorrow in UTC.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2062-07-01"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The date is today, or newer than the flags that this wslint knows.

## Source
- workerd 1.20261117.1, run on 2026-11-23: 2026-11-23 starts, 2026-11-24 does not.
- wrangler 4.164.0, run: `deploy --dry-run` exits 0.
- https://github.com/cloudflare/workers-sdk/issues/5453
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.compatibility import DATE, newest_date
from wslint.finding import Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS103", "future-compatibility-date", Severity.ERROR, causes=("C15",), fix="unsafe")


def check(worker: Worker) -> Iterator[Outcome]:
    value = worker.config.value("compatibility_date")
    today = worker.workspace.today
    if value is None or value.string is None or not DATE.fullmatch(value.string):
        return
    if value.string <= today.isoformat():
        return
    proposed = newest_date(today)
    yield RULE.finding(
        value.span,
        f"deploy is refused with code 10021: `Can't set compatibility date in the future: {value.string}`",
        help=f"write {today.isoformat()} (today in UTC) or an earlier date",
        fix=Fix(f"write {proposed}", "unsafe", (edit.replace_string(value, proposed),)),
    )
