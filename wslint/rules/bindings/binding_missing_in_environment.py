"""A binding that an environment does not repeat.

## What it does
Compares each `env.X` with the top level and with the other environments: Durable Object bindings that
`env.X` lacks, and bindings of other kinds that it lacks although the source reads them.

## Why it fails
`durable_objects` and 41 more keys are not inherited. With `--env X` the binding is simply absent,
`env.NAME` is `undefined`, and every handshake of that environment answers 500 (`Cannot read
properties of undefined`). wrangler warns when that very environment is deployed, and goes on.

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

[env.staging]
routes = ["staging.example.com/*"]
```
```js index.js
export class MatchDO {
  fetch() {
    return new Response("hello");
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

[env.staging]
routes = ["staging.example.com/*"]

[[env.staging.durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
```
```js index.js
export class MatchDO {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```

## Not a finding when
- Every use of the binding allows for its absence (`env.MATCH?.…`, `if (env.MATCH)`, `try`).
- The environment has another `main`, whose source does not read the binding.
- It is a variable or a secret: those may come from the dashboard or `wrangler secret put`.
- The project is a Pages project.

## Source
- https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys
- wrangler 4.164.0, run: `deploy --dry-run --env staging` exits 0 with a warning; without `--env` it
  does not look at the environment at all.
- workerd 1.20261117.1, run: 500, `Cannot read properties of undefined (reading 'getByName')`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import MOST_LABELS, NAMESPACE_METHODS, counted_uses, listed
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.config import KINDS, Binding
from wslint.wrangler.keys import inheritance

RULE = Rule(
    "WS202",
    "binding-missing-in-environment",
    Severity.WARNING,
    causes=("C02",),
    languages=("config", "javascript", "python", "rust"),
    fix="unsafe",
    needs=("environment",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    if config.environment is None or worker.document.is_pages:
        return
    missing: dict[str, dict[str, Binding]] = {}
    for binding in _declared_elsewhere(worker):
        if binding.name not in worker.binding_names and _is_missed(worker, binding):
            missing.setdefault(binding.kind, {}).setdefault(binding.name, binding)
    for kind, bindings in missing.items():
        if _has_placeholders(worker, kind):
            continue
        names = list(bindings)
        word = KINDS.get(kind, f"`{kind}`")
        verb = "is" if len(names) == 1 else "are"
        message = (
            f"deployed with `--env {config.environment}`, {listed(names, 'env.')} {verb} undefined:"
            f" {config.label} has no such {word} binding, and `{kind}` is not inherited"
        )
        labels = [Label(binding.span, "declared here") for binding in list(bindings.values())[:MOST_LABELS]]
        uses = [use for name in names for use in counted_uses(worker, name)]
        labels += [Label(use.span, "read here without a check") for use in uses[:1]]
        yield RULE.finding(
            config.section_span,
            message,
            labels=tuple(labels),
            help=f"repeat the binding in {config.label}",
            fix=_fix(worker, list(bindings.values())) if kind == "durable_objects" else None,
        )


def _declared_elsewhere(worker: Worker) -> Iterator[Binding]:
    """The top level's bindings that `env.X` can't inherit, then Durable Objects of the other environments."""
    top, *others = worker.document.environments
    for binding in top.bindings:
        if binding.kind not in ("vars", "secrets") and inheritance().get(binding.kind) == "not inheritable":
            yield binding
    key = ("durable objects of all environments", str(worker.document.file.path))
    cache = worker.workspace.files.cache
    if key not in cache:  # once a document: each environment asks
        found: dict[str, Binding] = {}
        for binding in (binding for other in others for binding in other.bindings):
            if binding.kind == "durable_objects":
                found.setdefault(binding.name, binding)
        cache[key] = list(found.values())
    known = cache[key]
    assert isinstance(known, list)
    for binding in known:
        if any(use.method in NAMESPACE_METHODS for use in counted_uses(worker, binding.name)):
            yield binding


def _is_missed(worker: Worker, binding: Binding) -> bool:
    if counted_uses(worker, binding.name):
        return True
    if binding.kind != "durable_objects" or worker.uses_of(binding.name):
        return False  # wrangler's own warning is enough, or every use is guarded
    # No use was seen: a library may read it (routeAgentRequest(env)), unless the code is another one.
    own, top = worker.config.main, worker.document.environments[0].main
    return own is not None and top is not None and own.string == top.string


def _has_placeholders(worker: Worker, kind: str) -> bool:
    """Whether some binding of this kind has a name that a script fills in."""
    value = worker.config.section.get(kind)
    if value is None:
        return False
    tables = [*value.tables(), *(item for inner in value.entries.values() for item in inner.value.tables())]
    names = [table.get(key) for table in tables for key in ("name", "binding")]
    return any(name is not None and name.is_placeholder for name in names)


def _fix(worker: Worker, bindings: list[Binding]) -> Fix:
    document, environment = worker.document, worker.config.environment or ""
    values = [binding.value.plain() for binding in bindings]
    return Fix(
        f"repeat {listed(binding.name for binding in bindings)} in {worker.config.label}",
        "unsafe",
        lambda: edit.extend(document, ("env", environment, "durable_objects", "bindings"), values),
    )
