"""A compatibility flag with a slip in its name.

## What it does
Finds flags that no runtime knows, and whose name is that of a known flag but for its case, its
separators, or a letter or two in one word.

## Why it fails
wrangler passes flags on without looking. The runtime refuses to start with them, and Cloudflare
refuses the upload with code 10021.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs-compat"]
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
- The name differs by a number or by a whole word: it may be a newer flag, which WS105 warns about.

## Source
- workerd 1.20261117.1, run: `No such compatibility flag: nodejs-compat`, also for other case and for a
  trailing space.
- wrangler 4.164.0, run: `deploy --dry-run` exits 0.
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.compatibility import misspelt
from wslint.finding import Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import listed, remove_flag
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS104", "misspelt-compatibility-flag", Severity.ERROR, fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    flags = listed(worker)
    for name, value in flags.items():
        near = misspelt(name)
        if near is None:
            continue
        if near in flags:
            fix = remove_flag(worker, value)
        else:
            fix = Fix(f"write `{near}`", "safe", (edit.replace_string(value, near),))
        yield RULE.finding(
            value.span,
            f"deploy is refused with code 10021: `No such compatibility flag: {name}`; "
            f"the flag is called `{near}`",
            fix=fix,
        )
