"""A ws: address given to fetch.

## What it does
Finds `fetch` with an address that begins with `ws://` or `wss://`.

## Why it fails
`fetch` takes http and https only: since 2021-11-10 it throws `TypeError: Fetch API cannot load`, and the
request answers 500. A WebSocket is asked for by the header `Upgrade: websocket`, over https.

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
    if (new URL(request.url).pathname === "/feed") {
      return fetch("wss://feed.example.com/live", request);
    }
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
    if (new URL(request.url).pathname === "/feed") {
      return fetch("https://feed.example.com/live", request);
    }
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- `new WebSocket("wss://…")`, which takes that scheme.
- The compatibility date is before 2021-11-10.

## Source
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/#fetch-improperly-interprets-unknown-protocols-as-http
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime import words
from wslint.worker import Worker

RULE = Rule(
    "WS419", "websocket-scheme-in-fetch", Severity.ERROR, causes=("F06",), languages=("javascript", "python")
)


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.cannot_load("ws")):
        scheme, _, _ = thrown.text.removeprefix(words.cannot_load("")).partition("://")
        secure = "https" if scheme == "wss" else "http"
        yield RULE.finding(
            thrown.place,
            f"the {thrown.request} answers 500: `Fetch API cannot load`, because `fetch` does not know `{scheme}:`",
            help=f"write `{secure}://` and send the header `Upgrade: websocket`",
        )
