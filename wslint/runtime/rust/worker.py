"""The worker crate's requests, headers and addresses over the runtime's."""

from __future__ import annotations

from typing import Any

from wslint.runtime import header_lists
from wslint.runtime import headers as headers_model
from wslint.runtime import request as request_model
from wslint.runtime import url as url_model
from wslint.runtime.arrays import array
from wslint.runtime.rust.iterators import iterator, over
from wslint.runtime.rust.names import on, runtime, tried
from wslint.runtime.rust.results import attempt, bare, err, ok, ready, some
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

# Requests


@on("Request", "path", "method", "inner", "cf")
def _request(host: Any, call: Invocation) -> Value:
    request: Object = call.this
    if call.name == "path":
        return host.known(request_model.path(host, request))
    if call.name == "method":
        return host.known(request.slots["method"])
    return (
        request
        if call.name == "inner"
        else optional(Unknown("a property of the request", call.span, "client"))
    )


def optional(value: Unknown) -> Unknown:
    value.known["option"] = True
    return value


@on("Request", "url")
def _url(host: Any, call: Invocation) -> Value:
    return host.lift(
        lambda held: ok(host, url_model.copy(held) if isinstance(held, Object) else held),
        call.this.slots["url"],
    )


@on("Request", "headers")
@on("Response", "headers", "headers_mut")
def _headers(host: Any, call: Invocation) -> Value:
    return call.this.slots["headers"]


@on("Request", "headers_mut")
def _headers_mut(host: Any, call: Invocation) -> Value:
    headers = call.this.slots["headers"]
    if host.known(headers.slots["immutable"]) is True:
        return err(
            "Cannot get a mutable reference to an immutable headers object.",
            call.span,
            "Error: Cannot get a mutable reference to an immutable headers object.",
        )
    return headers


@on("Request", "clone", "clone_mut")
def _clone(host: Any, call: Invocation) -> Value:
    made = Object("Request", dict(call.this.slots), call.span)
    if call.name == "clone_mut":
        made.slots["headers"] = headers_model.copied(host, call.this.slots["headers"])
    return made


@on("Request", "query")
def _query(host: Any, call: Invocation) -> Value:
    return Unknown("the query", call.span, "client")


_BODIES = {
    "text": "text",
    "json": "json",
    "bytes": "arrayBuffer",
    "form_data": "formData",
    "stream": "text",
    "body": "text",
}


@on("Request", *_BODIES)
@on("Response", "text", "json", "bytes", "stream")
def _body(host: Any, call: Invocation) -> Value:
    return ready(host, call.span, lambda: runtime(host, call, _BODIES[call.name]))


# Headers


@on("Headers", "get", "has")
def _header(host: Any, call: Invocation) -> Value:
    held = tried(host, call, call.name, call.argument(0))

    def one(value: Value) -> Value:
        if isinstance(value, Object) and value.kind == "Ok" and isinstance(value.slots["value"], Unknown):
            optional(value.slots["value"])
        return value

    return host.lift(one, held)


@on("Headers", "set", "append", "delete")
def _set_header(host: Any, call: Invocation) -> Value:
    return tried(host, call, call.name, *call.arguments)


@on("Headers", "entries", "keys", "values", "get_all")
def _all_headers(host: Any, call: Invocation) -> Value:
    if call.name == "get_all":
        return ok(host, iterator((), call.span, "client"))
    return over(host, header_lists.listed(host, call.this, call.span, call.name), call.span)


@on("Headers", "clone")
def _copied(host: Any, call: Invocation) -> Value:
    return headers_model.copied(host, call.this)


# Addresses


@on(
    "URL",
    "path",
    "query",
    "as_str",
    "to_string",
    "host_str",
    "scheme",
    "fragment",
    "host",
    "domain",
    "port",
    "username",
    "password",
    "into",
)
@on("Address", "as_str", "to_string", "clone", "as_ref", "into")
def _part(host: Any, call: Invocation) -> Value:
    url: Object = call.this
    match call.name:
        case "path" | "scheme":
            return host.known(url.slots[call.name])
        case "query" | "fragment":
            part = url.slots["query" if call.name == "query" else "hash"]
            return host.lift(lambda held: (held[1:] or None) if isinstance(held, str) else held, part)
        case "host_str" | "domain" | "host":
            return some(host, url.slots["host"])
        case "port" | "username" | "password":
            return optional(Unknown("a part of the address", call.span, "client"))
    return url_model.text_of(host, url)


@on("URL", "query_pairs", "path_segments", "join", "set_path", "set_query", "set_scheme", "set_host", "origin", "clone", "set_fragment",
    "query_pairs_mut", "path_segments_mut")  # fmt: skip
def _address(host: Any, call: Invocation) -> Value:
    url: Object = call.this
    match call.name:
        case "clone":
            return url_model.copy(url)
        case "query_pairs":
            return host.lift(lambda query: _pairs(query, call), url.slots["query"])
        case "path_segments":
            return host.lift(
                lambda path: (
                    iterator(path.removeprefix("/").split("/"), call.span) if isinstance(path, str) else path
                ),
                url.slots["path"],
            )
        case "join":
            given = [bare(host, call.argument(0)), url]
            return attempt(
                host, lambda: url_model.construct(host, Invocation("URL", UNDEFINED, given, call.span))
            )
        case "set_path" | "set_query" | "set_fragment":
            name = {"set_path": "pathname", "set_query": "search"}.get(call.name, "hash")
            value = host.lift(lambda held: "" if held is None else held, bare(host, call.argument(0)))
            url_model.URL.setters[name](host, url, value, call.span)
            return UNDEFINED
        case "set_host" | "set_scheme":
            part = "host" if call.name == "set_host" else "scheme"
            host.put(url.slots, part, bare(host, call.argument(0)))
            return UNDEFINED
    for part in ("path", "query"):
        if call.name.endswith("_mut"):
            host.put(url.slots, part, Unknown("a part of the address", call.span))
    return Unknown(f"`{call.name}`", call.span, "client")


def _pairs(query: Value, call: Invocation) -> Value:
    from urllib.parse import parse_qsl

    if not isinstance(query, str):
        return iterator((), call.span, "client")
    found = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    return iterator([array(pair, call.span) for pair in found], call.span)
