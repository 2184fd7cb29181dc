"""A misspelt key.

## What it does
Finds keys that wrangler does not have in that place but that resemble one it has, at every level: the
top, `env.X`, bindings, migrations, `assets`.

## Why it fails
wrangler prints the warning "Unexpected fields found" and goes on with exit code 0, so a deployment
succeeds without what the key was to set: a Durable Object binding is not there, a class is never
created, a flag is off.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_object.bindings]]
name = "MATCH"
class_name = "MatchDO"
script_name = "rooms"
```
```js index.js
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
script_name = "rooms"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Nothing that wrangler knows is near, or the right key is there too (WS004).
- The key is a comment by its look: `_comment`, `//`, `$note`.
- The table takes any key: `vars`, `define`, `alias`.

## Source
- wrangler 4.164.0, run: each kind warns and exits 0; `binding` in place of `name` in a Durable Object
  binding ends in an error.
- https://developers.cloudflare.com/workers/wrangler/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.rules.config_file._rename import rename
from wslint.worker import Worker
from wslint.wrangler.schema import MissingKey
from wslint.wrangler.unknown_keys import JudgedKey

RULE = Rule("WS003", "misspelt-key", Severity.ERROR, fix="safe", needs=("unknown-keys",))


def check(worker: Worker) -> Iterator[Outcome]:
    note = environments_note(worker)
    flat: list[JudgedKey] = []
    for judged in worker.config.unknown_keys:
        if judged.verdict == "flat":
            flat.append(judged)
        elif judged.verdict == "misspelt":
            live = _live_already(worker, judged)
            yield RULE.finding(
                judged.entry.key_span,
                _message(worker, judged, note),
                help=f"{live}: create one under another name, and delete this one once nothing needs it"
                if live
                else "",
                fix=rename(worker.config, judged) if not live else None,
            )
    if flat:
        yield RULE.finding(
            flat[0].entry.key_span,
            f"wrangler ignores `{flat[0].key}` in `durable_objects`{note}, so there is no binding: "
            "bindings are a list, `durable_objects.bindings`",
            fix=_list_of_bindings(flat),
        )


def _message(worker: Worker, judged: JudgedKey, note: str) -> str:
    where = f" in `{judged.table_text}`" if judged.table_text else ""
    missing = any(
        isinstance(problem, MissingKey)
        and problem.refused
        and problem.path == judged.problem.path[:-1]
        and problem.key == judged.near
        and "producers" not in problem.path
        for problem in worker.config.departures
    )
    if missing:
        refusal = f"`{judged.table_text}` has `{judged.key}` in place of `{judged.near}`"
        return f"wrangler refuses the configuration{note}: {refusal}"
    return f"wrangler ignores `{judged.key}`{where}{note}, so it sets nothing: the key is `{judged.near}`"


def _live_already(worker: Worker, judged: JudgedKey) -> str:
    """Why a step of `migrations` must not come to life: it would create a class that exists."""
    if judged.problem.path[0] != "migrations" or judged.near not in ("new_classes", "new_sqlite_classes"):
        return ""
    live = worker.config.history.live
    name = next((item.string for item in judged.entry.value.items if item.string in live), None)
    if name is None:
        return ""
    return f"`{name}` exists since {live[name].origin.migration.called}, and a class keeps the storage that it began with"


def _list_of_bindings(flat: list[JudgedKey]) -> Fix | None:
    """Make `[durable_objects]` the first of `[[durable_objects.bindings]]`."""
    table = flat[0].problem.table
    keys = {judged.key for judged in flat}
    if table.header is None or keys != set(table.entries) or not keys >= {"name", "class_name"}:
        return None
    text = table.header.text.removesuffix("]")
    return Fix("make it a list of bindings", "safe", (Edit(table.header, f"[{text}.bindings]]"),))
