"""Headers of requests and responses."""

from __future__ import annotations

from typing import Any

from wslint.runtime import header_lists, words
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

HEADERS = Model("Headers", "Headers")
UPGRADE = "upgrade"
FORBIDDEN = frozenset({"set", "append", "delete"})
_LEAST = {"set": 2, "append": 2, "delete": 1, "get": 1, "has": 1}


def made(
    values: dict[str, Value] | None = None,
    span: Span | None = None,
    *,
    complete: bool = True,
    immutable: bool = False,
) -> Object:
    """Headers, by lower-cased name. `complete` when no other is there; `immutable` for those of what was received."""
    slots: dict[Any, Value] = {("h", name): value for name, value in (values or {}).items()}
    slots |= {"complete": complete, "immutable": immutable}
    return Object("Headers", slots, span)


def copied(host: Any, headers: Object) -> Object:
    slots = {key: value for key, value in headers.slots.items() if isinstance(key, tuple) and key[0] == "h"}
    complete = headers.slots["complete"] if "escaped" not in headers.slots else False
    return Object("Headers", {**slots, "complete": complete, "immutable": False}, headers.place)


def value(host: Any, headers: Object, name: str, span: Span | None = None) -> Value:
    """One header: a text, None when it is not there, or unknown."""
    held = headers.slots.get(("h", name), ABSENT)
    if held is ABSENT:
        if host.known(headers.slots["complete"]) is True and "escaped" not in headers.slots:
            return None
        held = headers.slots[("h", name)] = Unknown(f"the header `{name}`", span, "client")
    return host.known(host.lift(lambda one: None if one is ABSENT else one, held))


def of_init(host: Any, init: Value, span: Span | None) -> Object:
    """The headers that an init stands for. It is no `OneOf`."""
    if isinstance(init, Object):
        if init.kind == "Headers":
            return copied(host, init)
        if init.kind in ("Object", "Map"):
            found = {
                _name(key).lower(): None if held is ABSENT else held
                for key, held in init.slots.items()
                if isinstance(key, tuple) and _name(key)
            }
            is_open = bool(init.slots.get("open")) or "escaped" in init.slots
            return made(found, span, complete=not is_open and not any(map(_is_unnamed, init.slots)))
        if init.kind == "Array":
            return _of_pairs(host, init, span)
    if init is UNDEFINED or init is None:
        return made({}, span)
    return made({}, span, complete=False)


def _name(key: tuple[Any, ...]) -> str:
    if key[0] == "p":
        return str(key[1])
    return str(key[2]) if key[0] == "c" and isinstance(key[2], str) else ""


def _is_unnamed(key: Any) -> bool:
    """Whether a slot of a map is that of a key which is not known."""
    return isinstance(key, tuple) and key[0] == "r" and isinstance(key[2], Unknown)


def _of_pairs(host: Any, init: Object, span: Span | None) -> Object:
    from wslint.machine import members

    found: dict[str, Value] = {}
    held = members.iterated(host, init, span)
    if held is None or any(item.present is not None for item in held.items):
        return made({}, span, complete=False)
    complete = not held.open
    for item in held.items:
        pair = members.items(host, item.value)
        if pair is not None and len(pair) == 2 and isinstance(host.known(pair[0]), str):
            found[host.known(pair[0]).lower()] = pair[1]
        else:
            return made({}, span, complete=False)
    if held.open:
        sample = members.items(host, init.slots.get("sample"))
        for name in header_lists.left_out(host.known(sample[0])) if sample else ():
            found.setdefault(name, None)
    return made(found, span, complete=complete)


@maker("Headers")
def construct(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda held: of_init(host, held, call.span))


@HEADERS.method("get", "has", "set", "append", "delete")
def _method(host: Any, call: Invocation) -> Value:
    headers: Object = call.this
    if len(call.arguments) < _LEAST[call.name] and not call.open:
        host.throw(
            f"TypeError: Failed to execute '{call.name}' on 'Headers': a parameter is missing.", call.span
        )
    if call.name in FORBIDDEN:
        return host.each(headers.slots["immutable"], lambda fixed: _write(host, headers, call, fixed))
    return host.each(call.argument(0), lambda name: _read(host, headers, call, name))


def _read(host: Any, headers: Object, call: Invocation, name: Value) -> Value:
    if not isinstance(name, str):
        return Unknown("a header", call.span, "client")
    held = value(host, headers, name.lower(), call.span)
    if call.name == "get":
        return held
    return host.lift(
        lambda one: (
            one.derived("there", f"the header `{name}`") if isinstance(one, Unknown) else one is not None
        ),
        held,
    )


def _write(host: Any, headers: Object, call: Invocation, fixed: Value) -> Value:
    if fixed is True:
        host.throw(words.IMMUTABLE, call.span, headers)
    name = host.known(call.argument(0))
    if not isinstance(name, str):
        for one in header_lists.left_out(name) if call.name != "delete" else ():
            if value(host, headers, one) is None:
                host.put(headers.slots, ("h", one), None)
        host.put(headers.slots, "complete", False)
    elif call.name == "delete":
        host.put(headers.slots, ("h", name.lower()), None)
    elif call.name == "append" and name.lower() not in ("set-cookie", UPGRADE):
        before = value(host, headers, name.lower(), call.span)
        host.put(headers.slots, ("h", name.lower()), host.lift(_combined, before, call.argument(1)))
    else:
        host.put(headers.slots, ("h", name.lower()), call.argument(1))
    return UNDEFINED


def _combined(before: Value, more: Value) -> Value:
    if before is None:
        return more
    if isinstance(before, str) and isinstance(more, str):
        return f"{before}, {more}"
    return Unknown("a header", None, "client" if isinstance(before, Unknown) else "unread")


@HEADERS.method("entries", "keys", "values", "forEach", "getAll", "getSetCookie", "items")
def _all(host: Any, call: Invocation) -> Value:
    if call.name == "forEach":
        from wslint.runtime import collections

        pairs = header_lists.listed(host, call.this, call.span)
        collections.for_each_pair(host, pairs, call)
        return UNDEFINED
    if call.name in ("entries", "items"):
        return copied(host, call.this)
    if call.name in ("keys", "values"):
        return header_lists.listed(host, call.this, call.span, call.name)
    return Unknown("the headers", call.span, "client")
