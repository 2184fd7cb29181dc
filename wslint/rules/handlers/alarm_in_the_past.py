"""An alarm for a delay in the place of a time.

## What it does
Finds `storage.setAlarm(30_000)`: a number, written out, that as milliseconds since 1970 is long gone.

## Why it fails
`setAlarm` takes a time, not a delay. The alarm fires at once, and where `alarm()` sets it again it fires over and
over. (Rust's `set_alarm` takes a number as a delay.)

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

const TURN = 30 * 1000;

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws, message) {
    ws.send(message);
    await this.ctx.storage.setAlarm(TURN);
  }
  async alarm() {
    for (const ws of this.ctx.getWebSockets()) ws.close(4000, "too slow");
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

const TURN = 30 * 1000;

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws, message) {
    ws.send(message);
    await this.ctx.storage.setAlarm(Date.now() + TURN);
  }
  async alarm() {
    for (const ws of this.ctx.getWebSockets()) ws.close(4000, "too slow");
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
- The time is worked out from something else than numbers that are written out.
- It is so small that nobody means a delay by it: `setAlarm(1)` says "now". (0 and less throw.)

## Source
- https://developers.cloudflare.com/durable-objects/api/alarms/#setalarm
- workerd 1.20261117.1, run: `alarm()` is called at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import LiteralValue, Storage
from wslint.source.nodes import nodes_in
from wslint.worker import Worker

RULE = Rule(
    "WS580",
    "alarm-in-the-past",
    Severity.ERROR,
    causes=("L17",),
    languages=("javascript", "python"),
)

_SMALLEST_DELAY = 10
_FIRST_TIME = 10**11
"""In March 1973: no delay is as long, and no time that anybody means is earlier."""

_DEEPEST = 8
_SIGNS = {"+": 1, "-": -1}


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language == "rust":
        return
    seen: set[tuple[object, int]] = set()
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "call" or use.name != "setAlarm" or not isinstance(use.value, Storage):
            continue
        number = _number(worker, use) if use.certain and use.nodes else None
        place = (use.span.file.path, use.span.start)
        if number is None or not _SMALLEST_DELAY <= number < _FIRST_TIME or place in seen:
            continue
        seen.add(place)
        yield RULE.finding(
            use.span,
            f"the alarm fires at once: `setAlarm` takes a time, and {number:.0f} ms after 1970 is long gone",
            help="add the delay to now: `Date.now() + …`"
            if worker.source.language != "python"
            else "add the delay to now: `int(time.time() * 1000) + …`",
        )


def _number(worker: Worker, use: Use) -> float | None:
    """The argument's value, where it is made of numbers that are written out."""
    from wslint.source.javascript.lower import lower as javascript
    from wslint.source.python.lower import lower as python

    given = use.arguments[0] if use.arguments else ()
    if len(given) == 1 and isinstance(given[0], LiteralValue):
        held = given[0].value
        return float(held) if isinstance(held, (int, float)) and not isinstance(held, bool) else None
    read = python if worker.is_python else javascript
    return _value(use.nodes[0], _constants(read(use.span.file, worker.workspace.files)), _DEEPEST)


def _constants(module: tree.Module) -> dict[str, tree.Expression | None]:
    """What names at the top of a file stand for; None for a name that anything else in the file binds or changes."""
    top = {id(node) for node in module.body}
    found: dict[str, tree.Expression | None] = {}
    for node in nodes_in(module.body):
        if isinstance(node, tree.Declare | tree.Parameter | tree.Assign):
            name = node.target if isinstance(node, tree.Assign) else node.pattern
            if isinstance(name, tree.Name):
                fixed = isinstance(node, tree.Declare) and id(node) in top and name.name not in found
                found[name.name] = node.value if isinstance(node, tree.Declare) and fixed else None
    return found


def _value(
    node: tree.Expression | None, names: dict[str, tree.Expression | None], depth: int
) -> float | None:
    if isinstance(node, tree.Number) and not isinstance(node, tree.BigInt):
        return node.value
    if depth == 0:
        return None
    if isinstance(node, tree.Name):
        return _value(names.get(node.name), names, depth - 1)
    if not isinstance(node, tree.Operation) or len(node.operands) != 2:
        return None
    one, other = (_value(operand, names, depth - 1) for operand in node.operands)
    if one is None or other is None:
        return None
    if node.operator == "*":
        return one * other
    return one + _SIGNS[node.operator] * other if node.operator in _SIGNS else None
