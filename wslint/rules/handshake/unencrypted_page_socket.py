"""A socket without encryption, opened by a page.

## What it does
Finds `new WebSocket("ws://" + location.host + …)`: an address of the page's own host whose scheme is always `ws:`, in
a file that knows no `wss:`; and one of another host, in a page that the Worker itself serves.

## Why it fails
A page that came over `https:`, as every page of workers.dev does, may open no `ws:` socket: the browser refuses
before it sends anything (`SecurityError`, "Mixed Content"), and the Worker never hears of it. On `localhost`, which is
`http:`, the same code works.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "public" }
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
```html public/index.html
<!doctype html>
<title>Match</title>
<script>
  const socket = new WebSocket("ws://" + location.host + "/ws");
</script>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "public" }
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
```html public/index.html
<!doctype html>
<title>Match</title>
<script>
  const address = new URL("/ws", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
</script>
```

## Not a finding when
- The scheme follows the page's, or the file knows `wss:` as well.
- The host is this machine: `ws://localhost:8787`.
- It is another host, and the Worker does not serve the code: a script on a server may use `ws:`.

## Source
- https://developer.mozilla.org/en-US/docs/Web/Security/Mixed_content
- https://websockets.spec.whatwg.org/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Severity
from wslint.project.handshakes import clients, is_served
from wslint.rules import Outcome, Rule
from wslint.source.clients import HOLE, ClientUrl
from wslint.worker import Worker

RULE = Rule(
    "WS487",
    "unencrypted-page-socket",
    Severity.WARNING,
    languages=("javascript", "python", "rust"),
)

_LOCAL = re.compile(
    r"localhost$|127\.|0\.0\.0\.0$|\[::1?\]|10\.|192\.168\.|.*\.(?:local|localhost|test|internal)$"
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None:
        return
    for client in clients(worker):
        if client.text.startswith("ws://") and _is_on_a_page(worker, client):
            yield RULE.finding(
                client.place,
                "on a page that came over https, as those of workers.dev do, the browser refuses this socket: "
                "its scheme is always `ws:`",
                help='let it follow the page: `location.protocol === "https:" ? "wss:" : "ws:"`',
            )


def _is_on_a_page(worker: Worker, client: ClientUrl) -> bool:
    """Whether a browser opens it on a page that may have come over https."""
    if b"wss" in client.place.file.data:
        return False
    host = client.host or ""
    if host and host.strip(HOLE) == "":
        return client.own_host
    name = host.rsplit("@", 1)[-1].split(":")[0]
    return bool(name) and HOLE not in host and _LOCAL.match(name) is None and _is_a_page(worker, client)


def _is_a_page(worker: Worker, client: ClientUrl) -> bool:
    """Whether the code surely runs in a page of the Worker's."""
    directory = worker.assets_directory
    known = directory is not None and directory.kind == "folder"
    return client.embedded or (known and is_served(worker, client))
