"""What stays from one keystroke to the next changes nothing but how long it takes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.kept import EDITS
from tests.pages import read_page, write
from wslint.boundary import boundary_of
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files
from wslint.report import render
from wslint.server import kept
from wslint.server.project import Project, Superseded, Ticket
from wslint.settings import find_settings
from wslint.source.javascript import syntax
from wslint.text import SourceFile

PAGES = sorted((Path(__file__).parents[1] / "rules").glob("WS*.md"))
CONFIG = """\
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
"""
ENTRY = """\
import { DurableObject } from "cloudflare:workers";
import { one } from "./one";
import { two } from "./two";
export class MatchDO extends DurableObject {}
export default { fetch(request: Request, env: any) { return env.MATCH.getByName(one + two).fetch(request); } };
"""


def fresh(top: Path, texts: dict[Path, bytes]) -> str:
    """What a run that knows of no other one says."""
    try:
        files = Files(top, texts, boundary_of([top]))
        return render(run([top], Options(find_settings(top)), files), "json", color=False, width=100)
    except CheckError as error:
        return str(error)


def living(project: Project, texts: dict[Path, bytes]) -> str:
    state = project.check(texts, Ticket())
    return state.error or render(state.result, "json", color=False, width=100)


@pytest.mark.parametrize("seed", range(16))
def test_after_each_edit_it_says_what_a_run_would(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    top = tmp_path.resolve() / "project"
    for name in ("a", "b"):
        write(chance.choice(read_page(chance.choice(PAGES).read_text(encoding="utf-8"))).files, top / name)
    project = Project(top)
    for _ in range(20):
        texts: dict[Path, bytes] = {}
        if not top.exists():
            break
        project.forget_configurations()
        assert living(project, texts) == fresh(top, texts)
        if chance.random() < 0.5:
            path = chance.choice(
                sorted(path for path in top.rglob("*.*") if path.is_file()) or [top / "x.ts"]
            )
            texts = {
                path: (path.read_bytes() if path.exists() else b"") + chance.choice([b"\n", b" (", b"//"])
            }
            assert living(project, texts) == fresh(top, texts)
        chance.choice(EDITS)(top, chance)


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files that are parsed."""
    found: list[str] = []
    parse = syntax._parse

    def counted(file: SourceFile) -> syntax.Syntax | None:
        found.append(file.path.name)
        return parse(file)

    monkeypatch.setattr(syntax, "_parse", counted)
    return found


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = tmp_path.resolve() / "match"
    texts = {f"src/{name}.ts": f'export const {name} = "{name}";\n' for name in ("one", "two")}
    write({"wrangler.toml": CONFIG, "src/index.ts": ENTRY, **texts}, top)
    return top


def test_a_keystroke_parses_no_other_module(top: Path, parses: list[str]) -> None:
    project = Project(top)
    living(project, {})
    assert set(parses) == {"index.ts", "one.ts", "two.ts"}
    for text in (b'export const one = "1"', b'export const one = "12"', b"export const one = ("):
        parses.clear()
        texts = {top / "src" / "one.ts": text}
        assert living(project, texts) == fresh(top, texts)
        parses.clear()
        living(project, {top / "src" / "one.ts": text + b" "})
        assert set(parses) <= {"one.ts", "index.ts"}  # where the code reads `env`, the flow walks its tree
    parses.clear()
    living(project, {})
    assert set(parses) <= {"one.ts", "index.ts"}


def test_a_run_that_was_given_up_loses_nothing(top: Path, parses: list[str]) -> None:
    project = Project(top)
    living(project, {})
    parses.clear()

    class Over(Ticket):
        count = 0

        @property
        def over(self) -> bool:
            Over.count += 1
            return Over.count > 40

        @over.setter
        def over(self, _: bool) -> None:
            pass

    with pytest.raises(Superseded):
        project.check({top / "src" / "one.ts": b"export const one = 1;"}, Over())
    parses.clear()
    living(project, {top / "src" / "one.ts": b"export const one = 12;"})
    assert "two.ts" not in parses


def test_what_is_kept_is_bounded(top: Path, parses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", len(ENTRY) + 10)
    project = Project(top)
    living(project, {})
    parses.clear()
    assert living(project, {}) == fresh(top, {})
    assert {"one.ts", "two.ts"} & set(parses)
    assert sum(len(file.data) for file in project._kept._files.values()) <= len(ENTRY) + 10


def test_files_that_are_gone_are_not_kept(top: Path) -> None:
    project = Project(top)
    living(project, {})
    assert any(name.endswith("two.ts") for name in project._kept._files)
    (top / "src" / "two.ts").unlink()
    living(project, {})
    assert not any(name.endswith("two.ts") for name in project._kept._files)
