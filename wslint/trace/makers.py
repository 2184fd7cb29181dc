"""What the runtime's constructors and static functions make: `new URL(…)`, `Object.values(…)` and their kin."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from wslint.text import Span
from wslint.trace import (
    addresses,
    calls,
    expressions,
    members,
    operators,
    responses,
)
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    EndV,
    Held,
    Known,
    Obj,
    PairV,
    Promise,
    Regex,
    Scope,
    Thrown,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine


# Addresses


def _url(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    first = arguments[0] if arguments else UNDEFINED
    base = arguments[1] if len(arguments) > 1 else UNDEFINED
    if isinstance(first, Url):
        return Url(first.scheme, first.host, first.path, first.query, first.hash)
    if isinstance(first, Unknown) or isinstance(base, Unknown):
        return Unknown("an address")
    text = operators.text_of(first)
    if text is None:
        return Unknown("an address")
    found = addresses.parse(text)
    if found is not None:
        return found
    against = base if isinstance(base, Url) else addresses.parse(base) if isinstance(base, str) else None
    if against is None:
        raise Thrown(f"TypeError: Invalid URL: {text}", span)
    rest, _, fragment = text.partition("#")
    path, sign, query = rest.partition("?")
    if path.startswith("//") or "./" in path or path in (".", ".."):
        return Unknown("an address")
    if not path:
        path = against.path
        sign, query = (sign, query) if sign else ("?", against.query[1:]) if against.query else ("", "")
    elif not path.startswith("/"):
        path = against.path.rpartition("/")[0] + "/" + path
    return Url(
        against.scheme,
        against.host,
        addresses.encoded(path),
        sign + addresses.encoded(query),
        f"#{fragment}" if fragment else "",
    )


# Makers


def _pair(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    pair = PairV(span)
    pair.ends = [EndV(pair, 0), EndV(pair, 1)]
    return pair


def _held(kind: str) -> Callable[..., Val]:
    def make(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
        filled = bool(arguments) and arguments[0] not in (None, UNDEFINED)
        if filled and isinstance(arguments[0], Arr) and not arguments[0].open and kind == "Set":
            items = arguments[0].items
            if all(isinstance(item, (str, float, bool)) for item in items):
                return Held(kind, {item: item for item in items})
        return Held(kind, {}, filled)

    return make


def _regex(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    source = arguments[0] if arguments else ""
    if isinstance(source, Regex):
        return source
    flags = arguments[1] if len(arguments) > 1 else None
    data = scope.file.data
    if flags is None and data[span.start : span.start + 1] == b"/":
        found = re.search(rb"/([a-z]*)$", data[span.start : span.end])
        flags = found[1].decode() if found else ""
    if not isinstance(source, str) or not isinstance(flags, (str, type(None))):
        return Unknown("a regular expression")
    return Regex(source, flags or "")


def _promise(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    for value in arguments:
        from wslint.trace.machine import escape

        escape(value, "a promise's function")
    sleeps = b"setTimeout" in scope.file.data[span.start : span.end]
    return Promise(Unknown("what a promise gives"), None, None if sleeps else span.head())


def _resolved(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    first = arguments[0] if arguments else UNDEFINED
    return first if isinstance(first, Promise) else Promise(first)


def _rejected(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    return Promise(UNDEFINED, Thrown("", span, arguments[0] if arguments else UNDEFINED))


def _all(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    items = members.items_of(arguments[0]) if arguments else None
    if items is None:
        return Promise(Unknown("what promises give"))
    for item in items:
        if isinstance(item, Promise) and item.thrown is not None:
            return Promise(UNDEFINED, item.thrown)
    return Promise(Arr([machine.awaited(item) for item in items]))


def _values(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    value = arguments[0] if arguments else UNDEFINED
    if isinstance(value, PairV):
        return Arr(list(value.ends))
    if isinstance(value, Obj):
        return Arr(list(value.fields.values()), value.open)
    return Unknown("values")


def _keys(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    value = arguments[0] if arguments else UNDEFINED
    return Arr(list(value.fields), value.open) if isinstance(value, Obj) else Unknown("keys")


def _has_own(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    value, key = (*arguments, UNDEFINED, UNDEFINED)[:2]
    if isinstance(value, Obj) and isinstance(key, str):
        return True if key in value.fields else Unknown("whether it has a key") if value.open else False
    return Unknown("whether it has a key")


def _object_assign(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    target = arguments[0] if arguments else UNDEFINED
    if isinstance(target, Obj):
        for value in arguments[1:]:
            if isinstance(value, Obj):
                target.fields.update(value.fields)
                target.open = target.open or value.open
            else:
                target.open = True
    return target


def _from_entries(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    from wslint.trace.values import Hdrs

    value = arguments[0] if arguments else UNDEFINED
    if isinstance(value, Hdrs):
        return Obj(dict(value.values), not value.complete) if value.complete else _as_headers(value)
    return Unknown("an object")


def _as_headers(value: Val) -> Val:
    return value.copy()


def _array_from(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    items = members.items_of(arguments[0]) if arguments else None
    if items is None:
        return Arr([], True)
    if len(arguments) > 1:
        items = [
            calls.apply(machine, arguments[1], [item, float(at)], span, scope)
            for at, item in enumerate(items)
        ]
    return Arr(items, False, getattr(arguments[0], "origin", ""))


def _is_array(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    value = arguments[0] if arguments else UNDEFINED
    return Unknown("whether it is a list") if isinstance(value, Unknown) else isinstance(value, Arr)


def _string(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    value = arguments[0] if arguments else ""
    text = operators.text_of(value)
    if isinstance(value, str):
        return value
    return Unknown("a text") if text is None else text


def _boolean(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    found = expressions.truth(arguments[0]) if arguments else False
    return Unknown("a condition") if found is None else found


def _number(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    value = arguments[0] if arguments else 0.0
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,15}\s*", value):
        return float(value)
    if isinstance(value, (int, float)):
        return float(value)
    return Unknown("a number")


def _is_nan(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    value = arguments[0] if arguments else UNDEFINED
    return value != value if isinstance(value, float) else Unknown("whether it is a number")


def _encode(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    text = arguments[0] if arguments else UNDEFINED
    return quote(text, safe="!'()*-._~") if isinstance(text, str) else Unknown("a text")


def _decode(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    from wslint.trace.values import Text

    text = arguments[0] if arguments else UNDEFINED
    if not isinstance(text, str):
        return Unknown("a text")
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise Thrown("URIError: URI malformed", span)
    return Text(unquote(text), getattr(text, "origin", ""))


def _stringify(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    return Unknown("JSON")


def _parse(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    return machine.unknown_call("JSON.parse", span)


def _listener(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    return UNDEFINED


def _auto_response(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    for place in (0, 1):
        if len(arguments) <= place:
            raise Thrown(
                "TypeError: Failed to construct 'WebSocketRequestResponsePair': constructor parameter "
                f"{place + 1} is not of type 'string'.",
                span,
            )
    return Known("auto response")


MAKERS: dict[str, Callable[..., Val]] = {
    "URL": _url,
    "Request": responses.request,
    "Response": responses.response,
    "Response.json": responses.json,
    "Response.redirect": responses.redirect,
    "Response.ok": responses.rust_ok,
    "Response.error": responses.rust_error,
    "Headers": responses.headers,
    "WebSocketPair": _pair,
    "WebSocketRequestResponsePair": _auto_response,
    "Map": _held("Map"),
    "Set": _held("Set"),
    "WeakMap": _held("Map"),
    "WeakSet": _held("Set"),
    "RegExp": _regex,
    "Promise": _promise,
    "Promise.resolve": _resolved,
    "Promise.reject": _rejected,
    "Promise.all": _all,
    "Object.values": _values,
    "Object.keys": _keys,
    "Object.assign": _object_assign,
    "Object.hasOwn": _has_own,
    "Object.freeze": lambda machine, arguments, span, scope: arguments[0] if arguments else UNDEFINED,
    "Object.fromEntries": _from_entries,
    "Array.from": _array_from,
    "Array.isArray": _is_array,
    "String": _string,
    "str": _string,
    "Boolean": _boolean,
    "Number": _number,
    "parseInt": _number,
    "isNaN": _is_nan,
    "Number.isNaN": _is_nan,
    "encodeURIComponent": _encode,
    "decodeURIComponent": _decode,
    "JSON.stringify": _stringify,
    "JSON.parse": _parse,
    "addEventListener": _listener,
}
