"""A Durable Object binding that the source reads and the configuration does not declare.

## What it does
Follows `env` through the source and looks at every `env.NAME` on which a method of Durable Object
namespaces is called (`idFromName`, `getByName`, `newUniqueId` …; `env.durable_object("NAME")` in
Rust). It compares `NAME` with the bindings of the configuration.

## Why it fails
`env.NAME` is `undefined`, so the handshake answers 500: `Cannot read properties of undefined (reading
'idFromName')`. Names are compared letter by letter, in capitals too. No tool checks source against
configuration; `wrangler dev` shows an empty 500.

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
export class MatchDO {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: (request, env) => env.MATCH_DO.getByName("a").fetch(request) };
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
export class MatchDO {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```

## Not a finding when
- The code allows for the binding's absence: `env.MATCH?.…`, `if (env.MATCH)`, `try`.
- Some environment declares it (WS202 compares the environments).
- Nothing in the configuration or the source speaks of Durable Objects: the bindings come from elsewhere.
- The namespace is `ctx.exports.MatchDO`, which needs no binding.

## Source
- https://developers.cloudflare.com/durable-objects/api/namespace/
- https://github.com/cloudflare/agents/issues/69
- workerd 1.20261117.1, run: 500, `TypeError: Cannot read properties of undefined (reading 'getByName')`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import MOST_LABELS, NAMESPACE_METHODS
from wslint.settings import nearest
from wslint.source.facts import BindingUse
from wslint.source.flow.values import BindingValue, Stub
from wslint.worker import Worker

RULE = Rule(
    "WS207",
    "undeclared-binding",
    Severity.ERROR,
    causes=("C01",),
    languages=("config", "javascript", "python", "rust"),
    fix="unsafe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.document.is_pages:
        return
    declared = {binding.name for each in worker.document.environments for binding in each.bindings}
    undeclared: dict[str, list[BindingUse]] = {}
    for use in worker.source.binding_uses:
        if not use.guarded and use.name not in declared:
            undeclared.setdefault(use.name, []).append(use)
    namespaces = _namespaces(worker) if undeclared else frozenset()
    for name, uses in undeclared.items():
        certain = [use for use in uses if use.method in NAMESPACE_METHODS]
        if not certain and name in namespaces:
            certain = uses
        near = _near(worker, name, certain=bool(certain))
        if certain and _speaks_of_durable_objects(worker):
            first = certain[0]
        elif near is not None and any(use.method == "get" for use in uses):
            first = next(use for use in uses if use.method == "get")
        else:
            continue
        others = [use for use in uses if use is not first]
        labels = [Label(use.span, "and here") for use in others[: MOST_LABELS - 1]]
        if near is not None:
            span = next(binding.span for binding in worker.config.bindings if binding.name == near)
            labels.insert(0, Label(span, f"`{near}` is declared here"))
        yield RULE.finding(
            first.span,
            f"the request answers 500: {_problem(worker, name, first)}",
            labels=tuple(labels),
            help=f"read `{near}`, or rename the binding" if near else "add it to `durable_objects.bindings`",
            fix=_fix(near, uses) if near is not None else None,
        )


def _namespaces(worker: Worker) -> frozenset[str]:
    """The bindings of which the code shows that they are namespaces: a method of namespaces is called on one after it
    was handed on, or what its `get` gives is fetched, as a stub is and no value of a KV namespace can be."""
    found: set[str] = set()
    for use in worker.flow.uses if worker.flow else ():
        namespace = use.value if use.action == "identify" and use.name in NAMESPACE_METHODS else None
        if use.action == "fetch" and isinstance(use.value, Stub) and use.value.id:
            namespace = use.value.namespace
        if isinstance(namespace, BindingValue):
            found.add(namespace.name)
    return frozenset(found)


def _near(worker: Worker, name: str, *, certain: bool) -> str | None:
    """The declared binding that is meant; for a mere `.get(`, which KV has too, only another spelling."""
    namespaces = [binding.name for binding in worker.config.bindings if binding.kind == "durable_objects"]
    if certain:
        return nearest(name, namespaces)
    plain = name.lower().replace("_", "").replace("-", "")
    return next(
        (known for known in namespaces if known.lower().replace("_", "").replace("-", "") == plain), None
    )


def _speaks_of_durable_objects(worker: Worker) -> bool:
    """Whether the project shows that its Durable Objects are configured here and not by another tool."""
    environments = worker.document.environments
    if any(each.durable_objects or each.durable_exports or each.history.migrations for each in environments):
        return True
    classes = worker.source.exports.values() if worker.source else ()
    return any(
        fact.cls is not None
        and any(base.endswith((":workers.DurableObject", "workers.DurableObject")) for base in fact.cls.bases)
        for fact in classes
    )


def _problem(worker: Worker, name: str, use: BindingUse) -> str:
    if worker.source is not None and worker.source.language == "rust":
        return f'no binding `{name}` is declared, so `env.{use.method}("{name}")` is an error'
    return f"no binding `{name}` is declared, so `env.{name}` is undefined"


def _fix(near: str, uses: list[BindingUse]) -> Fix | None:
    """Read the declared name; not where the name is a variable too (`const { MACTH } = env`)."""
    for use in uses:
        before = use.span.file.data[use.span.start - 1 : use.span.start]
        # As a property it is written as it stands, so it must be a name; in quotes it must not end them.
        fits = near.isidentifier() if before == b"." else near.isprintable() and not set(near) & set("\"'\\")
        if use.span.text != use.name or before not in (b".", b'"', b"'") or not fits:
            return None
    return Fix(f"read `{near}`", "unsafe", tuple(Edit(use.span, near) for use in uses))
