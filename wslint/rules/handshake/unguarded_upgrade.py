"""A 101 for whoever asks.

## What it does
Finds a `fetch` that answers every request with a 101 where no code of the Worker looks at the `Upgrade`
header.

## Why it fails
The runtime sends a 101 to upgrades only. A plain request (a health check, a crawler, the address typed into a
browser) answers 500: `Worker tried to return a WebSocket in a response to a request which did not contain the
header "Upgrade: websocket"`. And the object keeps a socket that nobody is connected to.

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
- The header is read anywhere in the files that take part: in the object, in the Worker, in a helper.
- Some other condition about the request comes first.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End
from wslint.upgrade import forwards, in_worker
from wslint.worker import Worker

RULE = Rule(
    "WS415",
    "unguarded-upgrade",
    Severity.WARNING,
    causes=("H17",),
    languages=("javascript", "python", "rust"),
)

_GUARD = regex(rb"upgrade|is_?web_?socket|sec-websocket", re.IGNORECASE)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    if flow is None or not flow.complete:
        return
    files = {use.span.file.path: use.span.file for use in flow.uses}
    if any(_GUARD.search(file.data) for file in files.values()):
        return  # whoever mentions the header may check it, in a way that was not followed
    for use in flow.uses:
        parts = use.response
        if use.action != "respond" or parts is None or parts.status != 101 or not _is_open(use):
            continue
        if any(isinstance(socket, End) for socket in parts.socket or ()) and _is_reached(worker, use):
            yield RULE.finding(
                use.span,
                "a plain request that comes here answers 500: nothing checks that it asks for an upgrade",
                help='answer 426 first when `request.headers.get("Upgrade")` is not `"websocket"`',
            )


def _is_open(use: Use) -> bool:
    """Whether nothing but the path decides that the code runs."""
    known = {fact for fact, _ in use.where.facts}
    return use.where.handler == "fetch" and not use.where.deferred and known <= {"on-path", "off-path"}


def _is_reached(worker: Worker, use: Use) -> bool:
    """Whether the Worker runs the code itself, or sends its requests there as they come."""
    if in_worker(worker, use):
        return True
    return any(
        target.worker is worker
        and target.class_name == use.where.cls
        and forward.upgrade == "yes"
        and _is_open(sent)
        for sent, forward, target in forwards(worker)
    )
