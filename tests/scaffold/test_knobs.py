"""Each constant that a project's reader may set works over the range that is written behind it, in every language."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.rust.toolchain import require_cargo
from tests.runtime.tools import require_tools
from tests.scaffold.scenario import lowered
from wslint import scaffold, scaffold_write
from wslint.scaffold import Choices

RULES = {"python": "match.py", "typescript": "match.ts", "rust": "game.rs"}
SAID = re.compile(r"\b([A-Z_]+)\b[^=\n]*= ([\d_]+);? *(?://|#) .*?([\d_]+) to ([\d_]+)\)?(?: \.\.\.)?$", re.M)


def project(folder: Path, language: str) -> Path:
    today = datetime.date(2026, 11, 23)
    scaffold_write.write(scaffold.plan(Choices(folder=folder, language=language, name="duel"), today))
    return folder / "src" / RULES[language]


def ranges(source: str) -> dict[str, tuple[int, int]]:
    """What may be set, with its range; each constant of that part of the file must say one."""
    (part,) = re.findall(r"Yours to set\..*?\n\n", source, re.S)
    found = {name: (int(low), int(high)) for name, _, low, high in SAID.findall(part)}
    assert list(found) == re.findall(r"^(?:export const |pub const )?([A-Z_]+)\b", part, re.M)
    for name, value, low, high in SAID.findall(part):
        assert int(low) <= int(value) <= int(high), name
    return found


def test_the_languages_agree(tmp_path: Path) -> None:
    said = [ranges(project(tmp_path / language, language).read_text()) for language in RULES]
    assert said[0] == said[1] == said[2] and len(said[0]) == 12


def settings(language: str, folder: Path) -> list[dict[str, int]]:
    """Every constant alone at both ends, and all of them together. Rust, which is slow: together and mixed."""
    said = ranges((folder / "src" / RULES[language]).read_text())
    alone = [{name: end} for name, ends in said.items() for end in ends]
    together = [{name: ends[side] for name, ends in said.items()} for side in (0, 1)]
    mixed = [
        {name: ends[(index + side) % 2] for index, (name, ends) in enumerate(said.items())} for side in (0, 1)
    ]
    return [*together, *mixed] if language == "rust" else [*alone, *together, *mixed]


COMMANDS = {
    "python": [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_match.py"],
    "typescript": ["npm", "test"],
    "rust": ["cargo", "test", "--quiet", "--locked", "--test", "game"],
}


def ran(language: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMANDS[language], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def environment(language: str) -> dict[str, str]:
    if language == "rust":
        return require_cargo()
    if language == "typescript":
        path = os.pathsep.join([str(require_tools().npm.parent), os.environ["PATH"]])
        return {**os.environ, "PATH": path}
    return {**os.environ, "PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.mark.parametrize("language", ["python", "typescript", pytest.param("rust", marks=pytest.mark.rust)])
def test_the_projects_own_tests_hold_over_the_range(language: str, tmp_path: Path) -> None:
    rules = project(tmp_path, language)
    source = rules.read_text()
    variables = environment(language)
    for constants in settings(language, tmp_path):
        rules.write_text(lowered(source, constants))
        done = ran(language, tmp_path, variables)
        assert done.returncode == 0, (constants, done.stdout + done.stderr)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("squares = [...CORNERS", "squares = [...CORNERS, ...CORNERS"), ("PLAYERS }, (_", "2 }, (_")],
)
def test_players_that_have_no_square_or_seat_are_noticed(right: str, wrong: str, tmp_path: Path) -> None:
    rules = project(tmp_path, "typescript")
    source = lowered(rules.read_text(), {"PLAYERS": 8})
    assert right in source
    broken = source.replace(right, wrong).replace(".find((square) => !this.#isTaken(square))!", "[0]!")
    rules.write_text(broken)
    assert ran("typescript", tmp_path, environment("typescript")).returncode != 0
