"""A key of a 101 response that is nearly `webSocket`.

## What it does
Finds `websocket`, `socket`, `ws` and their like in the init of a response with status 101.

## Why it fails
The runtime ignores keys that it does not know, so the response has no socket: the handshake answers 500 with
`RangeError: Responses may only be constructed with status codes in the range 200 to 599`, and nothing names the
key. Python's SDK refuses a wrong keyword with a TypeError.

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
    return new Response(null, { status: 101, websocket: client });
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
- `webSocket` (Python's SDK: `web_socket`) stands there too.
- The status is not 101.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- https://github.com/cloudflare/workerd/pull/5524
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS404",
    "misspelt-socket-key",
    Severity.ERROR,
    causes=("H05", "PY01"),
    languages=("javascript", "python"),
    fix="safe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    python = worker.is_python
    for use in worker.flow.uses if worker.flow else ():
        parts = use.response
        if parts is None or parts.status != 101 or parts.socket is not None or parts.misspelt is None:
            continue
        key = "web_socket" if python else "webSocket"
        edit = Edit(parts.misspelt, key)
        yield RULE.finding(
            parts.misspelt,
            f"the handshake answers 500: a response knows no `{parts.misspelt.text}`, the key is `{key}`",
            fix=Fix(f"write `{key}`", "safe", (edit,)) if parts.misspelt.text.isidentifier() else None,
        )
