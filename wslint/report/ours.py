"""Is this file a report that wslint wrote? Only such a file is replaced by `--output-file`."""

from __future__ import annotations

import json

from wslint.regex import regex

_CLOSING = regex(
    r"(?:- )?(?:Found \d{1,9} (?:error|warning|info)s?\b|No problems\b|No Workers to check\.$|Fixed \d{1,9} problems?\.$)"
)
_MOST_IN_CLOSING = 400
"""Characters of the line that closes a report."""
_COMMAND = regex(r"::(?:error|warning|notice) file=.*,title=WS\d+ [a-z0-9-]+::.*")
_CODE = regex(r"WS\d+\b")


def is_report(data: bytes) -> bool:
    """Whether the bytes are a report in one of the formats; an empty file may be one (`jsonl`, `github`)."""
    text = data.decode("utf-8", "replace").strip()
    if not text:
        return True
    if text.startswith("<?xml"):
        return '<testsuites name="wslint"' in text[:200]
    if text[0] in "{[":
        return _is_json(text)
    rows = text.split("\n")
    return all(map(_COMMAND.fullmatch, rows)) or any(map(_closes, rows[-4:]))


def _closes(row: str) -> bool:
    return len(row) <= _MOST_IN_CLOSING and row.endswith(".") and _CLOSING.match(row) is not None


def _is_json(text: str) -> bool:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return _is_jsonl(text)
    if isinstance(body, list):  # GitLab's; an empty list is its report of no problem
        return all(isinstance(item, dict) and "check_name" in item and "fingerprint" in item for item in body)
    if not isinstance(body, dict):
        return False
    runs = body.get("runs")
    if isinstance(runs, list) and runs:
        return all(_tool(run, "driver") == "wslint" for run in runs)
    return _tool({"tool": body}, "tool") == "wslint" or _is_finding(body)


def _tool(run: object, key: str) -> object:
    """The name of the tool that a SARIF run, or our own JSON, is of."""
    tool = run.get("tool") if isinstance(run, dict) else None
    inner = tool.get(key) if isinstance(tool, dict) else None
    return inner.get("name") if isinstance(inner, dict) else None


def _is_jsonl(text: str) -> bool:
    try:
        return all(_is_finding(json.loads(row)) for row in text.split("\n"))
    except (ValueError, RecursionError):
        return False


def _is_finding(body: object) -> bool:
    return (
        isinstance(body, dict)
        and {"code", "name", "severity", "start_byte", "fix"} <= body.keys()
        and isinstance(body["code"], str)
        and _CODE.fullmatch(body["code"]) is not None
    )
