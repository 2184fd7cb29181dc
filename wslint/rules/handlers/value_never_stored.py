"""A stored value that is read, and that nothing ever stores.

## What it does
Plays the first message to an object whose storage is still empty, and reports what it throws where a key or a row is
missing that no code ever puts there: the only code that would stands behind the line that throws.

## Why it fails
Every object begins with empty storage. The handler throws before it has stored anything, so the next message finds
nothing either: in an object to which no older version of the code has written, no client ever gets an answer.

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
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS score (id INTEGER PRIMARY KEY, n INTEGER)");
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws) {
    const { n } = this.ctx.storage.sql.exec("SELECT n FROM score WHERE id = 1").one();
    this.ctx.storage.sql.exec("UPDATE score SET n = ? WHERE id = 1", n + 1);
    ws.send(`${n + 1}`);
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
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS score (id INTEGER PRIMARY KEY, n INTEGER)");
    ctx.storage.sql.exec("INSERT OR IGNORE INTO score VALUES (1, 0)");
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws) {
    const { n } = this.ctx.storage.sql.exec("SELECT n FROM score WHERE id = 1").one();
    this.ctx.storage.sql.exec("UPDATE score SET n = ? WHERE id = 1", n + 1);
    ws.send(`${n + 1}`);
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
- Other code writes the key or fills the table, a request or another message for example, or may do so.
- The missing value has a default.

## Source
- https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play.never_stored import never_stored
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS577",
    "value-never-stored",
    Severity.WARNING,
    causes=("L14",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS512", "WS519", "WS560", "WS807"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for found in never_stored(worker):
        lacking = found.lacking
        what = f"the key `{lacking.name}`" if lacking.kind == "key" else f"a row of `{lacking.name}`"
        where = f" where {found.when}" if found.when else ""
        yield RULE.finding(
            found.place.head(),
            f"in a new object this throws `{found.text}`{where}: nothing ever stores {what}",
            help="store it before, or have a default for what is missing",
            within=found.within,
        )
