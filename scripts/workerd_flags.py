"""The compatibility flags that a workerd binary knows, read out of the binary itself.

Cap'n Proto's C++ code embeds the schema of each struct it knows as a message (schema.capnp's `Node`), so the
binary holds every field of `CompatibilityFlags` with its annotations: flag names, dates, what is experimental.
The message is found by its display name, and the annotations by the names that the struct itself gives them.
Layouts: https://capnproto.org/encoding.html and schema.capnp of Cap'n Proto 1.0.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NAME = b"compatibility-date.capnp:CompatibilityFlags\0"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

HEADER = (
    "enable_flag",
    "disable_flag",
    "default_from",
    "experimental",
    "always_on",
    "implied_by",
    "implied_from",
    "python_release",
)


class NoSchema(Exception):
    """The binary holds no schema of the flags in a form that is understood; says what was missing."""


@dataclass(frozen=True, slots=True)
class _Struct:
    """A struct of a message: where its data and its pointers begin, in words, and how many there are."""

    words: memoryview
    data: int
    size: int
    pointers: int

    def number(self, bit: int, bits: int) -> int:
        """An unsigned number of 16, 32 or 64 bits; zero beyond the struct's end, as the encoding has it."""
        if bit + bits > self.size * 64:
            return 0
        code = {16: "<H", 32: "<I", 64: "<Q"}[bits]
        return int(struct.unpack_from(code, self.words, self.data * 8 + bit // 8)[0])

    def text(self, index: int) -> str:
        place = self.data + self.size + index
        return _text(self.words, place) if index < self.pointers else ""

    def structs(self, index: int) -> Iterator[_Struct]:
        if index < self.pointers:
            yield from _structs(self.words, self.data + self.size + index)

    def child(self, index: int) -> _Struct | None:
        return _struct(self.words, self.data + self.size + index) if index < self.pointers else None

    def texts(self) -> Iterator[str]:
        """Every text that a pointer of this struct leads to, also through a list of texts."""
        for place in range(self.data + self.size, self.data + self.size + self.pointers):
            start, low, high = _pointer(self.words, place)
            if low & 3 == 1 and high & 7 == 2:
                yield _text(self.words, place)
            elif low & 3 == 1 and high & 7 == 6:
                yield from (_text(self.words, start + item) for item in range(high >> 3))


def _pointer(words: memoryview, place: int) -> tuple[int, int, int]:
    """A pointer's target, its low half and its high half. Raises NoSchema outside of the message."""
    try:
        low, high = struct.unpack_from("<iI", words, place * 8)
    except struct.error:
        raise NoSchema("a pointer leads out of the message") from None
    return place + 1 + (low >> 2), low, high


def _struct(words: memoryview, place: int) -> _Struct | None:
    start, low, high = _pointer(words, place)
    if (low, high) == (0, 0):
        return None
    if low & 3 != 0:
        raise NoSchema("a struct was expected")
    return _Struct(words, start, high & 0xFFFF, high >> 16)


def _structs(words: memoryview, place: int) -> Iterator[_Struct]:
    start, low, high = _pointer(words, place)
    if (low, high) == (0, 0):
        return
    if low & 3 != 1 or high & 7 != 7:
        raise NoSchema("a list of structs was expected")
    tag, sizes = struct.unpack_from("<iI", words, start * 8)
    each = (sizes & 0xFFFF) + (sizes >> 16)
    for item in range(tag >> 2):
        yield _Struct(words, start + 1 + item * each, sizes & 0xFFFF, sizes >> 16)


def _text(words: memoryview, place: int) -> str:
    start, low, high = _pointer(words, place)
    if (low, high) == (0, 0):
        return ""
    if low & 3 != 1 or high & 7 != 2:
        raise NoSchema("a text was expected")
    return bytes(words[start * 8 : start * 8 + (high >> 3) - 1]).decode()


def rows(binary: Path) -> list[tuple[str, ...]]:
    """The flags in the binary's order, with the columns of `HEADER`. Raises NoSchema."""
    node = _node(binary.read_bytes())
    names = {nested.number(0, 64): nested.text(0) for nested in node.structs(1)}  # Node.nestedNodes
    found = sorted(node.structs(3), key=lambda field: field.number(96, 16))  # struct.fields by ordinal
    said = [
        {names.get(note.number(0, 64), ""): note.child(0) for note in field.structs(1)} for field in found
    ]
    # An implication names fields; a configuration knows them by their flags.
    flags = {
        field.text(0): _word(notes, "compatEnableFlag") for field, notes in zip(found, said, strict=True)
    }
    listed = [_row(notes, flags) for notes in said if _word(notes, "compatEnableFlag")]
    if not listed:
        raise NoSchema("the schema has no flags")
    return listed


def _node(content: bytes) -> _Struct:
    """The `Node` whose display name is the struct's: its text is reached from a root pointer before it."""
    for match in re.finditer(re.escape(_NAME), content):
        end = match.end()
        for back in range(8, 1024):
            root = end - back
            if content[root : root + 4] != b"\0\0\0\0":
                continue
            try:
                words = memoryview(content)[root : root + 2**20]
                node = _struct(words, 0)
                if (
                    node is not None
                    and 0 < node.size < 16
                    and node.pointers >= 4
                    and node.text(0).endswith(_NAME[:-1].decode())
                ):
                    return node
            except (NoSchema, UnicodeDecodeError, struct.error):
                continue
    raise NoSchema("the binary embeds no schema of CompatibilityFlags")


_Notes = dict[str, "_Struct | None"]
"""A field's annotations by name, each with its `Value`."""


def _word(notes: _Notes, name: str) -> str:
    value = notes.get(name)
    return value.text(0) if value is not None else ""


def _row(notes: _Notes, flags: dict[str, str]) -> tuple[str, ...]:
    implied = notes.get("impliedByAfterDate")
    value = implied.child(0) if implied is not None else None
    words = list(value.texts()) if value is not None else []
    return (
        _word(notes, "compatEnableFlag"),
        _word(notes, "compatDisableFlag"),
        _word(notes, "compatEnableDate"),
        "yes" if "experimental" in notes else "",
        "yes" if "compatEnableAllDates" in notes else "",
        ",".join(flags.get(word, word) for word in words if not _DATE.fullmatch(word)),
        next((word for word in words if _DATE.fullmatch(word)), ""),
        "yes" if "pythonSnapshotRelease" in notes else "",
    )


def table(binary: Path, version: str, date: str) -> str:
    """wslint/data/compatibility_flags.tsv for this binary."""
    first = (
        f"# Generated from the CompatibilityFlags schema embedded in workerd {version} ({date}). Do not edit."
    )
    return "\n".join([first, "\t".join(HEADER), *("\t".join(row) for row in rows(binary))]) + "\n"
