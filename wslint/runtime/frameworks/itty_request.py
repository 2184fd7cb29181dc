"""The request that handlers of itty-router get once `withParams` has run: a Proxy around the runtime's Request.

What the request lacks is looked for among the route's parameters; what a handler writes goes to the request itself.
The runtime takes it for no `Request`, and as an init it fails in every version (4.2, 5.0.24 and 6.0.0, run).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.machine.scope import Native
from wslint.runtime.model import Model
from wslint.runtime.request import REQUEST as PLAIN
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

if TYPE_CHECKING:
    from wslint.source.javascript.versions import Versions

REQUEST = Model("IttyRequest")

_PROXY = "the proxy"
_BINDS_SAFELY, _BINDS_AGAIN = (5, 0, 9), (6, 0, 0)
"""Between these the Proxy asks whether a member is null before it asks it for `bind`."""
_BIND = "TypeError: Cannot read properties of null (reading 'bind')"
_FETCHER = (
    "TypeError: Incorrect type for the 'fetcher' field on 'RequestInitializerDict': the provided value is not of "
    "type 'Fetcher'."
)


def through_proxy(host: Any, call: Invocation, versions: Versions | None) -> Value:
    """`withParams`: from here on handlers get the Proxy."""
    request = host.known(call.argument(0))
    if isinstance(request, Object) and request.kind == "Request":
        if host.known(request.slots.get(_PROXY, ABSENT)) is ABSENT:
            made = Object("IttyRequest", {"asks null": _asks_null(versions)}, call.span, request)
            host.put(request.slots, _PROXY, made)
    return UNDEFINED


def _asks_null(versions: Versions | None) -> bool | None:
    if versions is None:
        return None
    if versions.all_from(_BINDS_SAFELY) and versions.all_before(_BINDS_AGAIN):
        return False
    return True if versions.all_from(_BINDS_AGAIN) or versions.all_before(_BINDS_SAFELY) else None


def proxied(host: Any, request: Object) -> Value:
    """What a handler gets: the Proxy, where there is one."""
    return host.lift(lambda held: request if held is ABSENT else held, request.slots.get(_PROXY, ABSENT))


def as_init(host: Any, proxy: Object, call: Invocation) -> None:
    """Where the runtime reads the Proxy as an init."""
    asks = proxy.slots["asks null"]
    unsure = "TypeError: itty-router's Proxy of the request is no init"
    host.throw(unsure if asks is None else _BIND if asks else _FETCHER, call.span)


@REQUEST.getter("body")
def _body(host: Any, request: Object, span: Any) -> Value:
    """A request without a body: some versions throw where it is read."""
    if host.known(request.extra.slots["method"]) in ("GET", "HEAD"):
        if request.slots["asks null"] is None:
            host.give_up("which itty-router this is decides whether `body` can be read", span)
        if request.slots["asks null"]:
            host.throw(_BIND, span)
    return PLAIN.getters["body"](host, request.extra, span)


def _through(name: str) -> Any:
    return lambda host, request, span: PLAIN.getters[name](host, request.extra, span)


for _name in ("url", "method", "headers", "cf"):
    REQUEST.getters[_name] = _through(_name)


@REQUEST.getter("query")
def _query(host: Any, request: Object, span: Any) -> Value:
    return Object("Object", {"open": "client"}, span)


@REQUEST.getter("proxy")
def _proxy(host: Any, request: Object, span: Any) -> Value:
    return request


def _named(host: Any, request: Object, name: str, span: Any) -> Value:
    """A property that a handler gave the request, or a parameter of the route."""
    plain: Object = request.extra
    if name in REQUEST.methods:
        return Native(name, lambda host, call: _of_proxy(host, request, name, call))
    if name in PLAIN.getters or "escaped" in plain.slots or "escaped" in request.slots:
        return Unknown(f"`{name}` of the request", span)
    held = plain.slots.get(("p", name), ABSENT)
    if held is not ABSENT:
        return held
    from wslint.runtime_members import members

    if name in members("Request"):
        return Unknown(f"`{name}` of the request", span)
    params = plain.slots.get(("p", "params"), ABSENT)
    return host.lift(
        lambda one: one.slots.get(("p", name), UNDEFINED) if isinstance(one, Object) else UNDEFINED, params
    )


REQUEST.named = _named


def _of_proxy(host: Any, request: Object, name: str, call: Invocation) -> Value:
    """A method that was read off the Proxy: it is bound to the request."""
    return REQUEST.methods[name](host, Invocation(name, request, call.arguments, call.span, unit=call.unit))


@REQUEST.method("clone", "text", "json", "arrayBuffer", "formData", "blob", "bytes")
def _method(host: Any, call: Invocation) -> Value:
    return PLAIN.methods[call.name](
        host, Invocation(call.name, call.this.extra, call.arguments, call.span, unit=call.unit)
    )
