"""A message that is `undefined`.

## What it does
Plays what clients may do and finds `send` calls whose message has no value then.

## Why it fails
A socket writes what is no text as one: the client receives the word `undefined`, which no client expects.

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
    const answers = new Map([["hello", "hi"]]);
    ws.send(answers.get(message));
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
    const answers = new Map([["hello", "hi"]]);
    ws.send(answers.get(message) ?? "what?");
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
- What is missing rests on storage, time or another server, not on the client.
- A function's parameter that nobody fills in a play is filled elsewhere.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/#send
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import message_laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS568",
    "undefined-sent",
    Severity.WARNING,
    causes=("P06",),
    languages=("javascript",),
    gives_way_to=("WS506",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for found in message_laws.undefined(worker):
        yield RULE.finding(
            found.place,
            f"the client receives the word {found.got}: the message has no value",
            help="send what is there, or say that there is nothing",
        )
