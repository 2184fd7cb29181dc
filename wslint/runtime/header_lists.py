"""Headers as something to go through: those that are surely there, and a sample of what else a client may send.

The sample's name is not known, but it is none of those that are. Whoever keeps it under that name therefore does not
keep a header that was left out before: a copy that drops `upgrade` surely lacks it, whatever else a client sends.
"""

from __future__ import annotations

from typing import Any

from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import ABSENT, Unknown, Value

_NONE_OF = "none of"
_CASES = frozenset(
    ("toLowerCase", "toUpperCase", "lower", "upper", "casefold", "to_lowercase", "to_ascii_lowercase")
)
MODELLED = ("upgrade",)
"""The headers of which it matters that they surely are not there."""


def listed(host: Any, headers: Object, span: Span | None, part: str = "entries", extra: Any = None) -> Object:
    """The entries, the names or the values, as an array. `extra` is what makes a pair of the language at hand."""
    known: dict[str, str] = {}
    unsure: list[str] = []
    for key, held in headers.slots.items():
        if not (isinstance(key, tuple) and key[0] == "h"):
            continue
        value = host.known(held)
        if isinstance(value, str):
            known[key[1]] = value
        elif value is not None:
            unsure.append(key[1])
    is_complete = host.known(headers.slots["complete"]) is True and "escaped" not in headers.slots
    items = tuple(_part(name, value, span, part, extra) for name, value in sorted(known.items()))
    made = Object("Array", {"items": items}, span)
    if unsure or not is_complete:
        name = Unknown("the name of a header", span, "client")
        name.known[_NONE_OF] = frozenset(name for name in MODELLED if name not in unsure)
        made.slots["open"] = "client"
        made.slots["sample"] = _part(name, Unknown("a header", span, "client"), span, part, extra)
    return made


def _part(name: Value, value: Value, span: Span | None, part: str, extra: Any) -> Value:
    if part == "entries":
        return Object("Array", {"items": (name, value)}, span, extra)
    return name if part == "keys" else value


def left_out(name: Value) -> frozenset[str]:
    """The headers that a name surely is none of, also where it was only written in another case."""
    while isinstance(name, Unknown):
        found = name.known.get(_NONE_OF)
        if found is not None:
            return frozenset(found)
        whole, question = name.asked or (None, None)
        if not isinstance(question, tuple) or not any(
            part in _CASES for part in question if isinstance(part, str)
        ):
            break
        name = whole
    return frozenset()


def lacking(host: Any, slots: dict[Any, Value], name: Value, slot: Any) -> None:
    """Something is put under a name that is not known: what it surely is none of is still not there. `slot` makes the
    key of a name."""
    for one in left_out(name):
        if slot(one) not in slots:
            host.put(slots, slot(one), ABSENT)
