"""A name of the whole account that two Workers claim.

## What it does
Finds Workflows, consumers of queues, custom domains and routes that two Workers of one configuration have:
the top level and an environment, or two environments, each deployed as a Worker of its own. Other
configurations count where they have the same `account_id` or bind one another, and for hosts everywhere.

## Why it fails
Such names are not the Worker's own. Deployed one after the other, the second Worker takes the Workflow or the
domain away from the first, so that a preview answers production's instances; a second consumer of a queue
and a route that another Worker has are refused.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
workflows = [{ binding = "SCORE", name = "score", class_name = "Score" }]

[env.preview]
workflows = [{ binding = "SCORE", name = "score", class_name = "Score" }]
```
```js index.js
import { WorkflowEntrypoint } from "cloudflare:workers";
export class Score extends WorkflowEntrypoint {
  async run() {}
}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
workflows = [{ binding = "SCORE", name = "score", class_name = "Score" }]

[env.preview]
workflows = [{ binding = "SCORE", name = "score-preview", class_name = "Score" }]
```
```js index.js
import { WorkflowEntrypoint } from "cloudflare:workers";
export class Score extends WorkflowEntrypoint {
  async run() {}
}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Both are one Worker: the environment has the same `name`.
- The environments have other values for `account_id`, or a name is a placeholder.
- `script_name` leaves the Workflow to another Worker.
- An environment inherits `routes`: that is a finding of medium confidence, as perhaps only one of the two is
  ever deployed.
- The host is one of an example: `example.com`, `your-domain.com`.
- Two configurations have nothing to do with each other: examples in one repository use the same names.

## Source
- wrangler 4.164.0, read: before a deploy it asks whether to reassign a Workflow, as "Workflow names must be
  unique per account", and warns that an environment takes inherited custom domains away from the top level.
- wrangler 4.164.0, run: `deploy --dry-run --env preview` exits 0 on this project.
- https://developers.cloudflare.com/workflows/build/workers-api/
- https://developers.cloudflare.com/queues/get-started/
- https://developers.cloudflare.com/workers/configuration/routing/custom-domains/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.record import frozen
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.text import Span
from wslint.worker import Worker, Workspace
from wslint.wrangler.located import Value

RULE = Rule("WS223", "name-claimed-twice", Severity.WARNING)


@frozen
class _Claim:
    """A Worker's claim of a name. `inherited`: by the top level's `routes`, without a word in the environment."""

    kind: str
    name: str
    worker: Worker
    span: Span
    inherited: bool = False


_EXAMPLE = regex(r"(?:^|[./*])(?:example|test|invalid|localhost|your[\w-]*|my-?domain|domain)(?:\.|/|$)")
"""Hosts that stand for one's own in examples."""

_EFFECTS = {
    "Workflow": "deployed after `{first}`, the Worker `{second}` takes the Workflow `{name}` from it: Workflow names "
    "are unique per account",
    "queue": "the deploy of `{second}` is refused while `{first}` consumes the queue `{name}`: a queue has one "
    "consumer Worker",
    "custom domain": "deployed after `{first}`, the Worker `{second}` takes the custom domain `{name}` from it",
    "route": "the routes of `{second}` are refused while `{first}` has the route `{name}`",
}
_ADVICE = {
    "Workflow": "name it `{name}-{environment}` there",
    "queue": "consume a queue of its own there, such as `{name}-{environment}`",
    "custom domain": "give it a domain of its own there, or `routes = []`",
    "route": "give it routes of its own there, or `routes = []`",
}


def check(workspace: Workspace) -> Iterator[Outcome]:
    taken: dict[tuple[str, str], dict[int, _Claim]] = {}
    for worker in workspace.workers:
        if worker.name is None or worker.document.is_pages:
            continue
        for claim in _claims(worker):
            known = taken.setdefault((claim.kind, claim.name), {})
            first = next((other for other in known.values() if _meet(other, claim)), None)
            known.setdefault(id(worker), claim)  # one speaks for all that a Worker makes of a name
            if first is not None:
                yield _finding(first, claim)


def _finding(first: _Claim, second: _Claim) -> Outcome:
    words = {
        "first": first.worker.name,
        "second": second.worker.name,
        "name": second.name,
        "environment": second.worker.config.environment or second.worker.name,
    }
    return RULE.finding(
        second.span,
        _EFFECTS[second.kind].format(**words),
        labels=(Label(first.span, f"`{first.worker.name}` claims it here"),),
        help=_ADVICE[second.kind].format(**words),
        confidence="medium" if second.inherited or first.inherited else "high",
    )


def _meet(first: _Claim, second: _Claim) -> bool:
    """Whether both may be deployed to one account as two Workers."""
    one, other = first.worker, second.worker
    if one.name == other.name:
        return False
    accounts = [worker.config.value("account_id") for worker in (one, other)]
    known = [text_of(value) for value in accounts]
    if any(
        value is not None and name is None and value.string != ""
        for value, name in zip(accounts, known, strict=True)
    ):
        return False  # a placeholder
    if all(known):
        return known[0] == known[1]
    if first.kind in ("custom domain", "route") and not _EXAMPLE.search(first.name):
        return True  # a host belongs to one zone of one account
    return one.document is other.document or _bind(one, other) or _bind(other, one)


def _bind(worker: Worker, other: Worker) -> bool:
    """Whether a Worker names another one."""
    config = worker.config
    services, tails = config.value("services"), config.value("tail_consumers")
    named = [text_of(binding.script_name) for binding in config.durable_objects]
    for value in (services, tails):
        named += [text_of(table.get("service")) for table in (value.tables() if value is not None else ())]
    return other.name in named


def _claims(worker: Worker) -> Iterator[_Claim]:
    config = worker.config
    workflows, queues = config.value("workflows"), config.value("queues")
    for table in workflows.tables() if workflows is not None else ():
        value, script = table.get("name"), table.get("script_name")
        if script is None or text_of(script) == worker.name:
            yield from _claim("Workflow", value, worker)
    consumers = queues.get("consumers") if queues is not None else None
    for table in consumers.tables() if consumers is not None else ():
        yield from _claim("queue", table.get("queue"), worker)
    inherited = config.environment is not None and not (config.owns("routes") or config.owns("route"))
    section = config.root if inherited else config.section
    for value in (section.get("route"), section.get("routes")):
        for route in value.items if value is not None and value.kind == "array" else [value]:
            if route is not None:
                yield from _route(route, worker, inherited)


def _route(route: Value, worker: Worker, inherited: bool) -> Iterator[_Claim]:
    custom = route.get("custom_domain") if route.kind == "table" else None
    pattern = route.get("pattern") if route.kind == "table" else route
    kind = "custom domain" if custom is not None and custom.data is True else "route"
    for claim in _claim(kind, pattern, worker):
        span = worker.config.section_span if inherited else claim.span
        yield _Claim(kind, claim.name, worker, span, inherited)


def _claim(kind: str, value: Value | None, worker: Worker) -> Iterator[_Claim]:
    name = text_of(value)
    if value is not None and name is not None:
        yield _Claim(kind, name, worker, value.span)
