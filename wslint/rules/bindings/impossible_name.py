"""The name of a Worker, queue or class that none can have.

## What it does
Finds `script_name` and `service` with signs that no Worker's name has, such as the path of a file, and the
same in the names of queues and of another Worker's classes.

## Why it fails
wrangler passes these names on without a look. The API finds no such Worker: a Durable Object binding is
refused with code 10061, a service binding with 10144, a queue with 11000, and no deploy succeeds.

## Example
```toml wrangler.toml
name = "match"
main = "src/worker.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"
script_name = "src/worker.js"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
```
```js src/worker.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "src/worker.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
```
```js src/worker.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The name merely looks unusual: capitals, underscores, a dot inside.
- It is a placeholder.
- The Worker's own `name` is meant: WS011. A bucket's or a Workflow's: WS006, WS221.

## Source
- wrangler 4.164.0, run: it refuses such a name for a Worker (WS011), and `deploy --dry-run` exits 0 where
  another Worker is called so.
- https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
- https://github.com/huilang-me/CF-Server-Monitor/issues/55 (10061)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Fix, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule, environments_note
from wslint.rules.bindings._names import IMPOSSIBLE, text_of
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.located import Value

RULE = Rule("WS224", "impossible-name", Severity.ERROR, fix="unsafe")

_FILE = regex(r"\.(?:[cm]?[jt]sx?|py|rs|toml|jsonc?|wasm)$")


_NO_CLASS = regex(r"[\s/\\]")


def check(worker: Worker) -> Iterator[Outcome]:
    config, note = worker.config, environments_note(worker)
    for binding in config.durable_objects:
        value = binding.script_name
        if value is not None and _is_impossible(value):
            yield RULE.finding(
                value.span,
                f"deploy is refused with code 10061{note}: no Worker can be called `{value.string}`",
                help="leave `script_name` out where the class is this Worker's own, or name the other Worker",
                fix=_without_script(worker, binding.value),
            )
        name = binding.class_name
        if name is not None and _is_impossible(name, _NO_CLASS):
            yield RULE.finding(
                name.span,
                f"deploy is refused with code 10061{note}: no class can be called `{name.string}`",
                help="write the name that the class is exported by",
            )
    for path, code in (
        (("services",), "10144"),
        (("tail_consumers",), "10144"),
        (("queues", "producers"), "11000"),
    ):
        key = "queue" if path[0] == "queues" else "service"
        yield from _named(worker, path, key, code)
    yield from _named(worker, ("queues", "consumers"), "queue", "11000")


def _named(worker: Worker, path: tuple[str, ...], key: str, code: str) -> Iterator[Outcome]:
    tables = worker.config.value(path[0])
    for step in path[1:]:
        tables = tables.get(step) if tables is not None else None
    for table in tables.tables() if tables is not None else ():
        value = table.get(key)
        if value is not None and _is_impossible(value):
            what = "queue" if key == "queue" else "Worker"
            yield RULE.finding(
                value.span,
                f"deploy is refused with code {code}{environments_note(worker)}: no {what} can be called "
                f"`{value.string}`",
                help=f"write the name of the {what}"
                + (", as its configuration has it" if what == "Worker" else ""),
            )


def _is_impossible(value: Value, signs: re.Pattern[str] = IMPOSSIBLE) -> bool:
    text = text_of(value)
    return text is not None and (signs.search(text) is not None or _FILE.search(text) is not None)


def _without_script(worker: Worker, table: Value) -> Fix | None:
    """Leave `script_name` out, where it names the Worker's own file."""
    config, script, main = worker.config, text_of(table.get("script_name")), text_of(worker.config.main)
    bindings = config.section.get("durable_objects", "bindings")
    if bindings is None or script is None or main is None or script.lstrip("./") != main.lstrip("./"):
        return None
    index = next(place for place, item in enumerate(bindings.items) if item is table)
    prefix: edit.Path = () if config.environment is None else ("env", config.environment)
    path: edit.Path = (*prefix, "durable_objects", "bindings", index, "script_name")
    return Fix("leave `script_name` out", "unsafe", lambda: edit.remove_entry(config.document, path))
