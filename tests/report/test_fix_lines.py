"""A fix as a small diff."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from wslint.finding import Edit, Fix
from wslint.fix import spliced
from wslint.report.fix_lines import LONGEST, changed_lines, shown
from wslint.text import SourceFile, Span

DATA = b"one\ntwo\nthree\nfour\nfive\n"


def file(data: bytes, name: str = "a.toml") -> SourceFile:
    return SourceFile(Path(name), name, data)


def fix(home: SourceFile, *edits: tuple[int, int, str]) -> Fix:
    return Fix("mend it", "safe", tuple(Edit(Span(home, start, end), text) for start, end, text in edits))


def test_a_word_in_a_line() -> None:
    home = file(DATA)
    assert list(changed_lines(fix(home, (4, 7, "2")), home)) == ["- two", "+ 2"]


def test_lines_that_are_put_between_others() -> None:
    home = file(DATA)
    assert list(changed_lines(fix(home, (7, 7, "\na\nb")), home)) == ["+ a", "+ b"]
    assert list(changed_lines(fix(home, (4, 4, "a\n")), home)) == ["+ a"]


def test_a_line_that_goes() -> None:
    home = file(DATA)
    assert list(changed_lines(fix(home, (4, 8, "")), home)) == ["- two"]


def test_edits_of_one_line_and_of_lines_apart() -> None:
    home = file(DATA)
    one = fix(home, (8, 8, "("), (13, 13, ")"), (0, 3, "1"))
    assert list(changed_lines(one, home)) == ["- one", "+ 1", "- three", "+ (three)"]


def test_another_file_is_named() -> None:
    home, other = file(DATA), file(b"x\n", "b.toml")
    assert list(changed_lines(fix(other, (0, 1, "y")), home)) == ["in b.toml:", "- x", "+ y"]


def test_windows_line_ends_and_an_unended_last_line() -> None:
    home = file(b"one\r\ntwo")
    assert list(changed_lines(fix(home, (8, 8, "\r\nthree")), home)) == ["+ three"]
    assert list(changed_lines(fix(home, (0, 3, "1")), home)) == ["- one", "+ 1"]


def test_empty_lines_at_the_ends_are_left_out_where_it_is_shown() -> None:
    home = file(DATA)
    end = len(DATA)
    assert shown(fix(home, (end, end, "\n[six]\n")), home, 60) == ["+ [six]"]
    assert shown(fix(home, (7, 7, "\n")), home, 60) == ["+"]


def test_it_is_harmless_short_and_narrow() -> None:
    home = file(b"a\x1b[31m\n" + b"b" * 500 + b"\n" + b"c\n" * 50)
    lines = shown(fix(home, (0, len(home.data), "z\n")), home, 60)
    assert len(lines) == LONGEST + 1 and lines[-1] == "…"
    assert all("\x1b" not in line and len(line) <= 60 for line in lines)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_lines_are_those_that_the_fix_changes(data: st.DataObject) -> None:
    text = data.draw(st.lists(st.sampled_from(["a", "b", "", "cc"]), min_size=1, max_size=6))
    home = file("".join(f"{line}\n" for line in text).encode())
    places = sorted(data.draw(st.lists(st.integers(0, len(home.data)), min_size=2, max_size=6)))
    spans = list(zip(places[::2], places[1::2], strict=False))
    edits = [
        Edit(Span(home, *span), data.draw(st.sampled_from(["", "x", "\n", "y\n", "\nz"]))) for span in spans
    ]
    made = Fix("mend it", "safe", tuple(edits))
    found = list(changed_lines(made, home))
    before, after = home.data.decode().split("\n"), spliced(home.data, list(made.edits)).decode().split("\n")
    for line in found:
        assert line[2:] in (before if line.startswith("- ") else after)
    gone, come = (sum(line.startswith(sign) for line in found) for sign in ("- ", "+ "))
    assert len(before) - gone + come == len(after)
    assert bool(found) == (before != after)
