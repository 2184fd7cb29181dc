"""How much a value is, and what it would be after many messages."""

from __future__ import annotations

from wslint.values.heap import Object
from wslint.values.value import OneOf, Unknown, Value, leafwise, leaves

MANY, MOST = 40, 200
"""How often the items of an attachment are repeated to see whether it is kept short."""


def size_of(value: Value, depth: int = 0) -> int:
    """How many things a value is made of, at most."""
    largest = 0
    for leaf in leaves(value):
        size = 1
        if isinstance(leaf, Object) and depth < 6:
            for key, held in leaf.slots.items():
                if key == "items":
                    size += max(
                        (
                            sum(size_of(one, depth + 1) for one in each)
                            for each in leaves(held)
                            if isinstance(each, tuple)
                        ),
                        default=0,
                    )
                elif key == "value" or (isinstance(key, tuple) and key[0] in ("p", "c")):
                    size += size_of(held, depth + 1)
        elif isinstance(leaf, Unknown) and "json of" in leaf.known and depth < 6:
            size = size_of(leaf.known["json of"], depth + 1)
        largest = max(largest, size)
    return largest


def is_open(value: Value, depth: int = 0) -> bool:
    """Whether it is not known how much a value is."""
    for leaf in leaves(value):
        if isinstance(leaf, Unknown) and "json of" in leaf.known and depth < 6:
            if is_open(leaf.known["json of"], depth + 1):
                return True
        if not isinstance(leaf, Object) or depth > 6:
            continue
        if leaf.slots.get("open") or "escaped" in leaf.slots:
            return True
        for key, held in leaf.slots.items():
            inner = [part for each in leaves(held) for part in (each if isinstance(each, tuple) else (each,))]
            if (key in ("items", "value") or isinstance(key, tuple)) and any(
                is_open(part, depth + 1) for part in inner
            ):
                return True
    return False


def may_grow(value: Value, depth: int = 0) -> bool:
    """Whether `size_of` a value may become more: a list, keys that are not written out, JSON of either."""
    for leaf in leaves(value):
        if isinstance(leaf, Unknown) and "json of" in leaf.known:
            return True
        if isinstance(leaf, Object):
            names = [key for key in leaf.slots if isinstance(key, tuple)]
            if depth > 5 or leaf.kind != "Object" or any(key[0] != "p" for key in names):
                return True
            if leaf.slots.get("open") or "escaped" in leaf.slots:
                return True
            if any(may_grow(leaf.slots[key], depth + 1) for key in names):
                return True
    return False


def filled(value: Value, depth: int = 0) -> Value:
    """A value whose lists are as long as they would be after many messages."""
    if isinstance(value, OneOf):
        return OneOf(
            value.choice, tuple((mask, filled(held, depth)) for mask, held in value.cases), value.size
        )
    if isinstance(value, Unknown) and "json of" in value.known and depth < 5:
        text = Unknown(value.why, value.place, value.owner)
        text.known.update({**value.known, "json of": filled(value.known["json of"], depth + 1)})
        return text
    if not isinstance(value, Object) or depth > 4:
        return value
    slots = {
        key: leafwise(held, _longer) if key == "items"
        else filled(held, depth + 1) if isinstance(key, tuple) or key == "value" else held
        for key, held in value.slots.items()
    }  # fmt: skip
    return Object(value.kind, slots, value.place, value.extra)


def _longer(items: Value) -> Value:
    return (items * MANY)[:MOST] if isinstance(items, tuple) else items
