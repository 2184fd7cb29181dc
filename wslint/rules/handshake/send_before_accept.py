"""A message that is sent before the socket is accepted.

## What it does
Finds `send` or `close` on an end of a pair before `accept()` or `acceptWebSocket()` in the same function, and on an
end that nobody accepts: the one that the client gets, say. Also `send` on a `new WebSocket(url)` that the code has not
waited for.

## Why it fails
The call throws `You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages`,
and the request answers 500.

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
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime import words
from wslint.runtime.socket import is_upstream
from wslint.worker import Worker

RULE = Rule(
    "WS426", "send-before-accept", Severity.ERROR, causes=("A02",), languages=("javascript", "python", "rust")
)


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.NOT_ACCEPTED):
        if thrown.receiver is not None and is_upstream(thrown.receiver):
            continue  # WS433
        made = thrown.receiver.place if thrown.receiver is not None else None
        is_client = thrown.receiver is not None and thrown.receiver.extra == "outgoing"
        given = thrown.receiver is not None and handshake_laws.is_returned(worker, thrown.receiver)
        yield RULE.finding(
            thrown.place,
            f"the {thrown.request} answers 500: `{words.NOT_ACCEPTED.removeprefix('TypeError: ').rstrip('.')}`",
            labels=(Label(made, "it begins to connect here" if is_client else "the pair is made here"),)
            if made is not None
            else (),
            help="send it when the socket's `open` event has come"
            if is_client
            else "use the other end: this one goes to the client"
            if given
            else "accept it first",
        )
