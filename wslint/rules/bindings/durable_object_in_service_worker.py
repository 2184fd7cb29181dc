"""Durable Objects in a service worker.

## What it does
Looks for a Worker that registers `addEventListener("fetch", …)` and has no default export, while its
configuration binds its own Durable Object classes or has a lifecycle for them.

## Why it fails
Such a Worker is built as a service worker, even if it exports classes, and a service worker has no exports.
wrangler refuses to deploy it with own classes or `migrations`; with `exports` alone it uploads a Worker that has
none of the declared classes.

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
class MatchDO {}
addEventListener("fetch", (event) => event.respondWith(new Response("ok")));
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
export class MatchDO {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- Every binding names another Worker in `script_name`, and there is no lifecycle: a service worker may
  use the objects of another Worker.
- The file has a default export beside the listener: it is a module then.
- The listener is registered in another module: the entrypoint is a module without a default export (WS211).

## Source
- https://developers.cloudflare.com/workers/reference/migrate-to-module-workers/
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 with own classes and with `migrations`, whether the class is
  exported or not; 0 with `exports` only.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS213",
    "durable-object-in-service-worker",
    Severity.ERROR,
    causes=("C17",),
    languages=("config", "javascript"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    source, config = worker.source, worker.config
    if source is None or source.format != "service-worker" or source.service_worker_span is None:
        return
    if worker.document.is_pages:
        return
    live = [entry for entry in config.durable_exports if entry.is_live]
    if config.local_durable_objects:
        label = Label(config.local_durable_objects[0].span, "this class would have to be exported")
    elif config.history.migrations:
        label = Label(config.history.migrations[0].tag_span, "migrations are for modules only")
    elif live:
        label = Label(live[0].span, "this class would have to be exported")
    else:
        return
    happens = (
        "wrangler refuses to deploy"
        if len(live) == 0 or config.local_durable_objects
        else "no class is deployed"
    )
    because = ", and without a default export this is one" if source.exports else ""
    yield RULE.finding(
        source.service_worker_span.head(),
        f"{happens}: a service worker can't have Durable Object classes{because}",
        labels=(label,),
        help="make it a module: `export default { fetch(request, env) { … } }`, and export the classes",
    )
