"""An event listener on a socket that may hibernate.

## What it does
Finds `addEventListener` and `onmessage =` on a socket that was given to `acceptWebSocket`.

## Why it fails
Such a socket delivers to the class's handlers; its listeners are never called, even while the object is awake.

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
    server.addEventListener("message", (event) => server.send(event.data));
    return new Response(null, { status: 101, webSocket: client });
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
- The socket was accepted with `accept()`.
- The class has the handler for the same event, and that does what the listener does: this is shown with `--pedantic`
  only.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, FunctionValue
from wslint.source.nodes import calls_in, nodes_in
from wslint.upgrade import accepted
from wslint.worker import Worker

RULE = Rule(
    "WS503",
    "listener-on-hibernating-socket",
    Severity.ERROR,
    causes=("L04",),
    languages=("javascript", "python"),
    local=True,
    needs=("uses listen",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    for use in flow.uses if flow else ():
        if use.action != "listen" or not isinstance(use.value, End) or not use.certain:
            continue
        taken = accepted(worker, use.value)
        if taken and all(other.action == "hibernate" for other in taken):
            handler = {
                "message": "webSocketMessage",
                "close": "webSocketClose",
                "error": "webSocketError",
            }.get(use.name)
            cls = flow.classes.get(use.where.cls or "") if flow else None
            member = cls.members.get(handler or "") if cls is not None else None
            has = member is not None and _says_the_same(use, member.function)
            instead = f"write `{handler}` in the class" if handler else "the class's handlers get its events"
            if has:
                instead = f"its `{handler}` is called instead, so leave the listener out"
            elif member is not None:
                instead = f"its `{handler}` is called instead, and does not do all that this does"
            yield RULE.finding(
                use.span,
                f"this listener is never called: a socket accepted with `acceptWebSocket` delivers to the class; {instead}",
                labels=(Label(taken[0].span, "accepted for hibernation here"),),
                # Where the handler does the same, nothing is lost.
                confidence="medium" if has else None,
            )


def _says_the_same(listen: Use, handler: tree.Function | None) -> bool:
    """Whether all that a listener calls is called in the class's handler, too, with the same texts where it is one for
    messages."""
    listeners = [
        value.node for held in listen.arguments for value in held if isinstance(value, FunctionValue)
    ]
    if handler is None or not listeners:
        return False
    if listen.name == "message" and any(not _texts(listener) <= _texts(handler) for listener in listeners):
        return False
    return all(_called(listener) <= _called(handler) for listener in listeners)


def _texts(function: tree.Function) -> set[str | None]:
    return {node.value for node in nodes_in(function.body) if isinstance(node, tree.Text)}


def _called(function: tree.Function) -> set[str]:
    return {
        call.function.name
        for call in calls_in(function)
        if isinstance(call.function, (tree.Member, tree.Name))
    }
