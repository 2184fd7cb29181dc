"""Handshakes at paths that the assets answer.

## What it does
Where the Worker takes handshakes without a look at the path, and no client of the project says which one it is, names
the paths that never come to the Worker: those that no rule of `run_worker_first` takes beside a
single-page application, and `/` beside `index.html`.

## Why it fails
It fails for a client that opens its socket there: it gets 200 and a page, and the browser says 1006. At any other
path the Worker answers.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[assets]
directory = "./public"
not_found_handling = "single-page-application"
run_worker_first = ["/api/*"]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
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
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 404 });
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```
```html public/index.html
<!doctype html>
<title>Match</title>
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
run_worker_first = true
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
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
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 404 });
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```
```html public/index.html
<!doctype html>
<title>Match</title>
```

## Not a finding when
- The Worker tests the path, or a client of the project names its address: WS711 and WS712 speak of those.
- WS722 speaks: a path with the name of a socket is left to the assets.
- `run_worker_first` is true or takes every path.
- A build makes the assets.

## Source
- wrangler 4.164.0, run: handshakes in `wrangler dev`, on `/ws` beside `run_worker_first = ["/api/*"]` and on `/` beside
  `index.html`.
- https://developers.cloudflare.com/workers/static-assets/routing/worker-script/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule, environments_note
from wslint.rules.assets._anywhere import before_the_worker, excepted, pages
from wslint.worker import Worker

RULE = Rule(
    "WS723",
    "assets-before-handshakes",
    Severity.INFO,
    causes=("R01", "R02"),
    languages=("config", "javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    found = before_the_worker(worker)
    if (
        found is None
        or any(excepted(worker))
        or any(pages(worker))
        or not handshake_laws.opens_anywhere(worker)
    ):
        return
    place, path, decision = found
    note = "" if not worker.config.owns("assets") else environments_note(worker)
    yield RULE.finding(
        place,
        f"a handshake for `{path}` answers {decision.status}{note}, although the Worker takes them at any path: "
        f"{decision.text}",
        help="open the socket at a path that comes to the Worker",
    )
