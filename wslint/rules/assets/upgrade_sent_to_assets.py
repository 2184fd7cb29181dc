"""A handshake that is handed to the static assets.

## What it does
Finds `env.ASSETS.fetch(request)` where the code has just found that the request is a handshake.

## Why it fails
Assets answer with files: the handshake gets 404, or 200 and a page, and never a socket. Usually the
condition is the wrong way round.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[assets]
directory = "./public"
binding = "ASSETS"
run_worker_first = true
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
    if (request.headers.get("Upgrade") === "websocket") return env.ASSETS.fetch(request);
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
binding = "ASSETS"
run_worker_first = true
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
    if (request.headers.get("Upgrade") !== "websocket") return env.ASSETS.fetch(request);
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```
```html public/index.html
<!doctype html>
<title>Match</title>
```

## Not a finding when
- The code fetches another address than the request's.
- The answer is not what the handler returns.

## Source
- wrangler 4.164.0, run: a handshake sent to the assets binding.
- https://developers.cloudflare.com/workers/static-assets/binding/#binding
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import BindingValue, Stub
from wslint.upgrade import in_worker, is_returned
from wslint.worker import Worker

RULE = Rule(
    "WS714",
    "upgrade-sent-to-assets",
    Severity.ERROR,
    causes=("R04",),
    languages=("javascript", "python"),
    needs=("assets",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    assets = worker.config.value("assets")
    binding = assets.get("binding") if assets is not None else None
    if binding is None or binding.string is None or worker.flow is None:
        return
    for use in worker.flow.uses:
        forward = use.forward
        if use.action != "fetch" or forward is None or not isinstance(use.value, Stub) or use.where.tried:
            continue
        namespace = use.value.namespace
        if not isinstance(namespace, BindingValue) or namespace.name != binding.string:
            continue
        if forward.argument != "request" or not use.where.holds("is-upgrade") or not in_worker(worker, use):
            continue
        if is_returned(worker, forward):
            yield RULE.finding(
                use.span,
                "the handshake answers 404, or 200 with a page: it is sent to the static assets, "
                "which open no socket",
                labels=(Label(binding.span, "the assets' binding"),),
                help="send handshakes to the Durable Object, and other requests to the assets",
            )
