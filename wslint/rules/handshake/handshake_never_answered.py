"""A handshake that is never answered.

## What it does
Plays the handshake for each of the Worker's addresses, and reports those at which every way waits for a promise that
nothing settles: for a message of the socket that the 101 is still to open, or one whose `resolve` nobody calls, or for the answer of the
object itself while its `blockConcurrencyWhile` lets nobody in.

## Why it fails
A client sends nothing before it has the 101, and the code sends no 101 before it has a message: the handshake hangs
until the client gives up. Nothing stands in the log.

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
    const name = await new Promise((resolve) => {
      server.addEventListener("message", (event) => resolve(event.data));
    });
    server.addEventListener("message", (event) => server.send(`${name}: ${event.data}`));
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
    let name;
    server.addEventListener("message", (event) => {
      if (name === undefined) name = event.data;
      server.send(`${name}: ${event.data}`);
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
- The waiting is done by an async function that is not awaited, or in `ctx.waitUntil`.
- A timer may settle the promise too, or code that is not seen to be a listener of the pair.
- Another answer is possible.
- The object asks itself and does not wait for the answer, or asks another object.

## Source
- workerd 1.20261117.1, run.
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime.kept_resolver import A_MESSAGE, NOBODY
from wslint.runtime.waiting import ITS_SOCKET
from wslint.runtime.words import ASKS_ITSELF
from wslint.worker import Worker

RULE = Rule(
    "WS482",
    "handshake-never-answered",
    Severity.ERROR,
    causes=("A07", "A08", "A09"),
    languages=("javascript",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.front is not None:
        return
    for refusal in handshake_laws.unanswered_handshakes(worker):
        ending = refusal.ending
        if ending.text in (ITS_SOCKET, NOBODY, A_MESSAGE, ASKS_ITSELF) and ending.span is not None:
            yield RULE.finding(
                ending.span.head(),
                f"a handshake for `{refusal.asked.text}` is never answered: {ending.text}",
                help="ask from a handler, or call the method itself"
                if ending.text == ASKS_ITSELF
                else "return the 101 first, and wait in the listener",
            )
