"""A response with status 101 and no WebSocket.

## What it does
Finds `new Response(…)` with `status: 101` whose init has no `webSocket`.

## Why it fails
Only a response that carries a socket may have status 101: the constructor throws `RangeError: Responses may only
be constructed with status codes in the range 200 to 599`, and the handshake answers 500.

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
    return new Response(null, { status: 101 });
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
- The init object is completed later (`init.webSocket = client`) or holds a spread.
- A key that is nearly `webSocket` stands there: WS404 names it.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.play.handshake_laws import Thrown
from wslint.rules import Outcome, Rule
from wslint.rules.handshake.misspelt_socket_key import misspelt
from wslint.rules.mends import node_at, written
from wslint.runtime import response, words
from wslint.source import tree
from wslint.worker import Worker

RULE = Rule(
    "WS403",
    "upgrade-response-without-socket",
    Severity.ERROR,
    causes=("H04",),
    languages=("javascript", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.RANGE):
        if thrown.request == "handshake" and _is_written(worker, thrown) and misspelt(worker, thrown) is None:
            yield RULE.finding(
                thrown.place,
                "the handshake answers 500: `RangeError: Responses may only be constructed with status codes in the range 200 "
                "to 599`, because a response with status 101 needs a `webSocket`",
                help="give the end of the pair that the client gets: `{ status: 101, webSocket: client }`",
            )


def _is_written(worker: Worker, thrown: Thrown) -> bool:
    """Whether the code itself asks for 101, and gives no socket in any spelling: a status that is copied from another
    response, and the other language's key, are mistakes of their own."""
    if _is_hono_number(worker, thrown):
        return True
    init = thrown.receiver.place if thrown.receiver is not None else None
    given = {entry.key: entry.value for entry in (written(worker, init) if init is not None else None) or ()}
    status = given.get("status")
    return (
        isinstance(status, tree.Number)
        and status.value == response.SWITCHING
        and not given.keys() & {"webSocket", "web_socket"}
    )


def _is_hono_number(worker: Worker, thrown: Thrown) -> bool:
    """Whether it is `c.text(…, 101)` or another such answer of hono's."""
    call = node_at(worker, thrown.place, tree.Call)
    if call is None or not isinstance(call.function, tree.Member) or len(call.arguments) < 2:
        return False
    status = call.arguments[1]
    return (
        call.function.name in ("text", "json", "html", "body", "newResponse")
        and isinstance(status, tree.Number)
        and status.value == response.SWITCHING
    )
