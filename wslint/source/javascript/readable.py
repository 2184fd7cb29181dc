"""What the parser is given in place of a file: forms that the grammar does not know, at the same length.

Texts are read from the file itself, so what stands here only shapes the tree.
"""

from __future__ import annotations

import re

from wslint.regex import regex

_ENDS = regex(rb">`")
_OF_TYPES = regex(rb"[\w\s.,;:?|&$(){}\[\]\"'<>=\-/@]*")
_BEFORE = regex(rb"[\w$)\]]")
_TYPE_NAME = regex(rb"(?<=[{,])(\s{0,80})type(?=\s{0,80}[,}])")
_MOST = 2000
"""Bytes between the brackets; longer types are left to the grammar."""


def readable(data: bytes) -> bytes:
    """The same bytes, with the type arguments of tagged templates (`` sql<Row>`…` ``) blank, and the name `type` in a
    list of names, which the grammar takes for the modifier, written another way."""
    if b">" in data and b"`" in data:
        data = _without_type_arguments(data)
    return _TYPE_NAME.sub(rb"\1_ype", data) if b"type" in data else data


def _without_type_arguments(data: bytes) -> bytes:
    blank = None
    for found in _ENDS.finditer(data):
        start = _opening(data, found.start())
        if start is None:
            continue
        blank = blank if blank is not None else bytearray(data)
        end = found.start() + 1
        blank[start:end] = re.sub(rb"[^\n]", b" ", data[start:end])
    return data if blank is None else bytes(blank)


def _opening(data: bytes, closing: int) -> int | None:
    """Where the bracket opens that closes here, if what stands between can be types behind a name."""
    depth = 0
    for place in range(closing, max(closing - _MOST, 0), -1):
        char = data[place]
        if char == 0x3E and data[place - 1] != 0x3D:  # `>`, but not of `=>`
            depth += 1
        elif char == 0x3C:  # `<`
            depth -= 1
            if depth == 0:
                inner = data[place + 1 : closing]
                names = _BEFORE.match(data, place - 1) and inner.strip() and _OF_TYPES.fullmatch(inner)
                return place if names else None
        elif char == 0x60:  # another template
            return None
    return None
