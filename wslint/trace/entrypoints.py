"""Entering Workers and Durable Object classes, as the runtime does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.record import frozen
from wslint.source import tree
from wslint.source.facts import ExportFact
from wslint.source.handshake import MAX_BYTES
from wslint.text import SourceFile, Span
from wslint.trace import classes, glue, routers
from wslint.trace.values import (
    UNDEFINED,
    Cls,
    CtxV,
    EnvV,
    Fn,
    GaveUp,
    Hdrs,
    Namespace,
    Native,
    Obj,
    Promise,
    Req,
    Scope,
    ServiceV,
    Thrown,
    Unknown,
    Val,
)
from wslint.wrangler.config import DurableObjectBinding

if TYPE_CHECKING:
    from wslint.trace.machine import Machine
    from wslint.worker import Worker


@frozen
class Target:
    """A class and the Worker that has it; `cls` is None where it can't be read (`why`)."""

    worker: Worker
    cls: Cls | None
    why: str = ""


# Durable Objects


def durable_class(machine: Machine, namespace: Namespace, span: Span) -> Target:
    """The class behind a namespace, with the hops that lead to it."""
    worker = namespace.worker
    if namespace.exported:
        return _class(machine, worker, namespace.name, span)
    binding = _binding(worker, namespace.name)
    if binding is None:
        raise Thrown(f"Error: there is no binding `{namespace.name}`", span)
    name = binding.class_name.string if binding.class_name is not None else None
    if not name or (binding.class_name is not None and binding.class_name.is_placeholder):
        raise GaveUp("the binding names no class", binding.span)
    owner = _owner(worker, binding)
    where = "" if owner is worker else f" of the Worker `{owner.name}`"
    owns = tuple(
        part.span for part in (binding.name, binding.class_name, binding.script_name) if part is not None
    )
    place = binding.name.span if binding.name is not None else binding.span
    machine.hop("binding", place, f"`{namespace.name}` is bound to `{name}`{where}", *owns, worker=worker)
    return _class(machine, owner, name, span)


def _binding(worker: Worker, name: str) -> DurableObjectBinding | None:
    for binding in worker.config.durable_objects:
        if binding.name is not None and binding.name.string == name:
            return binding
    return None


def _owner(worker: Worker, binding: DurableObjectBinding) -> Worker:
    if worker.config.is_local(binding):
        return worker
    owners = worker.workspace.owner(worker, binding)
    if len(owners) != 1:
        script = binding.script_name.string if binding.script_name is not None else "?"
        problem = (
            "is not among the Workers that were given" if not owners else "is the name of several Workers"
        )
        raise GaveUp(f"`{script}` {problem}", binding.span)
    return owners[0]


def _class(machine: Machine, worker: Worker, name: str, span: Span) -> Target:
    machine.note_worker(worker)
    _lifecycle(machine, worker, name)
    if worker.source is None:
        raise GaveUp(worker.entrypoint.why or "the source is not read", span)
    answer = worker.export(name)
    if worker.source.language == "rust" and answer.verdict != "no":
        found = glue.class_of_crate(machine, worker, name)
        if found is None:
            raise GaveUp(f"`{name}` is not found in the crate", span)
        _class_hop(machine, worker, found, name, None)
        return Target(worker, found)
    if answer.verdict == "no":
        raise Thrown("no such actor class", span)
    scope = machine.module(worker, worker.source.entrypoint)
    value = machine.resolve(scope.names.get(name, UNDEFINED), scope)
    if not isinstance(value, Cls):
        if answer.fact is not None:
            place = answer.fact.declared or answer.fact.span
            machine.hop("class", place.head(), f"`{name}`", answer.fact.span, worker=worker)
        raise GaveUp(f"the class `{name}` is not read", answer.fact.span if answer.fact else span)
    _class_hop(machine, worker, value, name, answer.fact)
    return Target(worker, value)


def _class_hop(machine: Machine, worker: Worker, cls: Cls, name: str, fact: ExportFact | None) -> None:
    start = cls.node.name_start
    place = Span(cls.scope.file, start, start + len((cls.node.name or "class").encode()))
    owns = [place]
    if fact is not None:
        owns += [fact.span, *([fact.declared] if fact.declared else [])]
        if fact.cls is not None:
            owns.append(fact.cls.span)
    base = classes.runtime_base(machine, cls)
    text = f"class `{name}`" + (f" extends `{base}`" if base else "")
    hop = machine.hop("class", place, text, *owns, worker=worker)
    hop.shows = (Span(cls.scope.file, cls.node.start, cls.node.end),)


def _lifecycle(machine: Machine, worker: Worker, name: str) -> None:
    live = worker.config.history.live.get(name)
    if live is not None:
        storage = {"sqlite": "SQLite storage", "kv": "key-value storage"}.get(
            live.storage, "storage not known"
        )
        tag = live.step.migration.called
        machine.hop(
            "lifecycle",
            live.step.span,
            f"migration {tag} creates it ({storage})",
            live.step.span,
            worker=worker,
        )
        return
    for entry in worker.config.durable_exports:
        if entry.name == name:
            machine.hop("lifecycle", entry.span, f"`exports` declares it ({entry.storage or 'storage not known'})",
                        entry.span, worker=worker)  # fmt: skip
            return
    if worker.config.document.is_pages or worker.config.history.pruned:
        return
    machine.hop("lifecycle", None, "no migration and no `exports` entry creates it", worker=worker)


# Workers


def service(machine: Machine, value: ServiceV, span: Span) -> ServiceTarget:
    """The Worker that a service binding names."""
    worker = value.worker
    for binding in worker.config.bindings:
        if binding.kind != "services" or binding.name != value.name:
            continue
        name = binding.value.get("service")
        environment = binding.value.get("environment")
        entrypoint = binding.value.get("entrypoint")
        if name is None or name.string is None:
            break
        wanted = f"{name.string}-{environment.string}" if environment and environment.string else name.string
        found = worker.workspace.workers_by_name.get(wanted, [])
        if len(found) != 1:
            raise GaveUp(f"`{wanted}` is not among the Workers that were given", binding.span)
        machine.hop(
            "service", binding.span, f"`{value.name}` is the Worker `{wanted}`", name.span, worker=worker
        )
        return ServiceTarget(found[0], entrypoint.string if entrypoint is not None else None)
    raise GaveUp(f"`{value.name}` is no service that the configuration declares", span)


@frozen
class ServiceTarget:
    worker: Worker
    entrypoint: str | None


def enter(machine: Machine, worker: Worker, request: Req, name: str | None, span: Span | None) -> Val:
    """Run the Worker's fetch; what it returns, awaited."""
    machine.note_worker(worker)
    if worker.source is None:
        raise GaveUp(worker.entrypoint.why or "there is no source to read", span)
    if worker.source.format == "service-worker":
        raise GaveUp("a service worker's listener is not followed", worker.source.service_worker_span)
    incoming = Req(request.url, request.method, Hdrs(request.headers.values, request.headers.complete, True,
                                                     request.headers.removed))  # fmt: skip
    outer, machine.current = machine.current, incoming
    try:
        result = machine.awaited(_enter(machine, worker, incoming, name))
        if machine.broken is not None:
            raise GaveUp(f"a module throws while it loads: {machine.broken.text}", machine.broken.span)
        return result
    finally:
        machine.current = outer


def _enter(machine: Machine, worker: Worker, request: Req, name: str | None) -> Val:
    assert worker.source is not None
    env, context = EnvV(worker), CtxV(False, worker)
    if worker.source.language == "rust":
        function = glue.fetch_of_crate(machine, worker)
        if function is None:
            raise GaveUp("the crate's fetch is not found", None)
        _entry_hop(machine, worker, function)
        return machine.call(function, [request, env, context])
    file = worker.source.entrypoint
    if len(file.data) > MAX_BYTES:
        raise GaveUp(f"{file.name} is too large to follow", Span(file, 0, 0))
    scope = machine.module(worker, file)
    if file.path.suffix == ".py":
        return _enter_python(machine, worker, scope, request, name)
    value = machine.resolve(scope.names.get(name or "default", UNDEFINED), scope)
    if isinstance(value, routers.App):
        machine.hop("entrypoint", value.span.head(), f"a router of {value.framework}", worker=worker)
        return routers.dispatch(machine, value, request, [env, context])
    if isinstance(value, Cls):
        return _enter_class(machine, worker, value, request)
    if isinstance(value, Obj):
        function = value.fields.get("fetch", UNDEFINED)
        if isinstance(function, Fn):
            _entry_hop(machine, worker, function)
            return machine.call(function, [request, env, context], value)
        if isinstance(function, Native):
            machine.hop("entrypoint", Span(file, 0, 0), "`fetch` of a router", worker=worker)
            return function.call([request, env, context])
        if function is UNDEFINED and not value.open:
            raise Thrown("Error: Handler does not export a fetch() function.", None)
    if value is UNDEFINED:
        raise GaveUp("the entrypoint has no default export", Span(file, 0, 0))
    raise GaveUp("the default export can't be followed", _export_place(worker, "default"))


def _export_place(worker: Worker, name: str) -> Span | None:
    fact = worker.source.exports.get(name) if worker.source is not None else None
    return fact.span if fact is not None else None


def _enter_class(machine: Machine, worker: Worker, cls: Cls, request: Req) -> Val:
    base = classes.runtime_base(machine, cls)
    if base == "":
        raise Thrown("Error: the default export is a class that does not extend `WorkerEntrypoint`", None)
    if base not in ("WorkerEntrypoint", "", None):
        raise GaveUp(f"the default export extends `{base}`", None)
    instance = classes.construct(machine, cls, [CtxV(False, worker), EnvV(worker)])
    place = Span(cls.scope.file, cls.node.name_start, cls.node.name_start)
    function = classes.member(machine, instance, "fetch", place)
    if not isinstance(function, Fn):
        raise GaveUp("the entrypoint's `fetch` is not read", place)
    _entry_hop(machine, worker, function)
    return machine.call(function, [request], instance)


def _enter_python(machine: Machine, worker: Worker, scope: Scope, request: Req, name: str | None) -> Val:
    for candidate in (name, "Default", "on_fetch"):
        value = scope.names.get(candidate or "")
        if isinstance(value, Cls):
            return _enter_class(machine, worker, value, request)
        if isinstance(value, Fn):
            _entry_hop(machine, worker, value)
            return machine.call(value, [request, EnvV(worker), CtxV(False, worker)])
    for value in scope.names.values():
        if isinstance(value, Cls) and classes.runtime_base(machine, value) == "WorkerEntrypoint":
            return _enter_class(machine, worker, value, request)
    raise GaveUp("the entrypoint's class is not found", None)


def _entry_hop(machine: Machine, worker: Worker, function: Fn) -> None:
    node = function.node
    start = node.name_start
    end = start + len((node.name or "fetch").encode())
    place = Span(function.scope.file, start, min(end, node.end)).head()
    machine.hop("entrypoint", place, "`fetch` of the Worker", worker=worker)


__all__ = ["Promise", "SourceFile", "Target", "Unknown", "durable_class", "enter", "service", "tree"]
