"""The table of the runtime's members is what the pinned workerd has."""

from __future__ import annotations

import os

import pytest

from scripts.generate_runtime_members import TABLE, wanted
from tests.runtime.tools import require_tools


def test_the_table_is_what_workerd_lists() -> None:
    require_tools()
    if os.environ.get("WSLINT_WORKERD"):
        pytest.skip("another workerd was asked for than the one that the table is of")
    assert TABLE.read_text(encoding="utf-8") == wanted()
