"""GitLab's Code Quality report: the widget of a merge request reads it."""

from __future__ import annotations

import json

from wslint.finding import Finding, Severity
from wslint.report.model import Result, fingerprints

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(result: Result) -> str:
    """A list of issues; empty when there are none, so that GitLab sees the old ones as resolved."""
    identities = fingerprints(result.findings)
    issues = [
        _issue(finding, identity) for finding, identity in zip(result.findings, identities, strict=True)
    ]
    return json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, fingerprint: str) -> dict[str, object]:
    return {
        "description": f"{finding.code}: {finding.message}",
        "check_name": finding.name,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": finding.span.file.name,
            "lines": {"begin": finding.span.first.line, "end": finding.span.last.line},
        },
    }
