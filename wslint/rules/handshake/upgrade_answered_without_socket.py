"""A plain answer after accepting a socket.

## What it does
Finds a `fetch` that accepts one end of a pair and then answers without giving the other end away.

## Why it fails
The client waits for a 101 with the socket. It gets the plain answer, the handshake fails, and the accepted
end talks to nobody.

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
    return new Response("welcome");
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
- The other end is returned, kept, listened to, accepted or given to other code.
- The answer is an error (400 and up).

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, ResponseValue, TableValue
from wslint.upgrade import accepted, exclusive, pairs
from wslint.worker import Worker

RULE = Rule(
    "WS407",
    "upgrade-answered-without-socket",
    Severity.ERROR,
    causes=("H08",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for made, pair in pairs(worker):
        uses = [use for end in pair.ends for use in accepted(worker, end)]
        if (
            len(uses) != 1
            or worker.flow is None
            or made.where.deferred
            or made.where.handler not in ("fetch", "on_fetch")
        ):
            continue
        one = uses[0]
        other = next(end for end in pair.ends if end is not one.value)
        if one.where.function is not made.where.function or not isinstance(one.value, End):
            continue
        if worker.flow.of(other) or worker.flow.of(pair, "escape", "store", "return") or made.where.tried:
            continue
        answers = list(_answers(worker, one))
        if answers and all(_is_plain(use) for use in answers):
            for answer in answers:
                status = (
                    200
                    if answer.response is None or answer.response.status == "absent"
                    else answer.response.status
                )
                yield RULE.finding(
                    answer.span,
                    f"the handshake answers {status}: the other end of the accepted socket is never "
                    "given to the client",
                    help="return `new Response(null, { status: 101, webSocket: client })`",
                )


def _answers(worker: Worker, after: Use) -> Iterator[Use]:
    """Where the responses are built that the function may return once the socket is accepted."""
    assert worker.flow is not None
    for use in worker.flow.uses:
        if (
            use.action != "return"
            or use.where.function is not after.where.function
            or use.span.start < after.span.start
        ):
            continue
        if not exclusive(after, use):
            built = worker.flow.of(use.value, "respond") if isinstance(use.value, ResponseValue) else []
            yield built[0] if built else use


def _is_plain(use: Use) -> bool:
    """Whether a response is wholly known and has no socket; refusals are another matter."""
    parts = use.response
    if parts is None or parts.socket is not None or not parts.closed:
        return False
    body = use.arguments[0] if use.arguments else ()
    if any(isinstance(value, TableValue) and "webSocket" in value.fields for value in body):
        return False  # arguments swapped: another rule's business
    return parts.status == "absent" or (
        isinstance(parts.status, int) and parts.status < 400 and parts.status != 101
    )
