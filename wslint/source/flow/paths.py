"""Tests of the request's path that are calls: `pathname.startsWith("/ws")`, `/^\\/ws/.test(pathname)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.flow.conditions import is_path
from wslint.source.flow.scope import Scope
from wslint.source.flow.values import LiteralValue, Member, PathTest, RequestValue, Value
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Values

_METHODS: dict[str, Literal["starts", "ends", "is"]] = {
    "startsWith": "starts",
    "startswith": "starts",
    "starts_with": "starts",
    "endsWith": "ends",
    "endswith": "ends",
    "ends_with": "ends",
    "eq": "is",
}


def path_test(
    receiver: Value, name: str, node: tree.Call, arguments: list[Values], scope: Scope
) -> PathTest | None:
    """What `receiver.name(…)` says of the path; None when it is no test of it."""
    whole = isinstance(receiver, Member) and isinstance(receiver.of, RequestValue) and receiver.name == "url"
    if not is_path(receiver) and not (whole and _METHODS.get(name) == "ends"):
        return None
    if name in _METHODS and len(arguments) == 1 and len(arguments[0]) == 1:
        given = arguments[0][0]
        if isinstance(given, LiteralValue) and isinstance(given.value, str):
            return PathTest(given.span, _METHODS[name], given.value, receiver)
    if name == "match" and node.arguments:
        return _expression(node.arguments[0], receiver, scope)
    return None


def expression_test(node: tree.Call, arguments: list[Values], scope: Scope) -> PathTest | None:
    """`/expression/.test(pathname)`, `.exec(pathname)`."""
    function = node.function
    if not isinstance(function, tree.Member) or function.name not in ("test", "exec") or len(arguments) != 1:
        return None
    if len(arguments[0]) != 1 or not is_path(arguments[0][0]):
        return None
    return _expression(function.object, arguments[0][0], scope)


def _expression(node: tree.Expression, path: Value, scope: Scope) -> PathTest | None:
    if not isinstance(node, tree.Call) or not node.arguments:
        return None
    text = node.arguments[0]
    if not isinstance(node.function, tree.Name) or node.function.name != "RegExp":
        return None
    if not isinstance(text, tree.Text) or text.value is None:
        return None
    return PathTest(Span(scope.file, text.start, text.end), "matches", text.value, path)
