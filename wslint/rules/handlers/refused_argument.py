"""An argument that a method of the runtime refuses.

## What it does
Finds calls of sockets, headers, namespaces, stubs, storage and their kin that lack an argument which the method needs,
`fetch` and `new Request` with a text in the place of the init, and `addEventListener` without a function.

## Why it fails
The call throws a TypeError such as `Failed to execute 'get' on 'Headers': parameter 1 is not of type 'string'`. In
`fetch` or a constructor the request answers 500.

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
    server.serializeAttachment();
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
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment({ joined: Date.now() });
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
- The arguments are spread (`...args`), or their kind is not known.
- The receiver may be an object of the project's own or of a package.

## Source
- workerd 1.20261117.1, run: each of these calls, with its message.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import (
    ArrayValue,
    BindingValue,
    ClientSocket,
    ContextExport,
    End,
    HandlerSocket,
    HeadersValue,
    LiteralValue,
    Made,
    Member,
    RequestValue,
    Storage,
    Stub,
    TableValue,
    TextValue,
    UrlValue,
    Value,
)
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule("WS531", "refused-argument", Severity.ERROR, languages=("javascript",), needs=("javascript",))

_NEEDED: dict[str, dict[str, tuple[str, ...]]] = {
    "Headers": {
        "get": ("string",),
        "has": ("string",),
        "delete": ("string",),
        "set": ("string", "string"),
        "append": ("string", "string"),
    },
    "WebSocket": {
        "send": ("ArrayBuffer or ArrayBufferView or string",),
        "serializeAttachment": ("Value",),
        "addEventListener": ("string", "function or HandlerObject"),
    },
    "DurableObjectState": {"acceptWebSocket": ("WebSocket",), "getTags": ("WebSocket",)},
    "DurableObjectNamespace": {
        "idFromName": ("string",),
        "idFromString": ("string",),
        "getByName": ("string",),
        "get": ("DurableObjectId",),
    },
    "Fetcher": {"fetch": ("Request or string",)},
    "DurableObjectStorage": {
        "get": ("string or Array",),
        "put": ("string or object",),
        "delete": ("string or Array",),
        "setAlarm": ("date",),
        "transaction": ("function",),
    },
    "SqlStorage": {"exec": ("String",)},
    "URL": {"new URL": ("USVString",)},
    "Request": {"new Request": ("Request or string",)},
    "new WebSocket": {"new": ("string",)},
    "WebSocketRequestResponsePair": {"new WebSocketRequestResponsePair": ("string", "string")},
}
"""What each method needs, argument by argument, in the words of the runtime's error."""

_INIT = "RequestInitializerDict or Request"
_AT_ONCE = ("fetch", "constructor")


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language not in ("javascript", "typescript"):
        return
    seen: set[tuple[object, int, int]] = set()
    for use in worker.flow.uses if worker.flow else ():
        place = (use.span.file.path, use.span.start, use.span.end)
        if not use.certain or place in seen or any(isinstance(node, tree.Spread) for node in use.nodes):
            continue
        error = _error(worker, use)
        if error:
            seen.add(place)
            at_once = use.where.handler in _AT_ONCE and not use.where.deferred and not use.where.tried
            yield RULE.finding(
                use.span, f"{'the request answers 500:' if at_once else 'this throws'} `TypeError: {error}`"
            )


def _error(worker: Worker, use: Use) -> str:
    """The message that the runtime throws for this call; empty when it takes it."""
    kind, name = _type(worker, use)
    needed = _NEEDED.get(kind, {}).get(name, ())
    given = len(use.nodes)
    if given < len(needed):
        return _message(kind, name, given + 1, needed[given])
    if name == "acceptWebSocket" and isinstance(use.value, (ArrayValue, TableValue)):
        return _message(kind, name, 1, needed[0])
    if name in ("fetch", "new Request") and given > 1 and _is_text(use.arguments[1]):
        return _message(kind, name, 2, _INIT)
    if name == "addEventListener" and len(use.arguments) > 0 and _is_text(use.arguments[0]):
        return _message(
            kind, name, 2, needed[1]
        )  # the listener, which is all that such a use has as argument
    if kind == "DurableObjectStorage" and name == "put" and given == 1 and _is_text(use.arguments[0]):
        return "put() called with undefined value."
    return ""


def _message(kind: str, name: str, place: int, wanted: str) -> str:
    if name.startswith("new"):
        made = name.removeprefix("new").strip() or kind.removeprefix("new ")
        return f"Failed to construct '{made}': constructor parameter {place} is not of type '{wanted}'."
    owner = "EventTarget" if name == "addEventListener" else kind
    return f"Failed to execute '{name}' on '{owner}': parameter {place} is not of type '{wanted}'."


def _is_text(values: tuple[Value, ...]) -> bool:
    value = values[0] if len(values) == 1 else None
    if isinstance(value, Member) and isinstance(value.of, RequestValue):
        return value.name in ("url", "method") and value.of.wrapper is None
    return isinstance(value, TextValue) or (isinstance(value, LiteralValue) and isinstance(value.value, str))


def _type(worker: Worker, use: Use) -> tuple[str, str]:
    """The runtime's type of the receiver and the method's name; two empty texts where something else is called."""
    match use.action, use.value:
        case "hibernate", None if not use.nodes:
            return "DurableObjectState", "acceptWebSocket"
        case "hibernate", ArrayValue() | TableValue():
            return "DurableObjectState", "acceptWebSocket"
        case "call", None if use.name == "getTags":
            return "DurableObjectState", use.name
        case "send" | "attach", End() | HandlerSocket() | ClientSocket():
            return "WebSocket", use.name
        case "listen", End() | HandlerSocket() | ClientSocket() if use.nodes:
            return "WebSocket", "addEventListener"
        case "call", ClientSocket() if use.name == "new":
            return "new WebSocket", use.name
        case "call", HeadersValue():
            return "Headers", use.name
        case "call", UrlValue():
            return "URL", use.name
        case "call", Made(name=kind) if use.name == f"new {kind}":
            return kind, use.name
        case "call", RequestValue() if use.name == "new Request":
            return "Request", use.name
        case "call", Storage(part=""):
            return "DurableObjectStorage", use.name
        case "call", Storage(part="sql"):
            return "SqlStorage", use.name
        case "identify", BindingValue() | ContextExport() if target_of(worker, use.value) is not None:
            return "DurableObjectNamespace", use.name
        case "fetch", Stub():
            return "Fetcher", "fetch"
    return "", ""
