"""`ctx`: of a Worker's request (`ExecutionContext`) and of a Durable Object (`DurableObjectState`)."""

from __future__ import annotations

from typing import Any

from wslint.record import record
from wslint.runtime import container, promise, socket, storage, words
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.event import Event, Listed, Looked
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value, is_constant

STATE = Model("DurableObjectState", "DurableObjectState")
EXECUTION = Model("ExecutionContext", "ExecutionContext")
EXPORTS = Model("Exports")
ID = Model("DurableObjectId", "DurableObjectId")
AUTO_RESPONSE = Model("WebSocketRequestResponsePair", "WebSocketRequestResponsePair")


@record
class Kept(Event):
    """`waitUntil`."""

    value: Value = None
    owner: Object | None = None


@record
class Gated(Event):
    """`blockConcurrencyWhile`, that what it was given threw, or the auto-response set, by name."""

    name: str
    value: Value = None


BROKEN = "an error inside of blockConcurrencyWhile"


def durable(worker: Any, name: Value, span: Span | None = None) -> Object:
    """The context of a Durable Object; `name` is what its id was made from, where that is known."""
    made = Object("DurableObjectState", {"sockets": ()}, span, worker)
    made.slots["id"] = Object("DurableObjectId", {"name": name}, span)
    made.slots["storage"] = storage.made(span)
    return made


def execution(worker: Any) -> Object:
    return Object("ExecutionContext", {}, None, worker)


def _exported(host: Any, exports: Object, name: str, span: Any) -> Value:
    """`ctx.exports.Name`: a namespace for a Durable Object class, a service for an entrypoint."""
    from wslint.machine import calls, objects
    from wslint.machine.scope import ClassValue
    from wslint.runtime import namespace

    worker = exports.extra
    if worker is None or worker.source is None or worker.source.language == "rust":
        return Unknown(f"`ctx.exports.{name}`", span)
    value = objects.exported(host, worker, name)
    if not isinstance(value, ClassValue):
        return UNDEFINED if value is UNDEFINED else Unknown(f"`ctx.exports.{name}`", span)
    if calls.runtime_base(host, value) == "WorkerEntrypoint":
        return Object("Plain", {}, span, "entrypoint")
    return namespace.made(worker, name, span, exported=True)


EXPORTS.named = _exported


# A request's context


@EXECUTION.method("waitUntil", "passThroughOnException")
def _kept(host: Any, call: Invocation) -> Value:
    if call.name == "waitUntil":
        host.note(Kept, call.span, value=call.argument(0))
    return UNDEFINED


@STATE.getter("exports")
@EXECUTION.getter("exports")
def _exports(host: Any, context: Object, span: Any) -> Value:
    if context.extra is not None and context.extra.flag_enabled("enable_ctx_exports") is False:
        return UNDEFINED
    return Object("Exports", {}, span, context.extra)


@STATE.getter("container")
def _container(host: Any, context: Object, span: Any) -> Value:
    return container.of(context, span)


@STATE.getter("props", "facets", "cache", "tracing")
@EXECUTION.getter("props", "cache", "tracing")
def _other(host: Any, context: Object, span: Any) -> Value:
    return Unknown("a property of the context", span)


# A Durable Object's context


@STATE.getter("id")
def _id(host: Any, context: Object, span: Any) -> Value:
    return context.slots["id"]


@STATE.getter("storage")
def _storage(host: Any, context: Object, span: Any) -> Value:
    return context.slots["storage"]


@STATE.method("storage")
def _storage_call(host: Any, call: Invocation) -> Value:
    return call.this.slots["storage"]


@ID.getter("name")
def _name(host: Any, identity: Object, span: Any) -> Value:
    held = identity.slots["name"]
    return UNDEFINED if held is ABSENT else held


@ID.method("toString", "to_string")
def _text(host: Any, call: Invocation) -> Value:
    held = call.this.slots.get("text")
    if held is None:
        held = call.this.slots["text"] = Unknown("the text of an id", call.span, "world")
        held.known["id"] = call.this
    return held


@ID.method("equals")
def _equals(host: Any, call: Invocation) -> Value:
    return (
        True
        if host.known(call.argument(0)) is call.this
        else Unknown("whether the ids are the same", call.span, "world")
    )


@STATE.method("acceptWebSocket")
def _accept(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda held: _accept_one(host, held, call))


def _accept_one(host: Any, end: Value, call: Invocation) -> Value:
    context: Object = call.this
    if isinstance(end, Unknown):
        if end.known.get("of a response"):  # null, or used in that response
            host.throw(words.PAIR_USED, call.span, context)
        return UNDEFINED
    if not isinstance(end, Object) or end.kind != "WebSocket":
        host.throw(
            words.wrong_type("acceptWebSocket", "DurableObjectState", 1, "WebSocket"), call.span, context
        )
    tags = host.known(call.argument(1))
    _check_tags(host, tags, call)
    socket.accept(host, end, "hibernate", call.span, tags)
    host.put(end.slots, "tags", tags)
    host.put(end.slots, "owner", context)
    held = host.known(context.slots["sockets"])
    if isinstance(held, tuple) and end not in held:
        host.put(context.slots, "sockets", (*held, end))
    return UNDEFINED


def _check_tags(host: Any, tags: Value, call: Invocation) -> None:
    from wslint.machine import members

    if tags is UNDEFINED or isinstance(tags, Unknown | OneOf):
        return
    if is_constant(tags):
        host.throw(
            words.wrong_type("acceptWebSocket", "DurableObjectState", 2, "Array"), call.span, call.this
        )
    items = members.items(host, tags)
    distinct: list[Value] = []
    for tag in items or ():
        # The eleventh is refused even if it repeats an earlier one (run).
        if len(distinct) >= socket.MOST_TAGS:
            host.throw(words.TOO_MANY_TAGS, call.span, call.this)
        if isinstance(tag, str) and len(tag.encode()) > socket.TAG_BYTES:
            host.throw(words.TAG_TOO_LONG, call.span, call.this)
        if not any(tag == known for known in distinct if isinstance(known, str)):
            distinct.append(tag)


@STATE.method("getWebSockets")
def _sockets(host: Any, call: Invocation) -> Value:
    """The hibernatable sockets: the closing ones among them, and those that were closed in this event. Of an object
    that has lived before, there may be others."""
    context: Object = call.this
    tag = host.known(call.argument(0))
    if tag is not UNDEFINED:
        host.note(Looked, call.span, tag=tag)
    host.note(Listed, call.span, owner=context)

    def one(held: Value) -> Value:
        listed = held if isinstance(held, tuple) else ()
        if tag is UNDEFINED:
            listed = listed[::-1]  # the newest first; those of a tag come in the order of their coming (run)
        there = [(end, _has_tag(host, end, tag)) for end in listed]
        if all(isinstance(present, bool) for _, present in there):
            made = Object("Array", {"items": tuple(end for end, present in there if present)}, call.span)
        else:
            made = Object("Set", {}, call.span)
            for end, present in there:
                made.slots[("r", id(end), end)] = host.lift(lambda one: True if one else ABSENT, present)
        if "established" in context.slots or not isinstance(held, tuple):
            made.slots["open"] = "world"
            made.slots["sample"] = _someone(host, context, call.span)
        return made

    return host.lift(one, context.slots["sockets"])


def _someone(host: Any, context: Object, span: Span) -> Object:
    """A socket that the object accepted before."""
    held = context.slots.get("someone")
    if held is None:
        held = Object("WebSocket", {"state": "hibernating", "listeners": (), "established": True}, span, None)
        context.slots["someone"] = held
    return held


def _has_tag(host: Any, end: Value, tag: Value) -> Value:
    """Whether a socket was accepted with a tag: it may hang on what the client asked for."""
    from wslint.machine import members

    if tag is UNDEFINED or not isinstance(tag, str):
        return True

    def listed(tags: Value) -> Value:
        items = members.items(host, tags)
        if items is None:
            return tags is not UNDEFINED
        found: Value = False
        for item in items:
            found = host.lift(
                lambda one, rest: True if not isinstance(one, str) or one == tag else rest, item, found
            )
        return found

    return host.lift(listed, end.slots.get("tags", UNDEFINED))


@STATE.method("getTags")
def _tags(host: Any, call: Invocation) -> Value:
    end = host.known(call.argument(0))
    tags = host.known(end.slots.get("tags", UNDEFINED)) if isinstance(end, Object) else UNDEFINED
    if isinstance(end, Object) and "tags" in end.slots and "established" not in end.slots:
        if tags is UNDEFINED:  # accepted without any
            return Object("Array", {"items": ()}, call.span)
        if isinstance(tags, Object):
            return tags
    return Object("Array", {"items": (), "open": "world"}, call.span)


@STATE.method("waitUntil")
def _wait(host: Any, call: Invocation) -> Value:
    host.note(Kept, call.span, value=call.argument(0), owner=call.this)
    return UNDEFINED


@STATE.method("blockConcurrencyWhile")
def _gate(host: Any, call: Invocation) -> Value:
    """The function runs before any other event; what it throws resets the object."""
    from wslint.machine import gates

    host.note(Gated, call.span, name=call.name)

    def run() -> Value:
        host.gated += 1
        try:
            outcome = promise.caught(
                host, lambda: host.awaited(host.call(call.argument(0), [], call.span), call.span)
            )
        finally:
            host.gated -= 1
        return host.each(outcome, one)

    def one(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            # The object is broken whether or not the promise is awaited.
            host.note(Gated, held.span or call.span, name=BROKEN, value=held.value)
            host.leave("throw", held.value, held.span or call.span, held.text)
        return held

    if not gates.is_held(host, call.this):
        return promise.made(run(), call.span)
    made = promise.made(Unknown("what the gated function gives", call.span), call.span)
    gates.hold(host, call.this, lambda: host.put(made.slots, "outcome", run()), call.span)
    return made


@STATE.method("setWebSocketAutoResponse")
def _auto_answer(host: Any, call: Invocation) -> Value:
    kind = "WebSocketRequestResponsePair"

    def one(pair: Value) -> Value:
        fits = (
            pair is UNDEFINED or isinstance(pair, Unknown) or (isinstance(pair, Object) and pair.kind == kind)
        )
        if not fits and pair is not None and not (isinstance(pair, Object) and pair.slots.get("open")):
            host.throw(words.wrong_type(call.name, "DurableObjectState", 1, kind), call.span, call.this)
        if isinstance(pair, Object) and pair.kind == kind:
            for part in ("request", "response"):
                _refuse_long(host, part, host.known(pair.slots[part]), call)
        return UNDEFINED

    host.note(Gated, call.span, name=call.name, value=call.argument(0))
    return host.each(call.argument(0), one)


AUTO_RESPONSE_BYTES = 2048


def _refuse_long(host: Any, part: str, text: Value, call: Invocation) -> None:
    """The runtime takes texts of so many bytes; run on workerd 1.20261117.1."""
    size = len(text.encode("utf-8", "surrogatepass")) if isinstance(text, str) else 0
    if size > AUTO_RESPONSE_BYTES:
        limit = f"{part.capitalize()} cannot be larger than {AUTO_RESPONSE_BYTES} bytes."
        host.throw(f"RangeError: {limit} A {part} of size {size} was provided.", call.span, call.this)


@STATE.method("setHibernatableWebSocketEventTimeout", "abort")
def _settings(host: Any, call: Invocation) -> Value:
    host.note(Gated, call.span, name=call.name, value=call.argument(0))
    if call.name == "abort":
        host.leave("throw", Unknown("the reason"), call.span, "Error: the object was aborted")
    return UNDEFINED


@STATE.method(
    "getWebSocketAutoResponse", "getWebSocketAutoResponseTimestamp", "getHibernatableWebSocketEventTimeout"
)
def _read_settings(host: Any, call: Invocation) -> Value:
    return Unknown(f"`{call.name}`", call.span, "world")


@maker("WebSocketRequestResponsePair")
def _auto_response(host: Any, call: Invocation) -> Value:
    for place in (0, 1):
        if len(call.arguments) <= place and not call.open:
            host.throw(words.wrong_type("", "WebSocketRequestResponsePair", place + 1, "string"), call.span)
    return Object(
        "WebSocketRequestResponsePair", {"request": call.argument(0), "response": call.argument(1)}, call.span
    )


@AUTO_RESPONSE.getter("request", "response")
def _pair_text(host: Any, pair: Object, span: Any) -> Value:
    return Unknown("a text of the pair", span)
