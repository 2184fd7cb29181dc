"""An error path that a 101 takes.

## What it does
Finds `if (!response.ok)` or a comparison of `status` with 200 on the response of a Durable Object that answers
handshakes, where the branch leaves without it.

## Why it fails
`ok` is true from 200 to 299 only, so a 101 counts as a failure: the client gets the error answer although the object
has accepted the socket.

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
    const response = await env.MATCH.getByName("lobby").fetch(request);
    if (!response.ok) return new Response("the match is away", { status: 502 });
    return response;
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
- A test of `webSocket` or of status 101 comes first.
- Requests with an Upgrade header don't get there.

## Source
- https://developer.mozilla.org/docs/Web/API/Response/ok
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.upgrade import failed_checks, forwarded_upgrade, reaches_upgrade
from wslint.worker import Worker

RULE = Rule(
    "WS412", "upgrade-response-checked-for-ok", Severity.ERROR, causes=("H14",), languages=("javascript",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        parts = use.response
        if (
            use.action != "respond"
            or parts is None
            or not isinstance(parts.status, int)
            or parts.status < 400
        ):
            continue
        for failed in failed_checks(worker, use):
            if forwarded_upgrade(worker, failed) == "yes" and reaches_upgrade(use, failed):
                yield RULE.finding(
                    use.span,
                    f"the handshake answers {parts.status}: a 101 is not `ok`, so the Durable Object's answer to an upgrade ends here",
                    labels=(Label(failed.span, "the 101 comes from here"),),
                    help="return it first: `if (response.status === 101) return response;`",
                )
