"""Methods of requests, responses, headers, contexts, namespaces, stubs and sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.record import frozen
from wslint.runtime_members import OF_EVERY_OBJECT
from wslint.source import tree
from wslint.text import Span
from wslint.trace import calls, forwards, members, operators, routers, sockets
from wslint.trace.machine import escape
from wslint.trace.responses import IMMUTABLE
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    AssetsV,
    CtxV,
    EndV,
    EnvV,
    GaveUp,
    Hdrs,
    IdV,
    Inst,
    Known,
    Namespace,
    Promise,
    Query,
    Req,
    Resp,
    Scope,
    ServiceV,
    StubV,
    Text,
    Thrown,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine


@frozen
class Found:
    """What a method gave; there is none where the object has no such method."""

    value: Val


def method(
    machine: Machine,
    receiver: Val,
    name: str,
    arguments: list[Val],
    span: Span,
    scope: Scope,
    node: tree.Call | None,
) -> Found | None:
    """`receiver.name(…)` of an object of the runtime; None where it is a property that is called."""
    match receiver:
        case Req():
            return _request(machine, receiver, name, arguments, span)
        case Resp():
            return _response(machine, receiver, name, arguments, span)
        case Hdrs():
            return Found(_headers(receiver, name, arguments, span))
        case Query():
            return Found(_query(receiver, name, arguments))
        case EndV():
            return Found(sockets.method(machine, receiver, name, arguments, span))
        case CtxV():
            return Found(_context(machine, receiver, name, arguments, span, scope))
        case Namespace():
            return Found(_namespace(machine, receiver, name, arguments, span))
        case IdV():
            if name == "get_stub":
                return Found(StubV(receiver.namespace, receiver.name))
            return Found(
                Unknown("an id") if name == "toString" else machine.unknown_call(name, span, arguments)
            )
        case StubV():
            if name == "fetch":
                return Found(forwards.to_object(machine, receiver, arguments, span))
            return Found(Promise(machine.unknown_call(f"stub.{name}", span, arguments)))
        case ServiceV():
            if name == "fetch":
                return Found(forwards.to_service(machine, receiver, arguments, span))
            return Found(Promise(machine.unknown_call(f"env.{receiver.name}.{name}", span, arguments)))
        case AssetsV():
            if name == "fetch":
                return Found(forwards.to_assets(machine, receiver, arguments, span))
        case EnvV():
            return _environment(receiver, name, arguments, span)
    return None


def _environment(env: EnvV, name: str, arguments: list[Val], span: Span) -> Found | None:
    """workers-rs: `env.durable_object("MATCH")`; also of a RouteContext."""
    first = arguments[0] if arguments else UNDEFINED
    if name == "param" and isinstance(env, routers.RouteContext) and isinstance(first, str):
        value = env.params.get(first)
        return Found(None if value is None else Text(value, "path"))
    if name == "durable_object" and isinstance(first, str):
        return Found(Namespace(str(first), env.worker, span))
    if name in ("service", "assets") and isinstance(first, str):
        return Found(
            ServiceV(str(first), env.worker, span) if name == "service" else AssetsV(env.worker, span)
        )
    if name in ("var", "secret"):
        return Found(Unknown("a variable"))
    if span.file.path.suffix not in (".rs", ".py") and name not in OF_EVERY_OBJECT:
        raise Thrown(f"TypeError: env.{name} is not a function", span)
    return None


def _request(machine: Machine, request: Req, name: str, arguments: list[Val], span: Span) -> Found | None:
    first = arguments[0] if arguments else UNDEFINED
    if name == "clone":
        return Found(Req(request.url, request.method, request.headers, request.wrapper, dict(request.extra)))
    if request.wrapper == "hono":
        if name == "header":
            if not isinstance(first, str):
                return Found(Unknown("the headers"))
            held = _headers(request.headers, "get", [first], span)
            return Found(UNDEFINED if held is None else held)
        if name == "param":
            params = request.extra.get("params", UNDEFINED)
            if first is UNDEFINED:
                return Found(params)
            return Found(members.read(machine, params, first, span, Scope(span.file, None)))  # type: ignore[arg-type]
        if name == "query" and isinstance(request.url, Url) and isinstance(first, str):
            value = members.query_value(request.url, first)
            return Found(UNDEFINED if value is None else Text(value, "query"))
        return Found(Unknown(f"`{name}`"))
    if name in ("url", "method", "headers", "path") and not arguments:  # Rust's
        if name == "path":
            return Found(
                Text(request.url.path, "path") if isinstance(request.url, Url) else Unknown("the path")
            )
        if name == "url":
            return Found(request.url)
        return Found(members.read(machine, request, name, span, Scope(span.file, None)))  # type: ignore[arg-type]
    if name in ("text", "json", "arrayBuffer", "formData", "blob", "bytes"):
        if name in ("json", "formData"):
            return Found(Promise(machine.unknown_call(f"request.{name}", span)))
        return Found(Promise("" if name == "text" else Unknown("the body")))
    if name not in request.extra:
        sockets.check_name("Request", name, span)
    return None


def _response(machine: Machine, response: Resp, name: str, arguments: list[Val], span: Span) -> Found:
    if name == "clone":
        if response.status == 101:
            raise Thrown("TypeError: Cannot clone a response to a WebSocket handshake.", span)
        return Found(
            Resp(response.status, response.span, None, response.headers.copy(), altered=response.altered)
        )
    if name in ("headers", "headers_mut"):
        return Found(response.headers)
    if name in ("text", "json", "arrayBuffer", "blob", "formData", "bytes"):
        return Found(Promise(machine.unknown_call(f"response.{name}", span)))
    if name in ("with_status", "with_headers", "with_cors"):
        if name == "with_status" and arguments and isinstance(arguments[0], float):
            return Found(Resp(operators.status_of(arguments[0]), response.span, None, response.headers))
        return Found(response)
    if name == "status_code":
        return Found(float(response.status) if isinstance(response.status, int) else response.status)
    sockets.check_name("Response", name, span)
    escape(response, name)
    return Found(machine.unknown_call(f"response.{name}", span))


def _headers(headers: Hdrs, name: str, arguments: list[Val], span: Span) -> Val:
    first = arguments[0] if arguments else UNDEFINED
    if len(arguments) < {"set": 2, "append": 2, "delete": 1, "get": 1, "has": 1}.get(name, 0):
        raise Thrown(f"TypeError: Failed to execute '{name}' on 'Headers': a parameter is missing.", span)
    if name in ("set", "append", "delete"):
        if headers.immutable:
            raise Thrown(IMMUTABLE, span)
        if not isinstance(first, str):
            headers.complete = False
        elif name == "delete":
            headers.values.pop(first.lower(), None)
            headers.removed.add(first.lower())
        else:
            headers.values[first.lower()] = arguments[1] if len(arguments) > 1 else "undefined"
        return UNDEFINED
    if name in ("get", "has") and isinstance(first, str):
        key = first.lower()
        held = headers.values.get(key, UNDEFINED)
        if held is UNDEFINED:
            if headers.complete or key in headers.removed:
                return None if name == "get" else False
            held = headers.values[key] = Unknown(f"the header `{first}`")
        if name == "has":
            return Unknown(f"the header `{first}`") if isinstance(held, Unknown) else held is not None
        return Text(held, key) if isinstance(held, str) else held
    sockets.check_name("Headers", name, span)
    return Unknown(f"`{name}` of headers")


def _query(query: Query, name: str, arguments: list[Val]) -> Val:
    first = arguments[0] if arguments else UNDEFINED
    if name in ("get", "has") and isinstance(first, str) and query.url.path != "\0":
        value = members.query_value(query.url, first)
        if name == "has":
            return value is not None
        return None if value is None else Text(value, "query")
    if name in ("set", "delete", "append"):
        query.url.query = "?"
        query.url.path = query.url.path
        return UNDEFINED
    return Unknown(f"`{name}` of the query")


def _context(
    machine: Machine, context: CtxV, name: str, arguments: list[Val], span: Span, scope: Scope
) -> Val:
    first = arguments[0] if arguments else UNDEFINED
    if not context.durable:
        if name in ("waitUntil", "passThroughOnException", "wait_until"):
            return UNDEFINED
        sockets.check_name("ExecutionContext", name, span)
        return machine.unknown_call(f"ctx.{name}", span, arguments)
    match name:
        case "acceptWebSocket":
            if isinstance(first, EndV):
                sockets.check_tags(arguments, span)
                sockets.accept(machine, first, "hibernate", span)
                return UNDEFINED
            if isinstance(first, Unknown):
                machine.doubt("what is accepted is not known")
                return UNDEFINED
            raise Thrown(
                "TypeError: Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 1 is not of type "
                "'WebSocket'.",
                span,
            )
        case "getWebSockets":
            # Of the first handshake: whether more sockets are open decides nothing but what looks at them.
            return Arr([], False, "memory")
        case "waitUntil":
            return UNDEFINED
        case "blockConcurrencyWhile":
            receiver = scope.receiver()

            def run() -> Val:
                result = calls.apply(machine, first, [], span, scope)
                machine.awaited(result)
                return result

            result = machine.gate(run, receiver if isinstance(receiver, Inst) else None)
            return result if isinstance(result, Promise) else Promise(result)
        case "setWebSocketAutoResponse" | "setHibernatableWebSocketEventTimeout" | "abort":
            return UNDEFINED
        case "getTags" | "getWebSocketAutoResponse":
            return Unknown(f"`{name}`")
        case "storage":
            return Known("storage")
    sockets.check_name("DurableObjectState", name, span)
    return machine.unknown_call(f"ctx.{name}", span, arguments)


# Namespaces


def _namespace(machine: Machine, namespace: Namespace, name: str, arguments: list[Val], span: Span) -> Val:
    first = arguments[0] if arguments else UNDEFINED
    if name in ("idFromName", "newUniqueId", "idFromString"):
        if name == "idFromName" and (first is UNDEFINED or not arguments):
            if not arguments:
                raise Thrown(
                    "TypeError: Failed to execute 'idFromName' on 'DurableObjectNamespace': parameter 1 is not of type "
                    "'string'.",
                    span,
                )
        if name == "newUniqueId" and isinstance(first, (str, float, bool, IdV)):
            raise Thrown(
                "TypeError: Failed to execute 'newUniqueId' on 'DurableObjectNamespace': parameter 1 is not of type "
                "'NewUniqueIdOptions'.",
                span,
            )
        if name == "idFromString":
            return _id_from_text(machine, namespace, first, span)
        return IdV(namespace, first if isinstance(first, str) else None)
    if name in ("get", "getByName"):
        is_id = isinstance(first, (IdV, Unknown))
        if name == "getByName" and not arguments:
            raise Thrown(
                "TypeError: Failed to execute 'getByName' on 'DurableObjectNamespace': parameter 1 is not of type "
                "'string'.",
                span,
            )
        if name == "get" and not is_id:
            raise Thrown(
                "TypeError: Failed to execute 'get' on 'DurableObjectNamespace': parameter 1 is not of type "
                "'DurableObjectId'.",
                span,
            )
        held = first.name if isinstance(first, IdV) else first if isinstance(first, str) else None
        return StubV(namespace, held)
    if name == "jurisdiction":
        # Only Cloudflare has them: the local workerd throws here.
        raise GaveUp("jurisdictions are on Cloudflare only", span)
    sockets.check_name("DurableObjectNamespace", name, span)
    return machine.unknown_call(f"env.{namespace.name}.{name}", span, arguments)


def _id_from_text(machine: Machine, namespace: Namespace, text: Val, span: Span) -> Val:
    if isinstance(text, str):
        digits = set("0123456789abcdefABCDEF")
        if len(text) != 64 or not set(text) <= digits:
            raise Thrown("TypeError: Invalid Durable Object ID: must be 64 hex digits", span)
    machine.unknown_call("idFromString", span)
    return IdV(namespace)
