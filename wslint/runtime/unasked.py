"""Whether a piece of a client's message is taken as it comes.

Whoever has asked anything about a message (its length, what it begins with, whether something is in it) may know what
it holds; only of a message that nobody has asked about is it sure that a client can send another.
"""

from __future__ import annotations

from wslint.values.value import Unknown

ASKED = "may fail"
"""What marks a choice of ours among what is known of a thing."""

_NOTES = frozenset({"root", "message", "type", "plain", "case", "most", "text", "parts", "prefix", "pieces"})
_STEPS = frozenset({"item", "slice", "cut"})
_JOINED = "text"
"""Marks what a text was joined to something as: longer than the client's own, and no question about it."""
_DEEPEST = 8


def is_unasked(value: Unknown, cuts: frozenset[str]) -> bool:
    """Whether nothing was asked about the message that a value is a piece of. `cuts` are calls that only cut."""
    root = value.known.get("root", value)
    if value.owner != "client" or "message" not in root.known or not _is_only_cut(root, cuts, 0):
        return False
    return _is_cut_of(root, value, 0)


def _is_only_cut(value: Unknown, cuts: frozenset[str], depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    for key, held in value.known.items():
        if key in _NOTES:
            continue
        if not isinstance(key, tuple):
            return False
        if key[0] in (ASKED, _JOINED):
            continue
        if key[0] not in _STEPS and not (key[0] == "call" and key[1] in cuts):
            return False
        if isinstance(held, Unknown) and not _is_only_cut(held, cuts, depth + 1):
            return False
    return True


def _is_cut_of(root: Unknown, value: Unknown, depth: int) -> bool:
    """Whether a value was cut out of another, and not joined to anything on the way."""
    if root is value:
        return True
    return depth < _DEEPEST and any(
        isinstance(key, tuple)
        and key[0] != _JOINED
        and isinstance(held, Unknown)
        and _is_cut_of(held, value, depth + 1)
        for key, held in root.known.items()
    )
