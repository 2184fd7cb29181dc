"""workers-rs: the crate's names over the runtime's objects, and the standard library's wrappers."""

from __future__ import annotations

from typing import Any

from wslint.values.host import Invocation
from wslint.values.value import Value


def builtin(host: Any, name: str, call: Invocation) -> Value | None:
    """A call of a name from outside the project; None where nothing is known of it."""
    from wslint.runtime.rust import builtins, methods, responses, router, standard  # noqa: F401 - they register

    return builtins.called(host, name, call)
