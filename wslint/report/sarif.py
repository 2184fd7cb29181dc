"""SARIF 2.1.0: code scanning on GitHub, Azure DevOps and in editors."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from wslint.finding import Edit, Finding, Fix, Severity, rule_url
from wslint.report.model import PROJECT_URL, Result, RuleInfo, Unchecked, environment_name, fingerprints
from wslint.text import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(result: Result) -> str:
    """One run. Suppressed findings are left out: whoever suppressed them does not want them tracked."""
    rules = _rules(result)
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    identities = fingerprints(result.findings)
    run = {
        "tool": {
            "driver": {
                "name": "wslint",
                "version": result.version,
                "semanticVersion": result.version,
                "informationUri": PROJECT_URL,
                "rules": rules,
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that wslint was run in."}}},
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": _notifications(result)},
        ],
        "results": [
            _result(finding, index[finding.code], identity)
            for finding, identity in zip(result.findings, identities, strict=True)
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rules(result: Result) -> list[dict[str, Any]]:
    """The rules that ran, and those that findings came from without being listed, by code."""
    rules = {info.code: _rule(info) for info in result.rules.values()}
    for finding in result.findings:
        if finding.code not in rules:
            rules[finding.code] = {
                "id": finding.code,
                "name": finding.name,
                "helpUri": rule_url(finding.code, finding.name),
                "defaultConfiguration": {"level": LEVELS[finding.severity]},
                "properties": {"confidence": finding.confidence},
            }
    return [rules[code] for code in sorted(rules)]


def _rule(info: RuleInfo) -> dict[str, Any]:
    return {
        "id": info.code,
        "name": info.name,
        "shortDescription": {"text": info.summary},
        "help": {"text": info.documentation, "markdown": info.documentation},
        "helpUri": info.url,
        "defaultConfiguration": {"level": LEVELS[info.severity]},
        # GitHub sorts by `precision`; `confidence` is our own word for it.
        "properties": {"confidence": info.confidence, "precision": info.confidence},
    }


def _result(finding: Finding, rule_index: int, fingerprint: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.message}\n{finding.help}" if finding.help else finding.message},
        "locations": [{"physicalLocation": _location(finding.span)}],
        "partialFingerprints": {"wslintFingerprint/v1": fingerprint},
        "properties": {
            "confidence": finding.confidence,
            "worker": finding.worker,
            "environments": [environment_name(name) for name in finding.environments],
        },
    }
    if finding.labels:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(label.span), "message": {"text": label.text}}
            for number, label in enumerate(finding.labels, start=1)
        ]
    # A viewer applies what it is given, so a fix that is only for reading is not given to it.
    if finding.fix and finding.fix.edits and finding.fix.applicability != "display":
        result["fixes"] = [_fix(finding.fix)]
    return result


def _fix(fix: Fix) -> dict[str, Any]:
    by_file: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_file.setdefault(edit.span.file.name, []).append(edit)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": [_replacement(edit) for edit in edits]}
            for path, edits in by_file.items()
        ],
        "properties": {"applicability": fix.applicability},
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": _region(edit.span)}
    if edit.text:
        replacement["insertedContent"] = {"text": edit.text}
    return replacement


def _location(span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(span.file.name), "region": _region(span)}


def _region(span: Span) -> dict[str, int]:
    first, last = span.first, span.last
    return {
        "startLine": first.line,
        "startColumn": first.column,
        "endLine": last.line,
        "endColumn": last.column,
    }


def _artifact(path: str) -> dict[str, str]:
    # surrogatepass: a name that is not UTF-8 must not end the report.
    uri = quote(path, errors="surrogatepass")
    if path.startswith("/") or re.match("[A-Za-z]:/", path):
        drive = re.sub("^/?([A-Za-z])%3A", r"/\1:", uri)
        return {"uri": f"file://{drive}"}
    return {"uri": uri, "uriBaseId": ROOT}


def _notifications(result: Result) -> list[dict[str, Any]]:
    """What was not checked: configurations always, single questions when they were asked for."""
    notifications = [
        _notification(f"not checked: {why}", path) for path, why in (*result.skipped, *result.undeployed)
    ]
    if result.show_unknown:
        notifications += [_unknown(unknown) for unknown in result.unknown]
    return notifications


def _unknown(unknown: Unchecked) -> dict[str, Any]:
    region = {"startLine": unknown.line, "startColumn": unknown.column}
    return _notification(f"not checked: {unknown.what}: {unknown.why}", unknown.path, region)


def _notification(text: str, path: str, region: dict[str, int] | None = None) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(path)}
    if region:
        location["region"] = region
    return {"level": "note", "message": {"text": text}, "locations": [{"physicalLocation": location}]}
