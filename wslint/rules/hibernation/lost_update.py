"""A stored value that is written back after other events could run.

## What it does
Finds a value that is read from storage, something outside that is then awaited, and what was read written back.

## Why it fails
While an answer from outside is awaited other events run: two that read the same value both write theirs, and one
change is lost.

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
    if (request.headers.get("Upgrade") !== "websocket") {
      await scheduler.wait(800);
      return new Response("paid");
    }
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws) {
    ws.send("one moment");
    const sold = (await this.ctx.storage.get("sold")) ?? 0;
    await this.env.MATCH.getByName("till").fetch("https://till/charge");
    await this.ctx.storage.put("sold", sold + 1);
    ws.send(`sold ${sold + 1}`);
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
    if (request.headers.get("Upgrade") !== "websocket") {
      await scheduler.wait(800);
      return new Response("paid");
    }
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws) {
    ws.send("one moment");
    await this.env.MATCH.getByName("till").fetch("https://till/charge");
    const sold = (await this.ctx.storage.get("sold")) ?? 0;
    await this.ctx.storage.put("sold", sold + 1);
    ws.send(`sold ${sold + 1}`);
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
- Only storage is awaited between: the input gate keeps other events out.
- The value is read again before it is written.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS665",
    "lost-update",
    Severity.WARNING,
    causes=("S17",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for lost in laws.lost_updates(life):
            labels = [
                Label(span.head(), text)
                for span, text in ((lost.read, "read here"), (lost.gap, "others run here"))
                if span
            ]
            yield RULE.finding(
                lost.place.head(),
                f"two events at once lose one change of `{lost.key}`: it was read before something outside was awaited",
                labels=tuple(labels),
                help="read it after the wait, right before it is written",
                within=lost.within,
            )
