"""What `Default` makes of a type, as its name is written."""

from __future__ import annotations

import re
from typing import Any

from wslint.machine.scope import ClassValue, Closure, Scope
from wslint.runtime.arrays import array
from wslint.runtime.rust.standard import EMPTY
from wslint.source import tree
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

_CELLS = frozenset({"RefCell", "Cell", "Mutex", "RwLock"})
_SHARED = frozenset({"Rc", "Arc", "Box"})
_NUMBER = re.compile(r"[iuf](8|16|32|64|128|size)")
MOST = 6
"""Types within types."""


def of_type(host: Any, kind: str, unit: Any, span: Span, depth: int = 0) -> Value:
    """The default of a type; unknown where it is not read."""
    outer, inner = _parts(kind)
    if depth > MOST or not outer:
        return _unknown(span)
    if outer == "Option":
        return None
    if outer in ("String", "str"):
        return ""
    if outer == "bool":
        return False
    if _NUMBER.fullmatch(outer):
        return 0.0
    if outer in EMPTY:
        collection = EMPTY[outer]
        return array((), span) if collection == "Array" else Object(collection, {}, span)
    if outer in _CELLS:
        return Object("Cell", {"value": of_type(host, inner, unit, span, depth + 1)}, span)
    if outer in _SHARED:
        return of_type(host, inner, unit, span, depth + 1)
    found = _named(host, outer, unit, span)
    if isinstance(found, ClassValue):
        return of_class(host, found, span, depth)
    alias = _named(host, f"type {outer}", unit, span)
    return of_type(host, alias, unit, span, depth + 1) if isinstance(alias, str) else _unknown(span)


def of_class(host: Any, cls: ClassValue, span: Span, depth: int = 0) -> Value:
    """The default of a struct: by its own function, or of each field."""
    from wslint.machine import calls, rust

    own = rust.own_method(host, cls, "default")
    if own is not None and isinstance(own.value, tree.Function):
        given = Invocation("default", cls, [], span, unit=cls.scope.unit)
        return calls.invoke_closure(host, Closure(own.value, cls.scope, cls, cls), [], span, cls, given)
    derived = any(re.search(r"derive\(.*\bDefault\b", one, re.S) for one in cls.node.attributes)
    if not derived or cls.node.variants or depth > MOST:
        return _unknown(span)
    slots: dict[Any, Value] = {
        ("p", name): of_type(host, kind, cls.scope.unit, span, depth + 1)
        for name, kind in cls.node.types.items()
    }
    return Object("Instance", slots, span, cls)


def is_default_call(node: tree.Expression) -> bool:
    """Whether it is `Default::default()` or the like, which says itself of no type what it is."""
    if not isinstance(node, tree.Call) or node.arguments or not isinstance(node.function, tree.Member):
        return False
    owner = node.function.object
    return (
        node.function.name == "default"
        and isinstance(owner, tree.Name)
        and owner.name in _CELLS | _SHARED | {"Default"}
    )


def _named(host: Any, name: str, unit: Any, span: Span) -> Value:
    from wslint.machine.expressions import value_of

    if unit is None:
        return UNDEFINED
    return host.known(value_of(host, tree.Name(span.start, span.start, name), Scope(unit)))


def _parts(kind: str) -> tuple[str, str]:
    """`std::cell::RefCell<Vec<String>>`: the type's own name, and what stands in its brackets."""
    text = re.sub(r"'\w+\s*,?\s*", "", kind).strip().lstrip("&").strip().removeprefix("mut ")
    outer, _, inner = text.partition("<")
    return outer.strip().rpartition("::")[2], inner.rstrip()[:-1] if inner else ""


def _unknown(span: Span) -> Unknown:
    made = Unknown("the type's default", span)
    made.known["quiet"] = True
    return made
