"""Maps and Sets, and what arrays share with them: what they hold, in order, and where each thing is there."""

from __future__ import annotations

from typing import Any

from wslint.runtime import header_lists
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values import keyed
from wslint.values.event import Wrote
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import (
    ABSENT,
    MOST_DIFFERENT,
    UNDEFINED,
    Choice,
    OneOf,
    Owner,
    Unknown,
    Value,
    is_constant,
    leafwise,
    leaves,
    one_of,
    owner_of,
)

MAP = Model("Map")
SET = Model("Set")

MOST = 400
"""Things in one collection that are kept apart."""


def key_of(value: Value) -> Any:
    """The slot of a key: equal constants share one, an object and an unknown have their own."""
    if isinstance(value, bool):
        return ("c", "bool", value)
    if isinstance(value, (int, float)):
        return ("c", "number", float(value) + 0.0 if value == value else "NaN")
    if isinstance(value, str):
        return ("c", "str", value)
    if value is None:
        return ("c", "null", None)
    if value is UNDEFINED:
        return ("c", "undefined", None)
    return ("r", id(value), value)


def key_value(slot: Any) -> Value:
    """The key of a slot."""
    if slot[0] == "r":
        return slot[2]
    if slot[2] == "NaN" and slot[1] == "number":
        return float("nan")
    return UNDEFINED if slot[1] == "undefined" else slot[2]


def is_key(slot: Any) -> bool:
    return isinstance(slot, tuple) and slot[0] in ("c", "r")


def is_open(collection: Object) -> bool:
    return bool(collection.slots.get("open")) or "escaped" in collection.slots


def entries(machine: Any, collection: Object) -> Any:
    """What a loop over a Map or a Set sees."""
    from wslint.machine.members import Item, Items

    found: list[Any] = []
    for slot, held in collection.slots.items():
        if not is_key(slot):
            continue
        held = machine.known(held)
        if held is ABSENT:
            continue
        key = key_value(slot)
        present = _where_present(machine, held)
        value = _where_there(held)
        item = (
            key
            if collection.kind == "Set" or collection.extra == "dict"
            else Object("Array", {"items": (key, value)}, collection.place)
        )
        found.append(Item(item, present, slot))
    return Items(found, is_open(collection))


def _where_present(machine: Any, held: Value) -> tuple[Choice, int] | None:
    """Where a slot that may be absent is there: the cases of one choice, or None where it always is."""
    if not isinstance(held, OneOf) or not any(one is ABSENT for one in held.leaves()):
        return None
    mask = 0
    for part, value in held.cases:
        absent = [one is ABSENT for one in leaves(value)]
        if any(absent) and not all(absent):  # it hangs on several choices: one that stands for them
            return machine.standing_for(leafwise(held, lambda one: one is not ABSENT), None), 1
        if not all(absent):
            mask |= part
    return held.choice, mask


def _where_there(held: Value) -> Value:
    """What a slot holds where it is there: where it is not, any of its values will do."""
    if not isinstance(held, OneOf):
        return held
    cases = [
        (mask, _where_there(value))
        for mask, value in held.cases
        if any(one is not ABSENT for one in leaves(value))
    ]
    rest = 0
    for mask, value in held.cases:
        rest |= mask if all(one is ABSENT for one in leaves(value)) else 0
    if cases and rest:
        cases[0] = (cases[0][0] | rest, cases[0][1])
    return one_of(held.choice, cases) if cases else UNDEFINED


def lookup(host: Any, collection: Object, key: Value, span: Span) -> Value:
    """`map.get(key)`; the key is no `OneOf`."""
    found = at(host, collection, key, span)
    return host.lift(lambda one: UNDEFINED if one is ABSENT else one, found)


def at(host: Any, collection: Object, key: Value, span: Span) -> Value:
    """What a collection has under a key, ABSENT where it has nothing."""
    if type(key).__name__ == "PathText":  # a table of routes
        host.tested_path = host.looked_at_path = True
    own = host.known(collection.slots.get(key_of(key), ABSENT))
    if all(leaf is not ABSENT for leaf in leaves(own)):
        return own
    if not is_open(collection) and not _may_be_another(collection, key):
        return own
    keys = [key_value(slot) for slot in collection.slots if is_key(slot)]
    if not is_open(collection) and keyed.is_free(key) and keyed.constants(keys):
        return host.known(
            keyed.decide(host, key, [(one, collection.slots[key_of(one)]) for one in keys], ABSENT)
        )
    maybe = _maybe(host, collection, key, span)
    return host.lift(lambda here, rest: rest if here is ABSENT else here, own, maybe)


def _may_be_another(collection: Object, key: Value) -> bool:
    """Whether a key may equal one of those that are kept apart: something that is not known may equal any."""
    if not isinstance(key, Unknown) and not is_constant(key):
        return False
    return any(
        is_key(slot) and (isinstance(key, Unknown) or isinstance(key_value(slot), Unknown))
        for slot in collection.slots
        if slot != key_of(key)
    )


def _maybe(host: Any, collection: Object, key: Value, span: Span) -> Value:
    """What there may be under a key: one choice whether there is anything, asked as often as one likes."""
    from wslint.machine.members import unknown_of

    slot = ("unknown", key_of(key))
    held = host.known(collection.slots.get(slot, ABSENT))
    if held is ABSENT:
        if is_open(collection):
            value = unknown_of(collection, "what the collection holds", span)
        else:
            value = _one_of_them(collection, key, span)
        held = collection.slots[slot] = Object("Maybe", {}, span, value)
    return host.lift(lambda one: one.extra if isinstance(one, Object) else ABSENT, held)


def _one_of_them(collection: Object, key: Value, span: Span) -> Value:
    """What a closed collection holds under a key that may be one of its own. Which of several constants it is, its
    memory says; of what was worked out it is not known whether it is what would be worked out again."""
    owners = {
        slot[2].owner for slot in collection.slots if is_key(slot) and isinstance(key_value(slot), Unknown)
    }
    owners |= {key.owner} if isinstance(key, Unknown) else set()
    owner: Owner = "unread" if "unread" in owners else "world" if "world" in owners else "memory"
    there = Choice(owner, span, {1: "the key is in the collection", 2: "the key is not in the collection"}, 3)
    found: list[Value] = []
    for name, held in collection.slots.items():
        if is_key(name):
            found += [leaf for leaf in leaves(held) if leaf is not ABSENT and leaf not in found]
    value: Value = Unknown("what the collection holds", span)
    if found and len(found) <= MOST_DIFFERENT and all(is_constant(leaf) for leaf in found):
        which = Choice(owner, None, {}, (1 << len(found)) - 1)
        value = one_of(which, [(1 << place, leaf) for place, leaf in enumerate(found)])
    return OneOf(there, ((1, value), (2, ABSENT)), 2)


def store(host: Any, collection: Object, key: Value, value: Value, span: Span) -> Value:
    """`map.set(key, value)`, `set.add(value)`."""
    if sum(1 for slot in collection.slots if is_key(slot)) >= MOST:
        host.put(collection.slots, "open", True)
        return collection
    if isinstance(key, Unknown) and collection.kind == "Map" and not is_open(collection):
        header_lists.lacking(host, collection.slots, key, key_of)
    host.put(collection.slots, key_of(key), value)
    host.put(collection.slots, ("unknown", key_of(key)), ABSENT)
    host.note(Wrote, span, holder=collection, key=key, value=value)
    return collection


def _made(kind: str) -> Any:
    def make(host: Any, call: Invocation) -> Value:
        made = Object(kind, {}, call.span)
        first = host.known(call.argument(0))
        if first is UNDEFINED or first is None:
            return made
        from wslint.machine import members

        items = members.items(host, first)
        if items is None:
            made.slots["open"] = True
            return made
        for item in items:
            if kind == "Set":
                made.slots[key_of(item)] = item
            else:
                pair = members.items(host, item)
                if pair is None or len(pair) < 2:
                    made.slots["open"] = True
                else:
                    made.slots[key_of(pair[0])] = pair[1]
        return made

    return make


maker("Map", "WeakMap")(_made("Map"))
maker("Set", "WeakSet")(_made("Set"))


@MAP.method("get")
def _get(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda key: lookup(host, call.this, key, call.span))


@MAP.method("has")
@SET.method("has")
def _has(host: Any, call: Invocation) -> Value:
    collection: Object = call.this

    def one(key: Value) -> Value:
        def there(value: Value) -> Value:
            if isinstance(value, Unknown) and is_open(collection):
                return value.derived("has", "whether the collection has it", call.span)
            return value is not ABSENT

        return host.lift(there, at(host, collection, key, call.span))

    return host.each(call.argument(0), one)


@MAP.method("set")
def _set(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda key: store(host, call.this, key, call.argument(1), call.span))


@SET.method("add")
def _add(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda key: store(host, call.this, key, key, call.span))


@MAP.method("delete")
@SET.method("delete")
def _delete(host: Any, call: Invocation) -> Value:
    collection: Object = call.this

    def one(key: Value) -> Value:
        held = collection.slots.get(key_of(key), ABSENT)
        host.put(collection.slots, key_of(key), ABSENT)
        host.put(collection.slots, ("unknown", key_of(key)), Object("Maybe", {}, call.span, ABSENT))
        host.note(Wrote, call.span, holder=collection, key=key, value=ABSENT)
        if held is ABSENT and is_open(collection):
            return Unknown("whether it was there", call.span)
        return host.lift(lambda value: value is not ABSENT, held)

    return host.each(call.argument(0), one)


@MAP.method("clear")
@SET.method("clear")
def _clear(host: Any, call: Invocation) -> Value:
    for slot in [
        slot for slot in call.this.slots if is_key(slot) or (isinstance(slot, tuple) and slot[0] == "unknown")
    ]:
        host.put(call.this.slots, slot, ABSENT)
    host.put(call.this.slots, "open", False)
    return UNDEFINED


@MAP.getter("size")
@SET.getter("size")
def _size(host: Any, collection: Object, span: Any) -> Value:
    if is_open(collection):
        owner = collection.slots.get("open")
        return Unknown("how many there are", span, owner_of(owner))
    count: Value = 0.0
    for slot, held in collection.slots.items():
        if is_key(slot):
            count = host.lift(
                lambda one, before: before if one is ABSENT or isinstance(before, Unknown) else before + 1,
                held,
                count,
            )
    return count


@MAP.method("keys", "values", "entries")
@SET.method("keys", "values", "entries")
def views(host: Any, call: Invocation) -> Value:
    """An array of what there is; what is only there on a condition stays so."""
    from wslint.machine.members import Items

    collection: Object = call.this
    found: Items = entries(host, collection)
    shown: list[Value] = []
    if any(item.present is not None for item in found.items):
        # Kept as a collection of its own, so that each is there where it is.
        copy = Object("Set", {}, call.span)
        for slot, held in collection.slots.items():
            if is_key(slot) and host.known(held) is not ABSENT:
                key = key_value(slot)
                item = _item(call.name, collection.kind, key, _where_there(held), host, call.span)
                copy.slots[("r", id(item), item) if not is_constant(item) else key_of(item)] = host.lift(
                    lambda one: ABSENT if one is ABSENT else True, held
                )
        if is_open(collection):
            copy.slots["open"] = collection.slots.get("open", True)
        return copy
    for slot, held in collection.slots.items():
        if is_key(slot) and host.known(held) is not ABSENT:
            shown.append(
                _item(call.name, collection.kind, key_value(slot), host.known(held), host, call.span)
            )
    made = Object("Array", {"items": tuple(shown)}, call.span)
    if is_open(collection):
        made.slots["open"] = collection.slots.get("open", True)
    return made


def _item(name: str, kind: str, key: Value, held: Value, host: Any, span: Span) -> Value:
    if kind == "Set" and name == "entries":
        return Object("Array", {"items": (key, key)}, span)
    if kind == "Set" or name == "keys":
        return key
    value = host.lift(lambda one: UNDEFINED if one is ABSENT else one, held)
    return value if name == "values" else Object("Array", {"items": (key, value)}, span)


def for_each_pair(host: Any, pairs: Object, call: Invocation) -> None:
    """`forEach` of what has entries: the function gets the value first."""
    from wslint.machine import members
    from wslint.machine.statements import unknown_rounds

    def one(pair: Value) -> None:
        name, value = members.items(host, pair) or (Unknown("a key"), Unknown("a value"))
        host.call(call.argument(0), [value, name, call.this], call.span)

    found = members.iterated(host, pairs, call.span)
    for item in found.items if found is not None else ():
        one(item.value)
    if found is None or found.open:
        sample = members.sample(host, pairs, call.span)
        unknown_rounds(host, call.span, lambda: one(sample), pairs)


@MAP.method("forEach")
@SET.method("forEach")
def for_each(host: Any, call: Invocation) -> Value:
    collection: Object = call.this
    for slot in list(collection.slots):
        held = collection.slots.get(slot, ABSENT)  # the function may have taken it out
        if not is_key(slot) or host.known(held) is ABSENT:
            continue
        key = key_value(slot)

        def run(key: Value = key, held: Value = held) -> Value:
            value = _where_there(host.known(held))
            given = [key, key, collection] if collection.kind == "Set" else [value, key, collection]
            host.call(call.argument(0), given, call.span)
            return UNDEFINED

        present = _where_present(host, host.known(held))
        if present is None:
            run()
        else:
            choice, mask = present
            host.fork(choice, [(mask, run), (choice.universe & ~mask, lambda: UNDEFINED)])
    if is_open(collection):
        _some_more(host, call)
    return UNDEFINED


def _some_more(host: Any, call: Invocation) -> None:
    from wslint.machine import members
    from wslint.machine.calls import run_maybe

    owner = call.this.slots.get("open")
    sample = members.sample(host, call.this, call.span)
    if isinstance(sample, Unknown):
        run_maybe(
            host,
            call.argument(0),
            call.span,
            Unknown("an item", call.span, owner_of(owner)),
        )
        return
    from wslint.machine.statements import unknown_rounds

    unknown_rounds(host, call.span, lambda: host.call(call.argument(0), [sample], call.span), call.this)
