"""`@record` and `@frozen`: classes of named slots, as `@dataclass` makes them, at a fiftieth of the cost when a
module is imported.

A dataclass compiles its methods when it is defined; wslint has some hundred and fifty of them on the way to its
first finding, which took a third of a run's whole time. These compile their `__init__` when the first instance
is made. `@record` compares by identity, `@frozen` by its fields; a type checker refuses to assign to the latter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


class _Factory:
    """The default of a field that each instance gets anew."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], Any]) -> Any:
    """A field whose default is made for each instance."""
    return _Factory(default_factory)


@dataclass_transform(eq_default=False, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """Turn annotated names into slots with an `__init__`; fields of base records come first."""
    return _slotted(cls, {})


@dataclass_transform(eq_default=True, frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """A record that is equal to another one of its class with equal fields, hashes so, and prints them."""
    return _slotted(cls, {"__eq__": _equal, "__hash__": _hash, "__repr__": _repr})


def replace(instance: T, **changes: Any) -> T:
    """A copy with some fields changed. Raises TypeError for a name that is no field."""
    names = fields(instance)
    values = [getattr(instance, name) for name in names]
    for name, value in changes.items():
        if name not in names:
            raise TypeError(f"{type(instance).__name__} has no field {name}")
        values[names.index(name)] = value
    return type(instance)(*values)


def fields(instance: object) -> tuple[str, ...]:
    """The names of a record's fields, in order."""
    names: tuple[str, ...] = getattr(instance, "__record_fields__", ())
    return names


def _slotted(cls: type[T], methods: dict[str, Any]) -> type[T]:
    body = dict(cls.__dict__)
    own = list(body.get("__annotations__", {}))
    defaults = {name: body.pop(name) for name in own if name in body}
    inherited: dict[str, Any] = {}
    names: list[str] = []
    for base in cls.__bases__:
        names += getattr(base, "__record_fields__", ())
        inherited.update(getattr(base, "__record_defaults__", {}))
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    slots = list(own)
    if any(isinstance(item, cached_property) for item in body.values()):
        slots.append("__dict__")  # where a cached property keeps its value
    body["__slots__"] = tuple(slots)
    body["__record_fields__"] = tuple(names + own)
    body["__record_defaults__"] = {**inherited, **defaults}
    for name, method in methods.items():
        body.setdefault(name, method)
    metaclass: Any = type(cls)
    made: Any = metaclass(cls.__name__, cls.__bases__, body)

    def first_init(self: Any, *arguments: Any, **named: Any) -> None:
        made.__init__ = _init(made)
        made.__init__(self, *arguments, **named)

    made.__init__ = first_init
    result: type[T] = made
    return result


def _init(cls: Any) -> Callable[..., None]:
    """The real `__init__`, compiled from the fields."""
    scope: dict[str, Any] = {}
    parameters, lines = ["self"], []
    for name in cls.__record_fields__:
        value: str = name
        if name in cls.__record_defaults__:
            default = cls.__record_defaults__[name]
            scope[f"_{name}"] = default.make if isinstance(default, _Factory) else default
            if isinstance(default, _Factory):
                parameters.append(f"{name}=_{name}")
                value = f"_{name}() if {name} is _{name} else {name}"
            else:
                parameters.append(f"{name}=_{name}")
        else:
            parameters.append(name)
        lines.append(f"    self.{name} = {value}")
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or ["    pass"]), scope)
    made: Callable[..., None] = scope["__init__"]
    return made


def _contents(instance: Any) -> Any:
    """What is compared and hashed: the fields' values, read by one call."""
    cls = type(instance)
    read = cls.__dict__.get("__record_contents__")
    if read is None:
        names = cls.__record_fields__
        read = attrgetter(*names) if names else lambda _: ()
        cls.__record_contents__ = read
    return read(instance)


def _equal(self: object, other: object) -> bool:
    return other.__class__ is self.__class__ and bool(_contents(self) == _contents(other))


def _hash(self: object) -> int:
    return hash(_contents(self))


def _repr(self: object) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in fields(self))
    return f"{type(self).__name__}({shown})"
