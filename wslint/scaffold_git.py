"""`wslint new --git`: the new project as a repository of its own, unless it lies in one."""

from __future__ import annotations

import subprocess
from pathlib import Path


def start_repository(folder: Path) -> str:
    """Run `git init` in the folder; one line that says what came of it. Nothing is committed."""
    inside = _git(folder, "rev-parse", "--is-inside-work-tree")
    if inside is None:
        return "there is no git, so no repository was made"
    if inside.returncode == 0:
        return "it lies in a repository already"
    made = _git(folder, "init", "--quiet")
    if made is None or made.returncode != 0:
        return f"no repository was made: {made.stderr.strip() if made else 'there is no git'}"
    return "a new repository"


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
