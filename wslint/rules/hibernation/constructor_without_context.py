"""A constructor that does not give the base class its context.

## What it does
Finds constructors of classes that extend DurableObject whose `super(…)` is missing, lacks an argument or gets them the
wrong way round, and `constructor(env, ctx)` in a class without a base.

## Why it fails
Every request of the object ends in a 500: the base class needs both arguments, and without `super` no `this` exists.
The runtime passes the context first and `env` second, whatever the parameters are called.

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
  constructor(ctx, env) {
    super();
    this.startedAt = 0;
  }
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
  constructor(ctx, env) {
    super(ctx, env);
    this.startedAt = 0;
  }
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
- There is no constructor, nothing is read from what it gets, or the arguments are passed on as `...args`, or in the runtime's order under other names.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/
- workerd 1.20261117.1, run: `Failed to construct 'DurableObjectBase'`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import ClassFlow, MemberFacts
from wslint.source.nodes import calls_in, nodes_in
from wslint.text import Span
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS618",
    "constructor-without-context",
    Severity.ERROR,
    causes=("S18",),
    languages=("javascript",),
    needs=("javascript",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language not in ("javascript", "typescript"):
        return
    for cls in durable_classes(worker):
        member = cls.members.get("constructor")
        if member is None or member.function is None or "constructor" in cls.inherited:
            continue
        if not cls.bases and cls.base_known and _is_swapped(member) and _is_used(cls, member):
            yield RULE.finding(
                member.span,
                "the runtime passes the context first: "
                f"`{member.parameters[0]}` is the context here and `{member.parameters[1]}` is `env`, so the first use "
                "of either throws",
                help=f"write `constructor({member.parameters[1]}, {member.parameters[0]})`",
            )
        if not cls.bases or cls.bases[0] != "cloudflare:workers.DurableObject":
            continue
        call = next((found for found in calls_in(member.function) if _is_super(found)), None)
        if call is None:
            yield RULE.finding(
                member.span,
                "every request answers 500: this constructor never calls `super(ctx, env)`",
                help="make it the first statement",
            )
        elif not call.arguments or (
            len(call.arguments) == 1 and not isinstance(call.arguments[0], tree.Spread)
        ):
            missing = "its context and `env`" if not call.arguments else "`env` too"
            yield RULE.finding(
                Span(member.span.file, call.start, call.end),
                f"every request answers 500: the base class needs {missing}, `super(ctx, env)`",
            )
        elif _names(call.arguments[:2]) == member.parameters[1::-1] and all(member.parameters[:2]):
            yield RULE.finding(
                Span(member.span.file, call.start, call.end),
                "every request answers 500: the base class needs what this constructor gets first as its first "
                "argument, and here the two are swapped",
                help="write `constructor(ctx, env)` and `super(ctx, env)`",
            )


def _is_super(call: tree.Call) -> bool:
    return isinstance(call.function, tree.Name) and call.function.name == "super"


def _names(nodes: list[tree.Expression]) -> tuple[str, ...]:
    return tuple(node.name if isinstance(node, tree.Name) else "" for node in nodes)


def _is_swapped(member: MemberFacts) -> bool:
    names = [name.lower().lstrip("_") for name in member.parameters[:2]]
    return len(names) == 2 and names[0] == "env" and names[1] in ("ctx", "state", "controller", "context")


def _is_used(cls: ClassFlow, member: MemberFacts) -> bool:
    """Whether anything is read from the two parameters, or from the fields that keep them."""
    names = member.parameters[:2]
    for node in nodes_in(member.function.body if member.function else []):
        if isinstance(node, tree.Member) and isinstance(node.object, tree.Name) and node.object.name in names:
            return True
        if isinstance(node, tree.Assign) and isinstance(node.target, tree.Member):
            if (
                isinstance(node.value, tree.Name)
                and node.value.name in names
                and node.target.name in cls.own_reads
            ):
                return True
    return False
