"""Python's built-in functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wslint.runtime import collections as shared
from wslint.runtime import promise
from wslint.runtime.python import containers, errors, texts
from wslint.runtime.python.errors import fail
from wslint.runtime.python.reals import Real
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value

Function = Callable[[Any, Invocation], Value]
FUNCTIONS: dict[str, Function] = {}


def builtin(*names: str) -> Callable[[Function], Function]:
    def add(function: Function) -> Function:
        for name in names:
            FUNCTIONS[name] = function
        return function

    return add


def called(host: Any, name: str, call: Invocation) -> Value:
    """`name(…)` of a name that no scope declares; NotImplemented for one that is no built-in."""
    found = FUNCTIONS.get(name)
    if found is not None:
        return found(host, call)
    if errors.builtin_class(name) is not None and "." not in name:
        return errors.made(host, name, call)
    return NotImplemented


def _unknown(value: Value, call: Invocation) -> Value:
    if isinstance(value, Unknown):
        return value.derived(("call", call.name), f"`{call.name}` of {value.why}", call.span)
    return Unknown(f"`{call.name}`", call.span)


# Numbers and texts


@builtin("len")
def _len(host: Any, call: Invocation) -> Value:
    def one(held: Value) -> Value:
        if isinstance(held, str):
            return len(held)
        if held is None or held is UNDEFINED or isinstance(held, bool | int | float):
            fail(host, f"TypeError: object of type '{containers.type_name(held)}' has no len()", call.span)
        if isinstance(held, Object) and held.kind in ("Array", "Map", "Set"):
            name = "length" if held.kind == "Array" else "size"
            from wslint.runtime.model import MODELS

            size = MODELS[held.kind].getters[name](host, held, call.span)
            return host.lift(lambda count: int(count) if isinstance(count, float) else count, size)
        return _unknown(held, call)

    return host.each(call.argument(0), one)


@builtin("str")
def _str(host: Any, call: Invocation) -> Value:
    if not call.arguments:
        return ""
    held = host.known(call.argument(0))
    if isinstance(held, Object) and held.kind == "Instance":
        return texts.written(host, held, call.span)
    return host.lift(lambda one: texts.shown(host, one), held)


@builtin("repr", "ascii")
def _repr(host: Any, call: Invocation) -> Value:
    return host.lift(lambda held: texts.represented(host, held, call.span), call.argument(0))


@builtin("format")
def _format(host: Any, call: Invocation) -> Value:
    how = call.argument(1) if len(call.arguments) > 1 else ""
    return host.lift(lambda held, given: texts.formatted(host, held, given, call.span), call.argument(0), how)


@builtin("int", "float")
def _number(host: Any, call: Invocation) -> Value:
    base = host.known(call.argument(1, "base"))

    def one(held: Value) -> Value:
        if isinstance(held, bool | int | float):
            if call.name == "float":
                return Real(held)
            return int(held) if held == held and abs(held) < 1e300 else held
        if isinstance(held, str):
            try:
                if call.name == "float":
                    return Real(held)
                return (
                    int(held, int(base))
                    if isinstance(base, int | float)
                    else int(held)
                    if base is UNDEFINED
                    else Unknown("a number", call.span)
                )
            except ValueError as error:
                fail(host, f"ValueError: {error}", call.span)
        if held is None or held is UNDEFINED:
            if not call.arguments:
                return 0
            fail(
                host,
                f"TypeError: {call.name}() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
                call.span,
            )
        if isinstance(held, Unknown) and held.owner == "client" and not held.known.get("number"):
            choice = host.either("client", (f"{held.why} is no number", f"{held.why} is a number"), call.span)
            held.known["number"] = True
            host.maybe(
                choice, 1, lambda: fail(host, "ValueError: invalid literal for int() with base 10", call.span)
            )
        return _unknown(held, call)

    return host.each(call.argument(0), one)


@builtin("bool")
def _bool(host: Any, call: Invocation) -> Value:
    return host.lift(lambda held: _truth(host, held), call.argument(0)) if call.arguments else False


def _truth(host: Any, value: Value) -> Value:
    """Whether a value counts as true: a boolean, or one that hangs on a choice. It neither throws nor writes."""
    from wslint.machine.language import PYTHON
    from wslint.runtime.python.operators import asked

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            return OneOf(host.truth_choice(held, None), ((1, True), (2, False)))
        return PYTHON.truth(held) is True

    return host.lift(one, asked(host, value))


@builtin("ord", "chr", "abs", "round", "hash", "id", "hex", "bin", "oct", "divmod", "pow", "bytes", "bytearray", "memoryview",
         "vars", "dir", "open", "input", "iter", "object", "globals", "locals", "issubclass", "callable", "aiter", "complex", "frozenset")  # fmt: skip
def _other(host: Any, call: Invocation) -> Value:
    held = host.known(call.argument(0))
    if call.name == "iter" and not isinstance(held, Unknown):
        found = containers.items_of(host, held, call.span)
        return containers.array(found, call.span) if found is not None else held
    if call.name == "ord" and isinstance(held, str) and len(held) == 1:
        return ord(held)
    if call.name == "chr" and isinstance(held, int | float) and 0 <= held < 0x110000:
        return chr(int(held))
    if call.name == "abs" and isinstance(held, int | float):
        return abs(held)
    if call.name == "frozenset":
        return FUNCTIONS["set"](host, call)
    return _unknown(held, call)


@builtin("print")
def _print(host: Any, call: Invocation) -> Value:
    return None


@builtin("type")
def _type(host: Any, call: Invocation) -> Value:
    held = host.known(call.argument(0))
    return held.extra if isinstance(held, Object) and held.kind == "Instance" else _unknown(held, call)


# Containers


@builtin("list", "tuple")
def _list(host: Any, call: Invocation) -> Value:
    if not call.arguments:
        return containers.array((), call.span, False, call.name if call.name == "tuple" else "list")
    return host.each(call.argument(0), lambda held: _listed(host, held, call))


def _listed(host: Any, held: Value, call: Invocation) -> Value:
    kind = call.name if call.name == "tuple" else "list"
    if isinstance(held, Object) and held.kind == "Array":
        return Object("Array", dict(held.slots), call.span, kind)
    found = containers.items_of(host, held, call.span)
    if found is None and isinstance(held, Object) and held.kind in ("Set", "Map"):
        return host_copy(host, held, call)
    return containers.array(
        found or (), call.span, containers.owner_of(host, held) if found is None else False, kind
    )


def host_copy(host: Any, held: Object, call: Invocation) -> Value:
    """What is there on conditions stays so."""
    from wslint.runtime.model import MODELS

    name = "keys" if held.kind == "Map" else "values"
    return MODELS[held.kind].methods[name](host, Invocation(name, held, [], call.span))


@builtin("set")
def _set(host: Any, call: Invocation) -> Value:
    made = Object("Set", {}, call.span, "set")
    if call.arguments:
        held = host.known(call.argument(0))
        found = containers.items_of(host, held, call.span)
        if found is None:
            made.slots["open"] = containers.owner_of(host, held)
        for key in found or ():
            containers.hashed(host, host.known(key), call.span)
            made.slots[shared.key_of(host.known(key))] = host.known(key)
    return made


@builtin("dict")
def _dict(host: Any, call: Invocation) -> Value:
    made = containers.dictionary([], call.span, call.open)
    if call.arguments:
        held = host.known(call.argument(0))
        if isinstance(held, Object) and held.kind == "Headers":
            for slot, value in held.slots.items():
                if isinstance(slot, tuple) and slot[0] == "h" and value is not None and value is not ABSENT:
                    made.slots[shared.key_of(slot[1])] = value
            if host.known(held.slots["complete"]) is not True:
                made.slots["open"] = "client"
        else:
            containers.merge(host, made, held, call.span)
    for name, value in call.keywords.items():
        made.slots[shared.key_of(name)] = value
    return made


@builtin("range")
def _range(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import whole

    bounds = [whole(host.known(value)) for value in call.arguments]
    if not bounds or None in bounds:
        held = next(
            (host.known(value) for value in call.arguments if isinstance(host.known(value), Unknown)), None
        )
        return containers.array((), call.span, held.owner if held is not None else True)
    numbers = range(*[bound for bound in bounds if bound is not None])
    return containers.array(list(numbers[: containers.MOST]), call.span, len(numbers) > containers.MOST)


@builtin("enumerate")
def _enumerate(host: Any, call: Invocation) -> Value:
    found = containers.items_of(host, call.argument(0), call.span)
    start = host.known(call.argument(1, "start"))
    first = int(start) if isinstance(start, int | float) else 0
    if found is None:
        return containers.array((), call.span, containers.owner_of(host, call.argument(0)))
    return containers.array(
        [containers.array((place, one), call.span, False, "tuple") for place, one in enumerate(found, first)],
        call.span,
    )


@builtin("zip")
def _zip(host: Any, call: Invocation) -> Value:
    found = [containers.items_of(host, value, call.span) for value in call.arguments]
    if any(one is None for one in found):
        return containers.array((), call.span, True)
    return containers.array(
        [
            containers.array(row, call.span, False, "tuple")
            for row in zip(*[one or [] for one in found], strict=False)
        ],
        call.span,
    )


@builtin("sorted", "reversed")
def _sorted(host: Any, call: Invocation) -> Value:
    found = containers.items_of(host, call.argument(0), call.span)
    if found is None:
        return containers.array((), call.span, containers.owner_of(host, call.argument(0)))
    if call.name == "reversed":
        return containers.array(found[::-1], call.span)
    order = containers.ordered(found) if not call.keywords else found if len(found) < 2 else None
    return containers.array(order if order is not None else (), call.span, order is None)


@builtin("map", "filter")
def _map(host: Any, call: Invocation) -> Value:
    function = host.known(call.argument(0))
    found = containers.items_of(host, call.argument(1), call.span)
    if found is None or len(call.arguments) != 2:
        return containers.array((), call.span, containers.owner_of(host, call.argument(1)))
    if call.name == "map":
        return containers.array([_apply(host, function, one, call) for one in found], call.span)
    verdicts = [
        host.known(_truth(host, one if function is None else _apply(host, function, one, call)))
        for one in found
    ]
    if not all(isinstance(verdict, bool) for verdict in verdicts):
        return containers.array((), call.span, True)
    return containers.array([one for one, verdict in zip(found, verdicts, strict=True) if verdict], call.span)


def _apply(host: Any, function: Value, one: Value, call: Invocation) -> Value:
    from wslint.machine import calls

    return calls.apply(host, function, Invocation("", UNDEFINED, [one], call.span, unit=call.unit))


@builtin("all", "any")
def _all(host: Any, call: Invocation) -> Value:
    wanted = call.name == "any"

    def over(held: Value) -> Value:
        items = containers.items_of(host, held, call.span)
        if items is None:
            if isinstance(held, Object) and held.kind == "Array":
                return host.each(
                    held.slots.get("items", ()), lambda one: _verdict(host, one, held, wanted, call)
                )
            return _unknown(held, call)
        return _fold(host, items, wanted, not wanted)

    return host.each(call.argument(0), over)


def _owned(why: str, call: Invocation, owner: Value) -> Unknown:
    made = Unknown(why, call.span)
    if isinstance(owner, str):
        made.owner = owner  # type: ignore[assignment]
    return made


def _verdict(host: Any, items: Value, held: Object, wanted: bool, call: Invocation) -> Value:
    rest: Value = not wanted
    if shared.is_open(held) or not isinstance(items, tuple):
        owner = held.slots.get("open")
        slot = ("unknown", "all", wanted)
        if slot not in held.slots:
            held.slots[slot] = _owned(f"`{call.name}()`", call, owner)
        rest = held.slots[slot]
    return _fold(host, list(items) if isinstance(items, tuple) else [], wanted, rest)


def _fold(host: Any, items: list[Value], wanted: bool, rest: Value) -> Value:
    found = rest
    for one in reversed(items):
        found = host.lift(
            lambda verdict, after: wanted if verdict is wanted else after, _truth(host, one), found
        )
    return found


@builtin("sum")
def _sum(host: Any, call: Invocation) -> Value:
    from wslint.runtime.python.operators import binary

    found = containers.items_of(host, call.argument(0), call.span)
    if found is None:
        return _owned("a sum", call, containers.owner_of(host, call.argument(0)))
    total: Value = call.argument(1, "start")
    total = 0 if total is UNDEFINED else total
    for one in found:
        total = binary(host, "+", total, one, call.span, None)
    return total


@builtin("min", "max")
def _extreme(host: Any, call: Invocation) -> Value:
    given = (
        call.arguments if len(call.arguments) > 1 else containers.items_of(host, call.argument(0), call.span)
    )
    if given is None:
        return _unknown(host.known(call.argument(0)), call)
    if not given:
        if "default" in call.keywords:
            return call.keywords["default"]
        fail(host, f"ValueError: {call.name}() iterable argument is empty", call.span)
    if call.keywords.get("key") is not None:
        return given[0] if len(given) == 1 else Unknown(f"`{call.name}()`", call.span)

    def one(*held: Value) -> Value:
        order = containers.ordered(list(held))
        if order is None:
            unknown = next((value for value in held if isinstance(value, Unknown)), None)
            return (
                unknown.derived(("call", call.name, len(held)), f"`{call.name}()`", call.span)
                if unknown
                else Unknown(f"`{call.name}()`", call.span)
            )
        return order[0 if call.name == "min" else -1]

    return host.lift(one, *given)


@builtin("next", "anext")
def _next(host: Any, call: Invocation) -> Value:
    held = host.known(call.argument(0))
    if not isinstance(held, Object) or held.kind != "Array" or shared.is_open(held):
        return _unknown(held, call)

    def one(items: Value) -> Value:
        if not isinstance(items, tuple):
            return Unknown("an item", call.span)
        if items:
            host.put(held.slots, "items", items[1:])
            return items[0]
        if len(call.arguments) > 1:
            return call.arguments[1]
        return fail(host, "StopIteration", call.span)

    return host.each(held.slots.get("items", ()), one)


# Attributes


@builtin("hasattr")
def _hasattr(host: Any, call: Invocation) -> Value:
    from wslint.machine.scope import Scope
    from wslint.runtime.python import members

    name = host.known(call.argument(1))
    scope = Scope(call.unit) if call.unit is not None else None

    def one(held: Value) -> Value:
        if not isinstance(name, str) or isinstance(held, Unknown):
            return _unknown(held, call)
        found = promise.caught(host, lambda: members.attribute(host, held, name, call.span, scope))
        return host.lift(
            lambda value: (
                False
                if value is ABSENT
                else Unknown("whether it has it", call.span)
                if isinstance(value, Unknown | promise.Rejected)
                else True
            ),
            found,
        )

    return host.each(call.argument(0), one)


@builtin("setattr")
def _setattr(host: Any, call: Invocation) -> Value:
    from wslint.machine import members
    from wslint.machine.scope import Scope

    target, name = host.known(call.argument(0)), host.known(call.argument(1))
    if isinstance(name, str) and call.unit is not None:
        members.write(host, target, name, call.argument(2), call.span, Scope(call.unit))
    elif isinstance(target, Object):
        host.put(target.slots, "open", True)
    return None
