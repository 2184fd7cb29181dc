"""Durable Object classes in a configuration without `main`.

## What it does
Looks for bindings of the Worker's own Durable Object classes in an environment that has no `main`.

## Why it fails
Without a script there is nothing that exports the class. With `assets` wrangler puts an empty script in
its place and refuses to deploy because that does not export the class; without `assets` it ends with
"Missing entry-point to Worker script or to assets directory".

## Example
```toml wrangler.toml
name = "match"
compatibility_date = "2026-07-01"

[assets]
directory = "public"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```html public/index.html
<!doctype html>
```
```js src/index.js
export class MatchDO {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "src/index.js"
compatibility_date = "2026-07-01"

[assets]
directory = "public"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```html public/index.html
<!doctype html>
```
```js src/index.js
export class MatchDO {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Every binding names another Worker in `script_name`: an assets-only Worker may have such bindings.
- package.json passes the script on the command line (`wrangler deploy src/index.ts`).
- The project is a Pages project (WS216).

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 with assets and without, 0 with `script_name`.
- https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import SCRIPT_ARGUMENT, text_of
from wslint.worker import Worker

RULE = Rule("WS220", "durable-object-without-entrypoint", Severity.ERROR, causes=("C04",))


def check(worker: Worker) -> Iterator[Outcome]:
    local = worker.config.local_durable_objects
    if (
        worker.entrypoint.kind != "none"
        or worker.document.is_pages
        or not local
        or _is_named_in_a_script(worker)
    ):
        return
    assets = worker.config.entry("assets")
    reason = "the assets alone do not export" if assets is not None else "there is no `main` to export"
    name = text_of(local[0].class_name) or ""
    yield RULE.finding(
        local[0].span,
        f"wrangler refuses to deploy: {reason} the class `{name}`",
        labels=(Label(assets.key_span, "without `main` only these are deployed"),)
        if assets is not None
        else (),
        help="name the script that exports the class in `main`, or the Worker that has it in `script_name`",
    )


def _is_named_in_a_script(worker: Worker) -> bool:
    package = worker.workspace.files.read(worker.document.folder / "package.json")
    return package is not None and SCRIPT_ARGUMENT.search(package.data) is not None
