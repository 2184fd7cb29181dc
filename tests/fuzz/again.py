"""What another process, whose hashes differ, says of the same projects: nothing may rest on the order of a set."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.laws import Said, said, written
from tests.fuzz.mutate import Project
from tests.pages import TODAY
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files


def said_elsewhere(projects: Sequence[Project], seed: int) -> list[Said]:
    """For each project what a process says whose hashes begin with `seed`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.again"],
        input=json.dumps(list(projects)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": str(seed % 2**32), "WSLINT_STRICT": "1"},
    )
    return [[tuple(row) for row in rows] for rows in json.loads(done.stdout)]  # type: ignore[misc]


def _said_of(project: Project) -> Said:
    with tempfile.TemporaryDirectory() as made:
        folder = written(project, Path(made).resolve() / "project")
        try:
            return said(run([folder], Options(today=TODAY, pedantic=True, show_unknown=True), Files(folder)))
        except CheckError:
            return []


if __name__ == "__main__":
    print(json.dumps([_said_of(project) for project in json.load(sys.stdin)]))
