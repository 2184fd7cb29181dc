"""A binary message that is read as a buffer but is a Blob.

## What it does
Finds `new Uint8Array(event.data)` and `event.data.byteLength` in listeners of plain and outgoing sockets,
at a compatibility date from 2026-03-17.

## Why it fails
Since that date (`websocket_standard_binary_type`) binary messages of such sockets are Blobs. A Uint8Array
over a Blob has length 0 and its `byteLength` is `undefined`; nothing throws. Handlers of a class still get
an ArrayBuffer.

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
    server.accept();
    server.addEventListener("message", (event) => {
      const bytes = new Uint8Array(event.data);
      server.send(bytes);
    });
    return new Response(null, { status: 101, webSocket: client });
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
    server.accept();
    server.binaryType = "arraybuffer";
    server.addEventListener("message", (event) => {
      const bytes = new Uint8Array(event.data);
      server.send(bytes);
    });
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- `binaryType` is set on the socket.
- The compatibility date is older, or `no_websocket_standard_binary_type` is listed.
- The data is compared with something first: `instanceof ArrayBuffer`.
- It is the message of `webSocketMessage`: that is an ArrayBuffer.

## Source
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ClientSocket, End, Message
from wslint.upgrade import accepted
from wslint.worker import Worker

RULE = Rule("WS517", "blob-read-as-buffer", Severity.ERROR, causes=("P04",), languages=("javascript",))

_VIEWS = frozenset(
    {
        "Uint8Array",
        "Int8Array",
        "Uint16Array",
        "Int16Array",
        "Uint32Array",
        "Int32Array",
        "Float32Array",
        "DataView",
    }
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    if flow is None or worker.flag_enabled("websocket_standard_binary_type") is not True:
        return
    for use in flow.uses:
        message = use.value
        if (
            not isinstance(message, Message)
            or message.part != "message"
            or message.socket is None
            or not use.certain
        ):
            continue
        socket = message.socket
        views = (use.action == "escape" and use.name in _VIEWS) or (
            use.action == "read" and use.name == "byteLength"
        )
        if not views or use.where.holds("is-text", message) or use.where.holds("checked", message):
            continue
        if any(
            write.action == "write" and write.name == "binaryType" and type(write.value) is type(socket)
            for write in flow.uses
        ):
            continue  # set on this socket, or on one that may be the same
        ways = [other.action for other in accepted(worker, socket)] if isinstance(socket, End) else []
        plain = bool(ways) and all(way == "accept" for way in ways)
        if isinstance(socket, ClientSocket) or plain:
            yield RULE.finding(
                use.span,
                "binary messages arrive empty: from 2026-03-17 `event.data` is a Blob here, which is "
                "no buffer",
                help='set `binaryType = "arraybuffer"` on the socket, or `await event.data.arrayBuffer()`',
            )
