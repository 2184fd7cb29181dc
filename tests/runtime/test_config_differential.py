"""wrangler's reader and wslint agree on configurations that are changed in one place, each in a sample of a seed."""

from __future__ import annotations

import random

import pytest

from tests.runtime.config_differential import GOOD, Mutant, compare, mutants
from tests.runtime.tools import require_tools

SAMPLE = 120

KNOWN = {
    'migrations.0.new_sqlite_classes.0 = ""': "an empty class name, which no rule reads as one",
    'migrations.1.renamed_classes.0.from = ""': "the same",
    "queues.producers.0 = []": "a list in place of a table",
    "define = [1]": "a list in place of a table, of no text",
}
"""Changes of which wslint is known to say nothing; `python -m tests.runtime.config_differential` lists them all."""


@pytest.mark.parametrize("name", GOOD)
def test_wslint_refuses_what_wrangler_refuses(name: str) -> None:
    require_tools()
    every = list(mutants(GOOD[name]))
    chosen = [Mutant("unchanged", GOOD[name]), *random.Random(2026).sample(every, SAMPLE)]
    compared = list(compare(chosen))
    assert compared[0][2:] == ("", []), "the good configuration is good"
    assert [
        f"{verdict} {mutant.what}: {words} {said}"
        for verdict, mutant, words, said in compared
        if verdict != "agree" and mutant.what not in KNOWN
    ] == []
    assert sum(1 for _, _, words, _ in compared if words) > SAMPLE / 4, (
        "too few of the changes are refused to say anything"
    )
