"""Every error is true: each rule's failing project fails on the real tool, and its mended twin works."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from tests.runtime.evidence import TOOLS, entry, record, run_all
from tests.runtime.tools import require_tools
from tests.runtime.witness import Expected, Seen, Witness, differences, read, witnesses
from wslint.finding import Severity
from wslint.rules import LoadedRule, load_rules

SHOWN = [witness for witness in witnesses() if witness.fails or witness.works]
GRAVE = [loaded for loaded in load_rules().values() if loaded.rule.severity >= Severity.WARNING]


@pytest.fixture(scope="session")
def seen(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Seen]]:
    """What the selected witnesses showed. The first process that asks runs them all; the others read it."""
    chosen = {
        item.callspec.params["witness"].name
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == Path(__file__) and hasattr(item, "callspec")
        if "witness" in item.callspec.params
    }
    require_tools(python=any(witness.way == "pyodide" for witness in SHOWN if witness.name in chosen))
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with open(folder / "witnesses.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        results = folder / "witnesses.json"
        if not results.exists():
            found = run_all(witness for witness in SHOWN if witness.name in chosen)
            results.write_text(json.dumps(found), encoding="utf-8")
        shown: dict[str, dict[str, Seen]] = json.loads(results.read_text(encoding="utf-8"))
        return shown


@pytest.mark.parametrize("witness", SHOWN, ids=lambda witness: witness.name)
def test_witness(witness: Witness, seen: dict[str, dict[str, Seen]]) -> None:
    problems = differences(witness, seen[witness.name])
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)
    whole = record()
    if whole["tools"] == {name: require_tools().versions[name] for name in TOOLS}:
        assert whole["witnesses"].get(witness.name) == entry(witness, seen[witness.name]), (
            "the record says otherwise: python -m tests.runtime.evidence"
        )


def test_the_record_has_exactly_these_witnesses() -> None:
    whole = record()["witnesses"]
    assert list(whole) == [witness.name for witness in witnesses()]
    for witness in witnesses():
        assert (whole[witness.name]["way"], whole[witness.name].get("why", "")) == (witness.way, witness.why)


@pytest.mark.parametrize("loaded", GRAVE, ids=lambda loaded: loaded.rule.code)
def test_every_error_and_warning_has_a_witness_or_says_why_not(loaded: LoadedRule) -> None:
    own = [witness for witness in witnesses() if witness.rule == loaded.rule.code]
    assert own
    assert any(witness.fails or witness.why for witness in own), "nothing shows that it fails"


def test_a_witness_can_fail() -> None:
    silent = Witness(
        "WS401", 1, fails=Expected(status=500, log="RangeError"), works=Expected(received=("hello",))
    )
    told = differences(
        silent, {"fails": {"status": 101, "output": ""}, "works": {"received": [], "output": ""}}
    )
    assert told == [
        "WS401 fails: expected status 500, seen {'status': 101}",
        "WS401 fails: expected log 'RangeError', seen {'status': 101}",
        "WS401 works: expected received ('hello',), seen {'received': []}",
    ]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"fail": {"status": 500}}, "unknown keys"),
        ({"fails": {"state": 500}}, "unknown keys"),
        ({"run": {"url": "/"}, "fails": {"status": 500}}, "unknown keys"),
        ({}, "nothing is expected"),
        ({"fails": {}}, "nothing is expected"),
        ({"fails": {"project": "Two"}}, "nothing is expected"),
        ({"way": "api"}, "`why` does not say"),
    ],
)
def test_a_witness_that_says_nothing_is_refused(entry: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read("WS401", 1, entry)


def test_what_is_run_names_its_tool_in_the_source() -> None:
    """`workerd …, run` and `wrangler …, run` stand in a rule's Source where the tests run just that."""
    tool = {"workerd": "workerd", "deploy": "wrangler", "api": "wrangler", "dev": "wrangler"}
    problems = []
    for loaded in GRAVE:
        ways = {witness.way for witness in witnesses() if witness.rule == loaded.rule.code and witness.fails}
        needed = {tool[way] for way in ways if way in tool}
        for name in ("workerd", "wrangler"):
            version = record()["tools"][name]
            says = f"{name} {version}, run" in loaded.section("Source")
            if says != (name in needed) and not {"pyodide", "rust", "package"} & {
                w.way for w in witnesses() if w.rule == loaded.rule.code
            }:
                problems.append(
                    f"{loaded.rule.code}: {'' if says else 'no '}`{name} {version}, run`, run by {sorted(ways)}"
                )
    assert not problems, "\n".join(problems)
