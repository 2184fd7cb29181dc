"""Values that leave for code which is not followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.flow.scope import Scope
from wslint.source.flow.values import (
    MOST_NESTED,
    ArrayValue,
    ClientSocket,
    DurableContext,
    End,
    FunctionValue,
    HandlerSocket,
    HeadersValue,
    Instance,
    Member,
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


def holds_followed(value: Value, depth: int = 0) -> bool:
    """Whether a value is, or holds, something that rules ask about; a function may do anything with it."""
    if isinstance(value, (*FOLLOWED, FunctionValue, Instance)):
        return True
    if depth >= MOST_NESTED:
        return False
    if isinstance(value, TableValue):
        return any(holds_followed(item, depth + 1) for held in value.fields.values() for item in held)
    if isinstance(value, ArrayValue):
        return any(holds_followed(item, depth + 1) for held in value.items for item in held)
    return isinstance(value, Member) and holds_followed(value.of, depth + 1)


def paired(
    arguments: list[tuple[Value, ...]], nodes: list[tree.Expression]
) -> Iterator[tuple[tuple[Value, ...], tree.Expression]]:
    """Each argument's values with where it is written; those that `...` brings stand where that does."""
    spread: tree.Expression | None = None
    for index, values in enumerate(arguments):
        if spread is None and index < len(nodes) and isinstance(nodes[index], tree.Spread):
            spread = nodes[index]
        yield values, spread or nodes[min(index, len(nodes) - 1)]


def unfollowed(interpreter: Interpreter, node: tree.Call, arguments: list[Values], scope: Scope) -> None:
    """A call of something unknown: what is given to it is out of sight, callbacks run some time."""
    name = node.function.name if isinstance(node.function, (tree.Member, tree.Name)) else ""
    for values, argument in paired(arguments, node.arguments):
        for value in values:
            if isinstance(value, FunctionValue):
                interpreter.enter_later(value, [], "callback")
            elif isinstance(value, FOLLOWED):
                interpreter.use("escape", argument, scope, value, name=name, nodes=[node])
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
