"""`wslint init`: what it proposes, that it keeps what is there, and that a second run has nothing to add."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.cli.test_command_line import BAD, GOOD, WORKER, wslint
from tests.pages import write
from wslint.init_plan import BASELINE, HOOKS, WORKFLOW, Here, proposals

PROJECT = """\
# ours
[project]
name = "match"   # the game
dependencies = [
  "a", # why
]

[tool.ruff]
line-length = 100
"""
COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHERS = """\
# hooks
repos:
  - repo: https://example.com/hooks
    rev: v1
    hooks:
      - id: a
        args: [x]   # why

# the rest
ci:
  skip: [a]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write({"wrangler.toml": BAD, "index.js": WORKER, "pyproject.toml": PROJECT, HOOKS: OTHERS}, tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git/" not in path.as_posix()
    }


def test_it_shows_a_diff_that_git_can_apply_and_changes_nothing(project: Path) -> None:
    before = contents(project)
    shown = wslint("init", cwd=project)
    assert shown.returncode == 1 and "Next: wslint init --yes" in shown.stderr
    assert contents(project) == before
    applied = subprocess.run(
        ["git", "apply", "-"], input=shown.stdout, text=True, cwd=project, capture_output=True, check=False
    )
    assert applied.returncode == 0, applied.stderr
    by_hand = contents(project)
    for name in by_hand:
        (project / name).unlink()
    for name, data in before.items():
        (project / name).write_bytes(data)
    assert wslint("init", "--yes", cwd=project).returncode == 0
    assert contents(project) == by_hand != before


def test_comments_and_order_stay_and_a_second_run_adds_nothing(project: Path) -> None:
    done = wslint("init", "--yes", cwd=project)
    assert done.stdout.splitlines() == [
        "change    pyproject.toml",
        f"change    {HOOKS}",
        f"create    {BASELINE}",
    ]
    text = (project / "pyproject.toml").read_text()
    assert text.startswith(PROJECT) and tomllib.loads(text)["tool"]["wslint"] == {
        "fail-on": "warning",
        "exclude": [],
    }
    hooks = (project / HOOKS).read_text()
    rest = iter(hooks.splitlines())
    assert all(line in rest for line in OTHERS.splitlines())
    told = yaml.safe_load(hooks)
    assert [repo["repo"] for repo in told["repos"]] == ["https://example.com/hooks", "local"] and told["ci"]
    after = contents(project)
    again = wslint("init", "--yes", cwd=project)
    assert (again.returncode, again.stdout) == (0, "nothing to add: the project speaks of wslint already\n")
    assert contents(project) == after
    assert wslint("check", "--baseline", BASELINE, cwd=project).returncode == 0


def test_without_findings_there_is_no_baseline(project: Path) -> None:
    (project / "wrangler.toml").write_text(GOOD)
    assert wslint("init", "--yes", cwd=project).returncode == 0
    assert not (project / BASELINE).exists() and "baseline" not in (project / HOOKS).read_text()
    assert wslint("init", cwd=project).returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        'tool.ruff.line-length = 100\n', '[tool]\nx = 1\n', "", "# nothing\n", '[[tool.a]]\nx = 1\n[tool.b]\n\n[other]\n',
        '[tool.a]\nx = 1\n\n[project]\nname = "a"\n\n[tool.b]\ny = 2\n', 'x = 1\r\n[tool.a]\r\ny = 2\r\n',
        'tool = { ruff = { line-length = 100 } }\n',
    ],
)  # fmt: skip
def test_a_pyproject_of_any_form(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(text.encode())
    (found,) = proposals(Here(tmp_path, None, None))
    if found.path.name == "wslint.toml":
        assert text.startswith("tool =")  # in one line nothing can be added
        return
    after = found.after.decode()
    parsed = tomllib.loads(after)
    assert parsed["tool"].pop("wslint") == {"fail-on": "warning", "exclude": []}
    assert parsed == tomllib.loads(text) or parsed == {**tomllib.loads(text), "tool": {}}
    rest = iter(after.splitlines())
    assert all(line in rest for line in text.splitlines())


def test_what_speaks_of_wslint_is_left(tmp_path: Path) -> None:
    write(
        {
            "pyproject.toml": "[tool.wslint]\n",
            HOOKS: "repos:\n  - repo: local\n    hooks: [{id: wslint}]\n",
            ".github/workflows/ci.yml": "jobs: {a: {steps: [{run: wslint check}]}}\n",
        },
        tmp_path,
    )
    assert not list(proposals(Here(tmp_path, COMMIT, None)))


def test_a_commit_is_pinned_where_there_is_one(tmp_path: Path) -> None:
    write({".github/workflows/ci.yml": "on: push\n", ".git/HEAD": "ref: refs/heads/main\n"}, tmp_path)
    assert WORKFLOW not in {
        one.path.relative_to(tmp_path).as_posix() for one in proposals(Here(tmp_path, None, None))
    }
    found = {
        one.path.relative_to(tmp_path).as_posix(): one.after.decode()
        for one in proposals(Here(tmp_path, COMMIT, b"{}"))
    }
    assert set(found) == {"wslint.toml", HOOKS, WORKFLOW, BASELINE}
    assert yaml.safe_load(found[HOOKS])["repos"][0]["rev"] == COMMIT
    steps = yaml.safe_load(found[WORKFLOW])["jobs"]["check"]["steps"]
    assert [step["uses"].rpartition("@")[2] for step in steps][1] == COMMIT
    assert steps[1]["with"] == {"arguments": f"--baseline {BASELINE}"}


def test_hooks_that_are_written_otherwise_are_left(tmp_path: Path) -> None:
    for text in ("repos: []\n", "ci: {}\n", "repos: [{repo: local, hooks: []}]\n"):
        (tmp_path / HOOKS).write_text(text)
        assert [one.path.name for one in proposals(Here(tmp_path, None, None))] == ["wslint.toml"]


def test_a_link_out_of_the_project_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text(PROJECT)
    folder = tmp_path / "project"
    write({"wrangler.toml": GOOD, "index.js": WORKER}, folder)
    (folder / "pyproject.toml").symlink_to(outside)
    assert wslint("init", "--yes", folder.name, cwd=tmp_path).returncode == 2
    assert outside.read_text() == PROJECT
