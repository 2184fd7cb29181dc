"""Python Workers on the real runtime: what the Python sections of the rule pages say happens, happens.

Only the step between the runtime and the Python code is not the runtime's own (see `python_worker.py`). What
the witnesses of WS901 to WS909 say was seen with workerd's own Pyodide before: they hold this arrangement to it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages import write
from tests.runtime.conversation import get, talk
from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve

PAGES = Path(__file__).parent.parent / "rules"
FENCE = re.compile(r"^(?P<ticks>`{3,})\w* +(?P<path>\S+)\n(?P<body>.*?)^(?P=ticks)\s*$", re.M | re.S)

SEEN = {
    # rule: the handshake's status and body, the plain request's status, what the log says
    "WS407": (200, "welcome", 426, ""),
    "WS408": (200, "done", 200, ""),
    "WS415": (101, "", 500, "did not contain the header"),
    "WS416": (426, "expected a websocket", 500, "did not contain the header"),
    "WS419": (500, "Internal Server Error", 500, "Fetch API cannot load: wss://match/ws"),
    "WS421": (500, "Internal Server Error", 426, 'Could not serialize object of type "WebSocket"'),
    "WS429": (500, "Internal Server Error", 426, "AttributeError: acceptWebSocket"),
}


@pytest.fixture(autouse=True)
def _tools() -> None:
    require_tools()


@pytest.mark.parametrize("code", SEEN)
def test_the_python_section(code: str, tmp_path: Path) -> None:
    (page,) = PAGES.glob(f"{code}-*.md")
    section = page.read_text(encoding="utf-8").split("## In Python\n")[1].split("\n## ")[0]
    write({match["path"]: match["body"] for match in FENCE.finditer(section)}, tmp_path)
    with serve(tmp_path) as server:
        shaken, plain = talk(server.ws + "/ws/ABCDE"), get(server.http + "/ws/ABCDE")
        log = server.log
    assert (shaken.status, shaken.body, plain.status) == SEEN[code][:3], log
    assert SEEN[code][3] in log
    if shaken.status == 101:
        assert (shaken.received, shaken.close_code) == (["hello"], 1000)
