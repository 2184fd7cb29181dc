"""`value[key]` and `value[a..b]`: outside of a list they panic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.machine.scope import Scope
from wslint.runtime.rust import lists
from wslint.runtime.rust.results import bare, owner_of, panic
from wslint.runtime.unasked import ASKED, is_unasked
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import Choice, Unknown, Value, is_constant

if TYPE_CHECKING:
    from wslint.machine.machine import Machine


def item(machine: Machine, receiver: Value, key: Value, span: Span, scope: Scope) -> Value:
    """`receiver[key]`: outside of a list it panics; a range cuts."""
    from wslint.machine import members
    from wslint.runtime import collections

    if isinstance(receiver, Object) and receiver.kind in ("Cell", "Some", "Ok"):
        return machine.each(bare(machine, receiver), lambda held: item(machine, held, key, span, scope))
    if isinstance(receiver, Object) and receiver.kind == "Map":
        return machine.each(lists.option(machine, collections.lookup(machine, receiver, key, span), Invocation("", receiver, [], span)),
                            lambda held: panic(machine, "no entry found for key", span) if held is None else bare(machine, held))  # fmt: skip
    if isinstance(key, Object) and key.kind == "Range":
        return _cut(machine, receiver, key, span)
    if isinstance(receiver, Object) and receiver.kind == "Array":
        items = machine.known(receiver.slots.get("items", ()))
        is_open = bool(receiver.slots.get("open")) or "escaped" in receiver.slots
        if isinstance(key, float) and isinstance(items, tuple):
            if 0 <= key < len(items):
                return machine.known(items[int(key)])
            if not is_open:
                panic(machine, "index out of bounds", span)
        owner = owner_of(receiver)
        found = Unknown("an item", span, owner)
        return _maybe_outside(machine, found, span)
    if isinstance(receiver, Object) and isinstance(key, float):
        return members.read(machine, receiver, str(int(key)), span, scope)
    if isinstance(receiver, Unknown) and isinstance(key, float) and not _is_measured(receiver, key):
        return _maybe_outside(
            machine, receiver.derived(("item", key), f"an item of {receiver.why}", span), span
        )
    if isinstance(receiver, Unknown):
        name = key if is_constant(key) else id(key)
        return receiver.derived(("item", name), f"an item of {receiver.why}", span)
    return Unknown("an item", span)


def _is_measured(receiver: Unknown, index: float) -> bool:
    """Whether the code has asked how long something unknown is: then it knows what it may index."""
    if not index and receiver.known.get("not empty"):
        return True
    measures = _MEASURES if index else _MEASURES | _OF_THE_FIRST
    asked = [key for key in receiver.known if isinstance(key, tuple)]
    return any(key[:2] in measures or key[0] == "has" for key in asked)


_MEASURES = {("call", "len"), ("call", "count"), ("call", "get")}
_OF_THE_FIRST = {("call", "is_empty"), ("call", "first")}
"""What tells of one item, and of no second."""


def _maybe_outside(machine: Machine, found: Unknown, span: Span) -> Value:
    choice = machine.either(
        found.owner, ("the index is outside of the list", "the index is in the list"), span
    )
    machine.maybe(choice, 1, lambda: panic(machine, "index out of bounds", span))
    return found


def _may_be_short(machine: Machine, text: Unknown, end: float, span: Span) -> None:
    """`&text[..4]` panics where the client's text has no fourth byte, or where a sign goes on after it."""
    if not end or not is_unasked(text, _CUTS):
        return
    choice = text.known.get((ASKED, end))
    if choice is None:
        words = {1: f"the message is shorter than {int(end)} bytes", 2: "the message is long enough"}
        choice = text.known[ASKED, end] = Choice("client", span, words, 3)
    machine.maybe(choice, 1, lambda: panic(machine, "byte index out of bounds", span))


_CUTS = frozenset({"trim", "trim_start", "trim_end", "to_lowercase", "to_uppercase", "to_string", "to_owned"})


def _cut(machine: Machine, receiver: Value, key: Object, span: Span) -> Value:
    low, high = (machine.known(key.slots[side]) for side in ("low", "high"))
    held = receiver
    if isinstance(receiver, Object) and receiver.kind == "Array" and not receiver.slots.get("open"):
        held = machine.known(receiver.slots.get("items", ()))
    if isinstance(held, str) and not held.isascii():
        return Unknown("a part of a text", span)
    if isinstance(held, (str, tuple)) and all(
        side is None or isinstance(side, float) for side in (low, high)
    ):
        begin = int(low) if low is not None else 0
        end = len(held) if high is None else int(high) + (1 if key.slots["inclusive"] else 0)
        if begin > end or end > len(held):
            panic(machine, "range end out of bounds", span)
        cut = held[begin:end]
        return cut if isinstance(cut, str) else Object("Array", {"items": cut}, span)
    if low is None and high is None:
        return receiver
    if isinstance(receiver, Unknown):
        if all(side is None or isinstance(side, float) for side in (low, high)):
            _may_be_short(machine, receiver, max(low or 0, (high or 0) + bool(key.slots["inclusive"])), span)
        return receiver.derived(("cut", span.start), f"a part of {receiver.why}", span)
    return Unknown("a part", span)
