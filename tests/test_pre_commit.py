"""The hook as pre-commit itself runs it, in repositories made here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.precommit

ROOT = Path(__file__).parent.parent
WORKER = 'export class MatchDO {}\nexport default { fetch: () => new Response("ok") };\n'
CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
"""
MIGRATION = 'migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]\n'


def run(*command: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))
    }
    identity = {
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@t",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@t",
    }
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, env={**environment, **identity}, check=False
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with this working tree, as pre-commit clones hooks from one."""
    folder = tmp_path_factory.mktemp("hook")
    listed = run("git", "ls-files", "-co", "--exclude-standard", "wslint", "pyproject.toml", "README.md", "LICENSE",
                 ".pre-commit-hooks.yaml", "templates", "scripts/catalogue.tsv", cwd=ROOT).stdout.splitlines()  # fmt: skip
    for name in listed:
        source = ROOT / name
        if source.is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    run("git", "init", "-q", cwd=folder)
    run("git", "add", "-A", cwd=folder)
    run("git", "commit", "-qm", "hook", cwd=folder)
    return folder


def hooked(hook: Path, project: Path, *names: str, which: str = "wslint") -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pre_commit",
        "try-repo",
        str(hook),
        which,
        "--verbose",
        "--files",
        *names,
    ]
    return run(*command, cwd=project, check=False)


def test_changed_files_check_the_workers_that_own_them(hook: Path, tmp_path: Path) -> None:
    run("git", "init", "-q", cwd=tmp_path)
    for name, text in {
        "worker/wrangler.toml": CONFIG,
        "worker/index.js": WORKER,
        "site/page.js": "console.log(1);\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    run("git", "add", "-A", cwd=tmp_path)

    source = hooked(hook, tmp_path, "worker/index.js")
    assert source.returncode == 1, source.stdout + source.stderr
    assert "worker/wrangler.toml:4" in source.stdout and "WS301" in source.stdout

    assert hooked(hook, tmp_path, "site/page.js").returncode == 0

    (tmp_path / "worker/wrangler.toml").write_text(CONFIG + MIGRATION)
    config = hooked(hook, tmp_path, "worker/wrangler.toml", "worker/index.js")
    assert config.returncode == 0, config.stdout + config.stderr


def test_the_other_hook_applies_what_is_safe(hook: Path, tmp_path: Path) -> None:
    run("git", "init", "-q", cwd=tmp_path)
    wrong = (CONFIG + MIGRATION).replace("2026-07-01", "2026-7-1")
    (tmp_path / "wrangler.toml").write_text(wrong)
    (tmp_path / "index.js").write_text(WORKER)
    run("git", "add", "-A", cwd=tmp_path)
    first = hooked(hook, tmp_path, "wrangler.toml", which="wslint-fix")
    assert first.returncode == 1 and "files were modified by this hook" in first.stdout, first.stdout
    assert (tmp_path / "wrangler.toml").read_text() == CONFIG + MIGRATION
    run("git", "add", "-A", cwd=tmp_path)
    assert hooked(hook, tmp_path, "wrangler.toml", which="wslint-fix").returncode == 0
