"""Operators: equality, logic, arithmetic, texts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue, Closure, Global, Native, Scope
from wslint.runtime import numbers, path_tests
from wslint.source import tree
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value, is_constant

if TYPE_CHECKING:
    from wslint.machine import expressions
    from wslint.runtime import python
else:
    expressions = Late("wslint.machine.expressions")
    python = Late("wslint.runtime.python")

_EQUAL = {"===": True, "==": True, "!==": False, "!=": False, "is": True}


def operation(machine: Machine, node: tree.Operation, scope: Scope) -> Value:
    operator, operands = node.operator, node.operands
    unit, span = scope.unit, scope.unit.span(node)
    if operator in ("&&", "||"):
        return _logic(machine, operator, operands, scope)
    if operator == "??":
        left = expressions.value_of(machine, operands[0], scope)
        return where_nullish(machine, left, span, lambda: expressions.value_of(machine, operands[1], scope))
    if operator == "?:":
        test = expressions.value_of(machine, operands[0], scope)
        sides = (
            lambda: expressions.value_of(machine, operands[1], scope),
            lambda: expressions.value_of(machine, operands[2], scope),
        )
        return machine.branch(test, unit.span(operands[0]), sides, unit)
    if operator == ",":
        result: Value = UNDEFINED
        for operand in operands:
            result = expressions.value_of(machine, operand, scope)
        return result
    if operator == "typeof" and isinstance(operands[0], tree.Name) and scope.find(operands[0].name) is None:
        from wslint.runtime.globals import is_global

        if operands[0].name not in ("this", "NaN", "Infinity") and not is_global(operands[0].name):
            return "undefined"
    if operator == "delete":
        return _delete(machine, operands[0], scope)
    if operator in ("format", "repr"):
        value, how = (expressions.value_of(machine, one, scope) for one in operands)
        return python.formatted(machine, operator, value, how, span)
    if len(operands) == 1:
        value = expressions.value_of(machine, operands[0], scope)
        if operator in ("!", "not") and unit.language.asked is not None:
            value = unit.language.asked(machine, value)
        if scope.unit.language.name == "rust":
            from wslint.machine import rust
            from wslint.runtime.rust.results import bare

            value = bare(machine, value)
            if operator.startswith("as "):
                return machine.lift(lambda held: rust.cast(held, operator[3:], span), value)
        return machine.lift(lambda held: unary(machine, operator, held, span, scope), value)
    if len(operands) == 2:
        left = _operand(machine, operands[0], scope)
        right = expressions.value_of(machine, operands[1], scope)
        return binary(machine, operator, left, right, span, scope)
    for operand in operands:
        expressions.value_of(machine, operand, scope)
    return Unknown(f"`{operator}`", span)


def _operand(machine: Machine, node: tree.Expression, scope: Scope) -> Value:
    pinned = machine.pinned.get(id(node), ABSENT)
    return expressions.value_of(machine, node, scope) if pinned is ABSENT else machine.known(pinned)


def _logic(machine: Machine, operator: str, operands: list[tree.Expression], scope: Scope) -> Value:
    """`a && b && c`: the first that decides."""

    def rest(at: int) -> Value:
        value = expressions.value_of(machine, operands[at], scope)
        if at == len(operands) - 1:
            return value

        def on() -> Value:
            return rest(at + 1)

        def stop() -> Value:
            return _side(machine, value, operator == "||", scope)

        sides: tuple[Callable[[], Value], Callable[[], Value]] = (
            (on, stop) if operator == "&&" else (stop, on)
        )
        return machine.branch(value, scope.unit.span(operands[at]), sides, scope.unit)

    return rest(0)


def _side(machine: Machine, value: Value, truth: bool, scope: Scope) -> Value:
    """A value where it is known to count as true or false: of an unknown condition only that is of interest."""
    return machine.known(value)


def where_nullish(machine: Machine, value: Value, span: Span, run: Callable[[], Value]) -> Value:
    """`value ?? run()`."""

    def one(held: Value) -> Value:
        if held is None or held is UNDEFINED or held is ABSENT:
            return run()
        if isinstance(held, Unknown):
            truth = held.known.get("truth")
            if truth is not None and machine.possible(truth) == 1:
                return held
            if held.known.get("type") in ("string", "number", "boolean"):
                return held
            mask = machine.case_of(held, None) | machine.case_of(held, UNDEFINED)
            choice = machine.value_choice(held)
            choice.words.setdefault(mask, f"{held.why or 'it'} is null")
            choice.words.setdefault(~mask, f"{held.why or 'it'} is not null")
            return machine.fork(choice, [(~mask, lambda: held), (mask, run)])
        return held

    return machine.each(value, one)


def where_undefined(machine: Machine, value: Value, run: Callable[[], Value]) -> Value:
    """The default of a parameter or of a part of a pattern, where what it would get is undefined. Null is not."""

    def one(held: Value) -> Value:
        if held is UNDEFINED or held is ABSENT:
            return run()
        if not isinstance(held, Unknown):
            return held
        truth = held.known.get("truth")
        if truth is not None and machine.possible(truth) == 1:
            return held
        if held.known.get("type") in ("string", "number", "boolean"):
            return held
        mask = machine.case_of(held, UNDEFINED)
        choice = machine.value_choice(held)
        choice.words.setdefault(mask, f"{held.why or 'it'} is undefined")
        choice.words.setdefault(~mask, f"{held.why or 'it'} is not undefined")
        return machine.fork(choice, [(~mask, lambda: held), (mask, run)])

    return machine.each(value, one)


def numeric(value: Value) -> Value:
    """A constant as arithmetic takes it; other things as they are."""
    if value is None:
        return 0.0
    if value is UNDEFINED:
        return float("nan")
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        return numbers.number_of(value)
    return value


def unary(machine: Machine, operator: str, value: Value, span: Span, scope: Scope) -> Value:
    """An operator with one operand."""
    if operator in ("!", "not"):
        if isinstance(value, Unknown):
            choice = machine.truth_choice(value, None)
            possible = machine.possible(choice)
            if possible in (1, 2):
                return possible == 2
            return OneOf(choice, ((1, False), (2, True)))
        return not scope.unit.language.truth(value)
    if operator == "typeof":
        return type_of(value, span)
    if operator == "void":
        return UNDEFINED
    if operator in ("-", "+", "~") and scope.unit.language.name == "javascript" and is_constant(value):
        number = numeric(value)
        if operator == "~":
            return float(~to_int32(number))
        return -number if operator == "-" else number
    if operator in ("-", "+") and isinstance(value, (int, float)) and not isinstance(value, bool):
        return -value if operator == "-" else value
    return _derived(operator, value, span)


def type_of(value: Value, span: Span | None) -> Value:
    if value is UNDEFINED or value is ABSENT:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, Closure | ClassValue | Native):
        return "function"
    if isinstance(value, Global):
        from wslint.runtime.globals import is_global

        known = is_global(value.name.split(".")[0])
        if value.specifier or not known:
            return Unknown("its type") if value.specifier else "undefined"
        return "object" if value.name in _NAMESPACES else "function"
    if isinstance(value, Unknown):
        if "type" in value.known:
            return value.known["type"]
        return value.derived("typeof", f"the type of {value.why}", span)
    if isinstance(value, Object) and value.kind in ("Address", "Symbol"):
        return "string" if value.kind == "Address" else "symbol"
    return "object"


_NAMESPACES = frozenset(
    {
        "console",
        "crypto",
        "caches",
        "navigator",
        "globalThis",
        "Math",
        "JSON",
        "Reflect",
        "Atomics",
        "Intl",
        "performance",
        "process",
    }
)
"""Globals that are no functions."""


def _derived(operator: str, value: Value, span: Span) -> Value:
    if isinstance(value, Unknown):
        return value.derived(("unary", operator), f"`{operator}` of {value.why}", span)
    return Unknown(f"`{operator}`", span)


def _delete(machine: Machine, target: tree.Expression, scope: Scope) -> Value:
    from wslint.machine import members
    from wslint.machine.expressions import value_of

    if isinstance(target, tree.Member):
        receiver = value_of(machine, target.object, scope)
        machine.each(
            receiver, lambda held: members.remove(machine, held, target.name, scope.unit.span(target))
        )
    elif isinstance(target, tree.Index):
        receiver, key = value_of(machine, target.object, scope), value_of(machine, target.index, scope)
        machine.each(
            receiver,
            lambda held: machine.each(key, lambda at: _removed(machine, held, at, target, scope)),
        )
    elif isinstance(target, tree.Array):
        for item in target.items:
            _delete(machine, item, scope)
    return True


def _removed(machine: Machine, holder: Value, key: Value, target: tree.Index, scope: Scope) -> Value:
    from wslint.machine import members

    span = scope.unit.span(target)
    if scope.unit.language.name == "python":
        return python.delete(machine, holder, key, span)
    return members.remove(machine, holder, key, span)


def binary(machine: Machine, operator: str, left: Value, right: Value, span: Span, scope: Scope) -> Value:
    """An operator with two operands."""
    if scope.unit.language.name == "python":
        return python.binary(machine, operator, left, right, span, scope)
    if scope.unit.language.name == "rust":
        from wslint.machine import rust

        left, right, found = rust.binary(machine, operator, left, right, span)
        if found is not None:
            return found
    if operator == "instanceof":
        return machine.lift(lambda one: _instance_of(machine, one, right, span), left)
    return machine.lift(lambda one, other: _binary(machine, operator, one, other, span, scope), left, right)


def _binary(machine: Machine, operator: str, left: Value, right: Value, span: Span, scope: Scope) -> Value:
    if operator in _EQUAL:
        held = equal(
            machine, left, right, span, strict=len(operator) != 2 or scope.unit.language.name != "javascript"
        )
        return (
            held
            if _EQUAL[operator]
            else machine.lift(lambda found: unary(machine, "!", found, span, scope), held)
        )
    if operator in ("in", "not in"):
        held = _contains(machine, left, right, span, scope)
        return (
            held
            if operator == "in"
            else machine.lift(lambda found: unary(machine, "!", found, span, scope), held)
        )
    if operator == "+":
        if isinstance(left, str) or isinstance(right, str):
            return joined(machine, [left, right], span)
        if isinstance(left, Object) and left.kind == "Address":
            return Unknown("an address", span)
        if scope.unit.language.name == "javascript" and (
            isinstance(left, Object) or isinstance(right, Object)
        ):
            texts = [text_of(side) for side in (left, right)]
            return "".join(map(str, texts)) if None not in texts else of_both(operator, left, right, span)
    if isinstance(left, str) and isinstance(right, str) and operator in ("<", ">", "<=", ">="):
        one, other = (side.encode("utf-16-be", "surrogatepass") for side in (left, right))
        return {"<": one < other, ">": one > other, "<=": one <= other, ">=": one >= other}[operator]
    if scope.unit.language.name == "javascript" and is_constant(left) and is_constant(right):
        left, right = numeric(left), numeric(right)
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        found = _number(operator, float(left), float(right))
        if found is not None:
            return found
    if (left is UNDEFINED or right is UNDEFINED) and operator in ("<", ">", "<=", ">="):
        other = right if left is UNDEFINED else left
        if is_constant(other):
            return False
    return of_both(operator, left, right, span)


def of_both(operator: str, left: Value, right: Value, span: Span | None) -> Value:
    """An unknown that comes of two values: the same for the same two."""
    for one, other, side in ((left, right, "l"), (right, left, "r")):
        if isinstance(one, Unknown):
            key = (
                "binary",
                operator,
                side,
                (type(other).__name__, other) if is_constant(other) else id(other),
            )
            return one.derived(key, f"`{operator}` of {one.why}", span)
    return Unknown(f"`{operator}`", span, "unread")


def _number(operator: str, left: float, right: float) -> Value:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            if right == 0:
                if left == 0 or left != left:
                    return float("nan")
                return math.copysign(float("inf"), math.copysign(1, left) * math.copysign(1, right))
            return left / right
        case "%":
            if right == 0 or right != right or left != left or abs(left) == float("inf"):
                return float("nan")
            return math.fmod(left, right)
        case "<":
            return left < right
        case ">":
            return left > right
        case "<=":
            return left <= right
        case ">=":
            return left >= right
        case "&" | "|" | "^" | "<<" | ">>" | ">>>":
            return _bits(operator, to_int32(left), to_int32(right))
        case "**":
            try:
                found = left**right
            except (OverflowError, ZeroDivisionError):
                return None
            return float(found) if isinstance(found, (int, float)) and found == found else None
    return None


def to_int32(value: float) -> int:
    """A number as the operators on bits take it."""
    if value != value or abs(value) == float("inf"):
        return 0
    return (int(value) + 2**31) % 2**32 - 2**31


def _bits(operator: str, left: int, right: int) -> float:
    match operator:
        case "&":
            return float(left & right)
        case "|":
            return float(left | right)
        case "^":
            return float(left ^ right)
        case "<<":
            return float(to_int32(left << (right % 32)))
        case ">>":
            return float(left >> (right % 32))
    return float((left % 2**32) >> (right % 32))


def equal(machine: Machine, left: Value, right: Value, span: Span | None, strict: bool = True) -> Value:
    """Whether two values are equal: a boolean, or one that hangs on a choice."""
    if left is ABSENT:
        left = UNDEFINED
    if right is ABSENT:
        right = UNDEFINED
    if left is right:
        return not (isinstance(left, float) and left != left)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Unknown) and is_constant(other):
            if one.known.get("type") == "string" and not isinstance(other, str):
                if strict or other is None or other is UNDEFINED:
                    return False
            if not strict and (other is None or other is UNDEFINED):
                mask = machine.case_of(one, None) | machine.case_of(one, UNDEFINED)
                truth = one.known.get("truth")
                if truth is not None and machine.possible(truth) == 1:
                    return False
                return OneOf(machine.value_choice(one), ((mask, True), (~mask, False)))
            return machine.is_constant(one, other)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        unknown, other = (left, right) if isinstance(left, Unknown) else (right, left)
        if isinstance(other, Unknown) and ("equal", id(unknown)) in other.known:
            unknown, other = other, unknown
        if (
            unknown.known.get("type") == "string"
            and isinstance(other, Object)
            and other.kind == "ArrayBuffer"
        ):
            return False
        made = unknown.derived(("equal", id(other)), f"whether {unknown.why} is the same", span)
        if isinstance(other, Unknown):
            made.known["equal of"] = unknown, other
        return made
    if isinstance(left, Global) and isinstance(right, Global):
        if (left.specifier, left.name) == (right.specifier, right.name):
            return True
        return (
            False if not left.specifier and not right.specifier else Unknown("whether it is the same", span)
        )
    if isinstance(left, Closure) and isinstance(right, Closure) and left.node is right.node:
        if left.scope is right.scope:
            is_method = left.cls is not None and not left.node.is_arrow
            return True if is_method else Unknown("whether it is the same function", span)
        return Unknown("whether it is the same function", span) if left.cls is not None else False
    if is_constant(left) and is_constant(right):
        if (left is None or left is UNDEFINED) and (right is None or right is UNDEFINED):
            return not strict
        if isinstance(left, bool) and isinstance(right, bool):
            return left == right
        if not strict and left not in (None, UNDEFINED) and right not in (None, UNDEFINED):
            if not (isinstance(left, str) and isinstance(right, str)):
                one, other = numeric(left), numeric(right)
                return bool(one == other)
        if isinstance(left, bool) or isinstance(right, bool):
            return False
        if isinstance(left, (int, float)) and isinstance(right, (int, float)):
            return float(left) == float(right)
        if isinstance(left, str) and isinstance(right, str):
            if type(left).__name__ == "PathText" or type(right).__name__ == "PathText":
                machine.tested_path = machine.looked_at_path = True
            if machine.path_asked and machine.path_asked in (left, right):
                subject, text = (left, right) if left == machine.path_asked else (right, left)
                if text.startswith("/") and path_tests.asked(machine, "text", text, subject, span):
                    return True
            if len(left) == len(path_tests.UPGRADE) and path_tests.oddly(machine, left, right, span):
                return True
            return str(left) == str(right)
        return False
    if not strict:
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Object) and isinstance(other, str | float | bool) and one.kind != "Address":
                return Unknown("`==`", span)
    if isinstance(left, Object) and isinstance(right, Object):
        if left.kind == right.kind == "Plain" and "." in f"{left.extra}{right.extra}":
            return Unknown("whether it is the same", span)
        if left.kind == "Address" or right.kind == "Address":
            return Unknown("whether the addresses are the same", span)
        if left.kind == right.kind == "DurableObjectId":
            return Unknown("whether the ids are the same", span)
        return False
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Object) and one.kind == "Address" and isinstance(other, str):
            tail = machine.known(one.slots["path"])
            if isinstance(tail, str) and not other.partition("?")[0].endswith(tail.partition("?")[0]):
                return False
            return Unknown("whether the address is this one", span)
    return False


def _contains(machine: Machine, key: Value, holder: Value, span: Span, scope: Scope) -> Value:
    from wslint.machine import members

    if isinstance(key, str) and isinstance(holder, str):
        if scope.unit.language.name == "javascript":
            return Unknown("`in`", span)
        return key in holder
    return members.contains(machine, holder, key, span, scope)


_PLAIN = frozenset(
    {"Uint8Array", "ArrayBuffer", "DataView", "Int32Array", "Uint16Array", "Float32Array", "Blob"}
)
_KINDS = {
    "Array": "Array",
    "Map": "Map",
    "Set": "Set",
    "Promise": "Promise",
    "RegExp": "RegExp",
    "Date": "Date",
}


def _instance_of(machine: Machine, value: Value, cls: Value, span: Span) -> Value:
    cls = machine.known(cls)
    if isinstance(value, Unknown):
        name = cls.name if isinstance(cls, Global | ClassValue) else id(cls)
        return value.derived(("instanceof", name), f"whether {value.why} is a `{name}`", span)
    if isinstance(cls, Global):
        name = cls.name
        if is_constant(value):
            return False
        if isinstance(value, Object):
            if name == "Object":
                return value.extra != "no prototype"
            if value.kind == "Error" and name.endswith(("Error", "Exception")):
                held = machine.known(value.slots.get("name", UNDEFINED))
                return name == "Error" or held == name
            if value.kind == "Instance":
                from wslint.machine import calls

                base = calls.outside_base(machine, value.extra)
                if base is None:
                    return Unknown(f"whether it is a `{name}`", span)
                return bool(base) and (base == name or (name == "Error" and base.endswith("Error")))
            if value.kind == "Plain":
                own = str(value.extra or "")
                return own == name if "." not in own and own in _PLAIN else Unknown("`instanceof`", span)
            if name in (
                "ArrayBuffer",
                "Blob",
                "Uint8Array",
                "Response",
                "Request",
                "URL",
                "Headers",
                "WebSocket",
            ):
                return value.kind == name
            return value.kind == _KINDS.get(name, name)
    if isinstance(cls, ClassValue) and isinstance(value, Object) and value.kind == "Instance":
        from wslint.machine import calls

        return any(base.node is cls.node for base in calls.line(machine, value.extra))
    return Unknown("`instanceof`", span)


# Texts


def joined(machine: Machine, parts: list[Value], span: Span | None) -> Value:
    """A text of parts, as a template or `+` makes it. No part is `OneOf`."""
    texts: list[str] = []
    unknown: Unknown | None = None
    address: Object | None = None
    for part in parts:
        text = text_of(part)
        if text is not None:
            texts.append(text)
        elif isinstance(part, Unknown):
            unknown = unknown or part
        elif isinstance(part, Object) and part.kind == "Address":
            address = part
        else:
            unknown = unknown or Unknown("a text", span)
    if address is not None and unknown is None and len(texts) == len(parts) - 1:
        return _extended(machine, address, parts)
    if unknown is not None or address is not None:
        key = ("text", tuple(p if isinstance(p, str) else id(p) for p in parts))
        if unknown is not None:
            made = unknown.derived(key, unknown.why, span)
            made.known.setdefault("text", True)
            made.known.setdefault("parts", tuple(parts))
            lengths = [_most(part) for part in parts]
            if None not in lengths:
                made.known.setdefault("most", sum(length or 0 for length in lengths))
            first = "".join(text for text in itertools.takewhile(_is_text, map(text_of, parts)) if text)
            if first:
                made.known.setdefault("prefix", first)
            return made
        return Unknown("an address", span)
    return "".join(texts)


def _is_text(text: str | None) -> bool:
    return text is not None


def _most(part: Value) -> float | None:
    """How long a part of a text may be; None where nothing bounds it."""
    text = text_of(part)
    if text is not None:
        return len(text)
    return part.known.get("most") if isinstance(part, Unknown) else None


def _extended(machine: Machine, address: Object, parts: list[Value]) -> Value:
    """An address of an unknown host with a text after it."""
    if parts[0] is not address or "query" not in address.slots:
        return Unknown("an address")
    tail = "".join(text_of(part) or "" for part in parts[1:])
    path, query = machine.known(address.slots["path"]), machine.known(address.slots["query"])
    if not isinstance(path, str) or not isinstance(query, str):
        return Unknown("an address")
    slots: dict[Any, Value] = dict(address.slots)
    whole = path + query + tail if address.kind == "Address" else path + tail
    slots["path"], mark, rest = whole.partition("?")
    slots["query"] = mark + rest
    return Object("Address", slots, address.place)


def text_of(value: Value) -> str | None:
    """A value as JavaScript writes it into a text; None when that is not known."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return numbers.written(value)
    if value is None:
        return "null"
    if value is UNDEFINED or value is ABSENT:
        return "undefined"
    if isinstance(value, Object) and value.kind == "URL":
        from wslint.runtime.url import href

        found = href(value)
        return found if isinstance(found, str) else None
    if isinstance(value, Object) and value.kind in _WRITTEN and ("p", "toString") not in value.slots:
        if value.kind == "Object" and (
            value.slots.get("open")
            or "escaped" in value.slots
            or ("p", "valueOf") in value.slots
            or any(isinstance(key, tuple) and key[0] == "item" for key in value.slots)
        ):
            return None
        return f"[object {value.kind}]"
    if isinstance(value, Object) and value.kind == "Error" and ("p", "toString") not in value.slots:
        name, message = value.slots.get("name"), value.slots.get("message", "")
        if isinstance(name, str) and isinstance(message, str):
            return f"{name}: {message}" if name and message else name or message
    return None


_WRITTEN = frozenset(
    {
        "Object",
        "ArrayBuffer",
        "Blob",
        "Promise",
        "WebSocket",
        "Response",
        "Request",
        "Map",
        "Set",
        "WebSocketPair",
    }
)
"""What writes itself into a text as `[object …]`."""


def whole(value: Value) -> int | None:
    """A number as an index."""
    if (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and value == value
        and abs(value) < 1e15
    ):
        return int(value)
    return None
