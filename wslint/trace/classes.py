"""Classes: members through their bases, and making an instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.text import Span
from wslint.trace import expressions, python
from wslint.trace.values import (
    UNDEFINED,
    Cls,
    CtxV,
    Fn,
    GaveUp,
    Global,
    Inst,
    Known,
    Native,
    Scope,
    Thrown,
    Unknown,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

RUNTIME = ("cloudflare:workers", "workers")
MOST_BASES = 12


def lineage(machine: Machine, cls: Cls) -> Iterator[Cls | Global | Unknown]:
    """The class and its bases, nearest first; what is not of the project comes last."""
    current: Val = cls
    for _ in range(MOST_BASES):
        if not isinstance(current, Cls):
            if isinstance(current, Global):
                yield current
            elif current is not None:
                yield Unknown("its base class")
            return
        yield current
        if not current.node.bases:
            return
        base = current.node.bases[0]
        current = expressions.evaluate(machine, base, current.scope)


def runtime_base(machine: Machine, cls: Cls) -> str | None:
    """`DurableObject`, `WorkerEntrypoint` …; empty without a base, None when it is not known."""
    last: Val = None
    for item in lineage(machine, cls):
        last = item
    if isinstance(last, Cls):
        return ""
    if isinstance(last, Global) and last.specifier in RUNTIME:
        return last.name
    return None


def find(machine: Machine, cls: Cls, name: str) -> tuple[tree.ClassMember, Cls] | None:
    """An instance member and the class that has it."""
    for item in lineage(machine, cls):
        if isinstance(item, Cls):
            for member in item.node.members:
                if member.name == name and not member.static and member.kind != "setter":
                    return member, item
    return None


def is_open(machine: Machine, cls: Cls) -> bool:
    """Whether a base class that is not read may have further members."""
    return runtime_base(machine, cls) is None


def member(machine: Machine, instance: Inst, name: str, span: Span) -> Val:
    """`instance.name`."""
    if name in instance.fields and not instance.open:
        return instance.fields[name]
    held = instance.fields.get(name)
    if held is not None and (isinstance(held, (Fn, Inst, Native)) or name in ("ctx", "env", "state")):
        return held
    found = find(machine, instance.cls, name)
    if found is not None and isinstance(found[0].value, tree.Function):
        function = Fn(found[0].value, found[1].scope, instance)
        if python.is_python(found[1].scope.file) and not python.is_plain(function):
            return Unknown(f"`{name}`")
        if found[0].kind == "getter":
            return machine.call(function, [], instance)
        return function
    if (
        instance.open
        or is_open(machine, instance.cls)
        or found is not None
        or _is_computed(machine, instance.cls)
    ):
        return Unknown(f"`this.{name}`")
    return UNDEFINED


def _is_computed(machine: Machine, cls: Cls) -> bool:
    """Whether the class may have members under names that are worked out, or given to its prototype."""
    for item in lineage(machine, cls):
        if isinstance(item, Cls):
            if any(member.name.startswith("[") for member in item.node.members):
                return True
            if b".prototype" in item.scope.file.data:
                return True
    return False


def construct(machine: Machine, cls: Cls, arguments: list[Val]) -> Inst:
    """`new cls(…)`: fields, then the constructor; a base's before the class's own."""
    instance = Inst(cls)
    _initialise(machine, cls, instance, arguments, 0)
    return instance


def _initialise(machine: Machine, cls: Val, instance: Inst, arguments: list[Val], depth: int) -> None:
    if depth > MOST_BASES:
        raise GaveUp("the class has too many bases", None)
    if isinstance(cls, Global):
        if cls.specifier in RUNTIME:
            if cls.name == "DurableObject":
                _check_base(cls, arguments, instance)
            instance.fields["ctx"] = arguments[0] if arguments else UNDEFINED
            instance.fields["env"] = arguments[1] if len(arguments) > 1 else UNDEFINED
        else:
            instance.open = True
            machine.doubt(f"`{cls.name}` of {cls.specifier or 'the runtime'} is not read")
        return
    if not isinstance(cls, Cls):
        instance.open = True
        machine.doubt("a base class is not read")
        return
    base = expressions.evaluate(machine, cls.node.bases[0], cls.scope) if cls.node.bases else None
    member = next(
        (item for item in cls.node.members if item.name in ("constructor", "__init__") and not item.static),
        None,
    )
    done: list[bool] = []

    def begin(given: list[Val]) -> Val:
        if base is not None:
            _initialise(machine, base, instance, given, depth + 1)
        _fields(machine, cls, instance)
        done.append(True)
        return UNDEFINED

    if member is None or not isinstance(member.value, tree.Function):
        begin(arguments)
        if base is None and arguments and python.is_python(cls.scope.file):
            instance.open = True  # a dataclass, a tuple with names
        return
    scope = Scope(cls.scope.file, cls.scope.worker, cls.scope, this=instance)
    if base is None:
        begin(arguments)
    else:
        scope.names["super"] = Native("super", begin)
    machine.call(Fn(member.value, scope, instance), arguments, instance)
    if not done:
        if cls.scope.file.path.suffix not in (".py", ".rs"):
            raise Thrown(
                "ReferenceError: Must call super constructor in derived class before accessing 'this' or returning "
                "from derived constructor",
                Span(cls.scope.file, member.name_start, member.name_start + len(member.name)),
            )
        begin(arguments)


def _check_base(base: Global, arguments: list[Val], instance: Inst) -> None:
    """What the constructor of `DurableObject` refuses (workerd 1.20261117, run)."""
    file = instance.cls.scope.file
    if file.path.suffix != ".js" and file.path.suffix not in (".ts", ".mjs", ".tsx", ".mts"):
        return
    span = Span(file, instance.cls.node.name_start, instance.cls.node.name_start)
    context = arguments[0] if arguments else UNDEFINED
    env = arguments[1] if len(arguments) > 1 else UNDEFINED
    problem = "Failed to construct 'DurableObjectBase': constructor parameter"
    if not isinstance(context, (CtxV, Unknown)):
        raise Thrown(f"TypeError: {problem} 1 is not of type 'DurableObjectState'.", span)
    if env is UNDEFINED or env is None or isinstance(env, (str, float, bool)):
        raise Thrown(f"TypeError: {problem} 2 is not of type 'Object'.", span)


def _fields(machine: Machine, cls: Cls, instance: Inst) -> None:
    scope = Scope(cls.scope.file, cls.scope.worker, cls.scope, this=instance)
    for item in cls.node.members:
        if item.static or item.kind != "field":
            continue
        instance.fields[item.name] = (
            expressions.evaluate(machine, item.value, scope) if item.value is not None else UNDEFINED
        )


__all__ = ["Known", "construct", "find", "is_open", "lineage", "member", "runtime_base"]
