"""The smallest project: short, without a finding, alive on the real runtime, and explained to the last line."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.cli.test_command_line import wslint
from tests.runtime.rust.toolchain import build, require_cargo, require_wasm
from tests.runtime.tools import require_tools
from tests.runtime.workerd import Server, serve
from wslint import scaffold, scaffold_write
from wslint.scaffold import Choices

ROOT = Path(__file__).parents[2]
SOURCES = {
    "python": ("src/entry.py", "tests/test_echo.py"),
    "typescript": ("src/index.ts", "tests/echo.test.ts"),
    "rust": ("src/lib.rs", "tests/echo.rs"),
}


def made(folder: Path, language: str, **choices: str) -> Path:
    chosen = Choices("echo-worker", folder, language, "echo", **choices)  # type: ignore[arg-type]
    scaffold_write.write(scaffold.plan(chosen, datetime.date(2026, 11, 23)))
    return folder


@pytest.mark.parametrize("config", ["toml", "jsonc"])
@pytest.mark.parametrize("lifecycle", ["migrations", "exports"])
@pytest.mark.parametrize("language", SOURCES)
def test_the_project_has_no_finding(language: str, config: str, lifecycle: str, tmp_path: Path) -> None:
    options = ["--lang", language, "--config", config, "--lifecycle", lifecycle, "--class", "ParrotDO"]
    done = wslint("new", "echo-worker", "echo", *options, "--binding", "PARROT", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    checked = wslint("check", "--pedantic", "--show-unknown", ".", cwd=tmp_path / "echo")
    assert (checked.returncode, checked.stdout) == (0, "No problems in 1 Worker.\n")
    traced = wslint("trace", ".", "--url", "/", cwd=tmp_path / "echo")
    assert traced.returncode == 0 and "└─ 101" in traced.stdout, traced.stdout
    for path in (tmp_path / "echo").rglob("*"):
        if path.is_file():
            assert not re.search(r"EchoDO|\bECHO\b|<<|<%|<#", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("language", SOURCES)
def test_it_is_short(language: str, tmp_path: Path) -> None:
    folder = made(tmp_path, language)
    assert sum(len((folder / name).read_text().splitlines()) for name in SOURCES[language]) < 60


@pytest.mark.parametrize(
    ("language", "fence"), [("typescript", "ts"), ("python", "python"), ("rust", "rust")]
)
def test_the_page_explains_every_line(language: str, fence: str, tmp_path: Path) -> None:
    page = (ROOT / "docs/echo-worker.md").read_text(encoding="utf-8")
    shown = "".join(re.findall(rf"^```{fence}\n(.*?)^```$", page, re.S | re.M))
    source = (made(tmp_path, language) / SOURCES[language][0]).read_text()
    assert [line for line in shown.splitlines() if line] == [line for line in source.splitlines() if line]


def hold(server: Server, *own: str, **variables: str) -> None:
    """An echo, closes, an eviction, and the project's own test, which is the command `own`."""
    with connect(server.ws) as socket:
        for message in ("hello", "", b"\x00\xff"):
            socket.send(message)
            assert socket.recv(timeout=60) == message
        time.sleep(12)  # the runtime drops a hibernating object some ten seconds after its last event
        socket.send("again")
        assert socket.recv(timeout=60) == "again"
        with socket.protocol_mutex:
            socket.protocol.send_close()  # without a code: 1005 is reported, and 1000 is the answer
            socket.send_data()
        with pytest.raises(Exception, match="1000"):
            socket.recv(timeout=60)
    ran = subprocess.run(own, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr + server.log
    assert "rror" not in server.log, server.log


def test_typescript(tmp_path: Path) -> None:
    folder, tools = made(tmp_path, "typescript"), require_tools()
    (folder / "node_modules").symlink_to(tools.modules)
    path = f"{tools.npm.parent}{os.pathsep}{os.environ['PATH']}"
    with serve(folder) as server:
        hold(server, str(tools.npm), "--prefix", str(folder), "test", PATH=path, ECHO_URL=server.http)
    types = [str(tools.npm), "--prefix", str(folder), "run", "typecheck"]
    ran = subprocess.run(types, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_python(tmp_path: Path) -> None:
    folder = made(tmp_path, "python")
    require_tools(python=True)
    with serve(folder) as server:
        own = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder / "tests")]
        hold(server, *own, ECHO_URL=server.http)
    for command in (["check", "--no-cache", "."], ["format", "--no-cache", "--check", "."]):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *command], cwd=folder, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stdout


@pytest.mark.rust
def test_rust_is_formatted_and_compiles(tmp_path: Path) -> None:
    folder, variables = made(tmp_path, "rust"), require_cargo()
    for command in (["test", "--locked"], ["fmt", "--check"]):
        ran = subprocess.run(
            ["cargo", *command], cwd=folder, env=variables, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0 and "warning" not in ran.stderr, ran.stdout + ran.stderr


@pytest.mark.rust_wasm
def test_rust(tmp_path: Path) -> None:
    require_wasm()
    folder = made(tmp_path, "rust")
    build(folder)
    with serve(folder) as server:
        own = ["cargo", "test", "--locked", "--manifest-path", str(folder / "Cargo.toml"), "--", "--ignored"]
        hold(server, *own, **require_cargo(), ECHO_SERVER=f"127.0.0.1:{server.port}")
