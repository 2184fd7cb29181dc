"""Arrays: their order, their parts, and copies of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key
from typing import Any

from wslint.runtime.arrays import ARRAY, array, items_of
from wslint.runtime.collections import MOST, is_open
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value, is_constant


class _Unsure(Exception):
    """The order of two items is not known."""


@ARRAY.method("at")
def _at(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import whole

    items, place = items_of(host, call.this), host.known(call.argument(0))
    at = 0 if place is UNDEFINED else whole(place)
    if at is None or is_open(call.this):
        return Unknown("an item", call.span)
    return items[at] if -len(items) <= at < len(items) else UNDEFINED


def _ends(host: Any, call: Invocation, count: int) -> list[int | None] | None:
    """The arguments as places among `count` items; None where one is not known."""
    found: list[int | None] = []
    for value in call.arguments:
        held = host.known(value)
        if held is UNDEFINED:
            found.append(None)
        elif isinstance(held, float) and held == held:
            at = int(max(min(held, count), -count))
            found.append(at + count if at < 0 else at)
        else:
            return None
    return found


@ARRAY.method("slice", "fill", "copyWithin")
def _part(host: Any, call: Invocation) -> Value:
    items, open_ = items_of(host, call.this), _open(call.this)
    if call.name == "fill":
        value, inner = call.argument(0), Invocation("slice", call.this, call.arguments[1:], call.span)
        ends = _ends(host, inner, len(items))
    else:
        ends = _ends(host, call, len(items))
    if ends is None or (open_ and ends):
        if call.name == "slice":
            return array(items, call.span, open_ or True)
        host.put(call.this.slots, "open", True)
        return call.this
    first = (ends[0] if ends else None) or 0
    last = ends[1] if len(ends) > 1 and ends[1] is not None else len(items)
    if call.name == "slice":
        return array(items[first:last], call.span, open_)
    if call.name == "fill":
        count = max(last - first, 0)
        made = (*items[:first], *[value] * count, *items[first + count :])
    else:
        begin = (ends[1] if len(ends) > 1 else None) or 0
        stop = ends[2] if len(ends) > 2 and ends[2] is not None else len(items)
        moved = items[begin:stop][: len(items) - first]
        made = (*items[:first], *moved, *items[first + len(moved) :])
    host.put(call.this.slots, "items", made)
    return call.this


def _open(held: Object) -> Value:
    return held.slots.get("open", True) if is_open(held) else False


@ARRAY.method("splice", "toSpliced")
def _splice(host: Any, call: Invocation) -> Value:
    items, open_ = items_of(host, call.this), _open(call.this)
    inner = Invocation("splice", call.this, call.arguments[:2], call.span)
    ends = _ends(host, Invocation("", call.this, call.arguments[:1], call.span), len(items))
    counts = [host.known(one) for one in inner.arguments[1:]]
    known = (
        ends is not None and not open_ and all(isinstance(one, float) or one is UNDEFINED for one in counts)
    )
    if not known or ends is None:
        if call.name == "splice":
            host.put(call.this.slots, "open", _open(call.this) or True)
        return array(items, call.span, True)
    start = (ends[0] if ends else None) or 0
    if not call.arguments:
        start, count = 0, 0
    elif counts:
        count = int(counts[0]) if isinstance(counts[0], float) and counts[0] == counts[0] else 0
    else:
        count = len(items)
    count = max(min(count, len(items) - start), 0)
    made = (*items[:start], *call.arguments[2:], *items[start + count :])
    if call.name == "toSpliced":
        return array(made, call.span)
    host.put(call.this.slots, "items", made)
    return array(items[start : start + count], call.span)


@ARRAY.method("values", "entries", "keys")
def _views(host: Any, call: Invocation) -> Value:
    items, open_ = items_of(host, call.this), _open(call.this)
    if call.name == "values":
        return array(items, call.span, open_)
    if call.name == "keys":
        return array([float(at) for at in range(len(items))], call.span, open_)
    return array([array((float(at), item), call.span) for at, item in enumerate(items)], call.span, open_)


@ARRAY.method("concat", "flat")
def _joined(host: Any, call: Invocation) -> Value:
    items, open_ = items_of(host, call.this), _open(call.this)
    if call.name == "flat":
        depth = host.known(call.argument(0))
        found = _flat(host, items, 1.0 if depth is UNDEFINED else depth)
        return array(items, call.span, True) if found is None else array(found, call.span, open_)
    made = list(items)
    for value in call.arguments:
        held = host.known(value)
        if isinstance(held, Object) and held.kind == "Array":
            made += items_of(host, held)
            open_ = open_ or _open(held)
        elif isinstance(held, Unknown):
            open_ = True
        else:
            made.append(value)
    return array(made, call.span, open_)


def _flat(host: Any, items: Sequence[Value], depth: Value) -> list[Value] | None:
    if not isinstance(depth, float):
        return None
    found: list[Value] = []
    for item in items:
        held = host.known(item)
        if isinstance(held, Object) and held.kind == "Array" and depth >= 1:
            inner = None if is_open(held) else _flat(host, items_of(host, held), min(depth - 1, 20.0))
            if inner is None:
                return None
            found += inner
        elif isinstance(held, Unknown):
            return None
        else:
            found.append(item)
    return found


@ARRAY.method("reverse", "toReversed", "sort", "toSorted", "with")
def _ordered(host: Any, call: Invocation) -> Value:
    """The items in another order: where that is not known, as they were."""
    items, open_ = items_of(host, call.this), _open(call.this)
    made: Sequence[Value] = items
    if call.name == "with":
        from wslint.machine.operators import whole

        at = whole(host.known(call.argument(0)))
        if at is None or not -len(items) <= at < len(items) or open_:
            return array(items, call.span, True)
        made = (*items[: at % len(items)], call.argument(1), *items[at % len(items) + 1 :])
        return array(made, call.span)
    if call.name in ("reverse", "toReversed"):
        made = items[::-1]
    elif len(items) > 1:
        try:
            made = _sorted(host, items, call)
        except _Unsure:
            made = items
    if call.name in ("toReversed", "toSorted"):
        return array(made, call.span, open_)
    if made is not items:
        host.put(call.this.slots, "items", tuple(made))
    return call.this


def _sorted(host: Any, items: Sequence[Value], call: Invocation) -> list[Value]:
    from wslint.machine.operators import text_of

    compare = host.known(call.argument(0))
    held = [host.known(item) for item in items]
    last = [item for item in held if item is UNDEFINED]
    held = [item for item in held if item is not UNDEFINED]
    if compare is UNDEFINED or compare is None:
        texts = [text_of(item) for item in held]
        if None in texts:
            raise _Unsure
        order = sorted(range(len(held)), key=lambda at: str(texts[at]).encode("utf-16-be", "surrogatepass"))
        return [held[at] for at in order] + last

    def by(one: Value, other: Value) -> int:
        found = host.known(host.call(compare, [one, other], call.span))
        if isinstance(found, bool) or not is_constant(found) or not isinstance(found, (int, float)):
            if found is True or found is False:
                return int(found)
            raise _Unsure
        return 0 if found != found else (found > 0) - (found < 0)

    return sorted(held, key=cmp_to_key(by)) + last


def like_array(host: Any, source: Object, call: Invocation) -> Value:
    """`{ length: n }` as the list that `Array.from` makes of it."""
    length = host.known(source.slots.get(("p", "length"), UNDEFINED))
    if is_open(source) or not isinstance(length, float) or not 0 <= length <= MOST:
        return array((), call.span, True)
    return array([source.slots.get(("p", str(at)), UNDEFINED) for at in range(int(length))], call.span)


@ARRAY.method("toString")
def _written(host: Any, call: Invocation) -> Value:
    return ARRAY.methods["join"](host, Invocation("join", call.this, [], call.span, unit=call.unit))
