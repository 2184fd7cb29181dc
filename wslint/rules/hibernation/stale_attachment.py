"""A change to an attachment that is not written back.

## What it does
Finds a property that is set on what `deserializeAttachment()` returned, in a handler that never calls
`serializeAttachment`.

## Why it fails
`deserializeAttachment()` returns a copy. A change to it is gone with the end of the handler, and the next
event reads the old value.

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
    server.serializeAttachment({ moves: 0 });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    const player = ws.deserializeAttachment();
    player.moves += 1;
    ws.send(`moves: ${player.moves}`);
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
    server.serializeAttachment({ moves: 0 });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    const player = ws.deserializeAttachment();
    player.moves += 1;
    ws.serializeAttachment(player);
    ws.send(`moves: ${player.moves}`);
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
- The handler writes an attachment, itself or in a function that it calls.
- The object as a whole is used for something: stored, sent, passed on.

## Source
- https://developers.cloudflare.com/durable-objects/api/websockets/#deserializeattachment
- https://github.com/cloudflare/cloudflare-docs/pull/26924
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, HandlerSocket, Member
from wslint.source.nodes import nodes_in
from wslint.worker import Worker

RULE = Rule(
    "WS604",
    "stale-attachment",
    Severity.WARNING,
    causes=("S04",),
    languages=("javascript",),
    needs=("uses write",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    for use in flow.uses if flow else ():
        value = use.value
        if use.action != "write" or not isinstance(value, Member) or value.name != "deserializeAttachment":
            continue
        if (
            isinstance(value.of, (End, HandlerSocket))
            and not _written_back(worker, use)
            and not _used_whole(use)
        ):
            yield RULE.finding(
                use.span,
                f"the change to `{use.name}` is lost: `deserializeAttachment()` returns a copy, and "
                "nothing writes it back",
                help="call `ws.serializeAttachment(…)` after the change",
            )


def _written_back(worker: Worker, write: Use) -> bool:
    """Whether the same handler attaches something, or gives a socket to code that may."""
    assert worker.flow is not None
    return any(
        use.action in ("attach", "escape") and isinstance(use.value, (End, HandlerSocket))
        for use in worker.flow.uses
        if use.where.cls == write.where.cls and use.where.handler == write.where.handler
    ) or any(use.action == "read" and use.name == "serializeAttachment" for use in worker.flow.uses)


def _used_whole(write: Use) -> bool:
    """Whether the variable is mentioned other than for one of its properties."""
    name = write.span.text.split(".")[0].strip()
    function = write.where.function
    if function is None or not name.isidentifier():
        return True
    nodes = list(nodes_in(function.body))
    mentions = sum(isinstance(node, tree.Name) and node.name == name for node in nodes)
    parts = sum(
        isinstance(node, tree.Member) and isinstance(node.object, tree.Name) and node.object.name == name
        for node in nodes
    )
    return mentions - parts > 1
