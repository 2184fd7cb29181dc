"""Fixes of the WS5 rules: the texts before and after, and that one run leaves nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, write
from tests.runtime.examples import example
from wslint.check import Options, run
from wslint.files import Files
from wslint.fix import apply
from wslint.settings import Settings


@pytest.mark.parametrize("code", ["WS546", "WS547"])
def test_the_example_becomes_its_mended_twin(code: str, tmp_path: Path) -> None:
    write(example(code, "Example"), tmp_path)
    options = Options(Settings(select=(code,)), today=TODAY)
    texts, _ = apply(run([tmp_path], options, Files(tmp_path)).findings, True)
    for path, data in texts.items():
        path.write_bytes(data)
    mended = example(code, "Use instead")
    assert {name: (tmp_path / name).read_text() for name in mended} == mended
