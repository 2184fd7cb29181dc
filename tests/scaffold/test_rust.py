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
from tests.runtime.workerd import serve
from tests.scaffold import test_generated
from tests.scaffold.conftest import Generate
from tests.scaffold.scenario import groups
from tests.scaffold.test_scenario import hold
from wslint import scaffold, scaffold_write
from wslint.errors import CheckError
from wslint.scaffold import Choices

TREE = [
    ".github/workflows/ci.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".wslint-scaffold.toml",
    "Cargo.lock",
    "Cargo.toml",
    "GOING-PUBLIC.md",
    "README.md",
    "docs/ADD-A-MESSAGE.md",
    "public/_headers",
    "public/client.js",
    "public/index.html",
    "public/page.css",
    "public/page.js",
    "src/door.rs",
    "src/game.rs",
    "src/lib.rs",
    "src/protocol.rs",
    "src/retry.rs",
    "tests/door.rs",
    "tests/end_to_end.rs",
    "tests/game.rs",
    "tests/load.mjs",
    "tests/protocol.rs",
    "tests/retry.rs",
    "wrangler.toml",
]
TODAY = datetime.date(2026, 11, 23)


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
    assert used == {"std", "serde", "serde_json", "crate"}


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
    assert "test result: ok. 24 passed" in ran.stdout and ran.stdout.count("needs a running dev server") == 3
    assert "warning" not in ran.stderr


@pytest.mark.rust
def test_it_is_formatted(tmp_path: Path) -> None:
    if shutil.which("rustfmt") is None:
        pytest.skip("there is no rustfmt")
    cargo(made(tmp_path / "duel"), require_cargo(), "fmt", "--check")


@pytest.fixture
def built(generate: Generate) -> Generate:
    """`generate`, built for workerd."""

    def make(language: str, group: int) -> Path:
        require_wasm()
        folder = generate(language, group)
        build(folder)
        return folder

    return make


@pytest.mark.rust_wasm
@pytest.mark.parametrize("group", range(len(groups())))
def test_the_transcript(group: int, built: Generate) -> None:
    hold(built("rust", group), group)


@pytest.mark.rust_wasm
def test_its_own_end_to_end_test(built: Generate) -> None:
    folder = built("rust", 0)
    with serve(folder, page=folder / "public") as server:
        environment = {**require_cargo(), "MATCH_SERVER": server.http.removeprefix("http://")}
        ran = cargo(folder, environment, "test", "--locked", "--test", "end_to_end", "--", "--ignored")
        assert "panicked" not in server.log
    assert "test result: ok. 3 passed" in ran.stdout


@pytest.mark.rust_wasm
def test_a_deploy_drops_the_sockets_but_not_the_match(built: Generate, tmp_path: Path) -> None:
    test_generated.test_a_deploy_drops_the_sockets_but_not_the_match("rust", built, tmp_path)


def cargo(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        ["cargo", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran
