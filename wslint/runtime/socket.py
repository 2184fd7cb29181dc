"""Sockets: a pair's two ends and outgoing ones, as they are accepted, used and closed.

An end's `state` is `fresh`, `accepted` (`accept()`), `hibernating` (`acceptWebSocket()`), `returned` (it went out in
a 101), `closing` (the other side sent its close) or `closed`.
"""

from __future__ import annotations

from typing import Any

from wslint.runtime import serialized, startup, words
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.event import Accepted, Attached, Closed, Listened, Sent
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Choice, Unknown, Value, is_constant

SOCKET = Model("WebSocket", "WebSocket")
PAIR = Model("WebSocketPair")

MOST_TAGS = 10
TAG_BYTES = 256
ATTACHMENT_BYTES = 16_384
REASON_BYTES = 123
OPEN = 1.0
READY_STATES = {
    "fresh": 1.0,
    "accepted": 1.0,
    "hibernating": 1.0,
    "returned": 1.0,
    "closing": 2.0,
    "closed": 3.0,
}
"""What `readyState` is, by an end's state."""

FETCHED = "fetched"
"""What stands for the other end of a socket that came with an answer from outside."""

CUT = "then closed with 1006: the end that is returned was accepted"
SILENT = "then silence: the end that stays is never accepted"


@maker("WebSocketPair")
def pair(host: Any, call: Invocation) -> Value:
    startup.refuse(host, call.span)
    made = Object("WebSocketPair", {}, call.span)
    ends = [end(host, call.span), end(host, call.span)]
    ends[0].extra, ends[1].extra = ends[1], ends[0]
    made.extra = ends
    return made


def end(host: Any, span: Span, other: Any = None) -> Object:
    """A new end, at home where it is made; `other` is its other one, or what stands for it."""
    slots = {"state": "fresh", "listeners": (), "home": host.object, "request": host.request}
    return Object("WebSocket", slots, span, other)


@PAIR.getter("0", "client")
def _first(host: Any, pair: Object, span: Any) -> Value:
    return pair.extra[0]


@PAIR.getter("1", "server")
def _second(host: Any, pair: Object, span: Any) -> Value:
    return pair.extra[1]


@PAIR.method("object_values", "values")
def _values(host: Any, call: Invocation) -> Value:
    return Object("Array", {"items": tuple(call.this.extra)}, call.span)


def other_end(socket: Object) -> Object | None:
    return socket.extra if isinstance(socket.extra, Object) else None


def is_upstream(end: Object) -> bool:
    """Whether it came with an answer that somebody else gave."""
    return end.extra == FETCHED or "from response" in end.slots


def is_escaped(host: Any, socket: Object) -> bool:
    other = other_end(socket)
    return "escaped" in socket.slots or (other is not None and "escaped" in other.slots)


# Accepting


@SOCKET.method("accept")
def _accept(host: Any, call: Invocation) -> Value:
    if call.this.extra == "outgoing":
        host.throw(words.OUTGOING, call.span, call.this)
    given = host.known(call.argument(0))
    if isinstance(given, Object) and given.slots.get(("p", "allowHalfOpen")) not in (None, False):
        host.put(call.this.slots, "half open", True)
    accept(host, call.this, "accept", call.span)
    return UNDEFINED


def accept(host: Any, socket: Object, how: str, span: Span, tags: Value = UNDEFINED) -> None:
    """Accept an end, or throw as the runtime does."""
    other = other_end(socket)
    is_fetched = socket.extra == FETCHED
    if is_escaped(host, socket):
        host.put(socket.slots, "state", "hibernating" if how == "hibernate" else "accepted")
        if not is_fetched:
            host.note(Accepted, span, socket=socket, how=how, tags=tags, owner=host.object)
        return

    def one(state: Value) -> Value:
        beside = host.known(other.slots["state"]) if other is not None else "fresh"
        if how == "hibernate":
            if state == "accepted":
                host.throw(words.ACCEPTED_PLAIN, span, socket)
            if state != "fresh" or is_fetched or beside in ("accepted", "hibernating"):
                host.throw(words.PAIR_USED, span, socket)
        elif state == "hibernating":
            host.throw(words.HIBERNATING, span, socket)
        if state == "fresh" and not is_fetched:
            text = "accepted for hibernation" if how == "hibernate" else "accepted with `accept()`"
            host.hop("accept", span, text)
        if state in ("fresh", "accepted"):
            host.put(socket.slots, "state", "hibernating" if how == "hibernate" else "accepted")
            host.put(socket.slots, "accepted at", span)
        return UNDEFINED

    host.each(socket.slots["state"], one)
    if not is_fetched:
        host.note(Accepted, span, socket=socket, how=how, tags=tags, owner=host.object)


def returned(host: Any, response: Object, span: Span | None) -> None:
    """A 101 leaves with this end: the other one stays with the code."""
    socket = host.known(response.slots["socket"])
    if not isinstance(socket, Object) or socket.kind != "WebSocket":
        return
    state = host.known(socket.slots["state"])
    other = other_end(socket)
    if is_escaped(host, socket):
        host.put(response.slots, "note", "the sockets were handed to code that is not read")
    elif state in ("accepted", "hibernating"):
        host.put(response.slots, "note", CUT)
    elif other is not None and host.known(other.slots["state"]) == "fresh":
        host.put(response.slots, "note", SILENT)


# Talking


@SOCKET.method("send")
def _send(host: Any, call: Invocation) -> Value:
    socket: Object = call.this
    if not call.arguments and not call.open:
        wanted = "ArrayBuffer or ArrayBufferView or string"
        host.throw(words.wrong_type("send", "WebSocket", 1, wanted), call.span, socket)
    value = call.argument(0)
    _at_home(host, socket, call)

    def one(state: Value) -> Value:
        if (state == "fresh" or _still_connects(host, socket)) and not is_escaped(host, socket):
            host.note(Sent, call.span, socket=socket, value=value, state="fresh")
            host.throw(words.NOT_ACCEPTED, call.span, socket)
        host.note(Sent, call.span, socket=socket, value=value, state=state if isinstance(state, str) else "")
        if state == "closed":
            host.throw(words.SEND_AFTER_CLOSE, call.span, socket)
        return UNDEFINED

    return host.each(socket.slots["state"], one)


def _still_connects(host: Any, socket: Object) -> bool:
    """Whether a socket of `new WebSocket` was made in this very turn: it opens when the code has waited for something."""
    return "connecting" in socket.slots and socket.slots["connecting"] == (host.awaits, len(host.roots))


def _at_home(host: Any, socket: Object, call: Invocation) -> None:
    """A socket may only be used by the Durable Object, or the request, that it was made in."""
    home, here = socket.slots.get("home"), host.object
    if (
        isinstance(home, Object)
        and home.kind == "DurableObjectState"
        and here is not None
        and here is not home
    ):
        host.throw(words.CROSS_OBJECT, call.span, socket)
    host.at_home(socket, call.span)


@SOCKET.method("close")
def _close(host: Any, call: Invocation) -> Value:
    socket: Object = call.this
    code, reason = call.argument(0), call.argument(1)
    _at_home(host, socket, call)

    def one(state: Value) -> Value:
        if state == "fresh" and not is_escaped(host, socket):
            host.throw(words.CLOSE_FIRST, call.span, socket)
        host.note(Closed, call.span, socket=socket, code=code, reason=reason)
        host.put(socket.slots, "state", "closed")
        return UNDEFINED

    # What is given is looked at first, even where the socket is closed already (run).
    host.each(code, lambda held: _check_code(host, socket, held, call))
    _check_reason(host, reason, call)
    return host.each(socket.slots["state"], one)


def _check_code(host: Any, socket: Object, code: Value, call: Invocation) -> Value:
    """1000 to 1015 but for those that only the runtime may use, and 3000 to 4999 (run)."""
    from wslint.machine.operators import whole

    number = whole(code)
    if number is not None and is_reserved(number):
        host.throw(words.invalid_close_code(number), call.span, socket)
    if isinstance(code, str) and not any(character.isdigit() for character in code):
        host.throw(
            words.invalid_close_code(0), call.span, socket
        )  # a text that is no number counts as 0 (run)
    if isinstance(code, Unknown) and code.known.get("most") == REASON_BYTES:
        choice = host.either(
            "client", ("the reason of the close is no number", "the reason is a number"), call.span
        )
        host.throws_where(choice, 1, words.invalid_close_code(0), call.span)
    return UNDEFINED


def is_reserved(code: int) -> bool:
    """Whether `close` refuses a code."""
    return code in (1004, 1005, 1006, 1015) or not (1000 <= code <= 4999)


def _check_reason(host: Any, reason: Value, call: Invocation) -> None:
    host.each(reason, lambda held: _check_one_reason(host, held, call))


def _check_one_reason(host: Any, held: Value, call: Invocation) -> Value:
    if isinstance(held, str) and held:
        host.each(call.argument(0), lambda code: _refuse_alone(host, code, call))
    if isinstance(held, Unknown) and held.owner == "client" and most_of(held) > REASON_BYTES:
        if host.flag("websocket_close_reason_byte_limit", call) is not False:
            choice = held.known.get("long reason")
            if choice is None:
                words_ = {1: f"{held.why} is longer than {REASON_BYTES} bytes", 2: f"{held.why} is short"}
                choice = held.known["long reason"] = Choice("client", call.span, words_, 3)
            host.throws_where(choice, 1, words.REASON_TOO_LONG, call.span)
    if isinstance(held, str) and len(held.encode()) > REASON_BYTES:
        if host.flag("websocket_close_reason_byte_limit", call) is not False:
            host.throw(words.REASON_TOO_LONG, call.span)
    return UNDEFINED


def _refuse_alone(host: Any, code: Value, call: Invocation) -> Value:
    """A reason without a code is refused; Python's and Rust's calls give one."""
    if code is UNDEFINED and call.arguments and not call.open and not call.keywords:
        host.throw(words.REASON_ALONE, call.span, call.this)
    return UNDEFINED


def most_of(text: Unknown) -> float:
    """How long a text that is not known may be."""
    most = text.known.get("most")
    return float(most) if most is not None else float("inf")


# Listening


@SOCKET.method("addEventListener", "add_event_listener")
def _listener(host: Any, call: Invocation) -> Value:
    listener = host.known(call.argument(1))
    if listener is UNDEFINED or (is_constant(listener) and listener is not None):
        host.throw(
            words.wrong_type("addEventListener", "EventTarget", 2, "EventHandler"), call.span, call.this
        )
    name = host.known(call.argument(0))
    listen(host, call.this, name if isinstance(name, str) else "", listener, call.span)
    return UNDEFINED


def listen(host: Any, socket: Object, event: str, listener: Value, span: Span) -> None:
    held = host.known(socket.slots.get("listeners", ()))
    if isinstance(held, tuple):
        host.put(socket.slots, "listeners", (*held, (event, listener, span)))
    host.note(Listened, span, socket=socket, event=event, listener=listener)


@SOCKET.method("removeEventListener", "dispatchEvent")
def _remove(host: Any, call: Invocation) -> Value:
    return UNDEFINED


# State


@SOCKET.getter("readyState")
def _ready(host: Any, socket: Object, span: Any) -> Value:
    if _still_connects(host, socket):
        return 0.0
    return host.lift(lambda state: READY_STATES.get(state, OPEN), socket.slots["state"])


@SOCKET.getter("OPEN", "READY_STATE_OPEN")
def _open(host: Any, socket: Object, span: Any) -> Value:
    return OPEN


@SOCKET.getter("CONNECTING", "READY_STATE_CONNECTING")
def _connecting(host: Any, socket: Object, span: Any) -> Value:
    return 0.0


@SOCKET.getter("CLOSING", "READY_STATE_CLOSING")
def _closing(host: Any, socket: Object, span: Any) -> Value:
    return 2.0


@SOCKET.getter("CLOSED", "READY_STATE_CLOSED")
def _closed(host: Any, socket: Object, span: Any) -> Value:
    return 3.0


@SOCKET.getter("url", "protocol", "extensions", "binaryType", "bufferedAmount")
def _other(host: Any, socket: Object, span: Any) -> Value:
    return Unknown("a property of the socket", span, "world")


# Attachments


@SOCKET.method("serializeAttachment")
def _attach(host: Any, call: Invocation) -> Value:
    socket: Object = call.this
    if not call.arguments and not call.open:
        host.throw(words.wrong_type("serializeAttachment", "WebSocket", 1, "Value"), call.span, socket)
    from wslint.runtime.storage import refuse_uncloneable

    value = host.known(call.argument(0))
    refuse_uncloneable(host, value, call.span, socket)
    if serialized.at_least(host, value) > ATTACHMENT_BYTES:
        host.throw(words.ATTACHMENT_TOO_LARGE, call.span, socket)
    host.note(Attached, call.span, socket=socket, value=value)
    host.put(socket.slots, "attachment", frozen(host, value))
    return UNDEFINED


_CLONED = frozenset({"Object", "Array", "Map", "Set", "Instance", "Variant", "Some", "Ok"})


def frozen(host: Any, value: Value, depth: int = 0) -> Value:
    """A value as a structured clone keeps it: what is changed later is not changed there. JavaScript's instances lose
    their class."""
    from wslint.values.value import OneOf, one_of

    if isinstance(value, OneOf):
        return one_of(value.choice, [(mask, frozen(host, held, depth)) for mask, held in value.cases])
    if isinstance(value, Object) and value.kind == "Cell":
        return frozen(host, host.known(value.slots["value"]), depth)
    if not isinstance(value, Object) or depth > 6 or value.kind not in _CLONED:
        return value
    slots: dict[Any, Value] = {}
    for key, held in value.slots.items():
        if isinstance(held, tuple) and key == "items":
            slots[key] = tuple(frozen(host, one, depth + 1) for one in held)
        elif isinstance(key, tuple) and key[0] == "r":
            inner = frozen(host, key[2], depth + 1)
            slots[("r", id(inner), inner)] = inner if value.kind == "Set" else frozen(host, held, depth + 1)
        elif key == "frozen":
            continue
        elif isinstance(key, tuple) or key == "value":
            slots[key] = frozen(host, held, depth + 1)
        elif key == "escaped":
            slots["open"] = True
        else:
            slots[key] = held
    if value.kind == "Instance" and _is_javascript(value):
        return Object("Object", slots, value.place)
    kept = value.kind in _OF_A_CLASS or isinstance(value.extra, str)  # what Python calls a list, a dict
    return Object(value.kind, slots, value.place, value.extra if kept else None)


_OF_A_CLASS = frozenset({"Instance", "Variant"})


def _is_javascript(instance: Object) -> bool:
    scope = getattr(instance.extra, "scope", None)
    return scope is not None and scope.unit.language.name == "javascript"


@SOCKET.method("deserializeAttachment")
def _attachment(host: Any, call: Invocation) -> Value:
    held = call.this.slots.get("attachment", ABSENT)
    if held is ABSENT:
        if "established" in call.this.slots:
            return Unknown("the socket's attachment", call.span, "world")
        return None
    return host.lift(lambda one: None if one is ABSENT else frozen(host, one), held)


# Outgoing


@maker("WebSocket")
def outgoing(host: Any, call: Invocation) -> Value:
    """`new WebSocket(url)`: a client of another server."""
    startup.refuse(host, call.span)
    turn = (host.awaits, len(host.roots))
    return Object(
        "WebSocket", {"state": "accepted", "listeners": (), "connecting": turn}, call.span, "outgoing"
    )
