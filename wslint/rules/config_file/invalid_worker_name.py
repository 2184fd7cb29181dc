"""A Worker name that wrangler refuses.

## What it does
Checks `name`, at the top level and in every environment, against the form that wrangler asks for.

## Why it fails
wrangler ends with an error for anything but a-z, 0-9, `-` and `_`, and for a `-` at the start. The name
becomes part of a host name.

## Example
```toml wrangler.toml
name = "Match-Server"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match-server"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The name is a placeholder, or ends in `-`: wrangler takes that.

## Source
- wrangler 4.164.0, run: `Expected "name" to be of type string, alphanumeric and lowercase with dashes only`.
- https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Fix, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS011", "invalid-worker-name", Severity.ERROR, fix="unsafe")

_VALID = regex(r"[a-z0-9_][a-z0-9_-]*")


def check(worker: Worker) -> Iterator[Outcome]:
    value = worker.config.section.get("name")
    if value is None or not value.string or value.is_placeholder or _VALID.fullmatch(value.string):
        return
    better = re.sub(r"[^a-z0-9_-]+", "-", value.string.lower()).strip("-")
    fix = Fix(f"rename it to `{better}`", "unsafe", (edit.replace_string(value, better),)) if better else None
    yield RULE.finding(
        value.span,
        f"wrangler refuses the name `{value.string}`{environments_note(worker)}: "
        "it takes a-z, 0-9, `-` and `_`, and no `-` at the start",
        fix=fix,
    )
