"""Whether a safe fix is one: the mended files are read and checked before the fix is called safe.

A fix stays safe when what it leaves can be read, when its finding is gone, and when nothing has come in its place:
no error, no warning, and nothing that can't be decided. Most runs have all their fixes proved by one more run over all of
them together; where that shows a flaw, halves are tried, down to the fix that has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from wslint.finding import Finding, Fix, Severity
from wslint.fix import apply
from wslint.record import replace
from wslint.report.model import Result

Again = Callable[[Mapping[Path, bytes]], Result]
"""The same run over files of which some have other texts."""

MOST_RUNS = 16
"""More are not worth their time: what they would have proved is unsafe then."""


def with_proved_fixes(result: Result, again: Again) -> Result:
    """The result, its safe fixes unsafe where they were not proved."""
    safe = [finding for finding in result.findings if finding.fix and finding.fix.applicability == "safe"]
    proved = _proved(result, safe, again)
    if len(proved) == len(safe):
        return result
    findings = tuple(
        _unsafe(finding) if any(finding is other for other in safe) and id(finding) not in proved else finding
        for finding in result.findings
    )
    return replace(result, findings=findings)


def _proved(before: Result, safe: list[Finding], again: Again) -> set[int]:
    proved: set[int] = set()
    waiting = [safe] if safe else []
    runs = 0
    while waiting and runs < MOST_RUNS:
        group = waiting.pop()
        texts, count = apply(group, unsafe=False)
        if count == len(group):
            runs += 1
            if _is_better(before, again(texts), group):
                proved.update(id(finding) for finding in group)
                continue
        if len(group) > 1:
            half = len(group) // 2
            waiting += [group[half:], group[:half]]
    return proved


def _is_better(before: Result, after: Result, mended: list[Finding]) -> bool:
    """Whether all that was to be mended is gone, and neither a loud finding nor an unknown took its place."""
    allowed = _counted(before.findings)
    allowed.subtract(_kind(finding) for finding in mended)
    left = _counted(after.findings)
    loud = {_kind(finding) for finding in after.findings if _is_loud(finding)}
    known = {_kind(finding) for finding in before.findings}
    if any(left[kind] > allowed[kind] for kind in left if kind in known or kind in loud):
        return False
    places = {(finding.span.file.name, finding.span.first.line) for finding in mended}
    return _unknown_at(after, places) <= _unknown_at(before, places)


def _counted(findings: Iterable[Finding]) -> Counter[tuple[str, Path]]:
    """How often each kind was found; in how many environments, too: a fix may mend one after the other."""
    counts: Counter[tuple[str, Path]] = Counter()
    for finding in findings:
        counts[_kind(finding)] += max(len(finding.environments), 1)
    return counts


def _is_loud(finding: Finding) -> bool:
    return finding.severity > Severity.INFO and finding.confidence == "high"


def _unknown_at(result: Result, places: set[tuple[str, int]]) -> int:
    return sum((unknown.path, unknown.line) in places for unknown in result.unknown)


def _kind(finding: Finding) -> tuple[str, Path]:
    """What of a finding stays the same when lines move."""
    return finding.code, finding.span.file.path


def _unsafe(finding: Finding) -> Finding:
    fix = finding.fix
    assert fix is not None
    return replace(finding, fix=Fix(fix.title, "unsafe", fix.edits))
