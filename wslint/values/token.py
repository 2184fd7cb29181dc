"""Tokens: values and choices so that equal ones are equal, in two runs of a scene too."""

from __future__ import annotations

from typing import Any

from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value, is_constant, leaves


def choice_key(condition_choice: Any) -> Any:
    """What a choice is in another run: those of a client are the same, others stand at the same place."""
    if condition_choice.owner == "client" or condition_choice.place is None:
        return id(condition_choice)
    place = condition_choice.place
    return place.file.name, place.start, condition_choice.why


def identity(socket: Object) -> Any:
    """A socket's own identity, which an eviction leaves. One that a scene makes is known by where it is made."""
    if "known" not in socket.slots and "id" not in socket.slots and socket.place is not None:
        return "new", socket.place.file.name, socket.place.start
    return id(socket.slots.get("id", socket))


def token(value: Value, depth: int = 0) -> tuple[Any, bool]:
    """A value so that equal ones are equal; whether a part of it is not known."""
    if isinstance(value, Unknown):
        inner = value.known.get("json of")
        if inner is not None:
            held, unsure = token(inner, depth + 1)
            return ("json", held), unsure
        if "parts" in value.known and depth < _DEEPEST_TEXT:
            inner_parts = [token(part, depth + 1) for part in value.known["parts"]]
            return ("text", *(part for part, _ in inner_parts)), any(unsure for _, unsure in inner_parts)
        if value.owner == "client":
            root = value.known.get("root", value)
            if root.place is None and value.known.get("message") is None and value is root:
                return ("client", id(value)), False
            return ("client", id(root) if root.place is None else None, value.why, _at(value.place)), False
        if value.owner == "memory":
            return ("memory", value.known.get("memory"), value.why), False
        return ("unknown", value.why), True
    if value is UNDEFINED or value is ABSENT:
        return ("undefined",), False
    if is_constant(value):
        return (type(value).__name__ if not isinstance(value, str) else "str", value), False
    if isinstance(value, OneOf):
        parts = [(mask, *token(held, depth + 1)) for mask, held in value.cases]
        return ("one of", choice_key(value.choice), tuple((m, t) for m, t, _ in parts)), any(
            u for *_, u in parts
        )
    if isinstance(value, Object):
        return _object_token(value, depth)
    return ("code", getattr(getattr(value, "node", None), "start", type(value).__name__)), False


_DEEPEST_TEXT = 8
"""How deep a text of parts is looked into."""

_WRAPPERS = frozenset({"Cell", "Some", "Ok", "Err"})
"""What Rust has around a value."""


def _at(place: Span | None) -> Any:
    return (place.file.name, place.start) if place is not None else None


def _items_token(held: Any, depth: int) -> tuple[Any, bool]:
    """What a list holds where choices decide it."""
    if isinstance(held, OneOf):
        cases = [(mask, *_items_token(items, depth)) for mask, items in held.cases]
        return ("one of", choice_key(held.choice), tuple(case[:2] for case in cases)), any(
            case[2] for case in cases
        )
    if not isinstance(held, tuple):
        return ("items",), True
    items = [token(item, depth + 1) for item in held]
    return tuple(inner for inner, _ in items), any(more for _, more in items)


def _object_token(value: Object, depth: int) -> tuple[Any, bool]:
    if value.kind == "WebSocket":
        return ("socket", identity(value)), False
    if depth > 5 or value.kind in ("DurableObjectState", "Environment", "DurableObjectStorage"):
        return (value.kind,), False
    opened = list(leaves(value.slots.get("open")))
    unsure = "escaped" in value.slots or any(one not in (None, False, "memory", ABSENT) for one in opened)
    if "memory" in opened:
        return (value.kind, "memory", tuple(leaves(value.slots.get("memory")))), unsure
    parts: list[Any] = []
    for key, held in value.slots.items():
        if key == "items" and isinstance(held, tuple):
            for item in held:
                inner, more = token(item, depth + 1)
                parts.append(inner)
                unsure = unsure or more
        elif key == "items":  # several, by choices: or not known at all
            inner, more = _items_token(held, depth)
            parts.append(inner)
            unsure = unsure or more
        elif key == "value" and value.kind in _WRAPPERS:
            inner, more = token(held, depth + 1)
            if value.kind == "Cell":
                return inner, more
            parts.append(inner)
            unsure = unsure or more
        elif isinstance(key, tuple) and key[0] in ("p", "c", "r"):
            if held is ABSENT:
                continue
            inner, more = token(held, depth + 1)
            name = token(key[2], depth + 1)[0] if key[0] == "r" else key[1:]
            parts.append((name, inner))
            unsure = unsure or more
    return (value.kind, tuple(parts)), unsure
