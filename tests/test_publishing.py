"""What leads from this repository to others: the action, the hooks, the release, and what is promised of them."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.runtime.tools import missing
from wslint.init_plan import WORKFLOW, Here, proposals

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def program(name: str) -> str:
    """One that the extra `dev` brings."""
    beside = Path(sys.executable).with_name(name)
    found = os.fspath(beside) if beside.exists() else shutil.which(name)
    if found is None:
        missing(f"there is no {name}: pip install -e '.[dev]'")
    return found


# Promises

PROMISES = (
    r"\b(?:uvx|pipx run|npx|bunx)(?: -\S+)* wslint\b(?!-)",
    r"\b(?:pipx?|uv tool|uv pip|uv|poetry|brew|npm|cargo) (?:install|add)\b(?: -\S+)* ['\"]?wslint\b(?!\[\w+\] @ git\+)(?! @ git\+)",
    r"\bwslint/wslint@v\d",
    r"\bwslint *[=~]=",
    r"wslint\n +rev: v?\d",
    r"pypi\.org/(?:project|p)/wslint",
)
"""Ways to get wslint by a name or a tag. Each would lead to nothing, or to somebody else's, until there is a release."""


def promised(text: str) -> list[str]:
    return [found.group() for pattern in PROMISES for found in re.finditer(pattern, text)]


@pytest.mark.parametrize(
    "text",
    [
        "uvx wslint check", "pip install wslint", "pip install -U 'wslint[lsp]'", "pipx run wslint", "wslint==0.1.0",
        "uses: wslint/wslint@v1", "repo: https://github.com/wslint/wslint\n    rev: v0.1.0", "uv add --dev wslint",
    ],
)  # fmt: skip
def test_a_promise_is_known_as_one(text: str) -> None:
    assert promised(text)


def test_nothing_promises_a_release_that_is_not_there() -> None:
    skipped = (Path(__file__), ROOT / "tests" / "scaffold" / "test_workflows.py")
    for path in tracked():
        if path in skipped or path.suffix in (".png", ".lock"):
            continue
        found = promised(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: {found}"


# Workflows


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_zizmor_has_nothing_to_say(path: Path, tmp_path: Path) -> None:
    command = [program("zizmor"), "--offline", "--no-progress", "--format=plain", "--persona=pedantic"]
    told = subprocess.run([*command, path], capture_output=True, text=True, check=False)
    assert told.returncode == 0 and "No findings" in told.stdout, told.stdout + told.stderr
    worse = tmp_path / path.name
    worse.write_text(re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", path.read_text()))
    told = subprocess.run([*command, worse], capture_output=True, text=True, check=False)
    assert told.returncode != 0 and "unpinned-uses" in told.stdout


def test_zizmor_has_nothing_to_say_of_what_init_writes(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    here = Here(tmp_path, "0123456789abcdef0123456789abcdef01234567", b"{}")
    (found,) = [one for one in proposals(here) if one.path == tmp_path / WORKFLOW]
    (tmp_path / "wslint.yml").write_bytes(found.after)
    quiet = tmp_path / "zizmor.yml"
    quiet.write_text("rules: {concurrency-limits: {disable: true}}\n")  # a matter of taste
    command = [program("zizmor"), "--offline", "--no-progress", "--format=plain", "--persona=pedantic"]
    told = subprocess.run(
        [*command, f"--config={quiet}", tmp_path / "wslint.yml"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0 and "No findings" in told.stdout, told.stdout + told.stderr


def test_only_the_job_that_publishes_may_sign() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow[True] == {"push": {"tags": ["v*"]}}  # YAML takes `on` for a truth
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]
    assert "permissions" not in build and publish["needs"] == "build"
    assert publish["permissions"] == {"id-token": "write", "attestations": "write"}
    assert not any("run" in step for step in publish["steps"])  # nothing of ours runs where the key is
    assert not any("password" in str(step) or "secrets." in str(step) for step in publish["steps"])


def copied(folder: Path) -> Path:
    """This tree without what git leaves out."""
    for path in tracked():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return folder


@pytest.mark.precommit
def test_the_build_of_a_release(tmp_path: Path) -> None:
    from wslint import __version__

    tree = copied(tmp_path / "tree")
    environment = {**os.environ, "PYTHON": sys.executable}
    environment.pop("PYTHONPATH", None)

    def build(tag: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [tree / ".ci/release", tag], env=environment, capture_output=True, text=True, check=False
        )

    wrong = build("v0.0.0")
    assert wrong.returncode != 0 and "the tag is v0.0.0" in wrong.stderr
    changes = tree / "CHANGELOG.md"
    changes.write_text(changes.read_text().replace("## Unreleased", "## Later"))
    unsaid = build(f"v{__version__}")
    assert unsaid.returncode != 0 and f"no section {__version__}" in unsaid.stderr
    changes.write_text(changes.read_text().replace("## Later", f"## {__version__}"))
    done = build(f"v{__version__}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.suffix for path in (tree / "dist").iterdir()} == {".whl", ".gz"}


# The action


@pytest.mark.precommit
def test_the_steps_of_the_action(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "lobby", project / "apps" / "lobby")
    summary = tmp_path / "summary.md"
    environment = {
        **os.environ,
        "PATH": f"{tmp_path / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_ACTION_PATH": os.fspath(copied(tmp_path / "action")),
        "GITHUB_STEP_SUMMARY": os.fspath(summary),
        "GITHUB_ACTIONS": "true",
    }
    environment.pop("PYTHONPATH", None)
    said = [
        run_step(step, {"paths": "apps/lobby", "arguments": "--today 2026-11-23"}, project, environment)
        for step in yaml.safe_load(ACTION.read_text())["runs"]["steps"]
        if "run" in step
    ]
    assert [done.returncode for done in said] == [0, 1], said
    annotations = [line for line in said[1].stdout.splitlines() if line.startswith("::")]
    assert len(annotations) == 5 and "file=apps/lobby/src/index.ts,line=20,col=16" in annotations[0]
    table = summary.read_text().splitlines()
    assert (
        table[0] == "| severity | where | rule | what |"
        and "| error | apps/lobby/src/index.ts:20 | [WS207](" in table[2]
    )
    assert table[-1].startswith("- Found 4 errors, 1 warning")


def run_step(
    step: dict[str, Any], inputs: dict[str, str], folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """As a runner does it: bash with -e and -o pipefail, the inputs through the step's own `env`."""
    own = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], value)
        for name, value in step.get("env", {}).items()
    }
    assert step["shell"] == "bash"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder, env={**environment, **own}, capture_output=True, text=True, check=False,
    )  # fmt: skip


# SARIF, read by somebody else's program


def test_a_reader_of_sarif_finds_what_was_found(tmp_path: Path) -> None:
    report, table = tmp_path / "wslint.sarif", tmp_path / "read.csv"
    subprocess.run(
        [sys.executable, "-m", "wslint", "check", "examples/lobby", "--output-format", "sarif",
         "--output-file", report],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    read = subprocess.run(
        [program("sarif"), "csv", report, "--output", table], capture_output=True, text=True, check=False
    )
    assert read.returncode == 0, read.stdout + read.stderr
    with table.open(newline="") as file:
        rows = {(row["Severity"], row["Code"], row["Location"], row["Line"]) for row in csv.DictReader(file)}
    assert rows == {
        ("error", "WS005", "examples/lobby/wrangler.toml", "12"),
        ("error", "WS102", "examples/lobby/wrangler.toml", "3"),
        ("error", "WS207", "examples/lobby/src/index.ts", "20"),
        ("error", "WS303", "examples/lobby/wrangler.toml", "11"),
        ("warning", "WS202", "examples/lobby/wrangler.toml", "17"),
    }
