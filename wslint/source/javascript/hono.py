"""Hono, the framework most Workers with a router use: its handlers get `env` as `c.env`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source.javascript.classes import reference_of
from wslint.source.javascript.model import Module
from wslint.source.javascript.names import names_of
from wslint.source.javascript.syntax import Syntax, arguments, unwrap
from wslint.source.javascript.values import APP, REQUEST_CONTEXT

if TYPE_CHECKING:
    from tree_sitter import Node

    from wslint.source.javascript.flow import Flow

PACKAGES = frozenset({"hono", "hono/tiny", "hono/quick", "hono/factory", "@hono/zod-openapi"})
_APPS = frozenset({"Hono", "OpenAPIHono"})
_METHODS = {"get", "post", "put", "delete", "patch", "options", "head", "all", "on"}
_ROUTES = frozenset(_METHODS | {"use", "notFound", "onError", "openapi"})


def plant(flow: Flow, module: Module, local: str, imported: str) -> None:
    """Start from what is imported from Hono: `new Hono()` and `createMiddleware(…)`."""
    syntax = flow.syntax(module)
    if syntax is None or (imported not in _APPS and imported != "createMiddleware"):
        return
    names = names_of(syntax)
    binder = names.top_level(local)
    for path in names.references(binder) if binder is not None else ():
        parent = path[-2]
        if parent.type == "new_expression" and imported in _APPS:
            flow.follow(module, syntax, path, len(path) - 2, APP)
        elif parent.type == "call_expression" and imported == "createMiddleware":
            for given in arguments(parent):
                _handler(flow, module, syntax, given, 0)


def routes(flow: Flow, module: Module, syntax: Syntax, call: Node, method: str) -> None:
    """`app.get("/path", …, handler)`"""
    if method not in _ROUTES:
        return
    for given in arguments(call):
        node = unwrap(given)
        if node is not None and node.type == "call_expression" and _is_hono(flow, module, syntax, node):
            for inner in arguments(node):  # upgradeWebSocket((c) => …)
                _handler(flow, module, syntax, inner, 0)
        else:
            _handler(flow, module, syntax, given, 1 if method == "onError" else 0)


def _handler(flow: Flow, module: Module, syntax: Syntax, given: Node, position: int) -> None:
    function = flow.functions.function(module, syntax, given)
    if function is not None:
        flow.parameter(function, position, REQUEST_CONTEXT)


def _is_hono(flow: Flow, module: Module, syntax: Syntax, call: Node) -> bool:
    """Whether a function that Hono brings is called."""
    reference = reference_of(syntax, call.child_by_field_name("function"))
    if reference is None:
        return False
    meaning = flow.graph.meaning(module, reference)
    return meaning.outside.startswith(("hono.", "hono/"))
