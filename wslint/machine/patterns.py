"""Patterns that may not fit: Rust's `match` and `if let`. Whether one fits is worked out without running anything,
so that it is one condition, whatever the pattern asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.late import Late
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue, Scope
from wslint.runtime.rust import results
from wslint.runtime.rust.results import bare, deref, viewed
from wslint.source import tree
from wslint.values.heap import Object
from wslint.values.value import UNDEFINED, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine import statements
else:
    statements = Late("wslint.machine.statements")

MESSAGE = "the message"
"""What a variant of `WebSocketIncomingMessage` holds: the message itself."""


def fits(machine: Machine, pattern: tree.Pattern, value: Value, scope: Scope) -> Value:
    """Whether a value has a pattern's form: a boolean, one that hangs on choices, or unknown."""
    match pattern:
        case tree.CasePattern():
            return _case(machine, pattern, value, scope)
        case tree.ValuePattern():
            if isinstance(pattern.value, tree.Constant) and pattern.value.value == "null":
                return viewed(
                    machine, value, lambda held: False, lambda held: held is None or results.of_either(held)
                )
            from wslint.machine.expressions import value_of

            return _equal(machine, value, value_of(machine, pattern.value, scope), pattern, scope)
        case tree.RangePattern():
            return _in_range(machine, pattern, value, scope)
        case tree.EitherPattern():
            found: Value = False
            for item in reversed(pattern.items):
                found = _or(machine, fits(machine, item, value, scope), found)
            return found
        case tree.AliasPattern():
            return fits(machine, pattern.pattern, value, scope)
        case tree.ArrayPattern():
            return machine.lift(lambda held: _list(machine, pattern, held, scope), bare(machine, value))
    return True


def _truth(machine: Machine, value: Value) -> Value:
    """A boolean that hangs on choices; what is unknown gets one of its own."""

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            return OneOf(machine.truth_choice(held, held.place), ((1, True), (2, False)))
        return held

    return machine.lift(one, value)


def _and(machine: Machine, one: Value, other: Value) -> Value:
    return machine.lift(lambda first: other if first is True else False, _truth(machine, one))


def _or(machine: Machine, one: Value, other: Value) -> Value:
    return machine.lift(lambda first: True if first is True else other, _truth(machine, one))


def _equal(machine: Machine, value: Value, other: Value, pattern: tree.Node, scope: Scope) -> Value:
    from wslint.machine.rust import equal

    return _truth(machine, equal(machine, value, other, scope.unit.span(pattern)))


def _in_range(machine: Machine, pattern: tree.RangePattern, value: Value, scope: Scope) -> Value:
    from wslint.machine.expressions import value_of

    span = scope.unit.span(pattern)
    low = value_of(machine, pattern.low, scope) if pattern.low is not None else None
    high = value_of(machine, pattern.high, scope) if pattern.high is not None else None

    def one(held: Value, least: Value, most: Value) -> Value:
        if isinstance(held, Unknown):
            return _truth(
                machine,
                held.derived(("within", pattern.start), f"whether {held.why} is within the range", span),
            )
        for end, sign in ((least, 1), (most, -1)):
            if end is None:
                continue
            if type(end) is not type(held) or not isinstance(held, (str, float)):
                return _truth(machine, Unknown("whether it is within the range", span))
            if (held < end if sign > 0 else held > end) or (
                sign < 0 and held == end and not pattern.inclusive
            ):
                return False
        return True

    return machine.lift(one, bare(machine, value), bare(machine, low), bare(machine, high))


def _list(machine: Machine, pattern: tree.ArrayPattern, value: Value, scope: Scope) -> Value:
    """A slice or a tuple: by its length and each item."""
    at = _rest(pattern)
    count = len(pattern.items) - (1 if at is not None else 0)
    items = listed(machine, value)
    if items is None:
        holder = value if isinstance(value, Unknown) else Unknown("a list", scope.unit.span(pattern))
        found: Value = True
        if not isinstance(value, Unknown) or value.known.get("list"):
            found = _truth(
                machine, holder.derived(("has", count, at is None), "whether the list has this length")
            )
    elif len(items) < count or (at is None and len(items) != count):
        return False
    else:
        found = True
    for place, item in reversed(list(enumerate(pattern.items))):
        if item is None or isinstance(item, tree.RestPattern) or _is_rest(item):
            continue
        found = _and(machine, fits(machine, item, part(machine, value, place, pattern, scope), scope), found)
    return found


def _is_rest(item: tree.Pattern | None) -> bool:
    return isinstance(item, tree.RestPattern) or (
        isinstance(item, tree.AliasPattern) and isinstance(item.pattern, tree.RestPattern)
    )


def _rest(pattern: tree.ArrayPattern) -> int | None:
    return next((place for place, item in enumerate(pattern.items) if _is_rest(item)), None)


def listed(machine: Machine, value: Value) -> tuple[Value, ...] | None:
    """The items of a list or tuple, where all are known to be there."""
    if (
        isinstance(value, Object)
        and value.kind == "Array"
        and not value.slots.get("open")
        and "escaped" not in value.slots
    ):
        held = machine.known(value.slots.get("items", ()))
        return held if isinstance(held, tuple) else None
    return None


def part(machine: Machine, value: Value, place: int, pattern: tree.ArrayPattern, scope: Scope) -> Value:
    """What stands at an item of a pattern."""
    at = _rest(pattern)
    items = listed(machine, value)
    if items is not None:
        if at is None or place < at:
            return machine.known(items[place]) if place < len(items) else UNDEFINED
        if place == at:
            return Object(
                "Array",
                {"items": items[at : len(items) - (len(pattern.items) - 1 - at)]},
                scope.unit.span(pattern),
            )
        back = len(items) - (len(pattern.items) - place)
        return machine.known(items[back]) if 0 <= back < len(items) else UNDEFINED
    if isinstance(value, Unknown):
        return value.derived(
            ("item", place if at is None or place < at else place - len(pattern.items)),
            f"a part of {value.why}",
        )
    if isinstance(value, Object) and value.kind == "Instance":
        return machine.known(value.slots.get(("p", str(place)), Unknown("a part")))
    return Unknown("a part", scope.unit.span(pattern))


# Variants


def _case(machine: Machine, pattern: tree.CasePattern, value: Value, scope: Scope) -> Value:
    name = pattern.path[-1] if pattern.path else ""
    if name in ("Some", "Ok", "Err") and len(pattern.items) == 1:
        inner = pattern.items[0]
        if name == "Err":
            return viewed(
                machine,
                value,
                lambda held: False,
                lambda held: held is not None and fits(machine, inner, held.slots["value"], scope),
            )
        return viewed(machine, value, lambda held: fits(machine, inner, held, scope), lambda held: False)
    return machine.lift(lambda held: _variant(machine, pattern, held, scope), bare(machine, value))


def _variant(machine: Machine, pattern: tree.CasePattern, held: Value, scope: Scope) -> Value:
    name, owner = pattern.path[-1], pattern.path[-2] if len(pattern.path) > 1 else ""
    if owner == "Method" and not pattern.items:
        return _equal(machine, held, name.upper(), pattern, scope)
    if owner == "WebSocketIncomingMessage":
        is_text = _is_text(machine, held)
        return machine.lift(lambda one: one == (name == "String"), is_text)
    if isinstance(held, Object) and held.kind == "Variant":
        return _parts(machine, pattern, held, scope) if held.extra[1] == name else False
    cls = _class_of(machine, pattern, scope)
    if isinstance(held, Unknown):
        if cls is not None and not cls.node.variants:
            return _parts(machine, pattern, held, scope)
        case = machine.case_of(held, f"{owner}::{name}")
        choice = machine.value_choice(held)
        text = "::".join(pattern.path)
        choice.words.setdefault(case, f"{held.why or 'it'} is `{text}`")
        choice.words.setdefault(~case, f"{held.why or 'it'} is not `{text}`")
        return _and(
            machine, OneOf(choice, ((case, True), (~case, False))), _parts(machine, pattern, held, scope)
        )
    if cls is not None:
        return _parts(machine, pattern, held, scope)
    if not pattern.items and not pattern.fields:
        from wslint.machine.expressions import value_of

        node: tree.Expression = tree.Name(pattern.start, pattern.end, pattern.path[0])
        for each in pattern.path[1:]:
            node = tree.Member(pattern.start, pattern.end, node, each, pattern.start)
        return _equal(machine, held, value_of(machine, node, scope), pattern, scope)
    if name == "WebSocketPair" or (isinstance(held, Object) and held.kind == "Object"):
        return True
    return _truth(machine, Unknown(f"whether it is `{name}`", scope.unit.span(pattern)))


def _is_text(machine: Machine, held: Value) -> Value:
    """Whether a message is a text."""
    from wslint.machine import operators

    if not isinstance(held, Unknown):
        return isinstance(held, str)
    if held.known.get("message") == "text":
        return True
    kind = operators.type_of(held, held.place)
    if not isinstance(kind, Unknown):
        return kind == "string"
    found = machine.is_constant(kind, "string")
    if isinstance(found, OneOf):
        case = found.cases[0][0]
        found.choice.words.setdefault(case, "the message is a text")
        found.choice.words.setdefault(~case, "the message is binary")
    return found


def _class_of(machine: Machine, pattern: tree.CasePattern, scope: Scope) -> ClassValue | None:
    """The struct or enum that a pattern names."""
    from wslint.machine.expressions import value_of

    for name in pattern.path[-2:] if len(pattern.path) > 1 else pattern.path:
        found = value_of(machine, tree.Name(pattern.start, pattern.end, name), scope)
        if isinstance(found, ClassValue):
            return found
    return None


def _parts(machine: Machine, pattern: tree.CasePattern, held: Value, scope: Scope) -> Value:
    found: Value = True
    for key, item in reversed(inside(pattern)):
        found = _and(machine, fits(machine, item, _slot(machine, held, key), scope), found)
    return found


def inside(pattern: tree.CasePattern) -> list[tuple[str, tree.Pattern]]:
    """The patterns inside of one, by field; of a tuple, by place."""
    if len(pattern.path) > 1 and pattern.path[-2] == "WebSocketIncomingMessage":
        return [(MESSAGE, item) for item in pattern.items]
    return [(str(place), item) for place, item in enumerate(pattern.items)] + pattern.fields


def _slot(machine: Machine, held: Value, key: str) -> Value:
    held = deref(machine, held)
    if isinstance(held, OneOf):
        return machine.lift(lambda one: _slot(machine, one, key), held)
    if isinstance(held, str) or key == MESSAGE:
        return held
    if isinstance(held, Object):
        if held.kind == "WebSocketPair":
            return held.extra[0 if key == "client" else 1]
        found = held.slots.get(("p", key))
        return machine.known(found) if ("p", key) in held.slots else Unknown(f"`{key}`", held.place)
    if isinstance(held, Unknown):
        return held.derived(("field", key), f"`{key}` of {held.why}")
    return Unknown(f"`{key}`")


# Binding


def bind(machine: Machine, pattern: tree.Pattern, value: Value, scope: Scope) -> bool:
    """Bind the names of a pattern that fits. False for patterns that every language has."""
    match pattern:
        case tree.CasePattern():
            _bind_case(machine, pattern, value, scope)
        case tree.AliasPattern():
            statements.declare(machine, pattern.name, value, scope)
            bind_any(machine, pattern.pattern, value, scope)
        case tree.EitherPattern():
            _bind_either(machine, pattern, value, scope)
        case tree.ArrayPattern() if scope.unit.language.name == "rust":
            for place, item in enumerate(pattern.items):
                if item is None or isinstance(item, tree.RestPattern):
                    continue
                held = machine.lift(
                    lambda one, at=place: part(machine, one, at, pattern, scope), bare(machine, value)
                )
                if _is_rest(item) and isinstance(item, tree.AliasPattern):
                    statements.declare(machine, item.name, held, scope)
                else:
                    bind_any(machine, item, held, scope)
        case tree.ValuePattern() | tree.RangePattern() | tree.RestPattern():
            pass
        case _:
            return False
    return True


def bind_any(machine: Machine, pattern: tree.Pattern, value: Value, scope: Scope) -> None:
    statements.bind(machine, pattern, value, scope)


def _bind_case(machine: Machine, pattern: tree.CasePattern, value: Value, scope: Scope) -> None:
    name = pattern.path[-1] if pattern.path else ""
    if name in ("Some", "Ok", "Err") and len(pattern.items) == 1:
        if name == "Err":
            held = viewed(
                machine,
                value,
                lambda one: UNDEFINED,
                lambda one: one.slots["value"] if one is not None else UNDEFINED,
            )
        else:
            held = viewed(machine, value, lambda one: one, lambda one: UNDEFINED)
        bind_any(machine, pattern.items[0], machine.known(held), scope)
        return
    for key, item in inside(pattern):
        bind_any(machine, item, machine.lift(lambda one, at=key: _slot(machine, one, at), value), scope)


def _bind_either(machine: Machine, pattern: tree.EitherPattern, value: Value, scope: Scope) -> None:
    """The names are those of the alternative that fits; where that hangs on a choice, of each in turn."""
    for item in reversed(pattern.items):
        found = machine.known(fits(machine, item, value, scope))
        if found is False:
            continue
        before = {name: scope.names.get(name) for name in bound(item)}
        bind_any(machine, item, value, scope)
        if found is not True:
            for name, old in before.items():
                if old is not None:
                    scope.names[name] = machine.lift(
                        lambda one, new, last: new if one is True else last, found, scope.names[name], old
                    )


def bound(pattern: tree.Pattern) -> list[str]:
    """The names that a pattern binds."""
    match pattern:
        case tree.Name():
            return [pattern.name]
        case tree.AliasPattern():
            return [pattern.name, *bound(pattern.pattern)]
        case tree.CasePattern():
            return [name for _, item in inside(pattern) for name in bound(item)]
        case tree.ArrayPattern() | tree.EitherPattern():
            return [name for item in pattern.items if item is not None for name in bound(item)]
    return []
