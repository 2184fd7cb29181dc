"""How an object of the real runtime is written down: its members, once each.

A member is a function of the host and the call; what it throws, it throws in the runtime's own words. A kind's
members that are not here are unknown with a reason, or undefined where the runtime's own list
(`data/runtime-members`) says that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wslint.values.heap import Object
from wslint.values.host import Host, Invocation
from wslint.values.value import Value

Method = Callable[[Any, Invocation], Value]
Getter = Callable[[Any, Object, Any], Value]
Setter = Callable[[Any, Object, Value, Any], None]

MODELS: dict[str, Model] = {}
"""By the kind of their objects."""

GLOBALS: dict[str, Method] = {}
"""Functions and constructors by name (`Response`, `Response.json`, `fetch`)."""


class Model:
    """One kind of object. `interface` is its name in the runtime's list of members, where it has one."""

    def __init__(self, kind: str, interface: str | None = None) -> None:
        self.kind = kind
        self.interface = interface
        self.methods: dict[str, Method] = {}
        self.getters: dict[str, Getter] = {}
        self.setters: dict[str, Setter] = {}
        self.own: tuple[str, ...] = ()
        """The methods that the object itself has, so that `{ ...object }` has them too."""
        self.named: Callable[[Any, Object, str, Any], Value] | None = None
        """What it has under any other name, for one whose members the configuration decides."""
        MODELS[kind] = self

    def method(self, *names: str) -> Callable[[Method], Method]:
        def add(function: Method) -> Method:
            for name in names:
                self.methods[name] = function
            return function

        return add

    def getter(self, *names: str) -> Callable[[Getter], Getter]:
        def add(function: Getter) -> Getter:
            for name in names:
                self.getters[name] = function
            return function

        return add

    def setter(self, *names: str) -> Callable[[Setter], Setter]:
        def add(function: Setter) -> Setter:
            for name in names:
                self.setters[name] = function
            return function

        return add


def maker(*names: str) -> Callable[[Method], Method]:
    """A global function or constructor."""

    def add(function: Method) -> Method:
        for name in names:
            GLOBALS[name] = function
        return function

    return add


__all__ = ["GLOBALS", "MODELS", "Getter", "Host", "Invocation", "Method", "Model", "Setter", "maker"]
