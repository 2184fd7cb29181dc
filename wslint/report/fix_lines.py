"""A fix as a small diff: the lines that it takes away and those that it puts there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wslint.finding import Edit, Fix
from wslint.report.visible import TAB_WIDTH, visible
from wslint.text import SourceFile, Span, line_end, line_start

LONGEST = 12
"""Lines of a fix that are shown."""


def changed_lines(fix: Fix, home: SourceFile) -> Iterator[str]:
    """Lines that begin with `- ` or `+ `; those of another file than `home` stand under its name."""
    last = home
    for span, lines in changes(fix):
        if span.file is not last:
            yield f"in {span.file.name}:"
        last = span.file
        yield from lines


def changes(fix: Fix) -> Iterator[tuple[Span, Iterator[str]]]:
    """What lies together: where it begins, and its lines."""
    by_file: dict[int, list[Edit]] = {}
    for edit in fix.edits:
        by_file.setdefault(id(edit.span.file), []).append(edit)
    for edits in by_file.values():
        for cluster in _clusters(sorted(edits, key=lambda one: (one.span.start, one.span.end))):
            yield cluster[0].span, _changed(cluster)


def shown(fix: Fix, home: SourceFile, width: int) -> list[str]:
    """The same, made harmless and cut: a long fix is better read with --diff."""
    return trimmed(changed_lines(fix, home), width)


def trimmed(lines: Iterable[str], width: int) -> list[str]:
    found = [_cut(visible(line.expandtabs(TAB_WIDTH)).rstrip(), width) for line in lines]
    while len(found) > 1 and found[-1] in ("+", "-"):
        found.pop()  # an empty line at an end says nothing
    while len(found) > 1 and found[0] in ("+", "-"):
        found.pop(0)
    return found if len(found) <= LONGEST else [*found[:LONGEST], "…"]


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _clusters(edits: Sequence[Edit]) -> list[list[Edit]]:
    """Edits whose lines touch, together."""
    found: list[list[Edit]] = []
    for edit in edits:
        data = edit.span.file.data
        if found and line_start(data, edit.span.start) <= line_end(data, found[-1][-1].span.end) + 1:
            found[-1].append(edit)
        else:
            found.append([edit])
    return found


def _changed(edits: Sequence[Edit]) -> Iterator[str]:
    data = edits[0].span.file.data
    start = line_start(data, edits[0].span.start)
    end = line_end(data, max(edit.span.end for edit in edits))
    pieces: list[bytes] = []
    at = start
    for edit in edits:
        pieces += [data[at : edit.span.start], edit.text.encode("utf-8", "replace")]
        at = max(at, edit.span.end)
    pieces.append(data[at:end])
    before, after = _lines(data[start:end]), _lines(b"".join(pieces))
    first = _same(before, after)
    last = _same(before[first:][::-1], after[first:][::-1])
    yield from (f"- {line}" for line in before[first : len(before) - last])
    yield from (f"+ {line}" for line in after[first : len(after) - last])


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
