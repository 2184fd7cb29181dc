"""Arrays, Maps, Sets: what they hold, in order, and where each thing is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

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

ARRAY = Model("Array")
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
def _views(host: Any, call: Invocation) -> Value:
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
def _for_each(host: Any, call: Invocation) -> Value:
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


# Arrays


def array(items: Sequence[Value], span: Span | None, open_: Value = False) -> Object:
    made = Object("Array", {"items": tuple(items)}, span)
    if open_:
        made.slots["open"] = open_
    return made


@ARRAY.getter("length")
def _length(host: Any, held: Object, span: Any) -> Value:
    if is_open(held):
        owner = held.slots.get("open")
        slot = held.slots.get(("unknown", "length"))
        if slot is None:
            slot = Unknown("how many there are", span, owner_of(owner))
            held.slots[("unknown", "length")] = slot
        return slot
    return host.lift(
        lambda items: float(len(items)) if isinstance(items, tuple) else Unknown("its length", span),
        held.slots["items"],
    )


@ARRAY.setter("length")
def _set_length(host: Any, held: Object, value: Value, span: Any) -> None:
    count, items = host.known(value), host.known(held.slots.get("items", ()))
    if isinstance(count, float) and isinstance(items, tuple) and not is_open(held) and count <= len(items):
        host.put(held.slots, "items", items[: int(count)])
    else:
        host.put(held.slots, "open", True)
    host.put(held.slots, ("unknown", "length"), ABSENT)


def _items(host: Any, held: Object) -> tuple[Value, ...]:
    items = host.known(held.slots.get("items", ()))
    return items if isinstance(items, tuple) else ()


@ARRAY.method("push", "unshift", "append", "add")
def _push(host: Any, call: Invocation) -> Value:
    if call.this.slots.get("frozen"):
        from wslint.machine.members import refuse_frozen

        refuse_frozen(host, call.this, False, str(len(_items(host, call.this))), call.span)

    def one(items: Value) -> Value:
        if not isinstance(items, tuple) or len(items) + len(call.arguments) > MOST or call.open:
            host.put(call.this.slots, "open", True)
            return UNDEFINED
        made = (*call.arguments, *items) if call.name == "unshift" else (*items, *call.arguments)
        host.put(call.this.slots, "items", made)
        return float(len(made))

    result = host.each(call.this.slots.get("items", ()), one)
    host.put(call.this.slots, ("unknown", "length"), ABSENT)
    for value in call.arguments:
        host.note(Wrote, call.span, holder=call.this, key=None, value=value)
    return result


@ARRAY.method("pop", "shift")
def _pop(host: Any, call: Invocation) -> Value:
    def one(items: Value) -> Value:
        if is_open(call.this) or not isinstance(items, tuple):
            return Unknown("an item", call.span)
        if not items:
            return UNDEFINED
        at = -1 if call.name == "pop" else 0
        host.put(call.this.slots, "items", items[:-1] if at else items[1:])
        return items[at]

    return host.each(call.this.slots.get("items", ()), one)


_EACH = (
    "map",
    "filter",
    "find",
    "some",
    "every",
    "forEach",
    "findIndex",
    "flatMap",
    "findLast",
    "findLastIndex",
    "all",
    "any",
)


@ARRAY.method(*_EACH)
@SET.method(*_EACH)
def _each(host: Any, call: Invocation) -> Value:
    """The methods that call a function for each item."""
    from wslint.machine import members

    name = {"all": "every", "any": "some"}.get(call.name, call.name)
    if call.this.kind == "Set" and name == "forEach":
        return _for_each(host, call)
    found = members.iterated(host, call.this, call.span)
    function = call.argument(0)
    results: list[Value] = []
    if found is None:
        return host.unread_call(call.name, call.span, call.arguments)
    is_javascript = call.unit is None or call.unit.language.name == "javascript"
    whole: list[Value] = [call.this] if is_javascript else []
    results = [_NOTHING] * len(found.items)
    order = list(enumerate(found.items))
    for place, item in reversed(order) if name.startswith("findLast") else order:

        def run(item: Any = item, place: int = place) -> Value:
            return _applied(host, function, [item.value, float(place), *whole], call)

        if item.present is not None:
            choice, mask = item.present
            value = host.fork(choice, [(mask, run), (choice.universe & ~mask, lambda: _NOTHING)])
        else:
            value = run()
        results[place] = value
        if item.present is None and name in _STOPS and host.known(_truth(host, value, call)) is _STOPS[name]:
            break
    sample: Value = None
    if found.open:
        sample = members.sample(host, call.this, call.span)
        given = sample

        def more() -> None:
            nonlocal sample
            sample = _applied(host, function, [given, Unknown("an index", call.span), *whole], call)

        from wslint.machine.statements import unknown_rounds

        unknown_rounds(host, call.span, more, call.this)
    outcome = _outcome(host, name, call, [item.value for item in found.items], results, found.open)
    if found.open and name == "map" and isinstance(outcome, Object) and outcome.kind == "Array":
        outcome.slots["sample"] = sample
    return outcome


_STOPS = {
    "some": True,
    "every": False,
    "find": True,
    "findIndex": True,
    "findLast": True,
    "findLastIndex": True,
}
"""What the function gives of the last item that they look at."""


class _Nothing:
    """What there is of an item that is not there."""


_NOTHING = _Nothing()


def _applied(host: Any, function: Value, given: list[Value], call: Invocation) -> Value:
    from wslint.machine.scope import Global

    if isinstance(function, Global) and function.name == "Boolean":
        return _truth(host, given[0], call)
    return host.call(function, given, call.span)


def _truth(host: Any, value: Value, call: Invocation) -> Value:
    language = call.unit.language if call.unit is not None else None

    def one(held: Value) -> Value:
        if held is _NOTHING:
            return _NOTHING
        if isinstance(held, Unknown):
            choice = host.truth_choice(held, None)
            return OneOf(choice, ((1, True), (2, False)))
        found = language.truth(held) if language is not None else bool(held)
        return Unknown("a condition", call.span) if found is None else found

    return host.lift(one, value)


def _outcome(
    host: Any, name: str, call: Invocation, items: list[Value], results: list[Value], open_: bool
) -> Value:
    owner = call.this.slots.get("open", True) if open_ else False
    if name == "forEach":
        return UNDEFINED
    if name in ("map", "flatMap"):
        if any(one is _NOTHING for result in results for one in leaves(result)):
            copy = Object("Set", {"open": owner} if owner else {}, call.span)
            for result in results:
                copy.slots[("r", id(result), _there(result))] = _presence(result)
            return copy
        if name == "flatMap":
            flat: list[Value] = []
            for result in results:
                from wslint.machine import members

                inner = members.items(host, result)
                if inner is None:
                    return array((), call.span, True)
                flat += inner
            results = flat
        return array(results, call.span, owner)
    truths = [_truth(host, result, call) for result in results]
    if name == "filter":
        return _filtered(host, items, truths, owner, call)
    if name in ("some", "every"):
        wanted = name == "some"
        verdict: Value = not wanted
        if open_:
            verdict = Unknown(f"`{name}`", call.span, owner_of(owner))
        for truth in reversed(truths):
            verdict = host.lift(
                lambda one, rest: rest if one is _NOTHING else wanted if one is wanted else rest,
                truth,
                verdict,
            )
        return verdict
    last: Value = UNDEFINED if not name.endswith("Index") else -1.0
    if open_:
        from wslint.machine import members

        last = Unknown("an item", call.span, owner_of(owner))
    order = list(enumerate(zip(items, truths, strict=True)))
    for place, (item, truth) in order if name.startswith("findLast") else reversed(order):
        value: Value = float(place) if name.endswith("Index") else item
        last = host.lift(lambda one, given, rest: given if one is True else rest, truth, value, last)
    return last


def _there(result: Value) -> Value:
    found = [one for one in leaves(result) if one is not _NOTHING]
    if len(found) == 1:
        return found[0]
    if isinstance(result, OneOf):
        return one_of(
            result.choice, [(mask, _there(held)) for mask, held in result.cases if held is not _NOTHING]
        )
    return UNDEFINED


def _presence(result: Value) -> Value:
    if isinstance(result, OneOf):
        return one_of(result.choice, [(mask, _presence(held)) for mask, held in result.cases])
    return ABSENT if result is _NOTHING else True


def _filtered(host: Any, items: list[Value], truths: list[Value], owner: Value, call: Invocation) -> Value:
    """The items for which a condition holds: an array, or a collection of what is there on conditions."""
    decided = all(isinstance(host.known(truth), bool) or host.known(truth) is _NOTHING for truth in truths)
    if decided:
        made = array(
            [item for item, truth in zip(items, truths, strict=True) if host.known(truth) is True],
            call.span,
            owner,
        )
    else:
        made = Object("Set", {"open": owner} if owner else {}, call.span)
        for item, truth in zip(items, truths, strict=True):
            slot = key_of(item) if is_constant(item) else ("r", id(item), item)
            made.slots[slot] = host.lift(lambda one: True if one is True else ABSENT, truth)
    sample = call.this.slots.get("sample")
    if sample is not None:
        made.slots["sample"] = sample
    return made


SET.getters["length"] = SET.getters["size"]


@ARRAY.method("includes", "indexOf", "lastIndexOf")
def _includes(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import equal

    first = call.argument(0)
    found: Value = False
    at: Value = -1.0
    if is_open(call.this):
        found = Unknown("whether it is in the list", call.span)
        at = Unknown("where it is in the list", call.span)
    order = list(enumerate(_items(host, call.this)))
    begin = host.known(call.argument(1))
    if begin is not UNDEFINED:
        if not isinstance(begin, (int, float)) or begin < 0 or call.name == "lastIndexOf":
            return Unknown("where it is in the list", call.span)
        order = [
            each for each in order if begin != begin or each[0] >= int(min(begin, len(order)))
        ]  # NaN is 0
    if call.name == "includes" and isinstance(first, float) and first != first:
        return any(isinstance(item, float) and item != item for _, item in order) or found
    for place, item in order if call.name == "lastIndexOf" else reversed(order):
        same = host.lift(lambda one, other: equal(host, one, other, call.span), item, first)
        if isinstance(same, Unknown):
            choice = host.truth_choice(same, call.span)
            same = OneOf(choice, ((1, True), (2, False)))
        found = host.lift(lambda one, rest: True if one is True else rest, same, found)
        at = host.lift(lambda one, rest, here=float(place): here if one is True else rest, same, at)
    return found if call.name == "includes" else at


@ARRAY.method("join")
def _join(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import text_of

    if is_open(call.this):
        from wslint.machine.members import unknown_of

        return unknown_of(call.this, "a text", call.span)
    by = host.known(call.argument(0))

    def one(*items: Value) -> Value:
        texts = ["" if item is None or item is UNDEFINED else text_of(item) for item in items]
        if None in texts or not (by is UNDEFINED or isinstance(by, str)):
            unknown = next((item for item in items if isinstance(item, Unknown)), None)
            return (
                unknown.derived(("join", id(call.this)), "a text", call.span)
                if unknown
                else Unknown("a text", call.span)
            )
        return (by if isinstance(by, str) else ",").join(str(text) for text in texts)

    return host.lift(one, *_items(host, call.this))


@ARRAY.method("reduce", "reduceRight")
def _reduce(host: Any, call: Invocation) -> Value:
    items = list(_items(host, call.this))
    if is_open(call.this):
        return host.unread_call(call.name, call.span, call.arguments)
    if call.name == "reduceRight":
        items.reverse()
    if len(call.arguments) > 1:
        value = call.arguments[1]
    elif items:
        value = items.pop(0)
    else:
        host.throw("TypeError: Reduce of empty array with no initial value", call.span)
    is_javascript = call.unit is None or call.unit.language.name == "javascript"
    whole: list[Value] = [call.this] if is_javascript else []
    skipped = 0 if len(call.arguments) > 1 else 1
    for place, item in enumerate(items, skipped):
        at = len(items) + skipped - 1 - place if call.name == "reduceRight" else place
        value = host.call(call.argument(0), [value, item, float(at), *whole], call.span)
    return value


@maker("Array.from")
def _from(host: Any, call: Invocation) -> Value:
    from wslint.machine import members

    source = host.known(call.argument(0))
    if isinstance(source, Object) and source.kind == "Object":
        from wslint.runtime import lists

        source = lists.like_array(host, source, call)
    found = members.iterated(host, source, call.span)
    if found is None:
        made: Object = array((), call.span, source.owner if isinstance(source, Unknown) else True)
    elif any(item.present is not None for item in found.items) and isinstance(source, Object):
        made = Object("Set", dict(source.slots), call.span)
        if source.kind == "Map":
            made = _views(host, Invocation("entries", source, [], call.span))
    else:
        open_ = source.slots.get("open", True) if found.open and isinstance(source, Object) else found.open
        made = array([item.value for item in found.items], call.span, open_)
        if isinstance(source, Object) and "sample" in source.slots:
            made.slots["sample"] = source.slots["sample"]
    if len(call.arguments) > 1:
        return _each(host, Invocation("map", made, [call.arguments[1]], call.span, unit=call.unit))
    return made


@maker("Array.of")
def _of(host: Any, call: Invocation) -> Value:
    return array(call.arguments, call.span)


@maker("Array")
def _array(host: Any, call: Invocation) -> Value:
    first = host.known(call.argument(0))
    if len(call.arguments) == 1 and not isinstance(first, str):
        if isinstance(first, float) and first == int(first) and 0 <= first <= MOST:
            return array([UNDEFINED] * int(first), call.span)
        return array((), call.span, True)
    return array(call.arguments, call.span, call.open)


@maker("Array.isArray")
def _is_array(host: Any, call: Invocation) -> Value:
    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            return held.derived("is array", "whether it is a list", call.span)
        return isinstance(held, Object) and held.kind == "Array"

    return host.lift(one, call.argument(0))


GENERATOR = Model("Generator")
"""A generator that never ends. One that does is run at once, and is an array of what it yields."""


@GENERATOR.method("next")
def _next(host: Any, call: Invocation) -> Value:
    """What it yields next is known to its own count only."""
    generator: Object = call.this

    def one(count: Value) -> Value:
        host.put(generator.slots, "count", count + 1)
        node, arguments = generator.extra
        value = Unknown("what a generator yields", call.span, "world" if arguments is None else "memory")
        value.known["memory"] = ("generator", node.start, arguments, count)
        return Object("Object", {("p", "value"): value, ("p", "done"): False}, call.span)

    return host.each(generator.slots["count"], one)


@GENERATOR.method("return", "throw")
def _ended(host: Any, call: Invocation) -> Value:
    return Object("Object", {("p", "value"): call.argument(0), ("p", "done"): True}, call.span)


# Objects


@maker("Object.values", "Object.keys", "Object.entries", "Object.getOwnPropertyNames")
def _of_object(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda held: _listed(host, held, call))


def _listed(host: Any, held: Value, call: Invocation) -> Value:
    name = call.name.rpartition(".")[2]
    if isinstance(held, Object) and held.kind == "WebSocketPair" and name == "values":
        return array(held.extra, call.span)
    if held is None or held is UNDEFINED:
        host.throw("TypeError: Cannot convert undefined or null to object", call.span)
    if isinstance(held, str) or (isinstance(held, Object) and held.kind == "Array" and not is_open(held)):
        whole = array(list(held) if isinstance(held, str) else _items(host, held), call.span)
        if name == "values":
            return whole
        keys = [str(at) for at in range(len(whole.slots["items"]))]
        if name != "entries":
            return array(keys, call.span)
        return array(
            [array(pair, call.span) for pair in zip(keys, whole.slots["items"], strict=True)], call.span
        )
    if not isinstance(held, Object) or held.kind not in ("Object", "Instance") or "error" in held.slots:
        if isinstance(held, Unknown):
            return array((), call.span, held.owner)
        return array((), call.span, True)
    copy = Object("Map", {}, call.span)
    own = [slot for slot in held.slots if isinstance(slot, tuple) and slot[0] == "p"]
    if any(slot[1].isdigit() for slot in own):
        own.sort(key=lambda slot: (0, int(slot[1])) if slot[1].isdigit() else (1, 0))
    for slot in own:
        if held.kind == "Instance" and slot[1].startswith("#"):
            continue
        getter = held.slots.get(("get", slot[1]))
        if getter is None or name not in ("values", "entries"):
            copy.slots[key_of(slot[1])] = held.slots[slot]
        else:
            copy.slots[key_of(slot[1])] = host.call(getter, [], call.span, held)
    if is_open(held):
        copy.slots["open"] = held.slots.get("open", True)
    view = {"values": "values", "keys": "keys", "entries": "entries"}.get(name, "keys")
    return _views(host, Invocation(view, copy, [], call.span))


@maker("Object.assign")
def _assign(host: Any, call: Invocation) -> Value:
    target = host.known(call.argument(0))
    for value in call.arguments[1:]:
        value = host.known(value)
        if isinstance(target, Object) and isinstance(value, Object) and value.kind == "Object":
            for slot, held in list(value.slots.items()):
                if isinstance(slot, tuple) and slot[0] in ("p", "item"):
                    host.put(target.slots, slot, held)
            if is_open(value):
                host.put(target.slots, "open", True)
        elif isinstance(target, Object) and not _has_nothing(host, value, call):
            host.put(target.slots, "open", True)
    return target


GETTERS_ONLY = ("Response", "Request", "Headers", "URL", "WebSocket")
"""Objects of the runtime whose properties are getters of the prototype from 2022-01-31 on: a copy has none."""


def _has_nothing(host: Any, value: Value, call: Invocation) -> bool:
    if isinstance(value, Object) and value.kind in GETTERS_ONLY and "escaped" not in value.slots:
        return host.flag("workers_api_getters_setters_on_prototype", call) is True
    return value is None or value is UNDEFINED or isinstance(value, (bool, float))


@maker("Object.hasOwn")
def _has_own(host: Any, call: Invocation) -> Value:
    from wslint.machine import members

    def one(held: Value, key: Value) -> Value:
        if isinstance(held, Object) and isinstance(key, (str, Unknown)) and call.unit is not None:
            from wslint.machine.scope import Scope

            return members.contains(host, held, key, call.span, Scope(call.unit))
        return Unknown("whether it has a key", call.span)

    return host.each(call.argument(0), lambda held: host.each(call.argument(1), lambda key: one(held, key)))


def refuse_functions(host: Any, value: Value, call: Invocation) -> None:
    """`structuredClone` takes no function, and nothing that holds one."""
    from wslint.machine.scope import ClassValue, Closure, Native

    held = [value]
    if isinstance(value, Object) and value.kind == "Object":
        held += [
            host.known(one) for key, one in value.slots.items() if isinstance(key, tuple) and key[0] == "p"
        ]
    if any(isinstance(one, Closure | Native | ClassValue) for one in held):
        host.throw("DataCloneError: a function could not be cloned.", call.span)


@maker("Object.freeze", "Object.seal", "structuredClone", "Object.create", "Object.preventExtensions")
def _same(host: Any, call: Invocation) -> Value:
    if call.name == "Object.create":
        bare = call.argument(0) is None
        return Object("Object", {} if bare else {"open": True}, call.span, "no prototype" if bare else None)
    held = host.known(call.argument(0))
    if call.name == "structuredClone":
        from wslint.runtime.socket import frozen

        refuse_functions(host, held, call)
        return frozen(host, held)
    if call.name == "Object.freeze" and isinstance(held, Object) and held.kind in ("Object", "Array"):
        host.put(held.slots, "frozen", True)
    return call.argument(0)


@maker("Object.fromEntries")
def _from_entries(host: Any, call: Invocation) -> Value:
    from wslint.machine import members

    held = host.known(call.argument(0))
    if isinstance(held, Object) and held.kind == "Headers":
        made = Object("Object", {}, call.span)
        for slot, value in held.slots.items():
            if isinstance(slot, tuple) and slot[0] == "h" and value is not ABSENT:
                made.slots[("p", slot[1])] = ABSENT if value is None else value
        if host.known(held.slots["complete"]) is not True:
            made.slots["open"] = "client"
        return made
    if isinstance(held, Object) and held.kind == "URLSearchParams" and held.extra is not None:
        return host.each(held.extra.slots["query"], lambda query: _of_query(query, call))
    found = members.iterated(host, held, call.span)
    sure = found is not None and not any(item.present is not None for item in found.items)
    pairs = [item.value for item in found.items] if found is not None and sure else None
    made = Object("Object", {}, call.span)
    if found is not None and sure and found.open:
        made.slots["open"] = held.slots.get("open", True)
        sample = members.items(host, held.slots.get("sample"))
        for name in header_lists.left_out(host.known(sample[0])) if sample else ():
            made.slots[("p", name)] = ABSENT
    for pair in pairs or ():
        inner = members.items(host, pair)
        key = host.known(inner[0]) if inner else None
        if inner and len(inner) > 1 and is_constant(key):
            from wslint.machine.operators import text_of

            made.slots[("p", text_of(key))] = inner[1]
        else:
            made.slots["open"] = True
    if pairs is None:
        made.slots["open"] = True
    return made


def _of_query(query: Value, call: Invocation) -> Value:
    """The parameters of a query as an object: of one that is not known it has what is asked for, or has not."""
    if isinstance(query, str):
        found = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
        return Object("Object", {("p", name): value for name, value in found}, call.span)
    return Object("Object", {"open": "client", "query": query}, call.span)


@maker("Object.defineProperty", "Object.defineProperties", "Object.setPrototypeOf")
def _define(host: Any, call: Invocation) -> Value:
    target = host.known(call.argument(0))
    if isinstance(target, Object):
        key, how = host.known(call.argument(1)), host.known(call.argument(2))
        if call.name == "Object.defineProperty" and isinstance(key, str) and isinstance(how, Object):
            held = how.slots.get(("p", "value"))
            if held is not None:
                host.put(target.slots, ("p", key), held)
        host.put(target.slots, "open", True)
    return target
