"""What a class does with itself: `install(this)` may give it members that its own code does not name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.flow.scope import Scope
from wslint.source.flow.values import ClassValue, FunctionValue, Imported, Instance, TableValue
from wslint.source.nodes import nodes_in

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter

Handed = Literal["nobody", "project", "unread"]
HANDED: tuple[Handed, ...] = ("nobody", "project", "unread")
"""From the least that may be done to it to the most."""

_PROJECT = (ClassValue, FunctionValue, TableValue, Instance)
_HARMLESS = frozenset({"console", "JSON", "String", "WeakRef"})
_BINDS = frozenset({"bind", "call", "apply"})


def handed_to(interpreter: Interpreter, node: tree.Class, scope: Scope) -> Handed:
    """Whose code the class gives its instance to: only that of the project's files, or some that is not read."""
    found: Handed = "nobody"
    for member in node.members:
        for each in nodes_in(member.value) if member.value is not None and not member.static else ():
            if isinstance(each, tree.Call) and any(map(_is_this, _given(each))):
                if not _is_followed(interpreter, each.function, scope):
                    return "unread"
                found = "project"
    return found


def _given(call: tree.Call) -> Iterator[tree.Expression]:
    """What a call is given, inside literals too."""
    if isinstance(call.function, tree.Member) and call.function.name in _BINDS:
        return  # `this.receive.bind(this)` gives a method its own instance
    waiting = [*call.arguments, *(entry.value for entry in call.keywords)]
    while waiting:
        item = waiting.pop()
        yield item
        if isinstance(item, tree.Table):
            waiting += [entry.value for entry in item.entries]
        elif isinstance(item, tree.Array):
            waiting += item.items
        elif isinstance(item, tree.Spread):
            waiting.append(item.value)


def _is_this(node: tree.Expression) -> bool:
    return isinstance(node, tree.Name) and node.name == "this"


def _is_followed(interpreter: Interpreter, function: tree.Expression, scope: Scope) -> bool:
    """Whether what is called stands in the project, as far as its first name tells: `Kit` of `Kit.on(this)`.

    The class's own methods count, too; what it keeps in a field may be anything.
    """
    own = isinstance(function, tree.Member) and _is_this(function.object)
    while isinstance(function, (tree.Member, tree.Call)):
        function = function.object if isinstance(function, tree.Member) else function.function
    if not isinstance(function, tree.Name):
        return False
    if function.name in ("this", "super"):
        return own
    if function.name in _HARMLESS:
        return True
    values = interpreter.evaluate(function, scope)
    return bool(values) and all(isinstance(value, _PROJECT) or _is_beside(value) for value in values)


def _is_beside(value: object) -> bool:
    """Whether a name comes from another file of the project, one that has nothing to be followed."""
    return isinstance(value, Imported) and value.specifier.startswith(".")
