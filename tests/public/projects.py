"""One checkout, checked and traced in a process of its own: what it prints, and what it costs."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wslint.record import field, record

ROOT = Path(__file__).resolve().parents[2]


@record
class Project:
    """A checkout, `repo` as owner/name, and what wslint said of it."""

    repo: str
    folder: Path
    report: dict[str, Any] = field(default_factory=dict)
    traces: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    failed: str = ""


def projects(folder: Path) -> Iterator[Project]:
    """The checkouts in a folder, as `owner+name` or as `owner/name`, by name."""
    for child in sorted(path for path in folder.iterdir() if path.is_dir()):
        if "+" in child.name:
            yield Project(child.name.replace("+", "/", 1), child)
        elif (child / ".git").exists():
            yield Project(child.name, child)
        else:
            for checkout in sorted(path for path in child.iterdir() if path.is_dir()):
                yield Project(f"{child.name}/{checkout.name}", checkout)


def check(project: Project, timeout: float) -> None:
    """Check a project. Nothing of it is run: wslint only reads."""
    command = ["wslint", "check", ".", "--show-unknown", "--output-format", "json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = _said(project, command, timeout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    project.seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if said is not None:
        project.report = said


def trace(project: Project, timeout: float) -> None:
    """Trace every address that the project names."""
    if project.report.get("workers"):
        said = _said(project, ["tests.public.traces"], timeout)
        project.traces = said if isinstance(said, list) else []


def _said(project: Project, arguments: list[str], timeout: float) -> Any:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", *arguments]
    try:
        done = subprocess.run(
            command, cwd=project.folder, env=environment, capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        project.failed = f"{' '.join(arguments[:2])}: not done after {timeout:g} s"
        return None
    try:
        return json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no report"]
        project.failed = f"{' '.join(arguments[:2])}: {lines[-1]}"
        return None
