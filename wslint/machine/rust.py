"""What only Rust has: `?`, blocks as values, struct literals, methods by their receiver, futures that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine import patterns
from wslint.machine.machine import Machine, snippet
from wslint.machine.scope import ClassValue, Closure, Global, Native, Scope
from wslint.runtime.rust import defaults, lists, results
from wslint.runtime.rust.results import bare, opened
from wslint.source import tree
from wslint.text import Span
from wslint.values.heap import Exit, Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine import calls, expressions
    from wslint.runtime.rust import methods
else:
    calls = Late("wslint.machine.calls")
    expressions = Late("wslint.machine.expressions")
    methods = Late("wslint.runtime.rust.methods")

HANDLERS = {
    "webSocketMessage": "websocket_message",
    "webSocketClose": "websocket_close",
    "webSocketError": "websocket_error",
}
"""What the worker crate's trait calls the runtime's handlers."""

_BREAK = frozenset({"break"})


# Expressions


def is_case(machine: Machine, node: tree.IsCase, scope: Scope) -> Value:
    value = expressions.value_of(machine, node.value, scope)
    found = patterns.fits(machine, node.pattern, value, scope)
    span = scope.unit.span(node)
    text = snippet(span)
    for each in _choices(found):
        if not each.words and each.universe == 3:
            each.words.update({1: f"`{text}` fits", 2: f"`{text}` does not fit"})

    def names() -> Value:
        patterns.bind_any(machine, node.pattern, value, scope)
        return True

    if found is False:
        return False
    # The names are bound where the pattern fits; elsewhere nobody asks for them.
    return machine.branch(found, span, (names, lambda: False), scope.unit)


def _choices(value: Value) -> list[Any]:
    if not isinstance(value, OneOf):
        return []
    return [value.choice, *(one for _, held in value.cases for one in _choices(held))]


def propagate(machine: Machine, node: tree.Propagate, scope: Scope) -> Value:
    """`value?`."""
    span = scope.unit.span(node)

    def bad(held: Value) -> Value:
        machine.leave("return", None if node.option and results.of_either(held) else held, span)

    return opened(machine, expressions.value_of(machine, node.value, scope), lambda held: held, bad, span)


def block(machine: Machine, node: tree.Block, scope: Scope) -> Value:
    from wslint.machine import statements

    inner = Scope(scope.unit, scope)

    def run() -> Value:
        statements.hoist(machine, node.body, inner)
        statements.run(machine, node.body, inner)
        return UNDEFINED

    if node.label is None:
        return run()
    collector, done = machine.collect(_BREAK, run, node.label)
    exits: list[Exit] = [*collector.exits, *([done] if done is not None else [])]
    return machine.meet(collector, exits)


def build(machine: Machine, node: tree.Build, scope: Scope) -> Value:
    """A struct literal: an instance of a struct, a variant of an enum, or an init of the worker crate."""
    from wslint.machine.expressions import value_of

    span = scope.unit.span(node)
    kind = value_of(machine, node.type, scope)
    slots: dict[Any, Value] = {}
    for entry in node.fields.entries:
        if isinstance(entry.value, tree.Spread):
            base = machine.known(value_of(machine, entry.value.value, scope))
            if isinstance(kind, Global) and isinstance(base, Unknown) and "default" in base.why:
                continue  # `..Default::default()` of an init of the worker crate
            if isinstance(base, Object):
                slots.update(
                    {key: held for key, held in base.slots.items() if isinstance(key, tuple) or key == "open"}
                )
            else:
                slots["open"] = True
        elif entry.key is not None and isinstance(kind, ClassValue) and defaults.is_default_call(entry.value):
            wanted = kind.node.types.get(entry.key, "")
            slots[("p", entry.key)] = defaults.of_type(machine, wanted, kind.scope.unit, span)
        elif entry.key is not None:
            slots[("p", entry.key)] = value_of(machine, entry.value, scope)
    if node.variant:
        cls = kind.name if isinstance(kind, ClassValue) else ""
        return Object("Variant", slots, span, (cls, node.variant))
    if isinstance(kind, ClassValue):
        return Object("Instance", slots, span, kind)
    return Object("Object", {**slots, "rust": True}, span)


def lend(machine: Machine, node: tree.Lend, scope: Scope) -> Value:
    """`&mut place`: what is changed in place is shared anyway; of a number or a text that others may write to
    nothing is known any more."""
    from wslint.machine import statements
    from wslint.machine.expressions import value_of

    value = machine.known(value_of(machine, node.place, scope))
    leaves = value.leaves() if isinstance(value, OneOf) else (value,)
    if isinstance(node.place, tree.Name | tree.Member | tree.Index) and not all(
        isinstance(held, Object) for held in leaves
    ):
        span = scope.unit.span(node)
        statements.assign(
            machine, node.place, Unknown(f"`{snippet(scope.unit.span(node.place), 40)}`", span), scope
        )
    return value


# Equality and operators


def equal(machine: Machine, one: Value, other: Value, span: Span | None) -> Value:
    """`==` as the derived one is: by value."""
    return machine.lift(lambda a, b: _equal(machine, a, b, span), bare(machine, one), bare(machine, other))


def _equal(machine: Machine, one: Value, other: Value, span: Span | None) -> Value:
    from wslint.machine import operators

    if isinstance(one, Object) and isinstance(other, Object) and one is not other:
        if one.kind == other.kind == "Variant" and one.extra[1] != other.extra[1]:
            return False
        if one.kind != other.kind or one.kind not in ("Variant", "Instance", "Array", "Err"):
            return Unknown("whether they are the same", span)
        return _same_parts(machine, one, other, span)
    if (
        isinstance(one, Object) != isinstance(other, Object)
        and not isinstance(one, Unknown)
        and not isinstance(other, Unknown)
    ):
        held = one if isinstance(one, Object) else other
        if held.kind == "Address":
            return operators.equal(machine, one, other, span)
        return False if (one is None or other is None) else Unknown("whether they are the same", span)
    return operators.equal(machine, one, other, span)


def _same_parts(machine: Machine, one: Object, other: Object, span: Span | None) -> Value:
    if one.kind == "Array":
        mine, theirs = patterns.listed(machine, one), patterns.listed(machine, other)
        if mine is None or theirs is None:
            return Unknown("whether the lists are the same", span)
        if len(mine) != len(theirs):
            return False
        pairs = list(zip(mine, theirs, strict=True))
    else:
        keys = [key for key in one.slots if isinstance(key, tuple) and key[0] == "p"]
        if one.slots.get("open") or other.slots.get("open"):
            return Unknown("whether they are the same", span)
        pairs = [(one.slots[key], other.slots.get(key, UNDEFINED)) for key in keys]
    found: Value = True
    for mine_part, their_part in reversed(pairs):
        same = equal(machine, mine_part, their_part, span)
        found = patterns._and(machine, same, found)
    return found


def binary(
    machine: Machine, operator: str, left: Value, right: Value, span: Span
) -> tuple[Value, Value, Value]:
    """The operands of an operator without wrappers; what it gives, where Rust has its own way, else None."""
    left, right = bare(machine, left), bare(machine, right)
    if operator in ("===", "!=="):
        found = equal(machine, left, right, span)
        if operator == "!==":
            found = machine.lift(lambda held: _negated(machine, held), found)
        return left, right, found
    if operator in ("-", "/", "%", "*"):
        return (
            left,
            right,
            machine.lift(lambda one, other: _arithmetic(operator, one, other, span), left, right),
        )
    return left, right, None


def _negated(machine: Machine, held: Value) -> Value:
    if isinstance(held, Unknown):
        return OneOf(machine.truth_choice(held, held.place), ((1, False), (2, True)))
    return not held


def _arithmetic(operator: str, one: Value, other: Value, span: Span) -> Value:
    """Of whole numbers: a division cuts off, and a difference below zero may wrap round or panic."""
    from wslint.machine import operators

    if not isinstance(one, float) or not isinstance(other, float) or isinstance(one, bool):
        return operators.of_both(operator, one, other, span)
    if operator == "-" and one >= other:
        return one - other
    if operator == "*" and abs(one * other) < 2**31:
        return one * other
    if operator in ("/", "%") and other > 0 and one >= 0 and one == int(one) and other == int(other):
        whole = float(int(one) // int(other))
        if operator == "%":
            return one - whole * other
        if whole * other == one:
            return whole
    return Unknown(f"`{operator}`", span)


def cast(value: Value, kind: str, span: Span) -> Value:
    """`value as kind`; the value is no `OneOf`."""
    if kind == "char" and isinstance(value, float) and 0 <= value < 256:
        return chr(int(value))
    if isinstance(value, str) and len(value) == 1 and kind.startswith(("u", "i")):
        return float(ord(value))
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float) and kind.startswith(("u", "i")):
        most = {"u8": 2**8, "u16": 2**16, "i8": 2**7, "i16": 2**15}.get(kind, 2**31)
        return float(int(value)) if 0 <= value < most else Unknown("a number that is cut", span)
    return value


# Methods


def method_call(
    machine: Machine, node: tree.Call, function: tree.Member, receiver: Value, scope: Scope
) -> Value:
    """`receiver.name(…)`, by what the receiver is."""
    given = calls.invocation(machine, node, function.name, receiver, scope)
    called = calls._called(node, scope)
    receiver = machine.known(receiver)
    change = methods.change(machine, receiver, given)
    if change is not None:
        result, value = change
        if isinstance(receiver, Object) and receiver.kind == "Cell":
            lists.wrote(machine, receiver, value, given.span)
        else:
            _write_back(machine, function.object, value, scope)
        return result
    return machine.each(receiver, lambda held: methods.method(machine, held, given, scope, called))


def _write_back(machine: Machine, place: tree.Expression, value: Value, scope: Scope) -> None:
    """A method changed a text or an Option where it stands."""
    from wslint.machine import statements
    from wslint.machine.expressions import value_of

    while isinstance(place, tree.Call) and isinstance(place.function, tree.Member) and not place.arguments:
        place = place.function.object
    while isinstance(place, tree.Propagate | tree.Lend):
        place = place.value if isinstance(place, tree.Propagate) else place.place
    if isinstance(place, tree.Name | tree.Member | tree.Index):
        held = machine.known(value_of(machine, place, scope))
        if isinstance(held, Object) and held.kind == "Cell":
            lists.wrote(machine, held, value, scope.unit.span(place))
        else:
            statements.assign(machine, place, value, scope)


def assign_to(machine: Machine, held: Value, value: Value, span: Span) -> bool:
    """`*cell = value`: whether what stands there is a cell, which keeps its place."""
    if (
        isinstance(held, Object)
        and held.kind == "Cell"
        and not (isinstance(value, Object) and value.kind == "Cell")
    ):
        lists.wrote(machine, held, value, span)
        return True
    return False


def own_method(machine: Machine, cls: ClassValue, name: str) -> tree.ClassMember | None:
    return next(
        (member for member in cls.node.members if member.name == name and member.kind == "method"), None
    )


def construct(machine: Machine, cls: ClassValue, given: Invocation) -> Value:
    """A tuple struct, or the object that `DurableObject::new` makes."""
    made = own_method(machine, cls, "new")
    if given.new:
        check_started(machine, cls, given.span)
    if given.new and (made is None or "DurableObject" not in cls.node.traits):
        machine.give_up(f"where `{cls.name}` is a `DurableObject` is not read", given.span)
    if made is not None and isinstance(made.value, tree.Function) and given.new:
        return calls.invoke_closure(
            machine, Closure(made.value, cls.scope, cls, cls), given.arguments, given.span, cls, given
        )
    slots: dict[Any, Value] = {("p", str(place)): held for place, held in enumerate(given.arguments)}
    return Object("Instance", slots, given.span, cls)


def check_started(machine: Machine, cls: ClassValue, span: Span, by_runtime: bool = False) -> None:
    """An object behind glue is only made once the glue was started. Where the runtime makes it, no request has come
    to its isolate before."""
    from wslint.machine import glue

    unit = machine.glued.get(id(cls.node))
    if (
        by_runtime
        and unit is not None
        and b"WebAssembly" in unit.file.data
        and id(unit) not in machine.started
    ):
        machine.throw(
            f"TypeError: Cannot read properties of undefined (reading '{cls.name.lower()}_new')", span
        )
    glue.check_started(machine, machine.glued.get(id(cls.node)), f"{cls.name.lower()}_new", span)


def handler(machine: Machine, instance: Object, name: str, span: Span) -> tuple[str, bool]:
    """A handler's name in the trait; whether it is left to the trait, whose own panics."""
    cls: ClassValue = instance.extra
    own = HANDLERS.get(name, name)
    if "DurableObject" not in cls.node.traits:
        machine.give_up(f"where `{cls.name}` is a `DurableObject` is not read", span)
    return own, own_method(machine, cls, own) is None


def for_javascript(machine: Machine, function: Closure, given: Invocation) -> Value:
    """A function or a method of Rust as the glue hands it to JavaScript."""
    from wslint.runtime import promise

    inner = Invocation(given.name, function.this, given.arguments, given.span)

    def run() -> Value:
        value = machine.awaited(calls.apply(machine, function, inner, function.this), given.span)
        return results.answered(machine, value, given.span)

    if not function.node.is_async:
        return run()
    return promise.made(promise.caught(machine, run), given.span)


def method_for_javascript(machine: Machine, instance: Object, given: Invocation) -> Value:
    """`inner.webSocketMessage(…)` of JavaScript in front: what the class's own trait has."""
    from wslint.runtime import promise

    own, is_missing = handler(machine, instance, given.name, given.span)
    if is_missing:
        if own not in (*HANDLERS.values(), "alarm"):
            machine.throw(f"TypeError: {given.name} is not a function", given.span)
        return promise.made(
            promise.caught(
                machine, lambda: results.panic(machine, f"not implemented: {own}() handler", given.span)
            ),
            given.span,
        )
    function = machine.known(calls.member(machine, instance, own, given.span))
    if not isinstance(function, Closure):
        return machine.unread_call(given.name, given.span, given.arguments)
    return for_javascript(machine, function, given)


def later(machine: Machine, value: Value, span: Span) -> None:
    """A future that is spawned: it runs after the answer."""
    if isinstance(value, Object) and value.kind == "Future":
        machine.run_later(Native("spawned", lambda host, given: host.awaited(value, span)), [], span)
    elif isinstance(value, Closure):
        machine.run_later(value, [], span)
