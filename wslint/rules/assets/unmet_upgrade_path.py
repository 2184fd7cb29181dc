"""A handshake on a path that the other side does not take.

## What it does
Compares the paths on which the Worker forwards requests to a Durable Object with those on which the
object's `fetch` answers a handshake, and the addresses that the project's own pages ask for with the
Worker's routes.

## Why it fails
A forwarded request keeps its address: behind a Worker's route `/ws` the object sees `/ws` too, not what
comes after it. When no forward's path meets a path that the object takes, each handshake gets the object's
own 404; when a page asks for a path that the Worker has no route for, it gets the Worker's.

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
    const url = new URL(request.url);
    if (url.pathname !== "/websocket") return new Response("not found", { status: 404 });
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
    const url = new URL(request.url);
    if (url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return new Response("not found", { status: 404 });
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
    const url = new URL(request.url);
    if (url.pathname !== "/ws") return new Response("not found", { status: 404 });
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
    const url = new URL(request.url);
    if (url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return new Response("not found", { status: 404 });
  },
};
```

## Not a finding when
- Some forward reaches the path, with the request as it came or with an address of its own.
- A path is not written out, or the code rewrites it.
- A page opens the socket on another server, or the Worker hands requests to code that wslint did not follow.

## Source
- workerd 1.20261117.1, run: the text of the 404 is the object's.
- https://developers.cloudflare.com/durable-objects/best-practices/create-durable-object-stubs-and-send-requests/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.project.handshakes import clients, is_served, tells
from wslint.rules import Outcome, Rule
from wslint.rules.assets._reach import Constraint, all_answers, apart, constraints, forwarded, takes
from wslint.source.clients import HOLE
from wslint.source.flow.uses import ClassFlow, Forward, Use
from wslint.source.flow.values import PathTest
from wslint.source.routes import shapes, written
from wslint.upgrade import forwards, in_worker, reaches_upgrade
from wslint.worker import Worker

RULE = Rule(
    "WS715",
    "unmet-upgrade-path",
    Severity.ERROR,
    causes=("R05",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.flow is None or not worker.flow.complete:
        return
    yield from _clients(worker)
    yield from _objects(worker)


def _clients(worker: Worker) -> Iterator[Outcome]:
    """Addresses that the project's own pages ask for and no route of the Worker takes."""
    answers = all_answers(worker) if len(worker.workspace.documents) == 1 else None
    routes = [constraints(worker, use) for use in answers or ()]
    if not routes or not all(routes):
        return
    for client in clients(worker):
        path = client.path if client.own_host else None
        if path is None or HOLE in path or any(takes(route, path) for route in routes):
            continue
        tests = [test for route in routes for _, test in route[:1]]
        yield RULE.finding(
            client.place,
            f"the handshake on `{path}` answers what the Worker answers for other paths: "
            f"it takes handshakes on {' or '.join(dict.fromkeys(_paths(test) for test in tests))} only",
            labels=tuple(Label(test.span, "the Worker's route") for test in tests[:3]),
            help="use one path on both sides",
            confidence="high" if is_served(worker, client) else "medium",
        )


def _objects(worker: Worker) -> Iterator[Outcome]:
    """Forwards to a Durable Object that takes handshakes on other paths."""
    reached: dict[int, tuple[ClassFlow, list[tuple[Use, Forward]]]] = {}
    for use, forward, target in forwards(worker):
        if target.flow is None or target.worker is not worker:
            continue
        if use.where.cls == target.class_name:
            return  # the object calls itself under paths of its own
        reached.setdefault(id(target.flow), (target.flow, []))[1].append((use, forward))
    for cls, sent in reached.values():
        answers = _answers(worker, cls)
        if answers:
            yield from _compared(worker, cls, sent, answers)


def _answers(worker: Worker, cls: ClassFlow) -> list[list[Constraint]]:
    """For each 101 of a class the tests that stand before it; empty when one has none."""
    found = [
        constraints(worker, use)
        for use in cls.uses
        if use.action == "respond" and use.response is not None and use.response.socket
    ]
    return found if cls.base_known and all(found) else []


def _compared(
    worker: Worker, cls: ClassFlow, sent: list[tuple[Use, Forward]], answers: list[list[Constraint]]
) -> Iterator[Outcome]:
    missed: list[tuple[Use, PathTest, PathTest]] = []
    for use, forward in sent:
        paths = forwarded(worker, use, forward)
        misses = [apart(paths, answer) for answer in answers] if paths is not None else [None]
        first = misses[0]
        if first is None or None in misses:
            return
        if in_worker(worker, use) and reaches_upgrade(use) and forward.upgrade == "yes":
            missed.append((use, *first))
    telling = [
        item for item in missed if len(sent) == 1 or item[0].where.holds("is-upgrade") or tells(item[0])
    ]
    for use, test, taken in telling:
        yield RULE.finding(
            test.span,
            f"each handshake on {_paths(test)} answers what `{cls.name}` answers for other paths: "
            f"it takes handshakes on {_paths(taken)} only, and a forwarded request keeps its path",
            labels=(Label(taken.span, "the object's path"), Label(use.span.head(), "forwarded here")),
            help="use one path on both sides, or forward to an address of the object's: "
            f'`stub.fetch("https://object{taken.text if taken.kind == "is" else "/…"}", request)`',
        )


def _paths(test: PathTest) -> str:
    return " or ".join(f"`{written(shape)}`" for shape in shapes(test) or ())
