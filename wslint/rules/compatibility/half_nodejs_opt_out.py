"""An opt-out of Node.js compatibility that leaves most of it on.

## What it does
Finds `no_nodejs_compat` without `no_nodejs_compat_v2` at a compatibility date from 2026-08-04.

## Why it fails
Nothing breaks, the flag just does not do what its name says: from that date two features are on by
themselves, and the second one keeps `node:events`, `Buffer`, `process` and wrangler's polyfills in.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-09-01"
compatibility_flags = ["no_nodejs_compat"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-09-01"
compatibility_flags = ["no_nodejs_compat", "no_nodejs_compat_v2"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The date is earlier: then `no_nodejs_compat` is only written ahead of its time.
- Only `no_nodejs_compat_v2` is listed: that keeps Node's own modules without wrangler's additions.

## Source
- workerd 1.20261117, run: with `no_nodejs_compat` alone `node:events` still loads, with both it does not.
- https://developers.cloudflare.com/workers/runtime-apis/nodejs/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import add_flag, listed
from wslint.worker import Worker

RULE = Rule("WS114", "half-nodejs-opt-out", Severity.INFO, fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    flags = listed(worker)
    written = flags.get("no_nodejs_compat")
    if written is None or "nodejs_compat_v2" in flags or worker.flag_enabled("nodejs_compat_v2") is not True:
        return
    yield RULE.finding(
        written.span,
        "Node.js compatibility stays on: from 2026-08-04 the date turns `nodejs_compat_v2` on as well, "
        "so that opting out takes `no_nodejs_compat_v2` too",
        fix=add_flag(worker, "no_nodejs_compat_v2"),
    )
