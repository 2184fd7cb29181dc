"""Python's operators where they differ from JavaScript's: equality, truth, texts and lists, what they refuse."""

from __future__ import annotations

import operator as calculated
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.runtime import collections as shared
from wslint.runtime.python import containers
from wslint.runtime.python.errors import fail
from wslint.runtime.python.reals import Real
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value, is_constant, leaves

if TYPE_CHECKING:
    from wslint.machine import operators
else:
    operators = Late("wslint.machine.operators")

_NUMBERS: dict[str, Any] = {
    "+": calculated.add, "-": calculated.sub, "*": calculated.mul, "/": calculated.truediv, "//": calculated.floordiv,
    "%": calculated.mod, "<": calculated.lt, "<=": calculated.le, ">": calculated.gt, ">=": calculated.ge,
    "&": calculated.and_, "|": calculated.or_, "^": calculated.xor, "<<": calculated.lshift, ">>": calculated.rshift,
}  # fmt: skip
_ORDER = frozenset({"<", "<=", ">", ">="})
_MOST = 2**63


class Refused:
    """What an operator raises."""

    def __init__(self, text: str) -> None:
        self.text = text


# Truth


def asked(host: Any, value: Value) -> Value:
    """What the truth of a value hangs on: of a container whether it holds something, of an instance `__bool__`."""
    return host.lift(lambda held: _asked(host, held), value)


def _asked(host: Any, value: Value) -> Value:
    if not isinstance(value, Object):
        return value
    if value.kind == "JsNull":
        return False
    if value.kind == "Array":
        return _filled(host, value)
    if value.kind in ("Map", "Set"):
        found: Value = False
        for slot, held in value.slots.items():
            if shared.is_key(slot):
                found = host.lift(lambda one, rest: rest if one is ABSENT else True, held, found)
        if found is not True and shared.is_open(value):
            return _open_truth(value)
        return found
    if value.kind == "Instance":
        from wslint.machine import calls

        if any(calls.find(host, value.extra, name) for name in ("__bool__", "__len__")):
            return _open_truth(value)
    return True


def _filled(host: Any, value: Object) -> Value:
    def one(items: Value) -> Value:
        if not isinstance(items, tuple):
            return _open_truth(value)
        return True if items else _open_truth(value) if shared.is_open(value) else False

    return host.lift(one, value.slots.get("items", ()))


def _open_truth(value: Object) -> Value:
    """Whether something of which not all is known holds anything: the same each time it is asked."""
    held = value.slots.get(("unknown", "truth"))
    if held is None:
        owner = value.slots.get("open")
        held = Unknown("whether it holds anything", value.place)
        if isinstance(owner, str):
            held.owner = owner  # type: ignore[assignment]
        value.slots[("unknown", "truth")] = held
    return held


# Equality


def equal(host: Any, left: Value, right: Value, span: Span | None) -> Value:
    """`left == right`. It neither throws nor writes; neither side is `OneOf`."""
    left, right = (None if one is UNDEFINED else one for one in (left, right))
    if isinstance(left, bool) and isinstance(right, bool | int | float):
        return float(left) == float(right)
    if isinstance(right, bool) and isinstance(left, int | float):
        return float(left) == float(right)
    if isinstance(left, Object) and isinstance(right, Object) and left is not right:
        return _same_objects(host, left, right, span)
    return operators.equal(host, left, right, span)


def _same_objects(host: Any, left: Object, right: Object, span: Span | None) -> Value:
    if left.kind == right.kind == "Array":
        if left.extra in ("list", "tuple") and right.extra in ("list", "tuple") and left.extra != right.extra:
            return False
        one, other = (host.known(held.slots.get("items", ())) for held in (left, right))
        if (
            shared.is_open(left)
            or shared.is_open(right)
            or not isinstance(one, tuple)
            or not isinstance(other, tuple)
        ):
            return Unknown("whether the lists are the same", span)
        if len(one) != len(other):
            return False
        return _all(
            host,
            [host.lift(lambda a, b: equal(host, a, b, span), a, b) for a, b in zip(one, other, strict=True)],
            span,
        )
    if left.kind == right.kind and left.kind in ("Map", "Set"):
        if shared.is_open(left) or shared.is_open(right):
            return Unknown("whether they hold the same", span)
        if {slot for slot in left.slots if shared.is_key(slot)} != {
            slot for slot in right.slots if shared.is_key(slot)
        }:
            return False
        held = [(left.slots[slot], right.slots[slot]) for slot in left.slots if shared.is_key(slot)]
        return _all(host, [host.lift(lambda a, b: equal(host, a, b, span), a, b) for a, b in held], span)
    if left.kind == right.kind == "Instance":
        from wslint.machine import calls
        from wslint.runtime.python.classes import is_dataclass

        if calls.find(host, left.extra, "__eq__") or is_dataclass(left.extra):
            return Unknown("whether they are the same", span)
    return operators.equal(host, left, right, span)


def _all(host: Any, verdicts: list[Value], span: Span | None) -> Value:
    found: Value = True
    for verdict in reversed(verdicts):
        if isinstance(verdict, Unknown):
            choice = host.truth_choice(verdict, span)
            verdict = OneOf(choice, ((1, True), (2, False)))
        found = host.lift(lambda one, rest: rest if one is True else False, verdict, found)
    return found


def identical(host: Any, left: Value, right: Value, span: Span) -> Value:
    """`left is right` of two things of which neither is None, True or False: a proxy is made anew each time."""
    if left is right:
        return True
    if is_constant(left) or is_constant(right):
        same = equal(host, left, right, span)
        return (
            same
            if same is not True or not isinstance(left, str | float)
            else Unknown("whether they are one", span)
        )
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown("whether they are one", span)
    from wslint.machine.scope import ClassValue, Global

    if isinstance(left, Global) and isinstance(right, Global):
        if left.name.rpartition(".")[2] != right.name.rpartition(".")[2]:
            return False
        return (left.specifier, left.name) == (right.specifier, right.name) or Unknown(
            "whether they are one", span
        )
    if isinstance(left, ClassValue) and isinstance(right, ClassValue):
        return left.node is right.node
    return False


# Operators of two operands


def binary(host: Any, operator: str, left: Value, right: Value, span: Span, scope: Any) -> Value:
    """`left operator right`; either may be one of several."""
    found = host.lift(lambda one, other: _binary(host, operator, one, other, span, scope), left, right)
    if any(isinstance(one, Refused) for one in leaves(found)):
        return host.each(found, lambda one: fail(host, one.text, span) if isinstance(one, Refused) else one)
    return found


def _binary(host: Any, operator: str, left: Value, right: Value, span: Span, scope: Any) -> Value:
    if operator in ("===", "!=="):
        held = equal(host, left, right, span)
        return (
            held
            if operator == "==="
            else host.lift(lambda one: operators.unary(host, "!", one, span, scope), held)
        )
    if operator in ("in", "not in"):
        held = _contained(host, left, right, span, scope)
        if isinstance(held, Refused) or operator == "in":
            return held
        return host.lift(lambda one: operators.unary(host, "!", one, span, scope), held)
    if operator in ("as many", "at least", "mapping"):
        return _matches(host, operator, left, right, span)
    left, right = (None if one is UNDEFINED else one for one in (left, right))
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
            return operators.joined(host, [left, right], span)
        return operators.of_both(operator, left, right, span)
    if isinstance(left, bool | int | float) and isinstance(right, bool | int | float):
        return _number(operator, left, right, span)
    if isinstance(left, str) and isinstance(right, str):
        if operator in _ORDER:
            return _NUMBERS[operator](left, right)
        return left + right if operator == "+" else _refused(operator, left, right)
    if operator == "%" and isinstance(left, str):
        return Unknown("a text", span)
    if isinstance(left, Object) or isinstance(right, Object):
        return _of_objects(host, operator, left, right, span)
    if operator == "*" and isinstance(left, str) and isinstance(right, int | float):
        return left * int(right) if len(left) * abs(right) < 40_000 else Unknown("a long text", span)
    if not is_constant(left) or not is_constant(right):
        return _union(left, right, span) if operator == "|" else Unknown(f"`{operator}`", span)
    return _refused(operator, left, right)


def _refused(operator: str, left: Value, right: Value) -> Refused:
    one, other = containers.type_name(left), containers.type_name(right)
    if operator in _ORDER:
        return Refused(f"TypeError: '{operator}' not supported between instances of '{one}' and '{other}'")
    if operator == "+" and isinstance(left, str):
        return Refused(f'TypeError: can only concatenate str (not "{other}") to str')
    return Refused(f"TypeError: unsupported operand type(s) for {operator}: '{one}' and '{other}'")


def _number(operator: str, left: Any, right: Any, span: Span) -> Value:
    found = _calculated(operator, left, right, span)
    if isinstance(found, int | float) and not isinstance(found, bool):
        if operator == "/" or isinstance(left, Real) or isinstance(right, Real):
            return Real(found)
    return found


def _calculated(operator: str, left: Any, right: Any, span: Span) -> Value:
    left, right = (
        int(one) if isinstance(one, float) and one.is_integer() and abs(one) < 1e15 else one
        for one in (left, right)
    )
    if operator in ("/", "//", "%") and right == 0:
        return Refused("ZeroDivisionError: division by zero")
    if operator == "**":
        return left**right if abs(left) < 1e6 and 0 <= right < 16 else Unknown("a number", span)
    if operator in ("<<", ">>") and not (isinstance(right, int) and 0 <= right < 64):
        return Unknown("a number", span)
    function = _NUMBERS.get(operator)
    try:
        found = function(left, right) if function is not None else Unknown(f"`{operator}`", span)
    except (TypeError, OverflowError, ValueError):
        return Unknown(f"`{operator}`", span)
    return (
        found if isinstance(found, bool | Unknown) or abs(found) < _MOST else Unknown("a large number", span)
    )


def _of_objects(host: Any, operator: str, left: Value, right: Value, span: Span) -> Value:
    if (
        operator == "+"
        and isinstance(left, Object)
        and isinstance(right, Object)
        and left.kind == right.kind == "Array"
    ):
        one, other = (host.known(held.slots.get("items", ())) for held in (left, right))
        if isinstance(one, tuple) and isinstance(other, tuple) and len(one) + len(other) < containers.MOST:
            open_ = left.slots.get("open") or right.slots.get("open") or False
            return containers.array((*one, *other), span, open_, left.extra or "list")
        return containers.array((), span, True)
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        other = right if isinstance(left, str) else left
        if isinstance(other, Object) and other.kind in ("Address", "URL"):
            return operators.joined(host, [left, right], span)
        if containers.is_own(other) or (
            isinstance(other, Object) and other.kind in ("WebSocket", "Request", "Response")
        ):
            return _refused(operator, left, right)
    if (
        operator == "|"
        and isinstance(left, Object)
        and isinstance(right, Object)
        and left.kind == right.kind == "Map"
    ):
        made = Object("Map", dict(left.slots), span, "dict")
        made.slots.update(right.slots)
        return made
    if operator == "*" and isinstance(left, Object) and left.kind == "Array" and isinstance(right, int):
        items = host.known(left.slots.get("items", ()))
        if isinstance(items, tuple) and len(items) * right < containers.MOST and not shared.is_open(left):
            return containers.array(items * right, span, False, left.extra or "list")
    if operator in _ORDER and (left is None or right is None):
        return _refused(operator, left, right)
    return Unknown(f"`{operator}`", span)


def _union(left: Value, right: Value, span: Span) -> Value:
    """`int | str`: either class."""
    return containers.array((left, right), span, False, "tuple")


def _contained(host: Any, key: Value, holder: Value, span: Span, scope: Any) -> Value:
    from wslint.machine import members

    if isinstance(holder, str):
        if isinstance(key, str):
            return key in holder
        if is_constant(key):
            return Refused(
                f"TypeError: 'in <string>' requires string as left operand, not {containers.type_name(key)}"
            )
    if holder is None or holder is UNDEFINED or isinstance(holder, bool | int | float):
        return Refused(
            f"TypeError: argument of type '{containers.type_name(holder)}' is not a container or iterable"
        )
    if isinstance(holder, Object) and holder.kind in ("Map", "Set", "Array"):
        if holder.kind != "Array" and isinstance(key, Object) and key.extra in ("list", "dict", "set"):
            return Refused(f"TypeError: unhashable type: '{key.extra}'")
        return containers.contains(host, holder, key, span)
    if isinstance(holder, Object) and holder.kind == "Headers" and isinstance(key, str):
        from wslint.runtime import headers

        held = headers.value(host, holder, key.lower(), span)
        return host.lift(
            lambda one: (
                one.derived("there", f"the header `{key}`") if isinstance(one, Unknown) else one is not None
            ),
            held,
        )
    return members.contains(host, holder, key, span, scope)


def _matches(host: Any, operator: str, value: Value, wanted: Value, span: Span) -> Value:
    """Whether a `match` pattern for sequences or mappings takes a value."""
    if isinstance(value, Unknown):
        return value.derived((operator, wanted), f"whether {value.why} fits a pattern", span)
    if operator == "mapping":
        return isinstance(value, Object) and value.kind in ("Map", "Object")
    if not isinstance(value, Object) or value.kind != "Array":
        return False
    if shared.is_open(value):
        return Unknown("whether the list fits a pattern", span)

    def one(items: Value) -> Value:
        if not isinstance(items, tuple):
            return Unknown("whether the list fits a pattern", span)
        return len(items) >= wanted if operator == "at least" else len(items) == wanted

    return host.lift(one, value.slots.get("items", ()))
