"""A flag that only Cloudflare's own accounts may deploy.

## What it does
Finds flags that the runtime marks as experimental.

## Why it fails
`wrangler dev` and `wrangler check startup` run the runtime in its experimental mode, so everything works
locally; the upload is then refused with code 10021.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["increase_websocket_message_size"]
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
- The list disables an experimental feature: only enabling one is refused.

## Source
- workerd 1.20261117.1, run: refused without `--experimental`, which wrangler's dev server passes.
- https://github.com/cloudflare/cloudflare-docs/issues/30072: the answer at deploy.
- https://github.com/cloudflare/workers-sdk/pull/2534: who may use them.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.compatibility import flags
from wslint.finding import Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import listed, remove_flag
from wslint.worker import Worker

RULE = Rule("WS108", "experimental-compatibility-flag", Severity.ERROR, fix="unsafe")

OBSOLETE = {"python_workers_durable_objects": "Durable Objects in Python need only `python_workers`"}
"""Flags without any effect left: dropping them is safe."""


def check(worker: Worker) -> Iterator[Outcome]:
    for name, value in listed(worker).items():
        flag = flags().get(name)
        if flag is None or not flag.experimental:
            continue
        fix = remove_flag(worker, value)
        if fix is not None and name not in OBSOLETE:
            fix = Fix(fix.title, "unsafe", fix.edits)
        yield RULE.finding(
            value.span,
            f"deploy is refused with code 10021: the flag `{name}` is experimental, for Cloudflare's own "
            "accounts only, although `wrangler dev` takes it",
            help=OBSOLETE.get(name, "drop it, or keep it in a configuration that is never deployed"),
            fix=fix,
        )
