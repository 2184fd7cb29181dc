"""The commands that lead on from a report for people: what mends, else what explains."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from wslint.finding import Finding

_SWITCHES = {
    "pedantic": "--pedantic",
    "include_tests": "--include-tests",
    "allow_outside": "--allow-outside",
}


def next_step(findings: Sequence[Finding], options: dict[str, Any]) -> str:
    """Whole commands, to be copied; empty where nothing was found."""
    found = list(dict.fromkeys(_commands(findings, options)))
    head = "Next: "
    return "".join(f"{head if not at else ' ' * len(head)}{command}\n" for at, command in enumerate(found))


def _commands(findings: Sequence[Finding], options: dict[str, Any]) -> Iterator[str]:
    """One that applies what can be applied, and one about the worst of what it leaves."""
    applied = {finding.fix.applicability for finding in findings if finding.fix is not None}
    # A fix that wants a second look has had it: its lines stand in the report.
    if "unsafe" in applied:
        yield _check(options, "--fix", "--unsafe-fixes")
    elif "safe" in applied:
        yield _check(options, "--fix")
    left = [one for one in findings if one.fix is None or one.fix.applicability not in ("safe", "unsafe")]
    if left:
        yield f"wslint explain {max(left, key=lambda one: one.severity).code}"


def _check(options: dict[str, Any], *more: str) -> str:
    """The same check again: its paths, and what decides which findings it has."""
    words = [os.fspath(path) for path in options["given"]]
    said = [] if words == ["."] else words
    for name in ("environment", "select", "ignore", "baseline"):
        value = options[name]
        if value is not None:
            said += [f"--{'env' if name == 'environment' else name}", _word(value)]
    said += [flag for name, flag in _SWITCHES.items() if options[name]]
    return shlex.join(["wslint", "check", *more, *said])


def _word(value: Any) -> str:
    return ",".join(_folded(value)) if isinstance(value, tuple) else str(value)


def _folded(codes: Sequence[str]) -> Iterator[str]:
    """Codes with the prefix in place of a whole family, as they were most likely given."""
    from wslint.rules import load_rules

    family = len("WS3")
    given = set(codes)
    whole = {code[:family] for code in given} - {code[:family] for code in load_rules() if code not in given}
    yield from dict.fromkeys(code[:family] if code[:family] in whole else code for code in codes)
