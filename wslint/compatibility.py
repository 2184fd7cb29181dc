"""Compatibility dates and flags, from the table that workerd itself carries.

Source: data/compatibility_flags.tsv; its first line names the workerd version it was read from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "compatibility_flags.tsv"
DATE = re.compile(r"2\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
"""What workerd takes for a date (it lets 02-30 pass)."""

TABLE_DATE = "2026-11-17"
"""The newest date that the table is sure to know: the release of its workerd."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One feature: its enabling and disabling flag, and when it turns on by itself.

    `default_from` is a date or empty; `implied_by` are flags that turn it on from `implied_from`.
    """

    enable: str
    disable: str
    default_from: str
    experimental: bool
    always_on: bool
    implied_by: tuple[str, ...]
    implied_from: str


@cache
def flags() -> dict[str, Flag]:
    """All features by their enabling flag."""
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


def enabled(name: str, date: str | None, listed: Iterable[str]) -> bool | None:
    """Whether the feature with the enabling flag `name` is on; None when the date is not known.

    A flag in the list wins over the date, as in workerd.
    """
    table, given = flags(), set(listed)
    flag = table[name]
    if name in given or flag.always_on:
        return True
    if flag.disable and flag.disable in given:
        return False
    if date is None or not DATE.fullmatch(date):
        return None
    if flag.default_from and date >= flag.default_from:
        return True
    if flag.implied_by and flag.implied_from and date >= flag.implied_from:
        answers = [enabled(parent, date, given) for parent in flag.implied_by if parent in table]
        if True in answers:
            return True
        if None in answers:
            return None
    return False
