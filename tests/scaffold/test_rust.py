"""The Rust project: cargo finds nothing wrong with it, its own tests pass, and on workerd it plays the scenario.

`rust` needs cargo. `rust_wasm` builds for workerd too (tests/runtime/rust/toolchain.py says with what), which
takes minutes where nothing is cached; it runs when it is asked for: `pytest -m rust_wasm`.
"""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from tests.runtime.rust.toolchain import build, locked, require_cargo, require_wasm
from tests.runtime.tools import tools
from tests.scaffold import scenario
from tests.scaffold.workerd import workerd
from wslint import scaffold, scaffold_write
from wslint.errors import CheckError
from wslint.scaffold import Choices

TREE = [
    ".github/workflows/ci.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "public/index.html",
    "src/game.rs",
    "src/lib.rs",
    "tests/end_to_end.rs",
    "tests/game.rs",
    "wrangler.toml",
]
TODAY = datetime.date(2026, 11, 23)
MODULES = (
    '(name = "index.js", esModule = embed "index.js"), (name = "index_bg.wasm", wasm = embed "index_bg.wasm")'
)


def made(folder: Path, **choices: object) -> Path:
    """The project, written to a folder."""
    plan = scaffold.plan(Choices(folder=folder, name="duel", language="rust", **choices), TODAY)  # type: ignore[arg-type]
    scaffold_write.write(plan)
    return folder


def test_the_tree(tmp_path: Path) -> None:
    done = wslint("new", "match-worker", "--lang", "rust", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "".join(f"create    {path}\n" for path in TREE) + (
        "  next:\n  cd match-worker\n  cargo test\n  npx wrangler@4 dev\n"
    )


@pytest.mark.parametrize("config", ["toml", "jsonc"])
@pytest.mark.parametrize("lifecycle", ["migrations", "exports"])
def test_the_project_has_no_finding(config: str, lifecycle: str, tmp_path: Path) -> None:
    folder = made(
        tmp_path, config=config, lifecycle=lifecycle, class_name="DuelDO", binding="DUEL", code_length=7
    )
    checked = wslint("check", "--pedantic", "--show-unknown", ".", cwd=folder)
    assert (checked.returncode, checked.stdout) == (0, "No problems in 1 Worker.\n")
    entry = (folder / "src/lib.rs").read_text()
    assert "impl DurableObject for DuelDO {" in entry and entry.count('durable_object("DUEL")') == 2
    assert "MatchDO" not in entry and "CODE_LENGTH: usize = 7;" in (folder / "src/game.rs").read_text()


@pytest.mark.parametrize("name", ["Response", "Option", "State", "fetch", "crate", "R2Range", "Promise"])
def test_names_that_the_project_needs_itself(name: str, tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=f"--class `{name}` is used by the project itself"):
        made(tmp_path / "duel", class_name=name)
    assert not list(tmp_path.iterdir())


def test_the_match_knows_no_runtime(tmp_path: Path) -> None:
    source = (made(tmp_path) / "src/game.rs").read_text()
    used = set(re.findall(r"^use (\w+)", source, re.M)) | set(re.findall(r"\b(worker|js_sys)::", source))
    assert used == {"std", "serde", "serde_json"}


def test_one_version_of_worker_and_worker_build(tmp_path: Path) -> None:
    folder = made(tmp_path)
    version = locked("worker")
    assert f'worker = "={version}"' in (folder / "Cargo.toml").read_text()
    assert f"worker-build@{version} " in (folder / "wrangler.toml").read_text()
    made(tmp_path / "jsonc", config="jsonc")
    assert f"worker-build@{version} " in (tmp_path / "jsonc/wrangler.jsonc").read_text()


@pytest.mark.rust
@pytest.mark.parametrize("choices", [{}, {"code_length": 16, "class_name": "D", "binding": "D"}])
def test_cargo_is_content_and_its_own_tests_pass(choices: dict[str, object], tmp_path: Path) -> None:
    environment = require_cargo()
    folder = made(tmp_path / "duel", **choices)
    ran = cargo(folder, environment, "test", "--locked")
    assert "test result: ok. 19 passed" in ran.stdout and ran.stdout.count("needs a running dev server") == 2
    assert "warning" not in ran.stderr


@pytest.mark.rust
def test_it_is_formatted(tmp_path: Path) -> None:
    if shutil.which("rustfmt") is None:
        pytest.skip("there is no rustfmt")
    cargo(made(tmp_path / "duel"), require_cargo(), "fmt", "--check")


@pytest.mark.rust_wasm
@pytest.mark.parametrize("group", range(len(scenario.groups())))
def test_the_scenario_on_workerd(group: int, tmp_path: Path) -> None:
    found = require_wasm()
    folder = made(tmp_path / "duel")
    rules = folder / "src/game.rs"
    rules.write_text(scenario.lowered(rules.read_text(), scenario.groups()[group]["constants"]))
    build(folder)
    work = tmp_path / "work"
    work.mkdir()
    for name in ("index.js", "index_bg.wasm"):
        shutil.copy(folder / "build" / name, work)
    public = str(folder / "public")
    with workerd(tools().workerd, MODULES, public, work, "2026-11-17") as served:
        played = scenario.play(served.url, group, scenario.wait_for_eviction(12.0))
        if group == 0:  # the project's own end-to-end test, against the same server
            server = {**require_cargo(), "MATCH_SERVER": served.url.removeprefix("http://")}
            ran = cargo(folder, server, "test", "--locked", "--test", "end_to_end", "--", "--ignored")
            assert "test result: ok. 2 passed" in ran.stdout
        log = served.log.read_text()
    assert played == scenario.expected(group)
    assert "panicked" not in log and "exception" not in log.lower(), (found.versions, log)


def cargo(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        ["cargo", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran
