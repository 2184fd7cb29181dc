"""Text made safe to show: nothing in a checked file may steer the terminal that shows it."""

from __future__ import annotations

import unicodedata

TAB_WIDTH = 4

# Emoji and several scripts are wrong without the zero-width joiner and non-joiner, and neither
# moves anything.
HARMLESS_FORMAT_CHARACTERS = "\u200c\u200d"


def visible_character(character: str) -> str:
    """The character itself when it is harmless, else something that can be seen.

    Format characters count as harmful: right-to-left overrides reorder a line, so that what is
    read is not what runs ("Trojan Source", CVE-2021-42574).
    """
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # the control pictures: ␀ ␁ …
    if code == 0x7F:
        return "\u2421"
    category = unicodedata.category(character)
    if character in HARMLESS_FORMAT_CHARACTERS or category in ("Co", "Cn"):
        return character
    if category == "Zs":
        return " "  # spaces of other widths: shown as what they look like
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str) -> str:
    """A text in which control characters, line ends included, are seen instead of obeyed."""
    if text.isprintable():
        return text
    return "".join(map(visible_character, text))


def one_line(text: str) -> str:
    """A message on one line, whatever was quoted into it."""
    return visible(" ".join(text.splitlines())).strip()


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_character_cells, text))


def _character_cells(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0  # combining marks, joiners, and the later parts of a decomposed Korean syllable
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
