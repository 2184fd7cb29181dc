"""A service binding to an entrypoint that the other Worker does not have.

## What it does
Follows `services` with an `entrypoint` to the Worker of that name in the workspace, and looks for a
`WorkerEntrypoint` class (or an object with handlers) exported under that name.

## Why it fails
`wrangler dev` with both Workers does not start: "has no such named entrypoint". With a class that is no
`WorkerEntrypoint` it starts, and every call ends with 500. A dry run knows one Worker only.

## Example
```toml lobby/wrangler.toml
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[[services]]
binding = "MATCHES"
service = "match"
entrypoint = "Matches"
```
```js lobby/index.js
export default { fetch: (request, env) => env.MATCHES.fetch(request) };
```
```toml match/wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js match/index.js
import { WorkerEntrypoint } from "cloudflare:workers";

export class MatchList extends WorkerEntrypoint {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml lobby/wrangler.toml
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[[services]]
binding = "MATCHES"
service = "match"
entrypoint = "MatchList"
```
```js lobby/index.js
export default { fetch: (request, env) => env.MATCHES.fetch(request) };
```
```toml match/wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js match/index.js
import { WorkerEntrypoint } from "cloudflare:workers";

export class MatchList extends WorkerEntrypoint {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The other Worker is not in the workspace, or its exports can't be read completely.
- `entrypoint` is `default`, or left out.
- The class extends a base that is not known.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/rpc/#named-entrypoints
- wrangler 4.164.0, run: `wrangler dev -c lobby/wrangler.toml -c match/wrangler.toml`; an object with
  `fetch` under the name works, a plain class gives 500.
- workerd 1.20261117.1, run: it does not start, `has no such named entrypoint`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.settings import nearest
from wslint.source.facts import ExportFact
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule(
    "WS219",
    "unknown-service-entrypoint",
    Severity.ERROR,
    languages=("config", "javascript", "python"),
    fix="unsafe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    services = worker.config.value("services")
    for table in services.tables() if services is not None else ():
        value, service = table.get("entrypoint"), text_of(table.get("service"))
        name = text_of(value)
        if value is None or service is None or name is None or name == "default":
            continue
        owners = worker.workspace.workers_by_name.get(service, [])
        problems = [_problem(owner, name) for owner in owners]
        if not problems or None in problems:
            continue
        near = nearest(name, [known for known in owners[0].exported_classes if known != name])
        fact = owners[0].source.exports.get(name) if owners[0].source else None
        labels = [Label(fact.span, "exported here")] if fact is not None else []
        if near is not None and owners[0].source is not None:
            labels = [Label(owners[0].source.exports[near].span, f"`{service}` exports `{near}`")]
        mend = (
            Fix(f"name `{near}`", "unsafe", (edit.replace_string(value, near),))
            if near and fact is None
            else None
        )
        yield RULE.finding(
            value.span,
            f"no call through this binding works: {problems[0]} in the Worker `{service}`",
            labels=tuple(labels),
            help=f"export a class `{name}` that extends `WorkerEntrypoint` from `{service}`",
            fix=mend,
        )


def _problem(owner: Worker, name: str) -> str | None:
    """What is wrong with the entrypoint; None when it may be right."""
    answer = owner.export(name)
    if owner.document.is_pages or answer.verdict == "unknown":
        return None
    if owner.source is None or owner.source.language == "rust":
        return None
    if answer.fact is None:
        return f"there is no entrypoint `{name}`"
    return f"`{name}` is no `WorkerEntrypoint`" if _is_other_class(answer.fact) else None


def _is_other_class(fact: ExportFact) -> bool:
    cls = fact.cls if fact.kind == "class" else None
    if cls is None or not cls.base_known or cls.generated_from is not None:
        return False
    return not any(base.endswith((".WorkerEntrypoint", ".WorkflowEntrypoint")) for base in cls.bases)
