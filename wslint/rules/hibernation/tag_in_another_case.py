"""Sockets that are tagged in lower case, and asked for as the client writes it.

## What it does
Plays the class and compares the tags that are given with those that are asked for: a name that goes through
`toLowerCase()` (or `toUpperCase()`) before `acceptWebSocket`, and does not before `getWebSockets`.

## Why it fails
Tags are compared sign by sign. A name that a client writes with a capital letter matches no tag: the list is empty, and
whoever is meant receives nothing.

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
    const name = (new URL(request.url).searchParams.get("name") ?? "Hello").slice(0, 40);
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [name.toLowerCase()]);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    const to = String(message);
    ws.send(`${this.ctx.getWebSockets(to).length} called ${to}`);
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
    const name = (new URL(request.url).searchParams.get("name") ?? "Hello").slice(0, 40);
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [name.toLowerCase()]);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    const to = String(message);
    ws.send(`${this.ctx.getWebSockets(to.toLowerCase()).length} called ${to}`);
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
- Some tag is given as it was written, or not all tags are known.
- The class asks in that case anywhere.
- What is asked for is no piece of a message, or was checked before.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#getwebsockets
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import tags
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS670",
    "tag-in-another-case",
    Severity.WARNING,
    causes=("S15",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS645",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for found in tags.other_case(life):
            labels = (
                (Label(found.given.head(), f"given in {found.case} case here"),)
                if found.given is not None
                else ()
            )
            letter = "a capital" if found.case == "lower" else "a small"
            yield RULE.finding(
                found.place.head(),
                f"a name that a client writes with {letter} letter finds no socket here: the tags are in {found.case} case",
                labels=labels,
                help=f"ask in {found.case} case too",
                within=found.within,
            )
