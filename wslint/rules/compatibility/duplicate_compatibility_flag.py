"""A compatibility flag listed twice.

## What it does
Finds flags that stand more than once in one list.

## Why it fails
The runtime takes it for an error: Cloudflare rejects the upload with code 10021, and wrangler does not
look.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_compat", "nodejs_compat"]
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
- An environment repeats a flag of the top level: its list replaces the other.

## Source
- workerd 1.20261117.1, run: `Compatibility flag specified multiple times: nodejs_compat`.
- wrangler 4.164.0, run: `deploy --dry-run` exits 0.
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import listed, remove_flag
from wslint.worker import Worker

RULE = Rule("WS107", "duplicate-compatibility-flag", Severity.ERROR, fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    first = listed(worker)
    for value in worker.config.flags:
        name = value.string or ""
        earlier = first[name]
        if earlier is not value:
            yield RULE.finding(
                value.span,
                f"deploy is refused with code 10021: `Compatibility flag specified multiple times: {name}`",
                labels=(Label(earlier.span, "listed here already"),),
                fix=remove_flag(worker, value),
            )
