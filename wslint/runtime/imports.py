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
    "partyserver": "partyserver",
    "y-partyserver": "partyserver",
    "agents": "partyserver",
    "hono-party": "party_middleware",
    "hono-agents": "party_middleware",
    "@sentry/cloudflare": "wrappers",
    "@microlabs/otel-cf-workers": "wrappers",
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
    module = framework_of(value.specifier, unit)
    if module is not None:
        found = module.imported(host, value, unit)
        if found is not None:
            return found
    return value


def called(host: Any, target: Any, call: Invocation) -> Value:
    """A call of a package's export."""
    from wslint.runtime import startup

    if target.specifier in ("node:crypto", "crypto") and startup.is_node_random(target.name):
        startup.refuse(host, call.span)
    if (target.specifier, target.name) in startup.AT_WORK:
        startup.refuse(host, call.span)
    module = framework_of(target.specifier, call.unit)
    if module is not None:
        found = module.called(host, target, call)
        if found is not None:
            return found
    return host.unread_call(call.name, call.span, call.arguments)


def framework_of(specifier: str, unit: Any = None) -> Any:
    """The model of the framework that a specifier names; None for what has none."""
    package = package_of(specifier)
    name = FRAMEWORKS.get(package)
    if name is None and unit is not None:
        name = FRAMEWORKS.get(unit.worker.package_name(package))
    if name is None:
        return None
    from importlib import import_module

    return import_module(f"wslint.runtime.frameworks.{name}")


def package_of(specifier: str) -> str:
    """The package that a specifier leads into, by the name that the project has for it."""
    parts = specifier.split("/")
    return "/".join(parts[:2]) if specifier.startswith("@") else parts[0]


def versions(specifier: str, unit: Any) -> Any:
    """The versions that the package of a specifier may have; None where nothing tells."""
    return unit.worker.package_versions(package_of(specifier)) if unit is not None else None
