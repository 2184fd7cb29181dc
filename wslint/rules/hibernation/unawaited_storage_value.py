"""A stored value that was not awaited.

## What it does
Finds `storage.get`, `list` and `getAlarm` whose promise is calculated with, compared, sent or read from
without an `await`.

## Why it fails
These methods return promises. A promise is never `null`, is true in every condition, and becomes `"[object
Promise]"` as text, so the code goes on with a wrong value and nothing throws.

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
  async webSocketMessage(ws, message) {
    const count = this.ctx.storage.get("count");
    await this.ctx.storage.put("count", count + 1);
    ws.send(`visit ${count + 1}`);
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
  async webSocketMessage(ws, message) {
    const count = (await this.ctx.storage.get("count")) ?? 0;
    await this.ctx.storage.put("count", count + 1);
    ws.send(`visit ${count + 1}`);
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
- The promise is kept and awaited later, or goes to `Promise.all`.
- The method belongs to `storage.kv` or `storage.sql`, which answer at once.

## Source
- https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.mends import awaited
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import Member, Pending, Storage, Value
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS621",
    "unawaited-storage-value",
    Severity.ERROR,
    causes=(),
    languages=("javascript", "python"),
    fix="unsafe",
)

_CALCULATING = frozenset({"+", "-", "*", "/", "%", "<", ">", "<=", ">=", "===", "!==", "==", "!=", "if"})


def check(worker: Worker) -> Iterator[Outcome]:
    said: set[Span] = set()
    for use in worker.flow.uses if worker.flow else ():
        value = use.value
        if use.action == "send":
            value = use.arguments[0][0] if use.arguments and len(use.arguments[0]) == 1 else None
        method = _storage_method(value)
        if method is None or not use.certain:
            continue
        if use.action in ("send", "spread", "parse") or (
            use.action == "read" and use.name not in ("then", "finally")
        ):
            found = True
        else:
            found = use.action == "condition" and use.name in _CALCULATING and _is_settled(use)
        if found and value is not None and value.span not in said:
            said.add(value.span)  # one `await` mends every use of what it gives
            what = "coroutine" if worker.source and worker.source.language == "python" else "promise"
            yield RULE.finding(
                use.span,
                f"this is a {what}, not the stored value: `storage.{method}` was not awaited, so the code goes on "
                "with a wrong value",
                help=f"write `await` before `storage.{method}(…)`",
                fix=awaited(value.span, use.where.function),
            )


def _storage_method(value: Value | None) -> str | None:
    """`get` for the promise of `storage.get(…)`."""
    if isinstance(value, Pending) and len(value.inner) == 1:
        inner = value.inner[0]
        if isinstance(inner, Member) and isinstance(inner.of, Storage) and not inner.of.part:
            return inner.name
    return None


def _is_settled(use: Use) -> bool:
    """Whether what is compared is the call itself or a constant: a variable may hold a promise on purpose."""
    text = use.span.text
    if use.name not in ("if", "===", "!==", "==", "!="):
        return True  # no promise is calculated with on purpose
    if not text.isidentifier():
        return "(" in text
    function = use.where.function
    return any(
        isinstance(node, tree.Declare)
        and node.kind == "const"
        and isinstance(node.pattern, tree.Name)
        and node.pattern.name == text
        for node in nodes_in(function.body if function else [])
    )
