"""A method that an object of the runtime does not have.

## What it does
Finds calls of methods on `ctx`, its storage, a Durable Object namespace and a socket that the runtime does
not know, such as `ctx.getSockets()`.

## Why it fails
The call throws a `TypeError`: `this.ctx.getSockets is not a function`. In `fetch` and in the constructor the
handshake answers 500; in a handler the error stands in the log and the client hears nothing. Only a type
checker would say so, and a project in JavaScript has none.

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
    this.ctx.acceptWebsocket(server);
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
- The call is optional (`ctx.getSockets?.()`), stands in a `try`, or the file asks for the method elsewhere
  (`if (ctx.getSockets)`, `"getSockets" in ctx`).
- The file gives the object such a method: `ws.sendJson = …`.
- The class extends one that wslint can't read, which may hand out other sockets and contexts.
- The object is a stub: its methods are those of the class behind it.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run: `wslint/data/runtime_members.tsv` is its own list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.runtime_members import OF_EVERY_OBJECT, members
from wslint.settings import nearest
from wslint.source.flow.uses import Use
from wslint.source.flow.values import BindingValue, ClientSocket, ContextExport, End, HandlerSocket, Storage
from wslint.text import Span
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule(
    "WS546",
    "unknown-runtime-method",
    Severity.ERROR,
    causes=("L18",),
    languages=("javascript",),
    fix="unsafe",
    needs=("javascript",),
)

_OF_STORAGE = {
    "": ("DurableObjectStorage", "DurableObjectTransaction"),
    "sql": ("SqlStorage",),
    "kv": ("SyncKvStorage",),
}
_AT_ONCE = ("fetch", "constructor")
_NODE = frozenset(
    ("on", "once", "addListener", "off", "removeListener", "removeAllListeners", "terminate", "ping", "pong")
)
"""What `node-websocket-api` speaks of."""


def check(worker: Worker) -> Iterator[Outcome]:
    if (
        worker.source is None
        or worker.flow is None
        or worker.source.language not in ("javascript", "typescript")
    ):
        return
    seen: set[tuple[str, int]] = set()
    for use in worker.flow.uses:
        if use.action != "call" or use.where.tried or not use.certain or not _is_judged(worker, use):
            continue
        types = _types(worker, use)
        known = frozenset().union(*(members(kind) for kind in types)) | OF_EVERY_OBJECT
        place = _name_span(use)
        if not types or use.name in known or place is None or _is_asked_for(use):
            continue
        if (place.file.name, place.start) in seen:
            continue
        seen.add((place.file.name, place.start))
        near = nearest(use.name, known - OF_EVERY_OBJECT)
        shown = re.sub(r"\s+", "", use.span.file.data[use.span.start : place.end].decode("utf-8", "replace"))
        error = f"`{shown} is not a function`" if len(shown) < 60 else f"`{use.name} is not a function`"
        symptom = (
            "the handshake answers 500: `TypeError:"
            if use.where.handler in _AT_ONCE
            else "this throws `TypeError:"
        )
        yield RULE.finding(
            place,
            f"{symptom} {error.removeprefix('`')}, for a {types[0]} has no such method",
            help=f"write `{near}`" if near else "",
            fix=Fix(f"write `{near}`", "unsafe", (Edit(place, near),)) if near else None,
        )


def _is_judged(worker: Worker, use: Use) -> bool:
    """Whether the objects of the code around are the runtime's own."""
    cls = worker.flow.classes.get(use.where.cls) if worker.flow and use.where.cls else None
    return cls is None or cls.base_known


def _types(worker: Worker, use: Use) -> tuple[str, ...]:
    """The runtime's types that the receiver has; none when it is something else."""
    match use.value:
        case None:
            cls = worker.flow.classes.get(use.where.cls) if worker.flow and use.where.cls else None
            return ("DurableObjectState",) if cls is not None and cls.is_durable == "yes" else ()
        case Storage(part=part):
            return _OF_STORAGE.get(part, ())
        case End() | ClientSocket():
            return ("WebSocket",) if use.name not in ("new", *_NODE) else ()
        case HandlerSocket(origin="parameter"):
            return ("WebSocket",) if use.name not in _NODE else ()
        case BindingValue() | ContextExport() if target_of(worker, use.value) is not None:
            return ("DurableObjectNamespace",)
    return ()


def _name_span(use: Use) -> Span | None:
    """Where the method's name stands in its call; None where the call is written in another way."""
    data = use.span.file.data
    found = re.compile(rb"\.\s*(%s)\s*\(" % re.escape(use.name.encode())).search(
        data, use.span.start, use.span.end
    )
    return Span(use.span.file, found.start(1), found.end(1)) if found else None


def _is_asked_for(use: Use) -> bool:
    """Whether the file mentions the method other than by calling it: asks whether it is there, or makes it."""
    name = re.escape(use.name.encode())
    return bool(
        re.search(rb"""\.%s\b(?!\s*\()|["']%s["']|\?\.\s*%s\b""" % (name, name, name), use.span.file.data)
    )
