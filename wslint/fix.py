"""Applying fixes: in memory first, pass by pass with a new check after each, then written.

A pass applies fixes whose edits do not overlap; the next pass sees the mended files, so that what
overlapped gets its turn with fresh places. The runs are over overlays: nothing on disk changes
until all passes are done. After each pass the laws of `fix_laws` must hold in every file it
touched. Where they don't, that file is taken back, and tried again with half as many fixes at a
time: the one that breaks them alone is refused, all others are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from wslint.boundary import Boundary
from wslint.files import Files
from wslint.finding import Edit, Finding
from wslint.fix_laws import Group, Identity, Laws, applicable, groups, identity
from wslint.record import field, record, replace
from wslint.report.model import Result

MAX_PASSES = 60
"""Some ten are needed by files full of mistakes; the others are for finding which fixes do harm."""

Check = Callable[[Files], Result]
State = frozenset[tuple[Path, bytes]]


@record
class Fixed:
    """The results before and after fixing. `fixes` are the findings whose fixes were applied, in
    order; `refused` those whose fix would do harm, with the reason; `changes` maps each changed file
    to its bytes before and after."""

    before: Result
    result: Result
    fixes: list[Finding] = field(default_factory=list)
    refused: list[tuple[Finding, str]] = field(default_factory=list)
    changes: dict[Path, tuple[bytes, bytes]] = field(default_factory=dict)
    boundary: Boundary | None = None

    @property
    def applied(self) -> int:
        return len(self.fixes)


def fix(check: Check, base: Path, unsafe: bool, limit: Boundary | None = None) -> Fixed:
    """Run `check`, apply its fixes, and repeat until none is left that can be made.

    `check` gets a fresh `Files` that shows the mended texts; `limit` is its boundary.
    """
    files = Files(base, boundary=limit)
    before = check(files)
    attempt = _Attempt(check, files, before, unsafe)
    attempt.run()
    if attempt.turned or attempt.owes(before):
        # An error that a fix brought was not mended after all, or by taking that fix back: once more, and none may
        # come at all.
        refused = {} if attempt.turned else attempt.refused
        attempt = _Attempt(check, files, before, unsafe, refused=refused, excuses=False)
        attempt.run()
    return attempt.fixed(before)


@record
class _Attempt:
    """The state between passes."""

    check: Check
    files: Files
    result: Result
    unsafe: bool
    refused: dict[Identity, str] = field(default_factory=dict)
    excuses: bool = True
    overlay: dict[Path, bytes] = field(default_factory=dict)
    original: dict[Path, bytes] = field(default_factory=dict)
    fixes: list[Finding] = field(default_factory=list)
    limits: dict[Path, int] = field(default_factory=dict)
    """How many fixes of a file are tried at a time, where not all may be."""
    debts: set[tuple[Path, str]] = field(default_factory=set)
    moved: bool = False
    """Whether a fix was made since one was refused."""
    seen: set[State] = field(default_factory=lambda: {frozenset()})
    """What all changed files have been like: fixes that undo each other come back to where they were."""
    turned: bool = False
    """Whether some did."""

    def run(self) -> None:
        for _ in range(MAX_PASSES):
            wanted = (one for one in self.result.findings if identity(one) not in self.refused)
            chosen = _chosen(wanted, self.unsafe, self.limits)
            if not chosen and self.refused and self.moved:
                self.refused.clear()  # what did harm before other fixes were made may do none after them
                self.moved = False
                continue
            if not chosen:
                return
            found = groups(chosen)
            kept = self._try(found)
            if len(kept) < len(found) and kept and len(self._try(kept)) < len(kept):
                continue  # what is left of the pass does harm too: smaller steps next time

    def _try(self, found: list[Group]) -> list[Group]:
        """Take the groups over if all of them keep the laws; else those that do, for another try."""
        texts = {
            path: spliced(inside[0].span.file.data, inside)
            for group in found
            for path, inside in group.edits.items()
        }
        files = Files(self.files.base, {**self.overlay, **texts}, self.files.boundary)
        result = self.check(files)
        laws = Laws(self.result, result, self.files, files, self.unsafe, self.excuses)
        judgements = [(group, laws.judge(group)) for group in found]
        for group, judgement in judgements:
            if judgement.problem:
                self._smaller(group, judgement.problem)
        kept = [group for group, judgement in judgements if not judgement.problem]
        if len(kept) == len(found):
            state = self._state(texts)
            if state in self.seen:
                self.turned = True
                for group in found:
                    self._smaller(group, "another fix would undo it")
                return []
            self.seen.add(state)
            self._accept(found, texts, files, result)
            for _, judgement in judgements:
                self.debts |= judgement.debts
        return kept

    def _state(self, texts: dict[Path, bytes]) -> State:
        found: list[tuple[Path, bytes]] = []
        for path, text in {**self.overlay, **texts}.items():
            source = self.files.read(path) if path not in self.original else None
            before = source.data if source is not None else self.original.get(path)
            if text != before:
                found.append((path, text))
        return frozenset(found)

    def _smaller(self, group: Group, problem: str) -> None:
        if len(group.findings) == 1:
            self.refused[identity(group.findings[0])] = problem
            self.moved = False
        for path in group.edits:
            self.limits[path] = max(len(group.findings) // 2, 1)

    def _accept(self, found: list[Group], texts: dict[Path, bytes], files: Files, result: Result) -> None:
        for path in texts:
            source = self.files.read(path)
            assert source is not None
            self.original.setdefault(path, source.data)
            if path in self.limits:
                self.limits[path] *= 2
        self.overlay.update(texts)
        self.files, self.result, self.moved = files, result, True
        self.fixes += [finding for group in found for finding in group.findings]

    def owes(self, before: Result) -> bool:
        """Whether an error stands that the fixes brought."""
        return any(
            sum(one.code == code and one.span.file.path == path for one in self.result.findings)
            > sum(one.code == code and one.span.file.path == path for one in before.findings)
            for path, code in self.debts
        )

    def fixed(self, before: Result) -> Fixed:
        """The end: findings whose fix was refused say why, and offer it no more."""
        refused: list[tuple[Finding, str]] = []
        left: list[Finding] = []
        for finding in self.result.findings:
            why = self.refused.get(identity(finding)) if applicable(finding, self.unsafe) else None
            if why is not None and finding.fix is not None:
                refused.append((finding, why))
                note = f"not fixed (\u201c{finding.fix.title}\u201d): {why}"
                finding = replace(finding, fix=None, help=f"{finding.help}\n{note}".strip())
            left.append(finding)
        changes = {
            path: (before, self.overlay[path])
            for path, before in self.original.items()
            if self.overlay[path] != before
        }
        result = replace(self.result, findings=tuple(left))
        return Fixed(before, result, self.fixes, refused, changes, self.files.boundary)


def apply(findings: Iterable[Finding], unsafe: bool) -> tuple[dict[Path, bytes], int]:
    """New texts for the files that fixes touch, and the number of fixes applied.

    Fixes are taken in the order of the findings; one that overlaps an earlier one waits.
    """
    chosen = _chosen(findings, unsafe)
    return _texts(chosen), len(chosen)


def _chosen(
    findings: Iterable[Finding], unsafe: bool, limits: dict[Path, int] | None = None
) -> list[Finding]:
    """The findings whose fixes can be applied together, no more of a file than its limit."""
    taken: dict[Path, list[Edit]] = {}
    counts: dict[Path, int] = {}
    chosen: list[Finding] = []
    for finding in findings:
        mend = finding.fix
        if mend is None or not applicable(finding, unsafe):
            continue
        paths = {edit.span.file.path for edit in mend.edits}
        if any(counts.get(path, 0) >= limits[path] for path in paths if limits and path in limits):
            continue
        if any(_clashes(edit, taken.get(edit.span.file.path, [])) for edit in mend.edits):
            continue
        for edit in mend.edits:
            taken.setdefault(edit.span.file.path, []).append(edit)
        for path in paths:
            counts[path] = counts.get(path, 0) + 1
        chosen.append(finding)
    return chosen


def _texts(findings: Iterable[Finding]) -> dict[Path, bytes]:
    """The files that the findings' fixes change, as they are then."""
    edits: dict[Path, list[Edit]] = {}
    for finding in findings:
        for edit in finding.fix.edits if finding.fix else ():
            edits.setdefault(edit.span.file.path, []).append(edit)
    return {path: spliced(inside[0].span.file.data, inside) for path, inside in edits.items()}


def _clashes(edit: Edit, others: list[Edit]) -> bool:
    """Whether two edits touch: insertions at one place count too, their order would be chance."""
    start, end = edit.span.start, edit.span.end
    return any(start <= other.span.end and other.span.start <= end for other in others)


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with the edits, which must not overlap, carried out."""
    parts: list[bytes] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        parts += [data[position : edit.span.start], edit.text.encode("utf-8")]
        position = edit.span.end
    return b"".join([*parts, data[position:]])


def write(changes: dict[Path, tuple[bytes, bytes]], limit: Boundary | None = None) -> None:
    """Write the changed files; see `writing.replace_all`. Raises CheckError where that may not be done."""
    from wslint import writing

    writing.replace_all(changes, limit.tops if limit is not None else None)


def diff(changes: dict[Path, tuple[bytes, bytes]], files: Files, new: frozenset[Path] = frozenset()) -> str:
    """The changes as one unified diff; `new` are files that are not there yet."""
    from difflib import unified_diff

    parts: list[str] = []
    for path, (before, after) in sorted(changes.items()):
        name = files.name(path)
        old, now = (_lines(text.decode("utf-8", "replace")) for text in (before, after))
        was = "/dev/null" if path in new else _quoted(f"a/{name}")
        for line in unified_diff(old, now, was, _quoted(f"b/{name}")):
            parts.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """Lines with their ends. Only a line feed ends one: str.splitlines knows eight more."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _quoted(name: str) -> str:
    """A file name as git writes it in a diff: quoted when it would break the line."""
    if name.isprintable() and not set(name) & {'"', "\\"}:
        return name
    text = name.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "surrogateescape")
    shown = (chr(byte) if 31 < byte < 127 else f"\\{byte:03o}" for byte in text)
    return '"' + "".join(shown) + '"'
