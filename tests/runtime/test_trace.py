"""What `wslint trace` predicts for every example of a rule is what a client of the real workerd sees.

Unknown is no failure, a wrong answer is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime import predictions
from tests.runtime.predictions import changed, compare, figures, measure, projects
from tests.runtime.tools import require_tools


@pytest.fixture(autouse=True)
def _tools() -> Iterator[None]:
    require_tools()
    yield


PROJECTS = dict(projects())


@pytest.mark.parametrize("name", PROJECTS)
def test_no_prediction_is_wrong(name: str, tmp_path: Path) -> None:
    row = compare(name, PROJECTS[name], tmp_path)
    assert row.verdict != "wrong", row


CHANGED = dict(random.Random(5).sample(sorted(changed(), key=lambda item: item[0]), 40))


@pytest.mark.parametrize("name", CHANGED)
def test_no_prediction_is_wrong_for_a_project_with_a_mistake(name: str, tmp_path: Path) -> None:
    row = compare(name, CHANGED[name], tmp_path)
    assert row.verdict != "wrong", row


def test_most_are_predicted() -> None:
    sample = random.Random(3).sample(sorted(PROJECTS.items()), 25)
    found = figures(measure(sample))
    assert found["right"] >= 20, found
    assert found["wrong"] == 0, found


def test_projects_are_left_out_for_a_reason() -> None:
    files = {"wrangler.toml": "", "index.js": ""}
    assert predictions.is_servable(files)
    assert not predictions.is_servable(files | {"lib.rs": ""})
    assert not predictions.is_servable(files | {"index.js": 'import { Hono } from "hono";'})
    assert not predictions.is_servable({"wrangler.toml": "[assets]", "index.js": ""})
