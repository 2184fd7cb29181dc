"""A baseline: findings that are known and left for later, so that only new ones are reported.

A finding is recognised by rule, file and the text of its line, never by the line's number, so that
edits elsewhere in the file don't bring it back.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from wslint import system
from wslint.boundary import OUTSIDE, leads_out
from wslint.errors import CheckError
from wslint.finding import Finding
from wslint.record import replace
from wslint.report.model import Result
from wslint.writing import write_report

_MOST_BYTES = 64 * 1024 * 1024


def fingerprint(finding: Finding, folder: Path | None = None) -> str:
    """Rule, file and line text, as one line of text. The file is named relative to `folder`, so
    that a baseline holds wherever wslint is run."""
    file = finding.span.file
    name = Path(os.path.relpath(file.path, folder)).as_posix() if folder else file.name
    text = " ".join(file.line_text(finding.span.first.line).split())
    return f"{finding.code} {name} {text[:200]}"


def write(path: Path, findings: Iterable[Finding], tops: Iterable[Path] | None = None) -> None:
    """Write the findings' fingerprints with their counts, in place of a baseline or of nothing. Raises
    CheckError when that fails; links out of `tops` are not written through."""
    write_report(path, text_of(findings, path.absolute().parent), _is_baseline, tops)


def text_of(findings: Iterable[Finding], folder: Path) -> bytes:
    """A baseline that stands in a folder."""
    counts = Counter(fingerprint(finding, folder) for finding in findings)
    body = {"version": 1, "known": dict(sorted(counts.items()))}
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    # A file name that is no UTF-8 becomes an escape, which JSON reads as the same name.
    return text.encode("utf-8", "backslashreplace")


def _read(path: Path, tops: Iterable[Path] | None) -> Counter[str]:
    if tops is not None and leads_out(path, tops):
        raise CheckError(f"{path} {OUTSIDE}")
    data = system.read(path, _MOST_BYTES)
    if isinstance(data, str):
        if not system.is_there(path):
            raise CheckError(f"{path} does not exist; --update-baseline writes it")
        raise CheckError(f"{path} {data}")
    known = _known(data)
    if known is None:
        raise CheckError(f"{path} is no baseline of wslint; --update-baseline writes one")
    return Counter(known)


def _is_baseline(data: bytes) -> bool:
    return _known(data) is not None


def _known(data: bytes) -> dict[str, int] | None:
    """What a baseline lists; None for bytes that are none."""
    try:
        body = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    known = body.get("known") if isinstance(body, dict) and body.get("version") == 1 else None
    if not isinstance(known, dict) or not all(isinstance(count, int) for count in known.values()):
        return None
    return known


def without_known(result: Result, path: Path, tops: Iterable[Path] | None = None) -> Result:
    """The result without the findings that the baseline lists; they count as suppressed. A link out of `tops` is not
    read through."""
    left = _read(path, tops)
    folder = path.absolute().parent
    kept: list[Finding] = []
    for finding in result.findings:
        key = fingerprint(finding, folder)
        if left[key] > 0:
            left[key] -= 1
        else:
            kept.append(finding)
    dropped = len(result.findings) - len(kept)
    return replace(result, findings=tuple(kept), suppressed=result.suppressed + dropped)
