"""What `--fix` makes of a rule's failing example works on the real runtime."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, write
from tests.runtime.conversation import get, talk
from tests.runtime.examples import example
from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from wslint.check import Options, run
from wslint.files import Files
from wslint.fix import apply
from wslint.settings import Settings


@pytest.mark.parametrize(
    "code", ["WS405", "WS408", "WS450", "WS451", "WS502", "WS507", "WS508", "WS546", "WS547"]
)
def test_the_mended_example_works(code: str, tmp_path: Path) -> None:
    require_tools()
    write(example(code, "Example"), tmp_path)
    findings = run([tmp_path], Options(Settings(select=(code,)), today=TODAY), Files(tmp_path)).findings
    texts, _ = apply(findings, True)
    assert texts, "nothing was fixed"
    for path, data in texts.items():
        path.write_bytes(data)
    with serve(tmp_path) as server:
        path = "/ws" if code == "WS408" else "/ws/ABCDE"
        seen, plain = talk(server.ws + path), get(server.http + path)
        log = server.log
    assert (seen.status, seen.received) == (101, ["hello"]), log
    assert seen.close_code in (1000, 1005)
    assert plain.status == 426
