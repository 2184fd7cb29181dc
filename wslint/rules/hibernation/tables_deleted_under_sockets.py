"""Everything is deleted while sockets are open, and their next message needs a table.

## What it does
Plays a request or an alarm that calls `deleteAll()`, and then a message of a socket that was open before.

## Why it fails
`deleteAll()` drops the tables too. The object stays in memory, so that the constructor does not make them again: until
it is evicted, every message fails with `no such table`.

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
    this.prepare();
  }
  prepare() {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT)");
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    await this.ctx.storage.setAlarm(Date.now() + 1_000);
    return new Response(null, { status: 101, webSocket: client });
  }
  async alarm() {
    await this.ctx.storage.deleteAll();
  }
  webSocketMessage(ws, message) {
    this.ctx.storage.sql.exec("INSERT INTO note (text) VALUES (?)", String(message));
    ws.send("saved");
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
    this.prepare();
  }
  prepare() {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT)");
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    await this.ctx.storage.setAlarm(Date.now() + 1_000);
    return new Response(null, { status: 101, webSocket: client });
  }
  async alarm() {
    await this.ctx.storage.deleteAll();
    this.prepare();
  }
  webSocketMessage(ws, message) {
    this.ctx.storage.sql.exec("INSERT INTO note (text) VALUES (?)", String(message));
    ws.send("saved");
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
- The sockets are closed as well, or the tables are made again.
- What leads to `deleteAll()` rests on storage, time or code that is not read.

## Source
- https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#deleteall
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import emptied
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS671",
    "tables-deleted-under-sockets",
    Severity.WARNING,
    causes=("L14",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS4",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for found in emptied.emptied(life):
            labels = (
                (Label(found.deleted.head(), "everything is deleted here"),)
                if found.deleted is not None
                else ()
            )
            yield RULE.finding(
                found.place.head(),
                f"a socket that stays open over `deleteAll()` gets `{found.text}` here: no table is there until the object "
                "is evicted",
                labels=labels,
                help="close the sockets before, or make the tables again after it",
                within=found.within,
            )
