"""A body on the request that asks for the handshake.

## What it does
Finds requests that are built for a Durable Object from the incoming one with a `body` of their own and
without another `method`, where the object answers handshakes.

## Why it fails
A handshake is a GET, and a GET can't have a body, not even an empty one: `new Request` throws `TypeError: Request
with a GET or HEAD method cannot have a body.` and the handshake answers 500.

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

export default {
  async fetch(request, env) {
    const stub = env.MATCH.getByName("lobby");
    const body = await request.text();
    return stub.fetch(new Request(request, { body }));
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
    const stub = env.MATCH.getByName("lobby");
    return stub.fetch(request);
  },
};
```

## Not a finding when
- The body is the request's own, `request.body`: a GET has none, and `null` is allowed.
- `method` is given too, or a condition says that the request is no handshake.
- Another forward of the Worker takes the handshakes.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/request/
- workerd 1.20261117.1, run: a text, an empty text, a buffer, `null`, `request.body`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Forward, Use
from wslint.source.flow.values import (
    ArrayValue,
    LiteralValue,
    Member,
    RequestValue,
    ResponseValue,
    TableValue,
    TextValue,
    Value,
)
from wslint.text import Span
from wslint.upgrade import forwarded_upgrade, forwards, reaches_upgrade
from wslint.worker import Worker

RULE = Rule("WS439", "body-on-upgrade-request", Severity.ERROR, causes=("F11",), languages=("javascript",))

_READ = frozenset({"text", "arrayBuffer", "blob", "bytes", "formData"})


def check(worker: Worker) -> Iterator[Outcome]:
    built = [use for use in (worker.flow.uses if worker.flow else ()) if use.name == "new Request"]
    for use, forward, _ in forwards(worker):
        if not _is_handshake(worker, use, forward):
            continue
        given = forward.arguments[0] if forward.arguments else ()
        places = [one for one in built if any(one.value is value for value in given) and not one.where.tried]
        for place in (use, *places):
            body = _body(place)
            if body is not None and _is_handshake(worker, place, forward):
                yield RULE.finding(
                    body,
                    "the handshake answers 500: `Request with a GET or HEAD method cannot have a body`, and each "
                    "handshake is a GET",
                    labels=() if place is use else (Label(use.span.head(), "forwarded here"),),
                    help="forward the request as it is: `stub.fetch(request)`",
                )


def _is_handshake(worker: Worker, use: Use, forward: Forward) -> bool:
    """Whether a use runs for handshakes that this forward, and no other, takes to their object."""
    if use.where.tried or use.where.holds("method-post") or not reaches_upgrade(use):
        return False
    return forwarded_upgrade(worker, ResponseValue(use.span, forward)) == "yes"


def _body(use: Use) -> Span | None:
    """The body that the init of a request surely has."""
    init = use.arguments[1] if len(use.arguments) > 1 else ()
    table = init[0] if len(init) == 1 else None
    if not isinstance(table, TableValue) or not table.closed or "body" not in table.fields:
        return None
    if "method" in table.fields and not all(_is_get(value) for value in table.fields["method"] or (None,)):
        return None
    entry = table.node.get("body") if table.node is not None else None
    if entry is None or not _is_something(table.fields["body"], entry.value):
        return None
    return Span(table.span.file, entry.start, entry.end)


def _is_get(value: Value | None) -> bool:
    if isinstance(value, LiteralValue):
        return value.value == "GET"
    return isinstance(value, Member) and isinstance(value.of, RequestValue) and value.name == "method"


def _is_something(values: tuple[Value, ...], node: tree.Expression) -> bool:
    """Whether a body is surely not null: a text, what was read from a request, or JSON."""
    match node:
        case tree.Call(function=tree.Member(object=tree.Name(name="JSON"), name="stringify")):
            return True
    return bool(values) and all(
        isinstance(value, (TextValue, TableValue, ArrayValue))
        or (isinstance(value, LiteralValue) and value.value is not None and not value.is_undefined)
        or (isinstance(value, Member) and isinstance(value.of, RequestValue) and value.name in _READ)
        for value in values
    )
