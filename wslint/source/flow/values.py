"""What the interpreter takes an expression to be.

A value is an object with identity: two uses of one pair's end meet in the same `End`. Everything
that was not followed is absent (an expression's values are a tuple, empty when nothing is known).
"""

from __future__ import annotations

from typing import Any, Literal

from wslint.record import field, record
from wslint.source import tree
from wslint.text import Span

Certainty = Literal["yes", "no", "unknown"]

MOST_NESTED = 4
"""Tables within tables are compared so deep; what is further inside counts by identity."""


@record
class Value:
    """Something known about an expression; `span` is where it came to be."""

    span: Span


@record
class LiteralValue(Value):
    """A text, number, boolean, null or undefined that is written out."""

    value: str | float | bool | None
    is_undefined: bool = False


@record
class Environment(Value):
    """`env`."""


@record
class BindingValue(Value):
    """`env.NAME`: a namespace, a service, anything that the configuration binds."""

    name: str


@record
class ContextExport(Value):
    """`ctx.exports.Class`: a namespace without a binding."""

    class_name: str


@record
class ObjectId(Value):
    """A Durable Object id. `made_by` is the namespace's method (`idFromName`, `newUniqueId` …)."""

    namespace: Value
    made_by: str
    argument: tuple[Value, ...] = ()


@record
class Stub(Value):
    """A stub of a Durable Object, or of a service binding (then `id` is None)."""

    namespace: Value
    id: tuple[Value, ...] = ()


@record
class RequestValue(Value):
    """A Request. `incoming` is the handler's own. `upgrade` says whether it carries the Upgrade header
    of the incoming request; `immutable` whether its headers are."""

    incoming: bool
    upgrade: Certainty
    source: Value | None = None
    wrapper: Literal["hono", "itty", None] = None


@record
class HeadersValue(Value):
    """Headers of a request or response (`of`), or new ones (`of` is None, `copied_from` maybe not)."""

    of: Value | None
    copied_from: Value | None = None
    removed: set[str] = field(default_factory=set)


@record
class Member(Value):
    """A property of a followed value that is no value of its own kind: `response.status`, `url.pathname`."""

    of: Value
    name: str
    cased: Literal["upper", "lower", None] = None
    """The letter case that it was turned into: `.toLowerCase()`."""


@record
class ResponseValue(Value):
    """A Response. `forward` is the fetch that it came from, None for one built here (`built`)."""

    forward: Value | None = None
    built: Value | None = None


@record
class Pending(Value):
    """A promise that was not awaited."""

    inner: tuple[Value, ...]


@record
class Pair(Value):
    """A WebSocketPair; its two ends are made once."""

    ends: tuple[End, ...] = ()


@record
class End(Value):
    """One end of a pair (`index` 0 or 1)."""

    pair: Pair
    index: int


@record
class HandlerSocket(Value):
    """The socket that the runtime hands to `webSocketMessage` and its kin, or one of `getWebSockets()`."""

    origin: Literal["parameter", "list"]
    is_open: bool = False
    """Whether the list that it is from was filtered by `readyState`."""


@record
class SocketList(Value):
    """What `getWebSockets()` returns; `open_only` when a filter looked at `readyState`."""

    open_only: bool = False


@record
class ClientSocket(Value):
    """An outgoing socket: `new WebSocket(url)`, or `(await fetch(…)).webSocket`."""

    made_by: Literal["constructor", "fetch"]
    response: ResponseValue | None = None


@record
class Message(Value):
    """The message, close code, reason or error that a handler receives (`part`)."""

    part: Literal["message", "code", "reason", "clean", "error", "event"]
    socket: Value | None = None
    """The socket whose listener gets it; None for a handler of a class."""
    parts: dict[str, Value] = field(default_factory=dict)
    """What was read from an event, made once: facts about `event.data` hold at its next mention."""


@record
class DurableContext(Value):
    """`ctx` or `state` of a Durable Object."""


@record
class WorkerContext(Value):
    """`ctx` of a Worker's handler."""


@record
class Storage(Value):
    """`ctx.storage`, or a part of it: `sql`, `kv`."""

    part: str = ""


@record
class UrlValue(Value):
    """A URL object made from something; `of` is the request whose address it is, if known."""

    of: Value | None


@record
class Made(Value):
    """A runtime object of another kind, made by `new name(…)`."""

    name: str


@record
class TextValue(Value):
    """A text with substituted parts; fixed parts are strings."""

    parts: tuple[str | tuple[Value, ...], ...]


@record
class TableValue(Value):
    """An object literal; `closed` when all its keys are known. `fields` grows with assignments."""

    node: tree.Table | None
    fields: dict[str, tuple[Value, ...]]
    closed: bool = True
    spreads: tuple[Value, ...] = ()


@record
class ArrayValue(Value):
    items: list[tuple[Value, ...]]


@record
class Collection(Value):
    """A Map, Set, array or dict that things are put into; `place` says where it is kept."""

    place: Literal["field", "module", "local"]
    name: str
    holds_sockets: bool = False
    sockets_at: set[str] = field(default_factory=set)
    """Where its sockets sit: `item` (of a set or list), `key` or `value` of a map, `inside` what is kept."""
    weak: bool = False
    """Whether nothing can be listed of it: a WeakMap or WeakSet."""


@record
class FunctionValue(Value):
    """A function of the project, with the scope it closes over."""

    node: tree.Function
    scope: object
    this: tuple[Value, ...] = ()


@record
class ClassValue(Value):
    """A class of the project."""

    node: tree.Class
    scope: object


@record
class Instance(Value):
    """`this` inside a class, or an object made from one."""

    cls: ClassValue


@record
class Imported(Value):
    """A name from outside the project: `cloudflare:workers`' `DurableObject`, a global (`specifier` is
    empty)."""

    specifier: str
    name: str


@record
class Application(Value):
    """A router: `new Hono()`, `Router()`."""

    framework: Literal["hono", "itty", "workers-rs"]
    prefix: str | None = ""
    """What stands before every route's pattern (`basePath`, itty's `base`); None when unknown."""
    mounts: list[tuple[Application, str | None]] = field(default_factory=list)
    """The routers that this one is mounted in, each with the pattern it is mounted at."""
    proxies: bool = False
    """Whether handlers get a Proxy of the request instead of it (itty's AutoRouter)."""


@record
class PathTest(Value):
    """A test of the request's path that holds or not: `url.pathname === text`, a router's pattern, a
    regular expression. `any` takes one of `choices`. `url` is what the path was read from."""

    kind: Literal["is", "starts", "ends", "matches", "pattern", "any"]
    text: str
    url: Value | None = None
    application: Application | None = None
    choices: tuple[PathTest, ...] = ()
    verb: str = ""
    """The method of the router that a pattern was given to: `get`, `post`, `all`."""


@record
class Test(Value):
    """A condition as a value: what a function returns that asks something, or a variable keeps. The facts of
    `conditions` when it holds, and when it does not."""

    when: frozenset[tuple[Any, int | Value]]
    unless: frozenset[tuple[Any, int | Value]]


def same(value: Value, depth: int = 0) -> object:
    """A key that is equal for values which a function can't tell apart.

    Texts, tables and the like are made anew each time that their expression is evaluated: they count by what
    they hold. Everything else counts by identity.
    """
    if depth >= MOST_NESTED:
        return id(value)

    def all_of(values: tuple[Value, ...]) -> tuple[object, ...]:
        return tuple(same(inner, depth + 1) for inner in values)

    match value:
        case LiteralValue():
            return ("literal", value.value, value.is_undefined, value.span.start)
        case TextValue():
            return (
                "text",
                value.span.start,
                tuple(part if isinstance(part, str) else all_of(part) for part in value.parts),
            )
        case TableValue():
            fields = tuple((name, all_of(held)) for name, held in value.fields.items())
            return ("table", value.span.start, value.closed, fields, all_of(value.spreads))
        case ArrayValue():
            return ("array", value.span.start, tuple(all_of(held) for held in value.items))
        case Member():
            return ("member", value.name, value.span.start, same(value.of, depth + 1))
        case Pending():
            return ("pending", value.span.start, all_of(value.inner))
        case FunctionValue():
            return ("function", id(value.node), id(value.scope), all_of(value.this))
        case Imported():
            return ("imported", value.specifier, value.name)
        case BindingValue():
            return ("binding", value.name)
        case Environment() | DurableContext() | WorkerContext():
            return type(value).__name__
    return id(value)
