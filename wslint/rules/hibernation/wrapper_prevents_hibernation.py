"""An older Sentry wrapper around an object that hibernates.

## What it does
Finds classes that accept sockets for hibernation and are wrapped in `instrumentDurableObjectWithSentry` of
`@sentry/cloudflare` before 10.67.0.

## Why it fails
Those versions wait for their own flush through the `waitUntil` that they have replaced. Under load the two wait for
each other: the object never hibernates and is billed all the time, or its sockets are cut after some seconds and the
next handshakes answer 500.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```json package.json
{ "dependencies": { "@sentry/cloudflare": "10.66.0" } }
```
```js index.js
import { DurableObject } from "cloudflare:workers";
import * as Sentry from "@sentry/cloudflare";

class Match extends DurableObject {
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

export const MatchDO = Sentry.instrumentDurableObjectWithSentry((env) => ({ dsn: env.DSN }), Match);

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
```json package.json
{ "dependencies": { "@sentry/cloudflare": "^10.67.0" } }
```
```js index.js
import { DurableObject } from "cloudflare:workers";
import * as Sentry from "@sentry/cloudflare";

class Match extends DurableObject {
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

export const MatchDO = Sentry.instrumentDurableObjectWithSentry((env) => ({ dsn: env.DSN }), Match);

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The version is not known: neither installed, nor locked, nor a plain range below 10.67.0.
- The wrapped class accepts no socket for hibernation.

## Source
- https://github.com/getsentry/sentry-javascript/issues/22328
- https://github.com/getsentry/sentry-javascript/issues/21153
- https://github.com/getsentry/sentry-javascript/pull/22339, first in 10.67.0: the two packages compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import hibernating
from wslint.rules import Outcome, Rule
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS623", "wrapper-prevents-hibernation", Severity.WARNING, causes=("FW09",), languages=("javascript",)
)

_WRAPPER = b"instrumentDurableObjectWithSentry"


def check(worker: Worker) -> Iterator[Outcome]:
    files = [file for file in (worker.source.files if worker.source else ()) if _WRAPPER in file.data]
    versions = worker.package_versions("@sentry/cloudflare") if files else None
    if versions is None or not versions.all_before((10, 67, 0)):
        return
    for cls, accept in hibernating(worker):
        # The class is the call's last argument; nothing of it is followed, so its name must do.
        call = re.compile(
            _WRAPPER
            + rb"(?:<[^;()]*>)?\((?:(?!"
            + _WRAPPER
            + rb").)*?\b"
            + cls.name.encode()
            + rb"\b,?\s*\)",
            re.S,
        )
        for file in files:
            match = call.search(file.data)
            if match is not None:
                yield RULE.finding(
                    Span(file, match.start(), match.start() + len(_WRAPPER)),
                    f"under load `{cls.name}` never hibernates, or its sockets are cut: before 10.67.0 this wrapper "
                    "waits for itself",
                    labels=(Label(accept.span, "accepted for hibernation here"),),
                    help="take `@sentry/cloudflare` 10.67.0 or newer",
                )
                break
