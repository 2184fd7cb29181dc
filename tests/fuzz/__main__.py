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

from tests.fuzz.laws import check
from tests.fuzz.mutate import Mutator


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--keep", type=Path, default=Path("fuzz-failures"), help="where failing projects are put"
    )
    options = parser.parse_args()
    mutator, end, count, found, failed = (
        Mutator(options.seed),
        time.monotonic() + options.minutes * 60,
        0,
        0,
        0,
    )
    while time.monotonic() < end:
        count += 1
        project = mutator.project()
        folder = Path(tempfile.mkdtemp(prefix="wslint-fuzz-"))
        try:
            found += check(project, folder / "project")
        except Exception:
            failed += 1
            target = options.keep / f"{options.seed}-{count}"
            for name, text in project.items():
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode("utf-8", "surrogatepass"))
            print(f"{target}\n{traceback.format_exc()}", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"seed {options.seed}: {count} projects, {found} findings, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
