"""hono's context: what its handlers get, answer with, and read the request from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.runtime import headers as headers_model
from wslint.runtime import promise, response, words
from wslint.runtime import request as request_model
from wslint.runtime.frameworks import routes
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

if TYPE_CHECKING:
    from wslint.source.javascript.versions import Versions

CONTEXT = Model("HonoContext")
REQUEST = Model("HonoRequest")


def made(request: Object, env: Value, execution: Value) -> Object:
    slots: dict[Any, Value] = {
        "request": request,
        "env": env,
        "execution": execution,
        "finalized": False,
        "prepared": ABSENT,
        "status": 200,
    }
    return Object("HonoContext", slots)


@CONTEXT.getter("req")
def _req(host: Any, context: Object, span: Any) -> Value:
    made = context.slots.get("req")
    if made is None and context.extra.router.options.get("plain request"):
        return context.slots["request"]
    if made is None:
        made = context.slots["req"] = Object("HonoRequest", {}, span, context)
    return made


@CONTEXT.getter("env")
def _env(host: Any, context: Object, span: Any) -> Value:
    held = context.slots["env"]
    return Object("Object", {}, span) if held is UNDEFINED else held


@CONTEXT.getter("executionCtx")
def _execution(host: Any, context: Object, span: Any) -> Value:
    held = context.slots["execution"]
    if held is UNDEFINED:
        host.throw("Error: This context has no ExecutionContext", span)
    return held


@CONTEXT.getter("var")
def _var(host: Any, context: Object, span: Any) -> Value:
    slots = {
        ("p", key[1]): held
        for key, held in context.slots.items()
        if isinstance(key, tuple) and key[0] == "var"
    }
    return Object("Object", dict(slots), span)


@CONTEXT.getter("error")
def _error(host: Any, context: Object, span: Any) -> Value:
    return Unknown("`c.error`", span)


@CONTEXT.getter("res")
def _res_getter(host: Any, context: Object, span: Any) -> Value:
    return res(host, context, span)


@CONTEXT.getter("finalized")
def _finalized(host: Any, context: Object, span: Any) -> Value:
    return context.slots["finalized"]


def res(host: Any, context: Object, span: Span) -> Value:
    """`c.res`: reading it before there is one makes one."""

    def one(held: Value) -> Value:
        if held is not ABSENT:
            return held
        made = response.made(200, span, None, headers_model.made({}, span))
        host.put(context.slots, "res", made)
        return made

    return host.each(context.slots.get("res", ABSENT), one)


@CONTEXT.setter("res")
def _res_setter(host: Any, context: Object, value: Value, span: Any) -> None:
    set_res(host, context, value, span)


_IN_PLACE, _COPIES = (4, 6, 0), (4, 7, 7)
"""Before the first the headers of an earlier `c.res` are set on the new one itself; before the second too, and where
these can't be changed it is built again from its status and headers alone; then it is always copied whole."""


def ways(versions: Versions | None) -> str:
    """How a second answer comes together with a first: by what is surely installed."""
    if versions is not None and versions.all_before(_IN_PLACE):
        return "in place"
    if versions is not None and versions.all_from(_IN_PLACE) and versions.all_before(_COPIES):
        return "without its socket"
    return "copied"


def set_res(host: Any, context: Object, value: Value, span: Span) -> None:
    """Where there is one already the new one gets its headers."""
    way = context.extra.router.options.get("second answer", "copied")

    def one(before: Value) -> Value:
        def other(held: Value) -> Value:
            if before is ABSENT or not isinstance(held, Object) or held.kind != "Response":
                return held
            if way == "copied":
                return _again(host, held, span)
            return _in_place(host, before, held, way, span)

        return host.each(value, other)

    host.put(context.slots, "res", host.each(context.slots.get("res", ABSENT), one))
    host.put(context.slots, "finalized", True)


def _again(host: Any, held: Object, span: Span) -> Value:
    """`new Response(held.body, held)`: its headers can then be changed."""
    body = Unknown("the body", span) if host.known(held.slots["status"]) != response.SWITCHING else None
    return response.build(host, body if body is None else "x", held, held.place or span)


def _in_place(host: Any, before: Value, held: Object, way: str, span: Span) -> Value:
    """The headers of the answer before, set on this one."""
    headers = host.known(before.slots["headers"]) if isinstance(before, Object) else before
    if not isinstance(headers, Object) or headers.kind != "Headers":
        host.give_up("the headers that were set before are not known", span)
    assert isinstance(headers, Object)
    names = [key[1] for key in headers.slots if isinstance(key, tuple) and key[0] == "h"]
    if not any(name != "content-type" for name in names):
        if headers.slots["complete"] is not True or "escaped" in headers.slots:
            host.give_up("the headers that were set before are not known", span)
        return held

    def one(fixed: Value) -> Value:
        if fixed is not True:
            return held
        if way == "in place":
            host.throw(words.IMMUTABLE, held.place or span, held)
        init = Object("Object", {("p", "status"): host.known(held.slots["status"])}, span)
        return response.build(host, None, init, held.place or span)

    return host.each(host.known(held.slots["headers"]).slots["immutable"], one)


@CONTEXT.method("header")
def _header(host: Any, call: Invocation) -> Value:
    """A header of the answer: one that was made already is built again first, from 4.7.7 on."""
    context: Object = call.this

    def one(done: Value) -> Value:
        if done is True:
            held = host.known(context.slots["res"])
            if isinstance(held, Object) and held.kind == "Response":
                if context.extra.router.options.get("second answer", "copied") != "copied":
                    fixed = host.known(held.slots["headers"]).slots["immutable"]
                    host.each(fixed, lambda yes: _refuse(host, yes, call, held))
                else:
                    host.put(context.slots, "res", _again(host, held, call.span))
        return UNDEFINED

    return host.each(context.slots["finalized"], one)


def _refuse(host: Any, fixed: Value, call: Invocation, held: Object) -> Value:
    if fixed is True:
        host.throw(words.IMMUTABLE, call.span, held)
    return UNDEFINED


@CONTEXT.method("status")
def _status(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import whole

    number = whole(host.known(call.argument(0)))
    host.put(call.this.slots, "status", number if number is not None else Unknown("a status", call.span))
    return UNDEFINED


def _as_number(status: Value) -> Value:
    return float(status) if isinstance(status, int) and not isinstance(status, bool) else status


@CONTEXT.method("json", "text", "html", "body", "newResponse")
def _answer(host: Any, call: Invocation) -> Value:
    """An answer of its own: only `status` and `headers` of the init are taken."""
    context: Object = call.this
    body = "x" if call.name in ("json", "text", "html") else call.argument(0)

    def one(second: Value) -> Value:
        status: Value = second
        if isinstance(second, Object):
            key = "status" if second.kind == "Response" else ("p", "status")
            status = host.lift(_as_number, second.slots.get(key, UNDEFINED))
            if second.slots.get("open"):
                status = Unknown("a status", call.span)
        if status is UNDEFINED or status is None:
            status = context.slots["status"]
        init = Object("Object", {("p", "status"): status}, call.span)
        return response.build(host, body, init, call.span)

    return host.each(call.argument(1), one)


@CONTEXT.method("redirect")
def _redirect(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import whole

    status = whole(host.known(call.argument(1))) if len(call.arguments) > 1 else 302
    headers = headers_model.made({"location": call.argument(0)}, call.span)
    number = status if status is not None else Unknown("a status", call.span)
    return response.made(number, call.span, None, headers)


@CONTEXT.method("notFound")
def _not_found_answer(host: Any, call: Invocation) -> Value:
    return missing(host, call.this.extra, call.span)


def missing(host: Any, run: Any, span: Span) -> Value:
    """`notFound`, or hono's own."""
    lost = None if any(not route.middleware for route, *_ in run.steps) else run.lost
    if run.router.not_found is not None:
        held = host.awaited(host.call(run.router.not_found, [run.context], span), span)
        return host.lift(lambda answer: routes.explained(answer, lost), held)
    made = response.made(404, None, note="hono's own 404: no route matches")
    return routes.explained(made, lost)


@CONTEXT.method("set")
def _set(host: Any, call: Invocation) -> Value:
    name = host.known(call.argument(0))
    if isinstance(name, str):
        host.put(call.this.slots, ("var", name), call.argument(1))
    return UNDEFINED


@CONTEXT.method("get")
def _get(host: Any, call: Invocation) -> Value:
    name = host.known(call.argument(0))
    if not isinstance(name, str):
        return Unknown("a variable", call.span)
    held = call.this.slots.get(("var", name), ABSENT)
    return host.lift(lambda one: UNDEFINED if one is ABSENT else one, held)


@CONTEXT.method("render", "setRenderer", "setLayout")
def _render(host: Any, call: Invocation) -> Value:
    return response.made(200, call.span) if call.name == "render" else UNDEFINED


# The request that handlers get


def _inner(request: Object) -> Object:
    held: Object = request.extra.slots["request"]
    return held


@REQUEST.getter("raw")
def _raw(host: Any, request: Object, span: Any) -> Value:
    return _inner(request)


@REQUEST.getter("path")
def _path(host: Any, request: Object, span: Any) -> Value:
    from urllib.parse import unquote

    return host.lift(
        lambda held: unquote(held) if isinstance(held, str) else held,
        request_model.path(host, _inner(request)),
    )


REQUEST.getters["url"] = lambda host, request, span: request_model.REQUEST.getters["url"](
    host, _inner(request), span
)
REQUEST.getters["method"] = lambda host, request, span: _inner(request).slots["method"]
REQUEST.getters["headers"] = lambda host, request, span: UNDEFINED
REQUEST.getters["routeIndex"] = lambda host, request, span: Unknown("`routeIndex`", span)


@REQUEST.method("header")
def _request_header(host: Any, call: Invocation) -> Value:
    name = host.known(call.argument(0))
    if not isinstance(name, str):
        copied = headers_model.copied(host, _inner(call.this).slots["headers"])
        from wslint.runtime.object_statics import from_entries

        return from_entries(host, Invocation("Object.fromEntries", UNDEFINED, [copied], call.span))
    held = headers_model.value(host, _inner(call.this).slots["headers"], name.lower(), call.span)
    return host.lift(lambda one: UNDEFINED if one is None else one, held)


@REQUEST.method("param")
def _param(host: Any, call: Invocation) -> Value:
    params: Object = call.this.extra.slots["params"]
    name = host.known(call.argument(0))
    if name is UNDEFINED:
        return params
    return params.slots.get(("p", name), UNDEFINED)


@REQUEST.method("query", "queries")
def _query(host: Any, call: Invocation) -> Value:
    from wslint.runtime import url

    name = host.known(call.argument(0))
    held = host.known(_inner(call.this).slots["url"])
    if not isinstance(name, str) or not isinstance(held, Object):
        return Unknown("the query", call.span, "client")
    params = Object("URLSearchParams", {}, call.span, held)
    value = url.QUERY.methods["get"](host, Invocation("get", params, [name], call.span))
    return host.lift(lambda one: UNDEFINED if one is None else one, value)


@REQUEST.method("json", "text", "arrayBuffer", "blob", "formData", "parseBody")
def _request_body(host: Any, call: Invocation) -> Value:
    if call.name == "parseBody":
        return promise.made(Unknown("the body", call.span, "client"), call.span)
    return request_model.REQUEST.methods[call.name](
        host, Invocation(call.name, _inner(call.this), [], call.span, unit=call.unit)
    )


@REQUEST.method("valid")
def _valid(host: Any, call: Invocation) -> Value:
    return Unknown("what was validated", call.span, "client")
