"""Python Workers: the language's built-ins, and the SDK's names over the runtime's objects."""

from __future__ import annotations

from typing import Any

from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value


def item(host: Any, receiver: Object, key: Value, span: Span, scope: Any) -> Value:
    """`receiver[key]` of an object."""
    from wslint.machine import members
    from wslint.machine.operators import whole
    from wslint.runtime import collections

    if receiver.kind == "Map":
        return collections.lookup(host, receiver, key, span)
    place = whole(key)
    if receiver.kind == "Array" and place is not None:
        return members.element(host, receiver, place, span)
    if isinstance(key, str):
        return members.read(host, receiver, key, span, scope)
    return Unknown("an item", span)


def contains(host: Any, holder: Object, key: Value, span: Span) -> Value:
    """`key in holder`."""
    from wslint.runtime import collections

    if holder.kind in ("Map", "Set"):
        return collections.MAP.methods["has"](host, Invocation("has", holder, [key], span))
    if holder.kind == "Array":
        return collections.ARRAY.methods["includes"](host, Invocation("includes", holder, [key], span))
    return Unknown("whether it is in there", span)


def text_method(host: Any, text: str, call: Invocation) -> Value | None:
    return None


def builtin(host: Any, name: str, call: Invocation) -> Value | None:
    return None


def imported(host: Any, target: Any, call: Invocation) -> Value | None:
    return None


__all__ = ["UNDEFINED", "builtin", "contains", "imported", "item", "text_method"]
