"""Expressions: what they are for this handshake, as far as that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.text import Span
from wslint.trace import calls, members, python, statements
from wslint.trace.machine import MOST_DEPTH
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    Cls,
    Fn,
    GaveUp,
    Global,
    Held,
    Inst,
    Obj,
    Promise,
    Regex,
    Req,
    Resp,
    Scope,
    Text,
    Thrown,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}
_COMPARED = (str, float, int, bool, type(None), type(UNDEFINED))


def evaluate(machine: Machine, node: tree.Expression, scope: Scope) -> Val:
    """The value of an expression; `Unknown` where it is not known. Raises Thrown and GaveUp."""
    span = Span(scope.file, node.start, node.end)
    machine.step(span)
    if machine.depth > MOST_DEPTH:
        raise GaveUp("the code is nested too deeply", span.head())
    if not isinstance(node, (tree.Function, tree.Class)):  # to make one is not to run it
        machine.cover(scope.file, node)
    machine.depth += 1
    try:
        return _evaluate(machine, node, scope, span)
    finally:
        machine.depth -= 1


def _evaluate(machine: Machine, node: tree.Expression, scope: Scope, span: Span) -> Val:
    match node:
        case tree.Name():
            return _name(machine, node, scope)
        case tree.Member():
            receiver = evaluate(machine, node.object, scope)
            if node.optional and (receiver is None or receiver is UNDEFINED):
                return UNDEFINED
            return members.read(machine, receiver, node.name, span, scope)
        case tree.Index():
            receiver = evaluate(machine, node.object, scope)
            if python.is_python(scope.file):
                part = python.sliced(receiver, scope.file, node.index)
                if part is not None:
                    return part
            return members.index(machine, receiver, evaluate(machine, node.index, scope), span, scope)
        case tree.Call():
            return calls.call(machine, node, scope, span)
        case tree.Text():
            return _text(machine, node, scope)
        case tree.Number():
            return node.value
        case tree.Constant():
            return _CONSTANTS[node.value]
        case tree.Table():
            return _table(machine, node, scope)
        case tree.Array():
            return Arr(*_items(machine, node.items, scope))
        case tree.Spread():
            return evaluate(machine, node.value, scope)
        case tree.Function():
            machine.functions.add((id(scope.file), node.start, node.end))
            return Fn(node, scope, scope.receiver() if node.is_arrow else None)
        case tree.Class():
            return Cls(node, scope)
        case tree.Assign():
            return _assign(machine, node, scope)
        case tree.Operation():
            return _operation(machine, node, scope, span)
        case tree.Await():
            return machine.awaited(evaluate(machine, node.value, scope))
        case tree.Opaque():
            values = [evaluate(machine, part, scope) for part in node.parts]
            for value in values:
                from wslint.trace.machine import escape

                escape(value, "code that is not read")
            return Unknown(f"`{span.text[:40]}`")
    return Unknown()


def _items(machine: Machine, nodes: list[tree.Expression], scope: Scope) -> tuple[list[Val], bool]:
    """Items or arguments, spreads put in; and whether there may be others."""
    items: list[Val] = []
    is_open = False
    for node in nodes:
        value = evaluate(machine, node, scope)
        if not isinstance(node, tree.Spread):
            items.append(value)
            continue
        found = members.items_of(value)
        is_open = is_open or found is None
        items += found or []
    return items, is_open


def arguments(machine: Machine, nodes: list[tree.Expression], scope: Scope) -> list[Val]:
    items, is_open = _items(machine, nodes, scope)
    return [*items, Unknown("an argument")] if is_open else items


def _name(machine: Machine, node: tree.Name, scope: Scope) -> Val:
    if node.name == "this":
        return scope.receiver()
    holder = scope.find(node.name)
    if holder is None and python.is_python(scope.file):
        return python.name(node.name)
    if holder is None:
        return {"undefined": UNDEFINED, "NaN": float("nan"), "Infinity": float("inf")}.get(
            node.name, Global("", node.name)
        )
    value = holder.names[node.name]
    if isinstance(value, Global) and value.specifier:
        value = machine.resolve(value, holder)
    return value


def _text(machine: Machine, node: tree.Text, scope: Scope) -> Val:
    if node.value is not None:
        return node.value
    pieces: list[str] = []
    known, origin = True, ""
    for part in node.parts:
        value = part if isinstance(part, str) else evaluate(machine, part, scope)
        text = written(value)
        if text is None:
            known = False
        else:
            pieces.append(text)
            origin = origin or getattr(value, "origin", "")
    if not known:
        start = node.parts[0] if node.parts else ""
        return Unknown(f"a text{f' that begins with `{start}`' if isinstance(start, str) and start else ''}")
    return Text("".join(pieces), origin) if origin else "".join(pieces)


def written(value: Val) -> str | None:
    """A value as JavaScript writes it into a text; None when that is not known."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else str(value)
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, Url):
        return members.href(value)
    return None


def _table(machine: Machine, node: tree.Table, scope: Scope) -> Obj:
    made = Obj()
    for entry in node.entries:
        value = evaluate(machine, entry.value, scope)
        if isinstance(entry.value, tree.Spread):
            _spread(machine, made, value, Span(scope.file, entry.start, entry.end), scope)
        elif entry.key is not None:
            made.fields[entry.key] = value
        else:
            made.open = True
        if isinstance(value, Fn) and not value.node.is_arrow:
            value.this = made
    return made


def _spread(machine: Machine, into: Obj, value: Val, span: Span, scope: Scope) -> None:
    match value:
        case Obj():
            into.fields.update(value.fields)
            into.open = into.open or value.open
        case None | bool() | float():
            pass
        case Resp() | Req():
            # Their members are getters of the prototype from 2022-01-31 on: nothing is copied.
            on_prototype = scope.worker.flag_enabled("workers_api_getters_setters_on_prototype")
            if on_prototype is None:
                into.open = True
            elif not on_prototype:
                names = (
                    ("status", "webSocket", "headers") if isinstance(value, Resp) else ("method", "headers")
                )
                for name in names:
                    into.fields[name] = members.read(machine, value, name, span, scope)
        case _ if value is not UNDEFINED:
            into.open = True


def _assign(machine: Machine, node: tree.Assign, scope: Scope) -> Val:
    if node.operator == "=":
        value = evaluate(machine, node.value, scope)
        if isinstance(value, Fn) and value.node.is_arrow is False and value.this is None:
            pass
        statements.assign(machine, node.target, value, scope)
        return value
    target = node.target
    if not isinstance(target, (tree.Name, tree.Member, tree.Index)):
        # A default in a pattern: what it would replace was bound just before.
        return UNDEFINED
    held = evaluate(machine, target, scope)
    span = Span(scope.file, node.start, node.end)
    if node.operator in ("??=", "||=", "&&="):
        if node.operator == "??=":
            keeps = not (held is None or held is UNDEFINED)
            if isinstance(held, Unknown):
                keeps = machine.choose(held, Span(scope.file, target.start, target.end))
        else:
            keeps = condition(machine, held, span) is (node.operator == "||=")
        if keeps:
            return held
        value = evaluate(machine, node.value, scope)
    else:
        value = evaluate(machine, node.value, scope)
        known = scope.file.path.suffix not in (".py", ".rs")  # where `+=` stands for every such operator
        value = binary(node.operator[:-1], held, value) if known else Unknown("arithmetic")
    statements.assign(machine, target, value, scope)
    return value


# Truth


def truth(value: Val) -> bool | None:
    """Whether a value counts as true; None when that is not known."""
    if isinstance(value, Unknown):
        return value.truth
    if value is None or value is UNDEFINED:
        return False
    if isinstance(value, (bool, int, float, str)):
        return bool(value) and value == value
    return True


def condition(machine: Machine, value: Val, span: Span) -> bool:
    found = python.truth(value) if python.is_python(span.file) else truth(value)
    if found is None and not isinstance(value, Unknown):
        value = Unknown("a condition")
    return found if found is not None else machine.choose(value, span)


# Operators


def _operation(machine: Machine, node: tree.Operation, scope: Scope, span: Span) -> Val:
    operands = node.operands

    def at(index: int) -> Span:
        return Span(scope.file, operands[index].start, operands[index].end)

    match node.operator:
        case "?:":
            test = evaluate(machine, operands[0], scope)
            return evaluate(machine, operands[1 if condition(machine, test, at(0)) else 2], scope)
        case "&&" | "||":
            value: Val = UNDEFINED
            for index, operand in enumerate(operands):
                value = evaluate(machine, operand, scope)
                if index + 1 < len(operands) and condition(machine, value, at(index)) is (
                    node.operator == "||"
                ):
                    return value
            return value
        case "??":
            value = evaluate(machine, operands[0], scope)
            if isinstance(value, Unknown):
                # Null and undefined count as false: what is true is there.
                return value if machine.choose(value, at(0)) else evaluate(machine, operands[1], scope)
            return evaluate(machine, operands[1], scope) if value is None or value is UNDEFINED else value
        case ",":
            return [evaluate(machine, operand, scope) for operand in operands][-1]
        case "?" | "parenthesis":
            return evaluate(machine, operands[0], scope)
        case "!" | "not":
            value = evaluate(machine, operands[0], scope)
            return not condition(machine, value, at(0))
    values = [evaluate(machine, operand, scope) for operand in operands]
    for value in values:
        if isinstance(value, Text):
            machine.touched.add(value.origin)
    if len(values) == 2 and python.is_python(scope.file):
        result = python.binary(node.operator, values[0], values[1])
        if result is not None:
            return result
    if len(values) == 1:
        return _unary(node.operator, values[0])
    if len(values) == 2:
        return binary(node.operator, values[0], values[1])
    return Unknown(f"`{node.operator}`")


def _unary(operator: str, value: Val) -> Val:
    if operator == "void":
        return UNDEFINED
    if operator == "delete":
        return True
    if operator == "typeof":
        return _type_of(value)
    if isinstance(value, (bool, int, float)) and operator in ("-", "+", "~"):
        return -float(value) if operator == "-" else float(value) if operator == "+" else float(~int(value))
    return Unknown(f"`{operator}`")


def _type_of(value: Val) -> Val:
    if isinstance(value, Unknown):
        return Unknown("its type")
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (int, float)):
        return "number"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, (Fn, Cls)):
        return "function"
    if isinstance(value, (Global, Promise)):
        return Unknown("its type") if isinstance(value, Global) else "object"
    return "object"


def binary(operator: str, left: Val, right: Val) -> Val:
    """An operator over two values."""
    if operator in ("===", "==", "!==", "!="):
        found = equal(left, right, loose=len(operator) == 2)
        return Unknown("a comparison") if found is None else found is (operator[0] == "=")
    if operator in ("in", "not in"):
        found = _in(left, right)
        return Unknown("`in`") if found is None else found is (operator == "in")
    if operator == "instanceof":
        return _instance_of(left, right)
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        first, second = written(left), written(right)
        if first is None or second is None:
            return Unknown("a text")
        origin = getattr(left, "origin", "") or getattr(right, "origin", "")
        return Text(first + second, origin) if origin else first + second
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _arithmetic(operator, left, right)
    if isinstance(left, str) and isinstance(right, str) and operator in ("<", ">", "<=", ">="):
        return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]
    return Unknown(f"`{operator}`")


def _arithmetic(operator: str, left: float, right: float) -> Val:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/" if right:
            return left / right
        case "%" if right and left >= 0:
            return float(left % right)
        case "<":
            return left < right
        case ">":
            return left > right
        case "<=":
            return left <= right
        case ">=":
            return left >= right
    return Unknown(f"`{operator}`")


def equal(left: Val, right: Val, loose: bool = False) -> bool | None:
    """Whether two values are equal; None when that is not known."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return True if left is right else None
    if loose and (left is None or left is UNDEFINED) and (right is None or right is UNDEFINED):
        return True
    if isinstance(left, _COMPARED) and isinstance(right, _COMPARED):
        kinds = [_type_of(value) if value is not None else "null" for value in (left, right)]
        if kinds[0] != kinds[1]:
            nothing = {"null", "undefined"} & set(kinds)
            return None if loose and not nothing else False
        return bool(left == right)
    if isinstance(left, _COMPARED) or isinstance(right, _COMPARED):
        other = right if isinstance(left, _COMPARED) else left
        return None if loose or isinstance(other, Global) else False
    return True if left is right else None if isinstance(left, Global) else False


def _in(key: Val, holder: Val) -> bool | None:
    if isinstance(holder, Obj) and isinstance(key, str):
        return True if key in holder.fields else None if holder.open else False
    if isinstance(holder, Held) and not holder.open and isinstance(key, (str, float)):
        return key in holder.items
    if isinstance(holder, str) and isinstance(key, str):  # Python's
        return key in holder
    if isinstance(holder, Arr) and not holder.open:
        found = [equal(key, item) for item in holder.items]
        return True if True in found else None if None in found else False
    return None


def _instance_of(value: Val, cls: Val) -> Val:
    name = cls.name if isinstance(cls, Global) else ""
    for kind, called in (
        (Resp, "Response"),
        (Req, "Request"),
        (Url, "URL"),
        (Arr, "Array"),
        (Regex, "RegExp"),
    ):
        if name == called:
            return Unknown("`instanceof`") if isinstance(value, Unknown) else isinstance(value, kind)
    if name in ("Error", "TypeError") and isinstance(value, Obj):
        return True if value.fields.get("name") == name or name == "Error" else Unknown("`instanceof`")
    if isinstance(cls, Cls) and isinstance(value, Inst):
        return True if value.cls.node is cls.node else Unknown("`instanceof`")
    return Unknown("`instanceof`")


__all__ = ["Thrown", "arguments", "binary", "condition", "equal", "evaluate", "truth", "written"]
