"""`python -m tests.public DIR [--judged FILE] [--trace]`: what wslint says of many checkouts, and what it costs.

DIR holds checkouts as `owner+name` or `owner/name`. Their code is read, never run. The exit code is 1 where the
run differs from the judged list.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.public import judged, summary
from tests.public.projects import Project, check, projects, trace

OURS = Path(__file__).with_name("judged.tsv")


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    checked: list[Project] = []
    for project in projects(options.folder):
        if options.only and not any(part in project.repo for part in options.only):
            continue
        check(project, options.timeout)
        if options.trace:
            trace(project, options.timeout)
        checked.append(project)
        print(f"{project.seconds:6.2f} s  {project.repo}", file=sys.stderr, flush=True)
    found = judged.compare(checked, judged.read(options.judged))
    parts: list[Iterable[str]] = [
        summary.findings(checked),
        summary.unknown(checked),
        summary.unread(checked),
        summary.times(checked),
        summary.failures(checked),
    ]
    if options.trace:
        parts.append(summary.traces(checked))
    for part in (*parts, summary.comparison(found)):
        for line in part:
            print(line)
    return int(found.differs)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.public", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--judged", type=Path, metavar="FILE", default=OURS, help="the list to compare with")
    parser.add_argument(
        "--trace", action="store_true", help="trace the addresses that each project names, too"
    )
    parser.add_argument("--only", action="append", metavar="TEXT", help="projects whose name holds this")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", default=200.0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
