"""What Python's spelling of the runtime's objects means: keyword arguments, `js.…`, the SDK's `Response`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.text import Span
from wslint.trace import expressions, responses
from wslint.trace.values import Obj, Scope, Unknown, Val

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

_KEYS = {"web_socket": "webSocket"}


def call(
    machine: Machine, name: str, node: tree.Call, arguments: list[Val], span: Span, scope: Scope
) -> Val | None:
    """`Response(body, status=…, web_socket=…)`, `Request(url, headers=…)`; None for any other call."""
    name = name.removesuffix(".new")
    if name not in ("Response", "Response.json", "Request", "Headers"):
        return None
    init = Obj({})
    for entry in node.keywords:
        value = expressions.evaluate(machine, entry.value, scope)
        if entry.key is None:
            init.open = True
        else:
            init.fields[_KEYS.get(entry.key, entry.key)] = value
    if name == "Request":
        return responses.build_request(arguments[0] if arguments else Unknown("an address"), init, span)
    if name == "Headers":
        return None
    body = "{}" if name == "Response.json" else arguments[0] if arguments else None
    return responses.build(body, init, span)
