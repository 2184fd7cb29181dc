"""The comment that silences a finding, as an edit: alone on a line above, with a place for the reason."""

from __future__ import annotations

from wslint.finding import Edit, Finding
from wslint.text import BOM, Span, line_start, newline_at

_MARKS = {".toml": "#", ".py": "#", ".json": "//", ".jsonc": "//", ".rs": "//"}
_MARKS |= dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"), "//")

REASON = "say here why it is meant"


def suppression(finding: Finding, reason: str = REASON) -> Edit | None:
    """A line above the finding; None for a kind of file that has no comments that are read."""
    file = finding.span.file
    mark = _MARKS.get(file.path.suffix)
    if mark is None:
        return None
    start = line_start(file.data, finding.span.start)
    if start == 0 and file.data.startswith(BOM):
        start = len(BOM)
    line = file.data[start:]
    indent = line[: len(line) - len(line.lstrip(b" \t"))].decode()
    text = f"{indent}{mark} wslint: ignore[{finding.code}] {reason}{newline_at(file.data, start)}"
    return Edit(Span(file, start, start), text)
