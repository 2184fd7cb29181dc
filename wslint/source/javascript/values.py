"""The values that carry bindings, and what taking a property of one gives."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from wslint.record import field, frozen, record
from wslint.source.facts import BindingUse
from wslint.text import Span

ValueKind = Literal[
    "env",  # the second parameter of a handler, `this.env`
    "context",  # the third parameter of a handler, the state of a Durable Object
    "exports",  # ctx.exports
    "runtime",  # the whole module cloudflare:workers
    "app",  # new Hono()
    "request context",  # the `c` of a Hono handler
    "binding",  # env.NAME
]


@frozen
class Value:
    """One value that is followed; `use` names the `env.NAME` that a binding came from."""

    kind: ValueKind
    use: tuple[Path, int] | None = None


ENV = Value("env")
CONTEXT = Value("context")
EXPORTS = Value("exports")
RUNTIME = Value("runtime")
APP = Value("app")
REQUEST_CONTEXT = Value("request context")

_PROPERTIES: dict[tuple[str, str], Value] = {
    ("runtime", "env"): ENV,
    ("runtime", "exports"): EXPORTS,
    ("request context", "env"): ENV,
    ("request context", "executionCtx"): CONTEXT,
    ("context", "exports"): EXPORTS,
}

NAMESPACE_METHODS = ("idFromName", "idFromString", "newUniqueId", "getByName", "jurisdiction")
"""Methods that tell a Durable Object namespace; they win over `get`, which other bindings have too."""


@record
class _Use:
    name: str
    span: Span
    methods: list[str] = field(default_factory=list)
    guarded: bool = False


@record
class Collected:
    """The uses found so far."""

    uses: dict[tuple[Path, int], _Use] = field(default_factory=dict)
    exports: dict[tuple[Path, int], Span] = field(default_factory=dict)
    guards: dict[tuple[Path, str], list[tuple[int, int]]] = field(default_factory=dict)

    def property_of(self, value: Value, name: str, span: Span) -> Value | None:
        """What `value.name` is; reading a binding or an export is recorded."""
        key = (span.file.path, span.start)
        if value.kind == "env":
            self.uses.setdefault(key, _Use(name, span))
            return Value("binding", key)
        if value.kind == "exports":
            self.exports.setdefault(key, span)
            return None
        return _PROPERTIES.get((value.kind, name))

    def call(self, value: Value, method: str) -> None:
        """`method` is called on a binding."""
        if value.use is not None:
            self.uses[value.use].methods.append(method)

    def guard(self, value: Value, path: Path, scope: tuple[int, int]) -> None:
        """The code tests a binding: all its uses in the same function are prepared for its absence."""
        if value.use is not None:
            use = self.uses[value.use]
            use.guarded = True
            self.guard_name(use.name, path, scope)

    def guard_name(self, name: str, path: Path, scope: tuple[int, int]) -> None:
        self.guards.setdefault((path, name), []).append(scope)

    def binding_uses(self) -> list[BindingUse]:
        """All uses, file by file in the order of the text."""
        found: list[BindingUse] = []
        for (path, start), use in self.uses.items():
            named = next((each for each in use.methods if each in NAMESPACE_METHODS), None)
            method = named or (use.methods[0] if use.methods else None)
            guards = self.guards.get((path, use.name), ())
            guarded = use.guarded or any(first <= start < last for first, last in guards)
            found.append(BindingUse(use.name, use.span, method, guarded))
        return found
