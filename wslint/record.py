"""`@record`: a class of named slots, as `@dataclass(slots=True, eq=False)` makes one, at a fiftieth of the
cost when a module is imported.

A dataclass compiles its methods when it is defined; wslint has some seventy of them on the way to its
first finding, which took a fifth of a run's whole time. A record compiles its `__init__` when the first
instance is made. Type checkers treat it as a dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
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
    body["__slots__"] = tuple(own)
    body["__record_fields__"] = tuple(names + own)
    body["__record_defaults__"] = {**inherited, **defaults}
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


def fields(instance: object) -> tuple[str, ...]:
    """The names of a record's fields, in order."""
    names: tuple[str, ...] = getattr(instance, "__record_fields__", ())
    return names
