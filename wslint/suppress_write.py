"""`wslint check --add-ignore REASON`: a comment above each finding, where a check with it shows that it silences that
finding and does nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from wslint.boundary import Boundary
from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Edit, Finding
from wslint.fix import spliced
from wslint.record import frozen
from wslint.report.model import Result
from wslint.suppress_edit import suppression

Once = Callable[[Files], Result]
Group = tuple[Edit, tuple[Finding, ...]]
"""A comment, and the findings of the line below it."""


@frozen
class Silenced:
    """What is written, what is found after it, and what no comment silences."""

    changes: dict[Path, tuple[bytes, bytes]]
    result: Result
    done: tuple[Finding, ...]
    left: tuple[Finding, ...]


def silence(once: Once, here: Path, reason: str, limit: Boundary | None) -> Silenced:
    """The comments for all findings of a check; one that does more or less than it says is left out."""
    if not reason.strip() or not reason.isprintable():
        raise CheckError("--add-ignore takes the reason, in words on one line")
    result = once(Files(here, boundary=limit))
    groups = _groups(result.findings, reason.strip())

    def after(chosen: Sequence[Group]) -> Result:
        texts = {path: new for path, (_, new) in _changes(chosen).items()}
        return once(Files(here, texts, limit))

    found = after(groups)
    if not _holds(result, found, groups):
        groups = [group for group in groups if _holds(result, after([group]), [group])]
        found = after(groups)
    done = tuple(finding for _, findings in groups for finding in findings)
    left = tuple(finding for finding in result.findings if finding not in done)
    return Silenced(_changes(groups), found, done, left)


def _groups(findings: Iterable[Finding], reason: str) -> list[Group]:
    by_line: dict[tuple[Path, int], list[Finding]] = {}
    for finding in findings:
        by_line.setdefault((finding.span.file.path, finding.span.first.line), []).append(finding)
    groups: list[Group] = []
    for here in by_line.values():
        edit = suppression(here[0], reason)
        if edit is not None:
            codes = ", ".join(dict.fromkeys(finding.code for finding in here))
            text = edit.text.replace(f"[{here[0].code}]", f"[{codes}]", 1)
            groups.append((Edit(edit.span, text), tuple(here)))
    return groups


def _changes(groups: Iterable[Group]) -> dict[Path, tuple[bytes, bytes]]:
    by_file: dict[Path, list[Edit]] = {}
    for edit, _ in groups:
        by_file.setdefault(edit.span.file.path, []).append(edit)
    return {
        path: (edits[0].span.file.data, spliced(edits[0].span.file.data, edits))
        for path, edits in by_file.items()
    }


def _holds(before: Result, after: Result, groups: Sequence[Group]) -> bool:
    wanted = _kinds(before.findings)
    wanted.subtract(_kinds(finding for _, findings in groups for finding in findings))
    return +wanted == _kinds(after.findings)


def _kinds(findings: Iterable[Finding]) -> Counter[tuple[str, Path]]:
    return Counter((finding.code, finding.span.file.path) for finding in findings)
