"""A play that fails is not known: no mistake of the machine's takes the report away.

`WSLINT_STRICT` lets such mistakes through; the tests set it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from wslint import system
from wslint.source.facts import Unknown
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.worker import Worker

Played = TypeVar("Played")


def played_safely(worker: Worker, run: Callable[[], Played], instead: Callable[[], Played]) -> Played:
    """What `run` gives; `instead`, and a line among what could not be checked, where it fails."""
    try:
        return run()
    except Exception as error:
        if system.variable("WSLINT_STRICT"):
            raise
        file = worker.document.file
        why = f"wslint failed at it: {type(error).__name__}: {error}"
        worker.workspace.unknown.append(Unknown(Span(file, 0, 0), "what its sockets live through", why))
        return instead()
