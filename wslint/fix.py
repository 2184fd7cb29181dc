"""Applying fixes: in memory first, pass by pass with a new check after each, then written atomically.

A pass applies fixes whose edits do not overlap; the next pass sees the mended files, so that what
overlapped gets its turn with fresh places. The runs are over overlays: nothing on disk changes
until all passes are done.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Edit, Finding
from wslint.report.model import Result

MAX_PASSES = 10


@dataclass(slots=True)
class Fixed:
    """The result after fixing. `changes` maps each changed file to its bytes before and after."""

    result: Result
    applied: int = 0
    changes: dict[Path, tuple[bytes, bytes]] = field(default_factory=dict)


def fix(check: Callable[[Files], Result], base: Path, unsafe: bool) -> Fixed:
    """Run `check`, apply its fixes, and repeat until none is left or `MAX_PASSES` is reached.

    `check` gets a fresh `Files` that shows the mended texts. A pass that makes a configuration
    unreadable is taken back.
    """
    overlay: dict[Path, bytes] = {}
    original: dict[Path, bytes] = {}
    files = Files(base, overlay)
    fixed = Fixed(check(files))
    for _ in range(MAX_PASSES):
        texts, count = apply(fixed.result.findings, unsafe)
        if not texts:
            break
        for path in texts:
            source = files.read(path)
            assert source is not None
            original.setdefault(path, source.data)
        attempt = {**overlay, **texts}
        files = Files(base, attempt)
        result = check(files)
        if _unreadable(result) - _unreadable(fixed.result):
            break
        overlay, fixed.result = attempt, result
        fixed.applied += count
    fixed.changes = {
        path: (before, overlay[path]) for path, before in original.items() if overlay.get(path, before) != before
    }
    return fixed


def _unreadable(result: Result) -> set[Path]:
    return {finding.span.file.path for finding in result.findings if finding.code == "WS001"}


def apply(findings: Iterable[Finding], unsafe: bool) -> tuple[dict[Path, bytes], int]:
    """New texts for the files that fixes touch, and the number of fixes applied.

    Fixes are taken in the order of the findings; one that overlaps an earlier one waits.
    """
    taken: dict[Path, list[Edit]] = {}
    data: dict[Path, bytes] = {}
    count = 0
    for finding in findings:
        mend = finding.fix
        if mend is None or mend.applicability == "display" or (mend.applicability == "unsafe" and not unsafe):
            continue
        if mend.edits and not any(_clashes(edit, taken.get(edit.span.file.path, [])) for edit in mend.edits):
            for edit in mend.edits:
                path = edit.span.file.path
                taken.setdefault(path, []).append(edit)
                data[path] = edit.span.file.data
            count += 1
    return {path: spliced(data[path], edits) for path, edits in taken.items()}, count


def _clashes(edit: Edit, others: list[Edit]) -> bool:
    """Whether two edits touch: insertions at one place count too, their order would be chance."""
    start, end = edit.span.start, edit.span.end
    return any(start <= other.span.end and other.span.start <= end for other in others)


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with the edits, which must not overlap, carried out."""
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        data = data[: edit.span.start] + edit.text.encode("utf-8") + data[edit.span.end :]
    return data


def write(changes: dict[Path, tuple[bytes, bytes]]) -> None:
    """Write the changed files, each by a temporary sibling that takes its place.

    Raises CheckError when a file changed meanwhile or can't be written; files before it are
    written, none is ever half written.
    """
    for path, (before, after) in changes.items():
        temporary = None
        try:
            if path.read_bytes() != before:
                raise CheckError(f"{path} changed while it was being fixed: it is left as it is")
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as handle:
                temporary = handle.name
                handle.write(after)
            os.chmod(temporary, path.stat().st_mode & 0o7777)
            os.replace(temporary, path)
        except OSError as error:
            if temporary is not None and os.path.exists(temporary):
                os.unlink(temporary)
            raise CheckError(f"{path} can't be written: {error.strerror or error}") from None


def diff(changes: dict[Path, tuple[bytes, bytes]], files: Files) -> str:
    """The changes as one unified diff."""
    from difflib import unified_diff

    parts: list[str] = []
    for path, (before, after) in sorted(changes.items()):
        name = files.name(path)
        old, new = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (before, after))
        for line in unified_diff(old, new, f"a/{name}", f"b/{name}"):
            parts.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(parts)
