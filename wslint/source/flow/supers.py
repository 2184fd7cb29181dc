"""`super(…)` and `super.method(…)`: what a class of the project inherits from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.flow.scope import Scope
from wslint.source.flow.values import ClassValue, FunctionValue
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter

_CONSTRUCTORS = ("constructor", "__init__")
_DEEPEST = 20
"""Classes over each other; a circle of them ends here."""


def of_base(interpreter: Interpreter, function: tree.Expression, scope: Scope) -> list[FunctionValue]:
    """The base class's functions that `super` or `super.method` means here; none where it is not the project's.

    `super` looks from the class that the code stands in, which need not be the class of `this`.
    """
    owner = function.object if isinstance(function, tree.Member) else function
    if not isinstance(owner, tree.Name) or owner.name != "super" or interpreter.where.function is None:
        return []
    home = interpreter.homes.get(id(interpreter.where.function))
    if home is None:
        return []
    names = (function.name,) if isinstance(function, tree.Member) else _CONSTRUCTORS
    return [_bound(found, scope) for found in _inherited(interpreter, home, names)]


def _inherited(
    interpreter: Interpreter, home: ClassValue, names: tuple[str, ...], depth: int = 0
) -> list[FunctionValue]:
    inner = home.scope
    assert isinstance(inner, Scope)
    found: list[FunctionValue] = []
    for base in home.node.bases if depth < _DEEPEST else ():
        for item in interpreter.evaluate(base, inner):
            if isinstance(item, ClassValue) and item.node is not home.node:
                found += _own(item, names) or _inherited(interpreter, item, names, depth + 1)
    return found


def _own(cls: ClassValue, names: tuple[str, ...]) -> list[FunctionValue]:
    scope = cls.scope
    assert isinstance(scope, Scope)
    return [
        FunctionValue(
            Span(scope.file, item.name_start, item.name_start + len(item.name.encode())), item.value, scope
        )
        for item in cls.node.members
        if item.name in names and isinstance(item.value, tree.Function) and not item.static
    ]


def _bound(function: FunctionValue, scope: Scope) -> FunctionValue:
    return FunctionValue(function.span, function.node, function.scope, scope.receiver())
