"""What of the catalogue's Rust entries was run on workerd: each case says what a client saw, in words.

`docs/rust-evidence.md` is what `render` makes of a run; the tests run the cases again and compare.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.runtime.conversation import Observed, get, talk
from tests.runtime.workerd import Server

GATED = (
    *("get", "get_multiple", "list", "put", "delete", "delete_all"),
    *("get_alarm", "set_alarm", "delete_alarm"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """`project` names what is served: `witness`, `legacy` (the same without panic recovery), `dependency:LINE`
    with that line in the Worker's crate, `glue:ENTRYPOINT`, `behind:ENTRYPOINT` a second Worker, or `old`. `file` is where
    the mistake stands, and `codes` is what wslint says there (errors and warnings), None where it is not asked."""

    cause: str
    title: str
    project: str
    act: Callable[[Server], str]
    codes: tuple[str, ...] | None = ()
    file: str = ""


def said(seen: Observed) -> str:
    """What a client saw, in a few words."""
    if seen.status != 101:
        return f"{seen.status}"
    answers = ", ".join(f"`{text!s}`" for text in seen.received) or "no answer"
    if seen.close_code is None:
        return f"101, {answers}"
    return f"101, {answers}, " + (
        "the close is never answered (1006)" if seen.close_code == 1006 else f"close {seen.close_code}"
    )


def _count(server: Server, name: str) -> str:
    seen = get(f"{server.http}/{name}/count")
    return seen.body if seen.status == 200 else str(seen.status)


@contextmanager
def _open(server: Server, name: str) -> Iterator[ClientConnection]:
    address = f"{server.ws}/{name}/ws"
    with connect(address, compression=None, proxy=None, ping_interval=None, close_timeout=0.2) as socket:
        yield socket


def _ask(socket: ClientConnection, text: str, patience: float = 5.0) -> str:
    with suppress(ConnectionClosed):
        socket.send(text)
        try:
            return f"`{socket.recv(timeout=patience)!s}`"
        except TimeoutError:
            return "no answer"
    return "closed"


def _logged(server: Server, *texts: str) -> str:
    """Which of these texts the log has; that it has no panic where none is asked for."""
    until = time.monotonic() + (20.0 if texts else 0.3)
    while time.monotonic() < until and not (texts and all(text in server.log for text in texts)):
        time.sleep(0.1)
    found = [f"`{text}`" for text in texts if text in server.log]
    if not found:
        # workerd notes a closed socket as "disconnected", which is no error
        wrong = re.search("panicked|uncaught exception|Error:", server.log)
        return f"the log has `{wrong[0]}`" if wrong else "no error in the log"
    return "log: " + ", ".join(found)


def _beside(act: Callable[[Server], str]) -> Callable[[Server], str]:
    """The act, and what it does to the object of another class that was asked twice before."""

    def both(server: Server) -> str:
        before = [_count(server, "Mended") for _ in range(2)][-1]
        with _open(server, "Mended") as socket:
            seen = act(server)
            after = _count(server, "Mended")
            kept = "kept its memory" if int(after) == int(before) + 1 else "was made anew"
            return f"{seen}; an object of another class {kept}, its socket answers {_ask(socket, 'hello')}"

    return both


def _talks(name: str, messages: tuple[str, ...], *log: str) -> Callable[[Server], str]:
    def act(server: Server) -> str:
        seen = talk(f"{server.ws}/{name}/ws", messages)
        return f"{said(seen)}; {_logged(server, *log)}; the next request: {get(f'{server.http}/{name}/count').status}"

    return act


def _closes_with(name: str, code: int) -> Callable[[Server], str]:
    def act(server: Server) -> str:
        with _open(server, name) as socket:
            with socket.protocol_mutex:
                socket.protocol.send_close(code, "bye")
                socket.send_data()
            with suppress(ConnectionClosed, TimeoutError):
                socket.recv(timeout=5.0)
            answered = socket.protocol.close_rcvd
        return f"close {answered.code}" if answered else "the close is never answered (1006)"

    return act


def _sets_alarm(name: str, *texts: str) -> Callable[[Server], str]:
    def act(server: Server) -> str:
        with _open(server, name) as socket:
            answer = _ask(socket, "alarm")
            log = _logged(server, *texts)
            return f"{answer}; {log}; the same socket then: {_ask(socket, 'hello')}"

    return act


def _panics(server: Server) -> str:
    with _open(server, "Panics") as one, _open(server, "Panics") as two:
        parts = [
            f"`x`: {_ask(one, 'x')}",
            _logged(server, "ParseIntError"),
            f"the same socket then: {_ask(one, '7')}",
            f"another one: {_ask(two, '8')}",
        ]
    return "; ".join(parts)


def _refuses(server: Server) -> str:
    with _open(server, "Panics") as socket:
        return f"{_ask(socket, 'err')}; {_logged(server, 'Error: refused')}; the same socket then: {_ask(socket, '7')}"


def _stores(server: Server) -> str:
    """For each kind of storage: two sockets send at once, five times over; how many of the ten are answered."""
    counts = {word: _answered(server, word, "Stores") for word in GATED}
    lost = [f"`{word}`" for word, count in counts.items() if count < 10]
    words = ", ".join(f"`{word}`" for word in GATED)
    answered = f"lost at {', '.join(lost)}" if lost else f"all answered: {words}"
    return f"{answered}; {_logged(server, 'already borrowed')}"


def _answered(server: Server, word: str, name: str = "Borrows") -> int:
    with _open(server, name) as one, _open(server, name) as two:
        for _ in range(5):
            one.send(word)
            two.send("x")
        got = 0
        for socket in (one, two):
            with suppress(TimeoutError, ConnectionClosed):
                for _ in range(5):
                    socket.recv(timeout=5.0)
                    got += 1
        return got


def _some_lost(word: str) -> Callable[[Server], str]:
    def act(server: Server) -> str:
        got = _answered(server, word)
        lost = "all answered" if got == 10 else "answers are missing"
        return f"{lost}; {_logged(server, 'already borrowed')}"

    return act


def _later(server: Server) -> str:
    _answered(server, "delay")
    time.sleep(0.5)
    with _open(server, "Borrows") as socket:
        later = "no answer" if _ask(socket, "x") == "no answer" else "answered"
    return f"{_logged(server, 'already borrowed')}; a later socket: {later}"


def _shakes(path: str = "/ws", *log: str) -> Callable[[Server], str]:
    def act(server: Server) -> str:
        seen = talk(server.ws + path)
        return f"{said(seen)}; {_logged(server, *log)}"

    return act


def _greets(path: str) -> Callable[[Server], str]:
    """A server that speaks first."""

    def act(server: Server) -> str:
        with connect(server.ws + path, compression=None, proxy=None, close_timeout=0.2) as socket:
            return f"101, `{socket.recv(timeout=5.0)!s}`"

    return act


def _twice(server: Server) -> str:
    first = talk(server.ws + "/Mended/ws")
    log = _logged(server, "Cannot read properties of undefined (reading 'mended_new')")
    plain = get(server.http + "/Mended/count")
    return f"{said(first)}; {log}; after a request that awaits the init ({plain.status}): {said(talk(server.ws + '/Mended/ws'))}"


_UNDEFINED = "Cannot read properties of undefined (reading 'mended_new')"
_NO_CLASS = 'referenced the class "Room", but no such Durable Object class is exported'

CASES = {
    "RS01": Case(
        "RS01", "`worker` 0.0.17 forwards an object's 101", "old", _shakes("/room", "unreachable"), None
    ),
    "RS01-direct": Case("RS01", "… answers a handshake itself", "old", _greets("/direct"), None),
    "RS02": Case(
        "RS02",
        "`websocket_close` is left to the trait",
        "witness",
        _beside(
            _talks("Unimplemented", ("hello",), "not implemented: websocket_close() handler", "unreachable")
        ),
        ("WS513", "WS803"),
        "src/unimplemented.rs",
    ),
    "RS02-alarm": Case(
        "RS02",
        "… `alarm` too, and one is set",
        "witness",
        _sets_alarm("Unimplemented", "not implemented: alarm() handler", "unreachable"),
        ("WS513", "WS803"),
        "src/unimplemented.rs",
    ),
    "RS02-narrow": Case(
        "RS02",
        "… the attribute is `#[durable_object(websocket)]`",
        "witness",
        _sets_alarm("Narrow"),
        ("WS513",),
        "src/narrow.rs",
    ),
    "RS02-mended": Case(
        "RS02", "all are written", "witness", _talks("Mended", ("hello",)), (), "src/mended.rs"
    ),
    "RS17": Case(
        "RS17",
        "1005 is sent back, the `Err` returned",
        "witness",
        _beside(_talks("Echo", (), "Invalid WebSocket close code: 1005")),
        ("WS508",),
        "src/echo.rs",
    ),
    "RS17-4000": Case(
        "RS17",
        "… the client closes with 4000",
        "witness",
        _closes_with("Echo", 4000),
        ("WS508",),
        "src/echo.rs",
    ),
    "RS17-unwrap": Case(
        "RS17",
        "1005 is sent back, unwrapped",
        "witness",
        _beside(_talks("EchoUnwrap", (), "Invalid WebSocket close code: 1005", "unreachable")),
        ("WS508",),
        "src/echo_unwrap.rs",
    ),
    "RS17-mended": Case("RS17", "1005 becomes 1000", "witness", _talks("Mended", ()), (), "src/mended.rs"),
    "RS08": Case(
        "RS08",
        "the message is no number, `parse().unwrap()`",
        "witness",
        _beside(_panics),
        ("WS807",),
        "src/panics.rs",
    ),
    "RS08-legacy": Case(
        "RS08",
        "… built with `--no-panic-recovery`",
        "legacy",
        _beside(_panics),
        ("WS807",),
        "src/panics.rs",
    ),
    "RS08-err": Case(
        "RS08", "an `Err` is returned instead", "witness", _beside(_refuses), ("WS807",), "src/panics.rs"
    ),
    "RS06-storage": Case(
        "RS06", "a borrow is held while storage is awaited", "witness", _stores, (), "src/stores.rs"
    ),
    **{
        f"RS06-{word}": Case(
            "RS06", f"… while {what} is awaited", "witness", _some_lost(word), ("WS806",), "src/borrows.rs"
        )
        for word, what in {
            "sync": "`storage().sync()`",
            "delay": "a timer",
            "stub": "another object",
        }.items()
    },
    "RS06-legacy": Case(
        "RS06",
        "… a timer, built with `--no-panic-recovery`",
        "legacy",
        _later,
        ("WS806",),
        "src/borrows.rs",
    ),
    "RS10": Case(
        "RS10",
        "the class is in a dependency that no line names",
        "dependency:",
        _shakes("/ws", _NO_CLASS),
        ("WS201",),
    ),
    "RS10-use": Case("RS10", "… `use room as _;`", "dependency:use room as _;", _shakes(), ()),
    "RS10-pub": Case("RS10", "… `pub use room::Room;`", "dependency:pub use room::Room;", _shakes(), ()),
    "W01": Case(
        "W01", "`export { Mended }` of the glue, init only on other paths", "glue:late", _twice, ("WS801",)
    ),
    "W01-awaited": Case(
        "W01", "… init awaited by each request", "glue:awaited", _shakes("/Mended/ws"), ("WS801",)
    ),
    "W01-behind": Case(
        "W01",
        "… the same, reached through another Worker's `script_name`",
        "behind:awaited",
        _shakes("/Mended/ws", _UNDEFINED),
        ("WS801",),
    ),
    "W01-inside": Case(
        "W01",
        "a class that extends the glue's and awaits the init in its `fetch`",
        "glue:inside",
        _shakes("/Mended/ws", _UNDEFINED),
        ("WS801",),
    ),
    "W01-sync": Case("W01", "`initSync` at the top level", "glue:sync", _shakes("/Mended/ws"), ()),
    "W01-top": Case("W01", "`await init` at the top level", "glue:top", _shakes("/Mended/ws"), ()),
    "W01-wrapper": Case(
        "W01",
        "a wrapper that awaits the init and forwards every handler",
        "glue:wrapper",
        _shakes("/Mended/ws"),
        (),
    ),
    "W02": Case("W02", "… that forwards only `fetch`", "glue:forgets", _shakes("/Mended/ws"), ("WS802",)),
}
