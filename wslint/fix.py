"""Applying fixes: in memory first, pass by pass with a new check after each, then written atomically.

A pass applies fixes whose edits do not overlap; the next pass sees the mended files, so that what
overlapped gets its turn with fresh places. The runs are over overlays: nothing on disk changes
until all passes are done.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Edit, Finding
from wslint.record import field, record
from wslint.report.model import Result

MAX_PASSES = 10


@record
class Fixed:
    """The results before and after fixing. `fixes` are the findings whose fixes were applied, in
    order; `changes` maps each changed file to its bytes before and after."""

    before: Result
    result: Result
    fixes: list[Finding] = field(default_factory=list)
    changes: dict[Path, tuple[bytes, bytes]] = field(default_factory=dict)

    @property
    def applied(self) -> int:
        return len(self.fixes)


def fix(check: Callable[[Files], Result], base: Path, unsafe: bool) -> Fixed:
    """Run `check`, apply its fixes, and repeat until none is left or `MAX_PASSES` is reached.

    `check` gets a fresh `Files` that shows the mended texts. A pass that makes a configuration
    unreadable is taken back.
    """
    overlay: dict[Path, bytes] = {}
    original: dict[Path, bytes] = {}
    files = Files(base, overlay)
    before = check(files)
    fixed = Fixed(before, before)
    for _ in range(MAX_PASSES):
        chosen = _chosen(fixed.result.findings, unsafe)
        if not chosen:
            break
        texts = _texts(chosen)
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
        fixed.fixes += chosen
    fixed.changes = {
        path: (before, overlay[path])
        for path, before in original.items()
        if overlay.get(path, before) != before
    }
    return fixed


def _unreadable(result: Result) -> set[Path]:
    return {finding.span.file.path for finding in result.findings if finding.code == "WS001"}


def apply(findings: Iterable[Finding], unsafe: bool) -> tuple[dict[Path, bytes], int]:
    """New texts for the files that fixes touch, and the number of fixes applied.

    Fixes are taken in the order of the findings; one that overlaps an earlier one waits.
    """
    chosen = _chosen(findings, unsafe)
    return _texts(chosen), len(chosen)


def _chosen(findings: Iterable[Finding], unsafe: bool) -> list[Finding]:
    """The findings whose fixes can be applied together."""
    taken: dict[Path, list[Edit]] = {}
    chosen: list[Finding] = []
    for finding in findings:
        mend = finding.fix
        if mend is None or mend.applicability == "display" or (mend.applicability == "unsafe" and not unsafe):
            continue
        if mend.edits and not any(_clashes(edit, taken.get(edit.span.file.path, [])) for edit in mend.edits):
            for edit in mend.edits:
                taken.setdefault(edit.span.file.path, []).append(edit)
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


def write(changes: dict[Path, tuple[bytes, bytes]]) -> None:
    """Write the changed files, each by a temporary sibling that takes its place.

    Raises CheckError when a file changed meanwhile or can't be written; files before it are
    written, none is ever half written.
    """
    for path, (before, after) in changes.items():
        target = Path(os.path.realpath(path))  # a link stays a link
        try:
            if target.read_bytes() != before:
                raise CheckError(f"{path} changed while it was being fixed: it is left as it is")
            _replace(target, after)
        except OSError as error:
            raise CheckError(f"{path} can't be written: {error.strerror or error}") from None


def _replace(target: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
        os.chmod(temporary, target.stat().st_mode & 0o7777)
        os.replace(temporary, target)
    except BaseException:  # Ctrl-C too
        with suppress(OSError):
            os.unlink(temporary)
        raise


def diff(changes: dict[Path, tuple[bytes, bytes]], files: Files) -> str:
    """The changes as one unified diff."""
    from difflib import unified_diff

    parts: list[str] = []
    for path, (before, after) in sorted(changes.items()):
        name = files.name(path)
        old, new = (_lines(text.decode("utf-8", "replace")) for text in (before, after))
        for line in unified_diff(old, new, _quoted(f"a/{name}"), _quoted(f"b/{name}")):
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
