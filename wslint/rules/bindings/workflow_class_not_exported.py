"""A Workflow whose class the entrypoint does not export.

## What it does
Looks for entries of `workflows` without `script_name` whose class is not among the entrypoint's exports.

## Why it fails
wrangler compares Workflows with the exports as it does Durable Objects, and neither `wrangler dev` nor
`wrangler deploy` goes on: "Your Worker depends on the following Workflows, which are not exported in
your entrypoint file".

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[workflows]]
binding = "REPORT"
name = "report"
class_name = "Report"
```
```js index.js
import { WorkflowEntrypoint } from "cloudflare:workers";

class Report extends WorkflowEntrypoint {
  async run() {}
}
export default { fetch: (request, env) => Response.json(env.REPORT.create()) };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[workflows]]
binding = "REPORT"
name = "report"
class_name = "Report"
```
```js index.js
import { WorkflowEntrypoint } from "cloudflare:workers";

export class Report extends WorkflowEntrypoint {
  async run() {}
}
export default { fetch: (request, env) => Response.json(env.REPORT.create()) };
```

## Not a finding when
- `script_name` names the Worker that has the Workflow.
- The list of exports is not complete, or `main` is generated.

## Source
- https://developers.cloudflare.com/workflows/build/workers-api/
- wrangler 4.164.0, run: `deploy --dry-run` and `dev` exit 1 on this project.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import entry_name, mended_export, near_export, text_of, where_it_is
from wslint.source.facts import Unknown
from wslint.worker import Worker

RULE = Rule(
    "WS218",
    "workflow-class-not-exported",
    Severity.ERROR,
    languages=("config", "javascript", "python"),
    fix="unsafe",
    needs=("workflows",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    source, workflows = worker.source, worker.config.value("workflows")
    if worker.document.is_pages or source is None or workflows is None or source.language == "rust":
        return
    tables = list(workflows.tables())
    bound = {text_of(table.get("class_name")) or "" for table in tables}
    for table in tables:
        value, script = table.get("class_name"), table.get("script_name")
        name = text_of(value)
        if value is None or name is None or (script is not None and script.string not in ("", worker.name)):
            continue
        answer = worker.export(name)
        if answer.verdict == "unknown":
            yield Unknown(value.span, f"whether the entrypoint exports the Workflow `{name}`", answer.why)
        elif answer.verdict == "no":
            near = near_export(worker, name, bound)
            happens = "every call of the Workflow fails" if worker.is_python else "wrangler refuses to deploy"
            yield RULE.finding(
                value.span,
                f"{happens}: `{entry_name(worker)}` does not export the Workflow class `{name}`",
                labels=where_it_is(worker, name, near),
                fix=mended_export(worker, value, name, near),
            )
