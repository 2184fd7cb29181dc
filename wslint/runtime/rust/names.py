"""The worker crate's and the standard library's method names, by the kind of what they are called on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wslint.runtime.model import MODELS
from wslint.runtime.rust.results import attempt, bare
from wslint.values.host import Invocation
from wslint.values.value import Value

Method = Callable[[Any, Invocation], Value]

NAMES: dict[str, dict[str, Method]] = {}
BUILTINS: dict[str, Method] = {}
"""Functions by their path's last two parts (`Response::ok` is `Response.ok`)."""


def on(kind: str, *names: str) -> Callable[[Method], Method]:
    """Register a method of one kind."""

    def add(function: Method) -> Method:
        for name in names:
            NAMES.setdefault(kind, {})[name] = function
        return function

    return add


def builtin(*names: str) -> Callable[[Method], Method]:
    """Register a function."""

    def add(function: Method) -> Method:
        for name in names:
            BUILTINS[name] = function
        return function

    return add


def runtime(host: Any, call: Invocation, name: str, *arguments: Value) -> Value:
    """The runtime's own method of the same object; it throws as there."""
    given = [bare(host, value) for value in arguments]
    return MODELS[call.this.kind].methods[name](
        host, Invocation(name, call.this, given, call.span, unit=call.unit)
    )


def tried(host: Any, call: Invocation, name: str, *arguments: Value) -> Value:
    """The same as a Result."""
    return attempt(host, lambda: runtime(host, call, name, *arguments))
