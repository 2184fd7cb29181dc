"""A response returned after its socket was accepted.

## What it does
Finds a fetched response whose `webSocket` is accepted and which is returned all the same.

## Why it fails
Accepting takes the socket over, so the runtime can't connect it to the client any more: the handshake answers
101 and the connection breaks with 1006 (`Can't return WebSocket in a Response after calling accept()`).

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
    const response = await env.MATCH.getByName("lobby").fetch(request);
    const upstream = response.webSocket;
    upstream.accept();
    return response;
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
- The response is returned on another path than the one that accepts.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, ResponseValue
from wslint.worker import Worker

RULE = Rule(
    "WS432",
    "accepted-upstream-returned",
    Severity.ERROR,
    causes=("F15",),
    languages=("javascript",),
    needs=("uses accept",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        socket = use.value
        if use.action == "accept" and isinstance(socket, ClientSocket) and not use.where.deferred:
            for returned in _returns(worker, socket, use):
                yield RULE.finding(
                    returned.span,
                    "the connection breaks right after the handshake: the socket of this response "
                    "was accepted here",
                    labels=(Label(use.span, "accepted here"),),
                    help="return the response without accepting, or return an end of a pair of your own",
                )


def _returns(worker: Worker, socket: ClientSocket, accepted: Use) -> Iterator[Use]:
    """Where the response is returned by the code that follows `accept()` in the same branch."""
    assert worker.flow is not None
    for use in worker.flow.uses:
        if use.action != "return" or not isinstance(use.value, ResponseValue) or socket.response is None:
            continue
        inside = use.where.branches[: len(accepted.where.branches)] == accepted.where.branches
        same = use.where.function is accepted.where.function and use.span.start > accepted.span.start
        if (
            use.value is socket.response
            and inside
            and same
            and use.certain
            and not use.where.holds("no-socket", use.value)
        ):
            yield use
