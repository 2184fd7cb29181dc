"""A listener on the end that the client gets.

## What it does
Finds `addEventListener` on the end of a pair that leaves with the 101, and that nothing accepts here.

## Why it fails
What the client sends, and its close, come to the end that stays. The listener on the other one never runs: a timer that
it should clear goes on, a list that it should clean up grows.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    client.addEventListener("message", (event) => server.send(event.data));
    server.addEventListener("close", () => server.close(1000));
    return new Response(null, { status: 101, webSocket: client });
  },
};
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    server.addEventListener("close", () => server.close(1000));
    return new Response(null, { status: 101, webSocket: client });
  },
};
```

## Not a finding when
- The end is accepted too: both ends of a pair may be used in one Worker.
- It is not sure that the end is the one that is returned.

## Source
- https://github.com/cloudflare/workerd/issues/5290
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End
from wslint.upgrade import never_accepted
from wslint.worker import Worker

RULE = Rule(
    "WS490",
    "listener-on-returned-end",
    Severity.ERROR,
    causes=("A01",),
    languages=("javascript", "python"),
    needs=("uses listen",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "listen" or not isinstance(use.value, End) or not use.certain:
            continue
        given = _given(worker, use.value)
        if given is None or not never_accepted(worker, use.value):
            continue
        yield RULE.finding(
            use.span,
            f"this `{use.name}` listener never runs: what the client does comes to the other end of the pair",
            labels=(Label(given.span.head(), "the client gets this end here"),),
            help="listen on the end that is accepted",
        )


def _given(worker: Worker, end: End) -> Use | None:
    """The 101 that takes the end to the client, where that is sure."""
    for use in worker.flow.uses if worker.flow else ():
        parts = use.response
        if use.action != "respond" or parts is None or not parts.socket or len(parts.socket) != 1:
            continue
        held = parts.socket[0]
        if isinstance(held, End) and held.pair is end.pair and held.index == end.index:
            return use
    return None
