"""Calls: which function it is, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine import builtin, members, statements
from wslint.machine.machine import MOST_CALLS, Machine, snippet
from wslint.machine.scope import ClassValue, Closure, Global, Native, Scope
from wslint.runtime.model import MODELS, Method
from wslint.source import tree
from wslint.text import Span
from wslint.values.heap import Exit, Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value, is_constant

if TYPE_CHECKING:
    from wslint.machine import expressions, rust
    from wslint.runtime import python, text
else:
    expressions = Late("wslint.machine.expressions")
    python = Late("wslint.runtime.python")
    rust = Late("wslint.machine.rust")
    text = Late("wslint.runtime.text")

RUNTIME = ("cloudflare:workers", "workers")
MOST_BASES = 12
MOST_RECURSION = 3
"""Calls of one function within itself."""

_RETURN = frozenset({"return"})
_YIELDED = frozenset({"return", "hang"})
_SETTLED = frozenset({"return", "throw"})
_WAITING = _SETTLED | {"hang"}
"""How an async function ends for its caller: one that waits for ever has given a promise all the same."""


def call(machine: Machine, node: tree.Call, scope: Scope) -> Value:
    """Evaluate a call."""
    function = node.function
    span = scope.unit.span(node)
    if isinstance(function, tree.Member):
        if isinstance(function.object, tree.Name) and function.object.name == "super":
            return _super_method(machine, node, function, scope, span)
        receiver = expressions.evaluate(machine, function.object, scope)
        return machine.each(receiver, lambda held: _method_call(machine, node, function, held, scope))
    if isinstance(function, tree.Name) and function.name == "super":
        return _super_call(machine, node, scope, span)
    if isinstance(function, tree.Index) and not isinstance(function, tree.AttributeIndex):
        receiver = expressions.evaluate(machine, function.object, scope)
        return machine.each(receiver, lambda held: _indexed_call(machine, node, function, held, scope))
    return _called_with(
        machine, node, expressions.plain(expressions.evaluate(machine, function, scope)), UNDEFINED, scope
    )


def _indexed_call(
    machine: Machine, node: tree.Call, function: tree.Index, receiver: Value, scope: Scope
) -> Value:
    """`receiver[index](…)`: the function has the receiver as its `this`."""
    if receiver is expressions.SHORT or (function.optional and (receiver is None or receiver is UNDEFINED)):
        return expressions.SHORT
    key, span = expressions.value_of(machine, function.index, scope), scope.unit.span(function)
    found = machine.each(key, lambda at: members.index(machine, receiver, at, span, scope))
    return _called_with(machine, node, found, receiver, scope)


def _called_with(machine: Machine, node: tree.Call, target: Value, this: Value, scope: Scope) -> Value:
    """A call of a value that is known by no name of a member."""

    def one(held: Value) -> Value:
        if node.optional and (held is None or held is UNDEFINED):
            return expressions.SHORT
        given = invocation(machine, node, _called(node, scope), this, scope)
        return apply(machine, held, given, this)

    return machine.each(target, one)


def invocation(machine: Machine, node: tree.Call, name: str, this: Value, scope: Scope) -> Invocation:
    """The arguments of a call, evaluated."""
    if isinstance(node, tree.Tagged):
        arguments, is_open = _template(machine, node, scope), False
    else:
        arguments, is_open = expressions.items_of(machine, node.arguments, scope)
    keywords: dict[str, Value] = {}
    for entry in node.keywords:
        if entry.key is not None:
            keywords[entry.key] = expressions.value_of(machine, entry.value, scope)
        else:
            value = expressions.value_of(machine, entry.value, scope)
            if scope.unit.language.name == "python":
                is_open = python.spread(machine, value, keywords) or is_open
            else:
                is_open = True
    return Invocation(name, this, arguments, scope.unit.span(node), keywords, node.new, is_open, scope.unit)


def _template(machine: Machine, node: tree.Tagged, scope: Scope) -> list[Value]:
    """What a tag is called with: the fixed parts of the template, and the values between them."""
    from wslint.machine.expressions import value_of
    from wslint.runtime.arrays import array

    text = node.arguments[0]
    parts = text.parts if isinstance(text, tree.Text) and text.value is None else []
    fixed = [part for part in parts if isinstance(part, str)] if parts else [text.value]  # type: ignore[union-attr]
    span = scope.unit.span(node)
    strings = array(fixed, span)
    strings.slots[("p", "raw")] = array(node.raw, span)
    return [strings, *(value_of(machine, part, scope) for part in parts if not isinstance(part, str))]


def _called(node: tree.Call, scope: Scope) -> str:
    return snippet(Span(scope.unit.file, node.function.start, node.function.end), 40)


def _method_call(
    machine: Machine, node: tree.Call, function: tree.Member, receiver: Value, scope: Scope
) -> Value:
    if receiver is expressions.SHORT:
        return expressions.SHORT
    if scope.unit.language.name == "rust":
        return rust.method_call(machine, node, function, receiver, scope)
    if function.optional and (
        receiver is None or receiver is UNDEFINED or members.never_set(receiver, function.name, scope)
    ):
        return expressions.SHORT
    if receiver is None or receiver is UNDEFINED:
        members.read(machine, receiver, function.name, scope.unit.span(function), scope)

    def made(held: Value = ABSENT) -> Value:
        if held is UNDEFINED or held is None:
            return expressions.SHORT
        given = invocation(machine, node, function.name, receiver, scope)
        return method(machine, receiver, given, scope, _called(node, scope))

    if not node.optional:
        return made()
    found = members.read(machine, receiver, function.name, scope.unit.span(function), scope)
    return machine.each(found, made) if isinstance(found, OneOf) else made(found)


def method(machine: Machine, receiver: Value, given: Invocation, scope: Scope, called: str) -> Value:
    """`receiver.name(…)`; the receiver is no `OneOf`."""
    name, span = given.name, given.span
    if scope.unit.language.name == "python":
        found = python.method(machine, receiver, given, scope, called)
        if found is not NotImplemented:
            return found
    if isinstance(receiver, Unknown):
        return _of_unknown(machine, receiver, given, called)
    if isinstance(receiver, str):
        return text.method(machine, receiver, given)
    if isinstance(receiver, bool | int | float):
        return text.number_method(machine, receiver, given)
    if isinstance(receiver, Global):
        whole = f"{receiver.name}.{name}" if receiver.name not in ("*", "globalThis") else name
        return apply(machine, Global(receiver.specifier, whole), given)
    if isinstance(receiver, Closure | Native) and name in ("call", "apply", "bind"):
        return _rebound(machine, receiver, given)
    if isinstance(receiver, ClassValue) and name == "new" and scope.unit.language.name != "javascript":
        return _constructed_or_static(machine, receiver, given, scope)
    if isinstance(receiver, Object):
        cls = receiver.extra if receiver.kind == "Instance" else None
        if isinstance(cls, ClassValue) and cls.scope.unit.language.name == "rust":
            return rust.method_for_javascript(machine, receiver, given)
        model = MODELS.get(receiver.kind)
        if model is not None and ("p", name) not in receiver.slots:
            found = model.methods.get(name)
            if found is not None:
                return members.modelled(machine, found, given)
            if receiver.kind == "DurableObject":
                from wslint.runtime import namespace

                return namespace.rpc(machine, receiver, given, called)
            if name not in model.getters and model.named is None:
                return _lacking(machine, receiver, given, scope, called)
    target = machine.known(members.read(machine, receiver, name, span, scope))
    return machine.each(target, lambda held: _found(machine, held, given, receiver, called))


def _found(machine: Machine, target: Value, given: Invocation, receiver: Value, called: str) -> Value:
    if target is UNDEFINED or target is None or is_constant(target):
        if isinstance(receiver, Object) and "escaped" in receiver.slots:
            return machine.unread_call(called, given.span, given.arguments)
        machine.throw(f"TypeError: {called} is not a function", given.span)
    if isinstance(target, Unknown):
        machine.escape(receiver, called)
        return machine.unread_call(called, given.span, given.arguments)
    return apply(machine, target, given, receiver)


def _lacking(machine: Machine, receiver: Object, given: Invocation, scope: Scope, called: str) -> Value:
    """A method that the model of an object lacks."""
    held = members.absent(receiver, given.name, given.span, scope)
    if held is UNDEFINED:
        machine.throw(f"TypeError: {called} is not a function", given.span, receiver)
    return machine.unread_call(called, given.span, [receiver, *given.arguments])


def _of_unknown(machine: Machine, receiver: Unknown, given: Invocation, called: str) -> Value:
    """A method of something that is not known: a text's or a list's own are harmless, others are not read."""
    if receiver.known.get("undeclared") and given.name not in text.PURE:
        machine.throw(f"TypeError: Cannot read properties of undefined (reading '{given.name}')", given.span)
    if given.name in text.PURE:
        for value in given.arguments:
            if isinstance(value, Closure):
                run_maybe(machine, value, given.span, receiver)
        key = ("call", given.name, tuple(a if is_constant(a) else id(a) for a in given.arguments))
        return text.bounded(receiver.derived(key, f"`{called}()`", given.span), receiver, given)
    if receiver.owner != "unread":
        for value in given.arguments:
            machine.escape(value, called)
        return Unknown(f"`{called}()`", given.span, receiver.owner)
    result = machine.unread_call(called, given.span, given.arguments)
    if isinstance(result, Unknown):
        result.why = f"`{called}()`"
    return result


def run_maybe(machine: Machine, function: Value, span: Span, source: Value = None) -> None:
    """A function that is called with things that are not known, any number of times."""
    owner = source.owner if isinstance(source, Unknown) else "unread"
    statements.unknown_rounds(
        machine,
        span,
        lambda: _drop(
            apply(machine, function, Invocation("", UNDEFINED, [Unknown("an item", span, owner)], span))
        ),
        source,
    )


def _drop(value: Value) -> None:
    return None


def apply(machine: Machine, target: Value, given: Invocation, this: Value = ABSENT) -> Value:
    """`target(…)` or `new target(…)`; the target may be one of several."""
    target = machine.known(target)
    if isinstance(target, OneOf):
        return machine.each(target, lambda held: apply(machine, held, given, this))
    if isinstance(target, Closure):
        if given.new and target.scope.unit.language.name == "javascript":
            return _made_by(machine, target, given)
        return invoke_closure(machine, target, given.arguments, given.span, this, given)
    if isinstance(target, Native):
        return target.call(machine, given)
    if isinstance(target, ClassValue):
        return _constructed_or_static(machine, target, given, None)
    if isinstance(target, Global):
        from wslint.runtime import globals as runtime_globals

        return runtime_globals.call(machine, target, given)
    if target is UNDEFINED or target is None or is_constant(target):
        if given.unit is not None and given.unit.language.name == "python":
            name = python.containers.type_name(target)
            python.fail(machine, f"TypeError: '{name}' object is not callable", given.span)
        what = "constructor" if given.new else "function"
        machine.throw(f"TypeError: {given.name or 'it'} is not a {what}", given.span)
    if isinstance(target, Object) and target.kind in MODELS and "()" in MODELS[target.kind].methods:
        return MODELS[target.kind].methods["()"](machine, given)
    return machine.unread_call(given.name or "it", given.span, given.arguments)


def _made_by(machine: Machine, function: Closure, given: Invocation) -> Value:
    """`new` of a function: what it gives where that is an object, else what its `this` was."""
    node = function.node
    if node.is_arrow or node.is_async or node.is_generator:
        machine.throw(f"TypeError: {given.name or 'it'} is not a constructor", given.span)
    made = Object("Object", {}, given.span)
    if b".prototype" in function.scope.unit.file.data:
        made.slots["open"] = True
    found = invoke_closure(machine, function, given.arguments, given.span, made, given)
    return machine.lift(lambda held: held if isinstance(held, Object | Unknown) else made, found)


def accessed(machine: Machine, getter: Value, receiver: Object) -> Value:
    """What a getter of an object literal gives."""
    assert isinstance(getter, Closure)
    span = getter.scope.unit.span(getter.node).head()
    return apply(machine, getter, Invocation("", receiver, [], span), receiver)


def _rebound(machine: Machine, function: Closure | Native, given: Invocation) -> Value:
    this = given.argument(0)
    if given.name == "bind":
        bound = given.arguments[1:]

        def later(host: Any, call: Invocation) -> Value:
            inner = Invocation(
                call.name,
                this,
                [*bound, *call.arguments],
                call.span,
                call.keywords,
                call.new,
                call.open,
                call.unit,
            )
            return apply(machine, function, inner, this)

        return Native("bound", later)
    rest = given.arguments[1:]
    if given.name == "apply":
        rest = members.items(machine, given.argument(1)) or []
    return apply(machine, function, Invocation(given.name, this, rest, given.span, unit=given.unit), this)


def taken_off(value: Value) -> Value:
    """What a method is that is read and not called there: it has lost its object, and gets one where it is called."""
    if isinstance(value, Closure) and isinstance(value.this, Object) and value.cls is not None:
        if not value.node.is_arrow and value.scope.unit.language.name == "javascript":
            return Closure(value.node, value.scope, ABSENT, value.cls)
    return value


def is_loose(function: Closure) -> bool:
    """Whether it is a method that was taken off its object."""
    return (
        function.cls is not None
        and function.this is ABSENT
        and not function.node.is_arrow
        and function.scope.unit.language.name == "javascript"
    )


# Functions of the project


def invoke_closure(
    machine: Machine,
    function: Closure,
    arguments: Sequence[Value],
    span: Span,
    this: Value = ABSENT,
    given: Invocation | None = None,
) -> Value:
    """Read a function's body with these arguments; a promise, when it is async. Rust's waits for its `await`."""
    node = function.node
    if node.is_async and function.scope.unit.language.name == "rust":
        from wslint.runtime.rust import results

        made = results.future(
            span, lambda host, at: host.awaited(_invoked(host, function, arguments, span, this, given), at)
        )
        made.slots["own"] = node.name or "it"
        return made
    return _invoked(machine, function, arguments, span, this, given)


def _invoked(
    machine: Machine,
    function: Closure,
    arguments: Sequence[Value],
    span: Span,
    this: Value,
    given: Invocation | None,
) -> Value:
    node = function.node
    if node.is_async and not node.is_generator and function.scope.unit.language.name == "python":
        made = python.coroutine(
            machine, lambda: _entered(machine, function, arguments, span, this, given), span
        )
        made.slots["own"] = node.name or "it"
        return made
    return _entered(machine, function, arguments, span, this, given)


def _entered(
    machine: Machine,
    function: Closure,
    arguments: Sequence[Value],
    span: Span,
    this: Value,
    given: Invocation | None,
) -> Value:
    node = function.node
    python_own = function.scope.unit.language.name == "python"
    if len(machine.active) >= MOST_CALLS:
        machine.give_up("the calls are nested too deeply", span)
    if machine.active.count(node) >= MOST_RECURSION:
        for value in arguments:
            machine.escape(value, node.name or "a function")
        return Unknown(f"what `{node.name or 'a function'}` gives, which calls itself", span)
    receiver = function.this if function.this is not ABSENT else this
    scope = Scope(function.scope.unit, function.scope)
    if python_own:
        receiver, arguments = python.receiver(function, arguments)
        scope.outer = dict(node.outer)
    if receiver is ABSENT and is_loose(function):
        receiver = Unknown("`this` of a method that was taken off its object", span)
    if not node.is_arrow or function.this is not ABSENT or python_own:
        scope.this = UNDEFINED if receiver is ABSENT else receiver
    else:
        scope.this = UNDEFINED  # an arrow of a module's top level
    scope.cls = function.cls
    if node.is_generator:
        scope.yields = Object("Array", {"items": ()}, span)
    machine.active.append(node)
    chain = machine.chain
    machine.chain = (*chain, span)
    begun = len(machine.events)
    try:
        waits = node.is_async and not python_own
        kinds = _RETURN
        if waits:
            kinds = _WAITING if _has_await(node) and not node.is_generator else _SETTLED
        elif node.is_generator:
            kinds = _YIELDED
        collector, done = machine.collect(kinds, lambda: _body(machine, function, scope, arguments, given))
    finally:
        machine.active.pop()
        machine.chain = chain
    exits = collector.exits
    if not node.encloses:
        for item in [*exits, *([done] if done is not None else [])]:
            item.delta = {slot: held for slot, held in item.delta.items() if held[0] is not scope.names}
    if done is not None:
        exits = [*exits, Exit("return", scope.unit.language.nothing, done.path, done.delta)]
    if node.is_generator and any(item.kind == "hang" for item in exits):
        machine.meet(collector, exits[:1])
        given_all = tuple(arguments) if all(is_constant(machine.known(one)) for one in arguments) else None
        return Object("Generator", {"count": 0.0}, span, (node, given_all))
    if scope.yields is not None and (python_own or not node.is_async):
        machine.meet(collector, exits)
        return scope.yields
    if not node.is_async or python_own:
        return machine.meet(collector, exits)
    from wslint.runtime import promise

    made = promise.made(machine.meet(collector, exits, [promise.settled(item) for item in exits]), span)
    promise.begun(machine, made, begun)
    return made


def _has_await(node: tree.Function) -> bool:
    from wslint.source.nodes import nodes_in

    return any(isinstance(inner, tree.Await) for inner in nodes_in(node.body))


def _body(
    machine: Machine, function: Closure, scope: Scope, arguments: Sequence[Value], given: Invocation | None
) -> Value:
    node = function.node
    if scope.unit.language.name == "python":
        python.bind(machine, function, scope, arguments, given)
    else:
        _bind_parameters(machine, node, scope, arguments, given)
    statements.hoist(machine, node.body, scope)
    statements.run(machine, node.body, scope)
    return UNDEFINED


def _bind_parameters(
    machine: Machine, node: tree.Function, scope: Scope, arguments: Sequence[Value], given: Invocation | None
) -> None:
    is_open = given is not None and given.open
    keywords = dict(given.keywords) if given is not None else {}
    for place, parameter in enumerate(node.parameters):
        if parameter.rest:
            rest = Object(
                "Array", {"items": tuple(arguments[place:]), "open": is_open}, scope.unit.span(parameter)
            )
            statements.bind(machine, parameter.pattern, rest, scope)
            continue
        name = parameter.pattern.name if isinstance(parameter.pattern, tree.Name) else ""
        if place < len(arguments):
            value = machine.known(arguments[place])
        elif name and name in keywords:
            value = machine.known(keywords.pop(name))
        elif is_open:
            value = Unknown("an argument", scope.unit.span(parameter))
        else:
            value = UNDEFINED
        if parameter.default is not None:
            if value is UNDEFINED:
                value = expressions.value_of(machine, parameter.default, scope)
            elif isinstance(value, OneOf):
                value = _with_default(machine, parameter.default, value, scope)
        statements.bind(machine, parameter.pattern, value, scope)


def _with_default(machine: Machine, default: tree.Expression, value: Value, scope: Scope) -> Value:
    """An argument that may be undefined."""
    from wslint.machine.expressions import value_of

    return machine.each(value, lambda held: value_of(machine, default, scope) if held is UNDEFINED else held)


# Classes


def line(machine: Machine, cls: ClassValue) -> Iterator[ClassValue]:
    """The class and those of its bases that are the project's, nearest first."""
    for item in lineage(machine, cls):
        if isinstance(item, ClassValue):
            yield item


def lineage(machine: Machine, cls: ClassValue) -> Iterator[ClassValue | Global | Unknown | Object]:
    """The class and its bases, nearest first; what is not of the project comes last."""
    if cls.scope.unit.language.name == "python":
        yield from python.line(machine, cls)
        return
    current: Value = cls
    for _ in range(MOST_BASES):
        if not isinstance(current, ClassValue):
            if isinstance(current, (Global, Object)):
                yield current
            elif current is not None:
                yield Unknown("its base class")
            return
        yield current
        current = base_of(machine, current)
        if current is None:
            return


def base_of(machine: Machine, cls: ClassValue) -> Value:
    """The base that a class extends; None without one."""
    from wslint.machine.expressions import value_of

    if not cls.node.bases:
        return None
    held = cls.statics.get("the base", ABSENT)
    if held is ABSENT:
        machine.loading += 1
        try:
            held = value_of(machine, cls.node.bases[0], cls.scope)
        finally:
            machine.loading -= 1
        cls.statics["the base"] = held
    return machine.known(held)


def runtime_base(machine: Machine, cls: ClassValue) -> str | None:
    """`DurableObject`, `WorkerEntrypoint` …; empty without a base, None when it is not known."""
    if cls.scope.unit.language.name == "python":
        return python.runtime_base(machine, cls)
    last: Value = None
    for item in lineage(machine, cls):
        last = item
    if isinstance(last, ClassValue):
        return ""
    if isinstance(last, Global) and last.specifier in RUNTIME:
        return last.name
    return None


def find(
    machine: Machine, cls: ClassValue, name: str, among: Sequence[ClassValue] | None = None
) -> tuple[tree.ClassMember, ClassValue] | None:
    """An instance member that is no setter, and the class that has it: `among` the class and its bases."""
    for item in line(machine, cls) if among is None else among:
        for each in item.node.members:
            if each.name == name and not each.static and each.kind != "setter":
                return each, item
    return None


def setter_of(machine: Machine, cls: ClassValue, name: str) -> Value:
    """The setter that a class or one of its bases has for a name; ABSENT for one with a getter alone, None for a
    plain property."""
    for item in line(machine, cls):
        found: Value = None
        for each in item.node.members:
            if each.name == name and not each.static and isinstance(each.value, tree.Function):
                if each.kind == "setter":
                    return Closure(each.value, item.scope, ABSENT, item)
                if each.kind == "getter":
                    found = ABSENT
        if found is ABSENT:
            return found
    return None


def member(machine: Machine, instance: Object, name: str, span: Span) -> Value:
    """`instance.name`."""
    cls: ClassValue = instance.extra
    if cls.scope.unit.language.name == "python":
        return python.attribute_of(machine, instance, name, span)
    slots = instance.slots
    held = machine.known(slots.get(("p", name), ABSENT))
    if name == "constructor" and held is ABSENT:
        return cls
    if held is not ABSENT:
        machine.note_read(instance, name, held, span)
    is_open = "escaped" in slots or bool(slots.get("open"))
    if held is not ABSENT and not isinstance(held, OneOf):
        if not is_open or name in ("ctx", "env", "state") or not is_constant(held):
            return held
    elif held is not ABSENT and not is_open:
        return members.filled(held, lambda: _of_class(machine, instance, name, span, ABSENT))
    return _of_class(machine, instance, name, span, held)


def _method_of(base: Object, name: str) -> Method | None:
    """A method of a framework's class; what is no class of one has none."""
    model = MODELS.get(base.kind)
    return model.methods.get(name) if model is not None else None


def _of_class(machine: Machine, instance: Object, name: str, span: Span, held: Value) -> Value:
    """What an instance has by its class; `held` is what its own slot has, which may be changed unseen."""
    cls: ClassValue = instance.extra
    slots = instance.slots
    is_open = "escaped" in slots or bool(slots.get("open"))
    found = find(machine, cls, name)
    if found is not None and found[0].kind != "field":
        function = Closure(found[0].value, found[1].scope, instance, found[1])  # type: ignore[arg-type]
        if isinstance(found[0].value, tree.Function):
            if found[0].kind == "getter":
                return invoke_closure(machine, function, [], span, instance)
            return function
        return Unknown(f"`{name}`", span)
    if held is not ABSENT:
        return members.unknown_slot(machine, instance, name, span)
    base = framework_base(machine, cls)
    if base is not None:
        inherited = _method_of(base, name)
        if inherited is not None:
            return Native(name, lambda host, given: inherited(host, _with_this(given, instance)))
    if "error" in slots and name in ("name", "message"):
        return slots["error"] if name == "name" else ""
    if name in members.EVERY_OBJECT and cls.scope.unit.language.name == "javascript":
        return members.inherited(machine, instance, name)
    if (
        is_open
        or cls.scope.unit.language.name == "rust"
        or runtime_base(machine, cls) is None
        or _is_computed(machine, cls)
    ):
        return members.unknown_slot(machine, instance, name, span)
    return UNDEFINED


def _with_this(given: Invocation, this: Value) -> Invocation:
    return Invocation(
        given.name, this, given.arguments, given.span, given.keywords, given.new, given.open, given.unit
    )


def framework_base(machine: Machine, cls: ClassValue) -> Object | None:
    """A base class that a framework's model describes."""
    for item in lineage(machine, cls):
        if isinstance(item, Object):
            return item
    return None


def outside_base(machine: Machine, cls: ClassValue) -> str | None:
    """The name of the base class that is not the project's; empty without one, None when it is not known."""
    last: Value = cls
    for item in lineage(machine, cls):
        last = item
    if isinstance(last, ClassValue):
        return ""
    return last.name if isinstance(last, Global) else None


def _is_computed(machine: Machine, cls: ClassValue) -> bool:
    """Whether the class may have members under names that are worked out, or given to its prototype."""
    for item in line(machine, cls):
        if any(each.name.startswith("[") for each in item.node.members):
            return True
        if b".prototype" in item.scope.unit.file.data:
            return True
    return False


def read_statics(machine: Machine, cls: ClassValue) -> None:
    """Evaluate a class's static fields, when it is declared."""
    if cls.scope.unit.language.name == "python":
        python.read_statics(machine, cls)
        return
    from wslint.machine.expressions import value_of

    for item in cls.node.members:
        if item.static and item.kind == "field" and item.value is None and "#" not in item.name:
            cls.statics[item.name] = UNDEFINED
        elif item.static and item.kind == "field" and item.value is not None:
            inner = Scope(cls.scope.unit, cls.scope, cls)
            inner.cls = cls
            cls.statics[item.name] = value_of(machine, item.value, inner)


def _constructed_or_static(
    machine: Machine, cls: ClassValue, given: Invocation, scope: Scope | None
) -> Value:
    for item in cls.node.members if cls.scope.unit.language.name != "rust" else ():
        if item.static and item.name == "new" and isinstance(item.value, tree.Function):
            return invoke_closure(
                machine, Closure(item.value, cls.scope, cls, cls), given.arguments, given.span, cls, given
            )
    return construct(machine, cls, given)


def construct(machine: Machine, cls: ClassValue, given: Invocation) -> Value:
    """`new cls(…)`: fields, then the constructor; a base's before the class's own."""
    if cls.scope.unit.language.name == "python":
        return python.construct(machine, cls, given)
    if cls.scope.unit.language.name == "rust":
        return rust.construct(machine, cls, given)
    if not given.new and given.unit is not None and given.unit.language.name == "javascript" and given.name:
        machine.throw(f"TypeError: Class constructor {cls.name} cannot be invoked without 'new'", given.span)
    instance = Object("Instance", {}, given.span, cls)
    given_back = _initialise(machine, cls, instance, given, 0)
    return given_back if isinstance(given_back, Object) else builtin.made_of(machine, cls, instance)


def _initialise(machine: Machine, cls: Value, instance: Object, given: Invocation, depth: int) -> Value:
    """Run the constructors of a class and its bases; what the class's own returns."""
    if depth > MOST_BASES:
        machine.give_up("the class has too many bases", given.span)
    if not isinstance(cls, ClassValue):
        _initialise_outside(machine, cls, instance, given)
        return UNDEFINED
    base = base_of(machine, cls)
    own = next((item for item in cls.node.members if item.name == "constructor" and not item.static), None)
    if own is None or not isinstance(own.value, tree.Function):
        if base is not None:
            _initialise(machine, base, instance, given, depth + 1)
        _fields(machine, cls, instance)
        if base is None and given.arguments and cls.scope.unit.language.name == "python":
            machine.put(instance.slots, "open", True)  # a dataclass, a tuple with names
        return UNDEFINED
    begun = Object("the constructor", {"done": base is None})

    def begin(host: Any, inner: Invocation) -> Value:
        if base is not None:
            _initialise(machine, base, instance, inner, depth + 1)
        _fields(machine, cls, instance)
        machine.put(begun.slots, "done", True)
        return UNDEFINED

    scope = Scope(cls.scope.unit, cls.scope, instance)
    scope.names["super"] = Native("super", begin)
    if base is None:
        _fields(machine, cls, instance)
    found = machine.known(
        invoke_closure(
            machine, Closure(own.value, scope, instance, cls), given.arguments, given.span, instance, given
        )
    )
    if isinstance(found, Object):
        return found
    if machine.known(begun.slots["done"]) is False:
        if cls.scope.unit.language.name == "javascript":
            place = Span(cls.scope.unit.file, own.name_start, own.name_start + len(own.name))
            machine.throw(
                "ReferenceError: Must call super constructor in derived class before accessing 'this' or returning "
                "from derived constructor",
                place,
            )
        _fields(machine, cls, instance)
    return UNDEFINED


def _initialise_outside(machine: Machine, base: Value, instance: Object, given: Invocation) -> None:
    """The constructor of a base that is not the project's."""
    if isinstance(base, Global) and base.specifier in RUNTIME:
        if base.name == "DurableObject":
            _check_base(machine, instance, given)
        machine.put(instance.slots, ("p", "ctx"), given.argument(0))
        machine.put(instance.slots, ("p", "env"), given.argument(1))
        return
    if isinstance(base, Global) and not base.specifier and _is_error(base.name):
        _initialise_error(machine, instance, given, base.name)
        return
    if isinstance(base, Object) and base.kind in MODELS and "constructor" in MODELS[base.kind].methods:
        MODELS[base.kind].methods["constructor"](machine, _with_this(given, instance))
        return
    if isinstance(base, Global) and builtin.initialise(machine, base, instance, given):
        return
    machine.put(instance.slots, "open", True)
    name = f"the constructor of `{base.name}`" if isinstance(base, Global) else "a base class's constructor"
    machine.unread_call(name, given.span)


def _is_error(name: str) -> bool:
    return name in (
        "Error",
        "TypeError",
        "RangeError",
        "SyntaxError",
        "EvalError",
        "ReferenceError",
        "URIError",
    )


def _initialise_error(machine: Machine, instance: Object, given: Invocation, name: str) -> None:
    """`class Own extends Error`: what `super(message, { cause })` gives it."""
    from wslint.machine.operators import text_of

    machine.put(instance.slots, "error", name)
    message, options = machine.known(given.argument(0)), machine.known(given.argument(1))

    def said(held: Value) -> Value:
        if isinstance(held, Unknown) and (held.known.get("type") == "string" or "text" in held.known):
            return held
        written = text_of(held)
        return written if written is not None else Unknown("a message", given.span)

    if message is not UNDEFINED:
        machine.put(instance.slots, ("p", "message"), machine.lift(said, message))
    if isinstance(options, Object) and ("p", "cause") in options.slots:
        machine.put(instance.slots, ("p", "cause"), options.slots[("p", "cause")])
    machine.put(instance.slots, ("p", "stack"), Unknown("a stack", given.span))


def _check_base(machine: Machine, instance: Object, given: Invocation) -> None:
    """What the constructor of `DurableObject` refuses (workerd 1.20261117, run)."""
    cls: ClassValue = instance.extra
    if cls.scope.unit.language.name != "javascript":
        return
    context, env = machine.known(given.argument(0)), machine.known(given.argument(1))
    problem = "TypeError: Failed to construct 'DurableObjectBase': constructor parameter"
    if isinstance(context, Unknown | OneOf) or isinstance(env, Unknown | OneOf):
        return
    if not (isinstance(context, Object) and context.kind == "DurableObjectState"):
        machine.throw(f"{problem} 1 is not of type 'DurableObjectState'.", given.span)
    if is_constant(env):
        machine.throw(f"{problem} 2 is not of type 'Object'.", given.span)


def _fields(machine: Machine, cls: ClassValue, instance: Object) -> None:
    from wslint.machine.expressions import value_of

    scope = Scope(cls.scope.unit, cls.scope, instance)
    scope.cls = cls
    for item in cls.node.members:
        if item.static or item.kind != "field":
            continue
        value = value_of(machine, item.value, scope) if item.value is not None else UNDEFINED
        machine.put(instance.slots, ("p", item.name), value)


# super


def _super_call(machine: Machine, node: tree.Call, scope: Scope, span: Span) -> Value:
    at = scope.find("super")
    given = invocation(machine, node, "super", UNDEFINED, scope)
    if at is None:
        return UNDEFINED
    return apply(machine, at.names["super"], given)


def _super_method(
    machine: Machine, node: tree.Call, function: tree.Member, scope: Scope, span: Span
) -> Value:
    if function.name in ("constructor", "__init__"):
        return _super_call(machine, node, scope, span)
    target = super_member(machine, function.name, scope, span)
    given = invocation(machine, node, function.name, scope.receiver(), scope)
    if target is UNDEFINED:
        return UNDEFINED
    return apply(machine, target, given, scope.receiver())


def write_super(machine: Machine, name: str, value: Value, scope: Scope, span: Span) -> None:
    """`super.name = value`: the base's setter, or a property of the object itself."""
    owner, this = scope.owner(), scope.receiver()
    base = base_of(machine, owner) if owner is not None and scope.unit.language.name == "javascript" else None
    setter = setter_of(machine, base, name) if isinstance(base, ClassValue) else None
    if setter is not None and setter is not ABSENT:
        apply(machine, setter, Invocation(name, this, [value], span), this)
    elif isinstance(this, Object):
        machine.put(this.slots, ("p", name), value)


def super_member(machine: Machine, name: str, scope: Scope, span: Span) -> Value:
    """`super.name`: of the class that the code belongs to, the base's."""
    owner = scope.owner()
    this = scope.receiver()
    if owner is None:
        return Unknown(f"`super.{name}`", span)
    if scope.unit.language.name == "python":
        return python.super_attribute(machine, owner, this, name, span)
    base = base_of(machine, owner)
    if isinstance(base, ClassValue):
        found = find(machine, base, name)
        if found is not None and isinstance(found[0].value, tree.Function):
            function = Closure(found[0].value, found[1].scope, this, found[1])
            return (
                invoke_closure(machine, function, [], span, this) if found[0].kind == "getter" else function
            )
        frame = framework_base(machine, base)
    else:
        frame = base if isinstance(base, Object) else None
    if frame is not None:
        inherited = _method_of(frame, name)
        if inherited is not None:
            return Native(name, lambda host, given: inherited(host, _with_this(given, this)))
    if isinstance(base, Global) and base.specifier in RUNTIME:
        return UNDEFINED
    return Unknown(f"`super.{name}`", span)
