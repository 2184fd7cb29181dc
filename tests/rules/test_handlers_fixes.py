"""Fixes of the WS4 to WS6 rules: the texts before and after, and that one run leaves nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, write
from tests.runtime.examples import example
from wslint.check import Options, run
from wslint.files import Files
from wslint.fix import apply
from wslint.settings import Settings


def fixed(code: str, folder: Path) -> dict[str, str]:
    """The files after the fixes of one rule, which must leave nothing of it."""
    options = Options(Settings(select=(code,)), today=TODAY)
    texts, _ = apply(run([folder], options, Files(folder)).findings, True)
    assert texts, "nothing was fixed"
    for path, data in texts.items():
        path.write_bytes(data)
    assert run([folder], options, Files(folder)).findings == ()
    return {path.name: data.decode() for path, data in texts.items()}


@pytest.mark.parametrize("code", ["WS405", "WS408", "WS450", "WS546", "WS547"])
def test_the_example_becomes_its_mended_twin(code: str, tmp_path: Path) -> None:
    write(example(code, "Example"), tmp_path)
    made = fixed(code, tmp_path)
    assert made == {name: text for name, text in example(code, "Use instead").items() if name in made}


@pytest.mark.parametrize("code", ["WS451", "WS507", "WS508", "WS621"])
def test_the_example_is_mended(code: str, tmp_path: Path) -> None:
    before = example(code, "Example")
    write(before, tmp_path)
    (text,) = fixed(code, tmp_path).values()
    assert {
        "WS451": "await ",
        "WS507": "  webSocketClose(ws, code, reason) {\n    ws.close(code === 1005",
        "WS508": "ws.close(code === 1005 || code === 1006 || code === 1015 ? 1000 : code",
        "WS621": "await ",
    }[code] in text
