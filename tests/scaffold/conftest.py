"""Scaffolds as the runtime tests want them: with the waits of a scenario, and saying when an object is made."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scaffold.scenario import groups, lowered
from wslint import scaffold, scaffold_write

MADE = {
    "python": ("super().__init__(ctx, env)\n", 'print("object made for", ctx.id.name)\n'),
    "typescript": ("super(ctx, env);\n", 'console.log("object made for", ctx.id.name);\n'),
    "rust": (
        "let state = Rc::new(state);\n",
        'console_log!("object made for {}", state.id().name().unwrap_or_default());\n',
    ),
}
"""The line of the Durable Object's constructor after which it can tell, and what it then says."""

Generate = Callable[[str, int], Path]


@pytest.fixture
def generate(tmp_path: Path) -> Generate:
    """`generate(language, group)`: a scaffold with that group's constants, and its constructor heard."""

    def make(language: str, group: int) -> Path:
        folder = tmp_path / language
        today = datetime.datetime.now(datetime.UTC).date()
        scaffold_write.write(
            scaffold.plan(scaffold.Choices(folder=folder, language=language, name="duel"), today)
        )
        (rules,) = [*folder.glob("src/match.*"), *folder.glob("src/game.rs")]
        rules.write_text(lowered(rules.read_text(), groups()[group]["constants"]))
        line, added = MADE[language]
        (entry,) = [path for path in folder.glob("src/*") if line in path.read_text()]
        entry.write_text(entry.read_text().replace(line, line + "        " + added))
        return folder

    return make
