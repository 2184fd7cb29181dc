"""Entering Workers: static assets, the entrypoint's fetch, service bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.machine import calls, objects
from wslint.machine.machine import Machine, snippet
from wslint.machine.scope import ClassValue, Closure, Native, Unit
from wslint.runtime import context as context_model
from wslint.runtime import env as env_model
from wslint.runtime import headers as headers_model
from wslint.runtime import request as request_model
from wslint.runtime import response, words
from wslint.runtime.model import MODELS
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value, leaves

if TYPE_CHECKING:
    from wslint.worker import Worker


def enter(machine: Machine, worker: Worker, request: Object, name: str | None, span: Span | None) -> Value:
    """Run a Worker's fetch; what it returns, awaited. `name` is the entrypoint that a binding asks for."""
    machine.note_worker(worker)
    if worker.source is None:
        machine.give_up(worker.entrypoint.why or "there is no source to read", span)
    if worker.source.format == "service-worker":
        machine.give_up("a service worker's listener is not followed", worker.source.service_worker_span)
    incoming = request_model.received(machine, request)
    machine.requests.append(incoming)
    objects_before, machine.objects = machine.objects, []
    try:
        answer = machine.awaited(_entered(machine, worker, incoming, name), span)
        for held in leaves(answer):
            if isinstance(held, Object) and held.slots.get("request") is not None:
                return machine.each(answer, lambda one: _own(machine, one, export_place(worker)))
        return answer
    finally:
        machine.requests.pop()
        machine.objects = objects_before


def _own(machine: Machine, answer: Value, place: Span | None) -> Value:
    """An answer that another request was given can't be given to this one."""
    if isinstance(answer, Object):
        machine.at_home(answer, answer.slots.get("got", place))
    return answer


def _entered(machine: Machine, worker: Worker, request: Object, name: str | None) -> Value:
    assert worker.source is not None
    env, context = env_model.made(worker), context_model.execution(worker)
    file = worker.source.entrypoint
    if worker.source.language == "rust":
        from wslint.machine import glue

        function = glue.fetch_of_crate(machine, worker)
        if function is None:
            machine.give_up("the crate's fetch is not found", None)
        return _rust(machine, worker, function, [request, env, context])
    from wslint.source.handshake import MAX_BYTES

    if len(file.data) > MAX_BYTES:
        machine.give_up(f"{file.name} is too large to follow", Span(file, 0, 0))
    unit = machine.unit(worker, file)
    failure = unit.names.get("the failure")
    if failure is not None:
        machine.give_up(f"a module throws while it loads: {failure[0]}", failure[1])
    if unit.language.name == "python":
        return _python(machine, worker, unit, request, name)
    value = objects.exported(machine, worker, name or "default")
    return machine.each(value, lambda held: _handler(machine, worker, held, [request, env, context]))


def _rust(machine: Machine, worker: Worker, function: Closure, given: list[Value]) -> Value:
    """The worker crate's event: it panics with an `Err`, or answers 500 where it is asked to."""
    from wslint.runtime.rust import results
    from wslint.source.rust.lower import RESPONDS

    first = function.node.parameters[0] if function.node.parameters else None
    if first is not None and first.type_name not in ("Request", None):
        machine.give_up(f"a `{first.type_name}` is not followed", function.scope.unit.span(first))
    value = machine.awaited(_call(machine, worker, function, given, UNDEFINED), None)
    if RESPONDS not in function.scope.unit.names:
        return results.answered(machine, value, None)
    place = export_place(worker) or _nowhere(worker)
    return results.opened(machine, value, lambda held: held, lambda held: response.made(500, place), place)


def _handler(machine: Machine, worker: Worker, value: Value, given: list[Value]) -> Value:
    """`export default`: an object with fetch, a router, a class, or what a framework makes of one."""
    place = export_place(worker)
    if isinstance(value, ClassValue):
        return _of_class(machine, worker, value, given[0])
    if isinstance(value, Object):
        if value.kind == "Object":
            function = machine.known(value.slots.get(("p", "fetch"), UNDEFINED))
            if ("get", "fetch") in value.slots:
                function = machine.known(calls.accessed(machine, value.slots["get", "fetch"], value))
            if function is UNDEFINED and not value.slots.get("open") and "escaped" not in value.slots:
                machine.throw(words.NO_FETCH, place)
            return _call(machine, worker, function, given, value)
        model = MODELS.get(value.kind)
        if model is not None and "fetch" in model.methods:
            if value.kind == "App":
                machine.hop(
                    "entrypoint",
                    value.place.head() if value.place else None,
                    f"a router of {value.extra.framework}",
                    worker=worker.name,
                )
            return model.methods["fetch"](
                machine, Invocation("fetch", value, given, value.place or place or _nowhere(worker))
            )
    if value is UNDEFINED:
        assert worker.source is not None
        if b"addEventListener" in worker.source.entrypoint.data:
            machine.give_up("a listener for requests is not followed", _nowhere(worker))
        if (
            worker.export("default").verdict == "no"
            and worker.source is not None
            and worker.source.format == "modules"
        ):
            machine.throw(words.NO_FETCH, _nowhere(worker))
        machine.give_up("the entrypoint has no default export", _nowhere(worker))
    if isinstance(value, Closure | Native):
        machine.throw(words.NO_FETCH, place)
    if isinstance(value, Object) and value.kind == "Instance":
        function = machine.known(calls.member(machine, value, "fetch", place or _nowhere(worker)))
        if function is UNDEFINED:
            machine.throw(words.NO_FETCH, place)
        return _call(machine, worker, function, given, value)
    machine.give_up("the default export can't be followed", place)


def _nowhere(worker: Worker) -> Span:
    assert worker.source is not None
    return Span(worker.source.entrypoint, 0, 0)


def export_place(worker: Worker) -> Span | None:
    fact = worker.source.exports.get("default") if worker.source is not None else None
    return fact.span if fact is not None else None


def _call(machine: Machine, worker: Worker, function: Value, given: list[Value], this: Value) -> Value:
    place = export_place(worker) or _nowhere(worker)
    if isinstance(function, Closure):
        node = function.node
        end = node.name_start + len((node.name or "fetch").encode())
        span = Span(function.scope.unit.file, node.name_start, min(end, node.end)).head()
        machine.hop("entrypoint", span, "`fetch` of the Worker", worker=worker.name)
        return calls.apply(machine, function, Invocation("fetch", this, given, span), this)
    if isinstance(function, Native):
        of = "the Worker" if isinstance(this, Object) and this.kind == "Instance" else "a router"
        machine.hop("entrypoint", place, f"`fetch` of {of}", worker=worker.name)
        return calls.apply(machine, function, Invocation("fetch", this, given, place), this)
    machine.give_up("the entrypoint's `fetch` is not read", place)


def _of_class(machine: Machine, worker: Worker, cls: ClassValue, request: Value) -> Value:
    base = calls.runtime_base(machine, cls)
    if base == "" and cls.scope.unit.language.name == "python":
        machine.throw(words.NO_FETCH, cls.place)
    if base == "":
        machine.throw(
            "Error: the default export is a class that does not extend `WorkerEntrypoint`", cls.place
        )
    if base not in ("WorkerEntrypoint", None):
        machine.give_up(f"the default export extends `{base}`", cls.place)
    given = Invocation(
        "constructor",
        UNDEFINED,
        [context_model.execution(worker), env_model.made(worker)],
        cls.place,
        new=True,
    )
    instance = machine.known(calls.construct(machine, cls, given))
    name = "fetch"
    if cls.scope.unit.language.name == "python":
        name = "fetch" if worker.flag_enabled("python_no_global_handlers") is not False else "on_fetch"
    function = machine.known(calls.member(machine, instance, name, cls.place))
    if function is UNDEFINED and cls.scope.unit.language.name == "python":
        machine.throw(words.no_method(name), cls.place)
    if not isinstance(function, Closure | Native):
        machine.give_up("the entrypoint's `fetch` is not read", cls.place)
    return _call(machine, worker, function, [request], instance)


def _python(machine: Machine, worker: Worker, unit: Unit, request: Value, name: str | None) -> Value:
    from wslint.runtime import python

    if worker.flag_enabled("python_workers") is False:
        machine.give_up(python.sdk.NO_FLAG, _nowhere(worker))
    classes_only = worker.flag_enabled("python_no_global_handlers") is not False
    names = [name] if name else ["Default"] if classes_only else ["Default", "on_fetch"]
    for candidate in names:
        value = objects.exported(machine, worker, candidate)
        if isinstance(value, ClassValue):
            return _of_class(machine, worker, value, request)
        if isinstance(value, Closure):
            given = [request, env_model.made(worker), context_model.execution(worker)]
            return _call(machine, worker, value, given, UNDEFINED)
        if value is not UNDEFINED:
            machine.give_up(f"`{candidate}` is not read", _nowhere(worker))
    machine.throw(words.NO_FETCH, _nowhere(worker))


# Other Workers


def forward(machine: Machine, service: Object, request: Object, span: Span) -> Value:
    """`env.SERVICE.fetch(…)`: the other Worker's own fetch."""
    worker, name = service.extra
    if len(machine.requests) > objects.MOST_FORWARDS:
        machine.give_up("the request is forwarded too often", span)
    for binding in worker.config.bindings:
        if binding.kind != "services" or binding.name != name:
            continue
        target = binding.value.get("service")
        environment = binding.value.get("environment")
        entrypoint = binding.value.get("entrypoint")
        if target is None or target.string is None:
            break
        wanted = (
            f"{target.string}-{environment.string}" if environment and environment.string else target.string
        )
        found = worker.workspace.workers_by_name.get(wanted, [])
        if len(found) != 1:
            machine.give_up(f"`{wanted}` is not among the Workers that were given", binding.span)
        machine.hop(
            "service", binding.span, f"`{name}` is the Worker `{wanted}`", target.span, worker=worker.name
        )
        machine.hop(
            "forward", span, f"{snippet(span, 40)}: {objects.says(machine, request)}", worker=worker.name
        )
        held = enter(machine, found[0], request, entrypoint.string if entrypoint is not None else None, span)
        return response.received(machine, held, request, span)
    machine.give_up(f"`{name}` is no service that the configuration declares", span)


def assets(machine: Machine, binding: Object, request: Object, span: Span) -> Value:
    """`env.ASSETS.fetch(…)`."""
    from wslint.project import serving

    worker: Worker = binding.extra
    return machine.each(
        request_model.path(machine, request), lambda path: _asset(machine, worker, path, span, serving)
    )


def _asset(machine: Machine, worker: Worker, path: Value, span: Span, serving: object) -> Value:
    from wslint.project.serving import served

    headers = headers_model.made({}, span, complete=False, immutable=True)
    if not isinstance(path, str):
        return response.made(Unknown("what the assets answer", span, "client"), span, None, headers)
    answer = served(worker, path)
    machine.hop("forward", span, f"{snippet(span, 40)}: the assets answer", worker=worker.name)
    if answer is None or answer.status is None:
        return response.made(Unknown("what the assets answer", span), span, None, headers)
    machine.hop("assets", answer.span, answer.text, worker=worker.name)
    return response.made(answer.status, span, None, headers, answer.note)
