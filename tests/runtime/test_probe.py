"""`wslint probe` against the real runtime: the right cause is among the first three that it names.

`python -m tests.runtime.test_probe` prints a table, and the rates that docs/probe.md gives.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.runtime.probe_cases import CASES, Case
from tests.runtime.tools import require_tools
from tests.runtime.workerd import Server, serve
from tests.runtime.wrangler import DevServer, dev
from wslint.probe.diagnosis import Asked, Diagnosis, diagnose
from wslint.probe.project import check_project
from wslint.probe.run import Wishes, probe
from wslint.probe.symptoms import symptoms
from wslint.probe.target import target

NAMED = 3
"""How many causes a person reads before giving up."""

TIMEOUT = 1.5


@dataclass
class Shown:
    """What probe says of one case: by the answer alone, with the log, with the project, with both."""

    answer: Diagnosis
    log: Diagnosis
    project: Diagnosis
    both: Diagnosis


def shown(case: Case, folder: Path) -> Shown:
    """Serve the case's project, probe it, and explain the answer in four ways."""
    for name, content in case.project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with running(case, folder) as server:
        aim = target(server.ws + case.path, subprotocols=case.subprotocols)
        for _ in range(case.probes):
            outcome = probe(aim, Wishes(TIMEOUT, case.send))
        time.sleep(0.1)
        log = server.log
    asked = Asked(aim, case.send)
    findings = check_project(folder).findings
    return Shown(
        diagnose(outcome, asked),
        diagnose(outcome, asked, log=log),
        diagnose(outcome, asked, findings),
        diagnose(outcome, asked, findings, log),
    )


@contextmanager
def running(case: Case, folder: Path) -> Iterator[Server | DevServer]:
    """The project on workerd, or under `wrangler dev` where assets are the point."""
    if case.server == "wrangler dev":
        with dev(folder) as server:
            yield server
        return
    with serve(folder, case.environment) as server:
        yield server


def is_named(case: Case, diagnosis: Diagnosis) -> bool:
    """Whether one of the right causes is among the first that are named; a sound project has none."""
    if not case.expected:
        return not diagnosis.causes
    return bool(set(case.expected) & set(diagnosis.causes[:NAMED]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_right_cause_is_named_first(case: Case, tmp_path: Path) -> None:
    require_tools()
    said = shown(case, tmp_path)
    assert said.answer.symptom.id == case.symptom
    assert case.hides or is_named(case, said.answer) == case.alone, said.answer.causes
    assert is_named(case, said.log) == case.alone, (said.log.symptom.id, said.log.causes)
    if case.found:
        assert is_named(case, said.project), said.project.causes
        assert is_named(case, said.both), said.both.causes
        assert said.project.findings


def test_the_cases_cover_the_table() -> None:
    """What no case shows: an answer that a JavaScript project alone can't be brought to."""
    by_status = {row.id for row in symptoms().values() if row.status and row.status != "error"}
    assert by_status - {case.symptom for case in CASES} == UNSEEN


UNSEEN = {
    # said by Cloudflare's edge, not by the runtime
    "cloudflare-1101",
    "cloudflare-limit",
    "cloudflare-page",
    "origin-unreachable",
    "redirect-to-login",
    "redirect-to-slash",
    "tls-expected",
    "too-many-requests",
    # whatever the project's own code chooses to say
    "bad-request",
    "forbidden",
    "method-not-allowed",
    "not-available",
    "refused",
    "thrown",
    "unauthorised",
}


def main(*chosen: str) -> None:
    """Print what each case shows, and the rates."""
    counts = {"answer": 0, "log": 0, "project": 0, "both": 0}
    cases = [case for case in CASES if not chosen or case.id in chosen]
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            try:
                said = shown(case, Path(folder))
            except Exception as error:
                print(f"{case.id:<26} {type(error).__name__}: {error}")
                continue
        row = []
        for way in counts:
            diagnosis = getattr(said, way)
            named = is_named(case, diagnosis)
            counts[way] += named
            row.append(
                f"{'yes' if named else 'no '} {diagnosis.symptom.id:<22} {','.join(diagnosis.causes[:3]):<12}"
            )
        first = said.both.findings[0].code if said.both.findings else ""
        print(f"{case.id:<26} {','.join(case.expected):<20} {' | '.join(row)} {first}")
    print({way: f"{count} of {len(cases)}" for way, count in counts.items()})
    hides = [case for case in cases if case.hides]
    print(f"{len(hides)} hide their reason")


if __name__ == "__main__":
    main(*sys.argv[1:])
