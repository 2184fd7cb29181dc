"""Attributes, methods and items as Python reads them: of its own values, and of JavaScript's through a proxy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine.scope import ClassValue, Closure, Global, Native
from wslint.runtime import headers as headers_model
from wslint.runtime import text
from wslint.runtime.model import MODELS
from wslint.runtime.python import classes, containers, sdk, stdlib, texts, unasked
from wslint.runtime.python.errors import fail
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine import calls, members
else:
    calls = Late("wslint.machine.calls")
    members = Late("wslint.machine.members")

_RAW = frozenset({"WebSocket", "DurableObjectState", "WebSocketPair", "DurableObjectNamespace"})
"""What Python gets as a bare proxy: a name that JavaScript lacks is an AttributeError."""

_OF_TEXT = frozenset(name for name in dir(str) if not name.startswith("_"))
"""What a text has and the proxy of a binary message lacks (run)."""

_PROXY = frozenset(
    [
        "to_py",
        "object_values",
        "object_keys",
        "object_entries",
        "as_object_map",
        "as_py_json",
        "as_json",
        "js_id",
        "typeof",
        "new",
        "constructor",
        "then",
        "catch",
        "finally_",
        "toString",
        "hasOwnProperty",
    ]
)
_LAZY = {"DurableObject": ("fetch",), "Fetcher": ("fetch",), "Assets": ("fetch",)}
_READ = frozenset({"getWebSockets", "getTags"})
_NULLS = frozenset({"deserializeAttachment", "getWebSocketAutoResponse", "getWebSocketAutoResponseTimestamp"})
"""Methods whose null Python sees as `jsnull`, which is not None."""

_HEADERS = frozenset(
    {"get", "items", "keys", "values", "get_all", "has", "entries", "set", "append", "delete", "forEach"}
)


# Reading


def read(host: Any, receiver: Value, name: str, span: Span, scope: Any) -> Value:
    """`receiver.name`; the receiver is no `OneOf`. AttributeError for what is not there."""

    def settled(value: Value) -> Value:
        if value is ABSENT:
            fail(host, f"AttributeError: {lacking(receiver, name)}", span)
        return sdk.from_js(value)

    return each_way(host, attribute(host, receiver, name, span, scope), settled)


def each_way(host: Any, value: Value, settled: Callable[[Value], Value]) -> Value:
    """What comes of an attribute that only some ways have set: each of them goes on by itself."""
    if isinstance(value, OneOf) and any(leaf is ABSENT for leaf in value.leaves()):
        return host.each(value, settled)
    return settled(value)


def lacking(receiver: Value, name: str) -> str:
    """Python's words for an attribute that is not there."""
    if isinstance(receiver, Object) and receiver.kind in (*_RAW, "Environment", "Object"):
        return name
    if isinstance(receiver, Object) and receiver.kind == "JsNull":
        return f"'JsNull' object has no attribute '{name}'"
    return f"'{containers.type_name(receiver)}' object has no attribute '{name}'"


def attribute(host: Any, receiver: Value, name: str, span: Span, scope: Any) -> Value:
    """`receiver.name`; ABSENT where there is none."""
    if receiver is None or receiver is UNDEFINED:
        return ABSENT
    if isinstance(receiver, Object):
        return host.known(_of_object(host, receiver, name, span, scope))
    if isinstance(receiver, Unknown):
        made = receiver.derived(
            ("member", name), f"`{name}` of {receiver.why}" if receiver.why else f"`{name}`", span
        )
        if receiver.known.get("plain"):
            made.known["plain"] = True
        return made
    if isinstance(receiver, str):
        if name in ("value", "name"):
            return receiver  # `HTTPMethod` and `StrEnum` are texts
        return _method_of(receiver, name) if name in texts.METHODS else ABSENT
    if isinstance(receiver, ClassValue):
        found = classes.of_class(host, receiver, name, span)
        return _class_missing(receiver, name) if found is ABSENT else found
    if isinstance(receiver, Global):
        return stdlib.member(host, receiver, name, span, scope)
    if isinstance(receiver, Closure):
        return (
            receiver.node.name or "<lambda>"
            if name in ("__name__", "__qualname__")
            else Unknown(f"`{name}` of a function", span)
        )
    if isinstance(receiver, Native):
        return Unknown(f"`{name}` of a function", span)
    return Unknown(f"`{name}` of a number", span)


def _class_missing(cls: Any, name: str) -> Value:
    if name.startswith("__"):
        return Unknown(f"`{name}` of class `{cls.name}`")
    return ABSENT


def _method_of(receiver: Value, name: str) -> Value:
    from wslint.machine.scope import Native

    def later(host: Any, call: Invocation) -> Value:
        given = Invocation(
            name, receiver, call.arguments, call.span, call.keywords, call.new, call.open, call.unit
        )
        found = method(host, receiver, given, None, name)
        return host.unread_call(name, call.span, call.arguments) if found is NotImplemented else found

    return Native(name, later)


def _of_object(host: Any, receiver: Object, name: str, span: Span, scope: Any) -> Value:
    kind = receiver.kind
    if kind == "Instance":
        return classes.attribute(host, receiver, name, span)
    if kind == "Error":
        return _of_error(host, receiver, name, span)
    if containers.is_own(receiver):
        table = {"Array": containers.LISTS, "Map": containers.DICTS, "Set": containers.SETS}[kind]
        if name in table:
            return _method_of(receiver, name)
        return receiver.slots.get(
            ("p", name), Unknown(f"`{name}`", span) if name.startswith("__") else ABSENT
        )
    if kind in ("Response", "Request") and not sdk.is_javascript(receiver):
        if name == "js_object":
            return sdk.as_javascript(receiver)
        if name == "headers":
            held = receiver.slots["headers"]
            return (
                sdk.sdk_headers(held)
                if isinstance(held, Object) and kind == "Request"
                else _response_headers(host, held)
            )
    if kind == "Module":
        return stdlib.of_module(host, receiver, name, span)
    if kind == "Coroutine" and "task" in receiver.slots and name in stdlib.TASK:
        return _method_of(receiver, name)
    if kind in ("JsNull", "Coroutine"):
        return ABSENT
    if name in _PROXY:
        return _method_of(receiver, name)
    if kind == "Environment":
        found = host.known(members._of_object(host, receiver, name, span, scope))
        return ABSENT if found is UNDEFINED else found
    if kind == "URL" and name == "port":
        return host.lift(
            lambda held: (int(held) if held else None) if isinstance(held, str) else held,
            members._of_object(host, receiver, name, span, scope),
        )
    if kind == "Object":
        found = members._of_object(host, receiver, name, span, scope)
        return ABSENT if found is UNDEFINED and ("p", name) not in receiver.slots else found
    model = MODELS.get(kind)
    if (
        model is not None
        and name in model.methods
        and name not in model.getters
        and ("p", name) not in receiver.slots
    ):
        return _method_of(receiver, name)
    found = host.known(members._of_object(host, receiver, name, span, scope))
    if (
        isinstance(found, Unknown)
        and kind in _RAW
        and found.why == f"`{name}` of {kind}"
        and _is_missing(kind, name)
    ):
        return ABSENT
    return found


def _response_headers(host: Any, held: Value) -> Value:
    return host.lift(lambda one: sdk.sdk_headers(one) if isinstance(one, Object) else one, held)


def _is_missing(kind: str, name: str) -> bool:
    """Whether the runtime's own list has no such member."""
    from wslint.runtime_members import OF_EVERY_OBJECT
    from wslint.runtime_members import members as members_of

    interface = MODELS[kind].interface
    return interface is not None and name not in members_of(interface) | OF_EVERY_OBJECT


def _of_error(host: Any, receiver: Object, name: str, span: Span) -> Value:
    if name in ("name", "message") and not receiver.slots.get("python"):
        return receiver.slots.get(name, Unknown(f"`{name}`", span))
    if name == "args":
        held = receiver.slots.get(("p", "args"))
        return (
            held
            if held is not None
            else containers.array((receiver.slots.get("message", ""),), span, False, "tuple")
        )
    held = receiver.slots.get(("p", name))
    return held if held is not None else Unknown(f"`{name}` of an error", span)


# Methods


def method(host: Any, receiver: Value, call: Invocation, scope: Any, called: str) -> Value:
    """`receiver.name(…)`; NotImplemented where the machine's own way is the right one."""
    name = call.name
    if isinstance(receiver, Unknown):
        return _of_unknown(host, receiver, call)
    if isinstance(receiver, str):
        return texts.method(host, receiver, call)
    if isinstance(receiver, Global):
        return NotImplemented
    if isinstance(receiver, Object):
        found = _object_method(host, receiver, call, called)
        if found is not NotImplemented:
            return found
    if isinstance(receiver, bool | int | float):
        return Unknown(f"`{name}` of a number", call.span)
    held = host.known(read(host, receiver, name, call.span, scope) if scope is not None else UNDEFINED)
    return host.each(held, lambda one: _applied(host, one, receiver, call, called))


def _applied(host: Any, target: Value, receiver: Value, call: Invocation, called: str) -> Value:
    if target is None or target is UNDEFINED or isinstance(target, str | bool | int | float):
        fail(host, f"TypeError: '{containers.type_name(target)}' object is not callable", call.span)
    if isinstance(target, Unknown):
        if target.known.get("plain"):
            return plain(f"`{called}()`", call.span)
        host.escape(receiver, called)
        return host.unread_call(called, call.span, call.arguments)
    return calls.apply(host, target, call)


def plain(why: str, span: Span) -> Unknown:
    """What harmless code of the standard library gives: using it can't fail in a way that matters."""
    made = Unknown(why, span, "world")
    made.known["plain"] = True
    return made


def _of_unknown(host: Any, receiver: Unknown, call: Invocation) -> Value:
    name = call.name
    if name == "join":
        return receiver.derived(("join", id(call.argument(0))), receiver.why, call.span)
    if (
        receiver.known.get("plain")
        or name in containers.DICTS
        or name in texts.METHODS
        or name in ("to_py", "hex", "append", "add")
    ):
        for value in call.arguments:
            host.escape(value, name)
        key = ("call", name, tuple(a if isinstance(a, str | int | float) else id(a) for a in call.arguments))
        made = text.bounded(receiver.derived(key, f"`{name}()` of {receiver.why}", call.span), receiver, call)
        if receiver.known.get("plain"):
            made.known["plain"] = True
        unasked.note_split(made, name)
        return made
    return NotImplemented


def _object_method(host: Any, receiver: Object, call: Invocation, called: str) -> Value:
    kind, name = receiver.kind, call.name
    if containers.is_own(receiver):
        return containers.method(host, receiver, call)
    if kind == "Coroutine" and "task" in receiver.slots and name in stdlib.TASK:
        return stdlib.of_task(host, receiver, call)
    if kind in ("Instance", "Error", "Module", "JsNull", "Coroutine") or ("p", name) in receiver.slots:
        return NotImplemented
    if kind in stdlib.METHODS:
        return stdlib.METHODS[kind](host, receiver, call)
    special = _special(host, receiver, call)
    if special is not NotImplemented:
        return special
    if kind == "ArrayBuffer" and name in _OF_TEXT:
        fail(host, f"AttributeError: {name}", call.span)
    if kind == "DurableObject" or name in _LAZY.get(kind, ()):
        return _later(host, receiver, call, called)
    model = MODELS.get(kind)
    found = model.methods.get(name) if model is not None else None
    if found is None:
        if kind == "Array" and name in containers.LISTS:
            return containers.method(host, receiver, call)
        return NotImplemented
    given = _given(host, receiver, call)
    result = found(host, given)
    if name in _NULLS:
        null = Object("JsNull", {}, call.span)
        return host.lift(lambda one: null if one is None else sdk.from_js(one), result)
    if name == "items" and isinstance(result, Object) and result.kind == "Headers":
        return result
    return host.lift(sdk.from_js, result)


def _later(host: Any, receiver: Object, call: Invocation, called: str) -> Value:
    """`stub.fetch(…)` and a stub's methods: they begin when they are awaited."""
    from wslint.runtime import namespace

    if receiver.kind == "DurableObject" and call.name != "fetch":
        given = sdk.with_init(host, call)
        return sdk.coroutine(
            host, lambda: host.awaited(namespace.rpc(host, receiver, given, called), call.span), call.span
        )
    headers = host.known(call.keywords.get("headers", UNDEFINED))
    given = Invocation(
        call.name, receiver, call.arguments, call.span, call.keywords, call.new, call.open, call.unit
    )
    function = MODELS[receiver.kind].methods[call.name]

    def run() -> Value:
        if isinstance(headers, Object) and headers.kind == "Headers" and headers.extra == "sdk":
            host.throw(sdk.HEADERS_OBJECT, call.span)
        inner = sdk.with_init(host, given)
        inner.this = receiver
        return host.awaited(function(host, inner), call.span)

    return sdk.coroutine(host, run, call.span)


def _given(host: Any, receiver: Object, call: Invocation) -> Invocation:
    """The arguments of a method of JavaScript's. The storage is the SDK's, which takes Python's values; others are
    bare proxies."""
    arguments = [host.known(value) for value in call.arguments]
    if receiver.kind == "DurableObjectState" and call.name == "acceptWebSocket" and len(arguments) > 1:
        if containers.is_own(arguments[1]):
            from wslint.runtime import words

            host.throw(
                words.wrong_type("acceptWebSocket", "DurableObjectState", 2, "Array"), call.span, receiver
            )
    if (
        receiver.kind == "WebSocket"
        and call.name == "serializeAttachment"
        and containers.is_own(arguments[0] if arguments else None)
    ):
        host.throw("DataCloneError: [object Object] could not be cloned.", call.span, receiver)
    if receiver.kind != "WebSocket":
        arguments = [sdk.to_js(host, value) for value in arguments]
    if call.keywords:
        arguments.append(
            sdk.with_init(host, Invocation(call.name, None, [None], call.span, call.keywords)).arguments[-1]
        )
    return Invocation(call.name, receiver, arguments, call.span, {}, call.new, call.open, call.unit)


def _special(host: Any, receiver: Object, call: Invocation) -> Value:
    kind, name = receiver.kind, call.name
    if name == "to_py":
        return sdk.back(host, receiver)
    if name in ("object_values", "object_keys", "object_entries") and kind != "WebSocketPair":
        from wslint.runtime.model import GLOBALS

        return GLOBALS["Object." + name.removeprefix("object_")](
            host, Invocation("Object." + name.removeprefix("object_"), None, [receiver], call.span)
        )
    if kind == "Headers" and name == "get":
        default = call.argument(1, "default")
        found = host.each(
            call.argument(0),
            lambda key: (
                headers_model.value(host, receiver, key.lower(), call.span)
                if isinstance(key, str)
                else Unknown("a header", call.span, "client")
            ),
        )
        return (
            found
            if default is UNDEFINED
            else host.lift(lambda one, other: other if one is None else one, found, default)
        )
    if kind == "Response" and name == "replace_body":
        return _replaced(host, receiver, call)
    if kind in ("Address", "URL") and name in texts.METHODS:
        model = MODELS[kind].methods
        return (
            host.lift(sdk.from_js, model[name](host, call))
            if name in model
            else Unknown(f"`{name}` of an address", call.span, "client")
        )
    if kind == "SqlStorageCursor" and name == "to_py":
        return NotImplemented
    return NotImplemented


def _replaced(host: Any, receiver: Object, call: Invocation) -> Value:
    body = host.known(call.argument(0))
    if body is None:
        return Object("Response", dict(receiver.slots), call.span, receiver)
    return host.unread_call("replace_body", call.span, [receiver, *call.arguments])


# Items


def item(host: Any, receiver: Value, key: Value, span: Span, scope: Any) -> Value:
    """`receiver[key]`; neither is `OneOf`."""
    from wslint.machine.operators import whole

    if receiver is None or receiver is UNDEFINED:
        fail(host, "TypeError: 'NoneType' object is not subscriptable", span)
    if isinstance(receiver, Unknown):
        if isinstance(key, Object) and key.kind == "Slice":
            return containers.sliced(host, receiver, key, span)
        unasked.indexed(host, receiver, whole(key), span)
        token = key if isinstance(key, str | int | float) else id(key)
        made = receiver.derived(("item", token), f"an item of {receiver.why}", span)
        if receiver.known.get("plain"):
            made.known["plain"] = True
        return made
    if isinstance(key, Object) and key.kind == "Slice":
        return containers.sliced(host, receiver, key, span)
    if isinstance(receiver, str):
        place = whole(key)
        if place is None:
            return Unknown("a sign of a text", span)
        if not -len(receiver) <= place < len(receiver):
            fail(host, "IndexError: string index out of range", span)
        return receiver[place]
    if not isinstance(receiver, Object):
        return Unknown("an item", span)
    if receiver.kind in ("WebSocketPair", "WebSocket", "DurableObjectState", "JsNull"):
        fail(host, "TypeError: 'pyodide.ffi.JsProxy' object is not subscriptable", span)
    if receiver.kind == "Array" or (receiver.kind == "Map" and receiver.extra == "dict"):
        if receiver.kind == "Map":
            containers.hashed(host, key, span)
        return containers.item(host, receiver, key, span)
    if receiver.kind in stdlib.METHODS and receiver.kind == "Match":
        return stdlib.METHODS["Match"](host, receiver, Invocation("group", receiver, [key], span))
    if receiver.kind == "Headers" and isinstance(key, str):
        found = headers_model.value(host, receiver, key.lower(), span)
        return host.each(found, lambda one: fail(host, f"KeyError: {key!r}", span) if one is None else one)
    if receiver.kind == "Environment" and isinstance(key, str):
        return read(host, receiver, key, span, scope)
    if receiver.kind == "Instance":
        return _by_method(host, receiver, "__getitem__", [key], span)
    assert members is not None
    return Unknown("an item", span)


def _by_method(host: Any, receiver: Object, name: str, arguments: list[Value], span: Span) -> Value:
    found = classes.attribute(host, receiver, name, span)
    if found is ABSENT:
        fail(host, f"TypeError: '{receiver.extra.name}' object is not subscriptable", span)
    return calls.apply(
        host, found, Invocation(name, receiver, arguments, span, unit=receiver.extra.scope.unit)
    )
