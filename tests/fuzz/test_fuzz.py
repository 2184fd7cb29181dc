"""The same projects in every run: a fixed seed, and a number that takes about a minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.laws import check
from tests.fuzz.mutate import Mutator

PROJECTS = 300


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_laws_hold_of_broken_projects(seed: int, tmp_path: Path) -> None:
    mutator = Mutator(seed)
    found = 0
    for number in range(PROJECTS // 4):
        project = mutator.project()
        try:
            found += check(project, tmp_path / str(number))
        except Exception as error:
            error.add_note(f"project {number} of seed {seed}: {project!r}")
            raise
    assert found > 50


def test_a_seed_says_it_all() -> None:
    one, other = Mutator(5), Mutator(5)
    assert [one.project() for _ in range(20)] == [other.project() for _ in range(20)]
