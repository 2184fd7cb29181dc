"""Which method a call means: by what the receiver is, not by the name alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine.scope import ClassValue, Closure, Global, Native, Scope
from wslint.runtime import text
from wslint.runtime.model import MODELS
from wslint.runtime.rust import defaults, iterators, lists, objects, options, texts, worker  # noqa: F401 - they register
from wslint.runtime.rust.names import NAMES
from wslint.runtime.rust.results import bare, deref, future, ok, some
from wslint.source import tree
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value, is_constant

if TYPE_CHECKING:
    from wslint.machine import calls
    from wslint.machine.machine import Machine
else:
    calls = Late("wslint.machine.calls")

SAME = frozenset(
    [
        "as_ref",
        "as_mut",
        "borrow",
        "borrow_mut",
        "clone",
        "to_owned",
        "into",
        "deref",
        "deref_mut",
        "as_deref",
        "iter",
        "into_iter",
        "as_slice",
        "into_inner",
        "by_ref",
        "instrument",
        "unchecked_into",
        "dyn_into",
        "dyn_ref",
        "unchecked_ref",
        "fuse",
        "boxed",
        "boxed_local",
        "pin_mut",
        "catch_unwind",
        "to_string",
        "try_into",
        "with_context",
        "context",
        "in_current_span",
        "lock",
        "write",
        "read",
        "downgrade",
        "upgrade",
        "as_bytes",
        "into_boxed_str",
        "compat",
    ]
)
"""Methods that give what they are called on, or something that stands for it."""

_COPIED = frozenset({"Instance", "Variant", "Object", "Array", "Map", "Set"})
_RESULTS = frozenset({"try_into", "dyn_into", "lock", "write", "read"})


def method(machine: Machine, receiver: Value, given: Invocation, scope: Scope, called: str) -> Value:
    """`receiver.name(…)`; the receiver is no `OneOf`."""
    name = given.name
    given.this = receiver
    if isinstance(receiver, Global):
        return calls.method(machine, receiver, given, scope, called)
    if isinstance(receiver, ClassValue):
        return _of_class(machine, receiver, given)
    if isinstance(receiver, Object):
        return _of_object(machine, receiver, given, scope, called)
    if isinstance(receiver, Unknown):
        return _of_unknown(machine, receiver, given, called)
    if name in options.SURE and not (isinstance(receiver, bool) and name in ("then", "then_some")):
        return options.method(machine, given)
    kind = (
        "text"
        if isinstance(receiver, str)
        else "number"
        if isinstance(receiver, (float, bool))
        else "nothing"
    )
    found = NAMES.get(kind, {}).get(name)
    if found is not None:
        return found(machine, given)
    if name in options.SHARED or receiver is None:
        if receiver is None and name in (
            "as_ref",
            "as_mut",
            "clone",
            "as_deref",
            "as_deref_mut",
            "to_owned",
            "into",
            "cloned",
            "copied",
            "take",
        ):
            return None
        return options.method(machine, given)
    if name in SAME:
        return ok(machine, receiver) if name in _RESULTS else receiver
    if isinstance(receiver, (Closure, Native)):
        return machine.unread_call(called, given.span, given.arguments)
    if receiver is UNDEFINED:
        return Unknown(f"`{name}`", given.span)
    for value in given.arguments:
        machine.escape(value, called)
    return Unknown(f"`{name}`", given.span)


def of_value(machine: Machine, receiver: Value, given: Invocation) -> Value:
    """`Type::name(receiver)` of a type of the standard library."""
    if isinstance(receiver, (Global, ClassValue)) or (
        isinstance(receiver, Object) and receiver.kind in ("Instance", "Variant")
    ):
        return Unknown(f"`{given.name}()`", given.span)
    scope: Any = None
    return method(machine, receiver, given, scope, given.name)


def _of_class(machine: Machine, cls: ClassValue, given: Invocation) -> Value:
    """`Type::name(…)`: a function, a method with its receiver as the first argument, or a variant."""
    from wslint.machine import calls, rust

    count = cls.node.variants.get(given.name, 0)
    if count > 0:
        slots: dict[Any, Value] = {("p", str(place)): held for place, held in enumerate(given.arguments)}
        return Object("Variant", slots, given.span, (cls.name, given.name))
    own = rust.own_method(machine, cls, given.name)
    if own is not None and isinstance(own.value, tree.Function):
        arguments: list[Value] = given.arguments
        this: Value = cls
        if not own.static and len(arguments) > len(own.value.parameters):
            this, arguments = arguments[0], arguments[1:]
        elif not own.static:
            this = Object("Instance", {}, given.span, cls)  # a struct without fields is its own only value
        return calls.invoke_closure(
            machine, Closure(own.value, cls.scope, this, cls), arguments, given.span, this, given
        )
    if given.name == "default" and not given.arguments:
        return defaults.of_class(machine, cls, given.span)
    if given.name in ("from", "try_from", "from_str", "deserialize", "from_value"):
        return Unknown(f"a `{cls.name}`", given.span)
    for value in given.arguments:
        machine.escape(value, given.name)
    return Unknown(f"`{cls.name}::{given.name}`", given.span)


def _of_object(machine: Machine, receiver: Object, given: Invocation, scope: Scope, called: str) -> Value:
    name, kind = given.name, receiver.kind
    if kind == "Cell":
        found = lists.cell(machine, given)
        if found is not None or (
            name in ("get", "take", "replace", "into_inner", "swap", "load")
            and not lists.is_guard(receiver)
            and machine.known(receiver.slots["value"]) is None
        ):
            return found
        return machine.each(
            deref(machine, receiver), lambda held: method(machine, held, given, scope, called)
        )
    if kind in ("Some", "Ok", "Err"):
        held = receiver.slots["value"]
        if lists.is_guard(held) and name not in options.SURE:  # a lock that never fails
            return method(machine, held, given, scope, called)
        if name in SAME or name == "take":
            return receiver
        return options.method(machine, given)
    if kind in ("Instance", "Variant"):
        own = _own(machine, receiver, given, scope)
        if own is not None:
            return own[0]
    if kind == "Future":
        return receiver if name in SAME else _of_future(machine, receiver, given)
    if kind in ("Object", "Plain") and isinstance(
        machine.known(receiver.slots.get(("p", name))), (Closure, ClassValue, Native)
    ):
        return calls.apply(machine, receiver.slots[("p", name)], given)  # a function of a module
    table = NAMES.get(kind, {})
    if name in table:
        return table[name](machine, given)
    if name in options.SURE or name in options.SHARED:
        return options.method(machine, given)
    if name in SAME:
        if name in ("clone", "to_owned") and kind in _COPIED:
            return copied(receiver, given.span)
        return ok(machine, receiver) if name in _RESULTS else receiver
    if kind in ("Object", "Plain", "Instance", "Variant", "Binding") or kind not in MODELS:
        return _harmless(machine, receiver, given, called)
    return machine.unread_call(called, given.span, [receiver, *given.arguments])


def _own(machine: Machine, receiver: Object, given: Invocation, scope: Scope) -> tuple[Value] | None:
    """A method of the project's own struct or enum."""
    from wslint.machine import calls, rust

    cls = receiver.extra if receiver.kind == "Instance" else _enum(machine, receiver, scope)
    if not isinstance(cls, ClassValue):
        return None
    own = rust.own_method(machine, cls, given.name)
    if own is not None and isinstance(own.value, tree.Function):
        function = Closure(own.value, cls.scope, receiver, cls)
        return (calls.invoke_closure(machine, function, given.arguments, given.span, receiver, given),)
    held = machine.known(receiver.slots.get(("p", given.name)))
    if isinstance(held, Closure):
        return (calls.apply(machine, held, given),)
    return None


def _enum(machine: Machine, receiver: Object, scope: Scope) -> Value:
    from wslint.machine.expressions import value_of

    place = receiver.place
    start = place.start if place is not None else 0
    name = receiver.extra[0]
    return value_of(machine, tree.Name(start, start, name), scope) if name else None


def copied(value: Object, span: Span) -> Object:
    """A clone: what is in cells is shared, as an `Rc` shares it."""
    slots = {key: _copied_part(held, span) for key, held in value.slots.items()}
    return Object(value.kind, slots, span, value.extra)


def _copied_part(held: Value, span: Span) -> Value:
    return copied(held, span) if isinstance(held, Object) and held.kind in _COPIED else held


def _of_future(machine: Machine, receiver: Object, given: Invocation) -> Value:
    """`future.map(…)` and its kin, which are awaited with it."""
    name = given.name
    if name in ("map", "then", "and_then", "map_ok", "map_err", "or_else"):

        def run(host: Any, at: Span | None) -> Value:
            held = host.awaited(receiver, at)
            if name in ("map", "then"):
                return host.awaited(host.call(given.argument(0), [held], given.span), at)
            inner = {"map_ok": "map"}.get(name, name)
            return host.awaited(
                host.each(
                    held,
                    lambda one: options.method(
                        host, Invocation(inner, one, given.arguments, given.span, unit=given.unit)
                    ),
                ),
                at,
            )

        return future(given.span, run)
    return machine.unread_call(name, given.span, given.arguments)


def _harmless(machine: Machine, receiver: Object, given: Invocation, called: str) -> Value:
    """A method that a derive or a trait gives, or one of a library's object: it may change what it is given."""
    for value in given.arguments:
        held = machine.known(value)
        if isinstance(held, Closure):
            from wslint.machine.calls import run_maybe

            run_maybe(machine, held, given.span)
        else:
            machine.escape(held, called)
    if receiver.kind in ("Instance", "Variant"):
        machine.put(receiver.slots, "open", True)
    return Unknown(f"`{called}()`", given.span)


def _of_unknown(machine: Machine, receiver: Unknown, given: Invocation, called: str) -> Value:
    """A method of something that is not known: it is told by its name, where only an Option or a Result has it."""
    name = given.name
    if name in options.SURE:
        return options.method(machine, given)
    if name in SAME:
        return receiver
    if name in ("map", "filter") and receiver.known.get("option"):
        return options.method(machine, given)
    if name == "next" and receiver.known.pop("not empty", None):
        return some(machine, Unknown(f"`{called}()`", given.span, receiver.owner))
    if name in CHANGING:
        _changed(machine, receiver, given, called)
        return Unknown(f"`{called}()`", given.span, receiver.owner)
    is_pure = (
        name in texts.PURE or receiver.owner != "unread" or not given.arguments or "quiet" in receiver.known
    )
    for value in given.arguments:
        held = machine.known(value)
        if isinstance(held, Closure):
            calls.run_maybe(machine, held, given.span, receiver)
        elif not is_pure:
            machine.escape(held, called)
    if is_pure:
        key = ("call", name, tuple(one if is_constant(one) else id(one) for one in given.arguments))
        if name in ("recv", "try_next"):  # the next one is another
            return Unknown(f"`{called}()`", given.span, receiver.owner)
        made = text.cased(receiver.derived(key, f"`{called}()`", given.span), receiver, name)
        if "quiet" in receiver.known:
            made.known["quiet"] = True
        if name in _SPLITS or (name in _KEEPS and receiver.known.get("not empty")):
            made.known["not empty"] = True
        return made
    result = machine.unread_call(called, given.span, given.arguments)
    if isinstance(result, Unknown):
        result.owner = receiver.owner
    return result


_SPLITS = frozenset({"split", "rsplit", "splitn", "rsplitn"})
"""Methods of a text that give one piece at least, whatever the text is."""

_KEEPS = frozenset(
    {"collect", "map", "rev", "iter", "into_iter", "enumerate", "cloned", "copied", "peekable", "to_vec"}
)
"""Methods that give as many items as there were."""

CHANGING = frozenset(
    [
        "push",
        "push_back",
        "push_front",
        "insert",
        "extend",
        "append",
        "remove",
        "drain",
        "clear",
        "pop",
        "pop_front",
        "pop_back",
        "truncate",
        "retain",
        "sort",
        "sort_by",
        "sort_by_key",
        "sort_unstable",
        "reverse",
        "swap",
        "swap_remove",
        "dedup",
        "push_str",
        "resize",
        "rotate_left",
        "split_off",
        "take",
        "replace",
        "next",
        "next_back",
    ]
)
"""Methods of lists, maps, texts and iterators that change them."""


def _changed(machine: Machine, receiver: Unknown, given: Invocation, called: str) -> None:
    """Something that is not known is changed: what was asked of it before is open again."""
    for value in given.arguments:
        machine.escape(value, called)
    kept = {
        key: held
        for key, held in receiver.known.items()
        if key in ("quiet", "option", "fails", "failure", "the value")
    }
    receiver.known.clear()
    receiver.known.update(kept)


def change(machine: Machine, receiver: Value, given: Invocation) -> tuple[Value, Value] | None:
    """What a method gives that changes a text or an Option where it stands, and what then stands there; None for
    other methods."""
    name, first = given.name, given.argument(0)
    held = deref(machine, receiver) if not isinstance(receiver, Unknown) else receiver
    if isinstance(held, str) and name in (
        "push_str",
        "push",
        "clear",
        "insert_str",
        "insert",
        "truncate",
        "pop",
        "remove",
        "extend",
        "make_ascii_uppercase",
        "make_ascii_lowercase",
        "retain",
        "drain",
    ):
        added = bare(machine, first)
        if name in ("push_str", "push"):
            return UNDEFINED, machine.lift(
                lambda one: held + one if isinstance(one, str) else Unknown("a text", given.span), added
            )
        if name == "clear":
            return UNDEFINED, ""
        if name == "make_ascii_uppercase" and held.isascii():
            return UNDEFINED, held.upper()
        if name == "make_ascii_lowercase" and held.isascii():
            return UNDEFINED, held.lower()
        return Unknown(f"`{name}`", given.span), Unknown("a text", given.span)
    is_cell = isinstance(receiver, Object) and receiver.kind == "Cell" and not lists.is_guard(receiver)
    is_optional = not is_cell and (
        held is None
        or isinstance(held, (str, float))
        or (isinstance(held, Object) and held.kind in ("Some", "Instance", "WebSocket", "Variant"))
    )
    if is_optional and name == "take" and not given.arguments:
        return held, None
    if is_optional and name == "replace" and len(given.arguments) == 1:
        return held, some(machine, first)
    if held is None and name in ("insert", "get_or_insert", "get_or_insert_with"):
        value = first if not name.endswith("with") else machine.call(first, [], given.span)
        return value, some(machine, value)
    return None
