"""Work in the constructor that every wake repeats.

## What it does
Finds alarms that are set, rows that are inserted and storage that is emptied by the constructor, on every way
through it; and what can be done only once, such as `CREATE TABLE` without `IF NOT EXISTS`.

## Why it fails
The constructor runs again each time the object wakes: rows double, the alarm is moved, what was stored is gone. Where
it throws then, the object never wakes: its clients are cut off, and nobody can come in any more.

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
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS rounds (name TEXT)");
    ctx.storage.sql.exec("INSERT INTO rounds VALUES ('first')");
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws) {
    ws.send(`${this.ctx.storage.sql.exec("SELECT count(*) AS n FROM rounds").one().n} rounds`);
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
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS rounds (name TEXT PRIMARY KEY)");
    ctx.storage.sql.exec("INSERT OR IGNORE INTO rounds VALUES ('first')");
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws) {
    ws.send(`${this.ctx.storage.sql.exec("SELECT count(*) AS n FROM rounds").one().n} rounds`);
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
- It is done only where storage says that it was not done yet.
- The statement bears being repeated (`IF NOT EXISTS`, `ON CONFLICT`, `OR IGNORE`).

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS661",
    "repeated-constructor-work",
    Severity.WARNING,
    causes=("S18",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS5", "WS6", "WS8", "WS9"),
)


_HELP = {
    "moves the alarm": "set it only where `getAlarm()` gives nothing, or in `fetch` and the handlers",
    "ends in": "write `IF NOT EXISTS`, or look whether it was done already",
    "deletes everything that is stored": "do it where the last client has left, or in the alarm",
}


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for again in laws.repeated(life):
            yield RULE.finding(
                again.place.head(),
                f"every wake after hibernation {again.what}: the constructor of `{life.name}` runs again",
                help=_HELP.get(
                    again.what.partition(" `")[0],
                    "look whether it was done already, or do it where the first event comes",
                ),
                within=again.within,
            )
