"""A listener that throws at what a client may do.

## What it does
Plays messages and closes of clients with sockets that were accepted with `accept()`, in the Worker and in Durable
Objects, and finds what their listeners throw, and where Rust's tasks panic, with nothing around it that catches it.

## Why it fails
What a listener throws ends the request that the socket belongs to: the client is cut off with 1006. An `async`
listener's exception goes nowhere, and the client waits for an answer. In Rust one task serves all events of a socket:
when it panics, nobody answers any more, closes included.

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
    server.accept();
    server.addEventListener("message", (event) => {
      if (event.data === "") throw new Error("nothing said");
      server.send(event.data);
    });
    return new Response(null, { status: 101, webSocket: client });
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
    server.accept();
    server.addEventListener("message", (event) => {
      if (event.data === "") return server.send("nothing said");
      server.send(event.data);
    });
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- A `try` or `.catch` takes it.
- It is a last word to the very socket that was closed just before.
- An `async` listener throws it itself: that only ends the listener.
- What is thrown rests on storage, time or another server, not on the client.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import listener_laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS564",
    "throwing-listener",
    Severity.WARNING,
    causes=("L10", "L12", "L13", "L15"),
    languages=("javascript", "python", "rust"),
    gives_way_to=("WS4", "WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for talk in worker.conversations:
        for found in (*listener_laws.cut_off(talk), *listener_laws.panics(talk)):
            where = f" where {found.when}" if found.when else ""
            yield RULE.finding(
                found.place.head(),
                f"this throws `{found.text}`{where}: {found.outcome}",
                help="check it before, or catch it and answer",
                within=found.within,
            )
