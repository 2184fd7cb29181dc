"""A message listener that is attached after the answer has left.

## What it does
Finds `message` listeners that are attached to a socket that is already accepted, in a `setTimeout` or by asynchronous
work that waits for something outside and that the 101 does not wait for.

## Why it fails
Messages flow as soon as the 101 is sent. What arrives before the listener is there is lost, and nothing
says so.

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
    setTimeout(() => {
      server.addEventListener("message", (event) => server.send(event.data));
    }, 1000);
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
    const profile = await fetch("https://example.com/profile");
    server.addEventListener("message", (event) => server.send(`${profile.status} ${event.data}`));
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
- There is an `await` between `accept()` and the listener, but the response is returned
  after both: nothing is lost.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import late_laws
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import End
from wslint.text import Span
from wslint.upgrade import accepted
from wslint.values.event import Listened
from wslint.worker import Worker

RULE = Rule(
    "WS518",
    "late-listener",
    Severity.WARNING,
    causes=("A04",),
    languages=("javascript",),
    needs=("uses listen",),
)


_HELP = "attach the listener right after `accept()`"


def check(worker: Worker) -> Iterator[Outcome]:
    seen: set[Span] = set()
    for late in late_laws.late(worker):
        if isinstance(late.event, Listened):
            seen.add(late.place.head())
            yield RULE.finding(
                late.place,
                "messages that arrive before this are lost: the 101 leaves without waiting for it, the socket is "
                "accepted, and nobody listens yet",
                help=_HELP,
            )
    for span in _in_timers(worker):
        if span.head() not in seen:
            yield RULE.finding(
                span,
                "messages that arrive before this timer are lost: the socket is accepted, and nobody "
                "listens yet",
                help=_HELP,
            )


def _in_timers(worker: Worker) -> Iterator[Span]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "listen" or use.name != "message" or use.where.deferred != "timer":
            continue
        socket = use.value
        if not isinstance(socket, End) or any(
            other is not use and other.name == "message" and other.where.deferred != "timer"
            for other in (worker.flow.of(socket, "listen") if worker.flow else ())
        ):
            continue
        ways = accepted(worker, socket)
        if ways and all(way.action == "accept" and way.where.deferred is None for way in ways):
            yield use.span
