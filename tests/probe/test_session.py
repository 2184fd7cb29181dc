"""After the 101: what a browser would do with it, the ping, the message, the close."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from websockets.frames import Opcode

from tests.probe.conftest import Ask
from tests.probe.servers import (
    Handler,
    Servers,
    answering,
    frame,
    frames,
    saying,
    switching,
)
from wslint.probe.report import render


def echo(data: bytes) -> bytes:
    return frame(Opcode.TEXT, b"echo " + data)


def test_a_working_socket(ask: Ask) -> None:
    outcome, diagnosis = ask(answering(reply=echo), send="hello", expect="echo hello")
    assert diagnosis.symptom.id == "works"
    assert (outcome.session is not None) and outcome.session.found
    text = render(outcome, diagnosis)
    assert "> PING\n< PONG\n> TEXT hello\n< TEXT echo hello\n> CLOSE\n< CLOSE\n" in text
    assert [step.name for step in outcome.steps] == [
        "dns",
        "connect",
        "first byte",
        "answer",
        "pong",
        "message",
        "close",
    ]


def test_what_is_sent_is_a_ping_a_message_and_a_close_without_a_code(ask: Ask) -> None:
    seen: list[tuple[int, bytes]] = []

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head))
        for opcode, data in frames(connection):
            seen.append((opcode, data))
            answers = {Opcode.PING: Opcode.PONG, Opcode.TEXT: Opcode.TEXT, Opcode.CLOSE: Opcode.CLOSE}
            connection.sendall(frame(answers[Opcode(opcode)], data))

    _, diagnosis = ask(handle, send="hello")
    assert diagnosis.symptom.id == "works"
    assert seen == [(Opcode.PING, b"wslint"), (Opcode.TEXT, b"hello"), (Opcode.CLOSE, b"")]


def test_frames_that_come_with_the_101(ask: Ask) -> None:
    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head) + frame(Opcode.TEXT, b"welcome"))
        for opcode, data in frames(connection):
            if opcode == Opcode.PING:
                connection.sendall(frame(Opcode.PONG, data))
            elif opcode == Opcode.CLOSE:
                connection.sendall(frame(Opcode.CLOSE))

    outcome, diagnosis = ask(handle, expect="welcome")
    assert diagnosis.symptom.id == "works"
    assert outcome.session is not None
    assert [(message.text, message.answers) for message in outcome.session.messages] == [("welcome", False)]


def test_a_message_in_fragments_with_a_ping_between(ask: Ask) -> None:
    def reply(data: bytes) -> bytes:
        return (
            frame(Opcode.TEXT, b"one ", fin=False) + frame(Opcode.PING) + frame(Opcode.CONT, "zwö".encode())
        )

    outcome, _ = ask(answering(reply=reply), send="x", expect="one zwö")
    assert outcome.session is not None
    assert [message.text for message in outcome.session.messages] == ["one zwö"]


@pytest.mark.parametrize(
    ("handler", "options", "symptom", "first"),
    [
        (answering("Sec-WebSocket-Protocol: chat"), {"subprotocols": ("chat", "b")}, "works", None),
        (answering(), {"subprotocols": ("chat",)}, "subprotocol-missing", "P01"),
        (answering("Sec-WebSocket-Protocol: chat"), {}, "subprotocol-wrong", "P02"),
        (
            answering("Sec-WebSocket-Protocol: other"),
            {"subprotocols": ("chat",)},
            "subprotocol-wrong",
            "P02",
        ),
        (
            answering("Sec-WebSocket-Protocol: a, b"),
            {"subprotocols": ("a", "b")},
            "subprotocol-wrong",
            "P02",
        ),
        (answering("Sec-WebSocket-Extensions: x-odd"), {}, "not-an-upgrade", "R07"),
        (answering(), {"send": "hello"}, "silent-plain", "L05"),
        (answering(close=b"\x03\xe8"), {"send": "hello"}, "silent-handled", "L01"),
        (answering(close=None), {"send": "hello"}, "silent-unread", "A01"),
        (answering(close=None), {}, "close-unanswered", "L09"),
        (answering(reply=echo), {"send": "hello", "expect": "other"}, "not-expected", "L14"),
        (
            answering(reply=lambda data: frame(Opcode.TEXT, b"[object Object]")),
            {"send": "x"},
            "object-text",
            "P06",
        ),
        (
            answering(reply=lambda data: frame(Opcode.TEXT, b"undefined")),
            {"send": "x"},
            "undefined-text",
            "L08",
        ),
        (answering(reply=lambda data: frame(Opcode.BINARY)), {"send": "x"}, "empty-binary", "P04"),
        (
            answering(reply=lambda data: frame(Opcode.CLOSE, b"\x0f\xa1not you")),
            {"send": "x"},
            "closed-by-server",
            "L16",
        ),
    ],
)
def test_what_an_open_socket_shows(
    handler: Handler, options: dict[str, object], symptom: str, first: str | None, ask: Ask
) -> None:
    outcome, diagnosis = ask(handler, timeout=0.4, until=symptom, **options)
    assert diagnosis.symptom.id == symptom
    assert (diagnosis.causes[0] if diagnosis.causes else None) == first
    assert diagnosis.symptom.title in render(outcome, diagnosis)


def test_a_large_message_is_taken(ask: Ask) -> None:
    """One of more than a MiB is nothing that a browser minds."""
    outcome, diagnosis = ask(answering(reply=lambda data: frame(Opcode.TEXT, b"x" * (3 << 20))), send="x")
    assert diagnosis.symptom.id == "works"
    assert outcome.session is not None
    assert [message.size for message in outcome.session.messages] == [3 << 20]


@pytest.mark.parametrize(
    ("close", "symptom"),
    [(b"\x03\xe8", "works"), (b"", "works"), (b"\x03\xf3", "closed-by-server")],
)
def test_a_server_that_answers_and_closes(close: bytes, symptom: str, ask: Ask) -> None:
    handler = answering(reply=lambda data: frame(Opcode.TEXT, data) + frame(Opcode.CLOSE, close))
    assert ask(handler, send="hello")[1].symptom.id == symptom


def test_a_greeting_that_does_not_come(ask: Ask) -> None:
    outcome, diagnosis = ask(answering(), expect="welcome", timeout=0.3, until="no-greeting")
    assert (diagnosis.symptom.id, diagnosis.causes[0]) == ("no-greeting", "L03")
    assert outcome.session is not None
    assert not outcome.session.sent


def test_the_server_s_own_close_is_shown(ask: Ask) -> None:
    outcome, diagnosis = ask(answering(reply=lambda data: frame(Opcode.CLOSE, b"\x0f\xa1not you")), send="x")
    assert outcome.session is not None
    assert (outcome.session.close_code, outcome.session.close_reason) == (4001, "not you")
    assert "< CLOSE 4001 not you\n" in render(outcome, diagnosis)


def drop_after(opcode: Opcode | None) -> Handler:
    """Ends the connection, without a Close, after a frame of this kind; at once for None."""

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head))
        if opcode is None:
            return
        for seen, data in frames(connection):
            if seen == opcode:
                return
            connection.sendall(frame(Opcode.PONG, data))

    return handle


@pytest.mark.parametrize(
    ("when", "symptom"),
    [
        (None, "dropped-at-once"),
        (Opcode.PING, "dropped-at-once"),
        (Opcode.TEXT, "dropped-after-message"),
        (Opcode.CLOSE, "close-dropped"),
    ],
)
def test_a_dropped_connection(when: Opcode | None, symptom: str, ask: Ask) -> None:
    outcome, diagnosis = ask(drop_after(when), send="hello" if when is Opcode.TEXT else None)
    assert diagnosis.symptom.id == symptom
    assert "(the connection ended without a CLOSE)" in render(outcome, diagnosis)


def test_a_drop_that_comes_after_the_pong(ask: Ask) -> None:
    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head))
        connection.settimeout(0.1)
        for opcode, data in frames(connection):
            if opcode == Opcode.PING:
                connection.sendall(frame(Opcode.PONG, data))

    _, diagnosis = ask(handle)
    assert diagnosis.symptom.id == "dropped-at-once"


def test_silence_even_to_a_ping(ask: Ask) -> None:
    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head))
        for _ in frames(connection):
            pass

    outcome, diagnosis = ask(handle, timeout=0.3, until="silent-dead", send="hello")
    assert (diagnosis.symptom.id, diagnosis.causes[0]) == ("silent-dead", "A01")
    assert outcome.session is not None
    assert outcome.session.close == "unanswered"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda head: switching(head, accept="AAAAAAAAAAAAAAAAAAAAAAAAAAA="), "Accept header is wrong"),
        (
            lambda head: b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "Accept header is missing",
        ),
        (
            lambda head: switching(head).replace(b"Upgrade: websocket", b"Upgrade: h2c"),
            "Upgrade header is h2c",
        ),
        (lambda head: switching(head).replace(b"HTTP/1.1", b"HTTP/1.0"), "HTTP"),
    ],
)
def test_a_101_that_is_none(answer: object, reason: str, ask: Ask) -> None:
    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(answer(head))  # type: ignore[operator]

    outcome, diagnosis = ask(handle)
    assert diagnosis.symptom.outcome == "broken"
    assert reason in outcome.handshake_error
    assert outcome.session is None


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head.replace(b" Switching Protocols", b""),
        lambda head: head.replace(b"\r\n", b"\n"),
        lambda head: b"HTTP/1.1 100 Continue\r\n\r\n" + head,
        lambda head: head.replace(b"\r\n\r\n", b"\r\nX-Long: " + b"x" * 20_000 + b"\r\n\r\n"),
        lambda head: head.replace(b"\r\n\r\n", b"\r\nX-Odd: \xff\x01\r\n\r\n"),
    ],
)
def test_what_a_browser_takes_as_well(change: Callable[[bytes], bytes], ask: Ask) -> None:
    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(change(switching(head)))
        for opcode, data in frames(connection):
            connection.sendall(frame(Opcode.PONG if opcode == Opcode.PING else Opcode.CLOSE, data))

    assert ask(handle)[1].symptom.id == "works"


def test_a_connection_that_the_proxy_s_variables_do_not_touch(
    ask: Ask, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = servers.start(saying(b"HTTP/1.1 502 the proxy\r\nContent-Length: 0\r\n\r\n"))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "ws_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
    assert ask(answering())[1].symptom.id == "works"
