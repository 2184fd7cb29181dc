"""Values in words, as a client or a log would see them; what is not known of them says so."""

from __future__ import annotations

import json
from collections.abc import Callable

from wslint.values.heap import Object
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value

WIDEST = 72
_MOST_SIDES = 3
_DEEPEST = 4
_MOST_PARTS = 8

Known = Callable[[Value], Value]
"""What a value is under the conditions that hold."""


def shown(value: Value, known: Known) -> str:
    """A value on one line, cut to a width."""
    text = " ".join(_shown(value, known, 0).split())
    return text if len(text) <= WIDEST else text[: WIDEST - 1].rstrip() + "…"


def _shown(value: Value, known: Known, depth: int) -> str:
    value = known(value)
    if isinstance(value, OneOf):
        sides = list(dict.fromkeys(_shown(leaf, known, depth + 1) for leaf in value.leaves()))
        more = " or …" if len(sides) > _MOST_SIDES else ""
        return " or ".join(sides[:_MOST_SIDES]) + more
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    if value is UNDEFINED or value is ABSENT:
        return "undefined"
    if isinstance(value, Unknown):
        return _unknown(value, known, depth)
    if isinstance(value, Object):
        return _object(value, known, depth)
    return "a function"


def _unknown(value: Unknown, known: Known, depth: int) -> str:
    for key in ("json of", "json"):
        if key in value.known:
            held = known(value.known[key])
            return _shown(held, known, depth) if not isinstance(held, Unknown) else f"JSON of {held.why}"
    return value.why or "something"


def _object(value: Object, known: Known, depth: int) -> str:
    if value.kind not in ("Object", "Array", "Map", "Instance"):
        article = "an" if value.kind[:1] in "AEIOU" else "a"
        return f"{article} {value.kind}"
    if depth >= _DEEPEST:
        return "[…]" if value.kind == "Array" else "{…}"
    is_open = bool(value.slots.get("open")) or "escaped" in value.slots
    if value.kind == "Array":
        items = value.slots.get("items", ())
        held = known(items)
        if not isinstance(held, tuple):
            return "[…]"
        parts = [_shown(item, known, depth + 1) for item in held[:_MOST_PARTS]]
        open_end = ["…"] if is_open or len(held) > _MOST_PARTS else []
        return f"[{', '.join(parts + open_end)}]"
    named = [
        (key[-1], held)
        for key, held in value.slots.items()
        if isinstance(key, tuple) and key[0] in ("p", "c") and held is not ABSENT
    ]
    parts = [f"{_key(name)}: {_shown(held, known, depth + 1)}" for name, held in named[:_MOST_PARTS]]
    open_end = ["…"] if is_open or len(named) > _MOST_PARTS else []
    return "{" + ", ".join(parts + open_end) + "}"


def _key(name: Value) -> str:
    return json.dumps(str(name), ensure_ascii=False)
