"""Classes that extend a built-in one whose objects the machine knows: `class Upgrade extends Response`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.machine.scope import ClassValue, Closure, Global
from wslint.source import tree
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine.machine import Machine

_KINDS = ("Response", "Request", "Headers", "Map", "Set", "Array", "URL")
"""Built-in classes whose objects the machine knows: one of a class that extends them is one, with more members."""

_QUIET = ("EventTarget", "Object")
"""Built-in classes whose constructor neither throws nor keeps what it is given."""


def initialise(machine: Machine, base: Global, instance: Object, given: Invocation) -> bool:
    """Run the constructor of a built-in base; False where it is none that is known."""
    from wslint.runtime import globals as runtime_globals

    if base.specifier:
        return False
    if base.name in _QUIET:
        machine.put(instance.slots, "open", True)
        return True
    if base.name not in _KINDS:
        return False
    inner = Invocation(base.name, UNDEFINED, given.arguments, given.span, {}, True, given.open, given.unit)
    made = machine.known(runtime_globals.call(machine, base, inner))
    if isinstance(made, OneOf) or not isinstance(made, Object):
        machine.give_up(f"what the constructor of `{base.name}` makes is not known", given.span)
    machine.put(instance.slots, "built-in", made)
    return True


def made_of(machine: Machine, cls: ClassValue, instance: Object) -> Value:
    """The object that `new` gives: the built-in one, where there is one, with the members of the project's classes."""
    from wslint.machine import calls

    made = instance.slots.pop("built-in", ABSENT)
    if not isinstance(made, Object):
        return instance
    line = list(calls.line(machine, cls))
    for item in reversed(line):
        for member in item.node.members:
            if member.static or member.name == "constructor" or not isinstance(member.value, tree.Function):
                continue
            if member.kind in ("getter", "setter") or member.name.startswith("["):
                made.slots[("p", member.name)] = Unknown(f"`{member.name}`", made.place)
            else:
                made.slots[("p", member.name)] = Closure(member.value, item.scope, made, item)
    for key, held in instance.slots.items():
        if isinstance(key, tuple):
            made.slots[key] = held
    return made
