"""A class that migrations create and the entrypoint does not export.

## What it does
Finds classes that live after all `migrations` and that the code does not export, when no binding names
them (a bound class that is not exported is WS201).

## Why it fails
wrangler compares the exports with the bindings only. The API compares them with the migrations too: it
refuses to create a class that the script does not export with code 10070, and an upload that no longer
exports a class it has already created with code 10064.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match", "Counter"]
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
```
```js index.js
export class Match {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- A later step deletes or renames the class.
- The exports can't all be seen: `export *` from a package, a generated entrypoint.
- Another Worker under the checked paths took the class over with `transferred_classes`.
- The rename that made the class is one whose old name is still bound (WS305).

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 0 on this project.
- https://github.com/cloudflare/workers-sdk/issues/4943 (10070)
- https://github.com/cloudflare/mcp-server-cloudflare/issues/387 (10064)
- https://github.com/cloudflare/workers-sdk/issues/3738
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import editable, is_exported, local_bindings, misnamed, value_at
from wslint.settings import nearest
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.lifecycle import Step

RULE = Rule("WS303", "created-class-not-exported", Severity.ERROR, causes=("C05",), fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    config, history = worker.config, worker.config.history
    if not history.readable or config.durable_exports or worker.document.is_pages:
        return
    bound, meant_for = local_bindings(config), misnamed(worker)
    meant = {conflict.meant for conflict in history.conflicts}  # WS306 reports it
    for name, live in history.live.items():
        step = live.step
        if name in bound or name in meant or is_exported(worker, name) is not False:
            continue
        if (step.action == "rename" and step.source in bound) or _taken_over(worker, name):
            continue
        binding = meant_for.get(name)
        if binding is not None and binding.class_name is not None:
            wanted = binding.class_name.string or ""
            yield RULE.finding(
                step.span,
                f"deploy is refused with code 10070: the entrypoint exports no `{name}`, but `{wanted}`",
                labels=(Label(binding.class_name.span, "bound here, and never created"),),
                help=f"name `{wanted}` in the migration",
                fix=_fix(worker, step, name, wanted),
            )
            continue
        near = nearest(name, [other for other in worker.exported_classes if other not in history.live])
        yield RULE.finding(
            step.span,
            f"deploy is refused with code 10070, or 10064 once `{name}` is deployed: "
            "the entrypoint exports no such class",
            help=f"export it; did you mean `{near}`?" if near else "export it, or delete it under a new tag",
        )


def _taken_over(worker: Worker, name: str) -> bool:
    """Whether another Worker here had the class transferred to it: it is gone without a word of ours."""
    return worker.name is not None and any(
        step.action == "transfer" and step.from_script == worker.name and step.source == name
        for other in worker.workspace.workers
        for step in other.config.history.steps
    )


def _fix(worker: Worker, step: Step, name: str, wanted: str) -> Fix | None:
    value = value_at(step, step.span)
    if value is None:
        return None
    same = name.casefold() == wanted.casefold()
    edits = (edit.replace_string(value, wanted),)
    return Fix(f"create `{wanted}`", editable(worker, step.migration) if same else "unsafe", edits)
