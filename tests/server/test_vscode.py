"""The extension for VS Code holds what its manifest names, and starts the command that the product has."""

from __future__ import annotations

import json
import re
import subprocess

from tests.runtime.tools import require_tools
from tests.server.editor import REPOSITORY
from wslint.cli import main

FOLDER = REPOSITORY / "editors" / "vscode"


def test_the_manifest_names_files_and_a_command_that_are_there() -> None:
    manifest = json.loads((FOLDER / "package.json").read_text())
    command = manifest["contributes"]["configuration"]["properties"]["wslint.command"]["default"]
    assert command[0] == "wslint" and command[1] in main.commands
    for name in (manifest["main"], *manifest["files"]):
        assert (FOLDER / name).is_file()
    required = set(re.findall(r'require\("([\w-]+)', (FOLDER / manifest["main"]).read_text()))
    assert required == {"vscode", *manifest["dependencies"]}


def test_npm_packs_the_extension_with_all_of_it() -> None:
    tools = require_tools()
    packed = subprocess.run(
        [tools.npm, "pack", "--dry-run", "--json"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    (package,) = json.loads(packed.stdout)
    assert {each["path"] for each in package["files"]} == {"package.json", "extension.js", "README.md"}
    checked = subprocess.run(
        [tools.node, "--check", FOLDER / "extension.js"], capture_output=True, timeout=60
    )
    assert checked.returncode == 0, checked.stderr
