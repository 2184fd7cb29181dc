"""Arrays and generators: their own methods, and what makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wslint.runtime.collections import MOST, SET, for_each, is_open, key_of, views
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.event import Wrote
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import (
    ABSENT,
    UNDEFINED,
    OneOf,
    Unknown,
    Value,
    is_constant,
    leaves,
    one_of,
    owner_of,
)

ARRAY = Model("Array")


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


def items_of(host: Any, held: Object) -> tuple[Value, ...]:
    items = host.known(held.slots.get("items", ()))
    return items if isinstance(items, tuple) else ()


@ARRAY.method("push", "unshift", "append", "add")
def _push(host: Any, call: Invocation) -> Value:
    if call.this.slots.get("frozen"):
        from wslint.machine.members import refuse_frozen

        refuse_frozen(host, call.this, False, str(len(items_of(host, call.this))), call.span)

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
        return for_each(host, call)
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
        if (
            item.present is None
            and name in _STOPS
            and host.known(truth_of(host, value, call)) is _STOPS[name]
        ):
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
        return truth_of(host, given[0], call)
    return host.call(function, given, call.span)


def truth_of(host: Any, value: Value, call: Invocation) -> Value:
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
    truths = [truth_of(host, result, call) for result in results]
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
    order = list(enumerate(items_of(host, call.this)))
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

    return host.lift(one, *items_of(host, call.this))


@ARRAY.method("reduce", "reduceRight")
def _reduce(host: Any, call: Invocation) -> Value:
    items = list(items_of(host, call.this))
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
            made = views(host, Invocation("entries", source, [], call.span))
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
