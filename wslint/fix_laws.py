"""What must hold after a fix, or it is not made: its file parses no worse, its finding is gone, and no error is
new in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from wslint.files import Files
from wslint.finding import Edit, Finding, Severity
from wslint.record import field, record
from wslint.report.model import Result

Identity = tuple[str, Path, str, str]
"""A finding whatever line it stands on: rule, file, message, and the text of its line."""


@record
class Group:
    """Fixes that are judged together, as they change files in common."""

    findings: list[Finding]
    edits: dict[Path, list[Edit]]


@record
class Judgement:
    """What is wrong with a group: nothing where `problem` is empty. `debts` are the errors that its fixes
    brought and that have a fix of their own, as file and rule."""

    problem: str = ""
    debts: set[tuple[Path, str]] = field(default_factory=set)


def identity(finding: Finding) -> Identity:
    file = finding.span.file
    return finding.code, file.path, finding.message, file.line_text(finding.span.first.line)


def applicable(finding: Finding, unsafe: bool) -> bool:
    """Whether the finding has a fix that may be made in this run."""
    mend = finding.fix
    if mend is None or mend.applicability == "display" or (mend.applicability == "unsafe" and not unsafe):
        return False
    return bool(mend.edits)


def groups(findings: Iterable[Finding]) -> list[Group]:
    """The findings in groups that share no file, so that each can be taken back alone."""
    found: list[Group] = []
    for finding in findings:
        edits: dict[Path, list[Edit]] = {}
        for edit in finding.fix.edits if finding.fix else ():
            edits.setdefault(edit.span.file.path, []).append(edit)
        merged = Group([], {})
        for group in [group for group in found if not edits.keys().isdisjoint(group.edits)]:
            found.remove(group)
            merged.findings += group.findings
            merged.edits.update(group.edits)
        merged.findings.append(finding)
        for path, inside in edits.items():
            merged.edits[path] = merged.edits.get(path, []) + inside
        found.append(merged)
    return found


@record
class Laws:
    """Two runs, before and after some fixes. `excused` says whether a new error may stand for now where it
    has a fix itself."""

    before: Result
    after: Result
    old: Files
    new: Files
    unsafe: bool
    excused: bool

    def judge(self, group: Group) -> Judgement:
        for path in group.edits:
            why = self._damage(path)
            if why:
                return Judgement(why)
        why = self._stands(group)
        return Judgement(why) if why else self._new_errors(group)

    def _damage(self, path: Path) -> str:
        from wslint.source.damage import damage

        old, new = self.old.read(path), self.new.read(path)
        if old is None or new is None or old.data == new.data:
            return "it changes nothing" if old is not None and new is not None else "the file can't be read"
        if damage(new) > damage(old):
            return f"`{self.new.name(path)}` would not parse any more"
        return ""

    def _stands(self, group: Group) -> str:
        wanted = Counter(map(identity, group.findings))
        before, after = _weights(self.before), _weights(self.after)
        for known, count in wanted.items():
            if after[known] > before[known] - count:
                return "the problem would still be there"
        codes = {(code, path) for code, path, *_ in wanted}
        for code, path in codes:
            if _count(self.after, code, path) > _count(self.before, code, path):
                return "there would be more such problems than before"
        return ""

    def _new_errors(self, group: Group) -> Judgement:
        before = Counter(_errors(self.before, group))
        debts: set[tuple[Path, str]] = set()
        for path, code in Counter(_errors(self.after, group)) - before:
            there = [one for one in self.after.findings if one.code == code and one.span.file.path == path]
            if not self.excused or not any(applicable(one, self.unsafe) for one in there):
                return Judgement(f"it would bring {code} {there[0].name} ({self.new.name(path)})")
            debts.add((path, code))
        return Judgement(debts=debts)


def _weights(result: Result) -> Counter[Identity]:
    """How often each finding stands, once for each environment: a fix may mend one of them at a time."""
    found: Counter[Identity] = Counter()
    for finding in result.findings:
        found[identity(finding)] += max(len(finding.environments), 1)
    return found


def _count(result: Result, code: str, path: Path) -> int:
    return sum(one.code == code and one.span.file.path == path for one in result.findings)


def _errors(result: Result, group: Group) -> list[tuple[Path, str]]:
    return [
        (one.span.file.path, one.code)
        for one in result.findings
        if one.severity is Severity.ERROR and one.span.file.path in group.edits
    ]
