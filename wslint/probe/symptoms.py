"""The table from answers to causes, `wslint/data/symptoms.toml`, and the catalogue that it points into."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

from wslint.record import frozen

Outcome = Literal["working", "refused", "broken", "undecided", "no-answer"]

EXIT_CODES: dict[Outcome, int] = {"working": 0, "refused": 1, "broken": 1, "undecided": 2, "no-answer": 2}

PACKAGE = Path(__file__).parent.parent


@frozen
class Symptom:
    """One row. `status` is empty for what is no answer; `causes` are ids of the failure catalogue."""

    id: str
    outcome: Outcome
    title: str
    meaning: str
    advice: str
    causes: tuple[str, ...]
    status: str = ""
    body: re.Pattern[str] | None = None
    header: re.Pattern[str] | None = None
    is_general: bool = False
    """Whether it only says that something threw: its causes are another row's."""

    @property
    def is_error_text(self) -> bool:
        """Whether the row is about an error's own words, which a log holds as well as an answer."""
        return self.status == "error"

    def fits(self, status: int, headers: list[str], body: str) -> bool:
        """Whether an answer shows this symptom; `headers` are `name: value` lines."""
        return (
            self._fits_status(status)
            and (self.body is None or self.body.search(body) is not None)
            and (self.header is None or any(self.header.search(line) for line in headers))
        )

    def _fits_status(self, status: int) -> bool:
        if self.status in ("error", "failed"):
            return status >= 400
        if self.status == "any":
            return True
        text = str(status)
        return bool(self.status) and all(
            wanted in ("x", digit) for wanted, digit in zip(self.status, text, strict=True)
        )


@cache
def symptoms() -> dict[str, Symptom]:
    """All rows by id, in the table's order."""
    with (PACKAGE / "data" / "symptoms.toml").open("rb") as file:
        rows = tomllib.load(file)["symptom"]
    own = {row["id"]: row["causes"] for row in rows if "causes" in row}
    table = {row["id"]: _symptom(row, own) for row in rows}
    assert len(table) == len(rows), "two symptoms of one id"
    return table


def _symptom(row: dict[str, Any], own: dict[str, list[str]]) -> Symptom:
    others = ("causes", "causes_of", "body", "header")
    text = {key: value for key, value in row.items() if key not in others}
    body, header = row.get("body"), row.get("header")
    return Symptom(
        **text,
        causes=tuple(own[row.get("causes_of", row["id"])]),
        body=re.compile(body, re.I | re.S) if body else None,
        header=re.compile(header) if header else None,
        is_general="causes_of" in row,
    )


@cache
def catalogue() -> dict[str, str]:
    """What goes wrong in each known cause, by its id. It lies in the package in a wheel, else in scripts/."""
    for path in (PACKAGE / "data" / "catalogue.tsv", PACKAGE.parent / "scripts" / "catalogue.tsv"):
        if path.is_file():
            rows = path.read_text(encoding="utf-8").splitlines()[1:]
            return {cells[0]: cells[1] for cells in (row.split("\t") for row in rows)}
    raise FileNotFoundError("catalogue.tsv")


@cache
def rules_by_cause() -> dict[str, tuple[str, ...]]:
    """The codes of the rules that find each cause, the general ones last."""
    from wslint.rules import load_rules

    found: dict[str, list[str]] = {}
    for code, loaded in sorted(load_rules().items(), key=lambda item: bool(item[1].rule.gives_way_to)):
        for cause in loaded.rule.causes:
            found.setdefault(cause, []).append(code)
    return {cause: tuple(codes) for cause, codes in found.items()}
