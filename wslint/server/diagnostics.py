"""Findings as the protocol's diagnostics."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from wslint.finding import Finding, Severity
from wslint.report.model import environment_name
from wslint.report.visible import visible
from wslint.rules import find_rule
from wslint.server.places import Places

SOURCE = "wslint"

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def by_file(findings: Iterable[Finding], places: Places) -> dict[Path, list[types.Diagnostic]]:
    """The diagnostics of each file."""
    found: dict[Path, list[types.Diagnostic]] = {}
    for finding in findings:
        found.setdefault(finding.span.file.path, []).append(diagnostic(finding, places))
    return found


def diagnostic(finding: Finding, places: Places) -> types.Diagnostic:
    """A finding at the first line of its place: a whole class underlined helps nobody."""
    rule = find_rule(finding.code)
    related = [
        types.DiagnosticRelatedInformation(places.location(label.span.head()), visible(label.text))
        for label in finding.labels
    ]
    return types.Diagnostic(
        range=places.range(finding.span.head()),
        severity=SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(rule.rule.url) if rule is not None else None,
        source=SOURCE,
        message=message(finding),
        related_information=related or None,
    )


def message(finding: Finding) -> str:
    """What is wrong, where only some environments show it, and what to do."""
    lines = [finding.message]
    names = [environment_name(environment) for environment in finding.environments]
    if names and names != [environment_name(None)]:
        lines[0] += f" ({', '.join(names)})"
    if finding.help:
        lines.append(f"help: {finding.help}")
    return "\n".join(visible(line) for text in lines for line in text.split("\n"))
