"""What every object of JavaScript has from `Object.prototype`."""

from __future__ import annotations

from typing import Any

from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import Unknown, Value


def call(host: Any, receiver: Object, name: str, given: Invocation) -> Value:
    """A method of `Object.prototype` on an object of the project's own."""
    match name:
        case "hasOwnProperty" | "propertyIsEnumerable":
            return host.each(given.argument(0), lambda key: has_own(host, receiver, key, given))
        case "valueOf":
            return receiver
        case "toString" | "toLocaleString":
            return "[object Object]"
    return Unknown(f"`{name}()`", given.span)


def has_own(host: Any, receiver: Object, key: Value, given: Invocation) -> Value:
    """Whether an object has a property itself."""
    from wslint.machine import members
    from wslint.machine.operators import text_of
    from wslint.machine.scope import Scope

    if isinstance(key, Unknown) and given.unit is not None:
        return members.contains(host, receiver, key, given.span, Scope(given.unit))
    written = text_of(key)
    if written is not None and ("p", written) not in receiver.slots:
        if (
            written in members.EVERY_OBJECT
            and not receiver.slots.get("open")
            and "escaped" not in receiver.slots
        ):
            return False
        if receiver.kind == "Instance" and not receiver.slots.get("open") and "escaped" not in receiver.slots:
            return False
    if written is None or given.unit is None:
        return Unknown("whether it has a key", given.span)
    return members.contains(host, receiver, written, given.span, Scope(given.unit))
