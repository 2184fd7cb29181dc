"""A Workflow name that wrangler refuses.

## What it does
Checks the `name` of each Workflow: at most 64 letters, digits, `_` and `-`, not beginning with `-`, and
no two Workflows of one name in an environment.

## Why it fails
wrangler refuses a configuration with such a name, but looks only at the environment being deployed.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[workflows]]
binding = "REPORT"
name = "match report"
class_name = "Report"
```
```js index.js
import { WorkflowEntrypoint } from "cloudflare:workers";

export class Report extends WorkflowEntrypoint {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[workflows]]
binding = "REPORT"
name = "match-report"
class_name = "Report"
```
```js index.js
import { WorkflowEntrypoint } from "cloudflare:workers";

export class Report extends WorkflowEntrypoint {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Two environments use the same name.
- The name is a placeholder, or holds one.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on a name with a space and on a name used twice,
  the second one of another Worker (`script_name`) too.
- https://developers.cloudflare.com/workflows/build/workers-api/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule("WS221", "invalid-workflow-name", Severity.ERROR, needs=("workflows",))

_PLACEHOLDER = frozenset("<>{}$%")
"""Signs that a script fills in a part of the name: `report-<STAGE>`."""

_NAME = regex(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}")


def check(worker: Worker) -> Iterator[Outcome]:
    workflows = worker.config.value("workflows")
    if worker.document.is_pages or workflows is None:
        return
    taken: dict[str, Span] = {}
    for table in workflows.tables():
        value = table.get("name")
        name = "" if value is not None and value.string == "" else text_of(value)
        if value is None or name is None:
            continue
        if name in taken:
            yield RULE.finding(
                value.span,
                f"wrangler refuses the configuration: two Workflows are called `{name}`",
                labels=(Label(taken[name], "first used here"),),
            )
        elif _NAME.fullmatch(name) is None and not _PLACEHOLDER.intersection(name):
            yield RULE.finding(
                value.span,
                f"wrangler refuses the configuration: `{name}` is no name for a Workflow, which has 1 to 64"
                " letters, digits, `_` or `-`",
            )
        taken.setdefault(name, value.span)
