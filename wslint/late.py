"""Modules that are imported when they are first asked for something.

The machine and the runtime's model call each other in circles. An import in a function undoes a circle as well, but
is carried out at each call: a life has fifty thousand of them.
"""

from __future__ import annotations

from typing import Any


class Late:
    """Stands for a module."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        from importlib import import_module

        found = getattr(import_module(self._name), name)
        setattr(self, name, found)
        return found
