"""What earlier events may have left behind: for the trace of one address the isolate and the object are not fresh.

Which slots that are is read off the code: a name or field that a function writes, other than while loading and
constructing, and a container that one changes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from wslint.machine import calls
from wslint.machine.scope import ClassValue, Closure, Global, Unit
from wslint.source import tree
from wslint.source.nodes import nodes_in, nodes_outside
from wslint.values.heap import Object
from wslint.values.value import Unknown

if TYPE_CHECKING:
    from wslint.machine.machine import Machine

_CHANGING = frozenset(
    [
        "set",
        "add",
        "delete",
        "clear",
        "push",
        "unshift",
        "pop",
        "shift",
        "splice",
        "sort",
        "reverse",
        "append",
        "insert",
        "remove",
        "update",
        "setdefault",
        "fill",
        "extend",
        "discard",
        "entry",
        "get_or_insert_with",
        "borrow_mut",
    ]
)
"""Methods that change the container that they are called on."""


def _written(body: object, members: set[str] | None = None) -> tuple[set[str], set[str], set[str], set[str]]:
    """Names that are assigned, names whose value is changed, fields of `this` that are assigned, and those whose
    value is changed. `members` takes the names of all members that are assigned, of whatever object."""
    names: set[str] = set()
    changed: set[str] = set()
    own: set[str] = set()
    own_changed: set[str] = set()
    for node in nodes_in(body):
        kind = type(node)
        if kind is tree.Name or kind is tree.Text:
            continue  # most are
        if isinstance(node, tree.Assign):
            target: Any = node.target
            if members is not None and isinstance(target, tree.Member):
                members.add(target.name)
            if isinstance(target, tree.Name):
                names.add(target.name)
            elif isinstance(target, tree.Member | tree.Index):
                _note(target, own, changed, own_changed)
        elif (
            isinstance(node, tree.Call)
            and isinstance(node.function, tree.Member)
            and node.function.name in _CHANGING
        ):
            _changed(node.function.object, changed, own_changed)
        elif isinstance(node, tree.Operation) and node.operator == "delete" and node.operands:
            target = node.operands[0]
            if isinstance(target, tree.Member | tree.Index):
                _note(target, own, changed, own_changed)
    return names, changed, own, own_changed


def _note(target: tree.Member | tree.Index, own: set[str], changed: set[str], own_changed: set[str]) -> None:
    holder = target.object
    if isinstance(target, tree.Member) and isinstance(holder, tree.Name) and holder.name == "this":
        own.add(target.name)
    else:
        _changed(holder, changed, own_changed)


def _changed(holder: Any, changed: set[str], own_changed: set[str]) -> None:
    """The name or field at the root of `a.b.c`."""
    while isinstance(holder, tree.Member | tree.Index | tree.Call):
        if isinstance(holder, tree.Call):
            holder = holder.function
            continue
        inner = holder.object
        if isinstance(holder, tree.Member) and isinstance(inner, tree.Name) and inner.name == "this":
            own_changed.add(holder.name)
            return
        holder = inner
    if isinstance(holder, tree.Name):
        changed.add(holder.name)


def module(machine: Machine, unit: Unit, lowered: tree.Module) -> None:
    """Names of a module that its functions write are not what they were at first."""
    if all(isinstance(held, Closure | Global) for held in unit.names.values()):
        return  # as they are in most modules
    names, changed, written = _by_functions(unit, lowered)
    for name in names & set(unit.names):
        if not isinstance(unit.names[name], ClassValue | Closure | Global):
            unit.names[name] = Unknown(f"`{name}`, which earlier requests may have changed", None, "world")
    for held in unit.names.values():
        for name in written & set(held.statics) if isinstance(held, ClassValue) else ():
            held.statics[name] = Unknown(
                f"`{held.name}.{name}`, which earlier requests may have changed", None, "world"
            )
    for name in changed & set(unit.names):
        open_up(unit.names[name])


def _by_functions(unit: Unit, lowered: tree.Module) -> tuple[set[str], set[str], set[str]]:
    """Names that a module's functions assign, names whose value they change, and members that they assign. Each life
    asks it of each module."""
    cache = unit.worker.workspace.files.cache
    key = ("written by functions", os.fspath(unit.file.path))
    known = cache.get(key)
    if not isinstance(known, tuple) or known[0] is not lowered:
        functions = [
            node for node in nodes_outside(lowered.body, tree.Function) if isinstance(node, tree.Function)
        ]
        members: set[str] = set()  # a class's static fields may be among them
        names, changed, _, _ = _written(functions, members)
        known = cache[key] = lowered, (names, changed, members)
    found: tuple[set[str], set[str], set[str]] = known[1]
    return found


def instance(machine: Machine, made: Object) -> None:
    """Fields of an object that its methods write are not what the constructor left."""
    cls: ClassValue = made.extra
    for each in calls.line(machine, cls):
        bodies = [
            item.value
            for item in each.node.members
            if item.name != "constructor" and isinstance(item.value, tree.Function)
        ]
        _, _, own, own_changed = _written(bodies)
        for name in own:
            key = ("p", name)
            held = made.slots.get(key)
            if not (isinstance(held, Object) and held.kind in _STEADY):
                made.slots[key] = Unknown(f"`this.{name}`, as earlier events left it", None, "world")
        for name in own_changed - own:
            open_up(made.slots.get(("p", name)))


_STEADY = frozenset({"DurableObjectState", "Environment", "DurableObjectStorage", "SqlStorage"})


def open_up(value: object, depth: int = 0) -> None:
    """What a container holds may be other things too."""
    if (
        not isinstance(value, Object)
        or depth > 4
        or value.kind not in ("Object", "Map", "Set", "Array", "Instance")
    ):
        return
    if not value.slots.get("open"):
        value.slots["open"] = "world"
    for key, held in list(value.slots.items()):
        if (
            value.kind in ("Object", "Instance")
            and isinstance(key, tuple)
            and key[0] == "p"
            and key[1] not in ("ctx", "env")
        ):
            open_up(held, depth + 1)
