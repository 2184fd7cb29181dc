"""What the witnesses showed, recorded in evidence.json; docs/evidence.md is made of it.

`python -m tests.runtime.evidence [WS401]…` runs all of them, or those of some rules, and writes the record. The
tests run them too, and compare.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.runtime.tools import tools
from tests.runtime.witness import Seen, Witness, differences, observe, witnesses

RECORD = Path(__file__).with_name("evidence.json")
TOOLS = ("workerd", "wrangler", "miniflare", "esbuild", "hono", "itty-router", "partyserver", "pyodide")
AT_ONCE = 6
"""More than there are cores: most of a conversation is silence."""


def run_all(chosen: Iterable[Witness]) -> dict[str, dict[str, Seen]]:
    """Run witnesses, several at a time; what was seen, by their names."""
    listed = sorted(chosen, key=_seconds, reverse=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip((witness.name for witness in listed), pool.map(_observe, listed), strict=True))


def _observe(witness: Witness) -> dict[str, Seen]:
    try:
        return observe(witness)
    except Exception as problem:  # one that can't be run must not hide what the others show
        broken = {"broken": f"{type(problem).__name__}: {problem}"}
        return {"fails": broken, "works": broken}


def _seconds(witness: Witness) -> float:
    """About how long: the longest first, so that none of them is left alone at the end."""
    starts = 20.0 if witness.way == "pyodide" else 0.0
    return starts + sum(item for item in witness.run.messages if isinstance(item, int | float))


def entry(witness: Witness, seen: dict[str, Seen]) -> dict[str, Any]:
    """A witness's place in the record."""
    recorded: dict[str, Any] = {"rule": witness.rule, "way": witness.way}
    if witness.why:
        recorded["why"] = witness.why
    if witness.way in ("deploy", "api") and (witness.fails or witness.works):
        words = [
            *witness.run.command,
            *(["--env", witness.run.environment] if witness.run.environment else []),
        ]
        recorded["command"] = " ".join(["wrangler", *words])
    for side, what in seen.items():
        project = getattr(witness, side).project
        recorded[side] = {key: value for key, value in what.items() if key != "output"}
        if project:
            recorded[side]["project"] = project
    return recorded


def record() -> dict[str, Any]:
    """The record on disk."""
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def main(rules: list[str]) -> int:
    """Run and record; 1 when something was not as expected (nothing is written then)."""
    versions = {name: tools().versions[name] for name in TOOLS}
    kept = record()["witnesses"] if rules else {}
    if rules and not record()["tools"].items() <= versions.items():
        print("other tools than the record's: run all of them", file=sys.stderr)
        return 1
    chosen = [witness for witness in witnesses() if not rules or witness.rule in rules]
    seen = run_all(witness for witness in chosen if witness.fails or witness.works)
    problems = [
        problem
        for witness in chosen
        if witness.name in seen
        for problem in differences(witness, seen[witness.name])
    ]
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    found = {witness.name: entry(witness, seen.get(witness.name, {})) for witness in chosen}
    listed = {
        witness.name: found.get(witness.name) or kept[witness.name]
        for witness in witnesses()
        if witness.name in found or witness.name in kept
    }
    whole = {"tools": versions, "witnesses": listed}
    RECORD.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(seen)} witnesses run, {len(listed)} of {len(witnesses())} recorded")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
