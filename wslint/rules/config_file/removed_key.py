"""A key that wrangler refuses since it was removed.

## What it does
Finds `legacy_env`, `node_compat` and `logfwdr.schema`, which the present wrangler answers with an error, and
`wasm_modules`, `text_blobs` and `data_blobs` in a Worker of ES modules.

## Why it fails
Every command ends there, whatever the key's value: `node_compat = false` is refused as well. The keys for
blobs end the deployment of a Worker that has exports; such a Worker imports the files.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
node_compat = true
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_compat"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- `legacy_env` stands in an environment: there it is only ignored (WS010).
- `wasm_modules` and its like belong to a service worker, or the source could not be read.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1.
- https://developers.cloudflare.com/workers/wrangler/deprecations/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS009", "removed-key", Severity.ERROR, fix="safe")

REMOVED: dict[tuple[str, ...], str] = {
    ("legacy_env",): "remove it: every environment is a Worker of its own",
    ("node_compat",): "remove it, and name `nodejs_compat` in `compatibility_flags`",
    ("logfwdr", "schema"): "remove it: schemas belong into `unsafe.capnp`",
}


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    yield from _blobs(worker)
    for path, remedy in REMOVED.items():
        entry = config.section.entry(*path)
        if entry is None or (path == ("legacy_env",) and config.environment is not None):
            continue
        fix = None
        if path == ("legacy_env",) and entry.value.data is True:
            fix = Fix("remove it", "safe", lambda: edit.remove_entry(config.document, ("legacy_env",)))
        yield RULE.finding(
            entry.key_span,
            f"wrangler refuses the configuration{environments_note(worker)}: `{'.'.join(path)}` was removed",
            help=remedy,
            fix=fix,
        )


def _blobs(worker: Worker) -> Iterator[Outcome]:
    """Keys that only a service worker may have; they stand at the top level."""
    if worker.source is None or worker.source.format != "modules" or worker.config.environment is not None:
        return
    for key in ("wasm_modules", "text_blobs", "data_blobs"):
        entry = worker.config.section.entries.get(key)
        if entry is not None and entry.value.kind != "null":
            message = (
                f"deploy is refused: `{key}` is for service workers, and this Worker is made of ES modules"
            )
            yield RULE.finding(entry.key_span, message, help="import the files in the code")
