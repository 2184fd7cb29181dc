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
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ArrayValue, LiteralValue, TableValue, Value
from wslint.worker import Worker

RULE = Rule("WS455", "refused-status", Severity.ERROR, languages=("javascript",), needs=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language not in ("javascript", "typescript"):
        return
    seen: set[tuple[object, int]] = set()
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "respond" or use.where.tried:
            continue
        status = _status(use)
        place = (status.span.file.path, status.span.start) if status is not None else None
        if status is None or place is None or place in seen or not _is_refused(status):
            continue
        seen.add(place)
        shown = " ".join(status.span.text.split())
        yield RULE.finding(
            status.span,
            "the request answers 500: `RangeError: Responses may only be constructed with status codes in the range 200 "
            f"to 599`, and this status is {f'`{shown}`' if len(shown) < 40 else 'no number'}",
            labels=()
            if use.span.file is status.span.file and _within(status, use)
            else (Label(use.span, "used here"),),
        )


def _status(use: Use) -> Value | None:
    """The one value that the init gives as status."""
    init = use.arguments[1] if len(use.arguments) > 1 else ()
    table = init[0] if len(init) == 1 else None
    values = table.fields.get("status", ()) if isinstance(table, TableValue) else ()
    return values[0] if len(values) == 1 else None


def _is_refused(status: Value) -> bool:
    if isinstance(status, (TableValue, ArrayValue)):
        return True
    if not isinstance(status, LiteralValue) or status.is_undefined:
        return False
    given = status.value
    if isinstance(given, str):
        return not any(character.isdigit() for character in given)
    return (
        isinstance(given, (int, float))
        and not isinstance(given, bool)
        and given != 101
        and not 200 <= given < 600
    )


def _within(status: Value, use: Use) -> bool:
    return use.span.start <= status.span.start < use.span.end
