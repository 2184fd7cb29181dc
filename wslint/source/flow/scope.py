"""Variables and what they hold."""

from __future__ import annotations

from wslint.record import field, record
from wslint.source.flow.values import DurableContext, Environment, SocketList, Value, WorkerContext
from wslint.text import SourceFile

MAX_VALUES = 6
"""More possible values than this for one variable, and it counts as unknown."""


@record
class Scope:
    """A scope: a module's, a function's or a block's. `depth` is how many conditions were open when it
    began: an assignment under more of them than the variable's own scope adds to what it held. `owns_this`: a
    function with a `this` of its own, which is unknown where `this` is empty."""

    file: SourceFile
    parent: Scope | None = None
    names: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    this: tuple[Value, ...] = ()
    is_module: bool = False
    is_function: bool = False
    depth: int = 0
    owns_this: bool = False

    def find(self, name: str) -> Scope | None:
        """The scope that declares a name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope
            scope = scope.parent
        return None

    def declare(self, name: str, values: tuple[Value, ...]) -> None:
        self.names[name] = values

    def assign(self, name: str, values: tuple[Value, ...], depth: int) -> Scope | None:
        """Give a declared variable other values; returns its scope, None for a global."""
        holder = self.find(name)
        if holder is None:
            return None
        old = holder.names[name]
        if depth > holder.depth:
            # Something unknown under a condition: what the variable held is no longer certain.
            values = joined(old, values or tuple(Value(value.span) for value in old[:1]))
        holder.names[name] = values
        return holder

    def receiver(self) -> tuple[Value, ...]:
        """`this` here."""
        scope: Scope | None = self
        while scope is not None:
            if scope.this or scope.owns_this:
                return scope.this
            scope = scope.parent
        return ()

    def function_scope(self) -> Scope:
        """The innermost function's or the module's scope."""
        scope = self
        while not scope.is_function and scope.parent is not None:
            scope = scope.parent
        return scope


SINGLETONS: tuple[type[Value], ...] = (Environment, DurableContext, WorkerContext, SocketList)
"""Values of which one is as good as another."""


def joined(*several: tuple[Value, ...]) -> tuple[Value, ...]:
    """All values without repeats; nothing when there are too many to tell apart."""
    found: list[Value] = []
    for values in several:
        for value in values:
            known = isinstance(value, SINGLETONS) and any(type(other) is type(value) for other in found)
            known = known and not (isinstance(value, SocketList) and value.open_only)
            if not known and value not in found:
                found.append(value)
    return tuple(found) if len(found) <= MAX_VALUES else ()
