"""Code frames, one shape at a time, each compared row for row."""

from __future__ import annotations

from pathlib import Path

import pytest

from wslint.finding import Finding, Label, Severity
from wslint.report import render
from wslint.report.model import Result
from wslint.report.visible import cells, one_line, visible
from wslint.text import SourceFile, Span


def frame(source: str | bytes, span: tuple[int, int], *labels: tuple[int, int, str], width: int = 100) -> str:
    """The rows between the header and the notes, for byte offsets in one file."""
    data = source if isinstance(source, bytes) else source.encode()
    file = SourceFile(Path("/project/a.ts"), "a.ts", data)
    finding = Finding(
        "WS401",
        "a-name",
        Severity.ERROR,
        "high",
        "a message",
        Span(file, *span),
        labels=tuple(Label(Span(file, start, end), text) for start, end, text in labels),
    )
    rows = render(Result(findings=(finding,)), "text", width=width).splitlines()
    note = next(position for position, row in enumerate(rows) if row.lstrip().startswith("= rule"))
    return "\n".join(rows[3 : note - 1])


def place(source: str, wanted: str) -> tuple[int, int]:
    start = len(source[: source.index(wanted)].encode())
    return start, start + len(wanted.encode())


def expected(text: str) -> str:
    """A frame written at the margin of a test, so that it reads as it prints."""
    return text.strip("\n")


def test_caret_under_the_span() -> None:
    assert frame("let a = b;\n", (4, 5)) == expected("""
1 | let a = b;
  |     ^
""")


def test_label_on_the_same_span_is_the_primary_text() -> None:
    assert frame("let a = b;\n", (4, 5), (4, 5, "this one")) == expected("""
1 | let a = b;
  |     ^ this one
""")


def test_labels_on_one_line_hang() -> None:
    source = "const pair = env.ROOM.get(id);\n"
    labels = [(*place(source, "env.ROOM"), "the binding"), (*place(source, "id"), "the object")]
    assert frame(source, place(source, "pair"), *labels) == expected("""
1 | const pair = env.ROOM.get(id);
  |       ^^^^   --------     -- the object
  |              |
  |              the binding
""")


def test_primary_and_inner_label_both_stay_in_sight() -> None:
    source = "fetch(request, env)\n"
    assert frame(source, (0, 19), (*place(source, "env"), "inner"), (0, 19, "outer")) == expected("""
1 | fetch(request, env)
  | ^^^^^^^^^^^^^^^---^
  | |              |
  | |              inner
  | outer
""")


def test_repeated_label_is_shown_once() -> None:
    assert frame("let a = b;\n", (4, 5), (8, 9, "here"), (8, 9, "here")) == expected("""
1 | let a = b;
  |     ^   - here
""")


def test_one_line_between_is_shown_and_more_are_dots() -> None:
    source = "first\nsecond\nthird\nfourth\nfifth\nsixth\nseventh\n"
    labels = [(*place(source, "third"), "near"), (*place(source, "seventh"), "far")]
    assert frame(source, place(source, "first"), *labels) == expected("""
1 | first
  | ^^^^^
2 | second
3 | third
  | ----- near
...
7 | seventh
  | ------- far
""")


def test_multiple_lines_from_the_first_character() -> None:
    source = "if (a) {\n  b();\n}\nc();\n"
    assert frame(source, (0, source.index("}") + 1), (0, source.index("}") + 1, "all of it")) == expected("""
1 | / if (a) {
2 | |   b();
3 | | }
  | |_^ all of it
""")


def test_multiple_lines_from_inside_a_line() -> None:
    source = "return new Response(null, {\n  status: 101,\n});\n"
    assert frame(source, (7, source.index(";"))) == expected("""
1 |   return new Response(null, {
  |  ________^
2 | |   status: 101,
3 | | });
  | |__^
""")


def test_long_span_is_cut() -> None:
    source = "[\n" + "  0,\n" * 20 + "]\n"
    assert frame(source, (0, len(source) - 1)) == expected("""
 1 | / [
 2 | |   0,
 3 | |   0,
...  |
22 | | ]
   | |_^
""")


def test_nested_spans_of_several_lines() -> None:
    source = "try {\n  call(\n    a,\n  );\n}\n"
    inner = (source.index("call"), source.index(";"))
    assert frame(source, inner, (0, source.index("\n}") + 2, "inside this")) == expected("""
1 | /   try {
2 | | /   call(
3 | | |     a,
4 | | |   );
  | | |___^
5 | |   }
  | |___- inside this
""")


def test_span_with_its_line_end_is_one_line() -> None:
    assert frame("a = 1\r\nb = 2\r\n", (0, 7)) == expected("""
1 | a = 1
  | ^^^^^
""")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends(ending: str) -> None:
    source = f"a = 1{ending}b = 2{ending}"
    start = source.index("2")
    assert frame(source, (start, start + 1)) == expected("""
2 | b = 2
  |     ^
""")


def test_empty_span_shows_one_caret() -> None:
    assert frame("let a = b;\n", (4, 4)) == expected("""
1 | let a = b;
  |     ^
""")


def test_end_of_file_without_line_end() -> None:
    assert frame("a\nb", (3, 3)) == expected("""
2 | b
  |  ^
""")


def test_end_of_file_shows_what_precedes() -> None:
    assert frame("a\nb\n", (4, 4)) == expected("""
2 | b
3 |
  | ^
""")


def test_empty_file() -> None:
    assert frame("", (0, 0)) == expected("""
1 |
  | ^
""")


def test_byte_order_mark_takes_no_column() -> None:
    assert frame(b"\xef\xbb\xbflet a;", (7, 8)) == expected("""
1 | let a;
  |     ^
""")


def test_tabs_are_expanded() -> None:
    assert frame("\ta\tb\n", (3, 4)) == expected("""
1 |     a   b
  |         ^
""")


def test_wide_and_combining_characters() -> None:
    source = '"聊天" "e\u0301" x\n'
    assert frame(source, place(source, "x")) == expected("""
1 | "聊天" "e\u0301" x
  |            ^
""")
    assert frame(source, place(source, "聊天")) == expected("""
1 | "聊天" "e\u0301" x
  |  ^^^^
""")


def test_bytes_that_are_not_utf_8() -> None:
    assert frame(b"\xff\xfe a\n", (3, 4)) == expected("""
1 | \ufffd\ufffd a
  |    ^
""")


def test_control_characters_are_made_visible() -> None:
    assert frame("\x1b[2J\x00 \u202ea\n", (9, 10)) == expected("""
1 | ␛[2J␀ \\u202ea
  |             ^
""")


def test_long_line_is_cut_around_the_span() -> None:
    source = "x" * 500 + "HERE" + "y" * 500
    assert frame(source, (500, 504), width=40) == expected(f"""
1 | …{"x" * 12}HERE{"y" * 18}…
  |  {" " * 12}^^^^
""")


def test_long_line_near_its_start_and_its_end() -> None:
    source = "a" + "." * 500 + "z"
    assert frame(source, (0, 1), (501, 502, "end"), width=40) == expected(f"""
1 | a{"." * 34}…
  | ^
1 | …{"." * 34}z
  |  {" " * 34}- end
""")


def test_span_longer_than_the_screen() -> None:
    assert frame("a" * 500, (100, 400), width=40) == expected(f"""
1 | …{"a" * 34}…
  |  {"^" * 34}
""")


def test_cut_lines_keep_to_the_width() -> None:
    source = "聊" * 300 + "HERE" + "\t天" * 300
    rows = frame(source, place(source, "HERE"), width=60).splitlines()
    assert max(map(cells, rows)) <= 60
    marks = rows[1].index("^")
    shown = rows[0].index("HERE")
    assert cells(rows[0][:shown]) == marks


def test_visible() -> None:
    assert visible("plain é 聊") == "plain é 聊"
    assert visible("a\x00\x1b\x7f\x85\n") == "a␀␛␡\\u0085␊"
    assert visible("\u202e\u2066\u200b\u2028\udc80") == "\\u202e\\u2066\\u200b\\u2028\\udc80"
    assert visible("\U000e0041") == "\\U000e0041"
    assert visible("a\u00a0b\u200dc") == "a b\u200dc"
    assert one_line("a\r\nb\n") == "a b"


def test_frames_of_several_files_share_a_gutter() -> None:
    first = SourceFile(Path("/project/a.ts"), "a.ts", b"one\n")
    second = SourceFile(Path("/project/b.ts"), "b.ts", b"\n" * 99 + b"two\n")
    finding = Finding(
        "WS401",
        "a-name",
        Severity.WARNING,
        "high",
        "a message",
        Span(first, 0, 3),
        labels=(Label(Span(second, 99, 102), "the other half"),),
    )
    assert (
        render(Result(findings=(finding,)), "text")
        == """\
warning[WS401]: a message
   --> a.ts:1:1
    |
  1 | one
    | ^^^
    |
   ::: b.ts:100:1
    |
100 | two
    | --- the other half
    |
    = rule: a-name (wslint explain WS401)

Found 1 warning.
"""
    )


def test_joiners_take_no_column() -> None:
    assert cells("👩\u200d🚀") == 4
    assert frame("\u200ca b\n", (5, 6)) == "1 | \u200ca b\n  |   ^"


def test_repeated_text_of_the_primary_span_is_said_once() -> None:
    assert frame("let a;\n", (4, 5), (4, 5, "one"), (4, 5, "two"), (4, 5, "one"), (4, 5, "")) == expected("""
1 | let a;
  |     ^ one; two
""")


def test_spans_that_end_on_one_line_close_from_the_inside() -> None:
    source = "outer(\n  inner(\n    a))\n"
    inner = (source.index("inner"), source.index("))") + 1)
    assert frame(source, (0, source.index("))") + 2), (*inner, "first")) == expected("""
1 | /   outer(
2 | | /   inner(
3 | | |     a))
  | | |______- first
  | |_________^
""")
