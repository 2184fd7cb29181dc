"""The close of a client's first socket takes its second one out of the list.

## What it does
Looks for a Map that sockets are put into under an id that the client names (a query parameter or a header), and for a
close listener, or a `webSocketClose`, that deletes that id without a look at which socket is there. So, too, for a field
that holds one socket, and a close listener that empties it.

## Why it fails
A client that opens a second tab, or connects again before its lost socket is noticed, puts the new socket in the place
of the old one. When the old one ends, and it ends at once where the code closes it, its listener deletes the id, and
with it the socket that is still open: nothing is sent to that client any more, and it is counted as gone.

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
  sockets = new Map();
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const player = new URL(request.url).searchParams.get("player") ?? "guest";
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    this.sockets.get(player)?.close(4000, "replaced");
    this.sockets.set(player, server);
    server.addEventListener("message", (event) => {
      for (const socket of this.sockets.values()) socket.send(event.data);
    });
    server.addEventListener("close", () => {
      this.sockets.delete(player);
    });
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
  sockets = new Map();
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const player = new URL(request.url).searchParams.get("player") ?? "guest";
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    this.sockets.get(player)?.close(4000, "replaced");
    this.sockets.set(player, server);
    server.addEventListener("message", (event) => {
      for (const socket of this.sockets.values()) socket.send(event.data);
    });
    server.addEventListener("close", () => {
      if (this.sockets.get(player) === server) this.sockets.delete(player);
    });
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
- The listener asks the Map for the id before it deletes it, or looks for further sockets of the same client.
- An id that is there already is refused.
- The id is made by the code: `crypto.randomUUID()`.
- Nothing is sent to the socket of the field.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run: the second client of one id gets nothing once the first one is closed.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.record import frozen
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import ClassFlow
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule("WS690", "later-socket-removed", Severity.WARNING, languages=("javascript",))

_FROM_CLIENT = frozenset({"searchParams", "headers", "query"})
_USES = frozenset({"get", "values", "entries", "forEach"})
_LOOKS = frozenset({"get", "has", "getWebSockets", "values", "entries"})


@frozen
class Kept:
    """A socket that is put into a Map of the class: `this.<place>.set(<key>, <socket>)`."""

    place: str
    key: str
    socket: str
    call: tree.Call


def check(worker: Worker) -> Iterator[Outcome]:
    for cls in durable_classes(worker):
        for name, member in cls.members.items():
            if member.function is None or name in cls.inherited:
                continue
            yield from _emptied(cls, member.function)
            for kept in _kept(member.function):
                deletion = _by_listener(member.function, kept) or _by_handler(cls, member.function, kept)
                if deletion is None or not _is_used(cls, kept.place):
                    continue
                file = cls.span.file
                yield RULE.finding(
                    Span(file, deletion.start, deletion.end),
                    f"a client that connects a second time as the same `{kept.key}` gets nothing any more once its first "
                    f"socket ends: this takes the second one out of `this.{kept.place}`",
                    labels=(
                        Label(Span(file, kept.call.start, kept.call.end), "the second one takes this place"),
                    ),
                    help=f"delete it only if `this.{kept.place}.get(…)` still is the socket that ends",
                )


def _emptied(cls: ClassFlow, function: tree.Function) -> Iterator[Outcome]:
    """Fields that hold one socket, and that the close of an earlier one empties."""
    nodes = list(nodes_in(function.body))
    accepted = {name for node in nodes if isinstance(node, tree.Call) for name in _accepted(node)}
    file = cls.span.file
    for node in nodes:
        target = node.target if isinstance(node, tree.Assign) and node.operator == "=" else None
        if not isinstance(node, tree.Assign) or not isinstance(target, tree.Member):
            continue
        place, held = target.name, node.value
        if not _is_field(target, place) or not isinstance(held, tree.Name) or held.name not in accepted:
            continue
        if any(isinstance(each, tree.If) and _keeps(each, node, place) for each in nodes):
            continue
        emptying = next(
            filter(None, (_emptying(one, place) for one in _listeners(function, held.name))), None
        )
        if emptying is not None and _is_sent_to(cls, place):
            yield RULE.finding(
                Span(file, emptying.start, emptying.end),
                f"a client that connects while `this.{place}` is taken gets nothing any more once the earlier socket ends: "
                "this takes the later one out",
                labels=(Label(Span(file, node.start, node.end), "the later one takes this place"),),
                help=f"empty it only if `this.{place}` still is the socket that ends",
            )


def _keeps(node: tree.If, assign: tree.Assign, place: str) -> bool:
    """Whether a socket that is there stays: who comes later is turned away, or the place is taken only if it is free."""
    if not any(_is_field(each, place) for each in nodes_in(node.test)):
        return False
    return node.start <= assign.start < node.end or any(
        isinstance(each, (tree.Return, tree.Throw)) for each in nodes_in(node.then)
    )


def _emptying(listener: tree.Function, place: str) -> tree.Assign | None:
    """Where a field is emptied, if the listener does not look at what is there."""
    found: tree.Assign | None = None
    written = 0
    for node in nodes_in(listener.body):
        if isinstance(node, tree.Assign) and _is_field(node.target, place):
            written += 1
            if isinstance(node.value, tree.Constant) and node.value.value in ("null", "undefined"):
                found = node
    looked = sum(_is_field(node, place) for node in nodes_in(listener.body))
    return found if looked == written else None


def _is_sent_to(cls: ClassFlow, place: str) -> bool:
    return any(
        isinstance(node, tree.Member) and node.name == "send" and _is_field(node.object, place)
        for member in cls.members.values()
        if member.function is not None
        for node in nodes_in(member.function.body)
    )


def _kept(function: tree.Function) -> Iterator[Kept]:
    """The accepted sockets that are kept under an id of the client's choice; not where an id that is there is refused."""
    nodes = list(nodes_in(function.body))
    named = {
        node.pattern.name: node.value
        for node in nodes
        if isinstance(node, tree.Declare) and isinstance(node.pattern, tree.Name) and node.value is not None
    }
    accepted = {name for node in nodes if isinstance(node, tree.Call) for name in _accepted(node)}
    for node in nodes:
        place = _place(node, "set")
        if place is None or not isinstance(node, tree.Call) or len(node.arguments) != 2:
            continue
        key = node.arguments[0]
        sockets = [
            one.name
            for one in nodes_in(node.arguments[1])
            if isinstance(one, tree.Name) and one.name in accepted
        ]
        if not isinstance(key, tree.Name) or not sockets or not _is_clients(named.get(key.name)):
            continue
        if not any(isinstance(each, tree.If) and _refuses(each, place) for each in nodes):
            yield Kept(place, key.name, sockets[0], node)


def _accepted(call: tree.Call) -> Iterator[str]:
    function = call.function
    if not isinstance(function, tree.Member):
        return
    if function.name == "accept" and isinstance(function.object, tree.Name):
        yield function.object.name
    if function.name == "acceptWebSocket" and call.arguments and isinstance(call.arguments[0], tree.Name):
        yield call.arguments[0].name


def _is_clients(value: tree.Expression | None) -> bool:
    """Whether a value is what the request says: a query parameter or a header, perhaps with a default."""
    if value is None:
        return False
    for node in nodes_in(value):
        function = node.function if isinstance(node, tree.Call) else None
        if (
            isinstance(function, tree.Member)
            and function.name == "get"
            and isinstance(function.object, tree.Member)
        ):
            if function.object.name in _FROM_CLIENT:
                return True
    return False


def _refuses(node: tree.If, place: str) -> bool:
    """Whether somebody is turned away for being there already."""
    asks = any(_place(each, "has") == place or _place(each, "get") == place for each in nodes_in(node.test))
    return asks and any(isinstance(each, tree.Return) for each in nodes_in(node.then))


def _by_listener(function: tree.Function, kept: Kept) -> tree.Call | None:
    """The deletion in the socket's own close listener."""
    for listener in _listeners(function, kept.socket):
        return _deletion(listener, kept.place, {kept.key})
    return None


def _listeners(function: tree.Function, socket: str) -> Iterator[tree.Function]:
    """What hears the close of a socket."""
    nodes = list(nodes_in(function.body))
    local = {
        node.pattern.name: node.value
        for node in nodes
        if isinstance(node, tree.Declare) and isinstance(node.pattern, tree.Name)
    }
    for node in nodes:
        target = node.function if isinstance(node, tree.Call) else None
        if not isinstance(node, tree.Call) or not isinstance(target, tree.Member) or len(node.arguments) < 2:
            continue
        event, listener = node.arguments[0], node.arguments[1]
        if target.name != "addEventListener" or not isinstance(event, tree.Text) or event.value != "close":
            continue
        if not isinstance(target.object, tree.Name) or target.object.name != socket:
            continue
        if isinstance(listener, tree.Name):
            found = local.get(listener.name)
            listener = found if found is not None else listener
        if isinstance(listener, tree.Function):
            yield listener


def _by_handler(cls: ClassFlow, function: tree.Function, kept: Kept) -> tree.Call | None:
    """The deletion in `webSocketClose`, of the id that was attached."""
    handler = cls.members.get("webSocketClose")
    attached = _attached(function, kept)
    if handler is None or handler.function is None or "webSocketClose" in cls.inherited or not attached:
        return None
    if not any(
        isinstance(node, tree.Member) and node.name == "deserializeAttachment"
        for node in nodes_in(handler.function.body)
    ):
        return None
    return _deletion(handler.function, kept.place, attached)


def _attached(function: tree.Function, kept: Kept) -> set[str]:
    """The names that the id has in the attachment."""
    for node in nodes_in(function.body):
        target = node.function if isinstance(node, tree.Call) else None
        if not isinstance(node, tree.Call) or not isinstance(target, tree.Member) or not node.arguments:
            continue
        given = node.arguments[0]
        if target.name == "serializeAttachment" and isinstance(given, tree.Table):
            return {
                entry.key
                for entry in given.entries
                if entry.key is not None
                and isinstance(entry.value, tree.Name)
                and entry.value.name == kept.key
            }
    return set()


def _is_used(cls: ClassFlow, place: str) -> bool:
    """Whether the class does more with the Map than to count what is in there."""
    for member in cls.members.values():
        for node in nodes_in(member.function.body) if member.function is not None else ():
            if isinstance(node, tree.Loop) and _is_field(node.iterable, place):
                return True
            if isinstance(node, tree.Member) and node.name in _USES and _is_field(node.object, place):
                return True
    return False


def _deletion(function: tree.Function, place: str, names: set[str]) -> tree.Call | None:
    """Where the id is deleted, if nothing there looks at what is under it."""
    found: tree.Call | None = None
    for node in nodes_in(function.body):
        if not isinstance(node, tree.Call):
            continue
        if isinstance(node.function, tree.Member) and node.function.name in _LOOKS:
            return None
        if _place(node, "delete") == place and len(node.arguments) == 1:
            given = node.arguments[0]
            if isinstance(given, (tree.Name, tree.Member)) and given.name in names:
                found = node
    return found


def _place(node: object, method: str) -> str | None:
    """`x` of a call `this.x.method(…)`."""
    function = node.function if isinstance(node, tree.Call) else None
    of = function.object if isinstance(function, tree.Member) and function.name == method else None
    return of.name if isinstance(of, tree.Member) and _is_field(of, of.name) else None


def _is_field(node: object, place: str) -> bool:
    return (
        isinstance(node, tree.Member)
        and node.name == place
        and isinstance(node.object, tree.Name)
        and node.object.name == "this"
    )
