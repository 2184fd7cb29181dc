"""A Workflow whose class has no `run`.

## What it does
Finds classes bound in `workflows` that extend `WorkflowEntrypoint` and have no method `run`, nor have their bases.

## Why it fails
wrangler deploys them. Every instance then ends as errored: `The RPC receiver does not implement the method "run"`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
workflows = [{ binding = "SCORE", name = "score", class_name = "Score" }]
```
```js index.js
import { WorkflowEntrypoint } from "cloudflare:workers";
export class Score extends WorkflowEntrypoint {
  async start(event, step) {
    return 1;
  }
}
export default {
  async fetch(request, env) {
    const instance = await env.SCORE.create();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return Response.json(await instance.status());
  },
};
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
workflows = [{ binding = "SCORE", name = "score", class_name = "Score" }]
```
```js index.js
import { WorkflowEntrypoint } from "cloudflare:workers";
export class Score extends WorkflowEntrypoint {
  async run(event, step) {
    return 1;
  }
}
export default {
  async fetch(request, env) {
    const instance = await env.SCORE.create();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return Response.json(await instance.status());
  },
};
```

## Not a finding when
- A base class has it, or a base comes from a package.
- The class extends something else (WS215), or is not exported (WS218).
- `script_name` names another Worker.

## Source
- wrangler 4.164.0, run: in `dev` the instance of this project is errored, the mended one completes.
- https://developers.cloudflare.com/workflows/build/workers-api/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.source.entry_handlers import class_members
from wslint.worker import Worker

RULE = Rule(
    "WS226", "workflow-without-run", Severity.ERROR, languages=("javascript", "python"), needs=("workflows",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    source, workflows = worker.source, worker.config.value("workflows")
    if worker.document.is_pages or source is None or workflows is None:
        return
    for table in workflows.tables():
        value, script = table.get("class_name"), table.get("script_name")
        name = text_of(value)
        if value is None or name is None or (script is not None and script.string not in ("", worker.name)):
            continue
        fact = source.exports.get(name)
        cls = fact.cls if fact is not None else None
        if cls is None or not any(base.endswith("workers.WorkflowEntrypoint") for base in cls.bases):
            continue
        members = class_members(source, worker.workspace.files, worker.document.folder, name)
        if members is not None and "run" not in members:
            yield RULE.finding(
                cls.span,
                f"every instance of the Workflow is errored: `{name}` does not implement the method `run`",
                labels=(Label(value.span, "bound here"),),
                help="write `async run(event, step) { … }`",
            )
