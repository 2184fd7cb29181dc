"""Texts as Python has them: the methods of `str`, formatting, and what other values are as texts."""

from __future__ import annotations

from typing import Any

from wslint.runtime.python import containers
from wslint.runtime.python.errors import fail
from wslint.runtime.python.reals import Real
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

MOST_TEXT = 40_000
METHODS = frozenset(name for name in dir(str) if not name.startswith("_"))
"""What a text of Python's has."""

_LISTS = frozenset({"split", "rsplit", "splitlines", "partition", "rpartition"})
_UNSURE = frozenset({"format", "format_map", "maketrans", "translate", "encode"})


def shown(host: Any, value: Value) -> Value:
    """A value as `str()` writes it: a text, or the value itself where that is not known."""
    if isinstance(value, str | Unknown):
        return value
    if isinstance(value, bool):
        return "True" if value else "False"
    if value is None or value is UNDEFINED or value is ABSENT:
        return "None"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Real):
        return repr(float(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Object):
        if value.kind == "Error":
            from wslint.runtime.python import errors

            return errors.words(host, value)
        if value.kind == "URL":
            from wslint.runtime import url

            return url.text_of(host, value)
        if value.kind in ("Array", "Map", "Set", "Instance"):
            text = _literal(host, value, 0)
            return Unknown("a text", value.place) if text is None else text
    return value


def represented(host: Any, value: Value, span: Span | None) -> Value:
    """`repr(value)`."""
    text = _literal(host, value, 0)
    return Unknown("a text", span) if text is None else text


def _literal(host: Any, value: Value, depth: int) -> str | None:
    """A value as it is written in a program; None where that is not known."""
    from wslint.runtime import collections as shared

    value = host.known(value)
    if isinstance(value, str):
        return repr(str(value))
    if not isinstance(value, Object):
        found = shown(host, value)
        return found if isinstance(found, str) else None
    if depth > 6 or value.kind not in ("Array", "Map", "Set") or shared.is_open(value):
        return None
    if value.kind == "Array":
        items = host.known(value.slots.get("items", ()))
        if not isinstance(items, tuple) or value.extra not in ("list", "tuple"):
            return None
        parts = [_literal(host, item, depth + 1) for item in items]
        if None in parts:
            return None
        inner = ", ".join(str(part) for part in parts)
        return f"[{inner}]" if value.extra == "list" else f"({inner},)" if len(parts) == 1 else f"({inner})"
    if value.kind == "Set" or value.extra != "dict":
        return None
    pairs = []
    for slot, held in value.slots.items():
        if not shared.is_key(slot) or host.known(held) is ABSENT:
            continue
        pair = [_literal(host, one, depth + 1) for one in (shared.key_value(slot), held)]
        if None in pair:
            return None
        pairs.append(f"{pair[0]}: {pair[1]}")
    return "{" + ", ".join(pairs) + "}"


def written(host: Any, value: Object, span: Span) -> Value:
    """`str()` of an instance of the project's own: what its `__str__` or `__repr__` says."""
    from wslint.machine import calls
    from wslint.runtime.python import classes

    for name in ("__str__", "__repr__"):
        found = classes.attribute(host, value, name, span)
        if found is not ABSENT and not isinstance(found, Unknown):
            given = Invocation(name, value, [], span, unit=value.extra.scope.unit)
            return calls.apply(host, found, given)
        if name == "__str__" and "error" in value.slots:
            return value.slots.get("message", Unknown("a text", span))
    if classes.is_enum(host, value.extra) and isinstance(value.slots.get(("p", "name")), str):
        return f"{value.extra.name}.{value.slots[('p', 'name')]}"
    return Unknown("a text", span)


def formatted(host: Any, value: Value, how: Value, span: Span) -> Value:
    """`format(value, how)`. It does not throw: what Python refuses is unknown here."""
    if isinstance(how, str) and isinstance(value, str | int | float):
        if not how:
            return shown(host, value)
        width = "".join(sign if sign.isdigit() else " " for sign in how).split()
        if all(len(number) <= 3 for number in width):
            try:
                return format(
                    int(value)
                    if isinstance(value, float) and value.is_integer() and how[-1] in "dxXbo"
                    else value,
                    how,
                )
            except (ValueError, TypeError):
                pass
    if isinstance(value, Unknown):
        return value.derived(("format", how if isinstance(how, str) else id(how)), value.why, span)
    return Unknown("a text", span)


def method(host: Any, text: str, call: Invocation) -> Value:
    """A method of a text."""
    if call.name == "join":
        return _join(host, text, call)
    if call.name not in METHODS:
        fail(host, f"AttributeError: 'str' object has no attribute '{call.name}'", call.span)
    result = host.lift(lambda *given: _called(host, text, call, given), *call.arguments)
    return host.each(result, lambda held: fail(host, held[1], call.span) if isinstance(held, tuple) else held)


def _called(host: Any, text: str, call: Invocation, given: tuple[Value, ...]) -> Value:
    """What Python itself makes of it; a pair of "error" and its words where it raises."""
    name = call.name
    keywords = {key: host.known(value) for key, value in call.keywords.items()}
    arguments = [_plain(host, one) for one in given]
    unknown = next((one for one in [*given, *keywords.values()] if isinstance(one, Unknown)), None)
    if unknown is not None:
        return unknown.derived(("of", name, text), f"`{name}` with {unknown.why}", call.span)
    if name in _UNSURE or len(text) > MOST_TEXT or any(isinstance(one, Object) for one in arguments):
        return Unknown(f"`{name}` of a text", call.span)
    if name in ("ljust", "rjust", "center", "zfill") and not (
        arguments and isinstance(arguments[0], int) and arguments[0] < 2_000
    ):
        return Unknown("a long text", call.span)
    if name == "replace" and len(arguments) > 1 and isinstance(arguments[1], str) and len(arguments[1]) > 400:
        return Unknown("a long text", call.span)
    try:
        found = getattr(text, name)(*arguments, **keywords)
    except (TypeError, ValueError, LookupError) as error:
        return ("error", f"{type(error).__name__}: {error}")
    if isinstance(found, list | tuple):
        return containers.array(found, call.span, False, "list" if isinstance(found, list) else "tuple")
    return found if isinstance(found, str | bool | int) else Unknown(f"`{name}` of a text", call.span)


def _plain(host: Any, value: Value) -> Any:
    """A constant as Python has it; a tuple of texts as one."""
    if value is UNDEFINED:
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Object) and value.extra == "tuple":
        items = host.known(value.slots["items"])
        if isinstance(items, tuple) and all(isinstance(one, str) for one in items):
            return items
    return value


def _join(host: Any, by: str, call: Invocation) -> Value:
    from wslint.machine import members

    held = host.known(call.argument(0))
    items = containers.items_of(host, held, call.span)
    if items is None:
        return Unknown("a text", call.span, held.owner if isinstance(held, Unknown) else "unread")
    for one in items:
        if one is None or isinstance(one, bool | int | float):
            name = containers.type_name(one)
            fail(host, f"TypeError: sequence item 0: expected str instance, {name} found", call.span)

    def together(*given: Value) -> Value:
        if all(isinstance(one, str) for one in given):
            return by.join(given)
        unknown = next((one for one in given if isinstance(one, Unknown)), None)
        return (
            unknown.derived(("join", by, id(held)), unknown.why, call.span)
            if unknown
            else Unknown("a text", call.span)
        )

    assert members is not None
    return host.lift(together, *items)
