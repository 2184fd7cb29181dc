"""A member of a response that is still a promise.

## What it does
Finds `.webSocket`, `.status`, `.headers`, `.body` and their kin read from the promise that a `fetch`, or an `async`
function of the project, gives; and such a promise given to `new Response`.

## Why it fails
A promise has none of these: they are `undefined`. `if (response.webSocket)` is never true, and a response copied
from a promise is an empty 200, so the handshake fails although the object accepted it.

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
    const response = env.MATCH.getByName("lobby").fetch(request);
    if (response.webSocket) return response;
    return new Response("expected a WebSocket", { status: 426 });
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
    const response = await env.MATCH.getByName("lobby").fetch(request);
    if (response.webSocket) return response;
    return new Response("expected a WebSocket", { status: 426 });
  },
};
```

## Not a finding when
- The promise is returned, awaited later, given to `.then`, `Promise.all` or other code.
- The variable holds a promise only on some paths, or the code asks first what it holds.
- The promise is that of an RPC call, whose members may be read ahead.

## Source
- https://developer.mozilla.org/docs/Web/JavaScript/Reference/Operators/await
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.mends import awaited
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import Pending, ResponseValue
from wslint.worker import Worker

RULE = Rule(
    "WS451",
    "unawaited-response",
    Severity.ERROR,
    causes=("H08",),
    languages=("javascript",),
    fix="unsafe",
    needs=("javascript",),
)

_MEMBERS = frozenset(
    {
        "webSocket", "status", "statusText", "ok", "headers", "body", "url", "redirected", "bodyUsed", "clone",
        "text", "json", "arrayBuffer", "blob", "formData",
    }
)  # fmt: skip


def check(worker: Worker) -> Iterator[Outcome]:
    if (
        worker.flow is None
        or worker.source is None
        or worker.source.language not in ("javascript", "typescript")
    ):
        return
    seen: set[tuple[object, int, int]] = set()
    for use in worker.flow.uses:
        for promise, message, on_the_spot in _misused(use):
            # One finding for a variable, one for each call whose promise is used on the spot.
            place = use.span if on_the_spot else promise.span
            key = (place.file.path, place.start, id(use.where.function))
            if key not in seen and not use.where.holds("checked", promise):
                seen.add(key)
                yield RULE.finding(
                    use.span,
                    message,
                    help="write `await` where the promise is made",
                    fix=awaited(promise.span, use.where.function),
                )


def _misused(use: Use) -> Iterator[tuple[Pending, str, bool]]:
    """The promises whose response is taken for granted, and what comes of it."""
    why = "this is a promise of the response, which nobody awaited"
    if use.action == "read" and use.certain and use.name in _MEMBERS and isinstance(use.value, Pending):
        if _is_response(use.value):
            yield use.value, f"`{use.name}` is `undefined` here: {why}", False
    elif use.action == "respond":
        wrong = ("the body of the answer is `[object Promise]`", "the answer is a plain 200 without a socket")
        for given, node, what in zip(use.arguments, use.nodes, wrong, strict=False):
            promise = given[0] if len(given) == 1 else None
            if isinstance(promise, Pending) and _is_response(promise):
                yield promise, f"{what}: {why}", isinstance(node, tree.Call)


def _is_response(promise: Pending) -> bool:
    return any(isinstance(inner, ResponseValue) for inner in promise.inner)
