"""Properties and items: what `a.b` and `a[b]` are, and what becomes of `a.b = c`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue, Closure, Global, Native, Scope
from wslint.record import record
from wslint.runtime import header_lists
from wslint.runtime.model import MODELS
from wslint.source import tree
from wslint.text import Span
from wslint.values import keyed
from wslint.values.event import Wrote
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Choice, OneOf, Unknown, Value, leafwise, leaves

if TYPE_CHECKING:
    from wslint.machine import calls
    from wslint.runtime import python
else:
    calls = Late("wslint.machine.calls")
    python = Late("wslint.runtime.python")


def never_set(receiver: Value, name: str, scope: Scope) -> bool:
    """Whether a value of `env` that nothing declares is asked for what a secret, which is a text, has not."""
    return (
        isinstance(receiver, Unknown)
        and bool(receiver.known.get("undeclared"))
        and name not in _OF_TEXTS
        and scope.unit.language.name == "javascript"
    )


def read(machine: Machine, receiver: Value, name: str, span: Span, scope: Scope) -> Value:
    """`receiver.name`; the receiver is no `OneOf`."""
    if scope.unit.language.name == "python":
        return python.read(machine, receiver, name, span, scope)
    if isinstance(receiver, Object):
        return _of_object(machine, receiver, name, span, scope)
    if receiver is None or receiver is UNDEFINED:
        return _of_nothing(machine, receiver, name, span, scope)
    if isinstance(receiver, Unknown):
        if never_set(receiver, name, scope):
            # A secret that is not declared is a text, and has no such property: it is no secret.
            return _of_nothing(machine, UNDEFINED, name, span, scope)
        if receiver.known.get("type") == "string" and scope.unit.language.name == "javascript":
            if name not in _OF_TEXTS and name not in EVERY_OBJECT:
                return UNDEFINED
        return receiver.derived(
            ("member", name), f"`{name}` of {receiver.why}" if receiver.why else f"`{name}`", span
        )
    if isinstance(receiver, str):
        if name == "length":
            return float(len(receiver))
        if name == "constructor":
            return Global("", "String")
        return (
            Native(name, lambda host, call: _of_text(host, receiver, name, call))
            if name in _TEXT_METHODS
            else UNDEFINED
        )
    if isinstance(receiver, Global):
        return _of_global(machine, receiver, name, span)
    if isinstance(receiver, ClassValue):
        return _of_class(machine, receiver, name, span)
    if isinstance(receiver, Closure):
        return receiver if name in ("bind",) else Unknown(f"`{name}` of a function", span)
    if isinstance(receiver, (int, float)) and name not in EVERY_OBJECT and name not in _OF_NUMBERS:
        return UNDEFINED
    return Unknown(f"`{name}`", span)


MOST_ITEMS = 400
_OF_NUMBERS = frozenset({"toFixed", "toPrecision", "toExponential"})
_TEXT_METHODS = frozenset(
    [
        "at",
        "charAt",
        "charCodeAt",
        "codePointAt",
        "concat",
        "endsWith",
        "includes",
        "indexOf",
        "isWellFormed",
        "lastIndexOf",
        "localeCompare",
        "match",
        "matchAll",
        "normalize",
        "padEnd",
        "padStart",
        "repeat",
        "replace",
        "replaceAll",
        "search",
        "slice",
        "split",
        "startsWith",
        "substr",
        "substring",
        "toLocaleLowerCase",
        "toLocaleUpperCase",
        "toLowerCase",
        "toString",
        "toUpperCase",
        "toWellFormed",
        "trim",
        "trimEnd",
        "trimStart",
        "valueOf",
        "hasOwnProperty",
    ]
)


_OF_TEXTS = frozenset(dir(str)) | _TEXT_METHODS | frozenset(
    {"length", "substring", "substr", "includes", "indexOf", "toString", "charAt", "concat", "replaceAll", "trimEnd", "trimStart", "at"}
)  # fmt: skip


def _of_text(machine: Machine, receiver: str, name: str, call: Invocation) -> Value:
    """A method that was read off a text and is called later."""
    from wslint.runtime import text

    given = Invocation(
        name, receiver, call.arguments, call.span, call.keywords, call.new, call.open, call.unit
    )
    return text.method(machine, receiver, given)


def _of_nothing(machine: Machine, receiver: Value, name: str, span: Span, scope: Scope) -> Value:
    language = scope.unit.language.name
    if language == "rust":
        return Unknown(f"`{name}` of nothing", span)
    if language == "python":
        machine.throw(f"AttributeError: 'NoneType' object has no attribute '{name}'", span)
    what = "null" if receiver is None else "undefined"
    machine.throw(f"TypeError: Cannot read properties of {what} (reading '{name}')", span)


def _of_object(machine: Machine, receiver: Object, name: str, span: Span, scope: Scope) -> Value:
    slots = receiver.slots
    kind = receiver.kind
    if kind in ("Cell", "Some", "Ok"):
        return machine.lift(lambda held: read(machine, held, name, span, scope), slots["value"])
    if kind == "Instance":
        return calls.member(machine, receiver, name, span)
    if kind in ("Object", "Error"):
        return _field(machine, receiver, name, span)
    model = MODELS.get(kind)
    if model is not None:
        getter = model.getters.get(name)
        if getter is not None:
            return machine.known(getter(machine, receiver, span))
        held = slots.get(("p", name), ABSENT)
        if held is not ABSENT:
            return filled(machine.known(held), lambda: UNDEFINED)
        if model.named is not None:
            return machine.known(model.named(machine, receiver, name, span))
        if name in model.methods:
            return Native(name, lambda host, call, of=receiver: invoke(machine, of, name, call))
        return absent(receiver, name, span, scope)
    held = slots.get(("p", name), ABSENT)
    if held is not ABSENT:
        return filled(machine.known(held), lambda: UNDEFINED)
    if kind == "ArrayBuffer" and scope.unit.language.name == "javascript":
        if name not in _OF_BYTES and name not in EVERY_OBJECT and "escaped" not in slots:
            return UNDEFINED
    return Unknown(f"`{name}` of {kind}", span)


_OF_BYTES = frozenset(
    {
        "byteLength",
        "maxByteLength",
        "resizable",
        "detached",
        "slice",
        "resize",
        "transfer",
        "transferToFixedLength",
    }
    | {"size", "type", "stream", "text", "arrayBuffer", "bytes", "buffer", "byteOffset", "length"}
)
"""What an `ArrayBuffer` has, and the `Blob` or the array of bytes that may come in its place."""


def invoke(machine: Machine, receiver: Object, name: str, call: Invocation) -> Value:
    """A method that was read off its object and is called later, by whatever name."""
    given = Invocation(
        name, receiver, call.arguments, call.span, call.keywords, call.new, call.open, call.unit
    )
    return modelled(machine, MODELS[receiver.kind].methods[name], given)


_GROWING = frozenset({"push", "unshift", "append", "add"})
"""Methods of arrays that take the ways apart themselves."""


def modelled(machine: Machine, method: Callable[[Any, Invocation], Value], given: Invocation) -> Value:
    """A method of a runtime's object. An array that has other items on some ways is taken way by way."""
    items = given.this.slots.get("items") if given.this.kind == "Array" else None
    if not isinstance(items, OneOf | Unknown) or given.name in _GROWING:
        return method(machine, given)

    def one(held: Value) -> Value:
        if not isinstance(held, tuple):
            return machine.unread_call(given.name, given.span, [given.this, *given.arguments])
        return method(machine, given)

    return machine.each(items, one)


def absent(receiver: Object, name: str, span: Span, scope: Scope) -> Value:
    """A member that the model lacks: unknown, or undefined where the runtime's own list has none of the name."""
    from wslint.runtime_members import OF_EVERY_OBJECT
    from wslint.runtime_members import members as members_of

    interface = MODELS[receiver.kind].interface
    if (
        interface is None
        or scope.unit.language.name != "javascript"
        or name in members_of(interface) | OF_EVERY_OBJECT
        or "escaped" in receiver.slots
    ):
        return Unknown(f"`{name}` of {receiver.kind}", span)
    return UNDEFINED


def _field(machine: Machine, receiver: Object, name: str, span: Span) -> Value:
    """A property of an object literal or an error."""
    slots = receiver.slots
    key: Any = ("p", name)
    if receiver.kind == "Error" and name in ("name", "message"):
        key = name
    held = machine.known(slots.get(key, ABSENT))
    if isinstance(held, Unknown) and (("get", name) in slots or ("set", name) in slots):
        from wslint.machine import calls

        getter = slots.get(("get", name), ABSENT)
        given = Invocation(name, receiver, [], span)
        return UNDEFINED if getter is ABSENT else calls.apply(machine, getter, given, receiver)
    if "escaped" in slots or slots.get("open"):
        # What was handed to unread code may have been changed there, but a function rarely is.
        if isinstance(held, (Closure, Native, ClassValue)) or (
            isinstance(held, Object) and held.kind in _STEADY
        ):
            return held
        return unknown_slot(machine, receiver, name, span)
    if held is ABSENT:
        if receiver.kind != "Object":
            return Unknown(f"`{name}` of an error", span)
        if name in EVERY_OBJECT:
            return inherited(machine, receiver, name)
        if name.startswith("#") and span.text.endswith(name):
            machine.throw(
                f"TypeError: Cannot read private member {name} from an object whose class did not declare it",
                span,
            )
        return UNDEFINED
    return filled(held, lambda: inherited(machine, receiver, name) if name in EVERY_OBJECT else UNDEFINED)


def filled(value: Value, missing: Callable[[], Value]) -> Value:
    """A slot that some ways wrote and others did not, as it reads: what is there where nothing was written."""
    if not isinstance(value, OneOf) or all(leaf is not ABSENT for leaf in value.leaves()):
        return value
    instead = missing()
    return leafwise(value, lambda leaf: instead if leaf is ABSENT else leaf)


EVERY_OBJECT = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "toString",
        "valueOf",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
    }
)
"""What `Object.prototype` has."""


def inherited(machine: Machine, receiver: Object, name: str) -> Value:
    """A member of `Object.prototype`; nothing where the object was made without it."""
    if receiver.extra == "no prototype":
        return UNDEFINED
    if name == "constructor":
        return Global("", "Object")

    def call(host: Any, given: Invocation) -> Value:
        from wslint.runtime import objects_own

        return objects_own.call(host, receiver, name, given)

    return Native(name, call)


_STEADY = frozenset(
    {"Environment", "DurableObjectState", "ExecutionContext", "Request", "DurableObjectStorage"}
)


def unknown_slot(machine: Machine, receiver: Object, name: str, span: Span) -> Value:
    """What an open object holds under a name: the same each time it is read, until it is written."""
    key = ("unknown", name)
    known = receiver.slots.get(key)
    if known is None:
        query = receiver.slots.get("query")
        if isinstance(query, Unknown):
            return query.derived(("query", "entry", name), f"the query's {name!r}", span)
        known = receiver.slots[key] = unknown_of(receiver, f"`{name}`", span)
    return known


def _of_global(machine: Machine, receiver: Global, name: str, span: Span) -> Value:
    from wslint.runtime import globals as runtime_globals

    whole = f"{receiver.name}.{name}" if receiver.name not in ("*", "globalThis") else name
    if receiver.name == "globalThis":
        return Global(receiver.specifier, name)
    constant = runtime_globals.CONSTANTS.get(whole, ABSENT)
    if constant is ABSENT and span.file.path.suffix == ".rs":
        from wslint.runtime.rust.builtins import CONSTANTS

        constant = CONSTANTS.get(whole, ABSENT)
    if constant is not ABSENT and receiver.specifier in ("", "js"):
        return constant
    return Global(receiver.specifier, whole)


def _of_class(machine: Machine, cls: ClassValue, name: str, span: Span) -> Value:
    held = cls.statics.get(name, ABSENT)
    if held is not ABSENT:
        return machine.known(held)
    for each in calls.line(machine, cls):
        for item in each.node.members:
            if item.static and item.name == name and isinstance(item.value, tree.Function):
                if item.kind == "getter":
                    return calls.invoke_closure(machine, Closure(item.value, each.scope, cls, each), [], span)
                return Closure(item.value, each.scope, cls, each)
        held = each.statics.get(name, ABSENT)
        if held is not ABSENT:
            return machine.known(held)
    if name == "name" and cls.node.name:
        return cls.name
    if name == "default" and cls.scope.unit.language.name == "rust":
        from wslint.runtime.rust import defaults

        return Native(name, lambda host, given: defaults.of_class(host, cls, given.span))
    return Unknown(f"`{name}` of class `{cls.name}`", span)


# Writing


def write(machine: Machine, receiver: Value, name: str, value: Value, span: Span, scope: Scope) -> Value:
    """`receiver.name = value`; the receiver is no `OneOf`."""
    if receiver is None or receiver is UNDEFINED:
        if scope.unit.language.name == "javascript":
            what = "null" if receiver is None else "undefined"
            machine.throw(f"TypeError: Cannot set properties of {what} (setting '{name}')", span)
        return UNDEFINED
    if isinstance(receiver, ClassValue):
        machine.put(receiver.statics, name, value)
        return UNDEFINED
    if not isinstance(receiver, Object):
        return UNDEFINED
    model = MODELS.get(receiver.kind)
    if model is not None:
        setter = model.setters.get(name) or model.setters.get("*")
        if setter is not None:
            setter(machine, receiver, value, span)
            return UNDEFINED
    if isinstance(receiver.slots.get(("p", name)), Unknown) and (
        ("get", name) in receiver.slots or ("set", name) in receiver.slots
    ):
        return _set(machine, receiver.slots.get(("set", name), ABSENT), receiver, name, value, span)
    if receiver.kind == "Cell":
        return machine.each(
            receiver.slots["value"], lambda held: write(machine, held, name, value, span, scope)
        )
    if receiver.kind == "Instance":
        if scope.unit.language.name == "rust":
            from wslint.machine import rust

            if rust.assign_to(machine, machine.known(receiver.slots.get(("p", name))), value, span):
                return UNDEFINED
        elif isinstance(receiver.extra, ClassValue):
            if scope.unit.language.name == "javascript":
                from wslint.machine import calls

                setter = calls.setter_of(machine, receiver.extra, name)
            else:
                from wslint.runtime import python

                setter = python.setter_of(machine, receiver.extra, name)
            if setter is not None:
                return _set(machine, setter, receiver, name, value, span)
        machine.note(Wrote, span, holder=receiver, key=name, value=value)
    if receiver.slots.get("frozen"):
        refuse_frozen(machine, receiver, ("p", name) in receiver.slots, name, span)
    if receiver.kind == "Array" and name == "length":
        _cut_off(machine, receiver, machine.known(value))
        return UNDEFINED
    key: Any = ("p", name)
    if receiver.kind == "Error" and name in ("name", "message"):
        key = name
    machine.put(receiver.slots, key, value)
    machine.put(receiver.slots, ("unknown", name), ABSENT)
    if name.startswith("on") and receiver.kind == "WebSocket":
        from wslint.runtime import socket

        socket.listen(machine, receiver, name[2:], value, span)
    return UNDEFINED


def refuse_frozen(machine: Machine, receiver: Object, has: bool, name: str, span: Span) -> None:
    """A write to what `Object.freeze` was given."""
    what = "[object Array]" if receiver.kind == "Array" else "#<Object>"
    if has:
        machine.throw(f"TypeError: Cannot assign to read only property '{name}' of object '{what}'", span)
    machine.throw(f"TypeError: Cannot add property {name}, object is not extensible", span)


def _set(machine: Machine, setter: Value, receiver: Object, name: str, value: Value, span: Span) -> Value:
    """A write to a property with a setter, or with a getter alone."""
    from wslint.machine import calls

    if setter is ABSENT:
        what = receiver.extra.name if isinstance(receiver.extra, ClassValue) else "Object"
        machine.throw(f"TypeError: Cannot set property {name} of #<{what}> which has only a getter", span)
    if isinstance(setter, Closure) and setter.node.receiver is not None:
        setter = Closure(setter.node, setter.scope, receiver, setter.cls)
    calls.apply(machine, setter, Invocation(name, receiver, [value], span), receiver)
    return UNDEFINED


def remove(machine: Machine, receiver: Value, key: Value, span: Span) -> Value:
    """`delete receiver.key`."""
    if isinstance(receiver, Object) and receiver.kind in ("Object", "Instance", "Error", "Map"):
        if isinstance(key, str):
            machine.put(receiver.slots, _slot(receiver, key), ABSENT)
        else:
            machine.put(receiver.slots, "open", True)
    elif isinstance(receiver, Object) and receiver.kind == "Array":
        at, items = _place(key), machine.known(receiver.slots.get("items", ()))
        if at is not None and isinstance(items, tuple) and at < len(items):
            machine.put(receiver.slots, "items", (*items[:at], UNDEFINED, *items[at + 1 :]))
        elif at is None:
            machine.put(receiver.slots, "open", True)
    return UNDEFINED


def _slot(receiver: Object, key: Value) -> Any:
    if receiver.kind == "Map":
        from wslint.runtime.collections import key_of

        return key_of(key)
    return ("p", key)


# Items


def index(machine: Machine, receiver: Value, key: Value, span: Span, scope: Scope) -> Value:
    """`receiver[key]`; neither is `OneOf`."""
    from wslint.machine.operators import text_of

    if scope.unit.language.name == "rust":
        from wslint.runtime.rust import indexing

        return indexing.item(machine, receiver, key, span, scope)
    if scope.unit.language.name == "python":
        return python.item(machine, receiver, key, span, scope)
    if type(key).__name__ == "PathText":
        machine.tested_path = machine.looked_at_path = True
    place = _place(key)
    if isinstance(receiver, str) or (isinstance(receiver, Object) and receiver.kind in ("Array", "Set")):
        if place is not None:
            return element(machine, receiver, place, span)
        if isinstance(key, str):
            return read(machine, receiver, key, span, scope)
        if isinstance(receiver, Object) and isinstance(key, Unknown):
            return _by_unknown(machine, receiver, key, span)
        if isinstance(receiver, Object):
            return sample(machine, receiver, span)
    if isinstance(key, (str, float)):
        written = text_of(key)
        if written is not None:
            return read(machine, receiver, written, span, scope)
    if receiver is None or receiver is UNDEFINED:
        return read(machine, receiver, key if isinstance(key, str) else "…", span, scope)
    if isinstance(receiver, Unknown):
        return receiver.derived(("item", id(key)), f"an item of {receiver.why}", span)
    if isinstance(receiver, Object) and isinstance(key, Unknown):
        return _by_unknown(machine, receiver, key, span)
    if isinstance(receiver, Object) and isinstance(key, Object) and key.kind == "Symbol":
        held = machine.known(receiver.slots.get(("item", id(key)), ABSENT))
        if held is not ABSENT:
            return held
        return unknown_slot(machine, receiver, "a symbol", span) if "escaped" in receiver.slots else UNDEFINED
    return Unknown("an item", span)


def _by_unknown(machine: Machine, receiver: Object, key: Unknown, span: Span) -> Value:
    """An item under a key that is not known: under the same key it is the same."""
    held = receiver.slots.get(("item", id(key)), ABSENT)
    if held is not ABSENT:
        return machine.known(held)
    names = keyed.names(receiver) if keyed.is_free(key) else None
    if names is not None:
        held = keyed.decide(
            machine, key, [(name, _own(machine, receiver, name)) for name in names], UNDEFINED
        )
        return machine.known(held)
    place = receiver.place
    which = (place.file.name, place.start) if place is not None else id(receiver)
    return key.derived(("item of", which, receiver.slots.get("memory")), f"an item under {key.why}", span)


def _own(machine: Machine, receiver: Object, name: str) -> Value:
    """What an object literal has itself under a name; undefined where it was deleted."""
    return machine.lift(lambda held: UNDEFINED if held is ABSENT else held, receiver.slots[("p", name)])


def set_index(machine: Machine, receiver: Value, key: Value, value: Value, span: Span, scope: Scope) -> Value:
    """`receiver[key] = value`."""
    from wslint.machine.operators import text_of, whole

    if (receiver is None or receiver is UNDEFINED) and isinstance(key, str | float):
        return write(machine, receiver, str(text_of(key)), value, span, scope)
    if not isinstance(receiver, Object):
        return UNDEFINED
    if receiver.kind == "Map" and scope.unit.language.name != "javascript":
        from wslint.runtime import collections

        return collections.store(machine, receiver, key, value, span)
    place = (
        _place(key) if receiver.kind == "Array" and scope.unit.language.name == "javascript" else whole(key)
    )
    if receiver.kind == "Plain":
        return UNDEFINED  # what a typed array makes of it is not known
    if receiver.kind == "Array" and key == "length" and scope.unit.language.name == "javascript":
        _cut_off(machine, receiver, value)
        return UNDEFINED
    if receiver.extra == "tuple" and scope.unit.language.name == "python":
        from wslint.runtime import python

        python.fail(machine, "TypeError: 'tuple' object does not support item assignment", span)
    if receiver.kind == "Array" and receiver.slots.get("frozen"):
        refuse_frozen(machine, receiver, True, str(text_of(key)), span)
    if receiver.kind == "Array" and place is not None:
        held = machine.known(receiver.slots.get("items", ()))
        if isinstance(held, tuple) and 0 <= place <= len(held) < MOST_ITEMS:
            machine.put(receiver.slots, "items", (*held[:place], value, *held[place + 1 :]))
        else:
            machine.put(receiver.slots, "open", True)
        return UNDEFINED
    written = text_of(key) if isinstance(key, (str, float)) else None
    if written is not None:
        return write(machine, receiver, written, value, span, scope)
    if isinstance(key, Object) and key.kind == "Symbol":
        machine.put(receiver.slots, ("item", id(key)), value)
        return UNDEFINED
    if isinstance(key, Unknown):
        machine.put(receiver.slots, ("item", id(key)), value)
        if not receiver.slots.get("open") and "escaped" not in receiver.slots:
            header_lists.lacking(machine, receiver.slots, key, partial(_slot, receiver))
    changed(machine, receiver)
    return UNDEFINED


def _place(key: Value) -> int | None:
    """A key as an index of an array: a number, or a text that is one."""
    from wslint.machine.operators import whole

    if isinstance(key, str):
        return int(key) if key.isascii() and key.isdigit() and str(int(key)) == key else None
    return whole(key)


def _cut_off(machine: Machine, receiver: Object, value: Value) -> None:
    """`list.length = value`."""
    from wslint.machine.operators import whole

    count, held = whole(value), machine.known(receiver.slots.get("items", ()))
    if count is not None and isinstance(held, tuple) and 0 <= count <= len(held):
        machine.put(receiver.slots, "items", held[:count])
        if count == 0 and "escaped" not in receiver.slots:
            machine.put(receiver.slots, "open", False)
    else:
        machine.put(receiver.slots, "open", True)


def changed(machine: Machine, receiver: Object) -> None:
    """A container was written at a place that is not known: what it holds is known to its own memory only."""
    if all(leaf in (None, False, "memory", ABSENT) for leaf in leaves(receiver.slots.get("open"))):
        before = receiver.slots.get("memory", (id(receiver), 0))
        machine.put(receiver.slots, "open", "memory")
        machine.put(receiver.slots, "memory", machine.lift(_counted(receiver), before))
    for key in [key for key in receiver.slots if isinstance(key, tuple) and key[0] == "unknown"]:
        machine.put(receiver.slots, key, ABSENT)


def _counted(receiver: Object) -> Callable[[Value], Value]:
    """The count of writes to a container, one higher."""
    return lambda held: (held[0], held[1] + 1) if isinstance(held, tuple) else (id(receiver), 1)


def unknown_of(holder: Object, why: str, span: Span | None) -> Unknown:
    """Something that a container whose contents are not known gives."""
    owner = next((leaf for leaf in leaves(holder.slots.get("open")) if isinstance(leaf, str)), "unread")
    made = Unknown(why, span, owner)  # type: ignore[arg-type]
    if "memory" in holder.slots:
        made.known["memory"] = tuple(leaves(holder.slots["memory"]))
    return made


def element(machine: Machine, value: Value, place: int, span: Span) -> Value:
    """The item at an index of something iterable."""
    if value is None or value is UNDEFINED:
        machine.throw(f"TypeError: {'null' if value is None else 'undefined'} is not iterable", span)
    if isinstance(value, str):
        return value[place] if -len(value) <= place < len(value) else UNDEFINED
    if isinstance(value, Object) and value.kind == "WebSocketPair":
        return value.extra[place] if place in (0, 1) else UNDEFINED
    if isinstance(value, Unknown):
        return value.derived(("item", place), f"an item of {value.why}", span)
    found = iterated(machine, value, span)
    if found is None:
        return Unknown("an item", span)
    if any(item.present is not None for item in found.items):
        return _first_there(found, span) if place == 0 else Unknown("an item", span)
    if -len(found.items) <= place < len(found.items):
        return found.items[place].value
    return sample(machine, value, span) if found.open else UNDEFINED


def _first_there(found: Items, span: Span) -> Value:
    """The first of items that are there on conditions."""
    from wslint.values.value import one_of

    first: Value = Unknown("an item", span) if found.open else UNDEFINED
    for item in reversed(found.items):
        if item.present is None:
            first = item.value
        else:
            choice, mask = item.present
            first = one_of(choice, [(mask, item.value), (choice.universe & ~mask, first)])
    return first


@record
class Item:
    """One item of something iterable. `present` says where it is there; None: always."""

    value: Value
    present: tuple[Choice, int] | None = None
    slot: Any = None
    """Its place in a Map or a Set."""


@record
class Items:
    items: list[Item]
    open: bool
    """Whether there may be more."""


def iterated(machine: Machine, value: Value, span: Span | None) -> Items | None:
    """What a loop over a value comes to; None where nothing of it is known."""
    value = machine.known(value)
    if isinstance(value, str):
        return Items([Item(sign) for sign in value], False)
    if not isinstance(value, Object):
        return None
    if value.kind == "Array":
        held = machine.known(value.slots.get("items", ()))
        if not isinstance(held, tuple):
            return None
        is_open = bool(value.slots.get("open")) or "escaped" in value.slots
        return Items([Item(machine.known(item)) for item in held], is_open)
    if value.kind in ("Iterator", "Cell", "Range", "Some", "Ok"):
        from wslint.runtime.rust import iterators

        return iterators.items(machine, value, span)
    if value.kind == "WebSocketPair":
        return Items([Item(end) for end in value.extra], False)
    if value.kind in ("Map", "Set"):
        from wslint.runtime import collections

        found: Items = collections.entries(machine, value)
        return found
    if value.kind == "Headers":
        return iterated(machine, _headers(machine, value, span), span)
    return None


def _headers(machine: Machine, headers: Object, span: Span | None) -> Object:
    """Headers as a list: those of Python's SDK, which are a mapping, by their names."""
    return header_lists.listed(machine, headers, span, "keys" if headers.extra == "sdk" else "entries")


def items(machine: Machine, value: Value) -> list[Value] | None:
    """The items of something iterable, where all are known to be there; else None."""
    found = iterated(machine, value, None)
    if found is None or found.open or any(item.present is not None for item in found.items):
        return None
    return [item.value for item in found.items]


def sample(machine: Machine, value: Value, span: Span) -> Value:
    """One item of something whose items are not all known."""
    if isinstance(value, Object):
        listed = _headers(machine, value, span) if value.kind == "Headers" else value
        known = listed.slots.get("sample")
        if known is not None:
            return machine.known(known)
        return unknown_of(value, "an item", span)
    if isinstance(value, Unknown):
        return Unknown(f"an item of {value.why}", span, value.owner)
    return Unknown("an item", span)


def _is_there(held: Value) -> bool:
    return held is not ABSENT


def contains(machine: Machine, holder: Value, key: Value, span: Span, scope: Scope) -> Value:
    """`key in holder`."""
    if isinstance(holder, Object) and scope.unit.language.name == "python":
        return python.contains(machine, holder, key, span)
    if isinstance(holder, Object) and isinstance(key, str):
        if holder.kind in ("Object", "Instance"):
            if ("p", key) in holder.slots:
                return machine.lift(lambda held: held is not ABSENT, holder.slots[("p", key)])
            if key in EVERY_OBJECT and holder.extra != "no prototype":
                return True
            if not holder.slots.get("open") and "escaped" not in holder.slots and holder.kind == "Object":
                return False
            if isinstance(holder.slots.get("query"), Unknown):
                return holder.slots["query"].derived(("query", "has", key), f"whether there is {key!r}", span)
            return unknown_slot(machine, holder, f"{key} in", span)
        model = MODELS.get(holder.kind)
        if model is not None and (key in model.getters or key in model.methods):
            return True
    if isinstance(holder, Object) and isinstance(key, Unknown) and keyed.is_free(key):
        names = keyed.names(holder)
        if names is not None:
            present = [(name, machine.lift(_is_there, holder.slots[("p", name)])) for name in names]
            return machine.known(keyed.decide(machine, key, present, False))
    if isinstance(holder, Unknown):
        return holder.derived(("has", key if isinstance(key, str) else id(key)), "whether it has a key", span)
    return Unknown("whether it has a key", span)
