"""What outlives a request: module variables and fields that code changes after it has loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.flow.walk import nodes_in
from wslint.trace import classes, languages
from wslint.trace.values import Inst, Scope

if TYPE_CHECKING:
    from wslint.trace.machine import Machine


def is_changed(machine: Machine, test: tree.Expression, scope: Scope) -> bool:
    """Whether a condition reads a module variable or a field that the code assigns while it runs: then another
    handshake than the first may find another value."""
    for node in nodes_in([test]):
        if isinstance(node, tree.Name):
            holder = scope.find(node.name)
            if holder is not None and holder.module and node.name in _assigned_in_module(holder):
                return True
        elif (
            isinstance(node, tree.Member)
            and isinstance(node.object, tree.Name)
            and node.object.name == "this"
        ):
            receiver = scope.receiver()
            if isinstance(receiver, Inst) and node.name in _assigned_in_class(machine, receiver):
                return True
    return False


def _assigned_in_module(scope: Scope) -> set[str]:
    """The names that functions of the module assign."""
    module = languages.lower(scope.worker, scope.file)
    found: set[str] = set()
    for function in nodes_in(module.body) if module is not None else ():
        if isinstance(function, tree.Function):
            for node in nodes_in(function.body):
                if isinstance(node, tree.Assign) and isinstance(node.target, tree.Name):
                    found.add(node.target.name)
    return found


def _assigned_in_class(machine: Machine, instance: Inst) -> set[str]:
    """The fields that methods other than the constructor assign."""
    found: set[str] = set()
    for cls in classes.lineage(machine, instance.cls):
        for member in cls.node.members if hasattr(cls, "node") else ():
            if member.name in ("constructor", "__init__") or member.value is None:
                continue
            for node in nodes_in([member.value]):
                target = node.target if isinstance(node, tree.Assign) else None
                if isinstance(target, tree.Member) and isinstance(target.object, tree.Name):
                    if target.object.name == "this":
                        found.add(target.name)
    return found
