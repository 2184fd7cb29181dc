"""A synchronous transaction around asynchronous work.

## What it does
Plays the class and finds `transactionSync` whose function gives a promise: an `async` one, mostly.

## Why it fails
The transaction ends when the function returns, and an `async` one returns at its first `await`, or at its end, with a
promise. What it throws only rejects that promise: nothing is rolled back, what was written stays. What comes after an
`await` is not part of the transaction at all, and the result is a promise where a value is meant.

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
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS moves (text TEXT)");
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws, message) {
    const { sql } = this.ctx.storage;
    try {
      await this.ctx.storage.transactionSync(async () => {
        sql.exec("INSERT INTO moves VALUES (?)", String(message));
        if (message === "illegal") throw new Error("an illegal move");
      });
    } catch {
      console.log("refused");
    }
    ws.send(`${sql.exec("SELECT count(*) AS n FROM moves").one().n} moves`);
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
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS moves (text TEXT)");
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws, message) {
    const { sql } = this.ctx.storage;
    try {
      this.ctx.storage.transactionSync(() => {
        sql.exec("INSERT INTO moves VALUES (?)", String(message));
        if (message === "illegal") throw new Error("an illegal move");
      });
    } catch {
      console.log("refused");
    }
    ws.send(`${sql.exec("SELECT count(*) AS n FROM moves").one().n} moves`);
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
- The function is an ordinary one, or it is `transaction` that gets an asynchronous one.

## Source
- https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#transactionsync
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play.handshake_laws import machines_of
from wslint.rules import Outcome, Rule
from wslint.text import Span
from wslint.values.event import Unsynced
from wslint.worker import Worker

RULE = Rule(
    "WS647",
    "asynchronous-sync-transaction",
    Severity.WARNING,
    languages=("javascript",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or not any(b"transactionSync" in file.data for file in worker.source.files):
        return
    seen: set[Span] = set()
    for machine in machines_of(worker):
        for event in machine.events:
            if isinstance(event, Unsynced) and event.place is not None and event.place not in seen:
                seen.add(event.place)
                yield RULE.finding(
                    event.place.head(),
                    "nothing is rolled back where this fails, and what follows an `await` is outside of the "
                    "transaction: the function gives a promise, and `transactionSync` does not wait",
                    help="give it a function that is not `async`, or use `await storage.transaction(async () => …)`",
                )
