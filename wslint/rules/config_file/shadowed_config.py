"""A configuration that another one hides.

## What it does
Finds a wrangler configuration that wrangler never reads, because a configuration of another name in the
same folder or in a folder above comes first.

## Why it fails
wrangler looks for `wrangler.json` in the folder and in all folders above, then in the same way for
`wrangler.jsonc`, then for `wrangler.toml`, and says nothing about those that it passes over. A setting
changed in the hidden file changes nothing.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
vars = { GREETING = "hello" }
```
```json wrangler.json
{ "name": "match", "main": "index.js", "compatibility_date": "2026-06-01" }
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
vars = { GREETING = "hello" }
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- A script in package.json gives the file to wrangler with `--config`.
- Both files have the same name in two folders: the nearer one is read.

## Source
- wrangler 4.164.0, run: a `wrangler.json` two folders up wins over the `wrangler.toml` of the folder.
- https://developers.cloudflare.com/workers/wrangler/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.text import BOM, Span
from wslint.worker import Shadowed

RULE = Rule("WS007", "shadowed-config", Severity.WARNING)


def check(shadowed: Shadowed) -> Iterator[Outcome]:
    data = shadowed.file.data
    start = len(data) - len(data.lstrip(BOM + b" \t\r\n"))
    above = shadowed.by.parent != shadowed.file.path.parent
    reason = (
        f"`{shadowed.by.name}` in a folder above comes first"
        if above
        else f"`{shadowed.by.name}` comes first"
    )
    yield RULE.finding(
        Span(shadowed.file, start, len(data)).head(),
        f"wrangler never reads this file unless `--config` names it: {reason}",
        help=f"keep one of them; wrangler reads `{shadowed.by_name}`",
    )
