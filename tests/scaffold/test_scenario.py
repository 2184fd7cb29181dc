"""The whole scenario against each scaffold on the real workerd: clients see the same, to the letter."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from tests.scaffold.conftest import Generate
from tests.scaffold.scenario import expected, groups, play, wait_for_eviction


@pytest.mark.parametrize("group", range(len(groups())))
@pytest.mark.parametrize("language", ["typescript", "python"])
def test_the_transcript(language: str, group: int, generate: Generate) -> None:
    """Python: npm's Pyodide within the real runtime, see tests/runtime/python_worker.py."""
    hold(generate(language, group), group)


@pytest.mark.bundle
@pytest.mark.parametrize("group", range(len(groups())))
def test_the_transcript_with_the_runtimes_own_pyodide(group: int, generate: Generate) -> None:
    bundle = os.environ.get("WSLINT_PYODIDE_BUNDLE_DIR")
    if not bundle:
        pytest.skip("not run: WSLINT_PYODIDE_BUNDLE_DIR names no folder with workerd's own Pyodide bundle")
    hold(generate("python", group), group, bundle=Path(bundle))


def hold(folder: Path, group: int, **options: Any) -> None:
    require_tools()
    with serve(folder, page=folder / "public", **options) as server:
        seen = play(server.http, group, wait_for_eviction(12))
        log = server.log
    assert seen == expected(group), log
    if "(eviction)" in seen:
        made = re.findall(r"object made for (\w+)", log)
        evicted = [code for code in set(made) if made.count(code) == 2]
        assert len(evicted) == 2, log  # both matches of that scene were dropped and made again
    assert "Error" not in log
