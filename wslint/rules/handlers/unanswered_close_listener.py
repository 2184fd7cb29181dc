"""A plain socket whose close is never answered.

## What it does
Finds sockets accepted with `accept()` that no code closes, at a compatibility date before 2026-04-07.

## Why it fails
Until `web_socket_auto_reply_to_close` (the default from 2026-04-07) the runtime does not answer a Close
frame of such a socket. The client hangs in CLOSING, and the socket stays in memory.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2025-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    return new Response(null, { status: 101, webSocket: client });
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
compatibility_date = "2025-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    server.addEventListener("close", () => server.close());
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The compatibility date is 2026-04-07 or later, or the flag is listed.
- Some code closes the socket, or it is handed to code that may.

## Source
- https://developers.cloudflare.com/changelog/post/2026-04-07-websocket-auto-reply-to-close/
- https://github.com/cloudflare/workerd/issues/4327
- workerd 1.20261117.1, run at dates before and after.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, HandlerSocket
from wslint.worker import Worker

RULE = Rule(
    "WS509",
    "unanswered-close-listener",
    Severity.WARNING,
    causes=("L11",),
    languages=("javascript", "python"),
    needs=("uses accept",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    if (
        flow is None
        or not flow.complete
        or worker.flag_enabled("web_socket_auto_reply_to_close") is not False
    ):
        return
    for use in flow.uses:
        if (
            use.action == "accept"
            and use.certain
            and isinstance(use.value, End)
            and not _may_close(worker, use)
        ):
            yield RULE.finding(
                use.span,
                "a client's `close()` is never answered at this compatibility date: nothing closes "
                "this socket, so the browser "
                "hangs in CLOSING",
                help="call `close()` in a `close` listener, or raise `compatibility_date` to 2026-04-07",
            )


def _may_close(worker: Worker, accept: Use) -> bool:
    """Whether code closes the socket, or may: it went somewhere that is not followed."""
    assert worker.flow is not None
    for use in worker.flow.uses:
        if use.value is accept.value:
            if use.action in ("close", "escape", "return", "spread") or (
                use.action == "read" and use.name == "close"
            ):
                return True
            if use.action == "store" and b"close(" in use.span.file.data:
                return True  # kept with others: some `close` may mean it
        elif (
            use.action == "close"
            and isinstance(use.value, HandlerSocket)
            and use.where.cls == accept.where.cls
        ):
            return True
    return False
