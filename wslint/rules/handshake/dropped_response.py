"""A response that is made and thrown away.

## What it does
Finds `new Response(…)`, `Response.json(…)`, hono's `c.text(…)` and `c.json(…)`, a variable that holds a response, and
calls of the project's own functions that do nothing but make one, as a statement of their own in code that answers
requests.

## Why it fails
Without `return` the response goes nowhere. The request gets what comes after it: a handshake without its 426 runs
into the 101, and where nothing follows the answer is 500, `Incorrect type for Promise: the Promise did not resolve
to 'Response'`.

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
    if (request.headers.get("Upgrade") !== "websocket") {
      new Response(null, { status: 426 });
    }
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
    if (request.headers.get("Upgrade") !== "websocket") {
      return new Response(null, { status: 426 });
    }
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
- The function that is called does other things too: it may be called for those. At the end of a Worker's or an
  object's `fetch` it counts all the same, because nothing else answers there.
- The response comes from a stub or from `fetch`: a call that is made for its effect, or
  `discarded-upgrade-response`.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/handlers/fetch/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.mends import returned
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import FunctionValue, ResponseValue
from wslint.source.nodes import nodes_in
from wslint.worker import Worker

RULE = Rule(
    "WS450",
    "dropped-response",
    Severity.ERROR,
    causes=("H09",),
    languages=("javascript", "python"),
    fix="unsafe",
    needs=("uses drop",),
)

_MAKING = frozenset(
    {
        "Response",
        "Response.json",
        "Response.redirect",
        "Response.error",
        "Headers",
        "JSON.stringify",
        "String",
    }
)
_HEADERS = frozenset({"set", "append", "delete", "toString"})


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.flow is None or worker.source is None or worker.source.language == "rust":
        return
    seen: set[tuple[object, int]] = set()
    for use in worker.flow.uses:
        place = (use.span.file.path, use.span.start)
        if use.action != "drop" or place in seen or use.where.deferred is not None:
            continue
        if use.where.handler not in ("fetch", "on_fetch") or _is_fetched(use):
            continue
        ends = _ends_handler(worker, use)
        if not ends and not all(_only_makes(value) for value in use.arguments[1]):
            continue
        if use.nodes and isinstance(use.nodes[0], tree.Name):
            if worker.flow.of(use.arguments[0][0], "return", "escape", "wait", "store", "spread"):
                continue
        seen.add(place)
        yield RULE.finding(
            use.span,
            "this response is never sent: "
            + (
                "nothing follows it, so the request answers 500"
                if ends
                else "the request gets whatever comes after it"
            ),
            help="`return` it",
            fix=returned(use.span),
        )


def _is_fetched(use: Use) -> bool:
    return any(isinstance(value, ResponseValue) and value.forward is not None for value in use.arguments[0])


def _only_makes(value: object) -> bool:
    """Whether calling this has no other effect than a response: Response itself, or a function that only builds."""
    if not isinstance(value, FunctionValue):
        return True
    for node in nodes_in(value.node.body):
        if isinstance(node, (tree.Assign, tree.Await)):
            return False
        if isinstance(node, tree.Call) and _name(node.function) not in _MAKING:
            if not isinstance(node.function, tree.Member) or node.function.name not in _HEADERS:
                return False
    return True


def _name(node: tree.Expression) -> str:
    if isinstance(node, tree.Member) and isinstance(node.object, tree.Name):
        return f"{node.object.name}.{node.name}"
    return node.name if isinstance(node, tree.Name) else ""


def _ends_handler(worker: Worker, use: Use) -> bool:
    """Whether the statement is the last that a `fetch` of the Worker or of a class runs."""
    function = use.where.function
    entries = [entry for _, entry in worker.flow.entries] if worker.flow else []
    member = (
        worker.flow.classes[use.where.cls].members.get("fetch")
        if worker.flow and use.where.cls in worker.flow.classes
        else None
    )
    if function is None or (function not in entries and (member is None or member.function is not function)):
        return False
    return _is_last(function.body, use.span.start)


def _is_last(body: Sequence[tree.Statement], start: int) -> bool:
    if not body:
        return False
    last = body[-1]
    if isinstance(last, tree.If):
        return _is_last(last.then, start) or _is_last(last.otherwise, start)
    if isinstance(last, tree.Try) and not last.final:
        return _is_last(last.body, start) or _is_last(last.handler, start)
    return last.start == start
