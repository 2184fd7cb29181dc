"""A subprotocol that a client asks for and no 101 names.

## What it does
Finds `new WebSocket(url, protocols)` in the project's pages and client code, where no handshake's answer
has the `Sec-WebSocket-Protocol` header.

## Why it fails
A browser that asked for subprotocols wants one of them back. Chrome gets the 101 and closes at once with
1006: "Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received"; clients for Node do the
same. Firefox lets the socket live, so it works on one machine and not on another.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[assets]
directory = "./public"
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
    const url = new URL(request.url);
    if (url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return new Response("not found", { status: 404 });
  },
};
```
```html public/index.html
<!doctype html>
<title>Match</title>
<script>
  const socket = new WebSocket("wss://" + location.host + "/ws", "match.v1");
</script>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[assets]
directory = "./public"
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    const headers = { "Sec-WebSocket-Protocol": "match.v1" };
    return new Response(null, { status: 101, webSocket: client, headers });
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
    const url = new URL(request.url);
    if (url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return new Response("not found", { status: 404 });
  },
};
```
```html public/index.html
<!doctype html>
<title>Match</title>
<script>
  const socket = new WebSocket("wss://" + location.host + "/ws", "match.v1");
</script>
```

## Not a finding when
- The Worker's source names the header anywhere but to read what is asked for.
- The socket is opened to another server, or it is not known whether any protocol is asked for.
- The 101 is made by a framework.

## Source
- workerd 1.20261117.1, run: the 101 names no subprotocol; by hand with `ws`: "Server sent no subprotocol".
- https://developer.mozilla.org/en-US/docs/Web/API/WebSocket/WebSocket#protocols
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.project.handshakes import clients
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ResponseParts, Use
from wslint.upgrade import forwards
from wslint.worker import Worker

RULE = Rule(
    "WS718",
    "client-subprotocol-not-echoed",
    Severity.WARNING,
    causes=("P01",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.flow is None or worker.source is None or len(worker.workspace.documents) > 1:
        return
    asking = [client for client in clients(worker) if client.protocols and client.own_host]
    answers = _answers(worker) if asking else []
    if not answers or any(_may_name(file.data) for file in worker.source.files):
        return
    for client in asking:
        protocols = ", ".join(f"`{protocol}`" for protocol in client.protocols or ())
        yield RULE.finding(
            client.place,
            f"Chrome closes the socket at once with 1006: it asks for the subprotocol {protocols}, "
            "and the 101 has no `Sec-WebSocket-Protocol` header",
            labels=tuple(Label(use.span.head(), "the 101") for use in answers[:3]),
            help="name the protocol that was chosen in the 101's headers, or ask for none",
        )


_HEADER = regex(rb"sec-websocket-protocol", re.IGNORECASE)
_READ = regex(
    rb"\bheader(?:s\s*\.\s*(?:get|has))?\s*\(\s*['\"`]sec-websocket-protocol['\"`]\s*\)", re.IGNORECASE
)


def _may_name(data: bytes) -> bool:
    """Whether code has the header for anything else than to read what the client asks for."""
    return len(_HEADER.findall(data)) > len(_READ.findall(data))


def _answers(worker: Worker) -> list[Use]:
    """The 101s of the Worker and its objects; empty where one is not seen whole, or made elsewhere."""
    assert worker.flow is not None
    if any(target.flow is None or not target.flow.base_known for _, _, target in forwards(worker)):
        return []
    found: list[Use] = []
    for use in worker.flow.uses:
        parts = use.response
        if use.action == "respond" and parts is not None and parts.socket:
            if not _plain(parts):
                return []
            found.append(use)
    return found


def _plain(parts: ResponseParts) -> bool:
    """Whether a 101 is built here, with no headers or with such as are written out."""
    return parts.closed and (parts.headers == "absent" or bool(parts.header_names))
