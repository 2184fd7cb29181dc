"""A status that a response can't have.

## What it does
Finds `new Response(body, { status })` and `Response.json` with a status that is no number from 200 to 599.

## Why it fails
The constructor throws `RangeError: Responses may only be constructed with status codes in the range 200 to 599,
inclusive`, and the request answers 500 in place of what was meant.

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
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

const json = (body, status = 200) => Response.json(body, { status });

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return json(404, { error: "not found" });
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
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

const json = (body, status = 200) => Response.json(body, { status });

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return json({ error: "not found" }, 404);
  },
};
```

## Not a finding when
- The status is 101: the rules of the handshake speak of that.
- The status is unknown, or a text of digits.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/response/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.rules.mends import node_at
from wslint.runtime import response, words
from wslint.source import tree
from wslint.text import Span
from wslint.values.heap import Object
from wslint.worker import Worker

RULE = Rule("WS455", "refused-status", Severity.ERROR, languages=("javascript",), needs=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.RANGE):
        init = thrown.receiver
        given = response.given(init, "status")
        if init is None or init.kind == "Response" or given == response.SWITCHING:
            continue
        status = (given.place if isinstance(given, Object) else _written(worker, init)) or thrown.place
        shown = " ".join(status.text.split())
        yield RULE.finding(
            status,
            f"the {thrown.request} answers 500: `RangeError: Responses may only be constructed with status codes in the range 200 "
            f"to 599`, and this status is {f'`{shown}`' if len(shown) < 40 else 'no number'}",
            labels=()
            if thrown.place.start <= status.start < thrown.place.end
            else (Label(thrown.place, "used here"),),
        )


def _written(worker: Worker, init: Object) -> Span | None:
    """Where the init that is written out gives its status."""
    table = node_at(worker, init.place, tree.Table) if init.place is not None else None
    entry = table.get("status") if table is not None else None
    return (
        Span(init.place.file, entry.value.start, entry.value.end)
        if entry is not None and init.place
        else None
    )
