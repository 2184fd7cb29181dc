"""Hooks of partyserver's `Server` or the agents SDK's `Agent` that nothing calls.

## What it does
Finds classes that extend one of them, define `onConnect`, `onMessage`, `onClose` or `onRequest`, and replace the method of the
base class that calls it (`fetch`, `webSocketMessage`) without calling `super`; and `Server` classes that accept sockets
for hibernation themselves.

## Why it fails
The base class owns the runtime's handlers: its `fetch` makes the pair and calls `onConnect` and `onRequest`, its
`webSocketMessage` calls `onMessage`, and passes over sockets that it did not accept. A replaced `fetch` answers
handshakes with whatever it returns, and no socket is accepted; messages vanish without an error.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { routePartykitRequest, Server } from "partyserver";

export class MatchDO extends Server {
  onConnect(connection) {
    connection.send("hello");
  }
  onMessage(connection, message) {
    this.broadcast(message);
  }
  async fetch(request) {
    return new Response("the lobby");
  }
}

export default {
  async fetch(request, env) {
    return (await routePartykitRequest(request, env)) ?? new Response(null, { status: 404 });
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
import { routePartykitRequest, Server } from "partyserver";

export class MatchDO extends Server {
  onConnect(connection) {
    connection.send("hello");
  }
  onMessage(connection, message) {
    this.broadcast(message);
  }
  async onRequest(request) {
    return new Response("the lobby");
  }
}

export default {
  async fetch(request, env) {
    return (await routePartykitRequest(request, env)) ?? new Response(null, { status: 404 });
  },
};
```

## Not a finding when
- The method calls `super.fetch(…)` or `super.webSocketMessage(…)`, or the class calls its hook itself.
- The class defines no hook: it does everything on its own.
- The agents SDK from 0.21 on, for `webSocketMessage`: it no longer rests on partyserver.

## Source
- https://github.com/cloudflare/partykit/pull/312
- workerd 1.20261117.1, run with partyserver 0.5.10.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import ClassFlow
from wslint.source.nodes import nodes_in
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule("WS520", "bypassed-connection-hooks", Severity.ERROR, causes=("FW08",), languages=("javascript",))

_SERVER, _AGENT = "partyserver.Server", "agents.Agent"
_CALLED_BY = {"fetch": ("onConnect", "onRequest"), "webSocketMessage": ("onMessage",)}


def check(worker: Worker) -> Iterator[Outcome]:
    for cls in durable_classes(worker):
        bases = set(cls.bases)
        if not bases & {_SERVER, _AGENT}:
            continue
        replaced = [name for name in _CALLED_BY if _replaces(cls, name) and _owns(worker, bases, name)]
        for name in replaced:
            hook = next((hook for hook in _hooks(cls, name) if hook not in cls.own_reads), None)
            if hook is not None:
                does = "calls it" if hook in _CALLED_BY[name] else "accepts the sockets that it is for"
                yield RULE.finding(
                    cls.members[name].span,
                    f"`{hook}` of `{cls.name}` is never called: this `{name}` replaces the base class's, which {does}",
                    labels=(Label(cls.members[hook].span, "never called"),),
                    help=f"do the work in `{hook}`, or call `super.{name}(…)`",
                )
        if _SERVER in bases and not replaced and "onMessage" in cls.members:
            yield from _foreign_sockets(cls)


def _hooks(cls: ClassFlow, name: str) -> Iterator[str]:
    """The class's hooks that nothing calls without the base class's method of a name: without its `fetch` there is
    no socket either, unless the class accepts some itself."""
    hooks = _CALLED_BY[name]
    if name == "fetch" and not any(use.action in ("hibernate", "accept") for use in cls.uses):
        hooks = (*hooks, "onMessage", "onClose")
    return (hook for hook in hooks if hook in cls.members)


def _foreign_sockets(cls: ClassFlow) -> Iterator[Outcome]:
    """Sockets that the class accepts past its base, which then takes no message of theirs.

    Only `fetch` gets handshakes to do so: the base class keeps them from `onRequest`.
    """
    accept = next(
        (use for use in cls.uses if use.action == "hibernate" and use.where.handler == "fetch"), None
    )
    if accept is not None and "webSocketMessage" not in cls.members:
        yield RULE.finding(
            accept.span,
            f"messages of this socket vanish: `Server` passes over sockets that it did not accept, so `onMessage` "
            f"of `{cls.name}` is never called for it",
            labels=(Label(cls.members["onMessage"].span, "not called for it"),),
            help="let the base class accept: clients connect through `routePartykitRequest`",
        )


def _owns(worker: Worker, bases: set[str], name: str) -> bool:
    """Whether the base class is known to call the hook from this method."""
    if _SERVER in bases or name == "fetch":
        return True
    versions = worker.package_versions("agents")
    return versions is not None and versions.all_before((0, 21, 0))


def _replaces(cls: ClassFlow, name: str) -> bool:
    """Whether the class has a method of its own of this name that never hands on to the base class."""
    member = cls.members.get(name)
    if member is None or member.function is None or member.static or member.private:
        return False
    functions = [each.function for each in cls.members.values() if each.function is not None]
    return not any(_hands_on(node, name) for function in functions for node in nodes_in(function.body))


def _hands_on(node: tree.Node, name: str) -> bool:
    if not isinstance(node, tree.Member):
        return False
    if isinstance(node.object, tree.Name) and node.object.name == "super":
        return node.name == name
    return node.name == "lifecycle" or node.name == "prototype"
