"""A room of its own for each connection.

## What it does
Finds a handshake that is forwarded to an object with a fresh `newUniqueId()`, or with a name that holds a random id or
the time, where that object tells its sockets what another one said.

## Why it fails
Each connection makes a new id, so each client is alone in its object and a broadcast reaches nobody else.
Nothing fails and nothing is logged.

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
    const id = env.MATCH.newUniqueId();
    return env.MATCH.get(id).fetch(request);
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
    const id = env.MATCH.idFromName("lobby");
    return env.MATCH.get(id).fetch(request);
  },
};
```

## Not a finding when
- The id is used for something else too: it is stored, logged or given to the client. A name may be logged.
- The object never sends to a list of sockets, or only in a method that other objects call: one object per connection is meant.

## Source
- https://developers.cloudflare.com/durable-objects/api/namespace/#newuniqueid
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play.lonely import lonely
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import HandlerSocket, ObjectId, Stub
from wslint.source.nodes import nodes_in
from wslint.upgrade import Target, forwards
from wslint.worker import Worker

RULE = Rule(
    "WS610",
    "unique-id-per-connection",
    Severity.WARNING,
    causes=("S10",),
    languages=("javascript", "python", "rust"),
)

_OWN = ("fetch", "on_fetch", "webSocketMessage", "webSocketClose", "webSocketError")


def check(worker: Worker) -> Iterator[Outcome]:
    for use, forward, target in forwards(worker):
        if (
            forward.upgrade != "yes"
            or use.where.handler not in ("fetch", "on_fetch")
            or use.where.cls in _objects(target)
        ):
            continue
        ids = use.value.id if isinstance(use.value, Stub) else ()
        if (
            len(ids) != 1
            or not isinstance(ids[0], ObjectId)
            or ids[0].made_by != "newUniqueId"
            or not _tells(target)
        ):
            continue
        if ids[0].span.file is use.span.file and not _used_otherwise(use, ids[0]):
            yield RULE.finding(
                ids[0].span,
                f"each client is alone: every handshake makes a new `{target.class_name}`, whose "
                "broadcast reaches nobody else",
                help=_HELP,
            )
    yield from _by_drawn_names(worker)


_HELP = "name the object after what the clients share: `getByName(room)`"


def _by_drawn_names(worker: Worker) -> Iterator[Outcome]:
    """The same where the object's name is drawn, not its id."""
    targets = [target for _, forward, target in forwards(worker) if forward.upgrade != "no"]
    if not targets or not all(_tells(target) for target in targets):
        return
    for found in lonely(worker):
        yield RULE.finding(
            found.place.head(),
            f"each client is alone: every handshake asks for a `{targets[0].class_name}` of a new name, whose "
            "broadcast reaches nobody else",
            labels=(Label(found.drawn.head(), "drawn here"),),
            help=_HELP,
        )


def _objects(target: Target) -> tuple[str, ...]:
    return (target.flow.name,) if target.flow else ()


def _tells(target: Target) -> bool:
    """Whether the object tells its other clients what one of them does; an RPC method may serve another object."""
    return target.flow is not None and any(
        use.action == "send"
        and use.where.in_loop
        and use.where.handler in _OWN
        and isinstance(use.value, HandlerSocket)
        and use.value.origin == "list"
        for use in target.flow.uses
    )


def _used_otherwise(use: Use, made: ObjectId) -> bool:
    """Whether the id's variable is mentioned more than once after it is made."""
    function = use.where.function
    if function is None:
        return True
    for node in nodes_in(function.body):
        if (
            isinstance(node, tree.Declare)
            and node.value is not None
            and node.value.start <= made.span.start < node.value.end
        ):
            if not isinstance(node.pattern, tree.Name):
                return True
            if node.value.start == made.span.start:
                name = node.pattern.name
                mentions = [
                    each
                    for each in nodes_in(function.body)
                    if isinstance(each, tree.Name) and each.name == name
                ]
                return len(mentions) > 2
    return False
