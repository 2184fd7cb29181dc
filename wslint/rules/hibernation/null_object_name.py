"""An object name from a query that may be missing.

## What it does
Finds `searchParams.get(…)` used as the name of a Durable Object without a look at it, and plays handshakes for names
that come to the text of nothing: of a query as an object, of a pattern that the path does not meet.

## Why it fails
Without the parameter `get` returns `null`, which becomes the name "null": every client whose address lacks
it lands in one and the same object, and nothing says so.

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
    const room = new URL(request.url).searchParams.get("room");
    return env.MATCH.getByName(room).fetch(request);
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
    const room = new URL(request.url).searchParams.get("room");
    if (!room) return new Response("which room?", { status: 400 });
    return env.MATCH.getByName(room).fetch(request);
  },
};
```

## Not a finding when
- The value is tested, has a default (`?? "lobby"`), or is given to some function first.

## Source
- https://developers.cloudflare.com/durable-objects/api/namespace/#idfromname
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import names
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import Member
from wslint.source.nodes import calls_in
from wslint.text import Span
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule(
    "WS612", "null-object-name", Severity.WARNING, causes=("S12",), languages=("javascript",), local=True
)


def check(worker: Worker) -> Iterator[Outcome]:
    seen: list[Span] = []
    guarded = list(names.guarded(worker))
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "identify" or use.name not in ("idFromName", "getByName") or not use.arguments:
            continue
        if len(use.arguments[0]) != 1 or target_of(worker, use.value) is None:
            continue
        value = use.arguments[0][0]
        if (
            not isinstance(value, Member)
            or not isinstance(value.of, Member)
            or value.of.name != "searchParams"
        ):
            continue
        if value.name == "get" and not use.where.holds("checked", value.of) and not _given_elsewhere(use):
            if any(_meet(span, use.span) for span in guarded):
                continue
            seen.append(use.span)
            yield RULE.finding(
                use.span,
                "without this query parameter the object is named `null`: all clients that lack it "
                "meet in one object",
                help="answer 400 when it is missing, or give it a default",
            )
    for found in names.nameless(worker):
        if not any(_meet(span, found.place) for span in seen):
            seen.append(found.place)
            yield RULE.finding(
                found.place.head(),
                f"the object is named `{found.name}` where {found.when}: all such clients meet in one object",
                help="answer 400 when it is missing, or give it a default",
            )


def _given_elsewhere(use: Use) -> bool:
    """Whether the name is given to another function too, which may refuse it."""
    name = use.nodes[0] if use.nodes else None
    if not isinstance(name, tree.Name) or use.where.function is None:
        return False
    return any(
        isinstance(argument, tree.Name) and argument.name == name.name and argument.start != name.start
        for call in calls_in(use.where.function)
        for argument in call.arguments
    )


def _meet(one: Span, other: Span) -> bool:
    return one.file is other.file and one.start < other.end and other.start < one.end
