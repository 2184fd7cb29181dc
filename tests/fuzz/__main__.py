"""`python -m tests.fuzz --minutes 60`: new projects until the time is over. A project that breaks a law is kept
in a folder, and the run goes on; it becomes a test."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.fuzz import again, growth
from tests.fuzz.laws import Said, check, written
from tests.fuzz.mutate import Mutator, Project

BATCH = 200
"""So many projects are checked once more by another process, whose hashes differ."""
GROWN = 40
"""Every so many-th project is made long, too."""


class Run:
    """What a run has seen."""

    def __init__(self, seed: int, keep: Path) -> None:
        self.seed, self.keep = seed, keep
        self.mutator = Mutator(seed)
        self.count = self.found = self.failed = self.again = self.grown = 0
        self.batch: list[tuple[Project, Said]] = []

    def step(self) -> None:
        self.count += 1
        project = self.mutator.project()
        folder = Path(tempfile.mkdtemp(prefix="wslint-fuzz-"))
        try:
            found = check(project, folder / "project")
            self.found += len(found)
            self.batch.append((project, found))
            if self.count % GROWN == 0:
                self.grown += 1
                growth.grow(project, self.mutator.chance)
        except Exception:
            self.fail(project)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if len(self.batch) >= BATCH:
            self.compare()

    def compare(self) -> None:
        """What another process says of the same projects."""
        others = again.said_elsewhere([project for project, _ in self.batch], self.count)
        for (project, found), other in zip(self.batch, others, strict=True):
            self.again += 1
            if found != other:
                self.fail(project, f"another hash seed says something else:\n{found}\n{other}")
        self.batch.clear()

    def fail(self, project: Project, why: str = "") -> None:
        self.failed += 1
        target = written(project, self.keep / f"{self.seed}-{self.count}-{self.failed}")
        print(f"{target}\n{why or traceback.format_exc()}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--keep", type=Path, default=Path("fuzz-failures"), help="where failing projects are put"
    )
    options = parser.parse_args()
    run, end = Run(options.seed, options.keep), time.monotonic() + options.minutes * 60
    while time.monotonic() < end:
        run.step()
    run.compare()
    print(
        f"seed {options.seed}: {run.count} projects, {run.found} findings, {run.again} checked by another process, "
        f"{run.grown} made long, {run.failed} failures"
    )
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
