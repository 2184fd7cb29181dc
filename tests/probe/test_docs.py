"""docs/probe.md shows what the program says."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from tests.runtime.probe_cases import CASES, Case
from wslint.cli import main
from wslint.probe.diagnosis import Diagnosis
from wslint.probe.model import Probe
from wslint.probe.report import render
from wslint.probe.symptoms import symptoms

PAGE = (Path(__file__).parents[2] / "docs" / "probe.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```text\n(.*?)^```$", PAGE, re.M | re.S)


def test_the_verdicts_are_those_of_the_table() -> None:
    assert len(BLOCKS) == 4
    for block in BLOCKS:
        outcome, title = re.findall(r"^(refused|broken|working): (.*)$", block, re.M)[0]
        symptom = next(row for row in symptoms().values() if row.title == title)
        assert symptom.outcome == outcome
        causes = tuple(re.findall(r"^  ([A-Z]+[0-9]+) +\w", block, re.M))
        assert set(causes) <= set(symptom.causes)
        causes += tuple(cause for cause in symptom.causes if cause not in causes)
        findings = () if "In the project" in block else None
        said = render(Probe("", b"", [], 5.0), Diagnosis(symptom, causes, (), findings), width=100)
        said = said.replace("In the project: no finding explains this.\n", "")
        for line in said.split("\n\n", 1)[1].strip().splitlines():
            assert without_more_rules(line) in without_more_rules(block)


def without_more_rules(text: str) -> str:
    """New rules for a known cause do not make the page wrong."""
    return re.sub(r" \(also WS[^)]*\)", "", text)


def test_the_options_are_those_of_the_command() -> None:
    shown = CliRunner().invoke(main, ["probe", "--help"]).stdout
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", shown)) - {"--help", "--color"}
    assert named - set(re.findall(r"--[a-z][a-z-]+", PAGE)) == set()
    assert set(re.findall(r"`(--[a-z-]+)", PAGE)) - {"--pedantic"} <= named


def by_the_answer(case: Case) -> bool:
    """A hidden exception is named by its answer only where it is one of the commonest."""
    if case.hides:
        return bool(set(case.expected) & set(symptoms()["hidden-500"].causes[:3]))
    return case.alone


def test_the_rates_are_those_of_the_cases() -> None:
    """What tests/runtime/test_probe.py asserts of each case, counted."""
    total = len(CASES)
    rates = {
        "the answer alone": sum(map(by_the_answer, CASES)),
        "the answer and `--project`": sum(case.found or by_the_answer(case) for case in CASES),
        "the answer and `--log`": sum(case.alone for case in CASES),
        "all three": sum(case.found or case.alone for case in CASES),
    }
    for what, count in rates.items():
        assert f"| {what} | {count} of {total} |" in PAGE, (what, count, total)
    assert f"{sum(case.hides for case in CASES)} of the {total} answer 500" in PAGE
