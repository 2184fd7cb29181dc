"""A `script_name` that repeats the Worker's own name.

## What it does
Looks for Durable Object bindings whose `script_name` is the effective name of the very Worker that
holds them (`<name>-X` in `env.X`).

## Why it fails
wrangler tells own classes from foreign ones by the mere presence of `script_name`. With it, wrangler
checks neither the export nor the lifecycle, so that mistakes there pass a dry run. The first deploy of
a new Worker is refused with code 10061: a Worker of this name does not exist yet.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
script_name = "match"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
export class MatchDO {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
export class MatchDO {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The name is that of the same project in another environment: `match` in `env.staging` is another Worker.
- The project is a Pages project, which can't hold classes and shares no name with a Worker.

## Source
- wrangler 4.164.0, run: with the own name as `script_name`, `deploy --dry-run` exits 0 although the
  class is not exported and no migration creates it; `wrangler dev` works when all else is right.
- https://github.com/huilang-me/CF-Server-Monitor/issues/55 (10061 on the first deploy)
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.config import DurableObjectBinding

RULE = Rule("WS206", "own-script-name", Severity.WARNING, fix="safe", needs=("script",))


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.document.is_pages:
        return
    for binding in worker.config.durable_objects:
        script = binding.script_name
        if script is not None and text_of(script) is not None and script.string == worker.name:
            yield RULE.finding(
                script.span,
                f"a first deploy is refused with code 10061: `{script.string}` is this Worker itself; and by"
                " `script_name` wrangler checks neither the export nor the lifecycle of the class",
                help="leave `script_name` out: the class is this Worker's own",
                fix=_fix(worker, binding),
            )


def _fix(worker: Worker, binding: DurableObjectBinding) -> Fix | None:
    config, document = worker.config, worker.document
    bindings = config.section.get("durable_objects", "bindings")
    if bindings is None:
        return None
    index = next(place for place, item in enumerate(bindings.items) if item is binding.value)
    prefix: edit.Path = () if config.environment is None else ("env", config.environment)
    path: edit.Path = (*prefix, "durable_objects", "bindings", index, "script_name")
    return Fix("leave `script_name` out", "safe", lambda: edit.remove_entry(document, path))
