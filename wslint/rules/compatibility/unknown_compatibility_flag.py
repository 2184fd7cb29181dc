"""A compatibility flag that wslint does not know.

## What it does
Finds flags that are in no way the name of a flag of the runtime that this wslint was made with.

## Why it fails
wrangler passes flags on without looking. If Cloudflare does not know the flag either, it refuses the
upload with code 10021, and the local runtime does not start.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["websockets"]
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
- The flag is a misspelt known one: that is WS104, an error.
- It is newer than this wslint: update wslint, or ignore the finding.

## Source
- workerd 1.20261117.1, run: `No such compatibility flag: …`.
- https://github.com/cloudflare/workerd/issues/5861: the answer at deploy, code 10021.
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.compatibility import TABLE_VERSION, is_known, misspelt, resembling
from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import listed
from wslint.rules.compatibility.exclusive_nodejs_flags import OLD_NAME
from wslint.worker import Worker

RULE = Rule("WS105", "unknown-compatibility-flag", Severity.WARNING)


def check(worker: Worker) -> Iterator[Outcome]:
    for name, value in listed(worker).items():
        if is_known(name) or misspelt(name) or name == OLD_NAME:  # WS104, WS110
            continue
        near = resembling(name)
        yield RULE.finding(
            value.span,
            f"deploy is refused with code 10021 unless Cloudflare has a flag `{name}`; "
            f"workerd {TABLE_VERSION}, which this wslint goes by, has none",
            help=f"the flag most like it is `{near}`" if near else "",
        )
