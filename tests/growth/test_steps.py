"""Twice the input takes at most 2.2 times the steps: functions entered, files parsed, files read. No clock is asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.growth.shapes import SHAPES, doubled, lines, project, steps_of, written
from wslint.files import Files
from wslint.play import ending
from wslint.workspace import discover, load

MOST = 2.2


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_input_takes_twice_the_steps(shape: str, tmp_path: Path) -> None:
    (once, first), (twice, second) = doubled(shape, tmp_path)
    grown = {name: twice.all[name] / count for name, count in once.all.items() if count}
    assert once.calls > 10_000 and once.parses and once.reads, "the steps were not counted"
    assert max(grown.values()) <= MOST, grown
    assert [finding.code for finding in first.findings] == [finding.code for finding in second.findings]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_bigger_one_is_read_whole_or_said_to_be_not(shape: str, tmp_path: Path) -> None:
    (_, first), (_, second) = doubled(shape, tmp_path)
    for result in (first, second):
        for worker in result.workers:
            assert worker.checked.source == "read" or worker.checked.unknown


def test_each_file_is_read_and_parsed_once(tmp_path: Path) -> None:
    (once, _), (twice, _) = doubled("imports", tmp_path)
    more = SHAPES["imports"][1]
    assert (twice.parses - once.parses, twice.reads - once.reads) == (more, more)


def test_more_ways_than_are_told_apart_are_not_taken_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The handshake that opens is the last of many ways: those before it are no reason to say that none does."""
    guard = '    if (url.searchParams.get("g{n}")) throw new Error("refused");\n'
    folder = written(project(lines(guard, 20)), tmp_path)
    monkeypatch.setattr(ending, "MOST_REGIONS", 10)
    _, result = steps_of(folder)
    assert not [finding for finding in result.findings if finding.code == "WS460"]
    worker = load(discover([folder], Files(), (), None).configs, Files(), date(2026, 11, 23)).workers[0]
    kinds = [each.kind for each in worker.handshake("/ws", False).endings]
    assert "unknown" in kinds
