"""One definition of a line: the rules' own pages, rewritten with every line end, say the same of the same text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages import TODAY, read_page, write
from wslint import fix
from wslint.check import Options, run
from wslint.files import Files
from wslint.finding import Finding
from wslint.rules import load_rules
from wslint.source.python.lower import lower
from wslint.source.tree import Call
from wslint.text import (
    SourceFile,
    Span,
    line_end,
    line_start,
    lines,
    newline_at,
    next_line,
    with_line_feeds,
    with_newlines,
)

RULES = Path(__file__).parent / "rules"
JAVASCRIPT = (".js", ".ts", ".mjs", ".mts", ".jsx", ".tsx")
ODD = "/* a\f\v\x1c\x85\u2028b */"
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
PIECES = st.lists(st.sampled_from(["a", "é", "\n", "\r", "\r\n", "\f", "\x85", "\u2028", " "]), max_size=12)


def source(text: str) -> SourceFile:
    return SourceFile(Path("/a.py"), "a.py", text.encode())


def pages() -> list[tuple[str, dict[str, str]]]:
    """For each rule page its first project in each language that has a finding."""
    found = []
    for path in sorted(RULES.glob("*.md")):
        seen: set[str] = set()
        for project in read_page(path.read_text(encoding="utf-8")):
            language = next((Path(name).suffix for name in project.files if not name.endswith("toml")), "")
            if project.expected and language not in seen and not project.options:
                seen.add(language)
                found.append((f"{path.stem} {language}", project.files))
    return found


PAGES = pages()


@given(PIECES)
def test_lines_and_places_agree(pieces: list[str]) -> None:
    text = "".join(pieces)
    file, data = source(text), text.encode()
    rebuilt = []
    for number, start in enumerate(file.line_starts, 1):
        end = line_end(data, start)
        assert line_start(data, end) == start and file.line_number(start) == file.line_number(end) == number
        assert data[start:end].decode() == file.line_text(number)
        after = next_line(data, start)
        assert after == (file.line_starts[number] if number < len(file.line_starts) else len(data))
        rebuilt.append(data[start:after])
        for offset in range(start, end + 1):
            assert (line_start(data, offset), line_end(data, offset)) == (start, end)
    assert b"".join(rebuilt) == data
    shown = [file.line_text(number) for number in range(1, len(file.line_starts) + 1)]
    assert lines(text) == (shown[:-1] if shown[-1] == "" else shown)


@given(PIECES)
def test_python_counts_the_same_lines(pieces: list[str]) -> None:
    """Each piece stands in a comment, then in a text, before a name that `ast` must place where it is."""
    text = "".join(f"# {piece}\n" if piece not in ("\n", "\r", "\r\n") else piece for piece in pieces)
    text += "'''" + "".join(pieces) + "''' ; marked()\n"
    file = source(text)
    module = lower(file, Files(Path("/")))
    (call,) = (
        statement.value for statement in module.body if isinstance(getattr(statement, "value", None), Call)
    )
    assert Span(file, call.start, call.end).text == "marked()"


def test_a_place_that_ast_gives_is_never_past_the_end() -> None:
    file = source('x = f"""\n\n{a}\n{b:{c}}\n{d(1)}"""')
    ast.parse(file.data)
    for statement in lower(file, Files(Path("/"))).body:
        assert 0 <= statement.start <= statement.end <= len(file.data)


@pytest.mark.parametrize(
    "first", ["# coding: latin-1", "#!/x\r# -*- coding: cp1252 -*-", "\n# vim: fileencoding=latin-1"]
)
def test_python_in_another_encoding_is_not_read(first: str) -> None:
    data = f"{first}\ns = 'é'; t = u\n"
    assert not lower(SourceFile(Path("/a.py"), "a.py", data.encode("latin-1")), Files(Path("/"))).body
    assert lower(source(data.replace("é", "e")), Files(Path("/"))).body
    assert lower(source("# coding: utf-8\ns = 'é'; t = u\n"), Files(Path("/"))).body


@given(PIECES, ENDS)
def test_a_lone_return_is_a_line_feed_for_a_grammar(pieces: list[str], end: str) -> None:
    text = "".join(pieces)
    data = with_line_feeds(text.encode())
    assert len(data) == len(text.encode()) and lines(data.decode()) == lines(text)
    assert lines(with_newlines("a\nb\r\nc", end)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "at", "newline"),
    [
        *[
            ("a\r\nb", 0, "\r\n"),
            ("a\r\nb", 3, "\r\n"),
            ("a\r\nb\nc", 3, "\n"),
            ("a", 0, "\n"),
            ("", 0, "\n"),
        ],
        *[("a\rb", 2, "\r"), ("a\rb\n", 0, "\r"), ("\r\n", 2, "\r\n"), ("\n", 1, "\n"), ("\r", 1, "\r")],
    ],
)
def test_the_line_end_around_a_place(text: str, at: int, newline: str) -> None:
    assert newline_at(text.encode(), at) == newline


def _options() -> Options:
    return Options(today=TODAY, pedantic=True)


def _said(findings: tuple[Finding, ...]) -> list[tuple[str, str, int, str, list[str]]]:
    """What findings say, and of which text, whatever the line ends and what stands before it."""

    def flat(text: str) -> str:
        return "\n".join(lines(text.replace(ODD, "")))

    return [
        (
            finding.code,
            finding.span.file.name,
            finding.span.first.line - finding.span.file.data.startswith((b"/* a\f", b"# a\f")),
            flat(finding.span.text),
            [flat(label.span.text) for label in finding.labels],
        )
        for finding in findings
    ]


def _rewritten(name: str, text: str, end: str) -> str:
    """A file with other line ends. TOML and Rust know no lone carriage return, Python no U+2028 outside of texts."""
    suffix = Path(name).suffix
    if end == "odd":  # one more line, with all that `str.splitlines` takes for an end
        if suffix == ".jsonc":
            return text.replace("{", "{" + ODD, 1)
        if suffix in JAVASCRIPT or suffix == ".rs":
            return f"{ODD}\n{text}"
        return f"# a\f\v\x1c\x85\u2028b\n{text}" if suffix == ".py" else text
    if end == "\r" and suffix in (".toml", ".rs", ".lock", ".md", ""):
        return text
    return text.replace("\n", end)


STYLES = {"crlf": "\r\n", "cr": "\r", "odd": "odd"}
MENDED = {code for code, loaded in load_rules().items() if loaded.rule.fix in ("safe", "unsafe")}
CASES = [
    pytest.param(files, STYLES[style], id=f"{title}-{style}")
    for number, (title, files) in enumerate(PAGES)
    for place, style in enumerate(STYLES)
    if title[:5] in MENDED or place == number % len(STYLES)  # those without a fix take turns
]


@pytest.mark.parametrize(("files", "end"), CASES)
def test_every_line_end_says_the_same(files: dict[str, str], end: str, tmp_path: Path) -> None:
    """Findings point at the same text, and fixes give the same file, whichever way lines end."""
    results = []
    for number, style in enumerate(["\n", end]):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in files.items():
            write({name: ""}, folder)
            if not name.startswith("HEAD:"):
                (folder / name).write_bytes(_rewritten(name, text, style).encode())
        fixed = fix.fix(lambda files, top=folder: run([top], _options(), files), folder, unsafe=True)
        texts = {
            path.relative_to(folder).as_posix(): lines(after.decode().replace(f"{{{ODD}", "{"))
            for path, (_, after) in fixed.changes.items()
        }
        if style == "odd":
            texts = {name: [row for row in rows if "\v" not in row] for name, rows in texts.items()}
        for path, (before, after) in fixed.changes.items():
            if style == "\r\n":
                assert after.count(b"\n") == after.count(b"\r\n"), fix.diff({path: (before, after)}, Files())
        results.append((_said(fixed.before.findings), texts))
    assert results[0] == results[1]
