"""Suppression comments: `wslint: ignore[WS401] reason` and `wslint: ignore-file[WS401] reason`.

The comment stands on a line of the finding, or alone on the line above it. Codes and names both
work. A comment that suppresses nothing is a finding itself (WS090), so that none outlives its cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wslint.finding import Finding
from wslint.record import record
from wslint.regex import regex
from wslint.text import Comment, SourceFile, Span

_DIRECTIVE = regex(
    r"wslint:\s*(?P<kind>[\w-]+)[ \t]*(?P<codes>\[[^\]\n]*\]?)?[ \t]*(?P<reason>[^\n]*)", re.ASCII
)
_KINDS = ("ignore", "ignore-file")
_MEANT = regex(r"(?:ig|in|disable|enable|noqa|off|skip|allow|suppress)", re.IGNORECASE)
"""How a word begins that was likely meant as a directive; `wslint: see the docs` is prose."""


@record
class Suppression:
    """One code in one suppression comment.

    `line` is the first line it speaks for, None for a whole file. `code` is a rule's code, None where the
    text between the brackets is no rule. `problem` says what is wrong with a comment that can't work.
    """

    comment: Comment
    span: Span  # the code between the brackets, or the whole directive
    text: str
    code: str | None
    line: int | None
    reason: str = ""
    problem: str = ""
    siblings: int = 1
    """How many codes the same comment lists."""
    used: bool = False
    last_line: int | None = None
    """None where it speaks for one line."""

    @property
    def file(self) -> SourceFile:
        return self.comment.span.file

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is of this code and touches the line or file."""
        if self.code != finding.code:
            return False
        if self.line is None:
            return finding.span.file.path == self.file.path
        last = self.last_line or self.line
        spans = (finding.span, *(label.span for label in finding.labels))
        return any(
            span.file.path == self.file.path and span.first.line <= last and self.line <= span.last.line
            for span in spans
        )


def read_suppressions(comments: Iterable[Comment]) -> list[Suppression]:
    """All suppressions in the given comments; other comments are passed over."""
    found: list[Suppression] = []
    for comment in comments:
        # One character a byte, so that matches give byte offsets.
        match = _DIRECTIVE.search(
            comment.span.file.data[comment.span.start : comment.span.end].decode("latin-1")
        )
        if match is not None and (match["codes"] or _MEANT.match(match["kind"])):
            found.extend(_read(comment, match))
    return found


def _read(comment: Comment, match: re.Match[str]) -> list[Suppression]:
    from wslint.rules import find_rule

    file, offset = comment.span.file, comment.span.start

    def place(start: int, end: int) -> Span:
        return Span(file, offset + start, offset + end)

    kind, brackets = match["kind"], match["codes"] or ""
    whole = place(match.start(), match.start() + len(match.group().removesuffix("*/").rstrip()))
    problem = ""
    if kind not in _KINDS:
        problem = f"`{kind}` is neither `ignore` nor `ignore-file`"
    elif not brackets.endswith("]"):
        problem = f"name the rules in brackets: `wslint: {kind}[WS301] reason`"
    if problem:
        return [Suppression(comment, whole, kind, None, None, problem=problem)]
    line, last_line = (None, None) if kind == "ignore-file" else _lines_of(comment)
    reason = place(*match.span("reason")).text.removesuffix("*/").strip()
    found: list[Suppression] = []
    codes = list(re.finditer(r"(?<=[\[,])[^,\]]*", brackets))
    for part in codes:
        start = match.start("codes") + part.start() + len(part.group()) - len(part.group().lstrip())
        span = place(start, start + len(part.group().strip()))
        text = span.text
        rule = find_rule(text) if text else None
        found.append(
            Suppression(
                comment,
                span if text else place(*match.span("codes")),
                text,
                rule.rule.code if rule else None,
                line,
                reason,
                "" if rule else f"no rule is called `{text}`" if text else "a rule's code is missing here",
                len(codes),
                last_line=last_line,
            )
        )
    return found


def _lines_of(comment: Comment) -> tuple[int, int]:
    """The first and the last line that a comment speaks for: its own where code stands before it, else
    through the next line of code, and where that is an attribute or a decorator, what it adorns."""
    file = comment.span.file
    first = comment.span.first.line
    before = file.data[file.line_starts[first - 1] : comment.span.start]
    if before.strip(b" \t\xef\xbb\xbf"):
        return first, first
    last = file.line_number(comment.span.end - 1)  # Rust's doc comments hold their line end
    line = _code_at(file, last + 1)
    while file.line_text(line).strip().startswith(("#[", "@")) and line < len(file.line_starts):
        line = _code_at(file, line + 1)
    return first, line


def _code_at(file: SourceFile, line: int) -> int:
    """The first line from `line` on that is neither blank nor a comment; the last line where none is."""
    return _code_lines(file)[min(line, len(file.line_starts))]


@lru_cache(maxsize=8)
def _code_lines(file: SourceFile) -> list[int]:
    """For each line the first of code at or after it: worked out once, as a page of comments asks for each."""
    marks = ("#",) if file.path.suffix in (".toml", ".py", ".pyi") else ("//", "/*", "* ", "*/")
    last = len(file.line_starts)
    found = [last] * (last + 1)
    for line in range(last - 1, -1, -1):
        text = file.line_text(line).strip() if line else ""
        found[line] = line if text and text != "*" and not text.startswith(marks) else found[line + 1]
    return found


def apply(findings: Iterable[Finding], suppressions: list[Suppression]) -> tuple[list[Finding], int]:
    """The findings that no comment suppresses, and how many were suppressed."""
    by_code: dict[str | None, list[Suppression]] = {}
    for suppression in suppressions:
        by_code.setdefault(suppression.code, []).append(suppression)
    kept: list[Finding] = []
    count = 0
    for finding in findings:
        hits = [suppression for suppression in by_code.get(finding.code, ()) if suppression.covers(finding)]
        for hit in hits:
            hit.used = True
        if hits:
            count += 1
        else:
            kept.append(finding)
    return kept, count
