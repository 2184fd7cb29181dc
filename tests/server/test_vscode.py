"""The extension for VS Code, packed by VS Code's own packer: it holds what it must, and starts the product's command."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from tests.runtime.tools import Tools, built, missing, require_tools
from tests.server.editor import REPOSITORY
from wslint.cli import main

FOLDER = REPOSITORY / "editors" / "vscode"

STAND_IN = """\
class Any {}
const anything = new Proxy(Any, { get: (target, name) => name in target ? target[name] : anything });
module.exports = anything;
"""
"""A `vscode` that has whatever is looked for while modules are loaded."""

LOADS = """\
const extension = require(process.argv[1]);
console.log(Object.keys(extension).sort().join(" "));
"""


def test_the_manifest_names_a_command_that_is_there() -> None:
    manifest = json.loads((FOLDER / "package.json").read_text())
    command = manifest["contributes"]["configuration"]["properties"]["wslint.command"]["default"]
    assert command[0] == "wslint" and command[1] in main.commands
    assert (FOLDER / "LICENSE").read_text() == (REPOSITORY / "LICENSE").read_text()
    lock = json.loads((FOLDER / "package-lock.json").read_text())
    assert lock["packages"][""]["devDependencies"] == manifest["devDependencies"]


def packed(tools: Tools, folder: Path) -> Path:
    """The package, made by the commands of the extension's page."""
    name = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()[:16]
    modules = built(f"vscode-{name}")
    path = f"{tools.npm.parent}{os.pathsep}{os.environ['PATH']}"
    with open(modules / "lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (modules / "complete").exists():
            for each in ("package.json", "package-lock.json"):
                shutil.copy(FOLDER / each, modules)
            command = [tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            ran = subprocess.run(
                command, cwd=modules, env={**os.environ, "PATH": path}, capture_output=True, text=True
            )
            if ran.returncode != 0:
                missing(f"npm has no vsce here, so nothing was packed: {ran.stderr[-300:]}")
            (modules / "complete").touch()
    for each in FOLDER.iterdir():
        if each.is_file():
            shutil.copy(each, folder)
    (folder / "node_modules").symlink_to(modules / "node_modules")
    vsce = [tools.node, modules / "node_modules/@vscode/vsce/vsce", "package", "--no-dependencies"]
    ran = subprocess.run(
        vsce, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0 and "WARNING" not in ran.stdout + ran.stderr, ran.stdout + ran.stderr
    (made,) = folder.glob("*.vsix")
    return made


def test_vsce_packs_the_extension_with_all_that_it_needs(tmp_path: Path) -> None:
    tools = require_tools()
    (tmp_path / "extension").mkdir()
    with zipfile.ZipFile(packed(tools, tmp_path / "extension")) as package:
        names = {name for name in package.namelist() if name.startswith("extension/")}
        assert names == {
            *("extension/package.json", "extension/readme.md", "extension/LICENSE.txt"),
            "extension/dist/extension.js",
        }
        package.extractall(tmp_path / "installed")
    top = tmp_path / "installed" / "extension"
    manifest = json.loads((top / "package.json").read_text())
    (tmp_path / "vscode").mkdir()
    (tmp_path / "vscode" / "index.js").write_text(STAND_IN)
    ran = subprocess.run(
        [tools.node, "-e", LOADS, top / manifest["main"]],
        env={**os.environ, "NODE_PATH": os.fspath(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stdout == "activate deactivate\n", ran.stderr
