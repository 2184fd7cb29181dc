"""Workflow commands: GitHub Actions shows them as annotations on the lines of a pull request."""

from __future__ import annotations

from wslint.finding import Finding, Severity
from wslint.report.closing import environments_text
from wslint.report.model import Result
from wslint.report.visible import one_line, visible
from wslint.text import lines

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(result: Result) -> str:
    """One command a finding; the help is part of the message, for an annotation shows nothing else."""
    return "".join(f"{_command(finding)}\n" for finding in result.findings)


def _command(finding: Finding) -> str:
    first, last = finding.span.first, finding.span.last
    properties = {
        "file": visible(finding.span.file.name),
        "line": str(first.line),
        "col": str(first.column),
        "endLine": str(last.line),
    }
    if last.line == first.line:
        # GitHub refuses an annotation whose end column is on another line.
        properties["endColumn"] = str(last.column)
    properties["title"] = f"{finding.code} {finding.name}"
    message = [one_line(finding.message), *map(visible, lines(finding.help))]
    environments = environments_text(finding.environments)
    if environments:
        message.append(f"environments: {environments}")
    written = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
    return f"::{COMMANDS[finding.severity]} {written}::{_escape(chr(10).join(message))}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
