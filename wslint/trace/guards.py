"""Which conditions on the way are worth showing: routes, and guards with what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.flow.walk import nodes_in
from wslint.text import Span
from wslint.trace import state
from wslint.trace.machine import snippet
from wslint.trace.values import Scope

if TYPE_CHECKING:
    from wslint.trace.machine import Machine


def note(
    machine: Machine, node: tree.If, scope: Scope, holds: bool, unknown: bool, before: int, forwards: int
) -> None:
    """Add a hop for a condition, where it tests the path or refuses requests."""
    if machine.loading or machine.forwards != forwards:
        return
    leaves, otherwise = leaving(node.then), leaving(node.otherwise)
    if (leaves or otherwise) and ("memory" in machine.touched or state.is_changed(machine, node.test, scope)):
        machine.doubt("a condition looks at what the object holds; this is its first handshake")
    span = Span(scope.file, node.test.start, node.test.end)
    text = snippet(span, 44)
    if "path" in machine.touched or "url" in machine.touched:
        if not unknown and holds and not _refuses(node.then):
            machine.hop("route", span, f"{text} holds")
            return
        if not unknown and not holds and not (answered(node.then) or "").startswith(("4", "5", "an ")):
            return  # another route
    if unknown:
        if leaves or otherwise:
            machine.hop("guard", span, f"{text}: not known; taken as {'true' if holds else 'false'}")
        return
    answer = answered(node.then)
    if not leaves or (answer is None and not holds):
        return
    if holds:
        machine.hop("guard", span, f"{text} holds" + (f": {answer}" if answer is not None else ""))
    else:
        machine.hop("guard", span, f"{text} does not hold (else {answer})")


def _refuses(body: Sequence[tree.Statement]) -> bool:
    return answered(body) is not None and len(body) == 1


def leaving(body: Sequence[tree.Statement]) -> bool:
    """Whether statements return something, or throw, anywhere."""
    return any(
        isinstance(node, tree.Throw) or (isinstance(node, tree.Return) and node.value is not None)
        for node in nodes_in(list(body))
    )


def answered(body: Sequence[tree.Statement]) -> str | None:
    """The status that a branch answers with, where it is one response written out."""
    for node in nodes_in(list(body)):
        if isinstance(node, tree.Throw):
            return "an exception"
        if isinstance(node, tree.Call) and isinstance(node.function, (tree.Name, tree.Member)):
            called = node.function.name
            is_response = called == "Response" or (
                isinstance(node.function, tree.Member)
                and called in ("json", "redirect", "error", "text", "notFound")
            )
            if is_response:
                return _status(node, called)
    return None


def _status(node: tree.Call, called: str) -> str:
    for entry in node.keywords:
        if entry.key == "status" and isinstance(entry.value, tree.Number):
            return str(int(entry.value.value))
    for argument in node.arguments:
        if isinstance(argument, tree.Table):
            status = argument.get("status")
            if status is not None:
                return (
                    str(int(status.value.value))
                    if isinstance(status.value, tree.Number)
                    else "another status"
                )
        if isinstance(argument, tree.Number) and called != "Response":
            return str(int(argument.value))
    return {"redirect": "302", "error": "an error", "notFound": "404"}.get(called, "200")
