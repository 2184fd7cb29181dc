"""A 101 response that is built again without its WebSocket.

## What it does
Follows the response of a Durable Object's stub to a `new Response(…)` that copies its status or headers
and gives no `webSocket`.

## Why it fails
An init object names single members, and the socket is none of those that were copied. With the copied status
the constructor throws `RangeError: Responses may only be constructed with status codes in the range 200 to
599`, so the handshake answers 500; without it the answer is a plain 200. The object has accepted the socket
by then.

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
    return new Response(response.body, { status: response.status, headers: response.headers });
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
- The response itself is the second argument: `new Response(response.body, response)` keeps the socket.
- `webSocket: response.webSocket` stands in the init.
- The code runs only for responses without a socket, or requests without an Upgrade header.
- The object behind the stub makes no WebSocketPair.

## Source
- https://github.com/cloudflare/workerd/issues/3047
- https://github.com/cloudflare/next-on-pages/issues/894
- workerd 1.20261117.1, run: both forms.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.upgrade import forwarded_upgrade, reaches_upgrade
from wslint.worker import Worker

RULE = Rule(
    "WS401",
    "rewrapped-upgrade-response",
    Severity.ERROR,
    causes=("H01", "H03", "FW06"),
    languages=("javascript", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        parts = use.response
        if parts is None or parts.copied_from is None or parts.socket is not None or not parts.closed:
            continue
        if parts.status != "copied" and parts.headers != "copied":
            continue
        if forwarded_upgrade(worker, parts.copied_from) != "yes" or not reaches_upgrade(
            use, parts.copied_from
        ):
            continue
        if parts.status == "copied":
            symptom = "the handshake answers 500: `RangeError: Responses may only be constructed with status codes in the range 200 to 599`"
        elif parts.status == "absent":
            symptom = "the handshake answers 200 without a socket"
        else:
            continue
        yield RULE.finding(
            use.span,
            f"{symptom}, because this response leaves out the `webSocket` of the one that it copies",
            labels=(Label(parts.copied_from.span, "the Durable Object's 101 comes from here"),),
            help="return the stub's response as it is, or pass it as the second argument: `new Response(response.body, response)`",
        )
