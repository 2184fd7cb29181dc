"""A forward to a class that has no fetch.

## What it does
Finds `stub.fetch(…)` where the Durable Object's class has no `fetch`, of its own or inherited.

## Why it fails
The object is made, then every request to it answers 500: `Handler does not export a fetch() function`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async onRequest(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- A base class that was not read, the constructor or other code may give the class its `fetch`.
- The export is not the class itself but what a function made of it.
- The class is empty: a placeholder.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/create-durable-object-stubs-and-send-requests/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import lacks
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ClassFlow
from wslint.upgrade import Target, forwards
from wslint.worker import Worker

RULE = Rule(
    "WS452",
    "forward-to-class-without-fetch",
    Severity.ERROR,
    causes=("H08", "L06"),
    languages=("javascript", "python"),
)

_ADDS = regex(
    rb"\bprototype\b|Object\.(assign|define)|Reflect\.|\bsetattr\b|\[\s*[\"'`]fetch|[.]fetch\s*=(?!=)"
)
"""Code that may give a class members which its body does not show."""


def check(worker: Worker) -> Iterator[Outcome]:
    told: set[str] = set()
    for use, _, target in forwards(worker):
        cls = target.flow
        if cls is None or target.class_name in told or not _lacks_fetch(target, cls):
            continue
        told.add(target.class_name)
        yield RULE.finding(
            use.span,
            f"this answers 500, `Handler does not export a fetch() function`: `{cls.name}` has no `fetch`",
            labels=(Label(cls.span, "the class"),),
            help=f"give `{cls.name}` a method `fetch(request)`",
        )


def _lacks_fetch(target: Target, cls: ClassFlow) -> bool:
    if (
        target.worker is None
        or target.worker.source is None
        or not lacks(target.worker, cls, "fetch")
        or cls.is_durable != "yes"
    ):
        return False
    if target.worker.source.language == "rust":
        return False
    if (
        not cls.members
        or any(name in cls.members for name in ("fetch", "on_fetch", "(unread)"))
        or _is_computed(cls)
    ):
        return False
    exported = target.worker.export(target.class_name)
    if exported.fact is None or exported.fact.cls is None:
        return False
    return not any(_ADDS.search(file.data) for file in target.worker.source.files)


def _is_computed(cls: ClassFlow) -> bool:
    """Whether a member's name is computed, and may be any."""
    return any(name.startswith("[") or not name for name in cls.members)
