"""Every combination of what a project may be written with has no finding, plays, and passes its own tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from tests.runtime.rust.toolchain import require_cargo
from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve

LANGUAGES = ("python", "typescript", "rust")
PAGES = ((), ("--no-page",), ("--auth", "token"), ("--no-page", "--auth", "token"))
FORMS = (("toml", "migrations"), ("jsonc", "exports"))
OPTIONS = [
    (*page, "--config", config, "--lifecycle", lifecycle) for page in PAGES for config, lifecycle in FORMS
]


def project(folder: Path, language: str, *options: str) -> Path:
    made = wslint("new", "match-worker", "duel", "--lang", language, *options, cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder / "duel"


def answers(folder: Path, url: str) -> set[int | None]:
    """What a handshake may be answered with."""
    traced = wslint("trace", "--url", url, "--output-format", "json", cwd=folder)
    predicted = json.loads(traced.stdout)["predicted"]
    return {ending["status"] for ending in predicted["endings"]} or {predicted["status"]}


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_finding(language: str, options: tuple[str, ...], tmp_path: Path) -> None:
    duel = project(tmp_path, language, *options)
    checked = wslint("check", "--pedantic", "--show-unknown", cwd=duel)
    assert (checked.returncode, checked.stdout) == (0, "No problems in 1 Worker.\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_plays_alike(language: str, tmp_path: Path) -> None:
    plain: set[int | None] = set()
    for number, options in enumerate(PAGES):
        (tmp_path / str(number)).mkdir()
        duel = project(tmp_path / str(number), language, *options)
        found = answers(duel, "/ws/ABCDE")
        assert found & {101, None} and found <= {101, 403, 404, 409, 413, 500, None}, found
        plain = found if number == 0 else plain
        assert found - {403} == plain - {403}
        assert (answers(duel, "/") == {404}) == ("--no-page" in options)


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_speaks_of_what_is_not_there(language: str, page: tuple[str, ...], tmp_path: Path) -> None:
    duel = project(tmp_path, language, *page)
    texts = {path.relative_to(duel).as_posix(): path for path in duel.rglob("*") if path.is_file()}
    assert ("public/index.html" in texts) == ("--no-page" not in page)
    assert (".dev.vars" in texts) == ("--auth" in page)
    for name, path in texts.items():
        if name == ".wslint-scaffold.toml" or name.endswith(("package-lock.json", ".lock")):
            continue
        text = path.read_text()
        assert "<%" not in text and "<<" not in text
        assert "--auth" in page or not re.search(r"ACCESS_TOKEN|has_?[tT]oken|access\.", text), name
        if "--no-page" in page:
            assert not re.search(r"ASSETS|public/|index\.html|page\.js|two tabs", text), name
        for imported in re.findall(r'^import .* from "(\.[^"]*)"', text, re.M):
            assert (path.parent / imported).is_file(), (name, imported)


OWN = pytest.mark.parametrize("options", PAGES[1:], ids=" ".join)


@OWN
def test_python_by_its_own_tests(options: tuple[str, ...], tmp_path: Path) -> None:
    duel = project(tmp_path, "python", *options)
    environment = {**os.environ, "PYTHONPATH": "src"}
    run(duel, environment, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    run(duel, environment, sys.executable, "-m", "ruff", "check", "--no-cache", ".")
    run(duel, environment, sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".")
    typed = ["mypy", "--config-file=", "--cache-dir=/dev/null", "--strict", "src/door.py"]
    run(duel, environment, sys.executable, "-m", *typed)


@OWN
def test_typescript_by_its_own_tests(options: tuple[str, ...], tmp_path: Path) -> None:
    """In the runtime too, with the secret as the dev server would have it."""
    tools = require_tools()
    duel = project(tmp_path, "typescript", *options)
    (duel / "node_modules").symlink_to(tools.modules)
    environment = {**os.environ, "PATH": f"{tools.npm.parent}{os.pathsep}{os.environ['PATH']}"}
    run(duel, environment, "npm", "run", "typecheck")
    assert "fail 0" in run(duel, environment, "npm", "test")
    config = duel / "wrangler.toml"
    config.write_text(
        config.read_text()
        .replace("[secrets]\nrequired = [", "[vars]\nACCESS_TOKEN = [")
        .replace('ACCESS_TOKEN = ["ACCESS_TOKEN"]', 'ACCESS_TOKEN = "only-for-dev"')
    )
    (tmp_path / "empty").mkdir()
    page = duel / "public" if (duel / "public").is_dir() else tmp_path / "empty"
    with serve(duel, page=page) as server:  # with the limiter that pages come with
        assert "pass 4" in run(duel, environment | {"MATCH_URL": server.http}, "npm", "run", "test:e2e")
        few = ["--rooms", "2", "--messages", "2", "--url", server.http]
        assert "lost 0" in run(duel, environment, str(tools.node), "tests/load.mjs", *few)


@pytest.mark.rust
def test_rust_by_its_own_tests(tmp_path: Path) -> None:
    environment = require_cargo()
    environment["CARGO_TARGET_DIR"] = str(tmp_path / "target")
    for number, options in enumerate(PAGES[1:]):
        (tmp_path / str(number)).mkdir()
        duel = project(tmp_path / str(number), "rust", *options)
        run(duel, environment, "cargo", "fmt", "--check")
        run(duel, environment, "cargo", "test", "--quiet", "--locked")


def run(folder: Path, environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("options", PAGES[1:3], ids=" ".join)
def test_other_templates_have_neither(options: tuple[str, ...], tmp_path: Path) -> None:
    refused = wslint("new", "echo-worker", *options, cwd=tmp_path)
    assert refused.returncode == 2 and "--no-page and --auth go with match-worker" in refused.stderr


@pytest.mark.parametrize("page", PAGES[1:], ids=" ".join)
def test_the_options_are_remembered(page: tuple[str, ...], tmp_path: Path) -> None:
    duel = project(tmp_path, "python", *page)
    assert wslint("new", "--diff", cwd=duel).stdout == ""
    assert wslint("new", "--update", cwd=duel).returncode == 0
    again = wslint("new", "match-worker", ".", *page, cwd=duel)
    assert again.returncode == 0 and "create" not in again.stdout
