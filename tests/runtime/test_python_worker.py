"""Python Workers on the real runtime: what the Python sections of the rule pages say happens, happens.

Only the step between the runtime and the Python code is not the runtime's own (see `python_worker.py`). What
the witnesses of WS901 to WS909 say was seen with workerd's own Pyodide before: they hold this arrangement to it.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.pages import write
from tests.runtime.conversation import PATIENCE, get, talk
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
    "WS207": (500, "Internal Server Error", 500, "AttributeError: MATCHES"),
    "WS429": (500, "Internal Server Error", 426, "AttributeError: acceptWebSocket"),
}


PATIENT = 60.0  # seconds for what must come

TWO_CLIENTS = {
    # rule: what the second client says, what both then see (None: nothing), what the log says
    "WS511": ("leave", None, "closed 4000", "send() after close()"),
    "WS512": ("no json", None, None, "JSONDecodeError"),
    "WS519": ("", "closed 1006", "closed 1006", "ValueError: empty"),
    "WS621": ("x", None, None, "unsupported operand type(s) for +: 'coroutine' and 'int'"),
}


@pytest.fixture(autouse=True)
def _tools() -> None:
    require_tools()


@pytest.mark.parametrize("code", SEEN)
def test_the_python_section(code: str, tmp_path: Path) -> None:
    (page,) = PAGES.glob(f"{code}-*.md")
    write(section(page, "Python" if code == "WS207" else "In Python"), tmp_path)
    with serve(tmp_path, verbose=True) as server:
        shaken, plain = talk(server.ws + "/ws/ABCDE", patience=PATIENT), get(server.http + "/ws/ABCDE")
        log = server.log
    assert (shaken.status, shaken.body, plain.status) == SEEN[code][:3], log
    assert SEEN[code][3] in log
    if shaken.status == 101:
        assert (shaken.received, shaken.close_code) == (["hello"], 1000)


@pytest.mark.parametrize("code", TWO_CLIENTS)
def test_one_client_of_two(code: str, tmp_path: Path) -> None:
    (page,) = PAGES.glob(f"{code}-*.md")
    write(section(page, "Python"), tmp_path)
    says, first_sees, second_sees, logged = TWO_CLIENTS[code]
    with serve(tmp_path, verbose=True) as server:
        address = server.ws + "/ws/ABCDE"
        with connect(address, close_timeout=1) as first, connect(address, close_timeout=1) as second:
            second.send(says)
            until = time.monotonic() + PATIENT
            while logged not in server.log and time.monotonic() < until:
                time.sleep(0.05)
            seen = [next_of(first, first_sees), next_of(second, second_sees)]
        log = server.log
    assert seen == [first_sees, second_sees], log
    assert logged in log


def section(page: Path, title: str) -> dict[str, str]:
    text = page.read_text(encoding="utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    return {match["path"]: match["body"] for match in FENCE.finditer(text)}


def next_of(socket: ClientConnection, expected: str | None) -> str | None:
    """The next message, None for silence, or how the connection ended. Silence is waited for a moment only."""
    try:
        return str(socket.recv(timeout=PATIENCE if expected is None else PATIENT))
    except TimeoutError:
        return None
    except ConnectionClosed:
        frame = socket.protocol.close_rcvd
        return f"closed {frame.code if frame else 1006}"
