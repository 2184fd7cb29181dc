"""Lists, tuples, dicts and sets: what they hold, and their methods.

A list is an `Array` whose `extra` is `list` (or `tuple`), a dict a `Map` whose `extra` is `dict`, a set a `Set`. An
array, a map or a set of JavaScript's has no `extra`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wslint.runtime import arrays
from wslint.runtime import collections as shared
from wslint.runtime.python import unasked
from wslint.runtime.python.errors import fail
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value

MOST = shared.MOST


def array(items: Sequence[Value], span: Span | None, open_: Value = False, kind: str = "list") -> Object:
    slots: dict[Any, Value] = {"items": tuple(items)}
    if open_:
        slots["open"] = open_
    return Object("Array", slots, span, kind)


def dictionary(pairs: Sequence[tuple[Value, Value]], span: Span | None, open_: Value = False) -> Object:
    slots: dict[Any, Value] = {shared.key_of(key): value for key, value in pairs}
    if open_:
        slots["open"] = open_
    return Object("Map", slots, span, "dict")


def is_own(value: Value) -> bool:
    """Whether it is Python's own container, and none of JavaScript's."""
    return isinstance(value, Object) and value.extra in ("list", "tuple", "dict", "set")


def type_name(value: Value) -> str:
    """The name of a value's type, as Python's messages have it."""
    if value is None or value is UNDEFINED:
        return "NoneType"
    for kind in (bool, str, int, float):
        if isinstance(value, kind):
            return "int" if kind is float and float(value).is_integer() else kind.__name__
    if isinstance(value, Object):
        if value.kind == "Instance":
            return str(value.extra.name)
        if value.kind == "Coroutine":
            return "coroutine"
        if is_own(value):
            return str(value.extra)
    return "pyodide.ffi.JsProxy"


def items_of(host: Any, value: Value, span: Span) -> list[Value] | None:
    """The items of something iterable; None where not all are known. Raises where it is not iterable."""
    from wslint.machine import members

    value = host.known(value)
    if value is None or value is UNDEFINED or isinstance(value, bool | int | float):
        fail(host, f"TypeError: '{type_name(value)}' object is not iterable", span)
    return members.items(host, value)


def owner_of(host: Any, value: Value) -> Value:
    """Who says what an open collection holds."""
    value = host.known(value)
    if isinstance(value, Unknown):
        return value.owner
    if isinstance(value, Object) and isinstance(value.slots.get("open"), str):
        return value.slots["open"]
    return True


def hashed(host: Any, key: Value, span: Span) -> None:
    """A key must be hashable."""
    if isinstance(key, Object) and (
        key.extra in ("list", "dict", "set") or key.kind in ("WebSocket", "Object")
    ):
        fail(host, f"TypeError: unhashable type: '{type_name(key)}'", span)


def same_key(host: Any, holder: Object, key: Value) -> Value:
    """The key of a collection that is equal to this one: tuples are by their items."""
    if not isinstance(key, Object) or key.extra != "tuple":
        return key
    from wslint.runtime.python.operators import equal

    for slot in holder.slots:
        if shared.is_key(slot) and isinstance(shared.key_value(slot), Object):
            if equal(host, shared.key_value(slot), key, key.place) is True:
                return shared.key_value(slot)
    return key


# Items


def item(host: Any, receiver: Object, key: Value, span: Span) -> Value:
    """`receiver[key]` of a list, a dict or an array."""
    from wslint.machine import members
    from wslint.machine.operators import whole

    if receiver.kind == "Map":
        return _looked_up(host, receiver, key, span)
    if isinstance(key, Object) and key.kind == "Slice":
        return sliced(host, receiver, key, span)
    place = whole(key)
    if place is None:
        return members.sample(host, receiver, span) if isinstance(key, Unknown) else Unknown("an item", span)
    if shared.is_open(receiver):
        items = host.known(receiver.slots.get("items", ()))
        known = isinstance(items, tuple) and 0 <= place < len(items)
        return host.known(items[place]) if known else members.sample(host, receiver, span)

    def one(items: Value) -> Value:
        if not isinstance(items, tuple):
            return Unknown("an item", span)
        if not -len(items) <= place < len(items):
            fail(host, f"IndexError: {receiver.extra or 'list'} index out of range", span)
        return host.known(items[place])

    return host.each(receiver.slots.get("items", ()), one)


def _looked_up(host: Any, holder: Object, key: Value, span: Span) -> Value:
    """`d[key]`: KeyError for what is not there."""
    key = same_key(host, holder, key)
    held = host.known(holder.slots.get(shared.key_of(key), ABSENT))

    def missing(one: Value) -> Value:
        if one is not ABSENT:
            return one
        factory = holder.slots.get("factory")
        if factory is not None:
            from wslint.machine import calls

            given = Invocation("", UNDEFINED, [], span, unit=holder.slots.get("unit"))
            value = calls.apply(host, factory, given)
            shared.store(host, holder, key, value, span)
            return value
        found = shared.at(host, holder, key, span)
        if unasked.is_any_key(holder, key):
            unasked.missing_key(host, key, span)
            return host.lift(lambda kept: unheld if kept is ABSENT else kept, found)
        return host.each(found, there)

    unheld = Unknown("what the dict holds", span)

    def there(one: Value) -> Value:
        if one is not ABSENT:
            return one
        return fail(host, f"KeyError: {key!r}" if isinstance(key, (str, int, float)) else "KeyError", span)

    return host.each(held, missing)


def sliced(host: Any, receiver: Value, key: Object, span: Span) -> Value:
    """`receiver[lower:upper:step]`."""
    bounds = key.extra
    if any(isinstance(bound, Unknown | OneOf | Object) for bound in bounds):
        return Unknown("a part", span, receiver.owner if isinstance(receiver, Unknown) else "unread")
    lower, upper, step = (None if bound is None or bound is UNDEFINED else int(bound) for bound in bounds)
    if step == 0:
        fail(host, "ValueError: slice step cannot be zero", span)
    if isinstance(receiver, str):
        return receiver[lower:upper:step]
    if isinstance(receiver, Unknown):
        part = receiver.derived(("slice", lower, upper, step), f"a part of {receiver.why}", span)
        most = _most_of_slice(lower, upper)
        if most is not None:
            part.known.setdefault("most", most)
        if receiver.known.get("plain"):
            part.known["plain"] = True
        return part
    if isinstance(receiver, Object) and receiver.kind == "Array":
        if shared.is_open(receiver):
            return array((), span, receiver.slots.get("open", True))
        kind = receiver.extra or "list"
        return host.lift(
            lambda items: (
                array(items[lower:upper:step], span, False, kind)
                if isinstance(items, tuple)
                else Unknown("a part", span)
            ),
            receiver.slots.get("items", ()),
        )
    return Unknown("a part", span)


def _most_of_slice(lower: int | None, upper: int | None) -> int | None:
    """How many items a slice has at most: `[:20]` and `[-20:]` have twenty; None where its ends do not bound it."""
    start = lower or 0
    if upper is None:
        return -start if start < 0 else None
    return max(upper - start, 0) if (start < 0) == (upper < 0) else None


def delete(host: Any, receiver: Value, key: Value, span: Span) -> Value:
    """`del receiver[key]`."""
    from wslint.machine.operators import whole

    if isinstance(receiver, Object) and receiver.kind == "Map":
        _looked_up(host, receiver, key, span)
        shared.MAP.methods["delete"](
            host, Invocation("delete", receiver, [same_key(host, receiver, key)], span)
        )
    elif isinstance(receiver, Object) and receiver.kind == "Array":
        place = whole(key)
        items = host.known(receiver.slots.get("items", ()))
        if place is None or not isinstance(items, tuple) or shared.is_open(receiver):
            host.put(receiver.slots, "open", True)
        elif not -len(items) <= place < len(items):
            fail(host, "IndexError: list assignment index out of range", span)
        else:
            place %= len(items)
            host.put(receiver.slots, "items", (*items[:place], *items[place + 1 :]))
    return None


def contains(host: Any, holder: Object, key: Value, span: Span) -> Value:
    """`key in holder`. It neither throws nor writes."""
    from wslint.runtime.python.operators import equal

    if holder.kind in ("Map", "Set"):
        held = same_key(host, holder, key)
        if holder.extra == "dict" and isinstance(held, Object) and held.extra == "tuple":
            return shared.key_of(held) in holder.slots or (
                Unknown("a key", span) if shared.is_open(holder) else False
            )
        if isinstance(key, Unknown) and not shared.is_open(holder):
            return _any_equal(
                host, [shared.key_value(slot) for slot in holder.slots if shared.is_key(slot)], key, span
            )
        return shared.MAP.methods["has"](host, Invocation("has", holder, [held], span))
    if holder.kind != "Array":
        return Unknown("whether it is in there", span)
    if shared.is_open(holder):
        return Unknown("whether it is in the list", span)
    assert equal is not None
    return host.lift(
        lambda items: _any_equal(host, list(items), key, span) if isinstance(items, tuple) else Unknown("whether it is in there", span),
        holder.slots.get("items", ()),
    )  # fmt: skip


def _any_equal(host: Any, items: list[Value], key: Value, span: Span) -> Value:
    from wslint.runtime.python.operators import equal

    found: Value = False
    for one in reversed(items):
        same = host.lift(lambda held, other: equal(host, held, other, span), one, key)
        if isinstance(same, Unknown):
            choice = host.truth_choice(same, span)
            same = OneOf(choice, ((1, True), (2, False)))
        found = host.lift(lambda now, rest: True if now is True else rest, same, found)
    return found


# Methods

Method = Callable[[Any, Object, Invocation], Value]


def method(host: Any, receiver: Object, call: Invocation) -> Value:
    """A method of a list, a dict or a set; NotImplemented for one that it does not have."""
    table = {"Array": LISTS, "Map": DICTS, "Set": SETS}[receiver.kind]
    found = table.get(call.name)
    if found is None or (receiver.extra == "tuple" and call.name not in ("index", "count")):
        return NotImplemented
    result = found(host, receiver, call)
    if "longest" in receiver.slots and call.name in ("append", "appendleft", "extend", "insert"):
        shorten(host, receiver, call.name == "appendleft")
    return result


def shorten(host: Any, held: Object, at_the_end: bool = False) -> None:
    """Let a `deque(maxlen=…)` lose what is too much, at its start where nothing was put there."""
    longest: int = held.slots["longest"]

    def one(items: Value) -> Value:
        if not isinstance(items, tuple) or len(items) <= longest:
            return items
        return items[:longest] if at_the_end else items[len(items) - longest :]

    host.put(held.slots, "items", host.lift(one, held.slots.get("items", ())))


def _opened(host: Any, receiver: Object) -> None:
    host.put(receiver.slots, "open", receiver.slots.get("open") or True)


def _append(host: Any, receiver: Object, call: Invocation) -> Value:
    arrays.ARRAY.methods["push"](host, Invocation("push", receiver, call.arguments[:1], call.span))
    return None


def extend(host: Any, receiver: Object, call: Invocation) -> Value:
    given = items_of(host, call.argument(0), call.span)
    items = host.known(receiver.slots.get("items", ()))
    if given is None or not isinstance(items, tuple) or len(items) + len(given) > MOST:
        _opened(host, receiver)
    else:
        host.put(receiver.slots, "items", (*items, *given))
    return None


def _pop(host: Any, receiver: Object, call: Invocation) -> Value:
    from wslint.machine.operators import whole

    place = whole(host.known(call.argument(0))) if call.arguments else -1
    if shared.is_open(receiver) or place is None:
        _opened(host, receiver)
        return Unknown("an item", call.span)

    def one(items: Value) -> Value:
        if not isinstance(items, tuple):
            return Unknown("an item", call.span)
        if not -len(items) <= place < len(items):
            fail(
                host,
                "IndexError: pop from empty list" if not items else "IndexError: pop index out of range",
                call.span,
            )
        at = place % len(items)
        host.put(receiver.slots, "items", (*items[:at], *items[at + 1 :]))
        return host.known(items[at])

    return host.each(receiver.slots.get("items", ()), one)


def _insert(host: Any, receiver: Object, call: Invocation) -> Value:
    from wslint.machine.operators import whole

    items, place = host.known(receiver.slots.get("items", ())), whole(host.known(call.argument(0)))
    if not isinstance(items, tuple) or place is None or shared.is_open(receiver):
        _opened(host, receiver)
    else:
        changed = list(items)
        changed.insert(place, call.argument(1))
        host.put(receiver.slots, "items", tuple(changed))
    return None


def _remove(host: Any, receiver: Object, call: Invocation) -> Value:
    from wslint.runtime.python.operators import equal

    items = host.known(receiver.slots.get("items", ()))
    if not isinstance(items, tuple) or shared.is_open(receiver):
        _opened(host, receiver)
        return None
    for place, one in enumerate(items):
        same = host.known(equal(host, host.known(one), host.known(call.argument(0)), call.span))
        if same is True:
            host.put(receiver.slots, "items", (*items[:place], *items[place + 1 :]))
            return None
        if same is not False:
            _opened(host, receiver)
            return None
    fail(host, "ValueError: list.remove(x): x not in list", call.span)


def _index(host: Any, receiver: Object, call: Invocation) -> Value:
    found = arrays.ARRAY.methods["indexOf"](
        host, Invocation("indexOf", receiver, call.arguments[:1], call.span)
    )

    def one(at: Value) -> Value:
        if at == -1:
            fail(host, "ValueError: the item is not in list", call.span)
        return int(at) if isinstance(at, float) else at

    return host.each(found, one)


def _count(host: Any, receiver: Object, call: Invocation) -> Value:
    return Unknown("how often it is there", call.span)


def _clear(host: Any, receiver: Object, call: Invocation) -> Value:
    if receiver.kind == "Array":
        host.put(receiver.slots, "items", ())
        host.put(receiver.slots, "open", False)
    else:
        shared.MAP.methods["clear"](host, Invocation("clear", receiver, [], call.span))
    return None


def _copy(host: Any, receiver: Object, call: Invocation) -> Value:
    return Object(receiver.kind, dict(receiver.slots), call.span, receiver.extra)


def _reverse(host: Any, receiver: Object, call: Invocation) -> Value:
    items = host.known(receiver.slots.get("items", ()))
    if isinstance(items, tuple) and not shared.is_open(receiver):
        host.put(receiver.slots, "items", items[::-1])
    return None


def _sort(host: Any, receiver: Object, call: Invocation) -> Value:
    items = host.known(receiver.slots.get("items", ()))
    if isinstance(items, tuple) and len(items) > 1:
        order = ordered(list(items)) if not call.keywords else None
        if order is None:
            host.put(receiver.slots, "items", ())
            _opened(host, receiver)
        else:
            host.put(receiver.slots, "items", tuple(order))
    return None


def ordered(items: list[Value]) -> list[Value] | None:
    """Constants of one kind in order; None where the order is not known."""
    if all(isinstance(item, str) for item in items) or all(type(item) in (int, float) for item in items):
        return sorted(items)
    return items if len(items) < 2 else None


LISTS: dict[str, Method] = {
    "append": _append, "add": _append, "appendleft": lambda host, receiver, call: _insert(host, receiver, Invocation("insert", receiver, [0, call.argument(0)], call.span)),
    "extend": extend, "pop": _pop, "popleft": lambda host, receiver, call: _pop(host, receiver, Invocation("pop", receiver, [0], call.span)),
    "insert": _insert, "remove": _remove, "index": _index, "count": _count, "clear": _clear, "copy": _copy,
    "reverse": _reverse, "sort": _sort,
}  # fmt: skip


def _get(host: Any, receiver: Object, call: Invocation) -> Value:
    default = call.argument(1, "default")
    default = None if default is UNDEFINED else default

    def one(key: Value) -> Value:
        hashed(host, key, call.span)
        found = shared.lookup(host, receiver, same_key(host, receiver, key), call.span)
        return host.lift(lambda held, other: other if held is UNDEFINED else held, found, default)

    return host.each(call.argument(0), one)


def _set_default(host: Any, receiver: Object, call: Invocation) -> Value:
    def one(key: Value) -> Value:
        hashed(host, key, call.span)
        held = host.known(receiver.slots.get(shared.key_of(key), ABSENT))
        if isinstance(held, Unknown) or (held is ABSENT and shared.is_open(receiver)):
            return shared.lookup(host, receiver, key, call.span)
        value = call.argument(1) if len(call.arguments) > 1 else None

        def there(now: Value) -> Value:
            if now is ABSENT:
                shared.store(host, receiver, key, value, call.span)
                return value
            return now

        return host.each(held, there)

    return host.each(call.argument(0), one)


def _dict_pop(host: Any, receiver: Object, call: Invocation) -> Value:
    def one(key: Value) -> Value:
        known = same_key(host, receiver, key)
        if len(call.arguments) > 1:
            value = _get(host, receiver, call)
        else:
            value = _looked_up(host, receiver, known, call.span)
        host.put(receiver.slots, shared.key_of(known), ABSENT)
        return value

    return host.each(call.argument(0), one)


def _update(host: Any, receiver: Object, call: Invocation) -> Value:
    if call.arguments:
        merge(host, receiver, call.argument(0), call.span)
    for name, value in call.keywords.items():
        shared.store(host, receiver, name, value, call.span)
    if call.open:
        _opened(host, receiver)
    return None


def merge(host: Any, receiver: Object, given: Value, span: Span) -> None:
    """All that another dict, or a list of pairs, holds."""
    given = host.known(given)
    if isinstance(given, Object) and given.kind in ("Map", "Object"):
        for slot, held in list(given.slots.items()):
            if shared.is_key(slot):
                host.put(receiver.slots, slot, held)
            elif isinstance(slot, tuple) and slot[0] == "p":
                host.put(receiver.slots, shared.key_of(slot[1]), held)
        if shared.is_open(given):
            host.put(receiver.slots, "open", owner_of(host, given))
        return
    for pair in items_of(host, given, span) or [UNDEFINED]:
        inner = items_of(host, pair, span) if pair is not UNDEFINED else None
        if inner is None or len(inner) != 2:
            _opened(host, receiver)
        else:
            shared.store(host, receiver, inner[0], inner[1], span)


def _view(host: Any, receiver: Object, call: Invocation) -> Value:
    name = "entries" if call.name == "items" else call.name
    found = shared.MAP.methods[name](host, Invocation(name, receiver, [], call.span))
    if name == "entries" and isinstance(found, Object) and found.kind == "Array":
        for pair in found.slots["items"]:
            pair.extra = "tuple"
    return found


def _pop_item(host: Any, receiver: Object, call: Invocation) -> Value:
    _opened(host, receiver)
    return Unknown("a pair", call.span)


DICTS: dict[str, Method] = {
    "get": _get, "setdefault": _set_default, "pop": _dict_pop, "update": _update, "items": _view, "keys": _view,
    "values": _view, "copy": _copy, "clear": _clear, "popitem": _pop_item,
}  # fmt: skip


def _add(host: Any, receiver: Object, call: Invocation) -> Value:
    def one(key: Value) -> Value:
        hashed(host, key, call.span)
        shared.store(host, receiver, same_key(host, receiver, key), key, call.span)
        return None

    return host.each(call.argument(0), one)


def _discard(host: Any, receiver: Object, call: Invocation) -> Value:
    def one(key: Value) -> Value:
        key = same_key(host, receiver, key)
        if call.name == "remove":
            held = contains(host, receiver, key, call.span)
            if held is False:
                fail(
                    host,
                    f"KeyError: {key!r}" if isinstance(key, (str, int, float)) else "KeyError",
                    call.span,
                )
        shared.SET.methods["delete"](host, Invocation("delete", receiver, [key], call.span))
        return None

    return host.each(call.argument(0), one)


def _join(host: Any, receiver: Object, call: Invocation) -> Value:
    made = Object("Set", dict(receiver.slots), call.span, "set") if call.name == "union" else receiver
    for given in call.arguments:
        found = items_of(host, given, call.span)
        if found is None:
            _opened(host, made)
        for key in found or ():
            host.put(made.slots, shared.key_of(key), key)
    return made if call.name == "union" else None


def _other_set(host: Any, receiver: Object, call: Invocation) -> Value:
    return Unknown(f"`{call.name}` of a set", call.span)


SETS: dict[str, Method] = {
    "add": _add, "discard": _discard, "remove": _discard, "clear": _clear, "copy": _copy, "update": _join, "union": _join,
    "pop": _pop_item, "difference": _other_set, "intersection": _other_set, "issubset": _other_set, "issuperset": _other_set,
    "isdisjoint": _other_set, "symmetric_difference": _other_set, "difference_update": _pop_item,
}  # fmt: skip
