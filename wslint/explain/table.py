"""The table of what clients and tools say, `wslint/data/words.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from wslint.probe.symptoms import PACKAGE
from wslint.record import frozen


@frozen
class Words:
    """One row: words of a browser, a tool or an API, and where they lead."""

    id: str
    who: tuple[str, ...]
    said: str
    means: str
    pattern: re.Pattern[str] | None = None
    close: str = ""
    code: str = ""
    symptoms: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    ask: str = ""
    next: tuple[str, ...] = ("check",)

    def search(self, text: str) -> re.Match[str] | None:
        """Where the words of this row stand in a text."""
        if self.close:
            found = _close_code(self.close).search(text)
            if found is not None:
                return found
        return self.pattern.search(text) if self.pattern is not None else None


@cache
def _close_code(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\A\W*|(?:code|closed?|event)\b\D{{0,24}}){number}\b", re.I)


@cache
def _data() -> dict[str, Any]:
    with (PACKAGE / "data" / "words.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def table() -> dict[str, Words]:
    """All rows by id, in the table's order."""
    rows = [_words(row) for row in _data()["words"]]
    found = {row.id: row for row in rows}
    assert len(found) == len(rows), "two rows of one id"
    return found


def _words(row: dict[str, Any]) -> Words:
    given: dict[str, Any] = {
        name: tuple(held) if isinstance(held, list) else held for name, held in row.items()
    }
    if "pattern" in given:
        given["pattern"] = re.compile(given["pattern"], re.I | re.S)
    return Words(**given)


def question(status: int) -> str:
    """What tells apart the causes of a bare status."""
    asked: dict[str, str] = _data()["ask"]
    return asked.get(str(status)) or asked.get(f"{status // 100}xx", "")
