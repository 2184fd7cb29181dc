"""What builds Rust is pinned here, and a build that fails says so in a line."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.runtime.rust import toolchain
from tests.runtime.rust.toolchain import BINDGEN, locked
from tests.runtime.tools import BUILT, HERE, MissingTools

FAKE = """#!/bin/sh
echo "    Updating the index" >&2
{slow}
echo "error: failed to select a version for the requirement \\`x = ^1\\`" >&2
echo "candidate versions found which didn't match: 0.9" >&2
exit 101
"""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cargo that fails, alone with an empty cache."""
    cargo = tmp_path / "bin/cargo"
    cargo.parent.mkdir()
    cargo.write_text(FAKE.format(slow=""))
    cargo.chmod(0o755)
    monkeypatch.setenv("PATH", f"{cargo.parent}:/usr/bin:/bin")
    monkeypatch.setenv(BUILT, str(tmp_path / "cache"))
    return cargo


def test_wasm_bindgen_and_what_it_rests_on_are_pinned() -> None:
    """At the version of the scaffold's crate: the program and the crate must be of one version."""
    packages = tomllib.loads((BINDGEN / "Cargo.lock").read_text())["package"]
    manifest = tomllib.loads((BINDGEN / "Cargo.toml").read_text())
    version = locked("wasm-bindgen")
    found = {package["name"]: package["version"] for package in packages}
    assert found["wasm-bindgen-cli"] == found["wasm-bindgen-cli-support"] == version
    assert manifest["dependencies"]["wasm-bindgen-cli"]["version"] == f"={version}"
    assert manifest["package"]["version"] == version
    assert {package.get("source") for package in packages} == {
        None,  # the program itself
        "registry+https://github.com/rust-lang/crates.io-index",
    }


def test_a_tool_that_is_not_built_says_so_in_a_line(fake: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingTools) as raised:
        toolchain._installed("worker-build", "1", "worker-build@1")
    log = tmp_path / "cache/wslint-tests/rust/worker-build.log"
    assert str(raised.value) == (
        f"worker-build could not be built: error: failed to select a version for the requirement `x = ^1` (the rest is in {log})"
    )
    assert "candidate versions" in log.read_text()


def test_a_long_set_up_shows_that_it_lives(fake: Path, tmp_path: Path) -> None:
    """On the standard error of the run, past pytest's capture."""
    heard = tmp_path / "heard"
    fake.write_text(FAKE.format(slow=f"while [ ! -e {heard} ]; do sleep 0.1; done"))
    test = tmp_path / "test_it.py"
    test.write_text(
        "from pathlib import Path\n"
        "from tests.runtime import progress\n"
        "from tests.runtime.rust import toolchain\n"
        "say = progress.say\n"
        "def say_and_go_on(line):\n"
        "    say(line)\n"
        "    if 'Updating' in line:\n"
        f"        Path({str(heard)!r}).touch()\n"
        "def test_it(monkeypatch):\n"
        "    monkeypatch.setattr(progress, 'EVERY_SECONDS', 0.2)\n"
        "    monkeypatch.setattr(progress, 'say', say_and_go_on)\n"
        "    toolchain._installed('worker-build', '1', 'worker-build@1')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", test],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    said = ran.stderr.splitlines()
    assert said[0].startswith("worker-build for the Rust tests: takes minutes, once (")
    assert any(
        re.fullmatch(r"worker-build for the Rust tests: \d+ s, Updating the index", one) for one in said
    )
    assert re.fullmatch(r"worker-build for the Rust tests: failed after \d+ s", said[-1]), said
    assert ran.returncode == 1 and "MissingTools: worker-build could not be built: error:" in ran.stdout
