"""A socket handler that takes its parameters for something else.

## What it does
Finds `.data` read from the second parameter of `webSocketMessage`, `send` or `close` called on it, and handlers whose
parameters are named in another order than the runtime passes them: `webSocketMessage(message, ws)`.

## Why it fails
`webSocketMessage(ws, message)` gets the socket and then the message itself, not an event. `event.data` is
`undefined`, and `message.send` throws a TypeError for every message.

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
  webSocketMessage(ws, event) {
    ws.send(event.data);
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
- The parameters are used as what they are, whatever they are called; only two swapped names count.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/#websocketmessage
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import ClassFlow, MemberFacts
from wslint.source.flow.values import Message
from wslint.source.nodes import nodes_in
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS506", "wrong-handler-parameters", Severity.ERROR, causes=("L08",), languages=("javascript", "python")
)


_SOCKETS = frozenset({"ws", "socket", "websocket", "sock", "server", "client", "connection"})
_ORDER = {
    "webSocketMessage": (_SOCKETS, frozenset({"message", "msg", "data", "text", "payload"})),
    "webSocketClose": (_SOCKETS, frozenset({"code"}), frozenset({"reason"})),
    "webSocketError": (_SOCKETS, frozenset({"error", "err", "e"})),
}
"""What the runtime passes to each handler, by the names that people give it."""

_PASSED = {
    "webSocketMessage": "the socket, then the message",
    "webSocketClose": "the socket, the code, then the reason",
    "webSocketError": "the socket, then the error",
}


_SIGNATURES = {"webSocketMessage": "ws, message", "webSocketClose": "ws, code, reason, wasClean"}
_OF_EVENTS = {
    "webSocketMessage": frozenset({"data"}),
    "webSocketClose": frozenset({"code", "reason", "wasClean"}),
}
"""What the events of listeners have, and neither a socket nor what is passed beside it."""


def check(worker: Worker) -> Iterator[Outcome]:
    swapped: set[object] = set()
    for cls in durable_classes(worker):
        for member, names in _swapped(cls):
            swapped.add(member.function)
            yield RULE.finding(
                member.span,
                f"these parameters are swapped, so every call goes wrong: the runtime passes {_PASSED[member.name]}",
                help=f"write `{member.name}({', '.join(names)})`",
            )
        for member, name in _taken_apart(cls):
            yield RULE.finding(
                member.span,
                f"`{name}` is `undefined` on every call: the runtime passes {_PASSED[member.name]}, and no event",
                help=f"write `{member.name}({_SIGNATURES[member.name]})`",
            )
    for use in worker.flow.uses if worker.flow else ():
        value = use.value
        if (
            not isinstance(value, Message)
            or value.part != "message"
            or use.where.handler != "webSocketMessage"
            or use.where.function in swapped
        ):
            continue
        if use.action == "read" and use.name == "data" and use.where.deferred is None:
            yield RULE.finding(
                use.span,
                "this is `undefined`: `webSocketMessage(ws, message)` gets the message itself, not an event",
                help="use the second parameter directly",
            )
        elif use.action == "call" and use.name in ("send", "close", "serializeAttachment"):
            yield RULE.finding(
                use.span,
                f"every message ends in `TypeError: {use.name} is not a function`: the second parameter is the message, "
                "the first is the socket",
                help="write `webSocketMessage(ws, message)`",
            )


def _swapped(cls: ClassFlow) -> Iterator[tuple[MemberFacts, tuple[str, ...]]]:
    """The handlers of a class two of whose parameters have each other's names, with the right order."""
    for name, order in _ORDER.items():
        member = cls.members.get(name)
        if member is None or member.function is None or name in cls.inherited:
            continue
        given = [parameter.lower().lstrip("_") for parameter in member.parameters]
        for one in range(len(order)):
            for other in range(one + 1, len(order)):
                if max(one, other) < len(given) and given[one] in order[other] and given[other] in order[one]:
                    if not _is_used(member, one, other):
                        continue
                    names = list(member.parameters)
                    names[one], names[other] = names[other], names[one]
                    yield member, tuple(names)


def _taken_apart(cls: ClassFlow) -> Iterator[tuple[MemberFacts, str]]:
    """The handlers that take an event apart in their parameters, `webSocketMessage(ws, { data })`, with its first name."""
    for name, wanted in _OF_EVENTS.items():
        member = cls.members.get(name)
        if member is None or member.function is None or name in cls.inherited:
            continue
        for parameter in member.function.parameters[:2]:
            pattern = parameter.pattern
            if not isinstance(pattern, tree.TablePattern) or pattern.defaults is not None:
                continue
            bound = {key: held.name for key, held in pattern.entries if isinstance(held, tree.Name)}
            used = {node.name for node in nodes_in(member.function.body) if isinstance(node, tree.Name)}
            found = [key for key, name in bound.items() if key in wanted and name in used]
            if found:
                yield member, found[0]
                break


def _is_used(member: MemberFacts, *places: int) -> bool:
    """Whether the handler does anything with the swapped two; an error that is only logged harms nobody."""
    names = {member.parameters[place] for place in places}
    if member.name == "webSocketError":
        names = {name for name in names if name.lower().lstrip("_") in _SOCKETS}
    body = member.function.body if member.function else []
    return any(isinstance(node, tree.Name) and node.name in names for node in nodes_in(body))
