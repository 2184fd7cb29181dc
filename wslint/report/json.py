"""The report for programs; its shape is fixed by `docs/schema/wslint-report.schema.json`."""

from __future__ import annotations

import json
from typing import Any

from wslint.finding import Edit, Finding, Fix, Label, Step, rule_url
from wslint.report.model import Result, summary
from wslint.text import Span

SCHEMA_VERSION = 1


def render(result: Result) -> str:
    """One object with everything. It is ASCII, so that no terminal or pipe can spoil it."""
    document = {
        "version": SCHEMA_VERSION,
        "tool": {"name": "wslint", "version": result.version},
        "workers": [
            {
                "config": worker.config,
                "environment": worker.environment,
                "name": worker.name,
                "entrypoint": worker.entrypoint,
                "checked": {
                    "config": worker.checked.config,
                    "source": worker.checked.source,
                    "unknown": list(worker.checked.unknown),
                },
            }
            for worker in result.workers
        ],
        "findings": [finding_object(finding) for finding in result.findings],
        "unknown": [
            {
                "path": unknown.path,
                "line": unknown.line,
                "column": unknown.column,
                "what": unknown.what,
                "why": unknown.why,
            }
            for unknown in result.unknown
        ],
        "skipped": [{"path": path, "why": why} for path, why in (*result.skipped, *result.undeployed)],
        "summary": summary(result),
    }
    return json.dumps(document, indent=2) + "\n"


def finding_object(finding: Finding) -> dict[str, Any]:
    """One finding, as `json` and `jsonl` print it."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.label,
        "confidence": finding.confidence,
        "message": finding.message,
        **_place(finding.span),
        "worker": finding.worker,
        "environment": finding.environments[0] if finding.environments else None,
        "environments": list(finding.environments),
        "labels": [_label(label) for label in finding.labels],
        "help": finding.help,
        "url": rule_url(finding.code, finding.name),
        "fix": _fix(finding.fix) if finding.fix else None,
        **({} if finding.way is None else {"way": [_step(step) for step in finding.way]}),
    }


def _step(step: Step) -> dict[str, Any]:
    first = step.span.first
    return {"path": step.span.file.name, "line": first.line, "column": first.column, "what": step.what}


def _place(span: Span) -> dict[str, Any]:
    first, last = span.first, span.last
    return {
        "path": span.file.name,
        "line": first.line,
        "column": first.column,
        "end_line": last.line,
        "end_column": last.column,
        "start_byte": span.start,
        "end_byte": span.end,
    }


def _label(label: Label) -> dict[str, Any]:
    return {**_place(label.span), "text": label.text}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "applicability": fix.applicability,
        "edits": [_edit(edit) for edit in fix.edits],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "path": edit.span.file.name,
        "start_byte": edit.span.start,
        "end_byte": edit.span.end,
        "text": edit.text,
    }
