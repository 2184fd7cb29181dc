"""Names that come out of packages: the runtime's own modules, and the frameworks that have a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.values.host import Invocation
from wslint.values.value import Value

if TYPE_CHECKING:
    from wslint.runtime.python import stdlib
else:
    stdlib = Late("wslint.runtime.python.stdlib")

FRAMEWORKS: dict[str, str] = {
    "hono": "hono",
    "@hono/zod-openapi": "hono",
    "itty-router": "itty",
}
"""The module of `frameworks/` that knows a package, by the package's name."""


def outside(host: Any, value: Any, unit: Any) -> Value:
    """What an imported name of a package is: a framework's own value, or the name."""
    if value.specifier in ("cloudflare:workers", "workers") and value.name == "env":
        from wslint.runtime import env

        return env.made(unit.worker)
    if unit.language.name == "python":
        held = stdlib.constant(f"{value.specifier}.{value.name}")
        return value if held is NotImplemented else held
    module = framework_of(value.specifier)
    if module is not None:
        found = module.imported(host, value, unit)
        if found is not None:
            return found
    return value


def called(host: Any, target: Any, call: Invocation) -> Value:
    """A call of a package's export."""
    module = framework_of(target.specifier)
    if module is not None:
        found = module.called(host, target, call)
        if found is not None:
            return found
    return host.unread_call(call.name, call.span, call.arguments)


def framework_of(specifier: str) -> Any:
    """The model of the framework that a specifier names; None for what has none."""
    parts = specifier.split("/")
    package = "/".join(parts[:2]) if specifier.startswith("@") else parts[0]
    name = FRAMEWORKS.get(package)
    if name is None:
        return None
    from importlib import import_module

    return import_module(f"wslint.runtime.frameworks.{name}")
