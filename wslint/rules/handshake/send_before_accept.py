"""A message that is sent before the socket is accepted.

## What it does
Finds `send` or `close` on an end of a pair before `accept()` or `acceptWebSocket()` in the same function, and on an
end that nobody accepts: the one that the client gets, say.

## Why it fails
The call throws `You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages`,
and the handshake answers 500.

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
    server.send("welcome");
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
- The call stands in a listener or a timer, which run later, or in a `try`.
- The end is given to other code, which may accept it.

## Source
- workerd 1.20261117.1, run.
- https://github.com/cloudflare/miniflare/issues/229
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End
from wslint.upgrade import accepted, exclusive, never_accepted, pairs
from wslint.worker import Worker

RULE = Rule(
    "WS426", "send-before-accept", Severity.ERROR, causes=("A02",), languages=("javascript", "python", "rust")
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    if flow is None:
        return
    for made, pair in pairs(worker):
        for end in pair.ends:
            uses = accepted(worker, end)
            if not uses:
                yield from _never_accepted(worker, made, end)
                continue
            for use in flow.of(end, "send", "close"):
                early = all(
                    (use.span.start < other.span.start and use.where.function is other.where.function)
                    or (use.where.function is other.where.function and exclusive(use, other))
                    for other in uses
                )
                if early and use.where.deferred is None and not use.where.tried:
                    yield RULE.finding(
                        use.span,
                        "the handshake answers 500: `You must call one of accept() or state.acceptWebSocket() on this WebSocket "
                        "before sending messages`",
                        labels=(Label(uses[0].span, "accepted only here"),),
                        help="accept first",
                    )
                    break


def _never_accepted(worker: Worker, made: Use, end: End) -> Iterator[Outcome]:
    """The first call on an end that nobody accepts, in the code that answers the handshake."""
    flow = worker.flow
    if flow is None or not never_accepted(worker, end):
        return
    for use in flow.of(end, "send", "close"):
        if use.where.deferred is None and not use.where.tried and use.where.handler == made.where.handler:
            given = any(other.name == "respond" for other in flow.of(end, "call"))
            yield RULE.finding(
                use.span,
                "the handshake answers 500: `You must call one of accept() or state.acceptWebSocket() on this WebSocket "
                "before sending messages`",
                labels=(Label(made.span, "the pair is made here"),),
                help="use the other end: this one goes to the client" if given else "accept it first",
            )
            return
