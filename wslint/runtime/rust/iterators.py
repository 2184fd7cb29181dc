"""Iterators: made of lists, maps, texts and ranges; a list again by `collect`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wslint.machine import members
from wslint.runtime.arrays import array
from wslint.runtime.collections import key_of
from wslint.runtime.model import Model
from wslint.runtime.rust.names import on
from wslint.runtime.rust.results import bare, deref, is_failed, ok, opened, owner_of, some, where
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, OneOf, Unknown, Value, is_constant

ITERATOR = Model("Iterator")
SET_TYPES = ("HashSet", "BTreeSet")
MAP_TYPES = ("HashMap", "BTreeMap")


def iterator(items: Sequence[Value], span: Span | None, open_: Value = False) -> Object:
    return Object("Iterator", {"items": tuple(items), **({"open": open_} if open_ else {})}, span)


def items(host: Any, value: Value, span: Span | None) -> members.Items | None:
    """What a loop over an iterator or a cell comes to."""
    value = host.known(bare(host, value))
    if not isinstance(value, Object) or value.kind not in ("Iterator", "Range"):
        return members.iterated(host, value, span)
    held = host.known(value.slots.get("items" if value.kind == "Iterator" else "numbers"))
    if not isinstance(held, tuple):
        return None
    return members.Items([members.Item(host.known(item)) for item in held], bool(value.slots.get("open")))


def over(host: Any, value: Value, span: Span) -> Value:
    """`value.iter()`; of what holds items on conditions, the collection itself."""
    value = deref(host, value)
    if isinstance(value, Object) and value.kind in ("Iterator", "Set"):
        return value
    found = members.iterated(host, value, span)
    if found is None:
        return iterator((), span, value.owner if isinstance(value, Unknown) else "unread")
    if any(item.present is not None for item in found.items):
        return value
    made = iterator([item.value for item in found.items], span, _owner(value) if found.open else False)
    if isinstance(value, Object) and "sample" in value.slots:
        made.slots["sample"] = value.slots["sample"]
    return made


def _owner(value: Value) -> Value:
    held = value.slots.get("open", True) if isinstance(value, Object) else True
    return held or True


def _held(host: Any, call: Invocation) -> tuple[list[Value], Value]:
    held = host.known(call.this.slots["items"])
    return (list(held), call.this.slots.get("open", False)) if isinstance(held, tuple) else ([], True)


def _sample(host: Any, call: Invocation) -> Value:
    return members.sample(host, Object("Array", dict(call.this.slots)), call.span)


def _unknown(host: Any, call: Invocation, why: str) -> Value:
    owner = owner_of(call.this)
    return Unknown(why, call.span, owner)


def _more(host: Any, call: Invocation) -> None:
    """The function that an iterator with unknown items is given runs any number of times."""
    from wslint.machine.statements import unknown_rounds

    given = _sample(host, call)
    arguments = [given] if call.name != "fold" else [Unknown("what was folded"), given]

    def run() -> None:
        for value in call.arguments:
            if not is_constant(host.known(value)) and not isinstance(host.known(value), Object):
                host.call(value, arguments, call.span)

    unknown_rounds(host, call.span, run, call.this)


@on("Iterator", "next", "next_back", "last", "nth")
def _next(host: Any, call: Invocation) -> Value:
    def one(held: Value) -> Value:
        if not isinstance(held, tuple):
            return _unknown(host, call, "the next item")
        skipped = host.known(call.argument(0)) if call.name == "nth" else 0.0
        if not isinstance(skipped, float):
            host.put(call.this.slots, "open", True)
            return _unknown(host, call, "an item")
        at = int(skipped)
        if call.name in ("next_back", "last"):
            if call.this.slots.get("open"):
                return _unknown(host, call, "the last item")
            at = len(held) - 1
        if at < 0 or at >= len(held):
            return _unknown(host, call, "the next item") if call.this.slots.get("open") else None
        rest = held[:-1] if call.name == "next_back" else () if call.name == "last" else held[at + 1 :]
        host.put(call.this.slots, "items", rest)
        return some(host, held[at])

    return host.each(call.this.slots["items"], one)


@on("Iterator", "skip", "take", "step_by", "rev", "enumerate", "chain", "zip", "peekable", "by_ref", "cloned", "copied",
    "iter", "into_iter", "fuse", "flatten", "filter_map", "map", "filter", "skip_while", "take_while", "inspect", "flat_map",
    "iter_mut")  # fmt: skip
def _adapted(host: Any, call: Invocation) -> Value:
    found, open_ = _held(host, call)
    name, span, first = call.name, call.span, host.known(call.argument(0))
    if open_ and name in ("map", "filter", "filter_map", "inspect", "flat_map"):
        _more(host, call)
        made = iterator((), span, open_)
        if name in ("filter", "inspect") and "sample" in call.this.slots:
            made.slots["sample"] = call.this.slots["sample"]
        return made
    match name:
        case "skip" | "take" if isinstance(first, float):
            cut = found[int(first) :] if name == "skip" else found[: int(first)]
            return iterator(cut, span, open_)
        case "rev":
            return iterator(found[::-1], span, open_)
        case "enumerate":
            return iterator([array((float(at), held), span) for at, held in enumerate(found)], span, open_)
        case "chain":
            other = (
                items(host, over(host, bare(host, first), span), span)
                if first is not None
                else members.Items([], False)
            )
            if other is None:
                return iterator(found, span, True)
            return iterator([*found, *(item.value for item in other.items)], span, open_ or other.open)
        case "zip":
            other = items(host, over(host, bare(host, first), span), span)
            if other is not None and not other.open and not open_:
                pairs = zip(found, (item.value for item in other.items), strict=False)
                return iterator([array(pair, span) for pair in pairs], span)
            return iterator((), span, True)
        case "peekable" | "by_ref" | "iter" | "into_iter" | "fuse" | "iter_mut":
            return call.this
        case "cloned" | "copied":
            return iterator(found, span, open_)
        case "map":
            return iterator([host.call(first, [held], span) for held in found], span, open_)
        case "inspect":
            for held in found:
                host.call(first, [held], span)
            return iterator(found, span, open_)
        case "filter" | "filter_map" | "flatten" | "skip_while" | "take_while":
            return _filtered(host, call, found, open_)
        case "flat_map":
            inner = [
                items(host, over(host, host.known(host.call(first, [held], span)), span), span)
                for held in found
            ]
            if all(one is not None and not one.open for one in inner):
                return iterator([item.value for one in inner if one is not None for item in one.items], span)
    return iterator((), span, open_ or True)


def _filtered(host: Any, call: Invocation, found: list[Value], open_: Value) -> Value:
    """What stays: each item on its condition, where that is not known."""
    first, span, name = call.argument(0), call.span, call.name
    made = Object("Set", {}, span)
    certain: list[Value] = []
    is_certain = True
    going = True
    for held in found:
        result = host.known(held if name == "flatten" else host.call(first, [held], span))
        if name == "flatten" and isinstance(result, Object) and result.kind in ("Array", "Iterator", "Range"):
            inner = items(host, result, span)
            if inner is None or inner.open:
                return iterator((), span, open_ or True)
            certain += [one.value for one in inner.items]
            continue
        if name in ("filter_map", "flatten"):
            if isinstance(result, (OneOf, Unknown)):
                return iterator((), span, open_ or True)
            if not is_failed(result):
                certain.append(bare(host, result))
            continue
        if name in ("take_while", "skip_while"):
            if not isinstance(result, bool):
                return iterator((), span, open_ or True)
            going = going and result
            if going == (name == "take_while"):
                certain.append(held)
            continue
        if isinstance(result, bool):
            if result:
                certain.append(held)
                made.slots[key_of(held) if is_constant(held) else ("r", id(held), held)] = True
            continue
        is_certain = False
        from wslint.machine.patterns import _truth
        from wslint.values.value import ABSENT

        truth = _truth(host, result)
        made.slots[key_of(held) if is_constant(held) else ("r", id(held), held)] = host.lift(
            lambda one: True if one is True else ABSENT, truth
        )
    return iterator(certain, span, open_) if is_certain else made


@on(
    "Iterator",
    "collect",
    "sum",
    "product",
    "count",
    "len",
    "min",
    "max",
    "min_by_key",
    "max_by_key",
    "join",
    "last",
)
def _collected(host: Any, call: Invocation) -> Value:
    found, open_ = _held(host, call)
    kind = host.known(call.keywords.get("type", ""))
    if call.name in ("count", "len"):
        return float(len(found)) if not open_ else _unknown(host, call, "how many there are")
    if call.name != "collect":
        return _unknown(host, call, f"`{call.name}`")
    kind = kind if isinstance(kind, str) else ""
    outer = kind.partition("<")[0].rpartition("::")[2].strip("&")
    if outer in ("Result", "Option"):
        return _together(host, call, found, open_, kind)
    return _into(host, call, found, open_, outer)


def _together(host: Any, call: Invocation, found: list[Value], open_: Value, kind: str) -> Value:
    """`collect::<Result<Vec<_>, _>>()`: the first `Err` or `None`, else all of them."""
    inner = kind.partition("<")[2].partition("<")[0].rpartition("::")[2]

    def rest(at: int, taken: list[Value]) -> Value:
        if at == len(found):
            return ok(host, _into(host, call, taken, open_, inner))
        return opened(
            host, found[at], lambda held: rest(at + 1, [*taken, held]), lambda held: held, call.span
        )

    if open_ or len(found) > 12:
        return _unknown(host, call, "what is collected")
    return rest(0, [])


def _into(host: Any, call: Invocation, found: list[Value], open_: Value, kind: str) -> Value:
    span = call.span
    if kind == "String":

        def joined(*given: Value) -> Value:
            if all(isinstance(one, str) for one in given):
                return "".join(given)
            return next(
                (
                    one.derived(("joined", span.start), "a text", span)
                    for one in given
                    if isinstance(one, Unknown)
                ),
                Unknown("a text", span),
            )

        return host.lift(joined, *found) if not open_ and len(found) <= 64 else _unknown(host, call, "a text")
    if kind in MAP_TYPES:
        made = Object("Map", {"open": open_} if open_ else {}, span)
        for held in found:
            pair = members.items(host, held)
            if pair is None or len(pair) != 2:
                made.slots["open"] = True
            else:
                made.slots[key_of(host.known(pair[0]))] = pair[1]
        return made
    if kind in SET_TYPES:
        made = Object("Set", {"open": open_} if open_ else {}, span)
        for held in found:
            made.slots[key_of(host.known(held))] = held
        return made
    if not kind and found and all(isinstance(one, str) and len(one) == 1 for one in found):
        return Unknown("a text, or a list of characters", span)
    result = array(found, span, open_)
    if "sample" in call.this.slots:
        result.slots["sample"] = call.this.slots["sample"]
    return result


@on(
    "Iterator",
    "any",
    "all",
    "find",
    "position",
    "find_map",
    "for_each",
    "fold",
    "try_for_each",
    "rposition",
    "try_fold",
    "partition",
)
def _asked(host: Any, call: Invocation) -> Value:
    found, open_ = _held(host, call)
    name, span, first = call.name, call.span, call.argument(0)
    if open_:
        _more(host, call)
        return UNDEFINED if name == "for_each" else _unknown(host, call, f"`{name}`")
    if name == "fold":
        held = first
        for item in found:
            held = host.call(call.argument(1), [held, item], span)
        return held
    if name == "for_each":
        for item in found:
            host.call(first, [item], span)
        return UNDEFINED

    def rest(at: int) -> Value:
        if at == len(found):
            return {"any": False, "all": True}.get(name)
        answer = host.call(first, [found[at]], span)
        if name in ("find_map", "try_for_each"):
            if name == "try_for_each":
                return opened(host, answer, lambda held: rest(at + 1), lambda held: held, span)
            return opened(host, answer, lambda held: some(host, held), lambda held: rest(at + 1), span)
        hit: Value = {"any": True, "all": False}.get(
            name, float(at) if "position" in name else some(host, found[at])
        )
        sides = (lambda: hit, lambda: rest(at + 1))
        return where(host, answer, span, *(sides if name != "all" else sides[::-1]))

    if name in ("partition", "try_fold") or len(found) > 64:
        return Unknown(f"`{name}`", span)
    return UNDEFINED if name == "try_for_each" and not found else rest(0)


@on("Iterator", "peek")
def _peek(host: Any, call: Invocation) -> Value:
    found, open_ = _held(host, call)
    if found:
        return some(host, found[0])
    return _unknown(host, call, "the next item") if open_ else None
