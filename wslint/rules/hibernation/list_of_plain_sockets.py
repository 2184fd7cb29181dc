"""`getWebSockets()` in a class whose sockets it never lists.

## What it does
Finds classes that call `getWebSockets()` and accept their sockets only with `accept()`.

## Why it fails
Only sockets accepted with `acceptWebSocket` are listed: the list is always empty, and nobody gets the message.

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
    server.addEventListener("message", () => {});
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    for (const other of this.ctx.getWebSockets()) other.send(message);
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
    for (const other of this.ctx.getWebSockets()) {
      try {
        other.send(message);
      } catch {}
    }
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
- Some place in the class calls `acceptWebSocket`, or a base class from a package may.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#getwebsockets
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import listener_laws
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import End
from wslint.text import Span
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS614",
    "list-of-plain-sockets",
    Severity.ERROR,
    causes=("S14",),
    languages=("javascript", "python", "rust"),
    needs=("uses accept",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    seen: list[Span] = []
    for cls in durable_classes(worker):
        if not cls.base_known or any(use.action == "hibernate" for use in cls.uses):
            continue
        plain = [use for use in cls.uses if use.action == "accept" and isinstance(use.value, End)]
        escaped = any(use.action == "escape" and isinstance(use.value, End) for use in cls.uses)
        for use in cls.uses if plain and not escaped else ():
            if use.action == "call" and use.name == "getWebSockets" and use.value is None:
                seen.append(use.span)
                yield _finding(use.span, plain[0].span)
    for place, accepted in listener_laws.always_empty(worker):
        if not any(
            span.file is place.file and span.start < place.end and place.start < span.end for span in seen
        ):
            seen.append(place)
            yield _finding(place, accepted)


def _finding(place: Span, accepted: Span) -> Outcome:
    return RULE.finding(
        place,
        "this list is always empty: it holds only sockets accepted with `acceptWebSocket`",
        labels=(Label(accepted, "accepted with `accept()` here"),),
        help="accept with `this.ctx.acceptWebSocket(server)`",
    )
