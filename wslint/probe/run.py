"""One probe: names, a connection, the handshake, the answer, the frames, each step timed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

from wslint import __version__
from wslint.probe import limits
from wslint.probe.answer import read_answer
from wslint.probe.model import Probe, Step
from wslint.probe.session import Talk, check_handshake
from wslint.probe.target import Target
from wslint.probe.wire import Deadline, Line, ProbeFailed, Reader, connect, resolve, secure, shown
from wslint.record import frozen


@frozen
class Wishes:
    """How to probe. `timeout` is in seconds: for everything up to the answer, then for each step after it."""

    timeout: float = 5.0
    send: str | None = None
    expect: str | None = None
    insecure: bool = False
    progress: Callable[[str], None] = lambda step: None
    """Called with the name of each step that begins."""


def probe(target: Target, wishes: Wishes) -> Probe:
    """Open the socket once and say what happened. Never raises for what the other side does."""
    logger = logging.getLogger("wslint.probe")
    logger.disabled = True  # what a server sends is reported, not logged
    protocol = ClientProtocol(
        parse_uri(target.url),
        origin=Origin(target.origin) if target.origin is not None else None,
        # As browsers ask.
        extensions=[ClientPerMessageDeflateFactory(client_max_window_bits=True)],
        subprotocols=[Subprotocol(name) for name in target.subprotocols] or None,
        max_size=limits.MESSAGE,
        logger=logger,
    )
    request = protocol.connect()
    request.headers["User-Agent"] = f"wslint/{__version__}"  # the edge refuses requests without one
    for name, value in target.headers:
        if name.lower() in ("host", "user-agent"):
            del request.headers[name]
        request.headers[name] = value
    protocol.send_request(request)
    sent = b"".join(protocol.data_to_send())
    outcome = Probe(target.url, sent, list(request.headers.raw_items()), wishes.timeout, wishes.send)
    attempt = _Attempt(target, wishes, outcome)
    try:
        reader = attempt.handshake(sent)
        attempt.talk(protocol, reader)
    except ProbeFailed as failed:
        outcome.failure, outcome.failure_detail = failed.kind, failed.detail
    finally:
        attempt.close()
    return outcome


class _Attempt:
    """The connection of one probe and its clock."""

    def __init__(self, target: Target, wishes: Wishes, outcome: Probe) -> None:
        self.target = target
        self.wishes = wishes
        self.outcome = outcome
        self.deadline = Deadline(wishes.timeout)
        self.begun = time.monotonic()
        self.line: Line | None = None

    def done(self, name: str, detail: str = "") -> None:
        """A step succeeded: keep its time and start the next one's."""
        now = time.monotonic()
        self.outcome.steps.append(Step(name, (now - self.begun) * 1000, "ok", detail))
        self.begun = now

    def failed(self, name: str, is_timeout: bool) -> None:
        """A step failed or took too long."""
        spent = (time.monotonic() - self.begun) * 1000
        self.outcome.steps.append(Step(name, spent, "timeout" if is_timeout else "failed"))

    def handshake(self, request: bytes) -> Reader:
        """Everything up to the answer's end. Raises ProbeFailed."""
        step = "dns"
        say = self.wishes.progress
        try:
            target, outcome = self.target, self.outcome
            say(step)
            addresses = resolve(target.host, target.port, self.deadline)
            outcome.addresses = [shown(address) for _, address in addresses]
            self.done(step, ", ".join(outcome.addresses[:4]))
            say(step := "connect")
            connection, outcome.address = connect(addresses, self.deadline)
            self.line = Line(connection)
            self.done(step, outcome.address)
            if target.secure:
                say(step := "tls")
                connection, outcome.tls = secure(
                    connection, target.host, not self.wishes.insecure, self.deadline
                )
                self.line = Line(connection)
                self.done(step, f"{outcome.tls.version} {outcome.tls.cipher}")
            say(step := "first byte")
            return self._answer(self.line, request)
        except ProbeFailed as failed:
            has_begun = any(done.name == step for done in self.outcome.steps)
            self.failed("answer" if has_begun else step, failed.late)
            raise
        except TimeoutError:
            self.failed(step, True)
            kind = "timeout" if step == "first byte" else "connect timeout"
            raise ProbeFailed(kind, f"no answer within {self.wishes.timeout:g} s") from None  # type: ignore[arg-type]

    def _answer(self, line: Line, request: bytes) -> Reader:
        try:
            line.send(request, self.deadline)
        except TimeoutError:
            raise
        except OSError as error:
            raise ProbeFailed("closed", f"the request could not be sent: {error.strerror or error}") from None
        first: list[bytes] = []

        def receive() -> bytes:
            data = line.receive(self.deadline)
            if not first and data:
                first.append(b"")
                self.done("first byte")
            return data

        reader = Reader(receive, limits.HEAD)
        read_answer(reader, self.outcome)
        self.done("answer")
        return reader

    def talk(self, protocol: ClientProtocol, reader: Reader) -> None:
        """After a 101: check it, then the frames."""
        response = self.outcome.response
        if response is None or response.status != 101 or self.line is None:
            return
        if check_handshake(protocol, self.outcome, self.target.subprotocols):
            talk = Talk(self.line, protocol, self.outcome, self.wishes)
            self.outcome.session = talk.run(bytes(reader.buffer))

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self.line is not None:
            self.line.close()
