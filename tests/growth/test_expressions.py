"""Expressions that search whole files of the project are not slower than the file is long.

`python -m tests.growth` measures every expression of the package; those that are held against a line, a name or
another short text may grow faster.
"""

from __future__ import annotations

import re

import pytest

from tests.growth.expressions import attacks, slow
from wslint import output
from wslint.report import ours
from wslint.rules.hibernation import _fields
from wslint.rules.rust import broken_worker_crate_version
from wslint.source import handshake
from wslint.source.javascript import imports
from wslint.source.python import flow

OVER_FILES = {
    "re-exports": handshake._HANDS_ON,
    "a dependency": broken_worker_crate_version._DEPENDENCY,
    "calls of Python": flow.CALL,
    "calls of JavaScript": imports._CALLED,
    "indirect fields": _fields._INDIRECT,
    "commands": output._COMMAND,
    "sections": output._SECTION,
    "closing lines": ours._CLOSING,
}


@pytest.mark.parametrize("pattern", OVER_FILES.values(), ids=OVER_FILES)
def test_the_time_grows_with_the_text(pattern: re.Pattern[str]) -> None:
    found = list(slow(pattern, 4000))
    assert not found or not list(slow(pattern, 4000)), found  # twice: a machine may be busy once


def test_the_measure_finds_what_is_slow() -> None:
    assert list(slow(re.compile(r"<a\b[^>]*>x"), 4000)) and list(attacks(re.compile(r"(a+)+b")))
