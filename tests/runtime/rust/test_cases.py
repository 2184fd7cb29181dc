"""The catalogue's Rust entries, run: `pytest -m rust_wasm` (toolchain.py says what that needs)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from tests.runtime.rust.cases import CASES
from tests.runtime.rust.evidence import PAGE, row
from tests.runtime.rust.projects import HERE, Projects
from tests.runtime.rust.toolchain import build, locked, require_wasm
from tests.runtime.tools import MissingTools
from tests.runtime.workerd import serve


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    require_wasm()
    return Projects(tmp_path_factory.mktemp("rust"))


@pytest.mark.rust_wasm
@pytest.mark.parametrize("name", CASES)
def test_what_is_seen_is_what_the_page_says(name: str, projects: Projects) -> None:
    with serve(projects.get(CASES[name].project), verbose=True) as server:
        seen = CASES[name].act(server)
    assert row(name, seen) in PAGE.read_text(encoding="utf-8")


@pytest.mark.rust_wasm
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.codes is not None])
def test_wslint_says_what_fails(name: str, projects: Projects) -> None:
    """Real glue and real crates, as they are built: what fails is found there, what works has no finding."""
    case = CASES[name]
    folder = projects.get(case.project)
    checked = wslint("check", "--output-format", "json", "--fail-on", "never", ".", cwd=folder)
    found = [one for one in json.loads(checked.stdout)["findings"] if one["path"].startswith(case.file)]
    assert tuple(sorted({one["code"] for one in found})) == case.codes


@pytest.mark.rust_wasm
def test_without_cdylib_worker_build_stops(tmp_path: Path) -> None:
    require_wasm()
    folder = tmp_path / "witness"
    shutil.copytree(HERE / "witness", folder)
    manifest = folder / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace('crate-type = ["cdylib"]\n', ""))
    with pytest.raises(MissingTools, match="crate-type must be cdylib to compile to wasm32-unknown-unknown"):
        build(folder)
    checked = wslint("check", "--output-format", "concise", "--select", "WS809", ".", cwd=folder)
    assert (checked.returncode, "WS809" in checked.stdout) == (1, True)


def test_the_page_has_every_case_and_the_versions_of_the_lock_file() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, case in CASES.items():
        assert f"| {case.cause} | {case.title} | " in text, name
    assert f"worker {locked('worker')}, worker-build {locked('worker')}" in text
    assert f"wasm-bindgen {locked('wasm-bindgen')}" in text
