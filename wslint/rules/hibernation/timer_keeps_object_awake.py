"""A timer that keeps an object in memory whose sockets could hibernate.

## What it does
Finds timers and waits of ten seconds and more in the code of an object with hibernatable sockets.

## Why it fails
An object with a pending timer is not evicted: it is paid for all the time, and a deploy or a crash takes the timer
with it.

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

let made = 0;

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    console.log(`object number ${++made}`);
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    this.ctx.waitUntil(this.remind(ws));
    ws.send(message);
  }
  async remind(ws) {
    await scheduler.wait(60_000);
    ws.send("still there?");
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

let made = 0;

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    console.log(`object number ${++made}`);
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws, message) {
    await this.ctx.storage.setAlarm(Date.now() + 60_000);
    ws.send(message);
  }
  alarm() {
    for (const ws of this.ctx.getWebSockets()) ws.send("still there?");
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
- The timer is shorter than the time after which an idle object is evicted.
- The sockets do not hibernate.
- It rejects the promise that it is set in: a deadline for an answer, which the code waits for anyway.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.machine.modules import lowered
from wslint.play import laws
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS664",
    "timer-keeps-object-awake",
    Severity.WARNING,
    causes=("S06",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for pin in laws.pinned(life):
            if _is_deadline(worker, pin.place):
                continue
            yield RULE.finding(
                pin.place.head(),
                f"{pin.what} keeps the object in memory: it can't hibernate meanwhile, and a deploy loses the timer",
                help="set an alarm: `this.ctx.storage.setAlarm(Date.now() + ms)`",
                within=pin.within,
            )


def _is_deadline(worker: Worker, place: Span) -> bool:
    """Whether the timer only gives up an answer that the code waits for: it rejects the promise that it is set in."""
    module = lowered(worker, place.file)
    for node in nodes_in(module.body) if module is not None else ():
        if not isinstance(node, tree.Call) or not node.new or not node.arguments:
            continue
        executor = node.arguments[0]
        if not (isinstance(executor, tree.Function) and node.start <= place.start < node.end):
            continue
        patterns = [parameter.pattern for parameter in executor.parameters[1:2]]
        names = {pattern.name for pattern in patterns if isinstance(pattern, tree.Name)}
        if any(
            isinstance(inner, tree.Call)
            and isinstance(inner.function, tree.Name)
            and inner.function.name in names
            and place.start <= inner.start < place.end
            for inner in nodes_in(executor.body)
        ):
            return True
    return False
