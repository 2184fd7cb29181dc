"""The generated projects' own checks, by the commands that their README names, and what the real runtime says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.conversation import get
from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from tests.scaffold.conftest import Generate
from tests.scaffold.scenario import Player, wait_for_eviction


def run(folder: Path, *command: str, **variables: str) -> str:
    node = require_tools().npm.parent
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": "src"}
    done = subprocess.run(
        command, cwd=folder, env=environment | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_typescript_by_its_own_commands(generate: Generate) -> None:
    folder = generate("typescript", 0)
    (folder / "node_modules").symlink_to(require_tools().modules)
    readme = (folder / "README.md").read_text()
    assert {"npm test", "npm run typecheck", "npm run test:e2e"} <= set(
        re.findall(r"^npm [a-z0-9: ]+\w", readme, re.M)
    )
    run(folder, "npm", "run", "typecheck")
    assert "fail 0" in run(folder, "npm", "test")
    with serve(folder, page=folder / "public") as server:
        assert "pass 4" in run(folder, "npm", "run", "test:e2e", MATCH_URL=server.http)


@pytest.mark.parametrize("length", ["4", "16"])
def test_typescript_with_other_names(length: str, tmp_path: Path) -> None:
    options = ["--lang", "typescript", "--class", "DuelDO", "--binding", "DUEL", "--code-length", length]
    run(tmp_path, sys.executable, "-m", "wslint", "new", "match-worker", "duel", *options, PYTHONPATH="")
    (tmp_path / "duel/node_modules").symlink_to(require_tools().modules)
    run(tmp_path / "duel", "npm", "run", "typecheck")
    assert "fail 0" in run(tmp_path / "duel", "npm", "test")


def test_the_typecheck_can_fail(generate: Generate) -> None:
    folder = generate("typescript", 0)
    (folder / "node_modules").symlink_to(require_tools().modules)
    entry = folder / "src/index.ts"
    entry.write_text(entry.read_text().replace("getByName(code)", "getByNane(code)"))
    with pytest.raises(AssertionError, match="getByNane"):
        run(folder, "npm", "run", "typecheck")


@pytest.mark.parametrize("config", ["toml", "jsonc"])
@pytest.mark.parametrize("lifecycle", ["migrations", "exports"])
@pytest.mark.parametrize("language", ["typescript", "python"])
def test_wrangler_would_deploy_it(language: str, config: str, lifecycle: str, tmp_path: Path) -> None:
    tools = require_tools()
    options = ["--lang", language, "--config", config, "--lifecycle", lifecycle, "--class", "DuelDO"]
    run(tmp_path, sys.executable, "-m", "wslint", "new", "match-worker", "duel", *options, PYTHONPATH="")
    variables = {"WRANGLER_SEND_METRICS": "false", "CI": "1", "NO_COLOR": "1"}
    command = [str(tools.node), str(tools.wrangler), "deploy", "--dry-run"]
    said = run(tmp_path / "duel", *command, **variables)
    assert "env.MATCH (DuelDO)" in said and "WARNING" not in said and "ERROR" not in said


def test_python_end_to_end(generate: Generate) -> None:
    folder = generate("python", 0)
    with serve(folder, page=folder / "public") as server:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        assert "3 passed" in run(folder, *command, "tests/test_end_to_end.py", MATCH_URL=server.http)


@pytest.mark.parametrize("language", ["typescript", "python"])
def test_a_deploy_drops_the_sockets_but_not_the_match(
    language: str, generate: Generate, tmp_path: Path
) -> None:
    """The objects' storage stays, the sockets are gone without a word: the place is kept, then freed."""
    require_tools()
    folder, work = generate(language, 0), tmp_path / "work"
    with serve(folder, page=folder / "public", work=work) as server:
        before = Player(server.http, wait_for_eviction(0))
        with before.stack:
            before.step({"call": "POST /create", "keep": "code"})
            before.step({"open": "ann"})
            before.step({"send": "ann", "json": {"type": "join", "name": "Ann"}})
            before.step({"read": {"ann": 3}})
            server.process.kill()
            server.process.wait()
    with serve(folder, page=folder / "public", work=work) as server:
        path = f"/join/{before.values['code']}"
        assert '"players":1' in get(server.http + path).body.replace(" ", "")
        after = Player(server.http, wait_for_eviction(0), values=before.values)
        with after.stack:
            after.step({"open": "ann"})
            after.step({"send": "ann", "json": {"type": "join", "name": "Ann", "token": "{ann.token}"}})
            after.step({"read": {"ann": 3}})
        assert '"player": 1' in after.lines[-3] and '"type": "welcome"' in after.lines[-3], after.lines
