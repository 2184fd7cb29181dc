"""Properties: what `a.b` is, and what becomes of `a.b = c`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from wslint.runtime_members import OF_EVERY_OBJECT
from wslint.runtime_members import members as members_of
from wslint.source import tree
from wslint.text import SourceFile, Span
from wslint.trace import bindings, classes, operators, python
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    AssetsV,
    Cls,
    CtxV,
    EndV,
    EnvV,
    Exports,
    Fn,
    Global,
    Hdrs,
    Held,
    IdV,
    Inst,
    Known,
    Namespace,
    Native,
    Obj,
    PairV,
    Promise,
    Query,
    Regex,
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


def read(machine: Machine, receiver: Val, name: str, span: Span, scope: Scope) -> Val:
    """`receiver.name`, where it is no method that is called right away."""
    if span.file.path.suffix == ".rs" and (receiver is None or receiver is UNDEFINED):
        return Unknown(f"`{name}` of nothing")
    match receiver:
        case Unknown():
            return Unknown(f"`{name}` of {receiver.why}" if receiver.why else f"`{name}`")
        case None:
            raise Thrown(f"TypeError: Cannot read properties of null (reading '{name}')", span)
        case _ if receiver is UNDEFINED:
            raise Thrown(f"TypeError: Cannot read properties of undefined (reading '{name}')", span)
        case str():
            return float(len(receiver)) if name == "length" else Unknown(f"`{name}`")
        case Obj():
            return _field(receiver.fields, name, receiver.open)
        case Arr():
            if name == "length":
                machine.touched.add(receiver.origin)
                return Unknown("its length") if receiver.open else float(len(receiver.items))
        case Held():
            if name == "size":
                machine.touched.add("memory")
                return Unknown("its size") if receiver.open else float(len(receiver.items))
        case Inst():
            return classes.member(machine, receiver, name, span)
        case EnvV():
            return bindings.read(machine, receiver, name, span)
        case Url():
            return _of_url(receiver, name)
        case Req():
            return _of_request(machine, receiver, name, span.file)
        case Resp():
            return _of_response(machine, receiver, name, span.file)
        case PairV():
            if name in ("0", "1", "client", "server"):
                return receiver.ends[0 if name in ("0", "client") else 1]
        case EndV():
            return Known("socket property") if name == "readyState" else Unknown(f"`{name}`")
        case CtxV():
            return _of_context(machine, receiver, name, span)
        case IdV() | StubV():
            return (
                (receiver.name if receiver.name is not None else Unknown("its name"))
                if name == "name"
                else Unknown(name)
            )
        case Promise() | Fn() | Cls() | Namespace() | Native():
            if isinstance(receiver, Promise):
                return UNDEFINED
            return _of_class(machine, receiver, name) if isinstance(receiver, Cls) else Unknown(f"`{name}`")
        case Global():
            return Global(receiver.specifier, f"{receiver.name}.{name}" if receiver.name != "*" else name)
        case Exports():
            return Namespace(name, receiver.worker, span, exported=True)
        case Known():
            return Known(f"{receiver.name}.{name}")
        case Query() | Hdrs() | Regex() | ServiceV() | AssetsV():
            return Unknown(f"`{name}`")
    return Unknown(f"`{name}`")


def _field(fields: dict[str, Val], name: str, is_open: bool) -> Val:
    if is_open:
        held = fields.get(name)
        # What was handed to unread code may have been changed there, but a function rarely is.
        return held if isinstance(held, (Fn, Native, Req, EnvV, CtxV)) else Unknown(f"`{name}`")
    return fields.get(name, UNDEFINED)


def _of_class(machine: Machine, cls: Cls, name: str) -> Val:
    for item in cls.node.members:
        if item.static and item.name == name:
            if isinstance(item.value, tree.Function) and item.kind == "method":
                return Fn(item.value, cls.scope, cls)
            if item.kind == "field" and item.value is not None:
                from wslint.trace.expressions import evaluate

                return evaluate(machine, item.value, cls.scope)
    return Unknown(f"`{name}`")


def _of_context(machine: Machine, context: CtxV, name: str, span: Span) -> Val:
    if name == "exports":
        if context.worker.flag_enabled("enable_ctx_exports") is False:
            return UNDEFINED
        return Exports("ctx.exports", context.worker)
    if name == "id" and context.durable:
        return IdV(Namespace("", context.worker, span), context.name)
    if name in ("storage", "props", "container", "facets", "cache", "tracing"):
        return Known(name)
    return UNDEFINED if name in ("env",) else Unknown(f"`{name}`")


# Requests, responses, addresses


def address(url: Val) -> Val:
    """What `request.url` gives: the address, or one that begins with an unknown host."""
    if not isinstance(url, Url):
        return Unknown("the address")
    text = operators.href(url)
    return Text(text, "url") if text is not None else Url(url.scheme, url.host, url.path, url.query)


def _of_url(url: Url, name: str) -> Val:
    match name:
        case "pathname":
            return Text(url.path, "path")
        case "path":  # Python's urlparse, Rust's Url
            return Text(url.path, "path")
        case "search":
            return Text(url.query if len(url.query) > 1 else "", "query")
        case "query":
            return Text(url.query[1:], "query")
        case "searchParams":
            return Query(url)
        case "hash":
            return url.hash
        case "href":
            return address(url)
        case "protocol" if isinstance(url.scheme, str):
            return f"{url.scheme}:"
        case "host" if isinstance(url.host, str):
            return Text(url.host, "host")
        case "hostname" if isinstance(url.host, str):
            return Text(
                url.host.rsplit(":", 1)[0] if url.host.rsplit(":", 1)[-1].isdigit() else url.host, "host"
            )
        case "origin" if isinstance(url.host, str) and isinstance(url.scheme, str):
            return f"{url.scheme}://{url.host}"
        case "length":
            return Unknown("the length of the address")
    return Unknown(f"the address's `{name}`")


def query_value(url: Url, name: str) -> str | None:
    pairs = parse_qsl(url.query.removeprefix("?"), keep_blank_values=True)
    return next((value for key, value in pairs if key == name), None)


def absent(kind: str, name: str, file: SourceFile) -> Val:
    """A property that is not followed: unknown, or undefined where JavaScript's object has none of the name."""
    if file.path.suffix in (".rs", ".py") or name in members_of(kind) | OF_EVERY_OBJECT:
        return Unknown(f"`{name}`")
    return UNDEFINED


def _of_request(machine: Machine, request: Req, name: str, file: SourceFile) -> Val:
    if name in request.extra:
        return request.extra[name]
    if request.wrapper == "hono":
        match name:
            case "raw":
                return Req(request.url, request.method, request.headers)
            case "path" if isinstance(request.url, Url):
                return Text(unquote(request.url.path), "path")
            case "headers" | "query" | "param":
                return UNDEFINED
    match name:
        case "url":
            return address(request.url)
        case "method":
            return Text(request.method, "method") if isinstance(request.method, str) else request.method
        case "headers":
            return request.headers
        case "js_object":  # Python's wrapper
            return request
        case "body":
            return None
        case "cf":
            return Unknown("`cf`")
        case "params" | "query" if request.wrapper == "itty":
            return request.extra.get(name, UNDEFINED)
    return absent("Request", name, file) if not request.wrapper else Unknown(f"`{name}` of the request")


def _of_response(machine: Machine, response: Resp, name: str, file: SourceFile) -> Val:
    if response.altered:
        return Unknown(f"`{name}` of a response that unread code had")
    match name:
        case "status":
            return float(response.status) if isinstance(response.status, int) else response.status
        case "ok":
            return 200 <= response.status < 300 if isinstance(response.status, int) else Unknown("`ok`")
        case "webSocket" | "web_socket":
            return response.socket if response.socket is not None else None
        case "headers":
            return response.headers
        case "body":
            return None if response.status == 101 else Unknown("the body")
        case "redirected":
            return False
    return absent("Response", name, file)


# Writing


def write(machine: Machine, receiver: Val, name: str, value: Val, span: Span) -> None:
    """`receiver.name = value`."""
    match receiver:
        case None:
            raise Thrown(f"TypeError: Cannot set properties of null (setting '{name}')", span)
        case _ if receiver is UNDEFINED:
            raise Thrown(f"TypeError: Cannot set properties of undefined (setting '{name}')", span)
        case Obj() | Inst():
            receiver.fields[name] = value
            if receiver.open:
                receiver.fields[name] = value
        case Url():
            _write_url(receiver, name, value)
        case Req():
            receiver.extra[name] = value
        case EndV() if name.startswith("on"):
            receiver.listens.append((name[2:], span))
        case Arr() | Held():
            receiver.open = True


def _write_url(url: Url, name: str, value: Val) -> None:
    if name == "pathname" and isinstance(value, str):
        url.path = value if value.startswith("/") else f"/{value}"
    elif name == "search" and isinstance(value, str):
        url.query = value if not value or value.startswith("?") else f"?{value}"
    elif name == "hash":
        url.hash = ""
    elif name in ("protocol", "host", "hostname", "port"):
        url.host = Unknown("the host") if name != "protocol" else url.host
        if name == "protocol":
            url.scheme = value.rstrip(":") if isinstance(value, str) else Unknown("the scheme")
    else:
        url.path, url.host = "\0", Unknown("the host")


# Items


def index(machine: Machine, receiver: Val, key: Val, span: Span, scope: Scope) -> Val:
    """`receiver[key]`."""
    if python.is_python(scope.file):
        held = python.item(machine, receiver, key, span)
        if held is not None:
            return held
    if isinstance(receiver, (Arr, str)) and isinstance(key, (int, float)) and not isinstance(key, bool):
        return element(machine, receiver, int(key), span)
    if isinstance(receiver, (Obj, EnvV, Inst, PairV)) and isinstance(key, (str, float)):
        return read(machine, receiver, key if isinstance(key, str) else str(int(key)), span, scope)
    if receiver is None or receiver is UNDEFINED:
        return read(machine, receiver, key if isinstance(key, str) else "…", span, scope)
    return Unknown("an item")


def element(machine: Machine, value: Val, place: int, span: Span) -> Val:
    """The item at an index."""
    if value is None or value is UNDEFINED:
        raise Thrown(f"TypeError: {'null' if value is None else 'undefined'} is not iterable", span)
    if isinstance(value, PairV):
        return value.ends[place] if place in (0, 1) else UNDEFINED
    if isinstance(value, str):
        return Text(value[place], getattr(value, "origin", "")) if -1 < place < len(value) else UNDEFINED
    items = items_of(value)
    if items is None:
        return Unknown("an item")
    if place < 0 and -place <= len(items):  # Python's
        return items[place]
    return items[place] if 0 <= place < len(items) else UNDEFINED


def items_of(value: Val) -> list[Val] | None:
    """What a value is made of; None when that is not known."""
    if isinstance(value, Arr):
        return None if value.open else list(value.items)
    if isinstance(value, PairV):
        return list(value.ends)
    if isinstance(value, str):
        return list(value)
    if isinstance(value, Held) and not value.open and value.kind == "Set":
        return list(value.items.values())
    return None
