"""A 101 sent as JSON.

## What it does
Finds a Durable Object's 101 that is put into JSON: `Response.json(response)`, hono's `c.json(response)`, an object with
the response in it that a handler of itty-router returns.

## Why it fails
A Response has nothing that JSON could hold: what is sent is `{}`, with status 200 and without the socket. The object
has accepted, the browser reports a failed handshake.

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
    const stub = env.MATCH.getByName("lobby");
    const response = await stub.fetch(request);
    return Response.json({ response });
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
    const stub = env.MATCH.getByName("lobby");
    return stub.fetch(request);
  },
};
```

## Not a finding when
- What was read from the response is sent: `await response.json()`.
- The request is no handshake there, or the response was found to have no socket.
- itty's `json(response)`, which gives a Response back as it is.

## Source
- workerd 1.20261117.1, run; by hand with itty-router 6.0.0.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ArrayValue, PathTest, Pending, ResponseValue, TableValue, Value
from wslint.upgrade import forwarded_upgrade, reaches_upgrade
from wslint.worker import Worker

RULE = Rule("WS442", "upgrade-response-as-data", Severity.ERROR, causes=("FW05",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    seen: set[tuple[str, int]] = set()
    for use in worker.flow.uses if worker.flow else ():
        if use.where.deferred:
            continue
        for response in _as_data(use):
            if forwarded_upgrade(worker, response) != "yes" or not reaches_upgrade(use, response):
                continue
            place = (use.span.file.name, use.span.start)
            if place not in seen:
                seen.add(place)
                yield RULE.finding(
                    use.span,
                    "the handshake answers 200 with `{}` in it: JSON keeps nothing of a response, its socket included",
                    labels=(Label(response.span, "the Durable Object's 101 comes from here"),),
                    help="return the stub's response itself",
                )


def _as_data(use: Use) -> Iterator[ResponseValue]:
    """The responses that a use turns into JSON."""
    if use.action == "respond" and use.name == "json" and use.arguments:
        for value in use.arguments[0]:
            yield from _inside(value)
        return
    hono = use.action == "escape" and use.name == "json" and _framework(use) == "hono"
    itty = use.action == "return" and isinstance(use.value, TableValue) and _framework(use) == "itty"
    if hono or itty:
        yield from _inside(use.value)


def _inside(value: Value | None) -> Iterator[ResponseValue]:
    if isinstance(value, ResponseValue):
        yield value
    elif isinstance(value, Pending):
        for item in value.inner:
            yield from _inside(item)
    elif isinstance(value, (TableValue, ArrayValue)):
        for held in value.fields.values() if isinstance(value, TableValue) else value.items:
            for item in held:
                if isinstance(item, (ResponseValue, Pending)):
                    yield from _inside(item)


def _framework(use: Use) -> str | None:
    """The router whose handler a use stands in."""
    for _, test in use.where.facts:
        if isinstance(test, PathTest) and test.application is not None:
            return test.application.framework
    return None
