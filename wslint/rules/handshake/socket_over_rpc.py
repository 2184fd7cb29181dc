"""A socket returned through RPC.

## What it does
Finds a method call on a stub where the Durable Object's method returns a WebSocket, or a Response with one.

## Why it fails
Sockets can't be serialised, so the call fails with `DataCloneError: Could not serialize object of type
"WebSocket"` and the handshake answers 500. Only `fetch` carries a socket from a Durable Object.

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
  async open() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return client;
  }
}

export default {
  async fetch(request, env) {
    const socket = await env.MATCH.getByName("lobby").open();
    return new Response(null, { status: 101, webSocket: socket });
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
- Only the object itself calls the method.
- The method is the object's `fetch`.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/rpc/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ClassFlow, Use
from wslint.source.flow.values import ClientSocket, End, HandlerSocket, ResponseValue, Stub
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule("WS421", "socket-over-rpc", Severity.ERROR, causes=("F08",), languages=("javascript", "python"))


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "call" or not isinstance(use.value, Stub) or use.name == "fetch" or use.where.tried:
            continue
        target = target_of(worker, use.value)
        if target is None or target.flow is None or target.worker is None:
            continue
        returned = _returned_socket(target.worker, target.flow, use.name)
        if returned is not None:
            yield RULE.finding(
                use.span,
                f"the request answers 500: `DataCloneError`, because `{use.name}` of "
                f"`{target.class_name}` returns a WebSocket",
                labels=(Label(returned.span, "this is returned"),),
                help="call `fetch` of the stub and answer the handshake in the object's `fetch`",
            )


def _returned_socket(worker: Worker, cls: ClassFlow, name: str) -> Use | None:
    """Where a method always returns a socket; None when it may return other things too."""
    member = cls.members.get(name)
    if member is None or member.function is None or worker.flow is None:
        return None
    returns = [use for use in cls.uses if use.action == "return" and use.where.function is member.function]
    returns = [use for use in returns if use.where.handler == name]
    if not returns or not all(use.certain and _has_socket(worker, use) for use in returns):
        return None
    return returns[0]


def _has_socket(worker: Worker, use: Use) -> bool:
    value = use.value
    if isinstance(value, ResponseValue) and worker.flow is not None:
        built = worker.flow.of(value, "respond")
        return any(
            any(isinstance(socket, End) for socket in item.response.socket or ())
            for item in built
            if item.response
        )
    return isinstance(value, (End, HandlerSocket, ClientSocket))
