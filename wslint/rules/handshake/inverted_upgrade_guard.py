"""A guard that refuses the handshakes.

## What it does
Finds a 101, or a forward to an object that answers handshakes, that is only reached when the request has no `Upgrade:
websocket` header; and a function that forwards plain requests and answers handshakes with an error.

## Why it fails
The guard asks the opposite of what was meant. A browser's handshake takes the other side and is refused, and
a plain request that gets here answers 500, because the runtime sends a 101 to upgrades only.

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
    if (request.headers.get("Upgrade") === "websocket") return new Response(null, { status: 426 });
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
- The guard lets upgrades through, in whatever form.
- The Worker gives handshakes to something else: another object, code that wslint did not follow.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, RequestValue, ResponseValue
from wslint.source.nodes import nodes_in
from wslint.upgrade import Target, answers_upgrade, forwards, in_worker
from wslint.worker import Worker

RULE = Rule(
    "WS416",
    "inverted-upgrade-guard",
    Severity.ERROR,
    causes=("H18",),
    languages=("javascript", "python", "rust"),
)

_HELP = 'turn the comparison round: refuse the request when `Upgrade` is not `"websocket"`'


def check(worker: Worker) -> Iterator[Outcome]:
    yield from _own_answers(worker)
    starved = list(_starved(worker))
    yield from starved or _refused(worker)


def _own_answers(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        parts = use.response
        if (
            use.action != "respond"
            or parts is None
            or use.where.deferred
            or use.where.handler not in ("fetch", "on_fetch")
        ):
            continue
        sends = any(isinstance(socket, End) for socket in parts.socket or ())
        if sends and use.where.holds("is-plain") and not use.where.holds("is-upgrade"):
            yield RULE.finding(
                use.span,
                "no handshake gets this 101: the condition lets only requests without `Upgrade: "
                "websocket` come here",
                help=_HELP,
            )


def _starved(worker: Worker) -> Iterator[Outcome]:
    """Objects that answer handshakes and get plain requests only."""
    flow = worker.flow
    if flow is None or not flow.complete or len(worker.workspace.documents) > 1 or _may_go_elsewhere(worker):
        return
    reached: dict[str, list[tuple[Use, Target]]] = {}
    for use, forward, target in forwards(worker):
        if forward.upgrade != "no":
            reached.setdefault(target.class_name, []).append((use, target))
    for name, uses in reached.items():
        cls = uses[0][1].flow
        if cls is None or answers_upgrade(cls) != "yes":
            continue
        if all(use.where.holds("is-plain") and in_worker(worker, use) for use, _ in uses):
            yield RULE.finding(
                uses[0][0].span,
                f"no handshake reaches `{name}`: the condition lets only requests without `Upgrade: websocket` come "
                "here",
                labels=(Label(cls.span, "answers handshakes"),),
                help=_HELP,
            )


def _may_go_elsewhere(worker: Worker) -> bool:
    """Whether the Worker answers handshakes itself, or gives them to code that is not followed."""
    for use in worker.flow.uses if worker.flow else ():
        if not in_worker(worker, use) or use.where.holds("is-plain"):
            continue
        if use.action == "respond" and use.response is not None and use.response.socket is not None:
            return True
        if use.action == "escape" and isinstance(use.value, RequestValue):
            return True
        if use.action == "fetch" and use.forward is not None and use.forward.upgrade != "no":
            return True
    return False


def _refused(worker: Worker) -> Iterator[Outcome]:
    """Objects that answer handshakes and get plain requests only, while the same function refuses handshakes."""
    sent = [
        (use, target)
        for use, forward, target in forwards(worker)
        if forward.upgrade != "no" and not use.where.deferred
    ]
    for use, target in sent:
        if target.flow is None or answers_upgrade(target.flow) != "yes" or use.where.handler != "fetch":
            continue
        others = (other for other, to in sent if to.class_name == target.class_name)
        if all(_is_plain(other) for other in others) and _refuses(worker, use.where.function):
            yield RULE.finding(
                use.span,
                f"no handshake reaches `{target.class_name}`: the condition lets only requests without `Upgrade: "
                "websocket` come here, and refuses the others",
                help=_HELP,
            )


def _is_plain(use: Use) -> bool:
    return use.where.holds("is-plain") and not use.where.holds("is-upgrade")


def _refuses(worker: Worker, function: tree.Function | None) -> bool:
    """Whether all that a function returns for a handshake is an error, and all that it returns is known."""
    if function is None or worker.flow is None:
        return False
    returned = [use for use in worker.flow.uses if use.action == "return" and use.where.function is function]
    known = {use.span.start for use in returned}
    if any(isinstance(node, tree.Return) and node.start not in known for node in nodes_in(function.body)):
        return False
    answers = [use for use in returned if use.where.holds("is-upgrade")]
    return bool(answers) and all(_is_error(worker, use) for use in answers)


def _is_error(worker: Worker, use: Use) -> bool:
    built = (
        worker.flow.of(use.value, "respond") if worker.flow and isinstance(use.value, ResponseValue) else []
    )
    statuses = [answer.response.status if answer.response else None for answer in built]
    return bool(statuses) and all(isinstance(status, int) and status >= 400 for status in statuses)
