"""Code frames: the source lines that a finding speaks of, with marks and labels under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wslint.record import frozen, replace
from wslint.report.line import ELLIPSIS, Line, fits, show_line
from wslint.report.paint import Paint, Role
from wslint.report.visible import visible
from wslint.text import SourceFile, Span

# A span of more lines than this is shown by its first lines and its last.
LONGEST_WHOLE_SPAN = 6
LINES_OF_A_LONG_SPAN = 3
LEAST_ROOM = 20


@frozen
class Mark:
    """A span to show, what to write next to it (harmless by now), and whether it is the finding's own."""

    span: Span
    text: str
    primary: bool


@frozen
class _Placed:
    """A mark in lines, and in characters from 0; `last_column` is past the end. `depth` is the
    bracket column of a mark over several lines."""

    mark: Mark
    first_line: int
    first_column: int
    last_line: int
    last_column: int
    depth: int = 0

    @property
    def symbol(self) -> str:
        return "^" if self.mark.primary else "-"


@frozen
class _Frames:
    """How the frames of one finding are drawn."""

    role: Role
    paint: Paint
    width: int
    gutter: int

    def row(self, content: str, number: int | None = None) -> str:
        label = "" if number is None else str(number)
        return f"{self.paint('frame', f'{label:>{self.gutter}} |')} {content}".rstrip()

    def role_of(self, placed: _Placed) -> Role:
        return self.role if placed.mark.primary else "frame"


def render_frames(marks: Sequence[Mark], role: Role, paint: Paint, width: int) -> tuple[list[str], int]:
    """The rows of all frames, the primary mark's file first, and the width of the line numbers."""
    by_file: dict[int, list[_Placed]] = {}
    for mark in sorted(marks, key=lambda mark: not mark.primary):
        by_file.setdefault(id(mark.span.file), []).append(_place(mark))
    gutter = len(str(max(placed.last_line for group in by_file.values() for placed in group)))
    frames = _Frames(role, paint, width, gutter)
    rows: list[str] = []
    for group in by_file.values():
        first = group[0]
        arrow = "-->" if first.mark.primary else ":::"
        place = f"{visible(first.mark.span.file.name)}:{first.first_line}:{first.first_column + 1}"
        rows.append(f"{' ' * gutter}{paint('frame', arrow)} {paint('path', place)}")
        rows.append(frames.row(""))
        rows.extend(_frame(frames, first.mark.span.file, group))
        rows.append(frames.row(""))
    return rows, gutter


def _place(mark: Mark) -> _Placed:
    data = mark.span.file.data
    start = min(max(mark.span.start, 0), len(data))
    end = min(max(mark.span.end, start), len(data))
    # A span that takes in its line end is about the line, not about the one that follows.
    end = start + len(data[start:end].rstrip(b"\r\n"))
    first, last = mark.span.file.position(start), mark.span.file.position(end)
    return _Placed(mark, first.line, first.column - 1, last.line, last.column - 1)


def _frame(frames: _Frames, file: SourceFile, group: Sequence[_Placed]) -> Iterator[str]:
    brackets = _with_depth(placed for placed in group if placed.first_line != placed.last_line)
    inline = [placed for placed in group if placed.first_line == placed.last_line]
    depth = max((placed.depth + 1 for placed in brackets), default=0)
    previous = 0
    for number in _shown_lines(file, group):
        if previous and number > previous + 1:
            yield _gap(frames, brackets, previous)
        previous = number
        text = file.line_text(number)
        here = [placed for placed in inline if placed.first_line == number]
        opening = [placed for placed in brackets if placed.first_line == number]
        closing = [placed for placed in brackets if placed.last_line == number]
        points = [(placed.first_column, placed.last_column, placed) for placed in here]
        points += [(placed.first_column, placed.first_column + 1, placed) for placed in opening]
        points += [(max(placed.last_column - 1, 0), placed.last_column, placed) for placed in closing]
        room = max(frames.width - frames.gutter - 3 - 2 * depth, LEAST_ROOM)
        opened = [placed for placed in brackets if placed.first_line < number <= placed.last_line]
        for focus, members in _clusters(points, text, room):
            line = show_line(text, focus, room)
            drawn_open = [placed for placed in opening if placed in members]
            # A bracket that begins where the text does needs no row of its own.
            direct = [placed for placed in drawn_open if not text[: placed.first_column].strip()]
            area = _area(frames, depth, opened, direct)
            yield frames.row(area + line.text, number)
            opened += direct
            area = _area(frames, depth, opened)
            yield from _under(frames, area, line, [placed for placed in here if placed in members])
            for placed in drawn_open:
                if placed not in direct:
                    yield _bracket_row(frames, depth, opened, placed, line.column(placed.first_column), "")
                    opened.append(placed)
            for placed in sorted(closing, key=lambda placed: -placed.depth):
                if placed in members:
                    opened.remove(placed)
                    at = line.column(max(placed.last_column - 1, 0))
                    yield _bracket_row(frames, depth, opened, placed, at, placed.mark.text, close=True)


def _with_depth(marks: Iterable[_Placed]) -> list[_Placed]:
    """Marks over several lines, each with the first bracket column that is free over its lines."""
    result: list[_Placed] = []
    free_after: list[int] = []
    for placed in sorted(marks, key=lambda placed: (placed.first_line, -placed.last_line)):
        free = (depth for depth, last in enumerate(free_after) if last < placed.first_line)
        depth = next(free, len(free_after))
        free_after[depth : depth + 1] = [placed.last_line]
        result.append(replace(placed, depth=depth))
    return result


def _shown_lines(file: SourceFile, group: Sequence[_Placed]) -> list[int]:
    lines: set[int] = set()
    for placed in group:
        count = placed.last_line - placed.first_line + 1
        shown = count if count <= LONGEST_WHOLE_SPAN else LINES_OF_A_LONG_SPAN
        lines.update(range(placed.first_line, placed.first_line + shown))
        lines.add(placed.last_line)
        # A mark on an empty line, most often the end of the file, says nothing without a neighbour.
        if placed.first_line > 1 and not file.line_text(placed.first_line).strip():
            lines.add(placed.first_line - 1)
    # One line left out would take as much room as the row that says so.
    lines.update([line + 1 for line in lines if line + 2 in lines])
    return sorted(lines)


def _gap(frames: _Frames, brackets: Sequence[_Placed], previous: int) -> str:
    depth = max((placed.depth + 1 for placed in brackets), default=0)
    opened = [placed for placed in brackets if placed.first_line <= previous < placed.last_line]
    dots = frames.paint("frame", f"{'...':<{frames.gutter + 2}}")
    return f"{dots} {_area(frames, depth, opened)}".rstrip()


def _clusters(
    points: Sequence[tuple[int, int, _Placed]], text: str, room: int
) -> list[tuple[tuple[int, int], list[_Placed]]]:
    """The marks of one line in groups that can be seen together: a minified line may hold two that
    are a megabyte apart, and is then shown once for each."""
    if fits(text, room):
        return [((0, 0), [placed for _, _, placed in points])]
    clusters: list[tuple[tuple[int, int], list[_Placed]]] = []
    for start, end, placed in sorted(points, key=lambda point: point[:2]):
        low = clusters[-1][0][0] if clusters else 0
        high = max(clusters[-1][0][1], end) if clusters else 0
        if clusters and fits(text[low:high], room - 2 * len(ELLIPSIS)):
            clusters[-1] = ((low, high), [*clusters[-1][1], placed])
        else:
            clusters.append(((start, end), [placed]))
    return clusters or [((0, 0), [])]


def _area(frames: _Frames, depth: int, opened: Sequence[_Placed], starting: Sequence[_Placed] = ()) -> str:
    """The bracket columns left of a row."""
    columns = [" "] * depth
    for placed in opened:
        columns[placed.depth] = frames.paint(frames.role_of(placed), "|")
    for placed in starting:
        columns[placed.depth] = frames.paint(frames.role_of(placed), "/")
    return "".join(f"{column} " for column in columns)


def _bracket_row(
    frames: _Frames,
    depth: int,
    opened: Sequence[_Placed],
    placed: _Placed,
    column: int,
    text: str,
    *,
    close: bool = False,
) -> str:
    """The row that leads from a bracket to the column where its span begins or ends."""
    outer = [other for other in opened if other.depth < placed.depth]
    left = _area(frames, placed.depth, outer)
    length = 2 * (depth - placed.depth) - 1 + column
    line = ("|" if close else " ") + "_" * length + placed.symbol
    label = f" {text}" if text else ""
    return frames.row(left + frames.paint(frames.role_of(placed), line + label))


def _under(frames: _Frames, area: str, line: Line, marks: Sequence[_Placed]) -> Iterator[str]:
    """The rows under a source line: the marks, then the labels that hang from them.

    >     const pair = env.ROOM.get(id)
    >                  ^^^^^^^^     -- the second label
    >                  |
    >                  the first label
    """
    if not marks:
        return
    bounds: dict[_Placed, tuple[int, int]] = {}
    for placed in marks:
        start = line.column(placed.first_column)
        bounds[placed] = (start, max(line.column(placed.last_column), start + 1))
    # Short marks over long ones, the finding's own over an equal one: each stays in sight.
    order = sorted(marks, key=lambda placed: (bounds[placed][0] - bounds[placed][1], placed.mark.primary))
    row: dict[int, tuple[str, Role]] = {}
    for placed in order:
        row.update((at, (placed.symbol, frames.role_of(placed))) for at in range(*bounds[placed]))

    labelled = sorted((placed for placed in marks if placed.mark.text), key=lambda placed: -bounds[placed][0])
    after = ""
    if labelled:
        start, end = bounds[labelled[0]]
        alone = len(labelled) == 1 or bounds[labelled[1]][0] < start
        if alone and all(other_end <= end for _, other_end in bounds.values()):
            placed = labelled.pop(0)
            after = " " + frames.paint(frames.role_of(placed), placed.mark.text)
    yield frames.row(area + _draw(frames, row) + after)
    if labelled:
        yield frames.row(area + _draw(frames, _connectors(frames, bounds, labelled)))
    while labelled:
        placed = labelled.pop(0)
        start = bounds[placed][0]
        left = [other for other in labelled if bounds[other][0] < start]
        text = frames.paint(frames.role_of(placed), placed.mark.text)
        connectors = _draw(frames, _connectors(frames, bounds, left), start)
        yield frames.row(area + connectors + text)


def _connectors(
    frames: _Frames, bounds: dict[_Placed, tuple[int, int]], marks: Sequence[_Placed]
) -> dict[int, tuple[str, Role]]:
    return {bounds[placed][0]: ("|", frames.role_of(placed)) for placed in marks}


def _draw(frames: _Frames, row: dict[int, tuple[str, Role]], width: int = 0) -> str:
    """A row from what stands at each column, painted a stretch at a time."""
    stretches: list[tuple[str, Role]] = []
    for column in range(max(max(row, default=-1) + 1, width)):
        character, role = row.get(column, (" ", "plain"))
        if stretches and stretches[-1][1] == role:
            stretches[-1] = (stretches[-1][0] + character, role)
        else:
            stretches.append((character, role))
    return "".join(frames.paint(role, text) for text, role in stretches)
