"""A client's conversation with a server, as data: what was sent, what came back, how it ended.

The handshake is a browser's (no compression, no proxy); a close is sent without a code, as the page's
`socket.close()` does. Nothing raises: whatever happens is in what was observed.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus
from websockets.http11 import Response
from websockets.sync.client import ClientConnection, connect

PATIENCE = 1.5
HANDSHAKE_SECONDS = 60.0  # for the answer, which comes as soon as the machine can
"""Seconds without an answer that count as silence."""


@dataclass
class Observed:
    """What a client saw. `status` is None when the handshake was never answered; `close_code` is None while
    the socket is open, and 1006 when it ended without a Close frame; `close_seconds` is how long that took."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    failure: str = ""
    """Why the client refused a 101, or how the connection broke."""
    received: list[str | bytes] = field(default_factory=list)
    close_code: int | None = None
    close_reason: str = ""
    close_seconds: float = 0.0
    overheard: list[str | bytes] = field(default_factory=list)
    """What the audience received, when there was one."""
    audience_close: int | None = None
    """How the audience's socket ended; None while it is open."""


def talk(
    url: str,
    messages: Sequence[str | bytes | float] = ("hello",),
    *,
    headers: dict[str, str] | None = None,
    subprotocols: Sequence[str] = (),
    close: bool = True,
    patience: float = PATIENCE,
    close_patience: float | None = None,
    wait: float = 0.0,
    audience: str | None = None,
) -> Observed:
    """Shake hands, send each message and wait for an answer, then close and wait for the answer to that:
    `patience` seconds, for the close `close_patience` if given.

    A number among the messages, and `wait` before the first, are seconds that pass (10 and more make an
    object that can hibernate be evicted). `audience` is where a second client connects before
    this one; it says nothing and listens until this one has closed."""
    seen = Observed()
    try:
        with (
            _connect(audience, patience) if audience else nullcontext() as other,
            _connect(url, close_patience or patience, headers, subprotocols) as socket,
        ):
            seen.status = 101
            response = socket.response
            seen.headers = (
                {name.lower(): value for name, value in response.headers.raw_items()} if response else {}
            )
            if subprotocols and socket.subprotocol is None:
                seen.failure, seen.close_code = "no subprotocol in the answer: a browser gives up here", 1006
                return seen
            _exchange(socket, seen, messages, close, (patience, close_patience or patience), wait)
            if other is not None:
                _overhear(other, seen)
    except Refused as refused:
        answer = refused.response
        seen.status = answer.status_code
        seen.headers = {name.lower(): value for name, value in answer.headers.raw_items()}
        seen.body = (answer.body or b"").decode("utf-8", "replace")
    except (InvalidHandshake, InvalidMessage, OSError, EOFError, ValueError) as problem:
        seen.failure = f"{type(problem).__name__}: {problem}"
    return seen


class Refused(Exception):
    """The handshake's answer, when it is no 101."""

    def __init__(self, response: Response) -> None:
        super().__init__(response)
        self.response = response


class _Client(ClientConnection):
    """A client that follows no redirect, like a browser's: the library follows those of an InvalidStatus."""

    def handshake(self, *arguments: Any, **named: Any) -> None:
        try:
            super().handshake(*arguments, **named)
        except InvalidStatus as refused:
            raise Refused(refused.response) from None


def attend(url: str) -> AbstractContextManager[ClientConnection]:
    """A client that is there and says nothing, as a context."""
    return _connect(url, PATIENCE)


def _connect(
    url: str, patience: float, headers: dict[str, str] | None = None, subprotocols: Sequence[str] = ()
) -> AbstractContextManager[ClientConnection]:
    return connect(
        url,
        create_connection=_Client,
        additional_headers=headers or {},
        subprotocols=list(subprotocols) or None,
        compression=None,
        proxy=None,
        ping_interval=None,
        open_timeout=HANDSHAKE_SECONDS,
        close_timeout=patience,
        max_size=2**26,
    )


def _overhear(socket: ClientConnection, seen: Observed) -> None:
    try:
        while True:
            seen.overheard.append(socket.recv(timeout=0.5))
    except TimeoutError:
        pass
    except ConnectionClosed:
        received = socket.protocol.close_rcvd
        seen.audience_close = received.code if received else 1006


def _exchange(
    socket: ClientConnection,
    seen: Observed,
    messages: Sequence[str | bytes | float],
    close: bool,
    patience: tuple[float, float],
    wait: float,
) -> None:
    started = time.monotonic()
    try:
        if wait:
            _collect(socket, seen, wait, linger=True)
        for message in messages:
            if isinstance(message, int | float):
                _collect(socket, seen, float(message), linger=True)
                continue
            socket.send(message)
            _collect(socket, seen, patience[0])
        if not close:
            return
        started = time.monotonic()
        with socket.send_context():
            socket.protocol.send_close()
        while True:
            seen.received.append(socket.recv(timeout=patience[1]))
    except TimeoutError:
        seen.close_code = 1006
        seen.failure = "the close was not answered"
    except ConnectionClosed:
        received = socket.protocol.close_rcvd
        seen.close_code = received.code if received else 1006
        seen.close_reason = received.reason if received else ""
    seen.close_seconds = time.monotonic() - started


def _collect(socket: ClientConnection, seen: Observed, patience: float, *, linger: bool = False) -> None:
    """Take what arrives within `patience` seconds; unless told to linger, end a little after the first."""
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        try:
            seen.received.append(socket.recv(timeout=left))
        except TimeoutError:
            return
        if not linger:
            deadline = min(deadline, time.monotonic() + 0.2)


def get(
    url: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> Observed:
    """A plain request, redirects not followed."""
    request = urllib.request.Request(url, method=method, headers=headers or {}, data=body)
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(request, timeout=HANDSHAKE_SECONDS)
    except urllib.error.HTTPError as error:
        answer = error
    except OSError as problem:
        return Observed(failure=f"{type(problem).__name__}: {problem}")
    with answer:
        return Observed(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.read().decode("utf-8", "replace"),
        )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
