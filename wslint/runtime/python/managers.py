"""`with`: what a context manager of the project's own does before the body and after it."""

from __future__ import annotations

from typing import Any

from wslint.source import tree
from wslint.text import Span
from wslint.values.heap import Exit, Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

_ALL = frozenset({"throw", "return", "break", "continue", "hang", "unknown"})


def managed(machine: Any, node: tree.Managed, scope: Any) -> None:
    """Run a `with`. A manager from outside the project gives itself, and lets everything through."""
    from wslint.machine import statements
    from wslint.machine.expressions import value_of

    assert node.manager is not None
    value: Any = node.manager.held[0]
    target: Any = node.manager.held.get(1)
    manager = machine.known(value_of(machine, value, scope))
    span = scope.unit.span(value)
    enters, leaves = (_method(machine, manager, name, span) for name in ("enter", "exit"))
    given = _called(machine, enters, [], span, scope) if enters is not None else manager
    if target is not None:
        statements.bind(machine, target, given, scope)
    body = node.body[1:]
    if leaves is None:
        statements.run(machine, body, scope)
        return
    collector, done = machine.collect(_ALL, lambda: statements._nothing(machine, body, scope))
    going: list[Exit] = []
    from wslint.machine.control import Dead

    for item in [*collector.exits, *([done] if done is not None else [])]:
        machine.log.rollback(collector.mark)
        machine.path = collector.root
        try:
            machine.meet(collector, [item])
            told = [_class_of(item.value, span), item.value, Unknown("a traceback", span)]
            found = _called(machine, leaves, told if item.kind == "throw" else [None] * 3, span, scope)
            takes = item.kind == "throw" and _is_true(machine, found, scope)
            if takes:
                statements.mark_caught(item.value)
            elif item.kind != "done":
                machine.leave(item.kind, item.value, item.span, item.text, item.label)
            going.append(Exit("done", UNDEFINED, machine.path, machine.log.capture(collector.mark)))
        except Dead:
            continue
    machine.meet(collector, going)


def _is_true(machine: Any, value: Value, scope: Any) -> bool:
    """Whether `__exit__` takes the exception; where that is not known, the way ends there."""
    value = machine.known(value)
    found = None if isinstance(value, Unknown) else scope.unit.language.truth(value)
    if found is None and value is not None:
        machine.give_up("whether `__exit__` takes the exception is not known", None)
    return bool(found)


def _class_of(value: Value, span: Span) -> Value:
    from wslint.machine.scope import Global

    if isinstance(value, Object) and value.kind == "Instance":
        return value.extra
    name = value.slots.get("name") if isinstance(value, Object) and value.kind == "Error" else None
    return Global("", name) if isinstance(name, str) else Unknown("the class of an exception", span)


def _method(machine: Any, manager: Value, name: str, span: Span) -> Value:
    from wslint.runtime.python import classes

    if not isinstance(manager, Object) or manager.kind != "Instance":
        return None
    for whole in (f"__{name}__", f"__a{name}__"):
        found = classes.attribute(machine, manager, whole, span)
        if found is not ABSENT and not isinstance(found, Unknown):
            return found
    return None


def _called(machine: Any, function: Value, given: list[Value], span: Span, scope: Any) -> Value:
    from wslint.machine import calls
    from wslint.runtime.python import control

    made = calls.apply(machine, function, Invocation("", UNDEFINED, given, span, unit=scope.unit))
    return machine.each(
        made,
        lambda held: (
            control.awaited(machine, held, span)
            if isinstance(held, Object) and held.kind == "Coroutine"
            else held
        ),
    )
