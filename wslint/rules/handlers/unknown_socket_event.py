"""A listener for an event that sockets do not have.

## What it does
Finds `addEventListener` on a socket with a name other than `message`, `close`, `error` and `open`.

## Why it fails
Names of events are compared letter by letter, and an unknown one is no error: the listener never runs. The
handshake answers 101, and messages vanish.

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
    server.addEventListener("onmessage", (event) => server.send(event.data));
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
    server.addEventListener("message", (event) => server.send(event.data));
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
- The file dispatches events itself: `dispatchEvent`.
- The name is not written out.
- The socket is one of another library.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/#events
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.settings import nearest
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, End
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS547",
    "unknown-socket-event",
    Severity.ERROR,
    causes=("A04",),
    languages=("javascript",),
    fix="safe",
    needs=("uses listen",),
)

_EVENTS = ("message", "close", "error", "open")


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "listen" or not use.name or use.name in _EVENTS or not use.certain:
            continue
        if not isinstance(use.value, (End, ClientSocket)) or b"dispatchEvent" in use.span.file.data:
            continue
        near = nearest(use.name.lower().removeprefix("on"), _EVENTS)
        yield RULE.finding(
            use.span,
            f"this listener never runs: a socket has no event `{use.name}`"
            + (", so messages vanish" if near == "message" else ""),
            help=f'listen to "{near}"' if near else "the events of a socket are message, close and error",
            fix=Fix(f"listen to {near}", "safe", (Edit(place, near),))
            if near and (place := _name(use))
            else None,
        )


def _name(use: Use) -> Span | None:
    """Where the name is written, within its quotes; None where it is not a plain text."""
    if not use.nodes:
        return None
    start, end = use.nodes[0].start + 1, use.nodes[0].end - 1
    span = Span(use.span.file, start, end)
    return span if span.text == use.name else None
