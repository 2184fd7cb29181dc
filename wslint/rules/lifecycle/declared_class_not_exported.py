"""An entry of `exports` for a class that the entrypoint does not export.

## What it does
Finds live Durable Object entries of `exports` whose class the code does not export, when no binding names it
(a bound class that is not exported is WS201).

## Why it fails
wrangler compares the code with the bindings only. The API compares it with `exports`, and refuses the
deploy with code 100402: `config_export_not_in_code` where the class was deployed before, otherwise
`config_references_nonexistent_class`.

## Example
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },
  "exports": {
    "Match": { "type": "durable-object", "storage": "sqlite" },
    "Lobby": { "type": "durable-object", "storage": "sqlite" },
  },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "Match" }] },
  "exports": {
    "Match": { "type": "durable-object", "storage": "sqlite" },
    "Lobby": { "type": "durable-object", "state": "deleted" },
  },
}
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The entry is a tombstone: `deleted`, `renamed` or `transferred`.
- The exports can't all be seen: `export *` from a package, a generated entrypoint.

## Source
- https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import is_exported, local_bindings, misnamed
from wslint.settings import nearest
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.config import WorkerConfig
from wslint.wrangler.lifecycle import ExportEntry

RULE = Rule(
    "WS316", "declared-class-not-exported", Severity.ERROR, causes=("C05",), fix="unsafe", needs=("exports",)
)


def _fix(config: WorkerConfig, entry: ExportEntry, name: str) -> Fix:
    return Fix(f"name `{name}`", "unsafe", (edit.rename_key(config.document, entry.entry, name),))


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    bound, meant_for = local_bindings(config), misnamed(worker)
    declared = {entry.name for entry in config.exports}
    for entry in config.durable_exports:
        if not entry.is_live or entry.name in ("", *bound) or is_exported(worker, entry.name) is not False:
            continue
        binding = meant_for.get(entry.name)
        wanted = binding.class_name if binding is not None else None
        near = nearest(entry.name, [name for name in worker.exported_classes if name not in declared])
        if wanted is not None and wanted.string:
            near = wanted.string
        yield RULE.finding(
            entry.span,
            f"deploy is refused with code 100402: the entrypoint exports no class `{entry.name}`",
            labels=(Label(wanted.span, "bound here, and never created"),) if wanted is not None else (),
            help=f"name `{near}`, which it exports" if near else "export it, or make the entry a tombstone",
            fix=_fix(config, entry, near) if near else None,
        )
