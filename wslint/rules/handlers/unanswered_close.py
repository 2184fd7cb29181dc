"""A close that a hibernating socket never answers.

## What it does
Finds classes that accept sockets for hibernation and have no `webSocketClose`, or one that never closes the socket it
gets.

## Why it fails
The runtime answers a client's Close only for sockets accepted with `accept()`. A hibernating one stays half closed until
the handler calls `ws.close()`: the browser hangs in CLOSING and reports 1006 when the object is evicted. This holds at
every compatibility date, although Cloudflare's pages say that newer dates answer by themselves.

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
- A base class from a package may close.
- The handler gives the socket to other code that may close it.
- The handler calls an object in a field that wslint can't read: it may close the socket too, so this is shown with
  `--pedantic` only.

## Source
- https://github.com/cloudflare/partykit/issues/389
- https://github.com/cloudflare/partykit/pull/393
- workerd 1.20261117.1, run at dates before and after 2026-04-07; https://developers.cloudflare.com/durable-objects/api/base/ says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import asks_a_part, closes, hibernating, lacks, leaves_to_trait, misspelt_handlers
from wslint.rules import Outcome, Rule
from wslint.rules.mends import close_handler
from wslint.worker import Worker

RULE = Rule(
    "WS507",
    "unanswered-close",
    Severity.ERROR,
    causes=("L09", "RS02"),
    languages=("javascript", "python", "rust"),
    fix="unsafe",
    needs=("uses hibernate",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    for cls, use in hibernating(worker):
        if not cls.base_known or flow is None or not flow.complete:
            continue
        member = cls.members.get("webSocketClose")
        if member is None:
            if leaves_to_trait(worker) or not lacks(worker, cls, "webSocketClose"):
                continue
            if any(wanted == "webSocketClose" for _, wanted in misspelt_handlers(cls)):
                continue
            yield RULE.finding(
                cls.span,
                f"a client's `close()` is never answered: `{cls.name}` accepts sockets for hibernation and has no "
                "`webSocketClose`, so the browser hangs in CLOSING and ends with 1006",
                labels=(Label(use.span, "accepted here"),),
                help="add `webSocketClose(ws, code, reason)` that calls `ws.close()`",
                fix=close_handler(cls),
            )
        elif member.function is not None and not closes(cls):
            yield RULE.finding(
                member.span,
                f"a client's `close()` is never answered: `{member.name}` of `{cls.name}` does not call `ws.close()`, so the "
                "browser hangs in CLOSING and ends with 1006",
                help="call `ws.close()`; with the code only if it is none of 1005, 1006 and 1015",
                # What a part of the class does that wslint can't read may close the socket too.
                confidence="medium" if asks_a_part(cls, "webSocketClose") else None,
            )
