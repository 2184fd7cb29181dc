"""Statements: branches, loops, and what is assigned to what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wslint.record import replace
from wslint.source import tree
from wslint.source.flow import members
from wslint.source.flow.conditions import facts_of
from wslint.source.flow.frameworks import HONO_ANSWERS, is_hono_context
from wslint.source.flow.scope import Scope
from wslint.source.flow.values import (
    Collection,
    FunctionValue,
    HeadersValue,
    Imported,
    Instance,
    Member,
    Pending,
    ResponseValue,
    TableValue,
)
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values


def statement(interpreter: Interpreter, statement: tree.Statement, scope: Scope) -> bool:
    """Run one statement; True when nothing after it is reached."""
    match statement:
        case tree.Declare():
            _declare(interpreter, statement, scope)
        case tree.Do():
            values = interpreter.evaluate(statement.value, scope)
            for value in values if not isinstance(statement.value, tree.Assign) else ():
                interpreter.use("discard", statement, scope, value, nodes=[statement.value])
            _drop(interpreter, statement, values, scope)
        case tree.Return():
            values = interpreter.evaluate(statement.value, scope) if statement.value is not None else ()
            for value in values:
                interpreter.use("return", statement, scope, value, certain=len(values) == 1)
            interpreter.returns.append(values)
            return True
        case tree.Throw():
            if statement.value is not None:
                interpreter.evaluate(statement.value, scope)
            interpreter.use("throw", statement, scope)
            return True
        case tree.Jump():
            return True
        case tree.If():
            return _if(interpreter, statement, scope)
        case tree.Loop():
            _loop(interpreter, statement, scope)
            return interpreter.run(statement.otherwise, scope)
        case tree.Try():
            return _try(interpreter, statement, scope)
    return False


def _drop(interpreter: Interpreter, statement: tree.Do, values: Values, scope: Scope) -> None:
    """A statement that surely makes a Response, names one, or calls functions which surely give one."""
    held = interpreter.awaited(values)
    if _is_hono_answer(interpreter, statement.value, scope):
        interpreter.use("drop", statement, scope, None, arguments=[(), ()], nodes=[statement.value])
        return
    if not held or not all(isinstance(value, ResponseValue) for value in held):
        return
    node = statement.value.value if isinstance(statement.value, tree.Await) else statement.value
    called: Values = ()
    if isinstance(node, tree.Call):
        callee = node.function
        if not isinstance(callee, tree.Name) and not (
            isinstance(callee, tree.Member) and isinstance(callee.object, tree.Name)
        ):
            return
        if isinstance(callee, tree.Member):
            owners = interpreter.evaluate(callee.object, scope)
            if not all(isinstance(owner, (Imported, Instance, TableValue)) for owner in owners):
                return
        called = interpreter.evaluate(callee, scope)
        if any(id(item.node) in interpreter.partial for item in called if isinstance(item, FunctionValue)):
            return
    elif not isinstance(node, tree.Name) or len(held) > 1:
        return
    interpreter.use("drop", statement, scope, held[0], arguments=[held, called], nodes=[node])


def _is_hono_answer(interpreter: Interpreter, node: tree.Expression, scope: Scope) -> bool:
    """`c.text(…)` and its kin, of hono's context and nothing else."""
    if not isinstance(node, tree.Call) or not isinstance(node.function, tree.Member):
        return False
    if node.function.name not in HONO_ANSWERS or not isinstance(node.function.object, tree.Name):
        return False
    contexts = interpreter.evaluate(node.function.object, scope)
    return bool(contexts) and all(is_hono_context(context) for context in contexts)


def _declare(interpreter: Interpreter, statement: tree.Declare, scope: Scope) -> None:
    if statement.kind in ("function", "class") and isinstance(statement.value, (tree.Function, tree.Class)):
        return  # hoisted
    values = interpreter.evaluate(statement.value, scope) if statement.value is not None else ()
    if scope.is_module and isinstance(statement.pattern, tree.Name):
        values = members.module_collections(interpreter, values, statement.pattern.name)
    bind(interpreter, statement.pattern, values, scope)


MOST_FACTS = 1_000
"""Things that conditions say, all known at once: each condition makes a copy with its own."""


def _if(interpreter: Interpreter, statement: tree.If, scope: Scope) -> bool:
    if len(interpreter.facts) >= MOST_FACTS:
        interpreter.flow.complete = False
        return False
    asked = {id(node) for node in members.asked_in(statement.test)}
    when, unless = facts_of(statement.test, lambda node: _tested(interpreter, node, scope, asked))
    before, outer = interpreter.facts, interpreter.where
    interpreter.branches += 1
    interpreter.where = replace(outer, branches=(*outer.branches, (statement.start, True)))
    interpreter.facts = before | when
    left = _block(interpreter, statement.then, scope)
    after_then = interpreter.facts
    interpreter.where = replace(outer, branches=(*outer.branches, (statement.start, False)))
    interpreter.facts = before | unless
    left_otherwise = _block(interpreter, statement.otherwise, scope)
    after_otherwise = interpreter.facts
    interpreter.branches -= 1
    interpreter.where = outer
    if left and left_otherwise:
        interpreter.facts = before
        return True
    if left or left_otherwise:
        interpreter.where = replace(outer, passed=(*outer.passed, (statement.start, not left)))
    interpreter.facts = (
        after_otherwise if left else after_then if left_otherwise else after_then & after_otherwise
    )
    return False


def _block(interpreter: Interpreter, statements: Sequence[tree.Statement], scope: Scope) -> bool:
    inner = Scope(scope.file, scope, depth=interpreter.branches)
    interpreter.hoist(statements, inner)
    return interpreter.run(statements, inner)


def _loop(interpreter: Interpreter, statement: tree.Loop, scope: Scope) -> None:
    items = interpreter.evaluate(statement.iterable, scope) if statement.iterable is not None else ()
    if statement.test is not None:
        facts_of(statement.test, lambda node: interpreter.evaluate(node, scope))
    before, outer = interpreter.facts, interpreter.where
    interpreter.branches += 1
    interpreter.where = replace(outer, in_loop=True)
    inner = Scope(scope.file, scope, depth=interpreter.branches)
    if statement.target is not None:
        bind(interpreter, statement.target, members.items_of(items), inner)
    interpreter.hoist(statement.body, inner)
    interpreter.run(statement.body, inner)
    interpreter.branches -= 1
    interpreter.facts, interpreter.where = before, outer


def _try(interpreter: Interpreter, statement: tree.Try, scope: Scope) -> bool:
    before, outer = interpreter.facts, interpreter.where
    if statement.handled:
        interpreter.where = replace(outer, tried=True, branches=(*outer.branches, (statement.start, True)))
    left = _block(interpreter, statement.body, scope)
    after = interpreter.facts
    interpreter.where = replace(outer, branches=(*outer.branches, (statement.start, False)))
    interpreter.facts = before
    interpreter.branches += 1
    left_handler = _block(interpreter, statement.handler, scope) if statement.handled else True
    interpreter.branches -= 1
    interpreter.where = outer
    interpreter.facts = after if left_handler else before
    if statement.handled and left_handler and not left:
        interpreter.where = replace(outer, passed=(*outer.passed, (statement.start, True)))
    left_final = _block(interpreter, statement.final, scope)
    return left_final or (left and left_handler)


def bind(interpreter: Interpreter, pattern: tree.Pattern, values: Values, scope: Scope) -> None:
    """Declare the names of a pattern."""
    match pattern:
        case tree.Name():
            scope.declare(pattern.name, values)
        case tree.ArrayPattern():
            for index, item in enumerate(pattern.items):
                if item is not None:
                    bind(interpreter, item, members.element(interpreter, values, index), scope)
        case tree.TablePattern():
            for key, item in pattern.entries:
                place = Span(scope.file, item.start, item.end)
                bind(interpreter, item, members.read(interpreter, values, key, place, scope), scope)
            if pattern.rest is not None:
                scope.declare(pattern.rest, ())
        case _:
            assign(interpreter, pattern, values, scope)


def assign(interpreter: Interpreter, target: tree.Pattern, values: Values, scope: Scope) -> None:
    """Assign to a variable, a property, or the parts of a pattern."""
    match target:
        case tree.Name():
            holder = scope.assign(target.name, values, interpreter.branches)
            if holder is not None and holder.is_module and scope.function_scope() is not holder:
                _stored(interpreter, target, values, scope, f"module {target.name}")
        case tree.Member():
            members.write(interpreter, target, values, scope)
        case tree.Index():
            keys = interpreter.evaluate(target.index, scope)
            receivers = interpreter.evaluate(target.object, scope)
            if any(isinstance(receiver, Collection) for receiver in receivers):
                _stored(interpreter, target.index, keys, scope, f"key of {members.place_of(receivers)}")
                _stored(interpreter, target, values, scope, members.place_of(receivers))
        case tree.ArrayPattern():
            for index, item in enumerate(target.items):
                if item is not None:
                    assign(interpreter, item, members.element(interpreter, values, index), scope)
        case tree.TablePattern():
            for key, item in target.entries:
                place = Span(scope.file, item.start, item.end)
                assign(interpreter, item, members.read(interpreter, values, key, place, scope), scope)
        case tree.Opaque():
            pass


def _stored(interpreter: Interpreter, node: tree.Node, values: Values, scope: Scope, place: str) -> None:
    for value in values:
        interpreter.use("store", node, scope, value, name=place)


def _tested(interpreter: Interpreter, node: tree.Expression, scope: Scope, asked: set[int]) -> Values:
    """A part of a condition; a promise that is itself `asked` for truth is always true."""
    values = interpreter.evaluate(node, scope)
    for value in values:
        if isinstance(value, Member) and isinstance(value.of, HeadersValue):
            interpreter.use("condition", node, scope, value, name="if", certain=len(values) == 1)
    if id(node) in asked and isinstance(node, (tree.Call, tree.Name)):
        for value in values:
            if isinstance(value, Pending):
                interpreter.use("condition", node, scope, value, name="if", certain=len(values) == 1)
    return values
