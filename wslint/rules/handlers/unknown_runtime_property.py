"""A property that the runtime's object does not have.

## What it does
Finds properties of requests, responses, contexts and storage under a name that none of them has, from which something
is read: `request.header.get(…)`, `this.ctx.sql.exec(…)`, `ctx.storage.get(…)` in a Worker's own handler.

## Why it fails
The property is `undefined`, and reading from it throws `TypeError: Cannot read properties of undefined`. In `fetch` or
a constructor the request answers 500.

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
  async fetch(request) {
    if (request.header.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
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
- Some code of the project gives an object a property of this name, or asks whether it is there.
- A router hands out requests of its own, with properties of its own, or the object was given to other code.

## Source
- workerd 1.20261117.1, run: the table of what its objects have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.runtime_members import OF_EVERY_OBJECT, members
from wslint.settings import nearest
from wslint.source.flow.uses import Use
from wslint.source.flow.values import DurableContext, RequestValue, ResponseValue, Storage, WorkerContext
from wslint.upgrade import swapped_entries
from wslint.worker import Worker

RULE = Rule(
    "WS532", "unknown-runtime-property", Severity.ERROR, languages=("javascript",), needs=("javascript",)
)

_ROUTERS = ("itty-router", "hono", "@hono", "worktop", "sunder", "itty")
_AT_ONCE = ("fetch", "constructor")


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.flow is None:
        return
    if worker.source.language not in ("javascript", "typescript"):
        return
    routed = any(item.specifier.split("/")[0] in _ROUTERS for item in worker.source.imports)
    swapped = [function for _, function, _ in swapped_entries(worker)]
    seen: set[tuple[object, int]] = set()
    for use in worker.flow.uses:
        kind = _type(use)
        place = (use.span.file.path, use.span.start)
        if use.action != "beyond" or not use.certain or place in seen or not kind:
            continue
        if isinstance(use.value, RequestValue) and (routed or use.where.function in swapped):
            continue  # a router's own, or what `swapped-handler-parameters` speaks of
        known = members(kind) | OF_EVERY_OBJECT
        if (
            use.name in known
            or use.name.startswith("[")
            or _is_made(worker, use)
            or not _is_judged(worker, use)
        ):
            continue
        near = nearest(use.name, known - OF_EVERY_OBJECT)
        if not near and (use.where.tried or _is_given_away(worker, use)):
            continue  # perhaps this is how the code asks for it, or other code has put it there
        seen.add(place)
        at_once = use.where.handler in _AT_ONCE and not use.where.deferred and not use.where.tried
        yield RULE.finding(
            use.span,
            f"`{use.name}` is `undefined`: a {kind} has no such property, so "
            + ("the request answers 500" if at_once else "this throws a TypeError"),
            help=f"write `{near}`" if near else _HINTS.get((kind, use.name), ""),
        )


_HINTS = {
    ("DurableObjectState", "sql"): "write `ctx.storage.sql`",
    ("DurableObjectState", "kv"): "write `ctx.storage.kv`",
    ("ExecutionContext", "storage"): "only a Durable Object has `ctx.storage`",
    ("ExecutionContext", "env"): "`env` is the second parameter",
}


def _type(use: Use) -> str:
    match use.value:
        case RequestValue(wrapper=None):
            return "Request"
        case ResponseValue():
            return "Response"
        case DurableContext():
            return "DurableObjectState"
        case WorkerContext():
            return "ExecutionContext"
        case Storage(part=""):
            return "DurableObjectStorage"
    return ""


def _is_given_away(worker: Worker, use: Use) -> bool:
    given = worker.flow.of(use.value, "escape") if worker.flow and use.value is not None else []
    return isinstance(use.value, (RequestValue, ResponseValue)) and bool(given)


def _is_judged(worker: Worker, use: Use) -> bool:
    """Whether the objects of the code around are the runtime's own."""
    cls = worker.flow.classes.get(use.where.cls) if worker.flow and use.where.cls else None
    return cls is None or cls.base_known


def _is_made(worker: Worker, use: Use) -> bool:
    """Whether any code assigns a property of this name, makes objects with it, or asks whether it is there."""
    name = re.escape(use.name.encode())
    made = re.compile(
        rb"\.%s\s*(?:[-+*/|&?]{0,2}=(?!=)|\?\.|\?\?|&&|\|\|)|[\"']%s[\"']|\b(?:get|set)\s+%s\s*\("
        % (name, name, name)
    )
    sources = worker.source.files if worker.source else []
    return any(made.search(file.data) or b"Object.assign" in file.data for file in sources)
