"""For programs that mend code and pay by the word: of each finding the place, what fails, and the edit or what to do."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Finding
from wslint.report import fix_lines
from wslint.report.closing import closing, environments_text, statistics, unchecked
from wslint.report.model import Result
from wslint.report.paint import painter
from wslint.report.visible import one_line, visible

_WIDEST = 200
"""Characters of a line of code: a minified one says no more than its first ones do."""

_PLAIN = painter(False)


def render(result: Result) -> str:
    """One block a finding, without frames, repeats and the address of a page."""
    return "".join(f"{row}\n" for row in _rows(result))


def _rows(result: Result) -> Iterator[str]:
    if result.statistics:
        yield from statistics(result, _PLAIN)
    else:
        for finding in result.findings:
            yield from _finding(finding)
    if result.show_unknown:
        yield from unchecked(result, _PLAIN)
    yield from closing(result, _PLAIN)


def _finding(finding: Finding) -> Iterator[str]:
    file, first = finding.span.file, finding.span.first
    where = environments_text(finding.environments)
    place = f"{visible(file.name)}:{first.line}:{first.column}"
    yield f"{place} {finding.severity.label} {finding.code} {one_line(finding.message)}{f' [{where}]' if where else ''}"
    for label in finding.labels:
        at = label.span.first
        if label.text and (label.span.file is not file or at.line != first.line):
            name = "" if label.span.file is file else visible(label.span.file.name)
            yield f" see {name}:{at.line} {one_line(label.text)}"
    fix = finding.fix
    if fix is not None and fix.edits and fix.applicability in ("safe", "unsafe"):
        how = "edit" if fix.applicability == "safe" else "edit if meant"
        for span, changed in fix_lines.changes(fix):
            name = "" if span.file is file else visible(span.file.name)
            yield f" {how} {name}:{span.first.line}"
            yield from (f" {line}" for line in fix_lines.trimmed(changed, _WIDEST))
        return
    code = visible(file.line_text(first.line).strip())
    if code:
        yield f" > {code if len(code) <= _WIDEST else code[: _WIDEST - 1] + '…'}"
    advice = finding.help or (fix.title if fix is not None else "")
    if advice:
        yield f" do: {one_line(advice)}"
