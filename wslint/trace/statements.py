"""Statements: what runs, what leaves, and what is assigned to what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from wslint.record import frozen
from wslint.source import tree
from wslint.source.flow.walk import nodes_in
from wslint.text import Span
from wslint.trace import expressions, guards, members, python
from wslint.trace.machine import names_of, snippet
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    Cls,
    Fn,
    GaveUp,
    Obj,
    Scope,
    Thrown,
    Unknown,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

MOST_ROUNDS = 200
"""Rounds of one loop."""


@frozen
class Left:
    """How a list of statements was left before its end."""

    kind: Literal["return", "break", "continue"]
    value: Val = UNDEFINED
    span: Span | None = None


def hoist(machine: Machine, body: Sequence[tree.Statement], scope: Scope) -> None:
    for statement in body:
        if not isinstance(statement, tree.Declare) or not isinstance(statement.pattern, tree.Name):
            continue
        value = statement.value
        if isinstance(value, tree.Function) and statement.kind == "function":
            scope.names[statement.pattern.name] = Fn(
                value, scope, scope.receiver() if value.is_arrow else None
            )
            machine.functions.add((id(scope.file), value.start, value.end))
        elif isinstance(value, tree.Class) and statement.kind == "class":
            scope.names[statement.pattern.name] = Cls(value, scope)


def run(machine: Machine, body: Sequence[tree.Statement], scope: Scope) -> Left | None:
    """Run statements in order; how they were left, or None at their end."""
    for statement in body:
        left = _run(machine, statement, scope)
        if left is not None:
            return left
    return None


def _run(machine: Machine, node: tree.Statement, scope: Scope) -> Left | None:
    match node:
        case tree.Declare():
            if node.kind in ("function", "class") and isinstance(node.value, (tree.Function, tree.Class)):
                return None
            machine.cover(scope.file, node)
            value = expressions.evaluate(machine, node.value, scope) if node.value is not None else UNDEFINED
            bind(machine, node.pattern, value, _function_scope(scope) if node.kind == "var" else scope)
        case tree.Do():
            machine.cover(scope.file, node)
            expressions.evaluate(machine, node.value, scope)
        case tree.Return():
            machine.cover(scope.file, node)
            value = expressions.evaluate(machine, node.value, scope) if node.value is not None else UNDEFINED
            return Left("return", value, Span(scope.file, node.start, node.end))
        case tree.Throw():
            machine.cover(scope.file, node)
            value = expressions.evaluate(machine, node.value, scope) if node.value is not None else UNDEFINED
            raise Thrown(_message(value), Span(scope.file, node.start, node.end).head(), value)
        case tree.Jump():
            text = scope.file.data[node.start : node.start + 9]
            if text.startswith(b"break") and text[5:6] in (b"", b";", b"\n", b"\r", b" ", b"}"):
                return Left("break")
            if text.startswith(b"continue"):
                return Left("continue")
            raise GaveUp("a jump is not followed", Span(scope.file, node.start, node.end))
        case tree.If():
            return _if(machine, node, scope)
        case tree.Loop():
            return _loop(machine, node, scope)
        case tree.Try():
            return _try(machine, node, scope)
    return None


def _message(value: Val) -> str:
    if isinstance(value, Obj):
        text = value.fields.get("message")
        name = value.fields.get("name")
        if isinstance(text, str):
            return f"{name}: {text}" if isinstance(name, str) else str(text)
    return ""


def _if(machine: Machine, node: tree.If, scope: Scope) -> Left | None:
    machine.touched = set()
    before, forwards = len(machine.hops), machine.forwards
    value = expressions.evaluate(machine, node.test, scope)
    span = Span(scope.file, node.test.start, node.test.end)
    value = _matched(node, value, scope)
    unknown = isinstance(value, Unknown) and value.truth is None
    holds = expressions.condition(machine, value, span)
    guards.note(machine, node, scope, holds, unknown, before, forwards)
    inner = _inner(scope)
    body = node.then if holds else node.otherwise
    hoist(machine, body, inner)
    left = run(machine, body, inner)
    if left is not None and left.kind == "break" and scope.file.data.startswith(b"case", node.start):
        return None  # out of the `switch` that this arm is of
    return left


def _matched(node: tree.If, value: Val, scope: Scope) -> Val:
    """The value of a test that is a pattern: Rust's `if let` and `match`, Python's `match`."""
    suffix, data = scope.file.path.suffix, scope.file.data
    if suffix == ".py" and data.startswith(b"match", node.start):
        return Unknown("a pattern")
    if suffix != ".rs":
        return value
    head = data[node.start : node.test.start]
    if b"let " in head:
        if not re.search(rb"let\s+(?:Some|Ok)\s*\(", head) or isinstance(value, Unknown):
            return Unknown("a pattern") if not isinstance(value, Unknown) else value
        return not (value is None or value is UNDEFINED)
    is_if = data.startswith((b"if", b"else"), node.start)
    if not is_if and not (isinstance(node.test, tree.Operation) and node.test.operator == "==="):
        return Unknown("a pattern")
    return value


def _loop(machine: Machine, node: tree.Loop, scope: Scope) -> Left | None:
    span = Span(scope.file, node.start, node.end).head()
    if node.iterable is not None:
        items = machine.awaited(expressions.evaluate(machine, node.iterable, scope))
        if isinstance(items, Arr) and not items.open and len(items.items) <= MOST_ROUNDS:
            for item in list(items.items):
                left = _round(machine, node, scope, item)
                if left is not None and left.kind != "continue":
                    return left if left.kind == "return" else None
            return None
        return _unknown_rounds(machine, node, scope, span)
    text = scope.file.data[node.start : node.start + 3]
    if node.test is None and not text.startswith((b"for", b"whi", b"do", b"loo")):
        return _unknown_rounds(machine, node, scope, span)
    for count in range(MOST_ROUNDS):
        if node.test is not None and not (count == 0 and text.startswith(b"do")):
            value = expressions.evaluate(machine, node.test, scope)
            if isinstance(value, Unknown):
                return _unknown_rounds(machine, node, scope, span)
            if not _truth(value):
                return None
        left = _round(machine, node, scope, None)
        if left is not None:
            if left.kind == "continue" and text.startswith(b"for"):
                raise GaveUp("`continue` in a loop is not followed", span)
            if left.kind != "continue":
                return left if left.kind == "return" else None
    raise GaveUp("the loop has too many rounds", span)


def _truth(value: Val) -> bool:
    return expressions.truth(value) is True


def _round(machine: Machine, node: tree.Loop, scope: Scope, item: Val) -> Left | None:
    inner = _inner(scope)
    if node.target is not None:
        bind(machine, node.target, item, inner)
    hoist(machine, node.body, inner)
    return run(machine, node.body, inner)


def _unknown_rounds(machine: Machine, node: tree.Loop, scope: Scope, span: Span) -> Left | None:
    """A loop over what is not known: none or some rounds, of which one is read."""
    if not machine.choose(Unknown("the loop has a round"), span, "loop"):
        return None
    item = Unknown(f"an item of `{snippet(span, 30)}`")
    left = _round(machine, node, scope, item)
    for inner in nodes_in(node.body):
        if isinstance(inner, tree.Assign):
            for name in names_of(inner.target):
                holder = scope.find(name)
                if holder is not None:
                    holder.names[name] = Unknown(f"`{name}`")
    return left if left is not None and left.kind == "return" else None


def _try(machine: Machine, node: tree.Try, scope: Scope) -> Left | None:
    left: Left | None
    try:
        machine.tries += node.handled
        try:
            left = _block(machine, node.body, scope)
        finally:
            machine.tries -= node.handled
    except Thrown as thrown:
        if not node.handled:
            _block(machine, node.final, scope)
            raise
        if python.is_python(scope.file):
            place = Span(scope.file, node.start, node.end).head()
            raise GaveUp("which `except` takes an exception is not followed", place) from None
        inner = _inner(scope)
        body = node.handler
        if body and isinstance(body[0], tree.Declare) and body[0].value is None:
            value = (
                thrown.value if thrown.value is not None else Obj({"message": Unknown("the message")}, True)
            )
            bind(machine, body[0].pattern, value, inner)
            body = body[1:]
        hoist(machine, body, inner)
        left = run(machine, body, inner)
    return _block(machine, node.final, scope) or left


def _block(machine: Machine, body: Sequence[tree.Statement], scope: Scope) -> Left | None:
    inner = _inner(scope)
    hoist(machine, body, inner)
    return run(machine, body, inner)


def _inner(scope: Scope) -> Scope:
    """A block's scope; Python has none."""
    if scope.file.path.suffix == ".py":
        return scope
    return Scope(scope.file, scope.worker, scope, block=True)


def _function_scope(scope: Scope) -> Scope:
    while scope.block and scope.parent is not None:
        scope = scope.parent
    return scope


# Patterns


def bind(machine: Machine, pattern: tree.Pattern, value: Val, scope: Scope) -> None:
    """Declare the names of a pattern."""

    place = Span(scope.file, pattern.start, pattern.end)
    match pattern:
        case tree.Name():
            scope.names[pattern.name] = value
        case tree.ArrayPattern():
            if python.is_python(scope.file):
                given = python.unpack(machine, pattern, value, scope)
                if given is not None:
                    for part, each in zip(pattern.items, given, strict=True):
                        if part is not None:
                            bind(machine, part, each, scope)
                    return
            for index, item in enumerate(pattern.items):
                if isinstance(item, tree.Opaque):
                    _bind_rest(item, value, index, scope)
                elif item is not None:
                    bind(machine, item, members.element(machine, value, index, place), scope)
        case tree.TablePattern():
            for key, item in pattern.entries:
                bind(machine, item, members.read(machine, value, key, place, scope), scope)
            if pattern.rest is not None:
                scope.names[pattern.rest] = Unknown(f"`{pattern.rest}`")
        case tree.Opaque():
            for inner in pattern.parts:
                for name in names_of(inner) if isinstance(inner, tree.Name) else ():
                    scope.names[name] = Unknown(f"`{name}`")
        case _:
            assign(machine, pattern, value, scope)


def _bind_rest(item: tree.Opaque, value: Val, index: int, scope: Scope) -> None:
    """`[a, ...rest] = value`."""
    items = members.items_of(value)
    for part in item.parts:
        if isinstance(part, tree.Name):
            scope.names[part.name] = Unknown("the rest") if items is None else Arr(items[index:])


def assign(machine: Machine, target: tree.Pattern, value: Val, scope: Scope) -> None:
    place = Span(scope.file, target.start, target.end)
    match target:
        case tree.Name():
            holder = scope.find(target.name)
            (holder or scope).names[target.name] = value
        case tree.Member():
            members.write(
                machine, expressions.evaluate(machine, target.object, scope), target.name, value, place
            )
        case tree.Index():
            receiver = expressions.evaluate(machine, target.object, scope)
            key = expressions.evaluate(machine, target.index, scope)
            if isinstance(key, str):
                members.write(machine, receiver, key, value, place)
            elif isinstance(receiver, (Obj, Arr)):
                receiver.open = True
        case tree.ArrayPattern():
            for index, item in enumerate(target.items):
                if item is not None:
                    assign(machine, item, members.element(machine, value, index, place), scope)
        case tree.TablePattern():
            for key, item in target.entries:
                assign(machine, item, members.read(machine, value, key, place, scope), scope)
