"""An error thrown inside blockConcurrencyWhile.

## What it does
Finds `throw` in a function that a handler gives to `blockConcurrencyWhile`, outside a `try`, and what else throws
there for what a client sends: a message that is no JSON, a call that the runtime refuses.

## Why it fails
An error that leaves this function resets the object: every socket of it closes with 1006, not only the one
whose message failed. A `try` around the call does not help.

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
  async webSocketMessage(ws, message) {
    await this.ctx.blockConcurrencyWhile(async () => {
      if (message === "") throw new Error("empty");
      await this.ctx.storage.put("last", message);
    });
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
  async webSocketMessage(ws, message) {
    if (message === "") return ws.send("empty");
    await this.ctx.blockConcurrencyWhile(async () => {
      await this.ctx.storage.put("last", message);
    });
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
- A `try` inside the function catches it.
- The constructor calls `blockConcurrencyWhile`: an object that can't start is meant to fail.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#blockconcurrencywhile
- https://github.com/cloudflare/workerd/issues/1088
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import listener_laws
from wslint.rules import Outcome, Rule
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS519",
    "throwing-gate",
    Severity.WARNING,
    causes=("L16",),
    languages=("javascript", "python"),
)

_EVENTS = frozenset({"fetch", "alarm", "webSocketMessage", "webSocketClose", "webSocketError"})


def check(worker: Worker) -> Iterator[Outcome]:
    seen: list[Span] = []
    for use in worker.flow.uses if worker.flow else ():
        gated = use.where.deferred == "constructor-gate" and use.where.handler in _EVENTS
        if use.action == "throw" and gated and not use.where.tried and use.where.cls is not None:
            seen.append(use.span)
            yield RULE.finding(
                use.span,
                "when this is thrown every socket of the object closes with 1006: an error in "
                "`blockConcurrencyWhile` resets it",
                help="check before the call, or catch the error inside the function",
            )
    for life in worker.lives:
        for found in listener_laws.resets(life):
            if any(
                span.file is found.place.file and span.start <= found.place.start < span.end for span in seen
            ):
                continue
            seen.append(found.place)
            where = f", where {found.when}," if found.when else ""
            yield RULE.finding(
                found.place.head(),
                f"when this throws{where} every socket of the object closes with 1006: an error in "
                "`blockConcurrencyWhile` resets it",
                help="check before the call, or catch the error inside the function",
                within=found.within,
            )
