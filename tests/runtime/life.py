"""The life of an object's sockets as clients see it: what they hear of each other, how their closes are answered, and
what is left after an eviction."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.runtime.conversation import Refused, attend

PATIENCE = 0.6
"""Seconds without a message that count as silence."""

EVICTION = 11.5
"""Seconds after which an object whose sockets hibernate is evicted; ten, and a little for a busy machine."""

SAYINGS: tuple[str | bytes, ...] = (
    json.dumps({"type": "say", "text": "hi"}),
    json.dumps({"type": "round"}),
    json.dumps({"type": "whisper", "to": "bob", "text": "psst"}),
    json.dumps({"type": "nonsense"}),
    "ping",
    "plain words",
    b"\x01\x02",
)
LEAVING: tuple[int | None, ...] = (1000, 4000, None, 1006)
"""How those leave that come for a while: with a code, without one, and by losing the connection."""


def observed(url: str) -> Iterator[object]:
    """What is seen, in order, as facts that can be compared."""
    with ExitStack() as stack:
        try:
            ann = stack.enter_context(attend(f"{url}?name=ann"))
            bob = stack.enter_context(attend(f"{url}?name=bob"))
        except Refused as refused:
            yield refused.response.status_code
            return
        yield 101
        room = (ann, bob)
        yield "joined", *(_heard(one) for one in room)
        for saying in SAYINGS:
            yield "said", saying, *_said(ann, saying, room)
        for how in LEAVING:
            yield "left", how, *_left(url, how), *(_heard(one) for one in room)
        time.sleep(EVICTION)
        yield "idle", *(_heard(one) for one in room)
        for saying in SAYINGS[:3]:
            yield "said after", saying, *_said(ann, saying, room)
        yield "came after", *_left(url, 1000), *(_heard(one) for one in room)
        yield "ended", _close(ann, None), _heard(bob)


def _said(speaker: ClientConnection, saying: str | bytes, room: tuple[ClientConnection, ...]) -> list[object]:
    try:
        speaker.send(saying)
    except ConnectionClosed:
        return ["closed"]
    return [_heard(one) for one in room]


def _heard(socket: ClientConnection) -> tuple[object, ...]:
    """What has come, until nothing comes for a while."""
    heard: list[object] = []
    try:
        while True:
            heard.append(_shape(socket.recv(timeout=PATIENCE)))
    except TimeoutError:
        pass
    except ConnectionClosed:
        received = socket.protocol.close_rcvd
        heard.append(("closed", received.code if received else 1006))
    return tuple(heard)


def _shape(message: object) -> object:
    """A message but for its wording: which keys it has, its numbers, how long its lists are."""
    if isinstance(message, bytes):
        return "binary", len(message)
    if not isinstance(message, str):
        return message
    try:
        return _part(json.loads(message))
    except ValueError:
        return "text"


def _part(value: object) -> object:
    if isinstance(value, dict):
        return tuple((key, _part(held)) for key, held in value.items())
    if isinstance(value, list):
        return "list", len(value)
    return "text" if isinstance(value, str) else value


def _left(url: str, how: int | None) -> Iterator[object]:
    """One who comes, listens and leaves: what was heard, and the answer to the close."""
    try:
        with attend(f"{url}?name=cee") as cee:
            yield _heard(cee)
            if how == 1006:
                cee.socket.close()
                time.sleep(PATIENCE)
                yield "lost"
            else:
                yield _close(cee, how)
    except Refused as refused:
        yield refused.response.status_code
    except OSError as problem:
        yield type(problem).__name__


def _close(socket: ClientConnection, code: int | None) -> object:
    """The code of the close that answers one's own; 1006 where none does."""
    try:
        with socket.send_context():
            if code is None:
                socket.protocol.send_close()
            else:
                socket.protocol.send_close(code, "bye")
        while True:
            socket.recv(timeout=2 * PATIENCE)
    except TimeoutError:
        return 1006
    except ConnectionClosed:
        received = socket.protocol.close_rcvd
        return received.code if received else 1006
