"""The generated workflow: nothing that anybody else could replace, and its commands are green in the new project."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.runtime.tools import missing, require_tools
from wslint import scaffold, scaffold_write
from wslint.scaffold import Choices

LANGUAGES = ("python", "typescript", "rust")
TEMPLATES = Path(__file__).parents[2] / "templates"


def made(folder: Path, language: str) -> Path:
    choices = Choices(folder=folder, language=language, name="duel")
    scaffold_write.write(scaffold.plan(choices, datetime.date(2026, 11, 23)))
    return folder


def steps(folder: Path) -> list[dict[str, Any]]:
    workflow = yaml.safe_load((folder / ".github/workflows/ci.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    found: list[dict[str, Any]] = workflow["jobs"]["test"]["steps"]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_actions_are_pinned_and_leave_no_credentials(language: str, tmp_path: Path) -> None:
    folder = made(tmp_path, language)
    lines = re.findall(r"uses: (.*)", (folder / ".github/workflows/ci.yml").read_text())
    assert lines and all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line) for line in lines)
    checkouts = [step for step in steps(folder) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"] for step in checkouts] == [{"persist-credentials": False}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_installed_under_the_name_of_wslint(language: str, tmp_path: Path) -> None:
    folder = made(tmp_path, language)
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(uvx|pipx run|pipx install|pip install|npx)( -\S+)* wslint\b", text), path
    locks = {"python": "uv.lock", "typescript": "package-lock.json", "rust": "Cargo.lock"}
    assert "wslint" not in (folder / locks[language]).read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_zizmor_has_nothing_to_say(language: str, tmp_path: Path) -> None:
    beside = Path(sys.executable).with_name("zizmor")
    program = os.fspath(beside) if beside.exists() else shutil.which("zizmor")
    if program is None:
        missing("there is no zizmor, so the workflow was not audited (pip install zizmor)")
    folder = made(tmp_path, language)
    command = [program, "--offline", "--no-progress", "--format=plain", "--persona=pedantic"]
    # what it says of names and of runs that overtake one another is a matter of taste
    quiet = tmp_path / "zizmor.yml"
    quiet.write_text("rules: {anonymous-definition: {disable: true}, concurrency-limits: {disable: true}}\n")
    workflow = folder / ".github/workflows/ci.yml"
    told = subprocess.run(
        [*command, f"--config={quiet}", workflow], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    workflow.write_text(workflow.read_text().replace("persist-credentials: false", "fetch-depth: 0"))
    told = subprocess.run(
        [*command, f"--config={quiet}", workflow], capture_output=True, text=True, check=False
    )
    assert told.returncode != 0 and "artipacked" in told.stdout


def test_the_lock_of_npm_fits(tmp_path: Path) -> None:
    folder = made(tmp_path, "typescript")
    package = json.loads((folder / "package.json").read_text())
    lock = json.loads((folder / "package-lock.json").read_text())
    own = lock["packages"][""]
    assert (lock["name"], own["name"], own["version"]) == ("duel", "duel", package["version"])
    assert own["devDependencies"] == package["devDependencies"] and own["engines"] == package["engines"]
    assert all("integrity" in found for path, found in lock["packages"].items() if path)
    tried = json.loads((Path(__file__).parents[1] / "runtime/package-lock.json").read_text())["packages"]
    for name in ("wrangler", "workerd", "typescript", "@cloudflare/workers-types"):
        path = f"node_modules/{name}"
        assert lock["packages"][path]["version"] == tried[path]["version"], name


def test_the_lock_of_uv_fits(tmp_path: Path) -> None:
    folder = made(tmp_path, "python")
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    packages = tomllib.loads((folder / "uv.lock").read_text())["package"]
    own = next(package for package in packages if package["name"] == "duel")
    wanted = own["metadata"]["requires-dev"]["dev"]
    assert [f"{one['name']}{one['specifier']}" for one in wanted] == sorted(
        project["dependency-groups"]["dev"]
    )
    locked = {package["name"] for package in packages}
    assert {one["name"] for one in own["dev-dependencies"]["dev"]} <= locked
    registries = {package["source"].get("registry", "") for package in packages}
    assert registries == {"", "https://pypi.org/simple"}
    version = (folder / ".python-version").read_text().strip()
    low = project["project"]["requires-python"].removeprefix(">=")
    assert tuple(map(int, version.split("."))) >= tuple(map(int, low.split(".")))


def test_the_commands_for_typescript_are_green(tmp_path: Path) -> None:
    folder, tools = made(tmp_path / "duel", "typescript"), require_tools()
    (folder / "node_modules").symlink_to(tools.modules)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    commands = [step["run"] for step in steps(folder) if "run" in step]
    assert commands[0] == "npm ci"  # what it would install is linked
    script = "set -e\n" + "\n".join(commands[1:]).replace("8787", port)
    environment = {
        **os.environ,
        "PATH": f"{tools.npm.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "MATCH_URL": f"http://localhost:{port}",
        "WRANGLER_SEND_METRICS": "false",
        "CI": "true",
        "NO_COLOR": "1",
    }
    ran = subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdout=(tmp_path / "log").open("w"),
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = ran.wait(600)
    finally:
        os.killpg(ran.pid, signal.SIGKILL)
    log = (tmp_path / "log").read_text()
    assert code == 0 and "pass 4" in log and "lost 0, reordered 0" in log and "fail 0" in log, log
