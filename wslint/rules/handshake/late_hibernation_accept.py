"""Hibernation after the response has left.

## What it does
Finds `ctx.acceptWebSocket(…)` in a timer's callback, or in asynchronous work that waits for a timer, a fetch or another
object, where the 101 is returned without waiting for it: `ctx.waitUntil(…)` holds up no answer.

## Why it fails
By then the other end has left with the response, and the call throws `Cannot call acceptWebSocket() on this
WebSocket because its pair has already been accepted or used in a Response`. The client is connected to
nobody.

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
    setTimeout(() => this.ctx.acceptWebSocket(server), 100);
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
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- `server.accept()`, which may come late.
- The function awaits something before it returns.
- The work only reads storage before it accepts: what is at hand comes before the answer leaves.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#acceptwebsocket
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import late_laws
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.values import End
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.upgrade import pairs
from wslint.values.event import Accepted
from wslint.worker import Worker

RULE = Rule("WS427", "late-hibernation-accept", Severity.ERROR, causes=("A03",), languages=("javascript",))


_SAID = (
    "this throws: by then the other end has left with the response, and the socket can't hibernate any more"
)
_HELP = "call `acceptWebSocket` before the 101 is returned"


def check(worker: Worker) -> Iterator[Outcome]:
    seen: set[Span] = set()
    for late in late_laws.late(worker):
        if isinstance(late.event, Accepted):
            seen.add(late.place.head())
            yield RULE.finding(late.place, _SAID, help=_HELP)
    for span in _in_timers(worker):
        if span.head() not in seen:
            yield RULE.finding(span, _SAID, help=_HELP)


def _in_timers(worker: Worker) -> Iterator[Span]:
    if worker.flow is None:
        return
    late = [use for use in worker.flow.uses if use.action == "hibernate" and use.where.deferred == "timer"]
    waits: dict[int, bool] = {}
    for made, pair in pairs(worker) if late else ():
        function = made.where.function
        if made.where.deferred is not None or function is None:
            continue
        if id(function) not in waits:
            waits[id(function)] = any(isinstance(node, tree.Await) for node in nodes_in(function))
        for use in late if not waits[id(function)] else ():
            if isinstance(use.value, End) and use.value.pair is pair and _is_sent(worker, pair.ends):
                yield use.span


def _is_sent(worker: Worker, ends: tuple[End, ...]) -> bool:
    """Whether an end goes into a response, undelayed."""
    assert worker.flow is not None
    return any(
        use.name == "respond" and not use.where.deferred
        for end in ends
        for use in worker.flow.of(end, "call")
    )
