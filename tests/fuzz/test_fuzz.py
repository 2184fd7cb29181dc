"""The same projects in every run: a fixed seed, and a number that takes about a minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import again
from tests.fuzz.growth import grown
from tests.fuzz.laws import Said, check, watched_edits
from tests.fuzz.mutate import Mutator, Project
from wslint import fix
from wslint.finding import Edit
from wslint.text import SourceFile, Span

PROJECTS = 300
COMPARED = 25


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_laws_hold_of_broken_projects(seed: int, tmp_path: Path) -> None:
    mutator = Mutator(seed)
    found: list[tuple[Project, Said]] = []
    for number in range(PROJECTS // 4):
        project = mutator.project()
        try:
            found.append((project, check(project, tmp_path / str(number))))
        except Exception as error:
            error.add_note(f"project {number} of seed {seed}: {project!r}")
            raise
    assert sum(len(said) for _, said in found) > 50
    others = again.said_elsewhere([project for project, _ in found[:COMPARED]], seed)
    assert others == [said for _, said in found[:COMPARED]]


def test_a_seed_says_it_all() -> None:
    one, other = Mutator(5), Mutator(5)
    assert [one.project() for _ in range(20)] == [other.project() for _ in range(20)]


def test_a_long_project_has_its_line_so_often() -> None:
    made = grown({"a.js": "a\nclass Room {}\nb"}, "a.js", 1, 3)
    assert made == {"a.js": "a\nclass Room0 {}\nclass Room1 {}\nclass Room2 {}\nclass Room {}\nb"}


def test_a_byte_that_changes_outside_of_an_edit_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"abc\r\ndef"
    file = SourceFile(Path("/a"), "a", data)
    edits = [Edit(Span(file, 1, 2), "x")]
    with watched_edits():
        assert fix.spliced(data, edits) == b"axc\r\ndef"
    for wrong in (b"axc\ndef", b"axc\r\ndef\n", b"Axc\r\ndef", b"abc\r\ndef"):
        monkeypatch.setattr(fix, "spliced", lambda *_, made=wrong: made)
        with pytest.raises(AssertionError), watched_edits():
            fix.spliced(data, edits)
