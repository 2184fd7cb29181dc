"""What a client may send where the code takes it as it comes: text without the parts that are unpacked, or no key.

Whoever has asked anything about a message (its length, what it begins with, whether something is in it) may know what
it holds; only of a message that nobody has asked about is it sure that a client can send another.
"""

from __future__ import annotations

from typing import Any

from wslint.runtime.python.errors import fail
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
_NOTES = frozenset({"root", "message", "type", "plain", "case", "most", "text", "parts", "prefix", "pieces"})
_ASKED = "may fail"
_STEPS = frozenset({"item", "slice", "text"})
_DEEPEST = 8


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
        and is_unasked(key)
    )


def missing_key(host: Any, key: Unknown, span: Span) -> None:
    """`commands[message]` raises where the client sends what is no key."""
    _may_fail(host, key, ("looked up", 0), "KeyError", span)


def _may_fail(host: Any, value: Unknown, asked: tuple[str, int], error: str, span: Span) -> None:
    if not is_unasked(value):
        return
    choice = value.known.get((_ASKED, asked))
    if choice is None:
        choice = value.known[_ASKED, asked] = Choice("client", span, dict(WORDS[asked[0]]), 3)
    host.maybe(choice, 1, lambda: fail(host, error, span))


def is_unasked(value: Unknown) -> bool:
    """Whether a piece of a client's message is taken as it comes: nothing was asked about the message before."""
    root = value.known.get("root", value)
    return value.owner == "client" and "message" in root.known and _is_only_cut(root, 0)


def _is_only_cut(value: Unknown, depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    for key, held in value.known.items():
        if key in _NOTES or (isinstance(key, tuple) and key[0] == _ASKED):
            continue
        if not isinstance(key, tuple) or not isinstance(held, Unknown):
            return False
        is_cut = key[0] in _STEPS or (key[0] == "call" and len(key) > 1 and key[1] in _CUTS)
        if not is_cut or not _is_only_cut(held, depth + 1):
            return False
    return True
