"""What must hold of every project, however broken."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fuzz.mutate import Project
from tests.pages import TODAY
from wslint import fix
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Edit, Finding
from wslint.fix_laws import _weights, identity
from wslint.report import FORMATS, render
from wslint.report.model import Result
from wslint.source.damage import damage
from wslint.text import SourceFile
from wslint.trace import predict

SECONDS = 20.0
"""No project of a page's size may take as long, on whatever machine."""

Said = list[tuple[str, str, str, int, int]]


def written(project: Project, folder: Path) -> Path:
    for name, text in project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return folder


def check(project: Project, folder: Path) -> Said:
    """Check, trace and fix a project in a new folder; what was found. Raises AssertionError where a law is broken."""
    os.environ["WSLINT_STRICT"] = "1"  # what the machine fails at is no unknown here
    written(project, folder)

    def once(files: Files) -> Result:
        return run([folder], Options(today=TODAY, pedantic=True, show_unknown=True), files)

    start = time.process_time()
    try:
        result = once(Files(folder))
    except CheckError:
        return []
    for finding in result.findings:
        _check_places(finding)
    for output_format in FORMATS:
        render(result, output_format)
    assert said(once(Files(folder))) == said(result), "a second run says something else"
    _trace(folder)
    with watched_edits():
        _check_fixes(fix.fix(once, folder, unsafe=True), once, folder)
    assert time.process_time() - start < SECONDS, "it takes too long"
    return said(result)


def said(result: Result) -> Said:
    return [
        (one.code, one.message, one.span.file.name, one.span.start, one.span.end) for one in result.findings
    ]


def _check_places(finding: Finding) -> None:
    for span in (finding.span, *(label.span for label in finding.labels)):
        data = span.file.data
        assert 0 <= span.start <= span.end <= len(data), (finding.code, span.start, span.end)
        first, last = span.first, span.last
        assert (first.line, first.column) <= (last.line, last.column)
        assert 1 <= last.line <= len(span.file.line_starts)
        for place in (span.start, span.end):  # never inside a character
            assert place == len(data) or data[place] & 0xC0 != 0x80, (finding.code, place)
    for edit in finding.fix.edits if finding.fix else ():
        assert 0 <= edit.span.start <= edit.span.end <= len(edit.span.file.data)


def _trace(folder: Path) -> None:
    """The play of one address, its life and its words."""
    workspace, findings = predict.open_folder([folder], Files(folder))
    for worker in workspace.workers[:2]:
        predict.trace_worker(worker, "/ws/ABCDE", findings)


def _check_fixes(fixed: fix.Fixed, once: fix.Check, folder: Path) -> None:
    """The fix law: parses no worse, the finding gone, no error new, and a second run has nothing left to do."""
    for path, (before, after) in fixed.changes.items():
        old, new = (SourceFile(path, path.name, data) for data in (before, after))
        assert damage(new) <= damage(old), f"{path.name} parses worse"
        assert _line_ends(before) != {b"\r\n"} or _line_ends(after) == {b"\r\n"}, (
            f"{path.name} gets line feeds"
        )
    stood, stands = _weights(fixed.before), _weights(fixed.result)
    for known, count in Counter(map(identity, fixed.fixes)).items():
        assert not stood[known] or stands[known] <= max(stood[known] - count, 0), f"{known} is still there"
    # A mended configuration may lead to code that nobody had read before.
    mended = {path for path in fixed.changes if path.suffix in (".toml", ".json", ".jsonc")}
    errors = [_errors(result, mended or set(fixed.changes)) for result in (fixed.before, fixed.result)]
    for code in errors[1]:
        assert errors[1].count(code) <= max(errors[0].count(code), 0), f"{code} is new"
    fix.write(fixed.changes)
    again = fix.fix(once, folder, unsafe=True)
    assert not again.changes, fix.diff(again.changes, Files(folder))


def _line_ends(data: bytes) -> set[bytes]:
    return set(re.findall(rb"\r\n|\r|\n", data))


@contextmanager
def watched_edits() -> Iterator[None]:
    """Whatever is spliced in here: every byte outside of the edits stays, and those inside are the edits'."""
    real = fix.spliced

    def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
        edits = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
        made, at, place = real(data, edits), 0, 0
        for edit in edits:
            assert edit.span.file.data == data and place <= edit.span.start, "an edit of another text"
            text = data[place : edit.span.start] + edit.text.encode()
            assert made[at : at + len(text)] == text, "a byte outside of the edits changed"
            at, place = at + len(text), edit.span.end
        assert made[at:] == data[place:], "a byte behind the edits changed"
        return made

    fix.spliced = spliced
    try:
        yield
    finally:
        fix.spliced = real


def _errors(result: Result, paths: set[Path]) -> list[tuple[str, Path]]:
    return [
        (one.code, one.span.file.path)
        for one in result.findings
        if one.severity.label == "error" and one.span.file.path in paths
    ]
