"""A table for pages that show Markdown, such as the summary of a job."""

from __future__ import annotations

import html
from collections.abc import Iterator

from wslint.finding import Finding, rule_url
from wslint.report.closing import closing, environments_text, statistics, unchecked
from wslint.report.model import Result
from wslint.report.paint import painter
from wslint.report.visible import one_line, visible

_PLAIN = painter(False)
_HEAD = ("| severity | where | rule | what |", "| --- | --- | --- | --- |")


def render(result: Result) -> str:
    """A row a finding, then what the report for people ends with, each on a line of its own."""
    parts = [list(_rows(result))] if result.findings else []
    if result.show_unknown:
        parts.append(_items(unchecked(result, _PLAIN)))
    parts.append(_items(closing(result, _PLAIN)))
    return "\n".join("".join(f"{row}\n" for row in part) for part in parts if part)


def _rows(result: Result) -> Iterator[str]:
    if result.statistics:
        yield from _items(statistics(result, _PLAIN))
        return
    yield from _HEAD
    yield from map(_row, result.findings)


def _row(finding: Finding) -> str:
    place = f"{visible(finding.span.file.name)}:{finding.span.first.line}"
    rule = f"[{finding.code}]({rule_url(finding.code, finding.name)}) {finding.name}"
    where = environments_text(finding.environments)
    said = one_line(finding.message) + (f" ({where})" if where else "")
    cells = (finding.severity.label, _harmless(place), rule, _harmless(said))
    return f"| {' | '.join(cells)} |"


def _items(lines: Iterator[str]) -> list[str]:
    return [f"- {_harmless(line.strip())}" for line in lines if line.strip()]


def _harmless(text: str) -> str:
    """Text of the checked project neither ends a cell nor becomes a picture, a link or a tag."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a mark without its fellow
        parts = ["'".join(parts)]
    shown = "`".join(part if at % 2 else _plain(part) for at, part in enumerate(parts))
    return shown.replace("|", "\\|")


def _plain(text: str) -> str:
    escaped = html.escape(text, quote=False)
    for sign in "\\*_[]!~":
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped
