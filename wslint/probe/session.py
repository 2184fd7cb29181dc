"""After the 101: what `websockets` says of the handshake, a ping, perhaps a message, a close without a code.

`websockets` does the protocol, without I/O of its own; what a browser checks beyond it is checked here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.exceptions import (
    InvalidHandshake,
    InvalidHeader,
    InvalidUpgrade,
    NegotiationError,
    PayloadTooBig,
)
from websockets.frames import Frame, Opcode
from websockets.http11 import Response as HandshakeResponse
from websockets.protocol import State

from wslint.probe import limits
from wslint.probe.model import DroppedAfter, Message, Probe, Response, Session, Step, StepOutcome
from wslint.probe.wire import Deadline, Line


class Wanted(Protocol):
    """What the person wants to be sent and to see."""

    @property
    def send(self) -> str | None: ...
    @property
    def expect(self) -> str | None: ...
    @property
    def timeout(self) -> float: ...
    @property
    def progress(self) -> Callable[[str], None]: ...


def check_handshake(protocol: ClientProtocol, probe: Probe, requested: tuple[str, ...]) -> bool:
    """Whether a browser would take this 101; if not, `probe.handshake_error` says why."""
    response = probe.response
    assert response is not None
    if response.version != "1.1":
        probe.handshake_error = "its status line says HTTP/1.0"
        probe.handshake_symptom = "not-an-upgrade"
        return False
    protocol.receive_data(_handshake_head(response))
    error = protocol.handshake_exc
    protocols = response.all_headers("sec-websocket-protocol")
    if isinstance(error, InvalidHandshake):
        probe.handshake_error, probe.handshake_symptom = _why(error, protocols, requested)
        return False
    if requested and protocol.subprotocol is None:
        probe.handshake_error = (
            f"subprotocol {', '.join(requested)} was asked for, the answer names none: a browser closes this "
            "connection (Firefox is laxer)"
        )
        probe.handshake_symptom = "subprotocol-missing"
        return False
    return True


def _handshake_head(response: Response) -> bytes:
    """The part of the head that is the handshake's: the library limits lines more tightly than browsers do."""
    headers = Headers()
    for name, value in response.headers:
        if name.lower() in ("connection", "upgrade") or name.lower().startswith("sec-websocket-"):
            headers.set_insecure(name, value)
    return HandshakeResponse(101, "Switching Protocols", headers).serialize()


def _why(error: InvalidHandshake, protocols: list[str], requested: tuple[str, ...]) -> tuple[str, str]:
    if isinstance(error, InvalidUpgrade):
        return f"its {error.name} header is {error.value or 'missing'}", "not-an-upgrade"
    if protocols and "protocol" in str(error).lower():
        named = ", ".join(protocols)
        asked = f"asked for was {', '.join(requested)}" if requested else "none was asked for"
        return f"it names subprotocol {named}, {asked}", "subprotocol-wrong"
    if isinstance(error, InvalidHeader) and error.name.lower() == "sec-websocket-accept":
        wrong = "is wrong" if error.value else "is missing"
        return f"its Sec-WebSocket-Accept header {wrong}", "wrong-accept"
    if isinstance(error, NegotiationError):
        return f"it names an extension that nobody asked for: {error}", "not-an-upgrade"
    return f"{error}{f': {error.__cause__}' if error.__cause__ else ''}", "not-an-upgrade"


class Talk:
    """The frames after the 101, each step with a deadline of its own."""

    def __init__(self, line: Line, protocol: ClientProtocol, probe: Probe, wanted: Wanted) -> None:
        self.line = line
        self.protocol = protocol
        self.probe = probe
        self.wanted = wanted
        self.session = Session(
            subprotocol=protocol.subprotocol, extensions=[one.name for one in protocol.extensions]
        )
        self.ended = False
        self.end_detail = ""
        self._frames = 0
        self._bytes = 0
        self._answers = 0
        self._fragments = bytearray()
        self._kind: Opcode | None = None

    @property
    def dead(self) -> bool:
        """Whether nothing more can come."""
        return (
            self.ended
            or self.session.flooded
            or bool(self.session.broken)
            or self.protocol.close_rcvd is not None
        )

    def run(self, first: bytes) -> Session:
        """All steps; `first` is what came together with the 101."""
        session = self.session
        opened = time.monotonic()
        if first:
            self._take(first)
        self._step("pong", self._ping, lambda: session.pong)
        left = opened + limits.SETTLE - time.monotonic()
        if left > 0:
            self._wait(left, lambda: False)
        self._note_drop("open")
        if self.wanted.send is not None:
            self._step("message", self._message, self._is_answered)
            self._note_drop("message")
        elif self.wanted.expect is not None:
            self._step("message", lambda: None, lambda: session.found)
            self._note_drop("message")
        self._close()
        return session

    def _step(self, name: str, start: Callable[[], None], done: Callable[[], bool]) -> None:
        if self.dead:
            return
        self.wanted.progress(name)
        begun = time.monotonic()
        start()
        finished = self._wait(self.wanted.timeout, done)
        outcome: StepOutcome = "ok" if finished else "failed" if self.dead else "timeout"
        self.probe.steps.append(Step(name, (time.monotonic() - begun) * 1000, outcome, self.end_detail))

    def _ping(self) -> None:
        self.protocol.send_ping(b"wslint")
        self._flush()

    def _message(self) -> None:
        assert self.wanted.send is not None
        self.protocol.send_text(self.wanted.send.encode())
        self.session.sent = True
        self._flush()

    def _is_answered(self) -> bool:
        return self.session.found if self.wanted.expect is not None else self._answers > 0

    def _note_drop(self, when: DroppedAfter) -> None:
        if self.ended and self.protocol.close_rcvd is None and not self.session.dropped_after:
            self.session.dropped_after = when

    def _close(self) -> None:
        session = self.session
        if self.protocol.close_rcvd is not None:
            session.close = "by server"
        elif self.dead or self.protocol.state is not State.OPEN:
            return
        else:
            self._step("close", self._send_close, lambda: self.protocol.close_rcvd is not None)
            if self.protocol.close_rcvd is not None:
                session.close = "answered"
            elif self.ended:
                session.close = "dropped"
                self._note_drop("close")
            elif not session.broken and not session.flooded:
                session.close = "unanswered"
        if self.protocol.close_rcvd is not None:
            session.close_code = int(self.protocol.close_rcvd.code)
            session.close_reason = self.protocol.close_rcvd.reason

    def _send_close(self) -> None:
        self.protocol.send_close()
        self._flush()

    def _wait(self, seconds: float, done: Callable[[], bool]) -> bool:
        """Read until `done`, the end, or the time is over; whether `done`."""
        deadline = Deadline(seconds)
        while not done():
            if self.dead:
                return False
            try:
                data = self.line.receive(deadline)
            except TimeoutError:
                return False
            except OSError as error:
                self._end(error.strerror or str(error))
                continue
            if data:
                self._take(data)
            else:
                self._end("")
        return True

    def _end(self, detail: str) -> None:
        self.ended = True
        self.end_detail = detail.lower()

    def _take(self, data: bytes) -> None:
        self._bytes += len(data)
        self.protocol.receive_data(data)
        for event in self.protocol.events_received():
            if isinstance(event, Frame):
                self._frames += 1
                self._frame(event)
        error = self.protocol.parser_exc
        self.session.flooded = (
            isinstance(error, PayloadTooBig) or self._frames > limits.FRAMES or self._bytes > limits.STREAM
        )
        if error is not None and not self.session.flooded and not self.session.broken:
            self.session.broken = str(error) or type(error).__name__
        self._flush()

    def _frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PONG:
            self.session.pong = self.session.pong or bytes(frame.data) == b"wslint"
            return
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._kind = frame.opcode
            self._fragments.clear()
        elif frame.opcode is not Opcode.CONT:
            return
        self._fragments += frame.data
        if frame.fin:
            self._whole(bytes(self._fragments))
            self._fragments.clear()

    def _whole(self, data: bytes) -> None:
        session = self.session
        kind = self._kind
        if kind is Opcode.TEXT:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                session.broken = "a text message is no UTF-8"
                return
            expect = self.wanted.expect
            session.found = session.found or (expect is not None and expect in text)
        session.received += 1
        self._answers += session.sent
        if len(session.messages) < limits.MESSAGES_SHOWN:
            session.messages.append(
                Message(
                    "text" if kind is Opcode.TEXT else "binary",
                    data[: limits.MESSAGE_SHOWN],
                    len(data),
                    session.sent,
                )
            )

    def _flush(self) -> None:
        """Send what the protocol wants sent; a connection that does not take it has ended."""
        deadline = Deadline(self.wanted.timeout)
        for data in self.protocol.data_to_send():
            if not data or self.ended:
                continue  # an empty text asks for an end of the stream, which closing brings
            try:
                self.line.send(data, deadline)
            except OSError as error:
                self._end("" if isinstance(error, TimeoutError) else error.strerror or str(error))
