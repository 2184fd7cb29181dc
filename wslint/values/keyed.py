"""A table and a key that a client chooses: one of the table's entries, or nothing.

The table's names are cases of the one choice what the key is, so that a test of the key before (`===`, `in`,
`Object.hasOwn`, `includes`, `switch`) and what is found under it are one decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wslint.values.heap import Object
from wslint.values.value import Choice, OneOf, Unknown, Value, is_constant

MOST_ENTRIES = 24
"""Entries of a table whose ways are told apart."""

_HARMLESS = frozenset(
    {"value", "labels", "truth", "type", "typeof", "text", "message", "root", "most", "parts"}
)
"""What may be known of a key that leaves it any text, or is tied to the choice what it is."""
_MATCHES = frozenset(
    {
        "test",
        "exec",
        "match",
        "matchAll",
        "search",
        "fullmatch",
        "includes",
        "contains",
        "startsWith",
        "startswith",
    }
    | {"endsWith", "endswith", "indexOf", "lastIndexOf", "charAt", "charCodeAt", "at", "find", "of", "unary"}
)
"""Questions whose answers say something about a text that its parts can't be held to."""
_PARTS = frozenset(
    {"trim", "strip", "trimStart", "trimEnd", "split", "toString", "toLowerCase", "toUpperCase"}
)
"""Methods of a text a client chooses, whose answers it chooses too."""


def names(holder: Object) -> list[str] | None:
    """The names of an object literal that is known from end to end; None where it may have more, or other ones."""
    if holder.kind != "Object" or holder.slots.get("open") or "escaped" in holder.slots:
        return None
    found: list[str] = []
    for slot in holder.slots:
        if isinstance(slot, tuple) and slot[0] != "unknown":
            if slot[0] != "p" or ("get", slot[1]) in holder.slots or ("set", slot[1]) in holder.slots:
                return None
            found.append(slot[1])
    return found if 0 < len(found) <= MOST_ENTRIES else None


def is_free(key: Value) -> bool:
    """Whether a client can make a key any text: a part of its message or its query, of which nothing was asked but
    whether it is one text or another."""
    if not isinstance(key, Unknown) or key.owner != "client" or not _HARMLESS.issuperset(key.known):
        return False
    part = key
    while part.asked is not None:
        whole, question = part.asked
        if any(_limits(asked) for asked in whole.known):
            return False
        if isinstance(question, tuple) and question[:2] == ("query", "get"):
            return True
        if not _is_part(whole, question):
            return False
        part = whole
    return part.known.get("message") == "text"


def _limits(asked: object) -> bool:
    if not isinstance(asked, tuple):
        return False
    return asked[0] in _MATCHES or (asked[0] == "call" and asked[1] in _MATCHES)


def _is_part(whole: Unknown, question: object) -> bool:
    """Whether a client that chooses a whole also chooses what a question gives."""
    if not isinstance(question, tuple):
        return question == "parsed"
    is_data = whole.asked is not None and (whole.asked[1] == "parsed" or _is_member(whole.asked[1]))
    match question:
        case ("member", name):
            return is_data and name != "length"
        case ("item", int()):
            return is_data or (whole.asked is not None and _is_split(whole.asked[1]))
        case ("call", "split", (separator, *_)):
            return isinstance(separator, str) and separator != ""
        case ("call", name, ()):
            return name in _PARTS
        case ("text", parts):
            return len([part for part in parts if part != ""]) == 1
    return False


def _is_split(question: object) -> bool:
    return isinstance(question, tuple) and question[:2] == ("call", "split")


def _is_member(question: object) -> bool:
    return isinstance(question, tuple) and question[0] == "member"


def decide(machine: Any, key: Unknown, found: Sequence[tuple[Value, Value]], other: Value) -> Value:
    """What belongs to a key: for each constant that it may be a value, and one for all others."""
    choice: Choice = machine.value_choice(key)
    cases: list[tuple[int, Value]] = []
    rest = -1
    for constant, value in found:
        mask = machine.case_of(key, constant)
        cases.append((mask, value))
        rest &= ~mask
    if all(isinstance(constant, str) for constant, _ in found):
        shown = ", ".join(f"`{constant}`" for constant, _ in found[:3])
        more = ", …" if len(found) > 3 else ""
        choice.words.setdefault(rest, f"what it asks for is none of {shown}{more}")
        choice.odd = rest
    return OneOf(choice, (*cases, (rest, other)), len(cases) + 1)


def constants(slots: Sequence[Value]) -> bool:
    """Whether all keys of a collection are constants, and few enough to tell apart."""
    return 0 < len(slots) <= MOST_ENTRIES and all(is_constant(one) for one in slots)
