"""A configuration that is no TOML or no JSON.

## What it does
Reports the first place at which a wrangler configuration can't be parsed.

## Why it fails
Every wrangler command ends with a parse error before it does anything else.

## Example
```json wrangler.json
{
  "name": "match"
  "main": "index.js"
}
```

## Use instead
```json wrangler.json
{
  "name": "match",
  "compatibility_date": "2026-07-01",
  "main": "index.js",
}
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- A `.json` file has comments or trailing commas: wrangler reads both, under either name.
- A TOML file uses TOML 1.1, such as an inline table over several lines.
- The file is a template with `{{ placeholders }}`: it is listed as skipped.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on each form; its parsers are smol-toml 1.9 and
  jsonc-parser 3.2.
- https://developers.cloudflare.com/workers/wrangler/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Unreadable

RULE = Rule("WS001", "unreadable-config", Severity.ERROR)


def check(unreadable: Unreadable) -> Iterator[Outcome]:
    kind = "TOML" if unreadable.file.path.suffix == ".toml" else "JSON"
    yield RULE.finding(unreadable.span, f"wrangler can't read this file as {kind}: {unreadable.message}")
