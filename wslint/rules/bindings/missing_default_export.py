"""An entrypoint without a handler for requests.

## What it does
Reports a JavaScript or TypeScript entrypoint that exports no `default`, and a Python entrypoint that
has neither a `Default` class nor, at an older compatibility date, an `on_fetch` function.

## Why it fails
A dry run passes. Under `wrangler dev` a Worker with Durable Objects does not start ("Cannot initialize
… ExportedHandler … from an undefined or null value"); without them every request hangs. In Python each
request is answered with 500, "Handler does not export a fetch() function". Only callers that reach the
Durable Objects or named entrypoints through another Worker are served.

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
export const fetch = (request, env) => env.MATCH.getByName("a").fetch(request);
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
- The Worker has no Durable Objects of its own and exports a named class that may be a
  `WorkerEntrypoint`: it is called over service bindings.
- The entrypoint is a service worker, or its exports can't be read completely.

## Source
- https://github.com/cloudflare/workers-sdk/issues/15309
- wrangler 4.164.0, run: `deploy --dry-run` exits 0, `wrangler dev` ends at start.
- By hand on workerd 1.20261117.1: Python with `on_fetch` at 2026-11-01 or a `Default` without base: 500.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import entry_name
from wslint.source.facts import SourceFacts, Unknown
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS211",
    "missing-default-export",
    Severity.WARNING,
    causes=("C12",),
    languages=("javascript", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    source = worker.source
    if source is None or worker.document.is_pages or source.format == "service-worker":
        return
    if worker.export("default").verdict != "no":
        return
    from wslint.source.damage import damage

    if damage(source.entrypoint):
        what = f"what `{entry_name(worker)}` exports by default"
        yield Unknown(_start(source), what, "the file does not parse")
    elif source.language == "python":
        yield from _python(worker, source)
    elif source.language != "rust":
        yield from _javascript(worker, source)


def _javascript(worker: Worker, source: SourceFacts) -> Iterator[Outcome]:
    has_objects = bool(worker.config.local_durable_objects)
    if not has_objects and any(fact.kind in ("class", "unknown") for fact in source.exports.values()):
        return
    happens = (
        "`wrangler dev` does not start, and deployed, no request is answered"
        if has_objects
        else "no request is answered"
    )
    yield RULE.finding(
        _start(source),
        f"{happens}: `{entry_name(worker)}` has no default export",
        help="add `export default { fetch(request, env) { … } }`",
    )


def _python(worker: Worker, source: SourceFacts) -> Iterator[Outcome]:
    only_classes = worker.flag_enabled("python_no_global_handlers")
    function, main = source.exports.get("on_fetch"), source.exports.get("Default")
    if only_classes is None or (not only_classes and (function is not None or main is not None)):
        return
    span, advice = (
        _start(source),
        "write `class Default(WorkerEntrypoint):` with `async def fetch(self, request):`",
    )
    labels: tuple[Label, ...] = ()
    if main is not None:
        span, reason = main.span, "`Default` does not extend `WorkerEntrypoint`"
    elif function is not None:
        span, reason = function.span, "`on_fetch` is not called from compatibility date 2025-08-14 on"
    else:
        reason = f"`{entry_name(worker)}` has no class `Default`"
        others = [
            fact
            for fact in source.exports.values()
            if fact.cls and "workers.WorkerEntrypoint" in fact.cls.bases
        ]
        labels = tuple(Label(fact.span, "the runtime asks for the name `Default`") for fact in others[:1])
    yield RULE.finding(
        span,
        f"every request is answered with 500, `Handler does not export a fetch() function`: {reason}",
        labels=labels,
        help=advice,
    )


def _start(source: SourceFacts) -> Span:
    """The first export, else the first line that is not blank."""
    first = min(
        (fact.span for fact in source.exports.values() if fact.span.file is source.entrypoint),
        key=lambda span: span.start,
        default=None,
    )
    data = source.entrypoint.data
    return first or Span(source.entrypoint, len(data) - len(data.lstrip()), len(data)).head()
