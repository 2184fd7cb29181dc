"""Sockets that only memory holds, in an object that may hibernate.

## What it does
Finds collections in fields that receive sockets accepted for hibernation and that the constructor does not fill again
from `getWebSockets()`.

## Why it fails
After some ten seconds without work the object is evicted, its sockets stay connected. The next message runs the
constructor again: the collection is empty, broadcasts reach nobody, and a look-up by socket gives `undefined`. Every
quick test passes.

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
  players = new Map();
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    this.players.set(server, "guest");
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    for (const other of this.players.keys()) {
      try {
        other.send(message);
      } catch {}
    }
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
    server.serializeAttachment({ name: "guest" });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    for (const other of this.ctx.getWebSockets()) {
      try {
        other.send(message);
      } catch {}
    }
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
- The constructor (or its `blockConcurrencyWhile`) reads `getWebSockets()`.
- The class puts what `getWebSockets()` lists into the same collection, at whatever event.
- The class reads `getWebSockets()` elsewhere: it may refill the collection, so this is shown with `--pedantic` only.
- The collection is a WeakMap or WeakSet, or one of which sockets are the keys and that is only asked about one at hand:
  nobody goes through it, and code that looks into it can tell that a socket is not there. WS660 says what comes of it.
- The class accepts with `accept()`: such sockets keep it in memory.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- https://github.com/cloudflare/workers-chat-demo/issues/16
- workerd 1.20261117.1, run with eleven idle seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import hibernating, in_collection, lists_sockets, rebuilds
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ClassFlow, Use
from wslint.source.flow.values import Collection, End, HandlerSocket, TableValue, Value
from wslint.worker import Worker

RULE = Rule(
    "WS601",
    "sockets-in-memory",
    Severity.WARNING,
    causes=("S01",),
    languages=("javascript", "python", "rust"),
    needs=("uses store",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    this = "this" if worker.source and worker.source.language in ("javascript", "typescript") else "self"
    for cls, accept in hibernating(worker):
        if rebuilds(cls):
            continue
        seen: set[str] = set()
        for use in cls.uses:
            if use.action != "store" or not use.name.startswith("field ") or use.name in seen:
                continue
            if not isinstance(use.value, End) or not in_collection(use) or _is_filled_again(cls, use.name):
                continue
            held = cls.fields.get(use.name.removeprefix("field "), ())
            if held and all(isinstance(value, Collection) and value.weak for value in held):
                continue
            if _is_only_looked_into(use) and _is_played(worker, cls):
                continue
            seen.add(use.name)
            yield RULE.finding(
                use.span,
                f"after hibernation `{this}.{use.name.removeprefix('field ')}` is empty while its sockets are still connected, so "
                "broadcasts reach nobody",
                labels=(Label(accept.span, "accepted for hibernation here"),),
                help="iterate `getWebSockets()`, or fill the collection from it in the constructor",
                # A class that asks for its sockets elsewhere may refill the collection when it misses one.
                confidence="medium" if lists_sockets(cls) else None,
            )


def _is_filled_again(cls: ClassFlow, place: str) -> bool:
    """Whether the class puts the sockets that the runtime lists into the same field, on whatever event."""
    return any(
        use.action == "store"
        and use.name == place
        and any(_is_listed(value) for value in (use.value, *_inside(use.value)))
        for use in cls.uses
    )


_KEY = regex(rb"\.\s*(?:set|add)\s*\(\s*\Z")
_LOOK_BACK = 40


def _is_only_looked_into(use: Use) -> bool:
    """Whether sockets are the keys of a collection that nobody goes through: it is asked about a socket at hand, as a
    WeakMap would be."""
    data, name = use.span.file.data, use.name.removeprefix("field ").encode()
    if not _KEY.search(data[max(0, use.span.start - _LOOK_BACK) : use.span.start]):
        return False
    asked = rb"\s*(?:\?\.|\.)\s*(?:get|set|has|add|delete)\s*\(|\s*=\s*new\b"
    return not re.search(rb"\bthis\s*\.\s*" + re.escape(name) + rb"\b(?!" + asked + rb")", data)


def _is_played(worker: Worker, cls: ClassFlow) -> bool:
    """Whether the wake of a class was played to its end, so that WS660 can tell."""
    lives = [life for life in worker.lives if life.name == cls.name and life.wakes]
    endings = [ending for life in lives for wake in life.wakes for ending in wake.after.endings]
    return bool(lives) and not any(ending.kind == "unknown" for ending in endings)


def _is_listed(value: Value | None) -> bool:
    return isinstance(value, HandlerSocket) and value.origin == "list"


def _inside(value: Value | None) -> list[Value]:
    """What a table holds: `{ id, ws }`."""
    return [item for held in value.fields.values() for item in held] if isinstance(value, TableValue) else []
