"""An alarm that no `alarm()` receives.

## What it does
Finds `storage.setAlarm(…)` in classes without an `alarm` method.

## Why it fails
The call throws: `Your Durable Object class must have an alarm() handler in order to call setAlarm()`.
In Rust, from `worker` 0.6 on, the trait brings an `alarm` for each class, and its body panics.

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
  async webSocketMessage(ws, message) {
    await this.ctx.storage.setAlarm(Date.now() + 1000);
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
  async webSocketMessage(ws, message) {
    await this.ctx.storage.setAlarm(Date.now() + 1000);
    ws.send(message);
  }
  async alarm() {
    console.log("time is up");
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
- A base class from a package may bring the method.
- The constructor sets the alarm: the runtime does not know the handlers yet, and the call does not throw.

## Source
- https://developers.cloudflare.com/durable-objects/api/alarms/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import lacks, leaves_to_trait
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import Storage
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS513",
    "alarm-without-handler",
    Severity.ERROR,
    causes=("L17",),
    languages=("javascript", "python", "rust"),
)

_CONSTRUCTORS = ("constructor", "__init__")


def check(worker: Worker) -> Iterator[Outcome]:
    for cls in durable_classes(worker):
        if not lacks(worker, cls, "alarm"):
            continue
        for use in cls.uses:
            if use.where.handler in _CONSTRUCTORS:
                continue
            if use.action == "call" and use.name == "setAlarm" and isinstance(use.value, Storage):
                panics = leaves_to_trait(worker) and any(_exports_alarm(each) for each in cls.attributes)
                yield RULE.finding(
                    use.span,
                    f"the whole wasm instance panics when this alarm fires: `alarm` of `{cls.name}` is left to the "
                    "trait, whose body is `unimplemented!()`"
                    if panics
                    else "this call throws: `Your Durable Object class must have an alarm() handler in order to call "
                    "setAlarm()`",
                    labels=(Label(cls.span, "this class has no `alarm`"),),
                )


def _exports_alarm(attribute: str) -> bool:
    """Whether Rust's attribute makes the trait's `alarm` a handler of the runtime's."""
    return attribute.rpartition("::")[2] in ("durable_object", "durable_object()", "durable_object(alarm)")
