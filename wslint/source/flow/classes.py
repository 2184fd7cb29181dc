"""Classes: what `this` holds, and entering each class as the runtime would.

A Durable Object's constructor runs first, then its handlers in any order, so fields are gathered
over two rounds: the first only collects what they may hold, the second reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.record import replace
from wslint.regex import regex
from wslint.source import tree
from wslint.source.flow.handed import HANDED, handed_to
from wslint.source.flow.scope import Scope, joined
from wslint.source.flow.uses import ClassFlow, MemberFacts, Where
from wslint.source.flow.values import (
    ArrayValue,
    Certainty,
    ClassValue,
    Collection,
    DurableContext,
    Environment,
    FunctionValue,
    HandlerSocket,
    Imported,
    Instance,
    Member,
    Message,
    RequestValue,
    TableValue,
    Value,
    WorkerContext,
)
from wslint.text import SourceFile, Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values

RUNTIME = ("cloudflare:workers", "workers")
"""The modules that supply base classes: JavaScript's and Python's."""

SOCKET_HANDLERS = ("webSocketMessage", "webSocketClose", "webSocketError")
MOST_BASES = 50
"""As many classes stand above one at most; of a longer chain the rest is not known."""

_PROTOTYPE = regex(rb"([\w$\x80-\xff]+)\.prototype\b")
CONTEXT_NAMES = frozenset({"ctx", "state", "controller", "context"})


def describe(interpreter: Interpreter, value: ClassValue) -> ClassFlow:
    """The facts of a class, made once: its members with those of project base classes."""
    scope = value.scope
    assert isinstance(scope, Scope)
    known = interpreter.class_flows.get(id(value.node))
    if known is not None:
        return known
    node = value.node
    file = scope.file
    start = node.name_start
    name = node.name or "(anonymous)"
    span = Span(file, start, start + len((node.name or "class").encode()))
    members: dict[str, MemberFacts] = {}
    for item in node.members:
        members[item.name] = _member_facts(item, scope)
        if isinstance(item.value, tree.Function):
            interpreter.homes[id(item.value)] = value
    flow = ClassFlow(name, span, (), True, members, attributes=tuple(node.attributes))
    interpreter.class_flows[id(value.node)] = flow
    flow.has_constructor = "constructor" in members
    flow.handed = handed_to(interpreter, node, scope)
    _add_bases(interpreter, value, flow)
    _add_assigned(value, flow, scope)
    if name.encode() in _changed_later(interpreter, file):
        flow.base_known = False  # its members may be more than the class says
    flow.is_durable = _durability(flow)
    return flow


def _changed_later(interpreter: Interpreter, file: SourceFile) -> frozenset[bytes]:
    """The names of a file whose prototype is spoken of: looked for once, however many classes there are."""
    known = interpreter.prototypes.get(id(file))
    if known is None:
        found = frozenset(_PROTOTYPE.findall(file.data)) if b".prototype" in file.data else frozenset()
        known = interpreter.prototypes[id(file)] = found
    return known


def _member_facts(item: tree.ClassMember, scope: Scope) -> MemberFacts:
    function = item.value if isinstance(item.value, tree.Function) else None
    span = Span(scope.file, item.name_start, item.name_start + len(item.name.encode()))
    return MemberFacts(
        item.name, span, item.kind, item.static, item.private, function, _parameter_names(function)
    )


def _parameter_names(function: tree.Function | None) -> tuple[str, ...]:
    if function is None:
        return ()
    return tuple(
        parameter.pattern.name if isinstance(parameter.pattern, tree.Name) else ""
        for parameter in function.parameters
    )


def _add_bases(interpreter: Interpreter, value: ClassValue, flow: ClassFlow) -> None:
    """Follow the base classes; members of those in the project are inherited."""
    scope = value.scope
    assert isinstance(scope, Scope)
    bases: list[str] = []
    for base in value.node.bases:
        values = interpreter.evaluate(base, scope)
        if not values:
            flow.base_known = False
        for item in values:
            if isinstance(item, ClassValue) and item.node is not value.node:
                if interpreter.bases >= MOST_BASES:
                    flow.base_known = False
                    continue
                interpreter.bases += 1
                inherited = describe(interpreter, item)
                interpreter.bases -= 1
                if len(inherited.bases) >= MOST_BASES:
                    flow.base_known = False
                    continue
                bases += [inherited.name, *inherited.bases]
                flow.base_known = flow.base_known and inherited.base_known
                flow.handed = max(flow.handed, inherited.handed, key=HANDED.index)
                for name, facts in inherited.members.items():
                    if name not in flow.members and not facts.static:
                        flow.members[name] = facts
                        flow.inherited.add(name)
                flow.has_constructor = flow.has_constructor or inherited.has_constructor
            elif isinstance(item, Imported):
                bases.append(f"{item.specifier}.{item.name}" if item.specifier else item.name)
                flow.base_known = flow.base_known and item.specifier in RUNTIME
            else:
                flow.base_known = False
    if value.node.traits:
        bases += value.node.traits
    flow.bases = tuple(dict.fromkeys(bases))


def _add_assigned(value: ClassValue, flow: ClassFlow, scope: Scope) -> None:
    """Handlers that the constructor assigns (`this.webSocketMessage = …`) are members too."""
    constructor = flow.members.get("constructor") or flow.members.get("__init__")
    if constructor is None or constructor.function is None:
        return
    for statement in constructor.function.body:
        target = (
            statement.value.target
            if isinstance(statement, tree.Do) and isinstance(statement.value, tree.Assign)
            else None
        )
        if (
            isinstance(target, tree.Member)
            and isinstance(target.object, tree.Name)
            and target.object.name == "this"
            and target.name in (*SOCKET_HANDLERS, "fetch", "alarm")
        ):
            span = Span(scope.file, target.name_start, target.end)
            flow.members.setdefault(target.name, MemberFacts(target.name, span, "field", False, False, None))


def _durability(flow: ClassFlow) -> Certainty:
    for base in flow.bases:
        module, _, name = base.rpartition(".")
        if module in RUNTIME:
            return "yes" if name == "DurableObject" else "no"
    if "DurableObject" in flow.bases:
        return "yes"  # Rust's trait
    return "unknown"


def is_worker_entrypoint(flow: ClassFlow) -> bool:
    return any(base.rpartition(".")[2] == "WorkerEntrypoint" for base in flow.bases)


# this.x


def member_of(interpreter: Interpreter, receiver: Instance, name: str, span: Span, scope: Scope) -> Values:
    """`this.name`."""
    flow = describe(interpreter, receiver.cls)
    flow.own_reads.add(name)
    held = flow.fields.get(name)
    if held is not None:
        return held
    facts = flow.members.get(name)
    if facts is not None and facts.function is not None and facts.kind == "method":
        return (
            FunctionValue(
                facts.span, facts.function, _scope_of(interpreter, receiver.cls, name), (receiver,)
            ),
        )
    if name == "ctx" and _from_runtime(flow):
        return (_context(flow, span),)
    if name == "env" and _from_runtime(flow):
        return (Environment(span),)
    return (Member(span, receiver, name),)


def _from_runtime(flow: ClassFlow) -> bool:
    """Whether the runtime's base class sets `ctx` and `env`."""
    return any(base.rpartition(".")[0] in RUNTIME for base in flow.bases) or not flow.base_known


def _context(flow: ClassFlow, span: Span) -> Value:
    return WorkerContext(span) if is_worker_entrypoint(flow) else DurableContext(span)


def _scope_of(interpreter: Interpreter, cls: ClassValue, name: str) -> Scope:
    """The scope that a member closes over: its own class's, which may be a base in another file."""
    scope = cls.scope
    assert isinstance(scope, Scope)
    if name in cls.node.member_names:
        return scope
    for base in cls.node.bases:
        for item in interpreter.evaluate(base, scope):
            if isinstance(item, ClassValue) and item.node is not cls.node:
                return _scope_of(interpreter, item, name)
    return scope


def set_field(
    interpreter: Interpreter, receiver: Instance, target: tree.Member, values: Values, scope: Scope
) -> None:
    """`this.name = values`."""
    flow = describe(interpreter, receiver.cls)
    flow.assigned.add(target.name)
    named = tuple(_named_collection(interpreter, value, target.name) for value in values)
    flow.fields[target.name] = joined(flow.fields.get(target.name, ()), named)
    for value in values:
        interpreter.use("store", target, scope, value, name=f"field {target.name}", arguments=[(receiver,)])
    interpreter.use("write", target, scope, receiver, name=target.name, arguments=[values])


# Entering


def enter_class(interpreter: Interpreter, cls: ClassValue, *, durable: bool) -> ClassFlow:
    """Run a class as the runtime does; `durable` says that it is bound as a Durable Object."""
    flow = describe(interpreter, cls)
    if durable:
        flow.is_durable = "yes"
    instance = interpreter.made(Instance, flow.span, lambda: Instance(flow.span, cls))
    reported = len(interpreter.flow.uses)
    _round(interpreter, cls, flow, instance)
    del interpreter.flow.uses[reported:]
    interpreter.forget()
    _round(interpreter, cls, flow, instance)
    flow.uses = [use for use in interpreter.flow.uses[reported:] if use.where.cls == flow.name]
    # Two classes may have one name, such as a wrapper and what it wraps: the entrypoint's own comes first.
    interpreter.flow.classes.setdefault(flow.name, flow)
    return flow


def enter_constructor(
    interpreter: Interpreter, cls: ClassValue, instance: Instance, arguments: list[Values]
) -> None:
    """Run a constructor that the project's own code calls."""
    facts = describe(interpreter, cls).members.get("constructor")
    if facts is not None and facts.function is not None:
        function = FunctionValue(
            facts.span, facts.function, _scope_of(interpreter, cls, "constructor"), (instance,)
        )
        interpreter.enter(function, arguments, this=(instance,))


def _round(interpreter: Interpreter, cls: ClassValue, flow: ClassFlow, instance: Instance) -> None:
    scope = cls.scope
    assert isinstance(scope, Scope)
    for item in cls.node.members:
        if item.kind == "field" and item.value is not None and not item.static:
            _initial(interpreter, flow, instance, item, scope)
    for name in sorted(flow.members, key=lambda name: name not in ("constructor", "__init__")):
        facts = flow.members[name]
        if facts.function is None or facts.static or facts.kind not in ("method", "field"):
            continue
        where = Where(flow.name, "constructor" if name == "__init__" else name, facts.function)
        function = FunctionValue(facts.span, facts.function, _scope_of(interpreter, cls, name), (instance,))
        outer = interpreter.facts
        interpreter.facts = frozenset()
        interpreter.enter(function, _arguments(flow, name, facts), this=(instance,), where=where)
        interpreter.facts = outer


def _initial(
    interpreter: Interpreter, flow: ClassFlow, instance: Instance, item: tree.ClassMember, scope: Scope
) -> None:
    """A field's initial value."""
    if isinstance(item.value, tree.Function) or item.value is None:
        return
    inner = Scope(scope.file, scope, this=(instance,), is_function=True)
    outer, interpreter.where = (
        interpreter.where,
        replace(interpreter.where, cls=flow.name, handler="constructor"),
    )
    values = interpreter.evaluate(item.value, inner)
    interpreter.where = outer
    named = tuple(_named_collection(interpreter, value, item.name) for value in values)
    flow.fields[item.name] = joined(flow.fields.get(item.name, ()), named)


def _named_collection(interpreter: Interpreter, value: Value, name: str) -> Value:
    """A value as a field holds it: an empty array or object is a collection in the making."""
    empty = (isinstance(value, ArrayValue) and not value.items) or (
        isinstance(value, TableValue) and not value.fields and value.closed
    )
    if empty:
        span = value.span
        value = interpreter.made(Collection, span, lambda: Collection(span, "field", name))
    if isinstance(value, Collection):
        value.place, value.name = "field", name
    return value


def _arguments(flow: ClassFlow, name: str, facts: MemberFacts) -> list[Values]:
    """What the runtime passes to a member of this name."""
    span = facts.span
    worker = is_worker_entrypoint(flow)
    durable = flow.is_durable == "yes" or (not worker and _looks_durable(flow))
    if name in ("constructor", "__init__"):
        if worker:
            return [(WorkerContext(span),), (Environment(span),)]
        first = facts.parameters[0] if facts.parameters else ""
        if durable or first in CONTEXT_NAMES:
            return [(DurableContext(span),), (Environment(span),)]
        return []
    if name in ("fetch", "on_fetch"):
        return [(RequestValue(span, True, "yes"),)]
    if not durable:
        return []
    socket = (HandlerSocket(span, "parameter"),)
    match name:
        case "webSocketMessage":
            return [socket, (Message(span, "message"),)]
        case "webSocketClose":
            return [socket, (Message(span, "code"),), (Message(span, "reason"),), (Message(span, "clean"),)]
        case "webSocketError":
            return [socket, (Message(span, "error"),)]
    return []


def _looks_durable(flow: ClassFlow) -> bool:
    """A class without a known base that has what only Durable Objects have."""
    if any(handler in flow.members for handler in SOCKET_HANDLERS):
        return True
    constructor = flow.members.get("constructor")
    first = constructor.parameters[0] if constructor and constructor.parameters else ""
    return first in CONTEXT_NAMES and "fetch" in flow.members
