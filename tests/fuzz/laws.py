"""What must hold of every project, however broken."""

from __future__ import annotations

import time
from pathlib import Path

from tests.fuzz.mutate import Project
from tests.pages import TODAY
from wslint import fix
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Finding
from wslint.report import FORMATS, render
from wslint.report.model import Result
from wslint.source.damage import damage
from wslint.text import SourceFile

SECONDS = 20.0
"""No project of a page's size may take as long, on whatever machine."""


def check(project: Project, folder: Path) -> int:
    """Check and fix a project in a new folder; the number of findings. Raises AssertionError where a law is broken."""
    for name, text in project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    options = Options(today=TODAY, pedantic=True, show_unknown=True)

    def once(files: Files) -> Result:
        return run([folder], options, files)

    start = time.process_time()
    try:
        result = once(Files(folder))
    except CheckError:
        return 0
    for finding in result.findings:
        _check_places(finding)
    for output_format in FORMATS:
        render(result, output_format)
    assert _said(once(Files(folder))) == _said(result), "a second run says something else"
    fixed = fix.fix(once, folder, unsafe=True)
    _check_fixes(fixed, once, folder)
    assert time.process_time() - start < SECONDS, "it takes too long"
    return len(result.findings)


def _said(result: Result) -> list[tuple[object, ...]]:
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


def _check_fixes(fixed: fix.Fixed, once: fix.Check, folder: Path) -> None:
    """The fix law: parses no worse, no error is new, and a second run has nothing left to do."""
    for path, (before, after) in fixed.changes.items():
        old, new = (SourceFile(path, path.name, data) for data in (before, after))
        assert damage(new) <= damage(old), f"{path.name} parses worse"
    # A mended configuration may lead to code that nobody had read before.
    mended = {path for path in fixed.changes if path.suffix in (".toml", ".json", ".jsonc")}
    errors = [_errors(result, mended or set(fixed.changes)) for result in (fixed.before, fixed.result)]
    for code in errors[1]:
        assert errors[1].count(code) <= max(errors[0].count(code), 0), f"{code} is new"
    fix.write(fixed.changes)
    again = fix.fix(once, folder, unsafe=True)
    assert not again.changes, fix.diff(again.changes, Files(folder))


def _errors(result: Result, paths: set[Path]) -> list[tuple[str, Path]]:
    return [
        (one.code, one.span.file.path)
        for one in result.findings
        if one.severity.label == "error" and one.span.file.path in paths
    ]
