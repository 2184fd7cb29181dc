"""One line of source as a terminal shows it: tabs expanded, and cut around what matters."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from wslint.record import frozen
from wslint.report.visible import TAB_WIDTH, cells, visible_character

ELLIPSIS = "…"


@frozen
class Line:
    """What is shown of a line. `edges[n]` is the terminal column at which the character `first + n`
    begins; the last edge is where the shown part ends."""

    text: str
    first: int
    edges: list[int]

    def column(self, index: int) -> int:
        """The terminal column of a character; those that were cut off are at the cut."""
        return self.edges[min(max(index - self.first, 0), len(self.edges) - 1)]


def show_line(text: str, focus: tuple[int, int], room: int) -> Line:
    """As much of a line as `room` columns hold, around the characters in `focus`."""
    start, end = focus[0], min(focus[1], focus[0] + room)
    # A minified line may hold a megabyte: only what is near the focus is looked at.
    first = max(start - room, 0) if len(text) > 4 * room else 0
    last = min(end + room, len(text)) if len(text) > 4 * room else len(text)
    pieces = _pieces(text[first:last])
    edges = [0, *accumulate(map(cells, pieces))]
    if first == 0 and last == len(text) and edges[-1] <= room:
        return Line("".join(pieces), 0, edges)

    focus_start, focus_end = edges[min(start, last) - first], edges[min(end, last) - first]
    low = 0
    if first > 0 or focus_end > room - 1:
        before = min(max(room - 2 - (focus_end - focus_start), 0) // 2, room // 3)
        at = focus_start - before
        if last == len(text):
            at = min(at, edges[-1] - (room - 1))  # near the end of a line, show more of what precedes
        low = min(bisect_left(edges, max(at, 0)), len(pieces))
    cut_before = first + low > 0
    space = room - int(cut_before)
    high = bisect_left(edges, edges[low] + space + 1) - 1
    cut_after = first + high < len(text)
    if cut_after:
        high = max(bisect_left(edges, edges[low] + space) - 1, low)
    shift = int(cut_before) - edges[low]
    shown = ELLIPSIS * cut_before + "".join(pieces[low:high]) + ELLIPSIS * cut_after
    return Line(shown, first + low, [edge + shift for edge in edges[low : high + 1]])


def fits(text: str, room: int) -> bool:
    """Whether a text is shown uncut."""
    return len(text) <= 4 * room and sum(map(cells, _pieces(text))) <= room


def _pieces(text: str) -> list[str]:
    """Each character as it is shown."""
    if text.isprintable():
        return list(text)
    pieces = []
    column = 0
    for character in text:
        piece = " " * (TAB_WIDTH - column % TAB_WIDTH) if character == "\t" else visible_character(character)
        column += cells(piece)
        pieces.append(piece)
    return pieces
