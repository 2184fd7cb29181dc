"""Suppression comments: `wslint: ignore[WS401] reason` and `wslint: ignore-file[WS401] reason`.

The comment stands on a line of the finding, or alone on the line above it. Codes and names both
work. A comment that suppresses nothing is a finding itself (WS090), so that none outlives its cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from wslint.finding import Finding
from wslint.text import Comment, SourceFile, Span

_COMMENT = re.compile(r"wslint:\s*(?P<kind>[\w-]+)\s*(?P<codes>\[[^\]\n]*\]?)?\s*(?P<reason>[^\n]*)")


@dataclass(eq=False, slots=True)
class Suppression:
    """One code in one suppression comment.

    `line` is the line it speaks for, None for a whole file. `code` is a rule's code, None where the
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
    used: bool = field(default=False)

    @property
    def file(self) -> SourceFile:
        return self.comment.span.file

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is of this code and touches the line or file."""
        if self.code != finding.code:
            return False
        if self.line is None:
            return finding.span.file.path == self.file.path
        spans = (finding.span, *(label.span for label in finding.labels))
        return any(
            span.file.path == self.file.path and span.first.line <= self.line <= span.last.line for span in spans
        )


def read_suppressions(comments: Iterable[Comment]) -> list[Suppression]:
    """All suppressions in the given comments; other comments are passed over."""
    found: list[Suppression] = []
    for comment in comments:
        match = _COMMENT.search(comment.text)
        if match is not None:
            found.extend(_read(comment, match))
    return found


def _read(comment: Comment, match: re.Match[str]) -> list[Suppression]:
    from wslint.rules import find_rule

    span = comment.span
    kind, brackets = match["kind"], match["codes"]
    reason = match["reason"].removesuffix("*/").strip()
    start = span.start + len(comment.text[: match.start()].encode())
    end = start + len(match.group().removesuffix("*/").rstrip().encode())
    whole = Span(span.file, start, end)
    if kind not in ("ignore", "ignore-file"):
        return [Suppression(comment, whole, kind, None, None, problem=f"`{kind}` is neither `ignore` nor `ignore-file`")]
    if brackets is None or not brackets.endswith("]"):
        return [
            Suppression(comment, whole, kind, None, None, problem=f"name the rules in brackets: `wslint: {kind}[WS301] reason`")
        ]
    line = None if kind == "ignore-file" else _line_of(comment)
    found: list[Suppression] = []
    offset = start + len(comment.text[match.start() : match.start("codes")].encode()) + 1
    parts = brackets[1:-1].split(",")
    for part in parts:
        text = part.strip()
        at = offset + len(part[: len(part) - len(part.lstrip())].encode())
        place = Span(span.file, at, at + len(text.encode()))
        offset += len(part.encode()) + 1
        rule = find_rule(text) if text else None
        problem = "" if rule else f"no rule is called `{text}`" if text else "a rule's code is missing here"
        code = rule.rule.code if rule else None
        found.append(Suppression(comment, place, text, code, line, reason, problem, len(parts)))
    return found


def _line_of(comment: Comment) -> int:
    """The line that a comment speaks for: its own, or the next with something else than comments."""
    file = comment.span.file
    line = comment.span.first.line
    before = file.data[file.line_starts[line - 1] : comment.span.start]
    if before.strip(b" \t\xef\xbb\xbf"):
        return line
    line = comment.span.last.line + 1
    while line <= len(file.line_starts):
        text = file.line_text(line).strip()
        if text and not text.startswith(("#", "//", "/*", "*")) or text.startswith("#["):
            return line
        line += 1
    return line


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
