"""Compatibility dates and flags, from the table that workerd itself carries.

Source: data/compatibility_flags.tsv; its first line names the workerd version it was read from.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from wslint.record import frozen
from wslint.regex import regex

_TABLE = Path(__file__).parent / "data" / "compatibility_flags.tsv"
DATE = regex(r"2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
"""What workerd takes for a date (it lets 02-30 pass)."""

TABLE_DATE = "2026-11-17"
"""The newest date that the table is sure to know: the release of its workerd."""

TABLE_VERSION = "1.20261117"
"""The workerd that the table was read from."""

_EARLIEST, _LATEST = "2000-01-01", "2999-12-31"


@frozen
class Flag:
    """One feature: its enabling and disabling flag, and when it turns on by itself.

    `default_from` is a date or empty; `implied_by` are flags that turn it on from `implied_from`.
    `always_on` features are on at every date.
    """

    enable: str
    disable: str
    default_from: str
    experimental: bool
    always_on: bool
    implied_by: tuple[str, ...]
    implied_from: str

    def on_from(self, date: str) -> bool:
        """Whether the date alone turns the feature on."""
        return self.always_on or bool(self.default_from and date >= self.default_from)


@cache
def flags() -> dict[str, Flag]:
    """All features by their enabling flag, in workerd's order."""
    table: dict[str, Flag] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines()[2:]:
        cells = [*line.split("\t"), *[""] * 8][:8]
        enable, disable, default_from, experimental, always_on, implied_by, implied_from, _ = cells
        implied = tuple(name for name in implied_by.split(",") if name)
        table[enable] = Flag(
            enable, disable, default_from, experimental == "yes", always_on == "yes", implied, implied_from
        )
    return table


@cache
def disabling() -> dict[str, Flag]:
    """All features that have a disabling flag, by that flag."""
    return {flag.disable: flag for flag in flags().values() if flag.disable}


def is_known(name: str) -> bool:
    return name in flags() or name in disabling()


def features(date: str, listed: Iterable[str]) -> frozenset[str]:
    """The enabling flags of all features that are on, worked out as workerd does it.

    A listed flag wins over the date. Implications are one pass in the table's order, over what is
    on already: workerd does not repeat it, so neither does this.
    """
    return _features(date, frozenset(listed))


@lru_cache(maxsize=1024)
def _features(date: str, given: frozenset[str]) -> frozenset[str]:
    found = {
        flag.enable
        for flag in flags().values()
        if flag.enable in given or (flag.on_from(date) and flag.disable not in given)
    }
    for flag in flags().values():
        implied = flag.implied_from and date >= flag.implied_from and flag.disable not in given
        if implied and not found.isdisjoint(flag.implied_by):
            found.add(flag.enable)
    return frozenset(found)


def enabled(name: str, date: str | None, listed: Iterable[str]) -> bool | None:
    """Whether the feature with the enabling flag `name` is on; None when it depends on an unknown date.

    Later dates only ever turn more on, so the first and the last date tell what holds at every date.
    """
    if name not in flags():
        raise KeyError(name)
    given = list(listed)
    if date is not None and DATE.fullmatch(date):
        return name in features(date, given)
    if name in features(_EARLIEST, given):
        return True
    return None if name in features(_LATEST, given) else False


def newest_date(today: datetime.date) -> str:
    """The newest date to propose: not in the future, and known to the table."""
    return min(TABLE_DATE, today.isoformat())


@lru_cache(maxsize=1024)
def misspelt(name: str) -> str | None:
    """The flag that an unknown `name` misspells beyond doubt, or None.

    Other case and separators count, and a slip of the pen in one word. Other numbers and other short
    words don't: those are how the names of new flags differ from old ones.
    """
    if is_known(name):
        return None
    plain, words = _plain(name), _words(name)
    same = [other for other, known, _ in _spelt() if known == plain]
    near = same or [other for other, _, known in _spelt() if _is_slip(words, known)]
    return near[0] if len(near) == 1 else None


@cache
def _spelt() -> list[tuple[str, str, list[str]]]:
    """All known flags, and the forms in which they are compared."""
    return [(name, _plain(name), _words(name)) for name in (*flags(), *disabling())]


def resembling(name: str) -> str | None:
    """A known flag to suggest for an unknown one, which `misspelt` is not sure of."""
    from wslint.settings import nearest

    # never the opposite of what was written
    return nearest(name, [other for other in (*flags(), *disabling()) if _negates(other) == _negates(name)])


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", name.lower())


def _negates(name: str) -> bool:
    return name.lower().startswith(("no_", "no-", "disable", "do_not_", "non_", "dont_"))


def _is_slip(written: list[str], known: list[str]) -> bool:
    """Whether two names differ in one long word only, and there by a letter or two."""
    if len(written) != len(known):
        return False
    pairs = [(one, other) for one, other in zip(written, known, strict=True) if one != other]
    if len(pairs) != 1:
        return False
    one, other = pairs[0]
    if min(len(one), len(other)) < 4 or re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    if one.startswith(other) or other.startswith(one):  # node_compat, nodejs_compatibility
        return True
    return _distance(one, other) <= (2 if len(other) >= 8 else 1)


def _distance(one: str, other: str) -> int:
    """Edits between two words; swapping neighbours is one edit."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
