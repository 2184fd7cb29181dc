"""A path for sockets that the assets answer.

## What it does
Where the Worker takes handshakes without a look at the path, and no client of the project says which one it is,
looks for a path with the name of a socket (`/ws`, `/socket`, `/api/websocket`) that never comes to the Worker: a rule
of `run_worker_first` excepts it, or a static file is there.

## Why it fails
Assets know nothing of handshakes. What `!/ws` excepts they answer with a file, with `index.html` (200) or with 404,
and `ws/index.html` redirects `/ws` to `/ws/`. A client that opens its socket there sees 1006.

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
run_worker_first = ["/*", "!/ws"]
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
not_found_handling = "single-page-application"
run_worker_first = ["/*"]
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
- The path has another name: it may well be a page.
- A build makes the assets.

## Source
- wrangler 4.164.0, run: handshakes in `wrangler dev`, on `/ws` with the rule `!/ws` and beside `ws/index.html`.
- https://developers.cloudflare.com/workers/static-assets/routing/worker-script/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule, environments_note
from wslint.rules.assets._anywhere import excepted, pages
from wslint.worker import Worker

RULE = Rule(
    "WS722",
    "socket-path-left-to-assets",
    Severity.WARNING,
    causes=("R01", "R02"),
    languages=("config", "javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    found = [*excepted(worker), *pages(worker)]
    if not found or not handshake_laws.opens_anywhere(worker):
        return
    note = "" if not worker.config.owns("assets") else environments_note(worker)
    for place, path, decision in found:
        label = (Label(decision.span, "this comes first"),) if decision.span not in (None, place) else ()
        yield RULE.finding(
            place,
            f"a handshake for `{path}` answers {decision.status}{note}: {decision.text}",
            labels=label if label and label[0].span.start < label[0].span.end else (),
            help=f"let `run_worker_first` take `{path}`, or open the socket at a path that no asset answers",
        )
