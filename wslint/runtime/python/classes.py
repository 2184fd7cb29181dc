"""Classes of Python's: their line of bases, what an instance has, how one is made, decorators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine.scope import ClassValue, Closure, Global, Native, Scope
from wslint.runtime.python import arguments, errors
from wslint.runtime.python.errors import fail
from wslint.source import tree
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine import calls
else:
    calls = Late("wslint.machine.calls")

RUNTIME = ("workers", "cloudflare:workers")
MOST_BASES = 24
_PLAIN_BASES = frozenset({"object", "ABC", "Generic", "Protocol", "Exception"})
_HARMLESS = frozenset(
    [
        "functools.wraps",
        "functools.lru_cache",
        "functools.cache",
        "functools.singledispatch",
        "typing.override",
        "typing.final",
        "abc.abstractmethod",
        "override",
        "final",
        "dataclasses.dataclass",
    ]
)
"""Decorators that leave a function, or a class, what it is."""


def line(host: Any, cls: Value) -> list[Value]:
    """A class and its bases in the order in which Python asks them; what is not of the project ends its branch."""
    known = cls.statics.get("the line") if isinstance(cls, ClassValue) else None
    if known is not None:
        return known  # type: ignore[no-any-return]
    found: list[Value] = []

    def walk(one: Value, depth: int) -> None:
        if len(found) > MOST_BASES or depth > MOST_BASES:
            return
        found.append(one)
        if isinstance(one, ClassValue):
            for base in bases(host, one):
                walk(base, depth + 1)

    walk(cls, 0)
    last = {_key(one): place for place, one in enumerate(found)}
    whole = [one for place, one in enumerate(found) if last[_key(one)] == place]
    if isinstance(cls, ClassValue):
        cls.statics["the line"] = whole
    return whole


def _key(one: Value) -> Any:
    from wslint.machine.scope import ClassValue, Global

    if isinstance(one, ClassValue):
        return id(one.node)
    return (one.specifier, one.name) if isinstance(one, Global) else id(one)


def bases(host: Any, cls: Any) -> Sequence[Value]:
    """The bases as they are written, `Generic[T]` as `Generic`."""
    from wslint.machine.expressions import value_of

    held = cls.statics.get("the bases", ABSENT)
    if held is ABSENT:
        host.loading += 1
        try:
            nodes = [base.object if isinstance(base, tree.Index) else base for base in cls.node.bases]
            held = tuple(host.known(value_of(host, node, cls.scope)) for node in nodes)
        finally:
            host.loading -= 1
        cls.statics["the bases"] = held
    return held  # type: ignore[no-any-return]


def outside(host: Any, cls: Value) -> list[Value]:
    """The bases that are not the project's and are no plain ones."""
    return [
        one
        for one in line(host, cls)
        if not isinstance(one, ClassValue)
        and not (isinstance(one, Global) and one.name.rpartition(".")[2] in _PLAIN_BASES)
    ]


def runtime_base(host: Any, cls: Value) -> str | None:
    """`DurableObject`, `WorkerEntrypoint` …; empty without one, None where it is not known."""
    from wslint.machine.scope import Global

    unknown = False
    for one in outside(host, cls):
        if isinstance(one, Global) and one.specifier in RUNTIME:
            return one.name
        unknown = unknown or not isinstance(one, Global) or errors.builtin_class(one.name) is None
    return None if unknown else ""


# Attributes


def attribute(host: Any, instance: Object, name: str, span: Span, after: Value = None) -> Value:
    """`instance.name`; ABSENT where there is none. `after` is a class whose own members are passed over, as
    `super()` does."""
    slots = instance.slots
    if after is None:
        held = host.known(slots.get(("p", name), ABSENT))
        if isinstance(held, OneOf) or held is not ABSENT:
            host.note_read(instance, name, held, span)
            return _present(host, instance, name, held, span)
    order = line(host, instance.extra)
    if after is not None:
        places = [
            place for place, one in enumerate(order) if isinstance(one, ClassValue) and one.node is after.node
        ]
        order = order[places[0] + 1 :] if places else []
    for one in order:
        if isinstance(one, ClassValue):
            found = own(host, one, name, span)
            if found is not ABSENT:
                return bound(host, found, instance, one, span)
    if name in ("__class__", "__dict__"):
        return instance.extra if name == "__class__" else Unknown("the fields of an instance", span)
    known = all(_is_known(one) for one in outside(host, instance.extra))
    if not known or slots.get("open") or _has_getattr(host, instance.extra):
        from wslint.machine import members

        return members.unknown_slot(host, instance, name, span)
    return ABSENT


def setter_of(host: Any, cls: Any, name: str) -> Value:
    """The function that a property with a setter is written by; None for anything else."""
    from wslint.machine.scope import ClassValue, Closure

    for one in line(host, cls):
        if not isinstance(one, ClassValue):
            continue
        for item in reversed(one.node.members):
            if item.name == name and item.kind == "setter" and isinstance(item.value, tree.Function):
                return Closure(item.value, one.scope, ABSENT, one)
        if name in one.statics or any(item.name == name for item in one.node.members):
            return None
    return None


def _present(host: Any, instance: Object, name: str, held: Value, span: Span) -> Value:
    if isinstance(held, OneOf) and any(one is ABSENT for one in held.leaves()):
        rest = attribute(host, Object("Instance", {}, instance.place, instance.extra), name, span)
        return host.lift(lambda one: rest if one is ABSENT else one, held)
    return held


def _is_known(base: Value) -> bool:
    from wslint.machine.scope import Global

    if not isinstance(base, Global):
        return False
    return base.specifier in RUNTIME or errors.builtin_class(base.name) is not None


def _has_getattr(host: Any, cls: Value) -> bool:
    return any(
        item.name in ("__getattr__", "__getattribute__")
        for one in line(host, cls)
        if isinstance(one, ClassValue)
        for item in one.node.members
    )


def own(host: Any, cls: Any, name: str, span: Span) -> Value:
    """A class's own member, as the class has it: a method is a pair of its member and its function."""
    held = cls.statics.get(name, ABSENT)
    if held is not ABSENT:
        return host.known(held)
    wanted = "constructor" if name == "__init__" else name
    for item in reversed(cls.node.members):
        if item.name == wanted and item.kind != "setter" and isinstance(item.value, tree.Function):
            function: Value = Closure(item.value, cls.scope, ABSENT, cls)
            if item.value.decorators:
                key = ("decorated", name)
                if key not in cls.statics:
                    cls.statics[key] = decorated(host, function, item.value.decorators, cls.scope, span)
                function = cls.statics[key]
            return _Method(item, function)
    return ABSENT


class _Method:
    """A method, as it stands in its class."""

    def __init__(self, member: tree.ClassMember, function: Value) -> None:
        self.member = member
        self.function = function


def bound(host: Any, found: Value, instance: Object, cls: Any, span: Span) -> Value:
    """A member of a class as an instance has it."""
    if not isinstance(found, _Method):
        return found
    function = found.function
    if not isinstance(function, Closure):
        if isinstance(function, Native):
            return Native(
                function.name, lambda given_host, call: function.call(given_host, with_self(call, instance))
            )
        return function
    node = function.node
    if found.member.static:
        return Closure(node, function.scope, cls if node.receiver is not None else ABSENT, cls)
    if node.receiver is None and node is not found.member.value:  # what a decorator made of it
        return Native(
            found.member.name,
            lambda given_host, call: calls.apply(given_host, function, with_self(call, instance)),
        )
    method = Closure(node, function.scope, instance, cls)
    if found.member.kind == "getter":
        given = Invocation(node.name or "", instance, [], span, unit=cls.scope.unit)
        return calls.invoke_closure(host, method, [], span, instance, given)
    return method


def with_self(call: Invocation, instance: Value) -> Invocation:
    return Invocation(
        call.name,
        call.this,
        [instance, *call.arguments],
        call.span,
        call.keywords,
        call.new,
        call.open,
        call.unit,
    )


def of_class(host: Any, cls: Any, name: str, span: Span) -> Value:
    """`Class.name`: a class attribute, a function that takes the instance, a member of an enum."""
    from wslint.machine.scope import ClassValue, Closure

    if name in ("__name__", "__qualname__"):
        return cls.name
    for one in line(host, cls):
        if not isinstance(one, ClassValue):
            continue
        found = own(host, one, name, span)
        if isinstance(found, _Method):
            if not found.member.static or not isinstance(found.function, Closure):
                return found.function
            node = found.function.node
            return Closure(node, found.function.scope, cls if node.receiver is not None else ABSENT, one)
        if found is not ABSENT:
            return _enumerated(host, one, name, found, span)
    if outside(host, cls):
        return Unknown(f"`{name}` of class `{cls.name}`", span)
    return ABSENT


def is_enum(host: Any, cls: Any) -> bool:
    return any(isinstance(one, Global) and one.specifier == "enum" for one in line(host, cls))


def _enumerated(host: Any, cls: Any, name: str, value: Value, span: Span) -> Value:
    """A member of an enum: one that is a text or a number too is taken for that."""
    from wslint.machine.scope import Global

    if not is_enum(host, cls) or name.startswith("_"):
        return value
    mixed = any(
        isinstance(one, Global)
        and one.name.rpartition(".")[2] in ("str", "int", "StrEnum", "IntEnum", "IntFlag", "Flag")
        for one in line(host, cls)
    )
    if mixed:
        return value
    key = ("member", name)
    if key not in cls.statics:
        slots: dict[Any, Value] = {("p", "value"): value, ("p", "name"): name}
        cls.statics[key] = Object("Instance", slots, span, cls)
    return cls.statics[key]


# Decorators


def decorated(
    host: Any, function: Value, decorators: Sequence[tree.Expression], scope: Any, span: Span
) -> Value:
    """What decorators make of a function or a class."""
    from wslint.machine.expressions import value_of
    from wslint.machine.scope import ClassValue, Closure, Global, Native

    for node in reversed(decorators):
        made = host.known(value_of(host, node, scope))
        if (
            isinstance(made, Global)
            and f"{made.specifier}.{made.name}".lstrip(".").replace(".*.", ".") in _HARMLESS
        ):
            continue
        if isinstance(made, Closure | Native | ClassValue):
            function = host.known(
                calls.apply(
                    host, made, Invocation("a decorator", UNDEFINED, [function], span, unit=scope.unit)
                )
            )
        else:
            host.escape(function, "a decorator")
            return Unknown("what a decorator makes of it", scope.unit.span(node))
    return function


def is_dataclass(cls: Any) -> bool:
    for node in cls.node.decorators:
        node = node.function if isinstance(node, tree.Call) else node
        name = node.name if isinstance(node, tree.Name | tree.Member) else ""
        if name == "dataclass":
            return True
    return False


# Making instances


def construct(host: Any, cls: Any, given: Invocation) -> Value:
    """`Class(…)`."""
    if is_enum(host, cls):
        return Unknown(f"a member of `{cls.name}`", given.span)
    for one in (item for item in cls.node.members if item.name == "__new__"):
        assert one is not None
        return host.unread_call(given.name or cls.name, given.span, given.arguments)
    instance = Object("Instance", {}, given.span, cls)
    initialise(host, instance, given, None)
    return instance


def initialise(host: Any, instance: Object, given: Invocation, after: Any) -> None:
    """Run `__init__` of an instance's class, or of the next one after `after`."""
    order = line(host, instance.extra)
    if after is not None:
        places = [
            place for place, one in enumerate(order) if isinstance(one, ClassValue) and one.node is after.node
        ]
        order = order[places[0] + 1 :] if places else []
    for one in order:
        if not isinstance(one, ClassValue):
            if not _plain(one):
                _outside(host, instance, one, given)
                return
            continue
        own_init = next(
            (item for item in one.node.members if item.name == "constructor" and not item.static), None
        )
        if own_init is not None and isinstance(own_init.value, tree.Function):
            scope = Scope(one.scope.unit, one.scope, ABSENT)

            def begin(inner_host: Any, inner: Invocation, here: Any = one) -> Value:
                initialise(inner_host, instance, inner, here)
                return None

            scope.names["super"] = Native("super", begin)
            function = Closure(own_init.value, scope, instance, one)
            calls.invoke_closure(host, function, given.arguments, given.span, instance, given)
            return
        if is_dataclass(one):
            _of_fields(host, instance, one, given)
            return
    if (given.arguments or given.keywords) and not outside(host, instance.extra):
        fail(host, f"TypeError: {instance.extra.name}() takes no arguments", given.span)


def _plain(base: Value) -> bool:
    from wslint.machine.scope import Global

    return isinstance(base, Global) and base.name.rpartition(".")[2] in _PLAIN_BASES - {"Exception"}


def _outside(host: Any, instance: Object, base: Value, given: Invocation) -> None:
    """`__init__` of a base that is not the project's."""
    from wslint.machine.scope import Global

    if isinstance(base, Global) and base.specifier in RUNTIME:
        values = [*given.arguments, *given.keywords.values()]
        if len(values) < 2 and not given.open:
            missing = "'ctx' and 'env'" if not values else "'env'"
            count = f"{2 - len(values)} required positional argument{'s' if not values else ''}"
            fail(host, f"TypeError: {base.name}.__init__() missing {count}: {missing}", given.span)
        host.put(instance.slots, ("p", "ctx"), given.argument(0, "ctx"))
        host.put(instance.slots, ("p", "env"), given.argument(1, "env"))
        return
    if isinstance(base, Global) and errors.builtin_class(base.name) is not None:
        host.put(
            instance.slots,
            ("p", "args"),
            Object("Array", {"items": tuple(given.arguments)}, given.span, "tuple"),
        )
        host.put(instance.slots, "error", instance.extra.name)
        first = host.known(given.argument(0)) if len(given.arguments) == 1 else ""
        if isinstance(first, str):
            host.put(instance.slots, "message", first)
        return
    host.put(instance.slots, "open", True)
    name = f"the constructor of `{base.name}`" if isinstance(base, Global) else "a base class's constructor"
    if isinstance(base, Global) and base.name.rpartition(".")[2] in ("NamedTuple", "TypedDict"):
        return
    host.unread_call(name, given.span)


def fields(host: Any, cls: Any) -> dict[str, tree.ClassMember]:
    """The fields of a dataclass, its bases' first."""
    found: dict[str, tree.ClassMember] = {}
    for one in reversed(line(host, cls)):
        if isinstance(one, ClassValue) and is_dataclass(one):
            for item in one.node.members:
                if (
                    item.kind == "field"
                    and not isinstance(item.value, tree.Class)
                    and _is_annotated(one, item)
                ):
                    found[item.name] = item
    return found


def _is_annotated(cls: Any, item: tree.ClassMember) -> bool:
    """Whether a field has its type written, which makes it one of the dataclass."""
    data = cls.scope.unit.file.data[item.start : item.end]
    rest = data[len(item.name.encode()) :].lstrip()
    return rest.startswith(b":") and b"ClassVar" not in rest.split(b"=")[0]


def _of_fields(host: Any, instance: Object, cls: Any, given: Invocation) -> None:
    """The `__init__` that a dataclass has."""
    names = fields(host, cls)
    known = dict(zip(names, given.arguments, strict=False))
    strange = [name for name in given.keywords if name not in names]
    if len(given.arguments) > len(names):
        count = len(given.arguments) + 1
        fail(
            host,
            f"TypeError: {cls.name}.__init__() takes {len(names) + 1} positional arguments but {count} were given",
            given.span,
        )
    if strange:
        fail(
            host,
            f"TypeError: {cls.name}.__init__() got an unexpected keyword argument '{strange[0]}'",
            given.span,
        )
    known.update(given.keywords)
    for name, item in names.items():
        if name in known:
            value = known[name]
        elif given.open:
            value = Unknown(f"`{name}`", given.span)
        else:
            value = _default(host, cls, item, given.span)
            if value is ABSENT:
                fail(
                    host,
                    f"TypeError: {cls.name}.__init__() missing 1 required positional argument: '{name}'",
                    given.span,
                )
        host.put(instance.slots, ("p", name), value)
    after = attribute(host, instance, "__post_init__", given.span)
    if after is not ABSENT:
        calls.apply(host, after, Invocation("__post_init__", instance, [], given.span, unit=given.unit))


def _default(host: Any, cls: Any, item: tree.ClassMember, span: Span) -> Value:
    """A field's default; ABSENT without one."""
    for one in line(host, cls):
        held = getattr(one, "statics", {}).get(item.name, ABSENT)
        if held is ABSENT:
            continue
        held = host.known(held)
        if isinstance(held, Object) and held.kind == "Field":
            factory = held.slots.get("factory")
            if factory is None:
                return held.slots.get("default", ABSENT)
            return calls.apply(host, factory, Invocation("", UNDEFINED, [], span, unit=cls.scope.unit))
        return held
    return ABSENT


def read_statics(host: Any, cls: Any) -> None:
    """A class's body: its attributes, once, when the class is made."""
    from wslint.machine.expressions import value_of
    from wslint.machine.scope import Scope

    inner = Scope(cls.scope.unit, cls.scope, UNDEFINED)
    inner.cls = cls
    for item in cls.node.members:
        if item.kind == "field" and item.value is not None:
            value = value_of(host, item.value, inner)
            cls.statics[item.name] = value
            inner.names[item.name] = value
        elif isinstance(item.value, tree.Function):
            found = arguments.given_defaults(host, item.value, inner)
            if found:
                cls.statics[("defaults", id(item.value))] = found
