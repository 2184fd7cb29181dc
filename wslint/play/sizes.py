"""How much a value is, and what it would be after many messages."""

from __future__ import annotations

from wslint.values.heap import Object
from wslint.values.value import OneOf, Unknown, Value, leaves

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
                elif isinstance(key, tuple) and key[0] in ("p", "c"):
                    size += size_of(held, depth + 1)
        elif isinstance(leaf, Unknown) and isinstance(leaf.known.get("json of"), Object):
            size = size_of(leaf.known["json of"], depth + 1)
        largest = max(largest, size)
    return largest


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
    if not isinstance(value, Object) or depth > 4:
        return value
    slots = {
        key: tuple(held * MANY)[:MOST] if key == "items" and isinstance(held, tuple) and held
        else filled(held, depth + 1) if isinstance(key, tuple) else held
        for key, held in value.slots.items()
    }  # fmt: skip
    return Object(value.kind, slots, value.place, value.extra)
