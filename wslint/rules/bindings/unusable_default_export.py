"""A default export that is no handler.

## What it does
Reports a default export that is a function, a plain value, or a class that does not extend
`WorkerEntrypoint`, such as the Durable Object class itself.

## Why it fails
The runtime takes every exported function or class that is no `WorkerEntrypoint` for a Durable Object
class: "Exported actor class as default entrypoint. This doesn't work". No handler is left, and requests
hang or end with 500. A text or number as the default export does not even start. wrangler's dry run
accepts them all.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default function fetch(request) {
  return new Response("ok");
}
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default {
  fetch(request) {
    return new Response("ok");
  },
};
```

## Not a finding when
- The default export is an object, the result of a call (`new Hono()`, `withSentry(…)`), or an import
  that can't be followed.
- It is a class that extends `WorkerEntrypoint`, directly or not, or a base that is not known.

## Source
- https://github.com/cloudflare/workerd/issues/490
- workerd 1.20261117.1, run: functions (with a `fetch` property too), classes without a base or over
  `DurableObject`: 500; text, number, `null`: no start; classes over `WorkerEntrypoint`: 200.
- By hand on wrangler 4.164.0: `wrangler dev` starts, and the request is never answered.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.facts import ClassFacts, ExportFact
from wslint.worker import Worker

RULE = Rule(
    "WS212",
    "unusable-default-export",
    Severity.ERROR,
    causes=("C12",),
    languages=("javascript",),
    needs=("javascript",),
)

HANDLING = ("cloudflare:workers.WorkerEntrypoint", "cloudflare:workers.WorkflowEntrypoint")
"""Bases that make a default export answer (the second one was seen to, on workerd)."""


def check(worker: Worker) -> Iterator[Outcome]:
    source = worker.source
    if source is None or worker.document.is_pages or source.language not in ("javascript", "typescript"):
        return
    fact = source.exports.get("default")
    problem = _problem(fact) if fact is not None else None
    if fact is None or problem is None:
        return
    elsewhere = fact.declared is not None and fact.declared.file is not fact.span.file
    labels = (Label(fact.declared, "declared here"),) if fact.declared is not None and elsewhere else ()
    yield RULE.finding(
        fact.span,
        f"no request is answered: {problem}",
        labels=labels,
        help="export an object with the handlers: `export default { fetch(request, env) { … } }`",
    )


def _problem(fact: ExportFact) -> str | None:
    if fact.kind == "function":
        return "the default export is a function, which the runtime takes for a Durable Object class"
    if fact.kind == "value":
        return "the default export is a plain value, which has no `fetch`"
    if fact.kind != "class" or fact.cls is None or not fact.cls.base_known or _handles(fact.cls):
        return None
    if "cloudflare:workers.DurableObject" in fact.cls.bases:
        return f"the default export is the Durable Object class `{fact.cls.name}`"
    return "the default export is a class that does not extend `WorkerEntrypoint`"


def _handles(cls: ClassFacts) -> bool:
    return cls.generated_from is not None or any(base in HANDLING for base in cls.bases)
