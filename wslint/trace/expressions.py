"""Expressions: what they are for this handshake, as far as that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.text import Span
from wslint.trace import calls, members, operators, python, statements
from wslint.trace.machine import MOST_DEPTH
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    Cls,
    Fn,
    GaveUp,
    Global,
    Obj,
    Req,
    Resp,
    Scope,
    Text,
    Thrown,
    Unknown,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}


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
        text = operators.text_of(value)
        if text is None:
            known = False
        else:
            pieces.append(text)
            origin = origin or getattr(value, "origin", "")
    if not known:
        start = node.parts[0] if node.parts else ""
        return Unknown(f"a text{f' that begins with `{start}`' if isinstance(start, str) and start else ''}")
    return Text("".join(pieces), origin) if origin else "".join(pieces)


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
        value = operators.binary(node.operator[:-1], held, value) if known else Unknown("arithmetic")
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
        return operators.unary(node.operator, values[0])
    if len(values) == 2:
        return operators.binary(node.operator, values[0], values[1])
    return Unknown(f"`{node.operator}`")


__all__ = ["Thrown", "arguments", "condition", "evaluate", "truth"]
