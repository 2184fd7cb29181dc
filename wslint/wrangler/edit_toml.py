"""Edits of TOML statements: headers and `key = value` lines, above and between each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from wslint.finding import Edit
from wslint.record import record
from wslint.text import BOM, SourceFile, Span
from wslint.wrangler.edit_inline import Style
from wslint.wrangler.toml import Statement

Path = tuple[str | int, ...]

DEEPEST = 40
"""Keys that lie deeper are not in the index: each of a hundred levels would stand there."""


@record
class Lines:
    """The statements of a file and the lines they take."""

    file: SourceFile
    statements: list[Statement]
    comment_lines: frozenset[int]
    """Where the lines start that hold a comment alone."""
    style: Style

    @property
    def data(self) -> bytes:
        return self.file.data

    def below(self, path: Path) -> list[Statement]:
        """The statements that say something of `path`."""
        if len(path) > DEEPEST:
            size = len(path)
            return [statement for statement in self.statements if statement.path[:size] == path]
        return self._by_path.get(path, [])

    def own(self, header: Statement) -> list[Statement]:
        """The statements under a header."""
        return self._by_header.get(id(header), [])

    @cached_property
    def _by_path(self) -> dict[Path, list[Statement]]:
        """One pass over the file for all edits of it."""
        found: dict[Path, list[Statement]] = {}
        for statement in self.statements:
            for size in range(min(len(statement.path), DEEPEST) + 1):
                found.setdefault(statement.path[:size], []).append(statement)
        return found

    @cached_property
    def _by_header(self) -> dict[int, list[Statement]]:
        found: dict[int, list[Statement]] = {}
        for statement in self.statements:
            if statement.header is not None:
                found.setdefault(id(statement.header), []).append(statement)
        return found

    def start(self, statement: Statement) -> int:
        return max(self.data.rfind(b"\n", 0, statement.span.start) + 1, self.top)

    @property
    def top(self) -> int:
        return len(BOM) if self.data.startswith(BOM) else 0

    def text_end(self, statement: Statement) -> int:
        """The end of its last line, before the line end; a comment behind it is part of it."""
        end = self.data.find(b"\n", statement.span.end)
        if end == -1:
            return len(self.data)
        return end - 1 if self.data[end - 1 : end] == b"\r" else end

    def comment_behind(self, statement: Statement) -> str:
        """The comment on a statement's last line, as a line. What it says to wslint is said of the statement."""
        text = self.file.slice(statement.span.end, self.text_end(statement)).strip()
        if not text.startswith("#") or "wslint:" in text:
            return ""
        return f"{self.indent(statement)}{text}{self.style.newline}"

    def section_end(self, statement: Statement) -> int:
        """Like `text_end`, behind the comment lines that follow, unless they belong to what comes next."""
        end, line = self.text_end(statement), self.end(statement)
        while line in self.comment_lines:
            newline = self.data.find(b"\n", line)
            end = len(self.data) if newline == -1 else newline - (self.data[newline - 1 : newline] == b"\r")
            line = len(self.data) if newline == -1 else newline + 1
        return end if self.is_blank(line) else self.text_end(statement)

    def end(self, statement: Statement) -> int:
        end = self.data.find(b"\n", statement.span.end)
        return len(self.data) if end == -1 else end + 1

    def with_comments(self, start: int) -> int:
        """The start of the comment lines that stand right above a line."""
        while start > self.top:
            above = self.data.rfind(b"\n", 0, start - 1) + 1
            if above not in self.comment_lines:
                break
            start = max(above, self.top)
        return start

    def is_blank(self, start: int) -> bool:
        """Whether the line that starts here is empty; past both ends of the file counts too."""
        end = self.data.find(b"\n", start)
        return not self.data[start : end if end != -1 else len(self.data)].strip(b" \t\r" + BOM)

    def blank_above(self, start: int) -> bool:
        return start <= self.top or self.is_blank(self.data.rfind(b"\n", 0, start - 1) + 1)

    def indent(self, statement: Statement) -> str:
        return self.data[self.start(statement) : statement.span.start].decode()


def remove(lines: Lines, path: Path) -> Iterator[Edit]:
    """Drop every statement about `path`. A section takes the comments in it along; one behind a single key
    stays, on a line of its own."""
    doomed = lines.below(path)
    for group in _neighbours(lines, doomed):
        start, end = lines.start(group[0]), lines.end(group[-1])
        comments = "".join(map(lines.comment_behind, group))
        if comments and not any(statement.is_header for statement in group):
            yield Edit(Span(lines.file, start, end), comments)
            continue
        if lines.blank_above(start) and lines.is_blank(end):
            while end < len(lines.data) and lines.is_blank(end):  # leave one blank line, not two
                following = lines.data.find(b"\n", end)
                end = following + 1 if following != -1 else len(lines.data)
            if end == len(lines.data):
                kept = lines.data[:start].rstrip(b" \t\r\n")
                newline = lines.data.find(b"\n", len(kept))
                start = max(newline + 1, len(kept)) if 0 <= newline < start else start
        yield Edit(Span(lines.file, start, end), "")


def _neighbours(lines: Lines, doomed: list[Statement]) -> Iterator[list[Statement]]:
    """Runs of statements with no other between them; only a table's own comments may be."""
    group: list[Statement] = []
    wanted = {id(statement) for statement in doomed}
    for statement in lines.statements:
        if id(statement) in wanted:
            if (
                group
                and not statement.is_header
                and not group[0].is_header
                and _apart(lines, group[-1], statement)
            ):
                yield group
                group = []
            group.append(statement)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _apart(lines: Lines, one: Statement, other: Statement) -> bool:
    return bool(lines.data[lines.end(one) : lines.start(other)].strip())


def rename(lines: Lines, path: Path, name: str) -> Iterator[Edit]:
    """Write another last key of `path` in every statement that writes it."""
    outer = _keys_in(path[:-1])
    for statement in lines.below(path):
        place = outer - (_keys_in(statement.header.path) if statement.header is not None else 0)
        if place >= 0:  # else its header has it
            yield Edit(statement.keys[place], lines.style.key(name))


def _keys_in(path: Path) -> int:
    return sum(isinstance(step, str) for step in path)


def move_to_root(lines: Lines, path: Path) -> Iterator[Edit]:
    """Cut the way to `path` off: lines below other headers go above the first one, its own headers
    lose their first keys and stay."""
    texts: list[str] = []
    for statement in lines.below(path):
        header = statement.header
        if header is not None and header.path[: len(path)] == path:
            continue
        if header is None:  # a header itself, or a dotted key that is at the top level already
            start, end = statement.keys[0].start, statement.keys[_keys_in(path[:-1])].start
            yield Edit(Span(lines.file, start, end), "")
            continue
        key = statement.keys[len(path) - 1 - len(header.path)]
        start = lines.start(statement)
        commented = lines.with_comments(start)
        if commented < start and lines.blank_above(commented) and not _removed_above(lines, statement, path):
            texts.append(lines.data[commented:start].decode("utf-8", "replace").rstrip())
        else:
            commented = start
        texts.append(lines.file.slice(key.start, lines.text_end(statement)))
        yield from _cut(lines, commented, statement)
    if texts:
        yield root_lines(lines, texts)


def _removed_above(lines: Lines, statement: Statement, path: Path) -> bool:
    index = lines.statements.index(statement)
    return index > 0 and lines.statements[index - 1].path[: len(path)] == path


def _cut(lines: Lines, start: int, statement: Statement) -> Iterator[Edit]:
    end = lines.end(statement)
    if lines.blank_above(start) and lines.is_blank(end):
        following = lines.data.find(b"\n", end)
        end = following + 1 if following != -1 else len(lines.data)
    if end == len(lines.data) and lines.blank_above(start):
        kept = len(lines.data[:start].rstrip(b" \t\r\n"))
        start = max(lines.data.find(b"\n", kept, start) + 1, kept)
    yield Edit(Span(lines.file, start, end), "")


def root_lines(lines: Lines, texts: list[str]) -> Edit:
    """Insert lines at the top level: after its last line, or above the first header."""
    newline = lines.style.newline
    body = newline.join(texts)
    own = [
        statement for statement in lines.statements if statement.header is None and not statement.is_header
    ]
    if own:
        return insert_after(lines, lines.text_end(own[-1]), body)
    if not lines.statements:
        return at_end(lines, body, newline)
    first = lines.start(lines.statements[0])
    start = lines.with_comments(first)
    if start <= lines.top:  # a comment at the very top is about the file
        start = first
    return Edit(Span(lines.file, start, start), body + newline * 2)


def insert_after(lines: Lines, end: int, body: str) -> Edit:
    return Edit(Span(lines.file, end, end), lines.style.newline + body)


def at_end(lines: Lines, body: str, separator: str) -> Edit:
    """Append to the file, which then ends with a line end."""
    newline = lines.style.newline
    end = max(len(lines.data.rstrip(b" \t\r\n")), lines.top)
    closing = "" if b"\n" in lines.data[end:] else newline
    opening = newline + separator if end > lines.top else ""
    if not opening and not closing:
        return Edit(Span(lines.file, end, len(lines.data)), body + newline)
    return Edit(Span(lines.file, end, end), opening + body + closing)


def set_key(lines: Lines, table: Path, key: str, value: object) -> Edit:
    """Add `key = value` to a table that is written by headers or dotted keys, or to the root."""
    style = lines.style
    text = style.pair(key, style.text(value, ""))
    if not table:
        return root_lines(lines, [text])
    headers = [
        statement for statement in lines.below(table) if statement.is_header and statement.path == table
    ]
    if headers:
        own = lines.own(headers[-1])
        last = own[-1] if own else headers[-1]
        indent = lines.indent(last)
        return insert_after(lines, lines.text_end(last), indent + style.pair(key, style.text(value, indent)))
    dotted = _dotted(lines, table)
    if dotted is not None:
        return insert_after(
            lines, lines.text_end(dotted), lines.indent(dotted) + _prefix(lines, dotted, table) + text
        )
    first = lines.below(table)[0]
    start = lines.with_comments(lines.start(first))
    newline = style.newline
    return Edit(Span(lines.file, start, start), f"[{_joined(style, table)}]{newline}{text}{newline * 2}")


def _dotted(lines: Lines, table: Path) -> Statement | None:
    """The last `table.key = value` where no header names the table."""
    found = None
    for statement in lines.below(table):
        if statement.is_header and statement.path == table:
            return None
        above = len(statement.path) - len(statement.keys)
        if not statement.is_header and above < len(table):
            found = statement
    return found


def _prefix(lines: Lines, statement: Statement, table: Path) -> str:
    """The written keys of a dotted line that lead to `table`, with their last dot."""
    above = len(statement.path) - len(statement.keys)
    last = statement.keys[len(table) - above - 1]
    return lines.file.slice(statement.keys[0].start, last.end) + "."


def add_tables(
    lines: Lines, table: Path, rest: tuple[str, ...], values: list[object], is_array: bool
) -> Edit:
    """Add `[table.rest]`, or one `[[table.rest]]` a value, after what belongs together with it."""
    style, path = lines.style, (*table, *rest)
    like = next((s for s in reversed(lines.below(path)) if s.is_header and _is_item_of(s, path)), None)
    dotted = _dotted(lines, table) if table and like is None else None
    if dotted is not None:  # a header of its own would be refused, or look like another style
        text = style.one_line(values if is_array else values[0])
        body = f"{lines.indent(dotted)}{_prefix(lines, dotted, table)}{style.key(*rest)} = {text}"
        return insert_after(lines, lines.text_end(dotted), body)
    indent = lines.indent(like) if like is not None else ""
    body = f"{style.newline}{style.newline}".join(
        style.newline.join(_section(style, path, value, is_array, indent, _pair_indent(lines, like)))
        for value in values
    )
    last = next((found for size in range(len(path), 0, -1) if (found := _sections(lines, path[:size]))), None)
    if last is None or last is lines.statements[-1]:
        return at_end(lines, body, style.newline)
    return insert_after(lines, lines.section_end(last), style.newline + body)


def _is_item_of(statement: Statement, path: Path) -> bool:
    return len(statement.path) == len(path) + 1 and isinstance(statement.path[-1], int)


def _pair_indent(lines: Lines, header: Statement | None) -> str:
    own = next((s for s in lines.statements if header is not None and s.header is header), None)
    return lines.indent(own) if own is not None else ""


def _sections(lines: Lines, path: Path) -> Statement | None:
    """The last statement of the sections about `path`, None where no header leads there."""
    below = [s for s in lines.below(path) if s.is_header or s.header is not None]
    return below[-1] if below else None


def _section(
    style: Style, path: Path, value: object, is_array: bool, indent: str, pair_indent: str
) -> Iterator[str]:
    name = _joined(style, path)
    assert isinstance(value, dict)
    tables = {
        key: inner for key, inner in value.items() if isinstance(inner, dict) and inner and not is_array
    }
    if is_array or len(tables) < len(value):
        yield f"{indent}[[{name}]]" if is_array else f"{indent}[{name}]"
        for key, inner in value.items():
            if key not in tables:
                yield pair_indent + style.pair(key, style.text(inner, pair_indent))
        if tables:
            yield ""
    for place, (key, inner) in enumerate(tables.items()):
        if place:
            yield ""
        yield from _section(style, (*path, key), inner, False, indent, pair_indent)


def _joined(style: Style, path: Path) -> str:
    return ".".join(style.key(step) for step in path if isinstance(step, str))
