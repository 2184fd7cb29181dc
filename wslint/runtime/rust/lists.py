"""Methods of vectors, slices, maps and sets, and of cells."""

from __future__ import annotations

from typing import Any

from wslint.runtime import arrays, collections
from wslint.runtime.collections import lookup, store
from wslint.runtime.model import MODELS
from wslint.runtime.rust import iterators
from wslint.runtime.rust.names import on, runtime
from wslint.runtime.rust.results import bare, owner_of, panic, some
from wslint.values.event import Wrote
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value


def option(host: Any, value: Value, call: Invocation) -> Value:
    """What the runtime has under a key, as an Option: nothing is `None`."""
    return host.lift(lambda held: None if held is UNDEFINED or held is ABSENT else some(host, held), value)


def unsettle(host: Any, held: Object, span: Any) -> None:
    """Numbers and texts in a collection that is lent item by item: whoever has the reference may write to them."""
    if held.kind == "Array":
        items = host.known(held.slots.get("items", ()))
        if isinstance(items, tuple) and any(not isinstance(host.known(one), Object) for one in items):
            changed = tuple(
                one if isinstance(host.known(one), Object) else Unknown("an item", span) for one in items
            )
            host.put(held.slots, "items", changed)
        return
    for slot, one in list(held.slots.items()):
        if (
            collections.is_key(slot)
            and not isinstance(host.known(one), Object)
            and host.known(one) is not ABSENT
        ):
            host.put(held.slots, slot, Unknown("an item", span))


@on("Array", "iter", "into_iter", "iter_mut", "drain")
@on("Set", "iter", "into_iter", "drain")
@on("Map", "iter", "into_iter", "iter_mut", "drain")
def _iter(host: Any, call: Invocation) -> Value:
    made = iterators.over(host, call.this, call.span)
    if call.name == "iter_mut":
        unsettle(host, call.this, call.span)
    if call.name == "drain":
        taken = Object(call.this.kind, dict(call.this.slots), call.span)
        made = iterators.over(host, taken, call.span)
        if call.this.kind == "Array":
            return _drained(host, call, made)
        runtime(host, call, "clear")
    return made


def _drained(host: Any, call: Invocation, whole: Value) -> Value:
    """`list.drain(range)`: what lies in the range is taken out."""
    held, wanted = call.this, host.known(call.argument(0))
    low, high = (
        (wanted.slots.get(side) for side in ("low", "high")) if isinstance(wanted, Object) else ("?", "?")
    )
    low, high = host.known(low), host.known(high)
    if low is None and high is None:
        host.put(held.slots, "items", ())
        return whole
    items = host.known(held.slots.get("items", ()))
    count = float(len(items)) if isinstance(items, tuple) else 0.0
    ends = [0.0 if low is None else low, count if high is None else high]
    if not isinstance(items, tuple) or not all(isinstance(end, float) for end in ends) or _is_open(held):
        host.put(held.slots, "open", True)
        return iterators.iterator((), call.span, "unread")
    start, end = int(ends[0]), int(ends[1]) + (1 if wanted.slots["inclusive"] and high is not None else 0)
    if start > end or end > len(items):
        panic(host, "range end out of bounds", call.span)
    host.put(held.slots, "items", items[:start] + items[end:])
    return iterators.iterator(items[start:end], call.span)


def _is_open(held: Object) -> bool:
    return bool(held.slots.get("open")) or "escaped" in held.slots


@on("Set", "map", "filter", "any", "all", "find", "count", "collect", "for_each", "cloned", "copied")
def _conditional(host: Any, call: Invocation) -> Value:
    """An iterator whose items are there on conditions is kept as a set."""
    if call.name in ("collect", "cloned", "copied"):
        return call.this
    if call.name == "count":
        return collections.SET.getters["size"](host, call.this, call.span)
    name = "forEach" if call.name == "for_each" else call.name
    found = collections.SET.methods[name](
        host, Invocation(name, call.this, call.arguments, call.span, unit=call.unit)
    )
    return option(host, found, call) if name == "find" else found


@on("Array", "len", "is_empty")
@on("Map", "len", "is_empty")
@on("Set", "len", "is_empty")
def _len(host: Any, call: Invocation) -> Value:
    held: Object = call.this
    getter = "length" if held.kind == "Array" else "size"
    size = MODELS[held.kind].getters[getter](host, held, call.span)
    if call.name == "len":
        return size
    return host.lift(
        lambda one: (
            one == 0.0
            if isinstance(one, float)
            else one.derived("is empty", "whether it is empty", call.span)
        ),
        size,
    )


@on("Array", "get", "get_mut", "first", "last", "first_mut", "last_mut")
def _get(host: Any, call: Invocation) -> Value:
    def one(at: Value) -> Value:
        items = host.known(call.this.slots.get("items", ()))
        is_open = bool(call.this.slots.get("open")) or "escaped" in call.this.slots
        if not isinstance(items, tuple) or not isinstance(at, float):
            owner = owner_of(call.this)
            return Unknown("an item", call.span, owner)
        if not -len(items) <= at < len(items):
            owner = owner_of(call.this)
            return Unknown("an item", call.span, owner) if is_open else None
        found = some(host, host.known(items[int(at)]))
        if call.name.endswith("_mut"):
            unsettle(host, call.this, call.span)
        return found

    if call.name.startswith("get"):
        return host.each(bare(host, call.argument(0)), one)
    return one(0.0 if call.name.startswith("first") else -1.0)


@on("Array", "push", "push_back", "push_front", "extend", "append", "extend_from_slice", "insert", "remove", "pop", "pop_front",
    "pop_back", "truncate", "clear", "retain", "swap_remove", "dedup", "sort", "sort_by", "sort_by_key", "sort_unstable",
    "reverse", "resize", "fill", "swap", "rotate_left", "retain_mut", "copy_from_slice")  # fmt: skip
def _change(host: Any, call: Invocation) -> Value:
    held, name = call.this, call.name
    if name in ("push", "push_back"):
        runtime_push(host, call, call.argument(0))
        return UNDEFINED
    if name in ("extend", "append", "extend_from_slice"):
        more = iterators.items(host, iterators.over(host, bare(host, call.argument(0)), call.span), call.span)
        for item in more.items if more is not None else ():
            runtime_push(host, call, item.value)
        if more is None or more.open:
            host.put(held.slots, "open", True)
        return UNDEFINED
    if name in ("pop", "pop_back", "pop_front"):

        def one(items: Value) -> Value:
            if not isinstance(items, tuple) or held.slots.get("open"):
                return Unknown("an item", call.span)
            if not items:
                return None
            host.put(held.slots, "items", items[1:] if name == "pop_front" else items[:-1])
            return some(host, items[0 if name == "pop_front" else -1])

        return host.each(held.slots.get("items", ()), one)
    if name == "clear":
        host.put(held.slots, "items", ())
        host.put(held.slots, "open", False)
        return UNDEFINED
    at = bare(host, call.argument(0))
    items = host.known(held.slots.get("items", ()))
    if isinstance(at, float) and isinstance(items, tuple) and not _is_open(held):
        place = int(at)
        if name == "truncate":
            host.put(held.slots, "items", items[:place])
            return UNDEFINED
        if name == "insert" and place <= len(items):
            host.put(held.slots, "items", (*items[:place], call.argument(1), *items[place:]))
            host.note(Wrote, call.span, holder=held, key=None, value=call.argument(1))
            return UNDEFINED
        if name == "remove" and place < len(items):
            host.put(held.slots, "items", items[:place] + items[place + 1 :])
            return items[place]
    host.put(held.slots, "open", True)
    if name in ("remove", "swap_remove"):
        return Unknown("an item", call.span)
    return UNDEFINED


def runtime_push(host: Any, call: Invocation, value: Value) -> None:
    push = arrays.ARRAY.methods["push"]
    push(host, Invocation("push", call.this, [value], call.span, unit=call.unit))


@on("Array", "contains")
def _contains(host: Any, call: Invocation) -> Value:
    from wslint.machine.patterns import _or, _truth
    from wslint.machine.rust import equal

    wanted = bare(host, call.argument(0))
    items = host.known(call.this.slots.get("items", ()))
    found: Value = False
    if not isinstance(items, tuple) or call.this.slots.get("open") or "escaped" in call.this.slots:
        found = _truth(host, Unknown("whether it is in the list", call.span))
    if (
        isinstance(wanted, (str, float))
        and isinstance(items, tuple)
        and all(type(item) is type(wanted) for item in items)
    ):
        return True if wanted in items else found
    for item in reversed(items if isinstance(items, tuple) else ()):
        found = _or(host, equal(host, item, wanted, call.span), found)
    return found


@on("Array", "join", "concat")
def _join(host: Any, call: Invocation) -> Value:
    by = call.argument(0) if call.name == "join" else ""
    return arrays.ARRAY.methods["join"](host, Invocation("join", call.this, [by], call.span, unit=call.unit))


@on("Array", "to_vec", "clone", "to_owned", "into_boxed_slice", "as_slice", "as_ref", "into", "as_mut_slice", "split_first", "windows",
    "chunks", "concat_all", "starts_with", "split_at")  # fmt: skip
def _copy(host: Any, call: Invocation) -> Value:
    if call.name in ("split_first", "windows", "chunks", "concat_all", "starts_with", "split_at"):
        return Unknown(f"`{call.name}`", call.span)
    if call.name in ("as_slice", "as_ref", "as_mut_slice"):
        return call.this
    return Object("Array", dict(call.this.slots), call.span)


# Maps and sets


@on("Map", "get", "get_mut", "remove", "contains_key", "insert", "get_key_value", "remove_entry")
def _map(host: Any, call: Invocation) -> Value:
    held, name = call.this, call.name

    def one(key: Value) -> Value:
        if name == "contains_key":
            return collections.MAP.methods["has"](host, Invocation("has", held, [key], call.span))
        before = option(host, lookup(host, held, key, call.span), call)
        if name == "remove":
            collections.MAP.methods["delete"](host, Invocation("delete", held, [key], call.span))
        elif name == "get_mut":
            unsettle(host, held, call.span)
        elif name == "insert":
            store(host, held, key, call.argument(1), call.span)
        return before

    return host.each(bare(host, call.argument(0)), one)


@on("Map", "keys", "values", "values_mut", "into_values", "into_keys")
def _views(host: Any, call: Invocation) -> Value:
    name = "keys" if "keys" in call.name else "values"
    view = collections.MAP.methods[name](host, Invocation(name, call.this, [], call.span))
    made = iterators.over(host, view, call.span)
    if call.name == "values_mut":
        unsettle(host, call.this, call.span)
    return made


@on("Map", "clear", "retain", "extend", "entry", "append", "clone", "into", "as_ref")
@on("Set", "clear", "retain", "extend", "append", "clone", "as_ref")
def _rest(host: Any, call: Invocation) -> Value:
    held = call.this
    if call.name == "clone":
        return Object(held.kind, dict(held.slots), call.span)
    if call.name in ("into", "as_ref"):
        return held
    if call.name == "clear":
        return runtime(host, call, "clear")
    unsettle(host, held, call.span)
    host.put(held.slots, "open", True)
    if call.name != "entry":
        return UNDEFINED
    entry = Unknown("an entry", call.span)
    entry.known["quiet"] = True
    return entry


@on("Set", "insert", "remove", "contains")
def _set(host: Any, call: Invocation) -> Value:
    name = {"insert": "add", "remove": "delete", "contains": "has"}[call.name]
    method = collections.SET.methods[name]
    if name != "add":
        return method(host, Invocation(name, call.this, [bare(host, call.argument(0))], call.span))
    key = bare(host, call.argument(0))
    has = collections.SET.methods["has"](host, Invocation("has", call.this, [key], call.span))
    method(host, Invocation(name, call.this, [key], call.span))
    return host.lift(
        lambda held: not held if isinstance(held, bool) else held.derived("new", "whether it is new"), has
    )


# Cells


def guard(held: Object, span: Any) -> Object:
    """What `borrow()` and `lock()` give: it stands for what the cell holds, whose methods it has."""
    return Object("Cell", held.slots, span, GUARD)


def wrote(host: Any, cell: Object, value: Value, span: Any) -> None:
    """Something is put into a cell."""
    host.note(Wrote, span, holder=cell, key="value", value=value)
    host.put(cell.slots, "value", value)


def is_guard(held: Value) -> bool:
    return isinstance(held, Object) and held.kind == "Cell" and held.extra == GUARD


GUARD = "guard"
_BORROWS = frozenset({"borrow", "borrow_mut", "get_mut"})
_TRIES = frozenset({"lock", "try_lock", "write", "read", "try_borrow", "try_borrow_mut"})


def cell(host: Any, call: Invocation) -> Value | None:
    """A method of a cell itself; None for one of what it holds."""
    held, name = call.this, call.name
    inner = host.known(held.slots["value"])
    if held.extra == GUARD:
        return None
    if name in _BORROWS and not call.arguments:
        return guard(held, call.span)
    if name in _TRIES and not call.arguments:
        return Object("Ok", {"value": guard(held, call.span)})
    if name == "clone":  # of an `Rc`, which shares it
        return held
    if name in ("get", "into_inner", "load") and (not call.arguments or name == "load"):
        return inner
    if name in ("set", "store", "replace", "swap"):
        if isinstance(inner, str) and name == "replace" and len(call.arguments) > 1:
            return None
        wrote(host, held, call.argument(0), call.span)
        return inner if name in ("replace", "swap") else UNDEFINED
    if name == "take" and not call.arguments and not (isinstance(inner, Object) and inner.kind == "Iterator"):
        is_text = isinstance(inner, str)
        host.put(held.slots, "value", "" if is_text else None)
        return inner
    if name == "get_or_init":
        if inner is None:
            inner = host.call(call.argument(0), [], call.span)
            host.put(held.slots, "value", inner)
        return inner
    if name in ("fetch_add", "fetch_sub", "update"):
        if (
            name.startswith("fetch")
            and isinstance(inner, float)
            and isinstance(host.known(call.argument(0)), float)
        ):
            by = host.known(call.argument(0))
            host.put(
                held.slots, "value", inner + by if name == "fetch_add" else Unknown("a number", call.span)
            )
            return inner
        host.put(held.slots, "value", Unknown("what a cell holds", call.span))
        return inner
    return None
