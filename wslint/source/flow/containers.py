"""Methods of collections and arrays: what is put into them, and loops over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.record import replace
from wslint.source import tree
from wslint.source.flow import members
from wslint.source.flow.escapes import paired
from wslint.source.flow.scope import Scope, joined
from wslint.source.flow.values import (
    ArrayValue,
    ClientSocket,
    Collection,
    End,
    FunctionValue,
    HandlerSocket,
    Member,
    SocketList,
    TableValue,
    Value,
)
from wslint.source.nodes import nodes_in

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values

STORING = frozenset({"set", "add", "push", "unshift", "append"})


def collection(
    interpreter: Interpreter,
    receiver: Collection,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
) -> Values:
    if name in STORING:
        for values, argument in paired(arguments, node.arguments):
            for value in values:
                if isinstance(value, (End, HandlerSocket, ClientSocket)):
                    receiver.holds_sockets = True
                    receiver.sockets_at.add(
                        "item" if name != "set" else "key" if argument is node.arguments[0] else "value"
                    )
                stored = interpreter.use(
                    "store", argument, scope, value, name=f"{receiver.place} {receiver.name}"
                )
                stored.kept_in = receiver
                if isinstance(value, (TableValue, ArrayValue)):
                    _store_inside(interpreter, receiver, argument, value, scope)
        return (receiver,)
    if name in ("forEach", "map", "filter", "find", "some", "every"):
        items = members.part_of(receiver, "value")
        result = _each(interpreter, items, arguments, members.part_of(receiver, "key"))
        if name == "filter":
            by_state = any(_looks_at_state(value) for values in arguments[:1] for value in values)
            left = (HandlerSocket(receiver.span, "list", by_state),) if items else ()
            return (ArrayValue(receiver.span, [left]),)
        return result
    if name in ("values", "keys"):
        return (ArrayValue(receiver.span, [members.part_of(receiver, name.removesuffix("s"))]),)
    if name in ("entries", "items"):
        return (receiver,)
    if name == "get" and receiver.holds_sockets:
        return (Member(receiver.span, receiver, "get"),)
    return ()


def _store_inside(
    interpreter: Interpreter, receiver: Collection, node: tree.Expression, value: Value, scope: Scope
) -> None:
    inside = (
        list(value.fields.values())
        if isinstance(value, TableValue)
        else value.items
        if isinstance(value, ArrayValue)
        else []
    )
    for values in inside:
        for item in values:
            if isinstance(item, (End, HandlerSocket, ClientSocket)):
                receiver.holds_sockets = True
                interpreter.use("store", node, scope, item, name=f"{receiver.place} {receiver.name}")


def sequence(
    interpreter: Interpreter,
    receiver: Value,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
) -> Values:
    if name in ("forEach", "map", "filter", "find", "some", "every", "flatMap", "reduce"):
        result = _each(interpreter, members.items_of((receiver,)), arguments)
        if name == "filter":
            by_state = any(_looks_at_state(value) for values in arguments[:1] for value in values)
            return (
                SocketList(receiver.span, True)
                if by_state and isinstance(receiver, SocketList)
                else receiver,
            )
        return result
    if name in STORING and isinstance(receiver, ArrayValue):
        for values, argument in paired(arguments, node.arguments):
            receiver.items.append(values)
            for value in values:
                interpreter.use("store", argument, scope, value, name="local")
        return ()
    return (receiver,) if name in ("values", "slice", "concat", "to_py", "entries") else ()


def _looks_at_state(value: Value) -> bool:
    """Whether a filter's function reads `readyState`, or leaves the decision to another function."""
    return isinstance(value, FunctionValue) and any(
        isinstance(node, tree.Call)
        or (isinstance(node, tree.Member) and node.name in ("readyState", "ready_state"))
        for node in nodes_in(value.node.body)
    )


def _each(interpreter: Interpreter, items: Values, arguments: list[Values], keys: Values = ()) -> Values:
    results: list[Values] = []
    outer = interpreter.where
    interpreter.where = replace(outer, in_loop=True)
    for values in arguments[:1]:
        for value in values:
            if isinstance(value, FunctionValue):
                results.append(interpreter.enter(value, [items, keys]))
    interpreter.where = outer
    return joined(*results)
