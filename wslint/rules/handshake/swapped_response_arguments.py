"""A response's init in the place of its body.

## What it does
Finds `new Response({ status: … })` and `new Response({ webSocket: … }, …)`: the object with the status, the headers
or the socket as first argument; and a whole response in the place of the body.

## Why it fails
The first argument is the body. The object becomes the text `[object Object]` of a 200, and the socket is lost; with
a text in second place the call throws `constructor parameter 2 is not of type 'InitializerDict or Response'`, and
the request answers 500.

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
      return new Response({ status: 426 }, "expected a WebSocket");
    }
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
      return new Response("expected a WebSocket", { status: 426 });
    }
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
- The first argument is a text, a stream, `null`, or unknown.
- `Response.json({ status: "open" })`: there the object is the body.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/response/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import LiteralValue, ResponseValue, TableValue, TextValue
from wslint.worker import Worker

RULE = Rule(
    "WS453",
    "swapped-response-arguments",
    Severity.ERROR,
    causes=("H03",),
    languages=("javascript",),
    needs=("javascript",),
)

_INIT = frozenset({"status", "statusText", "headers", "webSocket"})


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language not in ("javascript", "typescript"):
        return
    seen: set[tuple[object, int]] = set()
    for use in worker.flow.uses if worker.flow else ():
        place = (use.span.file.path, use.span.start)
        if use.action == "respond" and not use.name and place not in seen and _is_response(use):
            seen.add(place)
            yield RULE.finding(
                use.span,
                "the body of the answer is the text `[object Response]`: what stands first is the body, not a response",
                help="write `new Response(response.body, response)`",
            )
        if use.action != "respond" or use.name or place in seen or not _is_init(use):
            continue
        second = use.arguments[1] if len(use.arguments) > 1 else ()
        throws = len(second) == 1 and (
            isinstance(second[0], TextValue)
            or (isinstance(second[0], LiteralValue) and isinstance(second[0].value, str))
        )
        if second and not throws and not (isinstance(second[0], LiteralValue) and second[0].value is None):
            continue
        if len(use.nodes) > 1 and not second:
            continue
        seen.add(place)
        yield RULE.finding(
            use.span,
            "this throws a TypeError and the request answers 500: the body comes first, then the init"
            if throws
            else "the answer is 200 with the text `[object Object]`: what stands first is the body, not the init",
            help="write `new Response(body, { status: … })`, with `null` for no body",
        )


def _is_init(use: Use) -> bool:
    """Whether the first argument is an object of nothing but what an init has, its status a number."""
    value = use.arguments[0][0] if use.arguments and len(use.arguments[0]) == 1 else None
    if not isinstance(value, TableValue) or not value.fields or not value.closed:
        return False
    status = value.fields.get("status", ())
    numeric = all(isinstance(item, LiteralValue) and isinstance(item.value, (int, float)) for item in status)
    return set(value.fields) <= _INIT and numeric


def _is_response(use: Use) -> bool:
    values = use.arguments[0] if use.arguments else ()
    return len(values) == 1 and isinstance(values[0], ResponseValue)
