"""Entering Durable Objects, as the runtime does: the class behind a namespace, its instance, its fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.machine import calls, established, gates
from wslint.machine.machine import Machine, snippet
from wslint.machine.scope import ClassValue, Closure
from wslint.record import frozen
from wslint.runtime import context as context_model
from wslint.runtime import env as env_model
from wslint.runtime import headers as headers_model
from wslint.runtime import request as request_model
from wslint.runtime import response, words
from wslint.source.facts import ExportFact
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value, is_constant
from wslint.wrangler.config import DurableObjectBinding

if TYPE_CHECKING:
    from wslint.worker import Worker

MOST_FORWARDS = 8
"""Objects and Workers that call one another."""
MOST_DEPTH = 6
"""Objects within objects of an answer over RPC."""


@frozen
class Target:
    """A class and the Worker that has it."""

    worker: Worker
    cls: ClassValue


def fetch(machine: Machine, stub: Object, request: Object, span: Span) -> Value:
    """`stub.fetch(request)`: the object's class is entered, its answer is what comes back."""
    if len(machine.objects) >= MOST_FORWARDS:
        machine.give_up("the request is forwarded too often", span)
    namespace: Object = stub.extra
    worker: Worker = namespace.extra[0]
    machine.hop("forward", span, f"{snippet(span, 40)}: {says(machine, request)}", worker=worker.name)
    if machine.stays_outside:
        headers = headers_model.made({}, span, complete=False, immutable=True)
        return response.made(Unknown("the status of an object's answer", span, "world"), span, None, headers)
    target = class_of(machine, namespace, span)

    home = machine.request

    def one(name: Value) -> Value:
        instance = instance_of(machine, target, name, span)
        machine.requests.append(request)
        try:
            held = run(machine, instance, "fetch", [request_model.received(machine, request)], span)
        finally:
            machine.requests.pop()
        return machine.lift(given, response.received(machine, held, request, span))

    def given(answer: Value) -> Value:
        """The answer bears who gave it, and to which request."""
        if isinstance(answer, Object) and answer.kind == "Response":
            answer.slots.update({"from object": True, "request": home, "asked": request, "got": span})
        return answer

    return machine.each(stub.slots["name"], one)


def run(machine: Machine, instance: Object, name: str, arguments: list[Value], span: Span) -> Value:
    """Call one of an object's handlers; what it gives, awaited."""
    machine.objects.append(context_of(machine, instance))
    try:
        cls: ClassValue = instance.extra
        if cls.scope.unit.language.name == "rust":
            return _run_rust(machine, instance, name, arguments, span)
        function = machine.known(calls.member(machine, instance, name, span))
        own: ClassValue = instance.extra
        if function is UNDEFINED and own.scope.unit.language.name == "python":
            machine.throw(words.no_method(name), span)
        if function is UNDEFINED or function is None:
            machine.throw(words.NO_FETCH if name == "fetch" else f"TypeError: {name} is not a function", span)
        if isinstance(function, Unknown):
            machine.give_up(f"`{name}` of `{cls.name}` comes from code that is not read", span)
        given = Invocation(name, instance, arguments, span)
        return machine.awaited(calls.apply(machine, function, given, instance), span)
    finally:
        machine.objects.pop()


def _run_rust(machine: Machine, instance: Object, name: str, arguments: list[Value], span: Span) -> Value:
    """A handler of the worker crate's trait: those that are not written panic, and an `Err` is thrown."""
    from wslint.machine import rust
    from wslint.runtime.rust import results

    own, is_missing = rust.handler(machine, instance, name, span)
    if is_missing:
        results.panic(machine, f"not implemented: {own}() handler", span)
    function = machine.known(calls.member(machine, instance, own, span))
    value = machine.awaited(
        calls.apply(machine, function, Invocation(own, instance, arguments, span), instance), span
    )
    return results.answered(machine, value, span)


def context_of(machine: Machine, instance: Object) -> Object:
    held = instance.slots.get("the context")
    assert isinstance(held, Object)
    return held


def rpc(machine: Machine, stub: Object, call: Invocation, called: str) -> Value:
    """`stub.method(…)`: the class's own method, with structured clones."""
    machine.at_home(stub, call.span)
    if machine.stays_outside:
        return Unknown("what an object's method gives", call.span, "world")
    namespace: Object = stub.extra
    target = class_of(machine, namespace, call.span)
    instance = instance_of(machine, target, stub.slots["name"], call.span)
    function = machine.known(calls.member(machine, instance, call.name, call.span))
    if function is UNDEFINED and calls.runtime_base(machine, target.cls) == "DurableObject":
        machine.throw(f'TypeError: The RPC receiver does not implement the method "{call.name}".', call.span)
    if not isinstance(function, Closure):
        return machine.awaited(machine.unread_call(called, call.span, call.arguments), call.span)
    machine.objects.append(context_of(machine, instance))
    try:
        value = calls.apply(
            machine, function, Invocation(call.name, instance, call.arguments, call.span), instance
        )
        return _copied(machine, machine.awaited(value, call.span), call)
    finally:
        machine.objects.pop()


def _copied(machine: Machine, value: Value, call: Invocation) -> Value:
    """What comes back over RPC is a copy; a socket can't be copied."""

    def one(held: Value, depth: int = 0) -> Value:
        if not isinstance(held, Object) or depth > MOST_DEPTH:
            return held
        if held.kind == "WebSocket" or response.is_upgrade(machine, held):
            machine.throw(words.SOCKET_OVER_RPC, call.span, held)
        if held.kind in ("Object", "Array", "Map", "Set") and "escaped" not in held.slots:
            for key, part in list(held.slots.items()):
                parts = part if key == "items" and isinstance(part, tuple) else (part,)
                for inner in parts if key == "items" or isinstance(key, tuple) else ():
                    machine.each(inner, lambda value: one(value, depth + 1))
        return held

    return machine.each(value, one)


def says(machine: Machine, request: Object) -> str:
    """What a forward keeps and loses."""
    upgrade = machine.known(request_model.upgrade(machine, request))
    if upgrade is None:
        kept = "the `Upgrade` header is lost"
    elif not isinstance(upgrade, str):
        kept = "whether `Upgrade` is kept is not known"
    else:
        kept = "`Upgrade` is kept"
    if machine.requests:
        before = machine.known(request_model.path(machine, machine.requests[-1]))
        after = machine.known(request_model.path(machine, request))
        if isinstance(before, str) and isinstance(after, str) and before != after:
            kept += f", the path becomes `{after}`"
    return kept


# The class behind a namespace


def class_of(machine: Machine, namespace: Object, span: Span) -> Target:
    """The class, with the steps that lead to it."""
    worker, name, exported = namespace.extra
    if exported:
        return exported_class(machine, worker, name, span)
    binding = _binding(worker, name)
    if binding is None:
        machine.throw(f"Error: there is no binding `{name}`", span)
    class_name = binding.class_name.string if binding.class_name is not None else None
    if not class_name or (binding.class_name is not None and binding.class_name.is_placeholder):
        machine.give_up("the binding names no class", binding.span)
    owner = _owner(machine, worker, binding)
    where = "" if owner is worker else f" of the Worker `{owner.name}`"
    owns = [part.span for part in (binding.name, binding.class_name, binding.script_name) if part is not None]
    place = binding.name.span if binding.name is not None else binding.span
    machine.hop("binding", place, f"`{name}` is bound to `{class_name}`{where}", *owns, worker=worker.name)
    return exported_class(machine, owner, class_name, span)


def _binding(worker: Worker, name: str) -> DurableObjectBinding | None:
    for binding in worker.config.durable_objects:
        if binding.name is not None and binding.name.string == name:
            return binding
    return None


def _owner(machine: Machine, worker: Worker, binding: DurableObjectBinding) -> Worker:
    if worker.config.is_local(binding):
        return worker
    owners = worker.workspace.owner(worker, binding)
    if len(owners) != 1:
        script = binding.script_name.string if binding.script_name is not None else "?"
        problem = (
            "is not among the Workers that were given" if not owners else "is the name of several Workers"
        )
        machine.give_up(f"`{script}` {problem}", binding.span)
    return owners[0]


def exported_class(machine: Machine, worker: Worker, name: str, span: Span) -> Target:
    """A class that a Worker's entrypoint exports."""
    machine.note_worker(worker)
    _lifecycle(machine, worker, name)
    if worker.source is None:
        machine.give_up(worker.entrypoint.why or "the source is not read", span)
    answer = worker.export(name)
    if worker.source.language == "rust" and answer.verdict != "no":
        from wslint.machine import glue

        found = glue.class_of_crate(machine, worker, name)
        if found is None:
            machine.give_up(f"`{name}` is not found in the crate", span)
        _class_hop(machine, worker, found, name, None)
        return Target(worker, found)
    if answer.verdict == "no":
        machine.throw(words.NO_ACTOR_CLASS, span)
    value = exported(machine, worker, name)
    if (
        is_constant(value)
        or (isinstance(value, Closure) and (value.node.is_arrow or value.node.is_async))
        or (isinstance(value, Object) and value.kind == "Object")
    ):
        machine.throw(words.NO_ACTOR_CLASS, span)
    if not isinstance(value, ClassValue):
        if answer.fact is not None:
            place = answer.fact.declared or answer.fact.span
            machine.hop("class", place.head(), f"`{name}`", answer.fact.span, worker=worker.name)
        machine.give_up(f"the class `{name}` is not read", answer.fact.span if answer.fact else span)
    _class_hop(machine, worker, value, name, answer.fact)
    return Target(worker, value)


def exported(machine: Machine, worker: Worker, name: str) -> Value:
    """What a Worker's entrypoint exports under a name; undefined where there is nothing that is read."""
    from wslint.machine import modules
    from wslint.machine.scope import Global

    assert worker.source is not None
    unit = machine.unit(worker, worker.source.entrypoint)
    held = machine.known(unit.names.get(name, ABSENT))
    if held is ABSENT:
        held = modules.star(machine, unit, name)
    if isinstance(held, Global):
        held = modules.resolve(machine, held, unit)
    return UNDEFINED if held is ABSENT else held


def _class_hop(machine: Machine, worker: Worker, cls: ClassValue, name: str, fact: ExportFact | None) -> None:
    owns = [cls.place]
    if fact is not None:
        owns += [fact.span, *([fact.declared] if fact.declared else [])]
        if fact.cls is not None:
            owns.append(fact.cls.span)
    base = calls.runtime_base(machine, cls)
    text = f"class `{name}`" + (f" extends `{base}`" if base else "")
    whole = Span(cls.scope.unit.file, cls.node.start, cls.node.end)
    machine.hop("class", cls.place, text, *owns, worker=worker.name, shows=(whole,))


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
            worker=worker.name,
        )
        return
    for entry in worker.config.durable_exports:
        if entry.name == name:
            text = f"`exports` declares it ({entry.storage or 'storage not known'})"
            machine.hop("lifecycle", entry.span, text, entry.span, worker=worker.name)
            return
    if worker.config.document.is_pages or worker.config.history.pruned:
        return
    machine.hop("lifecycle", None, "no migration and no `exports` entry creates it", worker=worker.name)


# Instances


def instance_of(machine: Machine, target: Target, name: Value, span: Span) -> Object:
    """The object of a class under a name: made by its constructor when it is first reached."""
    key: Any = (id(target.worker), target.cls.node, _token(name))
    held = machine.known(machine.isolate.get(key, ABSENT))
    if isinstance(held, Object):
        return held
    context = context_model.durable(
        target.worker, ABSENT if isinstance(name, Object) else name, target.cls.place
    )
    context.slots["class"] = target.cls.name
    live = target.worker.config.history.live.get(target.cls.name)
    if live is not None and live.storage == "kv":
        context.slots["storage"].slots["no sql"] = True
    for entry in target.worker.config.durable_exports:
        if entry.name == target.cls.name and entry.storage not in (None, "sqlite"):
            context.slots["storage"].slots["no sql"] = True
    if machine.established:
        context.slots["established"] = True
    if key in machine.constructing:
        if machine.gated:
            machine.leave("hang", UNDEFINED, span.head(), words.ASKS_ITSELF)
        machine.give_up("the object is asked while its constructor runs", span)
    machine.constructing.add(key)
    try:
        made = construct(machine, target, context, span)
    finally:
        machine.constructing.discard(key)
    machine.put(machine.isolate, key, made)
    return made


def _lacks_alarm(machine: Machine, made: Object, cls: ClassValue) -> bool:
    """Whether an object surely has no alarm handler."""
    if cls.scope.unit.language.name != "javascript":
        return False
    return calls.member(machine, made, "alarm", cls.place) is UNDEFINED


def _token(name: Value) -> Any:
    return (type(name).__name__, name) if is_constant(name) else id(name)


def construct(machine: Machine, target: Target, context: Object, span: Span) -> Object:
    """Run the constructor, as at the first event and after each eviction."""
    member = calls.find(machine, target.cls, "constructor")
    if target.cls.scope.unit.language.name == "rust":
        from wslint.machine import rust

        rust.check_started(machine, target.cls, span, by_runtime=True)
        made_by = rust.own_method(machine, target.cls, "new")
        member = (made_by, target.cls) if made_by is not None else None
    if member is not None:
        own, owner = member
        end = own.name_start + len(own.name.encode())
        place = Span(owner.scope.unit.file, own.name_start, end)
        machine.hop("constructor", place, "constructor", worker=target.worker.name)
    machine.objects.append(context)
    try:
        gates.opened(machine, context)
        environment = env_model.made(target.worker)
        given = Invocation(
            "constructor", UNDEFINED, [context, environment], span, new=True, unit=target.cls.scope.unit
        )
        try:
            made = machine.known(calls.construct(machine, target.cls, given))
        finally:
            machine.building.pop()
        gates.closed(machine, context)
    finally:
        machine.objects.pop()
    if not isinstance(made, Object) or made.kind != "Instance":
        machine.give_up(f"what the constructor of `{target.cls.name}` makes is not known", span)
    made.slots["the context"] = context
    if _lacks_alarm(machine, made, target.cls):
        context.slots["no alarm"] = True  # the runtime knows it as soon as the constructor has run
    if machine.established:
        established.instance(machine, made)
    return made
