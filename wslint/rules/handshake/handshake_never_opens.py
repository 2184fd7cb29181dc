"""An address at which no handshake ever opens.

## What it does
Plays a handshake for every address that the project's clients open and its routes take, and finds those where
each way through the code ends in a refusal, a throw or silence, whatever the client asks for.

## Why it fails
The browser gets `Unexpected response code`, always. The message has the runtime's own words, or the status that is
answered, at the line that decides it. A rule that knows the mistake speaks instead of this one where there is one.

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
    return env.MATCH.getByName("lobby").fetch(new Request(request.url, { ...request }));
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
    return env.MATCH.getByName("lobby").fetch(new Request(request.url, request));
  },
};
```

## Not a finding when
- One way through the code opens the socket, or code that is not read may.
- A guard refuses: the address is not one that the project itself names, and the code looks at the path.
- The default export is `{}`: the module is there for its classes, which other Workers bind.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.play.handshake_laws import Refusal
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS460",
    "handshake-never-opens",
    Severity.ERROR,
    causes=(
        "A02",
        "A05",
        "A06",
        "C01",
        "C03",
        "C12",
        "F01",
        "F02",
        "F03",
        "F04",
        "F05",
        "F06",
        "F07",
        "F08",
        "F09",
        "F12",
        "F17",
        "FW02",
        "FW03",
        "FW04",
        "H01",
        "H02",
        "H03",
        "H04",
        "H05",
        "H06",
        "H07",
        "H08",
        "H09",
        "H10",
        "H12",
        "H13",
        "H14",
        "H18",
        "L18",
        "R02",
        "R04",
        "RS05",
        "RS12",
        "S15",
        "S16",
        "S18",
        "S19",
    ),
    languages=("javascript", "rust", "python"),
    gives_way_to=(
        "WS2",
        "WS3",
        "WS4",
        "WS513",
        "WS514",
        "WS519",
        "WS520",
        "WS53",
        "WS546",
        "WS6",
        "WS7",
        "WS8",
        "WS9",
    ),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.front is not None or not (worker.source or worker.config.durable_objects):
        return
    if _only_hosts_classes(worker):
        return
    for refusal in handshake_laws.refused(worker):
        span = refusal.ending.span
        assets = worker.config.value("assets")
        if assets is not None and (span is None or span.start == span.end):
            span = assets.header or assets.span
        if span is not None:
            yield RULE.finding(span.head(), _words(refusal), help="`wslint trace` shows the whole way")


def _only_hosts_classes(worker: Worker) -> bool:
    """Whether the module is there for its classes, which other Workers bind: `export default {}` takes no requests."""
    default = worker.source.exports.get("default") if worker.source is not None else None
    return default is not None and default.kind == "object" and worker.handlers == frozenset()


def _words(refusal: Refusal) -> str:
    ending = refusal.ending
    quoted = ending.text if "`" in ending.text else f"`{ending.text}`"
    said = f": {quoted}" if ending.text else ""
    where = f" where {refusal.when}" if refusal.when else ""
    verb = "always answers" if not where else "never opens: it answers"
    return f"a handshake for `{refusal.asked.text}` {verb} {ending.status}{where}{said}"
