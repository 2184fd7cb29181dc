"""Node.js flags that wrangler does not take together.

## What it does
Finds `nodejs_compat` beside `nodejs_compat_v2`, and the old name `experimental:nodejs_compat_v2`.

## Why it fails
wrangler stops with an error before it bundles, in `deploy` as in `dev`: the first flag brings the
second since 2024-09-23, and the prefix is gone since the second is no experiment any more.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_compat", "nodejs_compat_v2"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_compat"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- `no_nodejs_compat_v2` stands beside `nodejs_compat`: that asks for Node's own modules without
  wrangler's additions.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on both. workerd itself accepts the pair.
- https://developers.cloudflare.com/workers/runtime-apis/nodejs/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.compatibility import DATE, features
from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import listed, remove_flag
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS110", "exclusive-nodejs-flags", Severity.ERROR, fix="safe")

FIRST, SECOND = "nodejs_compat", "nodejs_compat_v2"
OLD_NAME = f"experimental:{SECOND}"


def check(worker: Worker) -> Iterator[Outcome]:
    flags = listed(worker)
    old = flags.get(OLD_NAME)
    if old is not None:
        known = FIRST in flags or SECOND in flags
        yield RULE.finding(
            old.span,
            f"deploy stops: wrangler no longer takes `experimental:` before `{SECOND}`",
            help="drop it" if known else f"write `{SECOND}`",
            fix=remove_flag(worker, old)
            if known
            else Fix(f"write `{SECOND}`", "safe", (edit.replace_string(old, SECOND),)),
        )
    if FIRST not in flags or SECOND not in flags:
        return
    first, second = sorted((flags[FIRST], flags[SECOND]), key=lambda value: value.span.start)
    fix = None
    date = worker.config.compatibility_date
    if worker.config.flags_known and date is not None and DATE.fullmatch(date):
        rest = [name for name in flags if name != SECOND]
        if features(date, rest) == features(date, flags):
            fix = remove_flag(worker, flags[SECOND])
    yield RULE.finding(
        second.span,
        f"deploy stops: wrangler takes `{FIRST}` or `{SECOND}`, not both",
        labels=(Label(first.span, "the other one"),),
        help=f"keep `{FIRST}`: from 2024-09-23 it brings `{SECOND}` with it",
        fix=fix,
    )
