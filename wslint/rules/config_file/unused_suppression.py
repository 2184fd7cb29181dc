"""A suppression that suppresses nothing.

## What it does
Finds codes in `wslint: ignore[…]` and `wslint: ignore-file[…]` comments that no finding answers to.

## Why it fails
The defect is gone and its excuse is not: the next defect of that kind on that line, or in that file,
would go unseen.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01" # wslint: ignore[WS103] released next month
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The rule did not run: it is not selected, or one environment alone was checked.

## Source
- The convention of this tool, run on each check: a comment has to be about a finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.suppress import Suppression
from wslint.text import Span, line_end, line_start, next_line

RULE = Rule("WS090", "unused-suppression", Severity.WARNING, fix="safe")


def check(suppression: Suppression) -> Iterator[Outcome]:
    if suppression.used or suppression.problem:
        return
    where = "in this file" if suppression.line is None else "here"
    what = "the code" if suppression.siblings > 1 else "the comment"
    yield RULE.finding(
        suppression.span,
        f"nothing {where} is suppressed by `{suppression.text}`: remove {what}",
        fix=Fix(f"remove {what}", "safe", (_edit(suppression),)),
    )


def _edit(suppression: Suppression) -> Edit:
    """Drop the code with a comma, or the comment where it is the only code in it."""
    if suppression.siblings > 1:
        return _without_code(suppression.span)
    comment, data = suppression.comment.span, suppression.file.data
    directive = data.rfind(b"wslint:", comment.start, suppression.span.start)
    others = data[comment.start : directive].rstrip(b"#/*! \t\r\n")
    if others:  # words, or another tool's directive
        closing = data.find(b"*/", directive, comment.end) if data.startswith(b"/*", comment.start) else -1
        end = len(data[: closing if closing != -1 else comment.end].rstrip(b" \t\r\n"))
        return Edit(Span(comment.file, comment.start + len(others), end), "")
    start, end = line_start(data, comment.start), line_end(data, comment.end)
    before, after = data[start : comment.start], data[comment.end : end]
    if not before.strip() and not after.strip():
        return Edit(Span(comment.file, start, next_line(data, end)), "")
    if after.strip():
        return Edit(comment, "")
    kept = len(before.rstrip(b" \t"))
    return Edit(Span(comment.file, start + kept, comment.end), "")


def _without_code(span: Span) -> Edit:
    data = span.file.data
    after = data[span.end : data.index(b"]", span.end)]
    if after.lstrip().startswith(b","):
        rest = after.lstrip()[1:]
        gap = len(after) - len(rest.lstrip())
        return Edit(Span(span.file, span.start, span.end + gap), "")
    before = data[: span.start].rstrip()
    return Edit(Span(span.file, len(before.removesuffix(b",")), span.end), "")
