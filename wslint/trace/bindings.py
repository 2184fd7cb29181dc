"""`env.NAME`: what the configuration binds under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.text import Span
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    AssetsV,
    EnvV,
    Known,
    Namespace,
    Obj,
    ServiceV,
    Unknown,
    Val,
)
from wslint.wrangler.located import Value

if TYPE_CHECKING:
    from wslint.trace.machine import Machine
    from wslint.worker import Worker


METHODS = frozenset(
    {
        "idFromName",
        "idFromString",
        "newUniqueId",
        "getByName",
        "id_from_name",
        "get_by_name",
        "get",
        "put",
        "delete",
    }
    | {
        "list",
        "prepare",
        "batch",
        "exec",
        "send",
        "sendBatch",
        "fetch",
        "run",
        "query",
        "writeDataPoint",
        "limit",
    }
    | {"connect", "create"}
)
"""Methods of bindings that no text has: where they are called, the name is no secret's."""


def read(machine: Machine, env: EnvV, name: str, span: Span) -> Val:
    """A binding of the Worker. What is not declared may be a secret: then it is unknown."""
    worker = env.worker
    for binding in worker.config.bindings:
        if binding.name != name:
            continue
        match binding.kind:
            case "durable_objects":
                return Namespace(name, worker, span)
            case "services":
                return ServiceV(name, worker, span)
            case "assets":
                return AssetsV(worker, span)
            case "vars":
                return plain(binding.value)
            case "secrets":
                return Unknown(f"the secret `{name}`", True)
        return Known(f"env.{name}")
    if _is_missing(worker, name):
        return UNDEFINED
    return Unknown(f"`env.{name}`")


def _is_missing(worker: Worker, name: str) -> bool:
    """Whether the source calls what no secret has."""
    return any(use.method in METHODS for use in worker.uses_of(name))


def plain(value: Value) -> Val:
    """A variable of the configuration, as the code sees it."""
    if value.is_placeholder:
        return Unknown("a placeholder")
    match value.kind:
        case "string":
            return value.string
        case "integer" | "float":
            return float(value.data) if isinstance(value.data, (int, float)) else Unknown("a number")
        case "boolean":
            return value.data
        case "null":
            return None
        case "array":
            return Arr([plain(item) for item in value.items])
        case "table":
            return Obj({key: plain(entry.value) for key, entry in value.entries.items()})
    return Unknown("a variable")
