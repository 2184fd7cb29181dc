"""A close code that is sent back as it came.

## What it does
Finds `ws.close(code, …)` in `webSocketClose` with the handler's own code, unchecked and outside a `try`; and a `close`
listener that sends the event's code on, through the same socket or to the one that it relays to.

## Why it fails
A browser's `close()` without arguments arrives as 1005, a lost connection as 1006. Neither may be sent:
`InvalidAccessError: Invalid WebSocket close code: 1005`. The handler ends there, the close is not answered, and the
client reports 1006 seconds later.

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
    ws.close(code, reason);
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
- The code is compared with something first, or `wasClean` is tested.
- The call stands in a `try`.

## Source
- https://github.com/cloudflare/partykit/pull/393
- https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
- workerd 1.20261117.1, run; the example in Cloudflare's documentation has this form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.mends import sendable_code
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, End, HandlerSocket, Message, Value
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS508",
    "reserved-close-code",
    Severity.WARNING,
    causes=("L10", "RS17"),
    languages=("javascript", "python", "rust"),
    fix="safe",
)


_THROWS = "this throws `InvalidAccessError: Invalid WebSocket close code: 1005` (or 1006)"
_HELP = "send 1000 in place of 1005, 1006 and 1015"


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        yield from _in_listener(worker, use)
        if use.action != "close" or use.where.tried or use.where.holds("code-checked") or not use.arguments:
            continue
        if (
            isinstance(use.value, HandlerSocket)
            and [value for value in use.arguments[0] if _is_code(value)] == [*use.arguments[0]] != []
        ):
            yield RULE.finding(
                use.span,
                f"when a client closes without a code, or is lost, {_THROWS} and the close is never answered",
                help=_HELP,
                fix=_fix(use),
            )


def _in_listener(worker: Worker, use: Use) -> Iterator[Outcome]:
    """The code of a socket's `close` event, sent on: through the same socket, or through the one that it is relayed to."""
    code = _code_sent(use)
    if code is None or code.socket is None or use.where.tried or use.where.holds("code-checked"):
        return
    if code.socket is use.value:
        if worker.flag_enabled("web_socket_auto_reply_to_close") is not False:
            return  # the runtime has answered by itself
        what = "the close is never answered"
    else:
        what = "the socket on the other side stays open"
    who = "this socket" if isinstance(code.socket, ClientSocket) else "a client"
    yield RULE.finding(
        use.span, f"when {who} closes without a code, or is lost, {_THROWS} and {what}", help=_HELP
    )


def _code_sent(use: Use) -> Message | None:
    """What a `close` of a socket is given, if that is an event's code."""
    if use.action == "close" and isinstance(use.value, (End, ClientSocket)) and use.arguments:
        values = use.arguments[0]
    elif use.action == "escape" and use.name == "close" and use.value is not None and _is_socket(use):
        values = (use.value,)
    else:
        return None
    if len(values) != 1 or not _is_code(values[0]):
        return None
    assert isinstance(values[0], Message)
    return values[0]


def _is_socket(use: Use) -> bool:
    """Whether the code goes as it is to the `close` of a socket of which nothing else is known: code accepts it, too."""
    call = use.nodes[0] if use.nodes else None
    receiver = (
        call.function.object
        if isinstance(call, tree.Call) and isinstance(call.function, tree.Member)
        else None
    )
    if (
        not isinstance(call, tree.Call)
        or not isinstance(receiver, tree.Name)
        or call.arguments[0].start != use.span.start
        or not isinstance(call.arguments[0], tree.Member)
        or call.arguments[0].name != "code"
    ):
        return False
    return (
        re.search(
            rb"\b" + re.escape(receiver.name.encode()) + rb"\s*[!?]?\.\s*accept\s*\(\s*\)", use.span.file.data
        )
        is not None
    )


def _fix(use: Use) -> Fix | None:
    code = use.nodes[0] if use.nodes else None
    if not isinstance(code, tree.Name):
        return None
    text = sendable_code(code.name, use.span.file.path.suffix)
    return (
        Fix("send 1000 in their place", "safe", (Edit(Span(use.span.file, code.start, code.end), text),))
        if text
        else None
    )


def _is_code(value: Value) -> bool:
    return isinstance(value, Message) and value.part == "code"
