"""Which conditions on the way are worth showing: routes, and guards with what they answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wslint.machine.scope import Scope
from wslint.source import tree
from wslint.source.nodes import nodes_outside

if TYPE_CHECKING:
    from wslint.machine.machine import Machine


def note(machine: Machine, node: tree.If, holds: bool, decided: bool, scope: Scope) -> None:
    """Add a step for a condition that tests the path or refuses requests."""
    if machine.loading:
        return
    answer, leaves = _read(machine, node)
    if not leaves and not (machine.tested_path and decided):
        return
    from wslint.machine.machine import snippet

    span = scope.unit.span(node.test)
    text = snippet(span, 44)
    if machine.tested_path and decided:
        if holds and not (answer is not None and len(node.then) == 1):
            machine.hop("route", span, f"{text} holds")
            return
        if not holds and not (answer or "").startswith(("4", "5", "an ")):
            return  # another route
    if not leaves:
        return
    if not decided:
        machine.hop("guard", span, f"{text}: {'true' if holds else 'false'} on this way")
        return
    if answer is None and not holds:
        return
    if holds:
        machine.hop("guard", span, f"{text} holds" + (f": {answer}" if answer is not None else ""))
    else:
        machine.hop("guard", span, f"{text} does not hold (else {answer})")


def _read(machine: Machine, node: tree.If) -> tuple[str | None, bool]:
    """What its first side answers with, and whether either side leaves: worked out once for a condition."""
    found = machine.conditions.get(node)
    if found is None:
        answer, leaves = _over(machine, node.then)
        found = machine.conditions[node] = (answer, leaves or _over(machine, node.otherwise)[1])
    return found


def _over(machine: Machine, parts: object) -> tuple[str | None, bool]:
    """The first answer that is written in code, and whether any of it returns something or throws. A condition inside
    is gone through once, however deep it lies."""
    answer: str | None = None
    leaves = False
    for node in nodes_outside(parts, tree.If):
        if isinstance(node, tree.If):
            inner = machine.below.get(node)
            if inner is None:
                whole = [node.test, node.then, node.otherwise, node.subject]
                inner = machine.below[node] = _over(machine, whole)
        else:
            inner = (_answer(node), _leaves(node))
        answer = inner[0] if answer is None else answer
        leaves = leaves or inner[1]
        if leaves and answer is not None:
            break
    return answer, leaves


def _leaves(node: tree.Node) -> bool:
    return isinstance(node, tree.Throw) or (isinstance(node, tree.Return) and node.value is not None)


def _answer(node: tree.Node) -> str | None:
    """The status that a node answers with, where it is a response written out."""
    if isinstance(node, tree.Throw):
        return "an exception"
    if isinstance(node, tree.Call) and isinstance(node.function, (tree.Name, tree.Member)):
        called = node.function.name
        helper = isinstance(node.function, tree.Member) and called in _HELPERS
        if called == "Response" or helper:
            return _status(node, called)
    return None


_HELPERS = {"json": "200", "text": "200", "redirect": "302", "error": "an error", "notFound": "404"}


def _number(node: tree.Number) -> str:
    return str(int(node.value)) if math.isfinite(node.value) else "a status that there is not"


def _status(node: tree.Call, called: str) -> str:
    for entry in node.keywords:
        if entry.key == "status" and isinstance(entry.value, tree.Number):
            return _number(entry.value)
    for argument in node.arguments:
        if isinstance(argument, tree.Table):
            status = argument.get("status")
            if status is not None:
                return _number(status.value) if isinstance(status.value, tree.Number) else "another status"
        if isinstance(argument, tree.Number) and called != "Response":
            return _number(argument)
    return _HELPERS.get(called, "200")
