"""A bound class that the entrypoint does not export.

## What it does
Looks for every Durable Object binding of the Worker's own classes whose class is not among the names
that leave the entrypoint: an `export` of the JavaScript or TypeScript file in `main`, a class at the
top level of a Python `main`, a `#[durable_object]` struct of a Rust crate that is linked in.

## Why it fails
wrangler compares the bindings with the bundle's exports and refuses to start or deploy. It does not
compare with `no_bundle`, for Python, or where `script_name` repeats the Worker's own name; there the
runtime finds no class when the first request reaches the object, and the handshake answers 500.

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
import { MatchDO } from "./match.js";

export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```
```js match.js
export class MatchDO {
  fetch() {
    return new Response("ok");
  }
}
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
export { MatchDO } from "./match.js";

export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```
```js match.js
export class MatchDO {
  fetch() {
    return new Response("ok");
  }
}
```

## Not a finding when
- The class leaves by `export *`, `export { default as X }`, `export const X = wrap(…)` or a package.
- Some `export *` leads out of the tree, or nothing tells what `main` is built from: the list of names is not complete.
- A script adds the class to what a framework has written, by `>>` or `appendFileSync`.
- `script_name` names another Worker (WS208), or `main` is a service worker (WS213).

## Source
- https://github.com/cloudflare/workers-sdk/issues/3738
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 with "Your Worker depends on the following Durable
  Objects, which are not exported in your entrypoint file"; with the own name as `script_name` it exits 0.
- workerd 1.20261117.1, run: 500, with "no such Durable Object class is exported" in the log.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import entry_name, mended_export, near_export, text_of, where_it_is
from wslint.source.facts import Unknown
from wslint.worker import Worker
from wslint.wrangler.config import DurableObjectBinding

RULE = Rule(
    "WS201",
    "class-not-exported",
    Severity.ERROR,
    causes=("C03", "C04", "RS10"),
    languages=("config", "javascript", "python", "rust"),
    fix="unsafe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    source, entrypoint = worker.source, worker.entrypoint
    if worker.document.is_pages or (source is None and entrypoint.names is None):
        return
    if source is not None and source.format == "service-worker":
        return
    bound = {text_of(binding.class_name) or "" for binding in worker.config.local_durable_objects}
    for binding in worker.config.local_durable_objects:
        value = binding.class_name
        name = text_of(value)
        if value is not None and value.string == "":
            yield RULE.finding(value.span, "wrangler refuses to deploy: the name of the class is empty")
        if value is None or name is None or name in worker.config.history.gone:
            continue  # a migration ended the class: WS304, WS305
        answer = worker.export(name)
        if answer.verdict == "unknown":
            yield Unknown(value.span, f"whether the entrypoint exports `{name}`", answer.why)
        elif answer.verdict == "no":
            near = near_export(worker, name, bound)
            bound_here = (Label(value.span, "bound here"),) if entrypoint.decided is not None else ()
            yield RULE.finding(
                entrypoint.decided or value.span,
                f"{_consequence(worker, binding)}: {_missing(worker, name)}",
                labels=(*bound_here, *where_it_is(worker, name, near)),
                help=_help(worker, name),
                fix=mended_export(worker, value, name, near),
            )


def _consequence(worker: Worker, binding: DurableObjectBinding) -> str:
    no_bundle = worker.config.value("no_bundle")
    unchecked = worker.is_python or text_of(binding.script_name) is not None
    if unchecked or (no_bundle is not None and no_bundle.data is True):
        return "the handshake answers 500, `no such actor class`, and wrangler does not warn of it"
    return "wrangler refuses to deploy"


def _missing(worker: Worker, name: str) -> str:
    if worker.entrypoint.names is not None:
        return f"{worker.entrypoint.why}, so the class `{name}` is not among the exports"
    if worker.source is not None and worker.source.language == "rust":
        return f"no crate that the Worker links has a `#[durable_object]` struct `{name}`"
    if worker.is_python:
        return f"`{entry_name(worker)}` has no public class `{name}` at its top level"
    return f"the entrypoint `{entry_name(worker)}` does not export the class `{name}`"


def _help(worker: Worker, name: str) -> str:
    if worker.entrypoint.names is not None:
        return worker.entrypoint.mend
    if worker.source is not None and worker.source.language == "rust":
        return f"write the struct in the Worker's crate, or link it there: `pub use the_crate::{name};`"
    if worker.is_python:
        return f"declare the class there, or import it: `from the_module import {name}`"
    return f'export it there, such as by `export {{ {name} }} from "./its-file"`'
