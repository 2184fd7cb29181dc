"""Whatever bytes come, in whatever pieces: a verdict, a report without control characters, valid JSON."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.uri import parse_uri
from websockets.utils import accept_key

from tests.probe.servers import frame
from tests.probe.test_command import SCHEMA
from wslint.probe import limits, report, report_json
from wslint.probe.answer import read_answer
from wslint.probe.diagnosis import Asked, diagnose
from wslint.probe.model import Probe
from wslint.probe.run import Wishes
from wslint.probe.session import Talk, check_handshake
from wslint.probe.target import target
from wslint.probe.wire import ProbeFailed, Reader
from wslint.report.visible import visible

VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
AIM = target("ws://localhost/ws")

HTTP = [
    b"HTTP/1.1 101 Switching Protocols\r\n",
    b"HTTP/1.1 500 Internal Server Error\r\n",
    b"HTTP/1.0 302 Found\r\nLocation: //[\r\n",
    b"HTTP/1.1 103 Early Hints\r\n\r\n",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n",
    b"Sec-WebSocket-Protocol: a, b\r\n",
    b"Sec-WebSocket-Protocol: \r\n",
    b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99\r\n",
    b"Content-Length: 3\r\n",
    b"Content-Length: -7\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"-5\r\nabc\r\n",
    b"3\r\nabc\r\n0\r\n\r\n",
    b"no colon here\r\n",
    b" folded\r\n",
    b": empty\r\n",
    b"\r\n",
    b"\x1b[2J\xff\xfe",
]
FRAMES = [
    frame(Opcode.PONG, b"wslint"),
    frame(Opcode.PING, b"x" * 125),
    frame(Opcode.TEXT, "grüß".encode()),
    frame(Opcode.TEXT, b"half", fin=False),
    frame(Opcode.CONT, b"\xff"),
    frame(Opcode.BINARY),
    frame(Opcode.CLOSE),
    frame(Opcode.CLOSE, b"\x03\xe8\x1b[2J"),
    frame(Opcode.CLOSE, b"\x03\xed"),
    b"\x88\x7f\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xc1\x02ab",
]


class Script:
    """A connection that sends these pieces, then ends or falls silent."""

    def __init__(self, pieces: list[bytes], ends: bool) -> None:
        self.pieces = pieces
        self.ends = ends

    def receive(self, _deadline: object = None) -> bytes:
        if self.pieces:
            return self.pieces.pop(0) or b"\0"
        if self.ends:
            return b""
        raise TimeoutError

    def send(self, data: bytes, _deadline: object) -> None:
        pass


def verdict(outcome: Probe, wishes: Wishes, log: str) -> None:
    """Explain and print, both ways."""
    diagnosis = diagnose(outcome, Asked(AIM, wishes.send, wishes.expect), (), log)
    text = report.render(outcome, diagnosis)
    assert all(visible(line) == line for line in text.split("\n"))
    VALIDATOR.validate(json.loads(report_json.render(outcome, diagnosis)))


pieces = st.lists(st.sampled_from(HTTP) | st.binary(max_size=40), max_size=12)


@settings(max_examples=150, deadline=None)
@given(pieces, st.booleans(), st.text(max_size=60), st.data())
def test_any_answer(parts: list[bytes], ends: bool, log: str, data: Any) -> None:
    protocol = ClientProtocol(parse_uri(AIM.url))
    whole = b"".join(parts).replace(b"{accept}", accept_key(protocol.key).encode())
    step = data.draw(st.integers(1, 200))
    script = Script([whole[start : start + step] for start in range(0, len(whole), step)], ends)
    outcome = Probe(AIM.url, b"GET /ws HTTP/1.1\r\n\r\n", [], 1.0)
    outcome.address = "127.0.0.1:80"
    try:
        read_answer(Reader(script.receive, limits.HEAD), outcome)
        assert outcome.response is not None
        if outcome.response.status == 101:
            if check_handshake(protocol, outcome, ("a",)):
                outcome.session = Talk(script, protocol, outcome, Wishes(0.1)).run(b"")  # type: ignore[arg-type]
    except ProbeFailed as failed:
        outcome.failure, outcome.failure_detail = failed.kind, failed.detail
    except TimeoutError:
        outcome.failure = "timeout"
    verdict(outcome, Wishes(), log)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(FRAMES) | st.binary(max_size=20), max_size=12),
    st.booleans(),
    st.sampled_from([None, "hello"]),
    st.sampled_from([None, "half"]),
)
def test_any_frames(parts: list[bytes], ends: bool, send: str | None, expect: str | None) -> None:
    protocol = ClientProtocol(parse_uri(AIM.url), max_size=limits.MESSAGE)
    wishes = Wishes(0.1, send, expect)
    outcome = Probe(AIM.url, b"GET /ws HTTP/1.1\r\n\r\n", [], 0.1, send)
    head = (
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_key(protocol.key)}\r\n\r\n"
    )
    read_answer(Reader(Script([head.encode()], True).receive, limits.HEAD), outcome)
    assert check_handshake(protocol, outcome, ())
    outcome.session = Talk(Script(parts[1:], ends), protocol, outcome, wishes).run(b"".join(parts[:1]))  # type: ignore[arg-type]
    verdict(outcome, wishes, "")
