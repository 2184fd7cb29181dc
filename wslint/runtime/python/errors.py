"""Python's exceptions: raising them in Python's own words, and which ones a handler takes."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Any, NoReturn

from wslint.text import Span
from wslint.values.event import Raised
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, OneOf, Unknown, Value

_PARENTS = {
    "JSONDecodeError": "ValueError",
    "CancelledError": "BaseException",
    "InvalidStateError": "Exception",
    "QueueEmpty": "Exception",
    "QueueFull": "Exception",
    "Error": "Exception",
}
"""Exceptions of the standard library that are no built-ins, by their last name."""

_JAVASCRIPT = frozenset({"JsException", "JsError", "Exception", "BaseException"})
"""What takes an error that JavaScript threw."""


def fail(host: Any, text: str, span: Span | None) -> NoReturn:
    """Python raises: `KeyError: 'x'`."""
    name, _, message = text.partition(": ")
    error = Object("Error", {"name": name, "message": message, "python": True}, span)
    event = host.note(Raised, span, text=text, value=error, by_runtime=True)
    error.extra = event
    host.leave("throw", error, span, text)
    raise AssertionError  # `leave` does not come back


def builtin_class(name: str) -> type[BaseException] | None:
    """The built-in exception of a name, or the one that a name of the standard library is a kind of."""
    name = name.rpartition(".")[2]
    found = getattr(builtins, _PARENTS.get(name, name), None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def made(host: Any, name: str, call: Invocation) -> Object:
    """`ValueError("…")`."""
    message = call.argument(0) if call.arguments else ""
    slots: dict[Any, Value] = {"name": name.rpartition(".")[2], "message": message, "python": True}
    slots[("p", "args")] = Object("Array", {"items": tuple(call.arguments)}, call.span, "tuple")
    return Object("Error", slots, call.span)


def raised(host: Any, value: Value, span: Span) -> Value:
    """What `raise value` raises: of a class, an instance of it."""
    from wslint.machine import calls
    from wslint.machine.scope import ClassValue, Global

    value = host.known(value)
    if isinstance(value, Global) and builtin_class(value.name) is not None:
        return made(host, value.name, Invocation(value.name, UNDEFINED, [], span))
    if isinstance(value, ClassValue):
        return calls.apply(host, value, Invocation(value.name, UNDEFINED, [], span, unit=value.scope.unit))
    return value


def takes(host: Any, thrown: Value, types: Value) -> bool | None:
    """Whether a handler for `types` takes an exception; None where that is not known."""
    from wslint.machine import members

    types = host.known(types)
    if isinstance(types, Object) and types.kind == "Array":
        verdicts = [takes(host, thrown, one) for one in members.items(host, types) or [Unknown("a class")]]
        return True if True in verdicts else None if None in verdicts else False
    if isinstance(types, Unknown | OneOf):
        return None
    return _is_a(host, thrown, types)


def _is_a(host: Any, thrown: Value, wanted: Value) -> bool | None:
    from wslint.machine.scope import ClassValue, Global

    name = wanted.name.rpartition(".")[2] if isinstance(wanted, Global) else ""
    if name == "BaseException":
        return True
    if isinstance(thrown, Object) and thrown.kind == "Instance":
        verdict: bool | None = False
        for base in _bases(host, thrown.extra):
            if isinstance(base, ClassValue) and isinstance(wanted, ClassValue) and base.node is wanted.node:
                return True
            if isinstance(base, Global) and isinstance(wanted, Global) and _below(base.name, name):
                return True
            if isinstance(base, Unknown):
                verdict = None
        return verdict
    if isinstance(thrown, Object) and thrown.kind == "Error":
        if isinstance(wanted, ClassValue):
            return False
        if not thrown.slots.get("python"):
            return name in _JAVASCRIPT
        held = host.known(thrown.slots.get("name"))
        return _below(held, name) if isinstance(held, str) else None
    if name == "Exception":
        return True
    return None


def _below(name: str, wanted: str) -> bool:
    """Whether one exception is a kind of another."""
    last = name.rpartition(".")[2]
    if last == wanted:
        return True
    one, other = builtin_class(last), builtin_class(wanted)
    return one is not None and other is not None and wanted not in _PARENTS and issubclass(one, other)


def _bases(host: Any, cls: Value) -> Iterator[Value]:
    from wslint.machine import calls

    return iter(calls.lineage(host, cls))


def words(host: Any, error: Object) -> Value:
    """`str(error)`."""
    held = host.known(error.slots.get("message", ""))
    if not error.slots.get("python"):
        name = host.known(error.slots.get("name", "Error"))
        return f"{name}: {held}" if isinstance(held, str) and isinstance(name, str) else held
    given = error.slots.get(("p", "args"))
    items = given.slots.get("items", ()) if isinstance(given, Object) else ()
    if len(items) > 1:
        return Unknown("a text", error.place)
    if items and isinstance(held, str) and error.slots.get("name") == "KeyError":
        return repr(str(held))
    return held
