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

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from wslint.finding import Label, Severity
from wslint.record import field, frozen, record
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
        used, sent = _used(cls), _sent(cls)
        handler = cls.members.get("webSocketClose")
        closing = handler.function if handler is not None and "webSocketClose" not in cls.inherited else None
        by_handler = _Closing(closing) if closing is not None else None
        for name, member in cls.members.items():
            if member.function is None or name in cls.inherited:
                continue
            opening = _Opening(member.function)
            yield from _emptied(cls, opening, sent)
            yield from _removed(cls, opening, by_handler, used)


def _emptied(cls: ClassFlow, opening: _Opening, sent: set[str]) -> Iterator[Outcome]:
    """Fields that hold one socket, and that the close of an earlier one empties."""
    file = cls.span.file
    for node in opening.nodes:
        target = node.target if isinstance(node, tree.Assign) and node.operator == "=" else None
        if not isinstance(node, tree.Assign) or not isinstance(target, tree.Member):
            continue
        place, held = target.name, node.value
        if not _is_field(target, place) or not isinstance(held, tree.Name):
            continue
        if held.name not in opening.accepted or place not in sent or opening.keeps(place, node.start):
            continue
        heard = (one.emptying(place) for one in opening.listeners.get(held.name, ()))
        emptying = next(filter(None, heard), None)
        if emptying is not None:
            yield RULE.finding(
                Span(file, emptying.start, emptying.end),
                f"a client that connects while `this.{place}` is taken gets nothing any more once the earlier socket ends: "
                "this takes the later one out",
                labels=(Label(Span(file, node.start, node.end), "the later one takes this place"),),
                help=f"empty it only if `this.{place}` still is the socket that ends",
            )


def _removed(
    cls: ClassFlow, opening: _Opening, by_handler: _Closing | None, used: set[str]
) -> Iterator[Outcome]:
    """Entries under an id of the client's choice, and the close of an earlier socket that takes them out."""
    for kept in opening.kept():
        heard = opening.listeners.get(kept.socket)
        deletion = heard[0].deletion(kept.place, {kept.key}) if heard else None
        attached = opening.attached.get(kept.key)
        if deletion is None and by_handler is not None and attached and by_handler.reads_attachment:
            deletion = by_handler.deletion(kept.place, attached)
        if deletion is None or kept.place not in used:
            continue
        file = cls.span.file
        yield RULE.finding(
            Span(file, deletion.start, deletion.end),
            f"a client that connects a second time as the same `{kept.key}` gets nothing any more once its first "
            f"socket ends: this takes the second one out of `this.{kept.place}`",
            labels=(Label(Span(file, kept.call.start, kept.call.end), "the second one takes this place"),),
            help=f"delete it only if `this.{kept.place}.get(…)` still is the socket that ends",
        )


class _Opening:
    """A function of the class, read once: what it accepts, keeps and listens to."""

    def __init__(self, function: tree.Function) -> None:
        self.nodes = list(nodes_in(function.body))
        self.accepted: set[str] = set()
        self.named: dict[str, tree.Expression] = {}
        self.listeners: dict[str, list[_Closing]] = {}
        """What hears the close of a socket, by the socket's name."""
        self.attached: dict[str, set[str]] = {}
        """The names that a variable has in an attachment."""
        self.refused: set[str] = set()
        """Maps in which who is there already is looked for, and turned away."""
        self.guards: dict[str, _Guards] = {}
        """The conditions on a field, by its name."""
        for node in self.nodes:
            if isinstance(node, tree.Declare) and isinstance(node.pattern, tree.Name):
                if node.value is not None:
                    self.named[node.pattern.name] = node.value
        for node in self.nodes:
            if isinstance(node, tree.Call):
                self._call(node)
            elif isinstance(node, tree.If):
                self._condition(node)

    def _call(self, node: tree.Call) -> None:
        target = node.function
        if not isinstance(target, tree.Member):
            return
        of, first = target.object, node.arguments[0] if node.arguments else None
        if target.name == "accept" and isinstance(of, tree.Name):
            self.accepted.add(of.name)
        elif target.name == "acceptWebSocket" and isinstance(first, tree.Name):
            self.accepted.add(first.name)
        elif target.name == "serializeAttachment" and isinstance(first, tree.Table):
            for entry in first.entries:
                if entry.key is not None and isinstance(entry.value, tree.Name):
                    self.attached.setdefault(entry.value.name, set()).add(entry.key)
        elif target.name == "addEventListener" and isinstance(of, tree.Name) and len(node.arguments) > 1:
            listener: object = node.arguments[1]
            if isinstance(listener, tree.Name):
                listener = self.named.get(listener.name)
            if (
                isinstance(first, tree.Text)
                and first.value == "close"
                and isinstance(listener, tree.Function)
            ):
                self.listeners.setdefault(of.name, []).append(_Closing(listener))

    def _condition(self, node: tree.If) -> None:
        tested = list(nodes_in(node.test))
        leaves = [each for each in nodes_in(node.then) if isinstance(each, (tree.Return, tree.Throw))]
        for each in tested:
            if isinstance(each, tree.Member) and _is_field(each, each.name):
                guards = self.guards.setdefault(each.name, _Guards())
                guards.leaves |= bool(leaves)
                guards.ranges.append((node.start, node.end))
        if any(isinstance(each, tree.Return) for each in leaves):
            asked = (_place(each, name) for each in tested for name in ("has", "get"))
            self.refused.update(filter(None, asked))

    def keeps(self, place: str, at: int) -> bool:
        """Whether a socket that is there stays: who comes later is turned away, or the place is taken only if it is
        free."""
        guards = self.guards.get(place)
        return guards is not None and (guards.leaves or guards.surround(at))

    def kept(self) -> Iterator[Kept]:
        """The accepted sockets that are kept under an id of the client's choice."""
        for node in self.nodes:
            place = _place(node, "set")
            if place is None or not isinstance(node, tree.Call) or len(node.arguments) != 2:
                continue
            key, held = node.arguments
            sockets = [
                one.name for one in nodes_in(held) if isinstance(one, tree.Name) and one.name in self.accepted
            ]
            if isinstance(key, tree.Name) and sockets and _is_clients(self.named.get(key.name)):
                if place not in self.refused:
                    yield Kept(place, key.name, sockets[0], node)


@record
class _Guards:
    """The conditions on one field: whether one of them turns away, and where they stand, in their order."""

    leaves: bool = False
    ranges: list[tuple[int, int]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """How far those up to each one reach."""

    def surround(self, at: int) -> bool:
        if not self.ends:
            self.ranges.sort()
            self.ends = list(accumulate((end for _, end in self.ranges), max))
        before = bisect_right(self.ranges, at, key=lambda one: one[0])
        return before > 0 and at < self.ends[before - 1]


class _Closing:
    """What runs when a socket closes, read once."""

    def __init__(self, function: tree.Function) -> None:
        self.looks = self.reads_attachment = False
        self.deletions: dict[str, list[tuple[str, tree.Call]]] = {}
        """By the Map: the name that is deleted, and where."""
        self.fields: dict[str, int] = {}
        """How often each field stands there."""
        self.written: dict[str, list[tree.Assign]] = {}
        for node in nodes_in(function.body):
            if isinstance(node, tree.Call):
                self._call(node)
            elif isinstance(node, tree.Member):
                self.reads_attachment |= node.name == "deserializeAttachment"
                if _is_field(node, node.name):
                    self.fields[node.name] = self.fields.get(node.name, 0) + 1
            elif isinstance(node, tree.Assign) and isinstance(node.target, tree.Member):
                if _is_field(node.target, node.target.name):
                    self.written.setdefault(node.target.name, []).append(node)

    def _call(self, node: tree.Call) -> None:
        self.looks |= isinstance(node.function, tree.Member) and node.function.name in _LOOKS
        place = _place(node, "delete")
        if place is not None and len(node.arguments) == 1:
            given = node.arguments[0]
            if isinstance(given, (tree.Name, tree.Member)):
                self.deletions.setdefault(place, []).append((given.name, node))

    def deletion(self, place: str, names: set[str]) -> tree.Call | None:
        """Where the id is deleted, if nothing there looks at what is under it."""
        if self.looks:
            return None
        return next((node for name, node in reversed(self.deletions.get(place, ())) if name in names), None)

    def emptying(self, place: str) -> tree.Assign | None:
        """Where a field is emptied, if nothing there looks at what is in it."""
        written = self.written.get(place, [])
        if len(written) != self.fields.get(place, 0):
            return None
        empty = (
            node
            for node in reversed(written)
            if isinstance(node.value, tree.Constant) and node.value.value in ("null", "undefined")
        )
        return next(empty, None)


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


def _members(cls: ClassFlow) -> Iterator[tree.Node]:
    for member in cls.members.values():
        if member.function is not None:
            yield from nodes_in(member.function.body)


def _used(cls: ClassFlow) -> set[str]:
    """The Maps that the class does more with than to count what is in there."""
    found: set[str] = set()
    for node in _members(cls):
        of: object = None
        if isinstance(node, tree.Loop):
            of = node.iterable
        elif isinstance(node, tree.Member) and node.name in _USES:
            of = node.object
        if isinstance(of, tree.Member) and _is_field(of, of.name):
            found.add(of.name)
    return found


def _sent(cls: ClassFlow) -> set[str]:
    """The fields that are sent to."""
    return {
        node.object.name
        for node in _members(cls)
        if isinstance(node, tree.Member)
        and node.name == "send"
        and isinstance(node.object, tree.Member)
        and _is_field(node.object, node.object.name)
    }


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
