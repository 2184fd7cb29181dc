"""Work that a module starts while it loads.

## What it does
Runs the top level of each module that the entrypoint loads, with the functions that it calls, the classes that
it makes and their static fields, and reports what the runtime refuses there: timers, sockets, requests that are
waited for, random numbers (`crypto.randomUUID()`; in Python `random`, `secrets`, `uuid4`, `os.urandom`), stubs of
Durable Objects and responses with a body.

## Why it fails
While a Worker's modules load there is no request yet, and the runtime refuses such work: `Disallowed
operation called within global scope`. The deploy fails, or the Worker does not start.

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

setInterval(() => console.log("still here"), 1000);

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
- The call stands in a function that no module calls while it loads, or in a module that `import()` loads.
- It stands in a `try`, or hangs on a condition that is not known.
- It makes a promise that nobody awaits: `const settings = fetch(…)` is rejected, and the Worker starts.
- It is not refused: `Math.random()`, `Date.now()`, `idFromName`, `crypto.subtle.digest`, `new Response(null)`.
- A Python Worker sets `PYTHON_WORKERS_ALLOW_TOP_LEVEL_ENTROPY`.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.machine.machine import snippet
from wslint.play.startup import refused_at_start
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS622",
    "disallowed-global-operation",
    Severity.ERROR,
    causes=("C16",),
    languages=("javascript", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for refused in refused_at_start(worker):
        what = snippet(refused.place)
        said = "Disallowed operation called within global scope"
        if not refused.text.startswith(f"Error: {said}"):
            said = refused.text.partition(": ")[2]
        yield RULE.finding(
            refused.place.head(),
            f"the Worker does not start: `{said}` (`{what}`)",
            help="do it in a handler, on the first request if once is enough",
        )
