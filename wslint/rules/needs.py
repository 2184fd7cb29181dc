"""What a rule needs of a Worker to say anything: asked before its module is imported.

A rule names it in `Rule.needs`. It is read off the configuration, the language, or the actions that the code's flow
holds (`uses listen`), and only ever leaves out a rule that would find nothing to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wslint.rules import Rule
    from wslint.worker import Worker

_JAVASCRIPT = ("javascript", "typescript")

NEEDS: dict[str, Callable[[Worker], bool]] = {
    "assets": lambda worker: worker.config.value("assets") is not None,
    "conflicts": lambda worker: bool(worker.config.history.conflicts),
    "containers": lambda worker: worker.config.value("containers") is not None,
    "environment": lambda worker: worker.config.environment is not None,
    "exports": lambda worker: worker.config.value("exports") is not None,
    "head": lambda worker: worker.document.committed is not None,
    "pages": lambda worker: worker.document.is_pages,
    "script": lambda worker: any(one.script_name is not None for one in worker.config.durable_objects),
    "unknown-keys": lambda worker: bool(worker.config.unknown_keys),
    "workflows": lambda worker: worker.config.value("workflows") is not None,
    "javascript": lambda worker: worker.source is not None and worker.source.language in _JAVASCRIPT,
    "python": lambda worker: worker.is_python,
    "rust": lambda worker: worker.source is not None and worker.source.language == "rust",
}

_USES = "uses "
"""What stands before an action (`source.flow.uses.Action`) that the flow must hold."""


def has_needs(rule: Rule, worker: Worker) -> bool:
    """Whether a Worker has what a rule needs."""
    for need in rule.needs:
        if need.startswith(_USES):
            flow = worker.flow
            if flow is None or need[len(_USES) :] not in flow.actions:
                return False
        elif not NEEDS[need](worker):
            return False
    return True


def is_known(need: str) -> bool:
    """Whether a need is one that can be asked."""
    if need.startswith(_USES):
        from typing import get_args

        from wslint.source.flow.uses import Action

        return need[len(_USES) :] in get_args(Action)
    return need in NEEDS
