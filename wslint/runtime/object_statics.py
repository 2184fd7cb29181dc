"""`Object.entries`, `Object.assign` and their like."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from wslint.runtime import header_lists
from wslint.runtime.arrays import array, items_of
from wslint.runtime.collections import is_open, key_of, views
from wslint.runtime.model import maker
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import (
    ABSENT,
    UNDEFINED,
    Unknown,
    Value,
    is_constant,
)


@maker("Object.values", "Object.keys", "Object.entries", "Object.getOwnPropertyNames")
def _of_object(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda held: _listed(host, held, call))


def _listed(host: Any, held: Value, call: Invocation) -> Value:
    name = call.name.rpartition(".")[2]
    if isinstance(held, Object) and held.kind == "WebSocketPair" and name == "values":
        return array(held.extra, call.span)
    if held is None or held is UNDEFINED:
        host.throw("TypeError: Cannot convert undefined or null to object", call.span)
    if isinstance(held, str) or (isinstance(held, Object) and held.kind == "Array" and not is_open(held)):
        whole = array(list(held) if isinstance(held, str) else items_of(host, held), call.span)
        if name == "values":
            return whole
        keys = [str(at) for at in range(len(whole.slots["items"]))]
        if name != "entries":
            return array(keys, call.span)
        return array(
            [array(pair, call.span) for pair in zip(keys, whole.slots["items"], strict=True)], call.span
        )
    if not isinstance(held, Object) or held.kind not in ("Object", "Instance") or "error" in held.slots:
        if isinstance(held, Unknown):
            return array((), call.span, held.owner)
        return array((), call.span, True)
    copy = Object("Map", {}, call.span)
    own = [slot for slot in held.slots if isinstance(slot, tuple) and slot[0] == "p"]
    if any(slot[1].isdigit() for slot in own):
        own.sort(key=lambda slot: (0, int(slot[1])) if slot[1].isdigit() else (1, 0))
    for slot in own:
        if held.kind == "Instance" and slot[1].startswith("#"):
            continue
        getter = held.slots.get(("get", slot[1]))
        if getter is None or name not in ("values", "entries"):
            copy.slots[key_of(slot[1])] = held.slots[slot]
        else:
            copy.slots[key_of(slot[1])] = host.call(getter, [], call.span, held)
    if is_open(held):
        copy.slots["open"] = held.slots.get("open", True)
    view = {"values": "values", "keys": "keys", "entries": "entries"}.get(name, "keys")
    return views(host, Invocation(view, copy, [], call.span))


@maker("Object.assign")
def _assign(host: Any, call: Invocation) -> Value:
    target = host.known(call.argument(0))
    for value in call.arguments[1:]:
        value = host.known(value)
        if isinstance(target, Object) and isinstance(value, Object) and value.kind == "Object":
            for slot, held in list(value.slots.items()):
                if isinstance(slot, tuple) and slot[0] in ("p", "item"):
                    host.put(target.slots, slot, held)
            if is_open(value):
                host.put(target.slots, "open", True)
        elif isinstance(target, Object) and not _has_nothing(host, value, call):
            host.put(target.slots, "open", True)
    return target


GETTERS_ONLY = ("Response", "Request", "Headers", "URL", "WebSocket")
"""Objects of the runtime whose properties are getters of the prototype from 2022-01-31 on: a copy has none."""


def _has_nothing(host: Any, value: Value, call: Invocation) -> bool:
    if isinstance(value, Object) and value.kind in GETTERS_ONLY and "escaped" not in value.slots:
        return host.flag("workers_api_getters_setters_on_prototype", call) is True
    return value is None or value is UNDEFINED or isinstance(value, (bool, float))


@maker("Object.hasOwn")
def _has_own(host: Any, call: Invocation) -> Value:
    from wslint.machine import members

    def one(held: Value, key: Value) -> Value:
        if isinstance(held, Object) and isinstance(key, (str, Unknown)) and call.unit is not None:
            from wslint.machine.scope import Scope

            return members.contains(host, held, key, call.span, Scope(call.unit))
        return Unknown("whether it has a key", call.span)

    return host.each(call.argument(0), lambda held: host.each(call.argument(1), lambda key: one(held, key)))


def refuse_functions(host: Any, value: Value, call: Invocation) -> None:
    """`structuredClone` takes no function, and nothing that holds one."""
    from wslint.machine.scope import ClassValue, Closure, Native

    held = [value]
    if isinstance(value, Object) and value.kind == "Object":
        held += [
            host.known(one) for key, one in value.slots.items() if isinstance(key, tuple) and key[0] == "p"
        ]
    if any(isinstance(one, Closure | Native | ClassValue) for one in held):
        host.throw("DataCloneError: a function could not be cloned.", call.span)


@maker("Object.freeze", "Object.seal", "structuredClone", "Object.create", "Object.preventExtensions")
def _same(host: Any, call: Invocation) -> Value:
    if call.name == "Object.create":
        bare = call.argument(0) is None
        return Object("Object", {} if bare else {"open": True}, call.span, "no prototype" if bare else None)
    held = host.known(call.argument(0))
    if call.name == "structuredClone":
        from wslint.runtime.socket import frozen

        refuse_functions(host, held, call)
        return frozen(host, held)
    if call.name == "Object.freeze" and isinstance(held, Object) and held.kind in ("Object", "Array"):
        host.put(held.slots, "frozen", True)
    return call.argument(0)


def _of_map(host: Any, held: Object, span: Span) -> Object:
    """What a Map has, under its keys; what is only there on a condition stays so."""
    from wslint.machine.operators import text_of
    from wslint.runtime.collections import is_key, key_value

    made = Object("Object", {"open": held.slots["open"]} if held.slots.get("open") else {}, span)
    for slot, value in held.slots.items():
        if is_key(slot):
            key = key_value(slot)
            made.slots[("p", text_of(key)) if is_constant(key) else slot] = host.known(value)
    return made


@maker("Object.fromEntries")
def from_entries(host: Any, call: Invocation) -> Value:
    from wslint.machine import members

    held = host.known(call.argument(0))
    if isinstance(held, Object) and held.kind == "Headers":
        made = Object("Object", {}, call.span)
        for slot, value in held.slots.items():
            if isinstance(slot, tuple) and slot[0] == "h" and value is not ABSENT:
                made.slots[("p", slot[1])] = ABSENT if value is None else value
        if host.known(held.slots["complete"]) is not True:
            made.slots["open"] = "client"
        return made
    if isinstance(held, Object) and held.kind == "URLSearchParams" and held.extra is not None:
        return host.each(held.extra.slots["query"], lambda query: _of_query(query, call))
    if isinstance(held, Object) and held.kind == "Map" and "escaped" not in held.slots:
        return _of_map(host, held, call.span)
    found = members.iterated(host, held, call.span)
    sure = found is not None and not any(item.present is not None for item in found.items)
    pairs = [item.value for item in found.items] if found is not None and sure else None
    made = Object("Object", {}, call.span)
    if found is not None and sure and found.open:
        made.slots["open"] = held.slots.get("open", True)
        sample = members.items(host, held.slots.get("sample"))
        for name in header_lists.left_out(host.known(sample[0])) if sample else ():
            made.slots[("p", name)] = ABSENT
    for pair in pairs or ():
        inner = members.items(host, pair)
        key = host.known(inner[0]) if inner else None
        if inner and len(inner) > 1 and is_constant(key):
            from wslint.machine.operators import text_of

            made.slots[("p", text_of(key))] = inner[1]
        else:
            made.slots["open"] = True
    if pairs is None:
        made.slots["open"] = True
    return made


def _of_query(query: Value, call: Invocation) -> Value:
    """The parameters of a query as an object: of one that is not known it has what is asked for, or has not."""
    if isinstance(query, str):
        found = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
        return Object("Object", {("p", name): value for name, value in found}, call.span)
    return Object("Object", {"open": "client", "query": query}, call.span)


@maker("Object.defineProperty", "Object.defineProperties", "Object.setPrototypeOf")
def _define(host: Any, call: Invocation) -> Value:
    target = host.known(call.argument(0))
    if isinstance(target, Object):
        key, how = host.known(call.argument(1)), host.known(call.argument(2))
        if call.name == "Object.defineProperty" and isinstance(key, str) and isinstance(how, Object):
            held = how.slots.get(("p", "value"))
            if held is not None:
                host.put(target.slots, ("p", key), held)
        host.put(target.slots, "open", True)
    return target
