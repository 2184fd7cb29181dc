"""A response with a WebSocket and another status than 101.

## What it does
Finds `new Response(…)` with a `webSocket` whose `status` is missing or is not 101.

## Why it fails
The status defaults to 200, and the constructor throws `RangeError: Responses with a WebSocket must have status
code 101`: the handshake answers 500. Older advice to leave the status out no longer works.

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
    return new Response(null, { webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
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
  webSocketMessage(ws, message) {
    ws.send(message);
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
- The status is a variable, or comes with a spread.

## Source
- https://github.com/honojs/hono/issues/2883
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.rules.mends import written
from wslint.runtime import words
from wslint.source import tree
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS405",
    "socket-without-status-101",
    Severity.ERROR,
    causes=("H06", "FW03"),
    languages=("javascript", "python"),
    fix="safe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.WITH_SOCKET):
        init = thrown.receiver.place if thrown.receiver is not None else None
        entries = written(worker, init) if init is not None else None
        status = next((entry.value for entry in entries or () if entry.key == "status"), None)
        place = Span(thrown.place.file, status.start, status.end) if status is not None else None
        yield RULE.finding(
            place or thrown.place,
            "the handshake answers 500: `RangeError: Responses with a WebSocket must have status code 101`",
            help="add `status: 101`",
            fix=_fix(init, entries, place) if init is not None and entries else None,
        )


def _fix(init: Span, entries: list[tree.TableEntry], status: Span | None) -> Fix | None:
    """Write 101 for another number, or a status where there is none."""
    if status is not None:
        return Fix("write 101", "safe", (Edit(status, "101"),)) if status.text.isdigit() else None
    start = entries[0].key_start
    text = "status=101, " if init.file.path.suffix == ".py" else "status: 101, "
    return Fix(f"add `{text[:-2]}`", "safe", (Edit(Span(init.file, start, start), text),))
