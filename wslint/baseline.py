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

from wslint.errors import CheckError
from wslint.finding import Finding
from wslint.record import replace
from wslint.report.model import Result


def fingerprint(finding: Finding, folder: Path | None = None) -> str:
    """Rule, file and line text, as one line of text. The file is named relative to `folder`, so
    that a baseline holds wherever wslint is run."""
    file = finding.span.file
    name = Path(os.path.relpath(file.path, folder)).as_posix() if folder else file.name
    text = " ".join(file.line_text(finding.span.first.line).split())
    return f"{finding.code} {name} {text[:200]}"


def write(path: Path, findings: Iterable[Finding]) -> None:
    """Write the findings' fingerprints with their counts. Raises CheckError when that fails."""
    folder = path.absolute().parent
    counts = Counter(fingerprint(finding, folder) for finding in findings)
    body = {"version": 1, "known": dict(sorted(counts.items()))}
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    try:
        # A file name that is no UTF-8 becomes an escape, which JSON reads as the same name.
        path.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise CheckError(f"{path} can't be written: {error.strerror or error}") from None


def _read(path: Path) -> Counter[str]:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckError(f"{path} does not exist; --update-baseline writes it") from None
    except OSError as error:
        raise CheckError(f"{path} can't be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        body = None
    known = body.get("known") if isinstance(body, dict) and body.get("version") == 1 else None
    if not isinstance(known, dict) or not all(isinstance(count, int) for count in known.values()):
        raise CheckError(f"{path} is no baseline of wslint; --update-baseline writes one")
    return Counter(known)


def without_known(result: Result, path: Path) -> Result:
    """The result without the findings that the baseline lists; they count as suppressed."""
    left = _read(path)
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
