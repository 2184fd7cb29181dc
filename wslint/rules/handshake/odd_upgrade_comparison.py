"""An Upgrade header compared with a text that no browser sends.

## What it does
Finds a 101, or a forward to an object that answers handshakes, which is only reached when the `Upgrade` header is
`WebSocket`, `WEBSOCKET` or the like, or when its small letters are that.

## Why it fails
Browsers write the header's value in small letters, and the comparison minds the case: every handshake takes the other
side and is refused. After `toLowerCase()` no request at all can pass.

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
    if (request.headers.get("Upgrade") !== "WebSocket") return new Response(null, { status: 426 });
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
    if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") return new Response(null, { status: 426 });
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
- The text in small letters lets a request in as well.
- The header is turned into the same case first: `toUpperCase()` and `WEBSOCKET`.

## Source
- https://websockets.spec.whatwg.org/#websocket-opening-handshake
- workerd 1.20261117.1, run: the header arrives as the browser wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wslint.finding import Label, Severity
from wslint.play.shadowed import odd_upgrades
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, LiteralValue
from wslint.upgrade import answers_upgrade, target_of
from wslint.worker import Worker

RULE = Rule(
    "WS454",
    "odd-upgrade-comparison",
    Severity.ERROR,
    causes=("H18",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    seen: set[tuple[Path, int]] = set()
    for use in worker.flow.uses if worker.flow else ():
        if use.where.handler not in ("fetch", "on_fetch") or use.where.deferred or not _answers(worker, use):
            continue
        for fact, text in use.where.facts:
            if fact != "odd-upgrade" or not isinstance(text, LiteralValue):
                continue
            place = (text.span.file.path, text.span.start)
            if place in seen:
                continue
            seen.add(place)
            yield RULE.finding(
                text.span,
                _words(text.value),
                labels=(Label(use.span, "what handshakes should reach"),),
                help=_HELP,
            )
    for odd in odd_upgrades(worker):
        if not any(
            path == odd.place.file.path and odd.place.start <= at < odd.place.end for path, at in seen
        ):
            yield RULE.finding(odd.place.head(), _words(odd.text), help=_HELP)


_HELP = 'compare the header in lower case with `"websocket"`'


def _words(text: object) -> str:
    return f"no browser's handshake passes this: the header it sends is `websocket`, never `{text}`"


def _answers(worker: Worker, use: Use) -> bool:
    """Whether a use answers handshakes: a 101 with an end of a pair, or a forward to who answers them."""
    if use.action == "respond" and use.response is not None:
        return any(isinstance(socket, End) for socket in use.response.socket or ())
    if use.action == "fetch" and use.forward is not None and use.forward.upgrade != "no":
        target = target_of(worker, use.value)
        return target is not None and target.flow is not None and answers_upgrade(target.flow) == "yes"
    return False
