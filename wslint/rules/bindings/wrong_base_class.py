"""A class of another kind than its binding.

## What it does
Compares the base class of a bound class with what the binding makes of it: a Durable Object that
extends `WorkerEntrypoint` or `WorkflowEntrypoint`, a Workflow that extends neither of the two; in
Python a Durable Object that does not extend `DurableObject`.

## Why it fails
The runtime sorts exported classes by their base. A Durable Object sorted elsewhere is not found: the
handshake answers 500, `no such actor class`. A Workflow that is none starts, and every instance ends
as errored, "worker is not an actor but class name was requested". Neither wrangler nor a dry run looks.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
import { WorkerEntrypoint } from "cloudflare:workers";

export class MatchDO extends WorkerEntrypoint {
  fetch() {
    return new Response("ok");
  }
}
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  fetch() {
    return new Response("ok");
  }
}
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```

## Not a finding when
- A JavaScript class has no base at all: `fetch` and the WebSocket handlers work without.
- The base comes from a package (`Agent`, `Server`, `Container`) or from a call.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/
- workerd 1.20261117.1, run: `WorkerEntrypoint` and `WorkflowEntrypoint` as a Durable Object 500, no base
  200; in Python no base 500, `no such actor class; c = Room`.
- By hand on wrangler 4.164.0: a Workflow without base or over `DurableObject` is errored in `wrangler dev`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.source.facts import ClassFacts
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule("WS215", "wrong-base-class", Severity.ERROR, causes=("C13",), languages=("javascript", "python"))


def check(worker: Worker) -> Iterator[Outcome]:
    source = worker.source
    if source is None or worker.document.is_pages or source.language == "rust":
        return
    python = source.language == "python"
    for binding in worker.config.local_durable_objects:
        name = text_of(binding.class_name)
        cls = _known(worker, name)
        problem = _object_problem(cls, python=python) if cls is not None else None
        if name is not None and problem is not None:
            yield from _finding(
                worker,
                name,
                binding.span,
                f"the handshake answers 500, `no such actor class`: {problem}",
                "DurableObject",
            )
    workflows = worker.config.value("workflows")
    for table in workflows.tables() if workflows is not None else ():
        value, script = table.get("class_name"), text_of(table.get("script_name"))
        name = text_of(value)
        cls = _known(worker, name)
        if value is None or name is None or cls is None or (script is not None and script != worker.name):
            continue
        if not _bases(cls) & {"WorkflowEntrypoint", "WorkerEntrypoint"}:
            message = (
                f"every instance of the Workflow is errored: `{name}` does not extend `WorkflowEntrypoint`"
            )
            yield from _finding(worker, name, value.span, message, "WorkflowEntrypoint")


def _finding(worker: Worker, name: str, bound: Span, message: str, base: str) -> Iterator[Outcome]:
    fact = worker.source.exports[name] if worker.source else None
    if fact is None or fact.cls is None:
        return
    advice = f"extend `{base}` of `{'workers' if worker.is_python else 'cloudflare:workers'}`"
    yield RULE.finding(fact.cls.span, message, labels=(Label(bound, "bound here"),), help=advice)


def _known(worker: Worker, name: str | None) -> ClassFacts | None:
    """The exported class of this name, if its whole chain of bases is known."""
    fact = worker.source.exports.get(name) if worker.source and name is not None else None
    cls = fact.cls if fact is not None and fact.kind == "class" else None
    return cls if cls is not None and cls.base_known and cls.generated_from is None else None


def _bases(cls: ClassFacts) -> set[str]:
    """The runtime's own classes among the bases."""
    prefixes = ("cloudflare:workers.", "workers.")
    return {base.rpartition(".")[2] for base in cls.bases if base.startswith(prefixes)}


def _object_problem(cls: ClassFacts, *, python: bool) -> str | None:
    bases = _bases(cls)
    other = next((base for base in ("WorkerEntrypoint", "WorkflowEntrypoint") if base in bases), None)
    if other is not None:
        return f"`{cls.name}` extends `{other}`, so it is no Durable Object"
    if python and "DurableObject" not in bases:
        return f"`{cls.name}` does not extend `DurableObject`"
    return None
