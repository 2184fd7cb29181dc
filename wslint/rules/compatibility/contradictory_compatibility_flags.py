"""Two flags that turn one feature on and off.

## What it does
Finds lists that hold both the flag that enables a feature and the flag that disables it.

## Why it fails
The runtime refuses the pair: Cloudflare rejects the upload with code 10021, whatever the date. wrangler
does not look.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["rpc", "no_rpc"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["no_rpc"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The two stand in different environments: an environment's list replaces the other whole.
- A flag is implied by one in the list and another one disables it: that is allowed.

## Source
- workerd 1.20261117.1, run: `Compatibility flags are mutually contradictory: rpc vs no_rpc`.
- wrangler 4.164.0, run: `deploy --dry-run` exits 0.
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.compatibility import disabling
from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import listed
from wslint.worker import Worker

RULE = Rule("WS106", "contradictory-compatibility-flags", Severity.ERROR)


def check(worker: Worker) -> Iterator[Outcome]:
    flags = listed(worker)
    for name, value in flags.items():
        feature = disabling().get(name)
        other = flags.get(feature.enable) if feature else None
        if feature is None or other is None:
            continue
        first, second = sorted((value, other), key=lambda each: each.span.start)
        yield RULE.finding(
            second.span,
            "deploy is refused with code 10021: "
            f"`Compatibility flags are mutually contradictory: {feature.enable} vs {feature.disable}`",
            labels=(Label(first.span, "contradicted by this"),),
            help="keep the one that is meant",
        )
