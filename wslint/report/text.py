"""The report for people: code frames, labels across files, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wslint.finding import Finding, Fix, Step
from wslint.report import fix_lines
from wslint.report.closing import closing, environments_text, statistics, unchecked
from wslint.report.frame import Mark, render_frames
from wslint.report.model import Result
from wslint.report.paint import SEVERITY_ROLE, Paint, painter
from wslint.report.visible import TAB_WIDTH, one_line, visible
from wslint.text import SourceFile, lines

_DEEPEST = 8
"""Steps of a way that are put further in than the one before."""

HOW_TO_APPLY = {"safe": "safe; apply with --fix", "unsafe": "unsafe; apply with --fix --unsafe-fixes"}


def render(result: Result, *, color: bool = False, width: int = 100) -> str:
    """Every finding as a block of its own, or with statistics a count of each rule; then the totals."""
    paint = painter(color)
    blocks: list[list[str]] = []
    if result.statistics:
        blocks.append(list(statistics(result, paint)))
    else:
        blocks.extend(list(_finding(finding, paint, width)) for finding in result.findings)
    if result.show_unknown:
        blocks.append(list(unchecked(result, paint)))
    blocks.append(list(closing(result, paint)))
    return "\n".join("".join(f"{row}\n" for row in block) for block in blocks if block)


def _finding(finding: Finding, paint: Paint, width: int) -> Iterator[str]:
    role = SEVERITY_ROLE[finding.severity]
    title = paint(role, f"{finding.severity.label}[{finding.code}]")
    yield f"{title}{paint('strong', f': {one_line(finding.message)}')}"
    frames, gutter = render_frames(_marks(finding), role, paint, width)
    yield from frames
    for name, value in _notes(finding, width):
        sign = f"{' ' * (gutter + 1)}{paint('frame', '=')} {paint('strong', f'{name}:')}"
        first, *others = value.split("\n")
        yield f"{sign} {first}"
        yield from (f"{' ' * (gutter + 3)}{other}".rstrip() for other in others)


def _marks(finding: Finding) -> list[Mark]:
    """The primary span and the labels. A label on the primary span is what the primary one says."""
    primary = finding.span
    own: list[str] = []
    related: dict[Mark, None] = {}  # in order and without repeats
    for label in finding.labels:
        if (label.span.file, label.span.start, label.span.end) == (primary.file, primary.start, primary.end):
            own.append(one_line(label.text))
        else:
            related[Mark(label.span, one_line(label.text), primary=False)] = None
    return [Mark(primary, "; ".join(text for text in dict.fromkeys(own) if text), primary=True), *related]


def _notes(finding: Finding, width: int) -> Iterator[tuple[str, str]]:
    if finding.help:
        yield (
            "help",
            "\n".join(
                f"      {visible(line.expandtabs(TAB_WIDTH))}" for line in lines(finding.help)
            ).lstrip(),
        )
    if finding.fix:
        yield "fix", _fix(finding.fix, finding.span.file, width)
    if finding.way:
        yield "way", _way(finding.way)
    environments = environments_text(finding.environments)
    if environments:
        yield ("environment" if len(finding.environments) == 1 else "environments"), environments
    confidence = ", medium confidence" if finding.confidence == "medium" else ""
    yield "rule", f"{visible(finding.name)}{confidence} (wslint explain {finding.code})"


def _way(way: Sequence[Step]) -> str:
    """One step a line, each further in than the one before."""
    lines_ = ["from a client to this line"]
    for depth, step in enumerate(way):
        at = step.span.first
        place = visible(f"{step.span.file.name}:{at.line}:{at.column}")
        lines_.append(f"{'  ' * min(depth + 1, _DEEPEST)}{place} {one_line(step.what)}")
    return "\n".join(lines_)


def _fix(fix: Fix, home: SourceFile, width: int) -> str:
    how = HOW_TO_APPLY.get(fix.applicability, "shown only; apply it by hand")
    shown = (f"  {line}" for line in fix_lines.shown(fix, home, max(width - 12, 40)))
    return "\n".join([f"{one_line(fix.title)} ({how})", *shown])
