"""Texts that are never the same twice: what draws an id or reads the clock, and what is made of it."""

from __future__ import annotations

from wslint.values.value import Unknown, Value

_DRAWS = frozenset(
    [
        "crypto.randomUUID",
        "uuid.uuid1",
        "uuid.uuid4",
        "secrets.token_hex",
        "secrets.token_urlsafe",
        "Uuid.new_v4",
        "Uuid.now_v7",
    ]
)
_CLOCKS = frozenset(("Date.now", "performance.now", "time.time", "time.time_ns"))
_FRESH = "fresh"
_WRITTEN = frozenset(
    [
        "toString",
        "to_string",
        "valueOf",
        "as_millis",
        "hyphenated",
        "simple",
        "encode_lower",
        "as_str",
        "clone",
        "into",
        "toLowerCase",
        "toUpperCase",
        "lower",
        "upper",
        "to_lowercase",
        "to_uppercase",
    ]
)
"""Methods that write the whole of it."""
_CUT = frozenset(("slice", "substring", "replace", "replaceAll", "split"))
"""What leaves enough of a drawn id; the beginning of a time is that of many times."""


def marked(made: Unknown, name: str) -> Unknown:
    """What a function of the runtime or the standard library gives."""
    if name in _DRAWS or name in _CLOCKS:
        made.known[_FRESH] = "id" if name in _DRAWS else "time"
    return made


def source_of(value: Value) -> Unknown | None:
    """The draw that makes a text another one each time; None where it may be the same again."""
    found = _kind(value, 0)
    return found[1] if found is not None else None


def _kind(value: Value, depth: int) -> tuple[str, Unknown] | None:
    if not isinstance(value, Unknown) or depth > 8:
        return None
    if _FRESH in value.known:
        return str(value.known[_FRESH]), value
    for part in value.known.get("parts", ()):
        found = _kind(part, depth + 1)
        if found is not None:
            return found
    whole, question = value.asked or (None, None)
    if not isinstance(question, tuple):
        return None
    found = _kind(whole, depth + 1)
    if found is None:
        return None
    if question[0] in ("text", "join"):
        return found
    if question[0] != "call" or len(question) < 2:
        return None
    return found if question[1] in _WRITTEN or (found[0] == "id" and question[1] in _CUT) else None
