"""One line a finding: the shape that editors and grep know."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Finding
from wslint.report.closing import closing, environments_text, statistics, unchecked
from wslint.report.model import Result
from wslint.report.paint import SEVERITY_ROLE, Paint, painter
from wslint.report.visible import one_line, visible


def render(result: Result, *, color: bool = False) -> str:
    """The findings, or with statistics a count of each rule, and the totals."""
    return "".join(f"{row}\n" for row in _rows(result, painter(color)))


def _rows(result: Result, paint: Paint) -> Iterator[str]:
    if result.statistics:
        yield from statistics(result, paint)
    else:
        yield from (_finding(finding, paint) for finding in result.findings)
    if result.show_unknown:
        yield from unchecked(result, paint)
    yield from closing(result, paint)


def _finding(finding: Finding, paint: Paint) -> str:
    first = finding.span.first
    place = f"{visible(finding.span.file.name)}:{first.line}:{first.column}"
    title = paint(SEVERITY_ROLE[finding.severity], f"{finding.severity.label}[{finding.code}]")
    environments = environments_text(finding.environments)
    suffix = f" ({environments})" if environments else ""
    return f"{paint('path', place)}: {title} {one_line(finding.message)}{suffix}"
