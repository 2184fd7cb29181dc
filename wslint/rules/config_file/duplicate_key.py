"""A JSON key written twice.

## What it does
Finds objects in `wrangler.json` and `wrangler.jsonc` that have a key twice with different values.

## Why it fails
JSON readers let the last one win, and wrangler says nothing: a second `durable_objects` or `vars` drops
the first with all that it holds.

## Example
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "vars": { "GREETING": "hello" },
  "vars": { "LIMIT": 4 },
}
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "vars": { "GREETING": "hello", "LIMIT": 4 },
}
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Both values are the same: nothing is lost.
- The file is TOML: wrangler refuses it there (WS001).

## Source
- wrangler 4.164.0, run: the last one wins, without a warning; its parser is jsonc-parser 3.2.
- https://www.rfc-editor.org/rfc/rfc8259#section-4
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.wrangler.config import ConfigDocument
from wslint.wrangler.located import Value

RULE = Rule("WS002", "duplicate-key", Severity.WARNING)


def check(document: ConfigDocument) -> Iterator[Outcome]:
    waiting: list[Value] = [document.root]
    while waiting:
        table = waiting.pop()
        waiting.extend(entry.value for entry in table.entries.values())
        waiting.extend(table.items)
        for lost in table.keys_written_twice:
            kept = table.entries[lost.key]
            if lost.value.plain() != kept.value.plain():
                yield RULE.finding(
                    lost.key_span,
                    f"wrangler drops this `{lost.key}` without a word: it comes again, and the last wins",
                    labels=(Label(kept.key_span, "this one is used"),),
                    help="join them, or remove one",
                )
