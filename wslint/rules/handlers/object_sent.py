"""An object that is sent as it is.

## What it does
Finds `ws.send({…})`, `ws.send([…])`, and `ws.send(ws)`: a socket given to `send`.

## Why it fails
A socket sends texts and buffers. Anything else is turned into a text without an error: the client receives
`[object Object]`, an array becomes `1,2`. Python writes a dict as `{'a': 1}`, which `JSON.parse` refuses, and bytes as
the text `b'ab'`.

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
    ws.send({ type: "echo", message });
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
    ws.send(JSON.stringify({ type: "echo" }));
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
- The value is a text, a buffer, or unknown.
- Python: the value is a list or goes through `to_js`.

## Source
- https://developer.mozilla.org/docs/Web/API/WebSocket/send
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ArrayValue, ClientSocket, End, HandlerSocket, TableValue, Value
from wslint.worker import Worker

RULE = Rule("WS516", "object-sent", Severity.ERROR, causes=("P06",), languages=("javascript", "python"))


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "send" or len(use.arguments) != 1 or len(use.arguments[0]) != 1:
            continue
        if use.span.file.path.suffix == ".rs":  # there `send` writes JSON
            continue
        value = use.arguments[0][0]
        if _may_be_text(use, value):
            continue
        if worker.is_python and not isinstance(value, (HandlerSocket, End, ClientSocket)):
            yield from _python(use, value)
        elif isinstance(value, (HandlerSocket, End, ClientSocket)) and use.certain:
            if not _is_swapped(use):
                yield RULE.finding(
                    use.span,
                    "the client receives `[object WebSocket]`: this sends a socket, not a message",
                    help="send the message",
                )
        elif isinstance(value, (TableValue, ArrayValue)):
            got = "`[object Object]`" if isinstance(value, TableValue) else "its items joined by commas"
            yield RULE.finding(
                use.span,
                f"the client receives {got}: a socket sends texts and buffers only",
                help="send `JSON.stringify(…)`",
            )


def _python(use: Use, value: Value) -> Iterator[Outcome]:
    """A list is written as JSON mostly is, an empty dict always."""
    if isinstance(value, TableValue) and value.fields:
        yield RULE.finding(
            use.span,
            "the client receives Python's words for a dict, `{'…': …}`, which are no JSON",
            help="send `json.dumps(…)`",
        )


def _may_be_text(use: Use, value: Value) -> bool:
    """Whether the object comes from elsewhere and the function that sends looks at what it got, or writes it as text."""
    function = use.where.function
    if function is None or use.span.start <= value.span.start < use.span.end:
        return False
    body = use.span.file.data[function.start : function.end]
    return any(word in body for word in (b"typeof", b"instanceof", b"stringify", b"isView", b"isArray"))


def _is_swapped(use: Use) -> bool:
    """Whether the handler calls its socket the message: `wrong-handler-parameters` says so."""
    node = use.nodes[0] if use.nodes else None
    return isinstance(node, tree.Name) and node.name.lower() in ("message", "msg", "data", "text", "payload")
