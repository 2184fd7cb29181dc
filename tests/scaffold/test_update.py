"""`wslint new --diff` and `--update` in a project that an older scaffold has written."""

from __future__ import annotations

import base64
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from tests.scaffold.test_new import tree
from wslint import scaffold, scaffold_files, scaffold_record, scaffold_write
from wslint.scaffold import Choices

TEMPLATES = Path(__file__).parents[2] / "templates"
TODAY = datetime.date(2026, 11, 17)
OLDER = {
    "python/src/match.py.jinja": [("GRACE_MS = 30_000", "GRACE_MS = 20_000"), ("def is_over", "def is_finished")],
    "python/src/entry.py.jinja": [("match.is_over(", "match.is_finished("), ('"retry-after": "5"', '"retry-after": "9"')],
    "python/tests/test_match.py.jinja": [("is_over(", "is_finished(")],
    "python/wrangler.toml.jinja": [("limit = 20", "limit = 10"), ("\n[observability]\nenabled = true\n", "")],
    "python/uv.lock.jinja": [("version = 1\n", "version = 0\n")],
    "common/public/page.css.jinja": [],
}  # fmt: skip
"""What an older scaffold wrote otherwise; nothing: a file that it did not have."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project as an older scaffold has written it."""
    older, folder = tmp_path / "templates", tmp_path / "duel"
    shutil.copytree(TEMPLATES, older)
    for name, changes in OLDER.items():
        path = older / "match-worker" / name
        text = path.read_text()
        for new, old in changes:
            assert new in text, (name, new)
            text = text.replace(new, old)
        path.write_text(text)
        if not changes:
            path.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(scaffold_files, "_templates", lambda: older)
        patched.setattr(scaffold, "__version__", "0.0.9")
        scaffold_write.write(scaffold.plan(Choices(folder=folder, name="duel", players=3), TODAY))
    return folder


def change(path: Path, right: str, wrong: str) -> None:
    text = path.read_text()
    assert text.count(right) >= 1, right
    path.write_text(text.replace(right, wrong))


def test_a_new_project_is_up_to_date_and_remembers_what_was_asked_for(tmp_path: Path) -> None:
    options = ["--lang", "rust", "--class", "DuelDO", "--capacity", "9", "--config", "jsonc"]
    assert wslint("new", "match-worker", "duel", *options, cwd=tmp_path).returncode == 0
    before = tree(tmp_path)
    for command in (["--update"], ["--diff"], ["--update", "--diff"]):
        done = wslint("new", *command, cwd=tmp_path / "duel")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tree(tmp_path) == before
    record = scaffold_record.read(tmp_path / "duel")
    assert record and record.version and record.answers["class_name"] == "DuelDO"
    assert (record.answers["capacity"], record.answers["config"], record.answers["name"]) == (
        9,
        "jsonc",
        "duel",
    )
    assert record.files["src/lib.rs"].encode() == before["duel/src/lib.rs"]
    assert record.files["Cargo.lock"].startswith("sha256 ")


def test_what_is_new_is_shown_and_nothing_is_written(project: Path) -> None:
    before = tree(project)
    done = wslint("new", "--diff", cwd=project)
    assert done.returncode == 1 and tree(project) == before
    assert "\n-GRACE_MS = 20_000  #" in done.stdout and "\n+GRACE_MS = 30_000  #" in done.stdout
    assert "+++ b/public/page.css\n" in done.stdout and "uv.lock: the versions that are locked" in done.stdout
    assert "README.md" not in done.stdout


def test_an_untouched_project_becomes_the_new_one(project: Path, tmp_path: Path) -> None:
    dry = wslint("new", "--update", "--dry-run", cwd=project)
    assert dry.returncode == 0 and "update    src/match.py\n" in dry.stdout
    assert "GRACE_MS = 20_000" in (project / "src/match.py").read_text()
    done = wslint("new", "--update", cwd=project)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout == dry.stdout
    assert "create    public/page.css\n" in done.stdout
    fresh = tmp_path / "fresh"
    scaffold_write.write(
        scaffold.plan(Choices(folder=fresh, name="duel", players=3, date="2026-11-17"), TODAY)
    )
    assert tree(project) == tree(fresh)
    assert wslint("new", "--update", cwd=project).stdout == ""


def test_own_changes_are_kept_and_merged(project: Path) -> None:
    change(project / "src/match.py", "MAX_CHAT = 280", "MAX_CHAT = 500")
    change(project / "wrangler.toml", 'name = "duel"', 'name = "arena" # the domain has this name')
    change(project / "uv.lock", "version = 0", "version = 7")
    (project / "public/index.html").unlink()
    (project / "notes.txt").write_text("mine")
    done = wslint("new", "--update", cwd=project)
    assert done.returncode == 0 and "lock      uv.lock\n" in done.stdout, done.stdout
    assert "merge     src/match.py\n" in done.stdout and "merge     wrangler.toml\n" in done.stdout
    assert "a lock file of your own" in done.stderr
    rules, settings = (project / "src/match.py").read_text(), (project / "wrangler.toml").read_text()
    assert "MAX_CHAT = 500" in rules and "GRACE_MS = 30_000" in rules and "def is_over" in rules
    assert 'name = "arena" # the domain has this name' in settings and "limit = 20" in settings
    assert "[observability]" in settings and "# Creates the class" in settings
    assert "version = 7" in (project / "uv.lock").read_text() and not (project / "public/index.html").exists()
    assert (project / "notes.txt").read_text() == "mine"
    checked = wslint("check", "--pedantic", ".", cwd=project)
    assert checked.returncode == 0, checked.stdout
    own = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--ignore=tests/test_end_to_end.py",
    ]
    variables = {**os.environ, "PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(own, cwd=project, env=variables, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_a_conflict_is_marked_and_nothing_is_lost(project: Path) -> None:
    change(project / "src/match.py", "GRACE_MS = 20_000", "GRACE_MS = 60_000")
    change(project / "wrangler.toml", "limit = 10", "limit = 500")
    done = wslint("new", "--update", cwd=project)
    assert done.returncode == 1 and "look for <<<<<<<" in done.stderr
    assert "conflict  src/match.py\n" in done.stdout and "conflict  wrangler.toml\n" in done.stdout
    rules = (project / "src/match.py").read_text()
    marked = r"<<<<<<< this project\nGRACE_MS = 60_000 .*\n=======\nGRACE_MS = 30_000 .*\n>>>>>>> the newer scaffold\n"
    assert re.search(marked, rules)
    settings = (project / "wrangler.toml").read_text()
    assert "limit = 500" in settings and "limit': 20" in settings and settings.startswith("# <<<<<<<")


def test_where_nothing_says_where_a_project_comes_from(tmp_path: Path) -> None:
    done = wslint("new", "--update", cwd=tmp_path)
    assert done.returncode == 2 and "no .wslint-scaffold.toml is there" in done.stderr
    assert not list(tmp_path.iterdir())


def packed(files: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(files).encode())).decode()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\[scaffold\]", "[other]"),
        (r'files = """[^"]*"""', 'files = "%%%"'),
        (r'files = """[^"]*"""', f'files = "{packed([])}"'),
        (r'files = """[^"]*"""', f'files = "{packed({"a": 1})}"'),
        (r'language = "python"', 'language = "cobol"'),
        (r'config = "toml"', 'config = "../../x"'),
        (r"players = 3", 'players = "3"'),
        (r'date = "[\d-]*"', 'date = "\\"\\nmain = 1"'),
        (r'name = "duel"', 'name = "../duel"'),
    ],
)
def test_a_record_that_is_none(right: str, wrong: str, project: Path) -> None:
    record = project / scaffold_record.NAME
    text = re.sub(right, lambda _: wrong, record.read_text(), count=1)
    assert text != record.read_text()
    record.write_text(text)
    before = tree(project)
    done = wslint("new", "--update", cwd=project)
    assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr.startswith("wslint:"), (
        done.stderr
    )
    assert tree(project) == before
