"""Which conditions on the way are worth showing: routes, and guards with what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.machine.scope import Scope

if TYPE_CHECKING:
    from wslint.machine.machine import Machine


def note(machine: Machine, node: tree.If, holds: bool, scope: Scope) -> None:
    """Add a step for a condition of the scene's own request, where one of its sides leaves."""
    if machine.loading or not (_leaves(node.then) or _leaves(node.otherwise)):
        return
    from wslint.machine.machine import snippet

    span = scope.unit.span(node.test)
    machine.hop("guard", span, f"{snippet(span, 44)} {'holds' if holds else 'does not hold'}")


def _leaves(body: list[tree.Statement]) -> bool:
    return bool(body) and isinstance(body[-1], tree.Return | tree.Throw)
