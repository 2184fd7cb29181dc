"""Fetches: to a Durable Object, to another Worker, to the assets, to anywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.text import Span
from wslint.trace import classes, entrypoints, responses, static_assets
from wslint.trace.machine import snippet
from wslint.trace.values import (
    UNDEFINED,
    AssetsV,
    Cls,
    CtxV,
    EndV,
    EnvV,
    Fn,
    GaveUp,
    Hdrs,
    Inst,
    Promise,
    Req,
    Resp,
    ServiceV,
    StubV,
    Thrown,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

MOST_FORWARDS = 8
"""Objects and Workers that call one another."""


def _request(arguments: list[Val], span: Span) -> Val:
    return responses.build_request(
        arguments[0] if arguments else UNDEFINED, arguments[1] if len(arguments) > 1 else UNDEFINED, span
    )


def outside(machine: Machine, arguments: list[Val], span: Span) -> Promise:
    """The global `fetch`: what comes back is not known."""
    try:
        request = _request(arguments, span)
    except Thrown as thrown:
        return Promise(UNDEFINED, thrown)
    url = request.url if isinstance(request, Req) else None
    where = url.host if isinstance(url, Url) and isinstance(url.host, str) else "another address"
    answer = Resp(Unknown(f"what {where} answers"), span, altered=f"`fetch` to {where} is not followed")
    return Promise(answer, may_fail=Unknown("the fetch succeeds"), made_at=span)


def _says(request: Req, before: Req | None) -> str:
    """What a forward keeps and loses."""
    upgrade = request.upgrade
    if upgrade is None:
        kept = "the `Upgrade` header is lost"
    elif isinstance(upgrade, Unknown):
        kept = "whether `Upgrade` is kept is not known"
    else:
        kept = "`Upgrade` is kept"
    if before is not None and isinstance(request.url, Url) and isinstance(before.url, Url):
        if request.url.path != before.url.path:
            kept += f", the path becomes `{request.url.path}`"
    return kept


def to_object(machine: Machine, stub: StubV, arguments: list[Val], span: Span) -> Promise:
    """`stub.fetch(…)`: the object's class is entered as the runtime enters it."""
    try:
        request = _request(arguments, span)
        return Promise(_object(machine, stub, request, span))
    except Thrown as thrown:
        return Promise(UNDEFINED, thrown)


def _object(machine: Machine, stub: StubV, request: Req, span: Span) -> Val:
    machine.forwards += 1
    if machine.forwards > MOST_FORWARDS:
        raise GaveUp("the request is forwarded too often", span)
    worker = stub.namespace.worker
    before = machine.current
    machine.hop("forward", span, f"{snippet(span, 40)}: {_says(request, before)}", worker=worker)
    target = entrypoints.durable_class(machine, stub.namespace, span)
    context = CtxV(True, target.worker, stub.name)
    cls = target.cls
    if not isinstance(cls, Cls):
        raise GaveUp(target.why or "the class is not read", span)
    has_constructor = classes.find(machine, cls, "constructor") or classes.find(machine, cls, "__init__")
    if has_constructor is not None:
        member, owner = has_constructor
        name_end = member.name_start + len(member.name.encode())
        machine.hop(
            "constructor",
            Span(owner.scope.file, member.name_start, name_end),
            "constructor",
            worker=target.worker,
        )
    instance = classes.construct(machine, cls, [context, EnvV(target.worker)])
    machine.objects.append(instance)
    outer, machine.current = machine.current, request
    try:
        response = _fetch(machine, cls, instance, request, span)
    finally:
        machine.objects.pop()
        machine.current = outer
    return received(machine, response, request, span, cls)


def _fetch(machine: Machine, cls: Cls, instance: Inst, request: Req, span: Span) -> Val:
    function = classes.member(machine, instance, "fetch", span)
    if function is UNDEFINED:
        raise Thrown("TypeError: Handler does not export a fetch() function.", span)
    if not isinstance(function, Fn):
        raise GaveUp(f"`fetch` of `{cls.node.name}` comes from code that is not read", span)
    inside = Req(request.url, request.method, request.headers)
    inside.headers = Hdrs(request.headers.values, request.headers.complete, True, request.headers.removed)
    return machine.awaited(machine.call(function, [inside], instance))


def received(machine: Machine, response: Val, request: Req, span: Span | None, cls: Cls | None) -> Resp:
    """What a fetch handler returned, as its caller gets it."""
    if isinstance(response, Unknown):
        raise GaveUp(f"what comes back is not known: {response.why}", span)
    if not isinstance(response, Resp):
        raise Thrown(
            "TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'.", span
        )
    if response.altered or not isinstance(response.status, int):
        raise GaveUp(response.altered or "the status is not known", response.span)
    if response.status == 101:
        upgrade = request.upgrade
        if isinstance(upgrade, Unknown):
            raise GaveUp("whether the request carries `Upgrade` is not known", span)
        if upgrade is None or str(upgrade).lower() != "websocket":
            raise Thrown(responses.NO_UPGRADE, response.span or span)
        note_socket(machine, response, cls)
    copied = Resp(response.status, response.span, response.socket, response.headers.copy(), response.note)
    copied.headers.immutable = True
    return copied


def note_socket(machine: Machine, response: Resp, cls: Cls | None) -> None:
    """Add what a 101's socket will be like."""
    if not isinstance(response.socket, EndV):
        return
    end = response.socket
    other = end.pair.ends[1 - end.index]
    if end.pair.escaped:
        response.note = "the sockets were handed to code that is not read"
    elif end.accepted:
        response.note = "then closed with 1006: the end that is returned was accepted"
    elif not other.accepted:
        response.note = "then silence: the end that stays is never accepted"
    if cls is not None or machine.receivers is None:
        machine.receivers = (other, cls)


# Other Workers


def to_service(machine: Machine, service: ServiceV, arguments: list[Val], span: Span) -> Promise:
    """`env.SERVICE.fetch(…)`: the other Worker's own fetch."""
    try:
        request = _request(arguments, span)
        machine.forwards += 1
        if machine.forwards > MOST_FORWARDS:
            raise GaveUp("the request is forwarded too often", span)
        target = entrypoints.service(machine, service, span)
        machine.hop(
            "forward", span, f"{snippet(span, 40)}: {_says(request, machine.current)}", worker=service.worker
        )
        response = entrypoints.enter(machine, target.worker, request, target.entrypoint, span)
        return Promise(received(machine, response, request, span, None))
    except Thrown as thrown:
        return Promise(UNDEFINED, thrown)


def to_assets(machine: Machine, assets: AssetsV, arguments: list[Val], span: Span) -> Promise:
    """`env.ASSETS.fetch(…)`."""
    try:
        request = _request(arguments, span)
    except Thrown as thrown:
        return Promise(UNDEFINED, thrown)
    if not isinstance(request.url, Url):
        raise GaveUp("the path that the assets are asked for is not known", span)
    answer = static_assets.served(assets.worker, request.url.path)
    machine.hop("forward", span, f"{snippet(span, 40)}: the assets answer", worker=assets.worker)
    if answer is None:
        return Promise(
            Resp(Unknown("what the assets answer"), span, altered="the assets are not there to look at")
        )
    machine.hop("assets", answer.span, answer.text, worker=assets.worker)
    made = Resp(answer.status, span, note=answer.note)
    made.headers.immutable = True
    return Promise(made)
