"""Servers that mean harm, and networks that fail: an end, bounded memory, a clear verdict."""

from __future__ import annotations

import itertools
import socket
import struct
import tracemalloc
import zlib

import pytest
from websockets.frames import Opcode

from tests.probe.conftest import Ask
from tests.probe.servers import Handler, Servers, frame, frames, http, saying, switching
from wslint.probe import limits, wire
from wslint.probe.diagnosis import Asked, diagnose
from wslint.probe.report import render
from wslint.probe.run import Wishes, probe
from wslint.probe.target import target


def endless(start: bytes, more: bytes) -> Handler:
    """Sends `start`, then `more` until nobody takes it."""

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(more)

    return handle


def after_switching(more: bytes, endlessly: bool = False) -> Handler:
    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head) + more)
        while endlessly:
            connection.sendall(more)
        for _ in frames(connection):
            pass

    return handle


STATUS = b"HTTP/1.1 500 Internal Server Error\r\n"


@pytest.mark.parametrize(
    ("handler", "symptom", "words"),
    [
        (endless(STATUS, b"X: y\r\n" * 99), "endless-head", "over 100 headers, its status is 500"),
        (endless(STATUS + b"X: ", b"y" * 9999), "endless-head", "head is over 64 KiB, its status is 500"),
        (endless(b"", b"HTTP/1.1 " * 99), "endless-head", "head is over 64 KiB"),
        (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99), "endless-head", "head is over 64 KiB"),
        (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 99), "endless-head", "head is over 64 KiB"),
        (endless(b"", b"garbage\r\n" * 99), "not-http", "no HTTP/1.1 status line"),
        (saying(b"SSH-2.0-OpenSSH_9\r\n"), "not-http", "no HTTP/1.1 status line"),
        (saying(b"HTTP/2.0 200 OK\r\n\r\n"), "not-http", "no HTTP/1.1 status line"),
        (saying(b"\x15\x03\x03\x00\x02\x02\x46"), "tls-port", "status line"),
        (saying(b""), "closed-unanswered", "closed the connection without an answer"),
        (saying(b"HTTP/1.1 20"), "not-http", ""),
        (saying(STATUS), "not-http", "ended in the answer's head, its status is 500"),
        (endless(STATUS + b"\r\n", b"x" * 9999), "thrown", "it goes on after 64 KiB"),
        (
            endless(STATUS + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 99),
            "thrown",
            "it goes on after 64 KiB",
        ),
        (
            endless(STATUS + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
            "hidden-500",
            "its chunks are malformed",
        ),
        (endless(STATUS + b"Content-Length: 99999999999\r\n\r\n", b"x" * 9999), "thrown", "it goes on after"),
        (after_switching(b"\xff\xff\xff\xff"), "bad-frames", "invalid opcode"),
        (after_switching(b"HTTP/1.1 200 OK\r\n" * 9), "bad-frames", "reserved bits"),
        (after_switching(frame(Opcode.TEXT, b"\xff\xfe")), "bad-frames", "no UTF-8"),
        (
            after_switching(struct.pack("!BBQ", 0x88, 127, 10 << 20) + b"\x03\xe8"),
            "too-much-sent",
            "",
        ),
        (after_switching(struct.pack("!BBQ", 0x82, 127, 1 << 62)), "too-much-sent", ""),
        (after_switching(frame(Opcode.CLOSE, b"\x03")), "bad-frames", "close frame too short"),
        (after_switching(frame(Opcode.CLOSE, struct.pack("!H", 1005))), "bad-frames", "invalid status code"),
        (after_switching(frame(Opcode.TEXT, b"x") * 99, True), "too-much-sent", ""),
        (after_switching(frame(Opcode.PING) * 99, True), "too-much-sent", ""),
        (after_switching(frame(Opcode.BINARY, b"x" * 60_000), True), "too-much-sent", ""),
    ],
)
def test_a_hostile_server(handler: Handler, symptom: str, words: str, ask: Ask) -> None:
    tracemalloc.start()
    try:
        outcome, diagnosis = ask(handler, timeout=60)
        text = render(outcome, diagnosis)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert diagnosis.symptom.id == symptom
    assert words in text or words in text.lower()
    assert len(text) < 20_000
    assert peak < 4 * limits.STREAM


def test_a_flood_in_small_fragments_ends_at_the_message_s_limit(ask: Ask) -> None:
    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head) + frame(Opcode.TEXT, b"x" * 30_000, fin=False))
        while True:
            connection.sendall(frame(Opcode.CONT, b"x" * 30_000, fin=False))

    outcome, diagnosis = ask(handle)
    assert (diagnosis.symptom.id, diagnosis.symptom.outcome) == ("too-much-sent", "undecided")
    assert outcome.session is not None
    assert outcome.session.messages == []


def test_a_compressed_bomb(ask: Ask) -> None:
    """200 MB of zeros in 200 kB, as the compression that browsers offer allows."""
    packer = zlib.compressobj(wbits=-15)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200))
    packed = (packed + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]

    def handle(connection: socket.socket, head: bytes) -> None:
        bomb = struct.pack("!BBQ", 0xC2, 127, len(packed)) + packed
        connection.sendall(switching(head, "Sec-WebSocket-Extensions: permessage-deflate") + bomb)
        for _ in frames(connection):
            pass

    tracemalloc.start()
    try:
        _, diagnosis = ask(handle)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert diagnosis.symptom.id == "too-much-sent"
    assert peak < 4 * limits.STREAM


def drip(*pieces: bytes, forever: bytes = b"") -> Handler:
    """Sends little by little, always before a single wait would time out."""

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.settimeout(0.05)
        for piece in itertools.chain(pieces, itertools.repeat(forever) if forever else ()):
            connection.sendall(piece.replace(b"{101}", switching(head)))
            try:
                if not connection.recv(4096):
                    return
            except TimeoutError:
                pass

    return handle


@pytest.mark.parametrize(
    ("handler", "symptom"),
    [
        (drip(forever=b"H"), "endless-head"),
        (drip(b"HTTP/1.1 500 x\r\n", forever=b"a"), "endless-head"),
        (drip(b"HTTP/1.1 404 x\r\n\r\n", forever=b"a"), "not-found"),
        (drip(b"{101}", forever=b"\x81\x01a"), "no-pong"),
        (drip(b"{101}", b"\x81\x7e\xff\xff", forever=b"a"), "no-pong"),
    ],
)
def test_a_slow_drip_ends_with_the_time(handler: Handler, symptom: str, ask: Ask) -> None:
    outcome, diagnosis = ask(handler, timeout=0.5, until=symptom)
    assert diagnosis.symptom.id == symptom
    if symptom == "not-found":
        assert outcome.response is not None
        assert outcome.response.cut == "it was not complete when the time was over"
        assert outcome.response.body


def test_no_answer_within_the_time(ask: Ask) -> None:
    def handle(connection: socket.socket, head: bytes) -> None:
        while connection.recv(4096):
            pass

    outcome, diagnosis = ask(handle, timeout=0.3, until="unanswered")
    assert (diagnosis.symptom.id, diagnosis.causes[0]) == ("unanswered", "A07")
    assert diagnosis.symptom.outcome == "no-answer"
    assert outcome.steps[-1].outcome == "timeout"


def test_nothing_passes_to_the_terminal(ask: Ask) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
    handler = http("500 Inter\x1b[31mnal", f"X-Evil: {evil.encode().decode('latin-1')}", body=evil.encode())
    outcome, diagnosis = ask(handler, log=f"TypeError: Can't modify immutable headers. {evil}")
    text = render(outcome, diagnosis)
    assert not {character for character in text if not (character.isprintable() or character == "\n")}
    assert "␛]0;owned␇" in text

    reason = b"\x0f\xa1" + b"\x1b[2Jbye"

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(
            switching(head) + frame(Opcode.TEXT, b"\x1b[2Jhi\r\n") + frame(Opcode.CLOSE, reason)
        )

    text = render(*ask(handle))
    assert "< TEXT ␛[2Jhi␍␊\n" in text
    assert "< CLOSE 4001 ␛[2Jbye\n" in text


def refused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def ask_address(url: str, timeout: float = 2.0) -> tuple[str, str]:
    aim = target(url)
    outcome = probe(aim, Wishes(timeout))
    return diagnose(outcome, Asked(aim)).symptom.id, outcome.failure_detail


def test_connection_refused() -> None:
    symptom, detail = ask_address(f"ws://127.0.0.1:{refused_port()}/")
    assert symptom == "connection-refused"
    assert "connection refused" in detail


def test_a_host_without_an_address() -> None:
    assert ask_address("ws://no-such-host.invalid/")[0] == "dns"


def test_a_resolver_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(20) and [])
    try:
        assert ask_address("ws://slow.example/", 0.2) == ("dns", "no answer within 0.2 s")
    finally:
        released.set()


def test_the_next_address_is_tried(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    port = servers.start(http("404 Not Found"))
    both = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", refused_port(), 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    aim = target(f"ws://match.example:{port}/")
    outcome = probe(aim, Wishes(2.0))
    assert outcome.addresses == [f"[::1]:{both[0][4][1]}", f"127.0.0.1:{port}"]
    assert outcome.address == f"127.0.0.1:{port}"
    assert diagnose(outcome, Asked(aim)).symptom.id == "not-found"


def test_an_address_that_swallows_packets_leaves_time_for_the_next(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = servers.start(http("404 Not Found"))
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = []
    try:
        for _ in range(4):  # a full queue takes no further connection, and refuses none
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(full.getsockname())
            waiting.append(one)
        addresses = [(socket.AF_INET, full.getsockname()), (socket.AF_INET, ("127.0.0.1", port))]
        connection, address = wire.connect(addresses, wire.Deadline(1.0))
        connection.close()
        assert address == f"127.0.0.1:{port}"
    finally:
        for one in [*waiting, full]:
            one.close()
