"""A binding under a class's old name.

## What it does
Finds bindings of this Worker's own classes by a name that a rename, in `migrations` or in `exports`, has
ended.

## Why it fails
After a rename only the new name is a class. wrangler finds the old one exported and says nothing, or
warns at most; the API refuses the binding with code 10061.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
renamed_classes = [{ from = "Match", to = "Room" }]
```
```js index.js
export class Match {}
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Room" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]

[[migrations]]
tag = "v2"
renamed_classes = [{ from = "Match", to = "Room" }]
```
```js index.js
export class Room {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Only the code still has the old name: that is how a rename without downtime begins.
- The old name was created again under a later tag.
- `script_name` names another Worker: the API leads its bindings on to the new name.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import is_exported
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS305", "renamed-class-still-bound", Severity.ERROR, fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.config.history.readable or worker.document.is_pages:
        return
    for binding in worker.config.local_durable_objects:
        value = binding.class_name
        renamed = _renamed(worker, value.string) if value is not None and value.string else None
        if value is None or renamed is None:
            continue
        where, place, new, final = renamed
        missing = final is not None and is_exported(worker, final) is False
        fix = None
        if final is not None and not missing:
            fix = Fix(f"bind `{final}`", "safe", (edit.replace_string(value, final),))
        yield RULE.finding(
            value.span,
            f"deploy is refused with code 10061: {where} renames `{value.string}` to `{new}`",
            labels=(Label(place, f"renamed here to `{new}`"),),
            help=_help(final, missing),
            fix=fix,
        )


def _renamed(worker: Worker, name: str) -> tuple[str, Span, str, str | None] | None:
    """Where a class was renamed, to what, and the name that it has at the end, if it still lives."""
    config = worker.config
    step = config.history.gone.get(name)
    if step is not None and step.action == "rename":
        return step.migration.called, step.span, step.name, config.history.final_name(name)
    for entry in config.durable_exports:
        if entry.name == name and entry.new_name is not None:
            live = any(other.name == entry.new_name and other.is_live for other in config.durable_exports)
            return "`exports`", entry.span, entry.new_name, entry.new_name if live else None
    return None


def _help(final: str | None, missing: bool) -> str:
    if final is None:
        return "the class is gone: bind one that lives"
    return f"rename the class in the code, and bind `{final}`" if missing else f"bind `{final}`"
