"""A listener for the opening of a server's socket.

## What it does
Finds `open` listeners on an end of a WebSocketPair, and on a socket that came with the response of a `fetch`.

## Why it fails
The end that stays in the Worker is open once it is accepted; the event never comes, so the listener never
runs. A fetched socket is open already; who awaits its `open` never answers.

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
    server.accept();
    server.addEventListener("open", () => server.send("hello"));
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
    server.accept();
    server.send("hello");
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

## Not a finding when
- The socket is an outgoing one of the other kind: `new WebSocket(url)` does open.
- The code asks for the `readyState` of a fetched socket, and listens only where it is not open: that is never.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/#events
- https://github.com/cloudflare/cloudflare-docs/pull/1525
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, End
from wslint.upgrade import accepted
from wslint.worker import Worker

RULE = Rule(
    "WS515",
    "open-listener",
    Severity.ERROR,
    causes=("L03",),
    languages=("javascript", "python"),
    needs=("uses listen",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "listen" or use.name != "open" or not use.certain:
            continue
        if isinstance(use.value, ClientSocket) and use.value.made_by == "fetch" and not _is_asked(use):
            yield RULE.finding(
                use.span,
                "this listener never runs: a socket that comes with a response is open, and has no `open` event",
                help="do the work right after `accept()`; only `new WebSocket(url)` opens later",
            )
        if isinstance(use.value, End) and all(
            other.action == "accept" for other in accepted(worker, use.value)
        ):  # the rest is WS503's
            yield RULE.finding(
                use.span,
                "this listener never runs: the end that stays in the Worker has no `open` event",
                help="do the work right after `accept()`: sending works there",
            )


def _is_asked(listen: Use) -> bool:
    """Whether the code asks somewhere if the socket is open already: it listens only where it is not, which is never."""
    name = re.escape(listen.span.text.split(".")[0].strip().rstrip("!?"))
    asked = rf"(?<![\w$.]){name}\s*[!?]?\.\s*(?:readyState|ready_state)\b"
    return re.search(asked.encode(), listen.span.file.data) is not None
