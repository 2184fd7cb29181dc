"""Values that leave for code which is not followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.flow.scope import Scope
from wslint.source.flow.values import (
    ArrayValue,
    ClientSocket,
    DurableContext,
    End,
    FunctionValue,
    HandlerSocket,
    HeadersValue,
    Message,
    Pair,
    Pending,
    RequestValue,
    ResponseValue,
    SocketList,
    Stub,
    TableValue,
    Value,
)

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values

FOLLOWED = (
    End, HandlerSocket, ClientSocket, Pair, ResponseValue, RequestValue, Stub, Pending, HeadersValue, Message, SocketList,
    DurableContext,
)  # fmt: skip


def paired(
    arguments: list[tuple[Value, ...]], nodes: list[tree.Expression]
) -> Iterator[tuple[tuple[Value, ...], tree.Expression]]:
    """Each argument's values with where it is written; those that `...` brings stand where that does."""
    for index, values in enumerate(arguments):
        spread = next((node for node in nodes[: index + 1] if isinstance(node, tree.Spread)), None)
        yield values, spread or nodes[min(index, len(nodes) - 1)]


def unfollowed(interpreter: Interpreter, node: tree.Call, arguments: list[Values], scope: Scope) -> None:
    """A call of something unknown: what is given to it is out of sight, callbacks run some time."""
    name = node.function.name if isinstance(node.function, (tree.Member, tree.Name)) else ""
    for values, argument in paired(arguments, node.arguments):
        for value in values:
            if isinstance(value, FunctionValue):
                interpreter.enter_later(value, [], "callback")
            elif isinstance(value, FOLLOWED):
                interpreter.use("escape", argument, scope, value, name=name)
            elif isinstance(value, (TableValue, ArrayValue)):
                _escape_inside(interpreter, argument, value, scope, name)


def _escape_inside(
    interpreter: Interpreter, node: tree.Expression, value: Value, scope: Scope, name: str
) -> None:
    inside = (
        value.fields.values()
        if isinstance(value, TableValue)
        else value.items
        if isinstance(value, ArrayValue)
        else ()
    )
    for values in list(inside):
        for item in values:
            if isinstance(item, FOLLOWED):
                interpreter.use("escape", node, scope, item, name=name)
            elif isinstance(item, FunctionValue):
                interpreter.enter_later(item, [], "callback")
