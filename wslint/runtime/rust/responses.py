"""The worker crate's responses."""

from __future__ import annotations

from typing import Any

from wslint.runtime import headers as headers_model
from wslint.runtime import response as response_model
from wslint.runtime.model import Model
from wslint.runtime.rust.names import builtin, on
from wslint.runtime.rust.results import bare, err, ok, panic
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import Unknown, Value

BUILDER = Model("ResponseBuilder")


@builtin("Response.ok", "Response.from_html", "Response.from_json", "Response.from_bytes", "Response.from_body", "Response.from_stream",
         "Response.empty")  # fmt: skip
def _response(host: Any, call: Invocation) -> Value:
    return response_model.made(200, call.span)


@builtin("Response.error")
def _refused(host: Any, call: Invocation) -> Value:
    def one(status: Value) -> Value:
        if not isinstance(status, float):
            return response_model.made(
                Unknown("a status", call.span, getattr(status, "owner", "unread")), call.span
            )
        if not 400 <= status <= 599:
            text = "error status codes must be in the 400-599 range!"
            return err(text, call.span, f"Error: {text}")
        return response_model.made(int(status), call.span)

    return host.lift(one, bare(host, call.argument(1)))


@builtin("Response.redirect", "Response.redirect_with_status")
def _redirect(host: Any, call: Invocation) -> Value:
    status = bare(host, call.argument(1)) if call.name.endswith("status") else 302.0
    if isinstance(status, float) and not 300 <= status <= 399:
        text = "redirect status codes must be in the 300-399 range!"
        return err(text, call.span, f"Error: {text}")
    if isinstance(status, float) and status not in (301, 302, 303, 307, 308):
        return err("Invalid status code", call.span, "RangeError: Invalid status code")
    number = int(status) if isinstance(status, float) else Unknown("a status", call.span)
    headers = {"location": bare(host, call.argument(0))}
    return response_model.made(
        number, call.span, None, headers_model.made(headers, call.span, immutable=True)
    )


@builtin("Response.from_websocket")
def _upgrade(host: Any, call: Invocation) -> Value:
    def one(end: Value) -> Value:
        return ok(host, response_model.made(101, call.span, end if isinstance(end, Object) else None))

    return host.each(bare(host, call.argument(0)), one)


@on("Response", "with_status", "with_headers", "with_cors", "with_websocket", "with_body", "with_encode_body", "with_cors_unsafe", "with_cf",
    "with_header")  # fmt: skip
def _with(host: Any, call: Invocation) -> Value:
    held: Object = call.this
    value = bare(host, call.argument(0))
    made = Object("Response", dict(held.slots), call.span, held.extra)
    if call.name == "with_status":
        return host.each(value, lambda status: _status(host, made, status, call))
    if call.name == "with_headers" and isinstance(value, Object) and value.kind == "Headers":
        made.slots["headers"] = value
    if call.name == "with_websocket":
        made.slots["socket"] = value if isinstance(value, Object) else None
        if isinstance(value, Object) and host.known(made.slots["status"]) != 101:
            made.slots["status"] = Unknown("the status of a response that is given a socket", call.span)
    return ok(host, made) if call.name in ("with_cors", "with_header") else made


def _status(host: Any, made: Object, status: Value, call: Invocation) -> Value:
    """The status counts when the response goes out: one that no response may have fails there."""
    from wslint.runtime import words

    has_socket = isinstance(host.known(made.slots["socket"]), Object)
    copy = Object("Response", dict(made.slots), call.span, made.extra)
    if isinstance(status, float):
        copy.slots["status"] = int(status)
        if not 200 <= status <= 599 and not (has_socket and status == 101):
            panic(host, words.RANGE, call.span)
        if has_socket and status != 101:
            panic(host, words.WITH_SOCKET, call.span)
    else:
        copy.slots["status"] = Unknown("a status", call.span, getattr(status, "owner", "unread"))
    return copy


@on("Response", "status_code", "websocket", "cloned", "body")
def _read(host: Any, call: Invocation) -> Value:
    held: Object = call.this
    match call.name:
        case "status_code":
            return host.lift(
                lambda status: float(status) if isinstance(status, int) else status, held.slots["status"]
            )
        case "websocket":
            return host.lift(lambda end: end, held.slots["socket"])
        case "cloned":
            from wslint.runtime.rust.names import tried

            return tried(host, call, "clone")
    return Unknown("the body", call.span, "world")


@builtin("Response.builder", "ResponseBuilder.new")
def _builder(host: Any, call: Invocation) -> Value:
    return Object("ResponseBuilder", {"status": 200.0}, call.span)


@on("ResponseBuilder", "with_status", "with_header", "with_headers", "with_cors", "ok", "empty", "error", "from_json", "from_html", "fixed",
    "body", "stream", "websocket", "with_cf", "from_bytes")  # fmt: skip
def _built(host: Any, call: Invocation) -> Value:
    held: Object = call.this
    if call.name.startswith("with_"):
        made = Object("ResponseBuilder", dict(held.slots), call.span)
        if call.name == "with_status":
            made.slots["status"] = bare(host, call.argument(0))
        return ok(host, made) if call.name == "with_header" else made
    if call.name == "error":
        return _refused(host, call)
    if call.name == "websocket":
        return response_model.made(
            Unknown("the status of a response that is given a socket", call.span), call.span
        )
    blank = response_model.made(200, call.span)
    return host.each(held.slots["status"], lambda status: _status(host, blank, status, call))
