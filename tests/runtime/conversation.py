"""A client's conversation with a server, as data: what was sent, what came back, how it ended.

The handshake is a browser's (no compression, no proxy); a close is sent without a code, as the page's
`socket.close()` does. Nothing raises: whatever happens is in what was observed.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus
from websockets.sync.client import ClientConnection, connect

PATIENCE = 1.5
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


def talk(
    url: str,
    messages: Sequence[str | bytes] = ("hello",),
    *,
    headers: dict[str, str] | None = None,
    subprotocols: Sequence[str] = (),
    close: bool = True,
    patience: float = PATIENCE,
    wait: float = 0.0,
) -> Observed:
    """Shake hands, send each message and wait for an answer, then close and wait for the answer to that.

    `wait` seconds pass between the handshake and the first message (with 11 an object that can
    hibernate be evicted)."""
    seen = Observed()
    try:
        with connect(
            url,
            additional_headers=headers or {},
            subprotocols=list(subprotocols) or None,
            compression=None,
            proxy=None,
            ping_interval=None,
            open_timeout=max(patience, 5.0),
            close_timeout=patience,
            max_size=2**26,
        ) as socket:
            seen.status = 101
            response = socket.response
            seen.headers = (
                {name.lower(): value for name, value in response.headers.raw_items()} if response else {}
            )
            _exchange(socket, seen, messages, close, patience, wait)
    except InvalidStatus as refused:
        answer = refused.response
        seen.status = answer.status_code
        seen.headers = {name.lower(): value for name, value in answer.headers.raw_items()}
        seen.body = (answer.body or b"").decode("utf-8", "replace")
    except (InvalidHandshake, InvalidMessage, OSError, EOFError, ValueError) as problem:
        seen.failure = f"{type(problem).__name__}: {problem}"
    return seen


def _exchange(
    socket: ClientConnection,
    seen: Observed,
    messages: Sequence[str | bytes],
    close: bool,
    patience: float,
    wait: float,
) -> None:
    started = time.monotonic()
    try:
        if wait:
            _collect(socket, seen, wait, to_the_end=True)
        for message in messages:
            socket.send(message)
            _collect(socket, seen, patience)
        if not close:
            return
        started = time.monotonic()
        with socket.send_context():
            socket.protocol.send_close()
        while True:
            seen.received.append(socket.recv(timeout=patience))
    except TimeoutError:
        seen.close_code = 1006
        seen.failure = "the close was not answered"
    except ConnectionClosed:
        received = socket.protocol.close_rcvd
        seen.close_code = received.code if received else 1006
        seen.close_reason = received.reason if received else ""
    seen.close_seconds = time.monotonic() - started


def _collect(socket: ClientConnection, seen: Observed, patience: float, to_the_end: bool = False) -> None:
    """Take what arrives: until `patience` seconds pass without anything, or a little after the first; or
    all that arrives within `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        try:
            seen.received.append(socket.recv(timeout=max(0.0, deadline - time.monotonic())))
        except TimeoutError:
            return
        if not to_the_end:
            deadline = min(deadline, time.monotonic() + 0.2)


def get(
    url: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> Observed:
    """A plain request, redirects not followed."""
    request = urllib.request.Request(url, method=method, headers=headers or {}, data=body)
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(request, timeout=20)
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
