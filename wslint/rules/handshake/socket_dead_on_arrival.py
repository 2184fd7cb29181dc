"""A handshake that opens a socket which is of no use.

## What it does
Plays a handshake for every address that the project's clients open and its routes take, and finds those that answer
101 with an end that the code has accepted itself, or whose other end nothing ever accepts.

## Why it fails
The 101 is sent before the runtime looks at the socket. An end that was accepted can't be handed out: the client is cut
off with 1006 some milliseconds later. An end whose other side is not accepted stays open and dumb: no message arrives,
and no close is answered. A rule that knows the mistake speaks instead of this one where there is one.

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
    const pair = new WebSocketPair();
    for (const end of Object.values(pair)) end.accept();
    pair[1].addEventListener("message", (event) => pair[1].send(event.data));
    return new Response(null, { status: 101, webSocket: pair[0] });
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
    const pair = new WebSocketPair();
    pair[1].accept();
    pair[1].addEventListener("message", (event) => pair[1].send(event.data));
    return new Response(null, { status: 101, webSocket: pair[0] });
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- Some handshakes of the address come out well.
- The end is kept by a field or the module, a timer runs later, or another socket is listened to: it may be accepted
  then.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import opened
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS476",
    "socket-dead-on-arrival",
    Severity.ERROR,
    causes=("A01", "A05", "F15", "F16", "H11"),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS4", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.front is not None or not worker.source:
        return
    for found in opened.dead(worker):
        if found.ending.span is not None:
            yield RULE.finding(
                found.ending.span.head(),
                f"a handshake for `{found.asked.text}` opens, {found.how}",
                help="accept one end of the pair, and give the other one to the client",
            )
