"""What a client may send where the code takes it as it comes: text without the parts that are unpacked, or no key."""

from __future__ import annotations

from typing import Any

from wslint.runtime.python.errors import fail
from wslint.runtime.unasked import ASKED, is_unasked
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import Choice, Unknown, is_constant

WORDS = {
    "unpacked": {1: "the message has another number of parts", 2: "the message has as many parts"},
    "indexed": {1: "the message has too few parts", 2: "the message has enough parts"},
    "looked up": {1: "the message is none of the keys", 2: "the message is one of the keys"},
}
SPLITS = frozenset({"split", "rsplit"})
_CUTS = SPLITS | {
    "partition",
    "rpartition",
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "casefold",
    "title",
}


def note_split(made: Unknown, name: str) -> None:
    """Remember of a list that it is the pieces of a text."""
    if name in SPLITS:
        made.known["pieces"] = True


def unpacked(host: Any, value: Unknown, wanted: int, span: Span) -> None:
    """`a, b = message.split(" ")` raises where the client's text has another number of pieces."""
    if value.known.get("pieces") and wanted > 1:
        _may_fail(host, value, ("unpacked", wanted), "ValueError: not enough values to unpack", span)


def indexed(host: Any, value: Unknown, place: int | None, span: Span) -> None:
    """`message.split(" ")[1]` raises where the client's text has one piece."""
    if value.known.get("pieces") and place is not None and (place > 0 or place < -1):
        _may_fail(host, value, ("indexed", place), "IndexError: list index out of range", span)


def is_any_key(holder: Object, key: Any) -> bool:
    """Whether a client chooses a key of a dict whose keys are all written out."""
    from wslint.runtime import collections as shared

    names = [shared.key_value(slot) for slot in holder.slots if shared.is_key(slot)]
    return (
        isinstance(key, Unknown)
        and not shared.is_open(holder)
        and bool(names)
        and all(is_constant(name) for name in names)
        and is_unasked(key, _CUTS)
    )


def missing_key(host: Any, key: Unknown, span: Span) -> None:
    """`commands[message]` raises where the client sends what is no key."""
    _may_fail(host, key, ("looked up", 0), "KeyError", span)


def _may_fail(host: Any, value: Unknown, asked: tuple[str, int], error: str, span: Span) -> None:
    if not is_unasked(value, _CUTS):
        return
    choice = value.known.get((ASKED, asked))
    if choice is None:
        choice = value.known[ASKED, asked] = Choice("client", span, dict(WORDS[asked[0]]), 3, odd=1)
    host.maybe(choice, 1, lambda: fail(host, error, span))
