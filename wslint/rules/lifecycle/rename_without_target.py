"""A rename to a class that `exports` does not declare.

## What it does
Finds `renamed` entries of `exports` whose `renamed_to` names no live entry.

## Why it fails
The old class's objects move to the new one, which has to be declared in the same map. The API refuses a
rename to nowhere, or to another tombstone, with code 100402. wrangler does not follow the name.

## Example
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "exports": {
    "Match": { "type": "durable-object", "state": "renamed", "renamed_to": "Room" },
  },
}
```
```js index.js
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "exports": {
    "Match": { "type": "durable-object", "state": "renamed", "renamed_to": "Room" },
    "Room": { "type": "durable-object", "storage": "sqlite" },
  },
}
```
```js index.js
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The target's entry can't be read, or is refused itself: WS315.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import CLASS_NAME, path_of
from wslint.settings import nearest
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS318", "rename-without-target", Severity.ERROR, fix="unsafe", needs=("exports",))

_TOMBSTONES = ("deleted", "renamed", "transferred")


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    entries = {entry.name: entry for entry in config.exports}
    value = config.value("exports")
    written = set(value.entries) if value is not None else set()
    for entry in config.durable_exports:
        target = entry.renamed_to
        name = entry.new_name
        if target is None or not name or name == entry.name or not CLASS_NAME.fullmatch(name):
            continue  # refused by itself: WS315
        known = entries.get(name)
        tombstone = known is not None and known.is_durable_object and known.state in _TOMBSTONES
        if name in written and not tombstone:
            continue
        near = nearest(name, [other.name for other in config.durable_exports if other.is_live])
        path = (*path_of(config, "exports"), name)
        created = {"type": "durable-object", "storage": "sqlite"}
        fix = None
        if near is not None:
            fix = Fix(f"rename it to `{near}`", "unsafe", (edit.replace_string(target, near),))
        elif known is None:
            fix = Fix(f"declare `{name}`", "unsafe", partial(edit.add, config.document, path, created))
        yield RULE.finding(
            target.span,
            f"deploy is refused with code 100402: `exports` has no live entry `{name}` "
            f"to rename `{entry.name}` to",
            labels=(Label(known.span, f"`{name}` is {known.state}"),) if known is not None else (),
            help=f"did you mean `{near}`?" if near else f"declare it, with the storage of `{entry.name}`",
            fix=fix,
        )
