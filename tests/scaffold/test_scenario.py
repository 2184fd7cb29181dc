"""The whole scenario against each scaffold on the real workerd: clients see the same, to the letter."""

from __future__ import annotations

import re

import pytest

from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from tests.scaffold.conftest import Generate
from tests.scaffold.scenario import expected, groups, play, wait_for_eviction


@pytest.mark.parametrize("group", range(len(groups())))
@pytest.mark.parametrize("language", ["typescript", "python"])
def test_the_transcript(language: str, group: int, generate: Generate) -> None:
    require_tools()
    folder = generate(language, group)
    with serve(folder, page=folder / "public") as server:
        seen = play(server.http, group, wait_for_eviction(12))
        log = server.log
    assert seen == expected(group), log
    made = re.findall(r"object made for (\w+)", log)
    if "(eviction)" in seen:
        evicted = [code for code in set(made) if made.count(code) == 2]
        assert len(evicted) == 2, log  # both matches of that scene were dropped and made again
    assert "Error" not in log
