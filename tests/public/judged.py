"""A list of judged findings, and where a run differs from it.

The list is a TSV with a line of names: `repo`, `place` (path:line), `code`, `verdict`, and more if it likes.
Lines that start with `#` are remarks. A verdict is TRUE, FALSE (what it says does not happen) or ARGUABLE
(literally right, and of no use to whoever owns the file).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.public.projects import Project
from wslint.record import field, frozen, record

Key = tuple[str, str, str]
"""Repository, place, code."""


@frozen
class Judged:
    """One finding that somebody has read to its end."""

    repo: str
    place: str
    code: str
    verdict: str

    @property
    def key(self) -> Key:
        return self.repo, self.place, self.code


@record
class Comparison:
    """A run beside the list. `counts` has how many of each verdict are still said or no more."""

    false: list[Key] = field(default_factory=list)
    lost: list[Key] = field(default_factory=list)
    new: list[Key] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def differs(self) -> bool:
        return bool(self.false or self.lost or self.new)


def read(path: Path) -> list[Judged]:
    """The list in a file. Raises ValueError where a column that is needed is not there."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    names = lines[0].split("\t") if lines else []
    missing = {"repo", "place", "code", "verdict"} - set(names)
    if missing:
        raise ValueError(f"{path}: no column {', '.join(sorted(missing))}")
    rows = [dict(zip(names, line.split("\t"), strict=False)) for line in lines[1:]]
    return [Judged(row["repo"], row["place"], row["code"], row["verdict"]) for row in rows]


def said(project: Project, severities: Iterable[str]) -> list[Key]:
    """The findings of a project of these severities."""
    return [
        (project.repo, f"{finding['path']}:{finding['line']}", finding["code"])
        for finding in project.report.get("findings", ())
        if finding["severity"] in severities
    ]


def compare(checked: list[Project], judged: list[Judged]) -> Comparison:
    """Where a run says what is false, leaves out what is true, or says an error that nobody has judged.

    A judged finding may be said as a warning by now; a new one counts only as an error. A project that could
    not be checked is left out of the comparison."""
    result = Comparison()
    repos = {project.repo for project in checked if project.report}
    now = {key for project in checked for key in said(project, ("error", "warning"))}
    for row in judged:
        if row.repo not in repos:
            result.counts[row.verdict, "not at hand"] += 1
            continue
        result.counts[row.verdict, "said" if row.key in now else "not said"] += 1
        if row.verdict == "FALSE" and row.key in now:
            result.false.append(row.key)
        if row.verdict == "TRUE" and row.key not in now:
            result.lost.append(row.key)
    known = {row.key for row in judged}
    result.new = [key for project in checked for key in said(project, ("error",)) if key not in known]
    return result
