"""The addresses that a project itself names: what its clients open, and the paths that its routes take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wslint.play.ending import lost_upgrade
from wslint.project.handshakes import clients, handshakes
from wslint.record import frozen
from wslint.regex import regex
from wslint.runtime import path_tests, words
from wslint.source.clients import HOLE, ClientUrl
from wslint.source.routes import ANY, ONE, SOME, Shape
from wslint.values.event import Accepted, Named, Raised, Step
from wslint.worker import Worker

if TYPE_CHECKING:
    from wslint.play.scenes import Handshake

DEFAULT = "/ws/ABCDE"
CODE = "ABCDE"
"""What stands for a part of a path that is filled in: five letters, a match's code."""

SAMPLES = (CODE, "lobby-1", "a", "1234", "3f2b8c1e-9d4a-4b6f-8a2e-7c5d1e0f9b3a", "ab12cd34")
"""What is tried for a part that is filled in, where one sample alone might be refused for its form."""

_ROUTERS = (b"hono", b"itty-router", b"routePartykitRequest", b"routeAgentRequest")
"""What stands in the code of a project with a router that the play follows."""
MOST_ROUTES = 12
"""Routes that are tried for whether they take sockets."""


@frozen
class Asked:
    """An address to play, and the client's line that asks for it, if one does."""

    text: str
    client: ClientUrl | None = None
    named: bool = True
    """Whether the project names it."""
    others: tuple[str, ...] = ()
    """The same with other samples in its open parts."""
    exact: bool = True
    """Whether nothing in it was filled in."""


def addresses(worker: Worker) -> list[Asked]:
    """What `named` finds, looked for once a Worker."""
    return worker.addresses


def named(worker: Worker) -> list[Asked]:
    """Every address that a client of the project opens and every route that takes handshakes, each path once."""
    found: dict[str, Asked] = {}
    for client in clients(worker) if worker.flow is not None else ():
        path = client.path
        if path is None or not path.startswith("/") or not client.own_host:
            continue
        text = path.replace(HOLE, CODE)
        others = tuple(path.replace(HOLE, one) for one in SAMPLES[1:]) if HOLE in path else ()
        found.setdefault(text, Asked(text, client, True, others, HOLE not in path))
    for handshake in handshakes(worker):
        for shape in handshake.paths:
            text = sample(shape)
            open_part = any(piece in (ONE, SOME, ANY) for piece in shape)
            others = (
                tuple(text.replace(CODE, one) for one in SAMPLES[1:]) if open_part and CODE in text else ()
            )
            found.setdefault(text, Asked(text, None, True, others, not open_part))
    anywhere = Asked(DEFAULT, None, False)
    matched = list(_matched(worker))
    if found or matched:
        rest = [asked for asked in matched if asked.text not in found]
        return [*found.values(), *rest] if found else [*rest, anywhere]
    return list(_routed(worker)) or list(_spelt(worker)) or [anywhere]


_MATCHES = (b".exec(", b".match(", b".test(", b"fullmatch(")


def _matched(worker: Worker) -> Iterator[Asked]:
    """Paths that meet the patterns which the Worker matches the path with, where they take sockets."""
    files = worker.source.files if worker.source is not None else []
    if not any(word in file.data for file in files for word in _MATCHES):
        return
    first = worker.handshake(DEFAULT, False).machine
    if first.steps > MOST_TO_TRY:
        return
    for test in [test for test in first.path_tests if test.kind == "pattern"][:MOST_ROUTES]:
        text = path_tests.sample(test)
        if text is not None and _takes_sockets(worker.handshake(text, False)):
            yield Asked(text, exact=False)


def _routed(worker: Worker) -> Iterator[Asked]:
    """The routes that take sockets of a router that only the play has come to, at an address that nobody names."""
    files = worker.source.files if worker.source is not None else []
    if not any(word in file.data for file in files for word in _ROUTERS):
        return
    tried: set[str] = set()
    for router in worker.handshake(DEFAULT, False).machine.routers:
        for route in router.routes:
            text = (
                of_pattern(route.pattern) if route.verb in ("get", "all") and not route.middleware else None
            )
            if text is None or text in tried or len(tried) == MOST_ROUTES:
                continue
            tried.add(text)
            if router.framework == "partyserver" or _takes_sockets(worker.handshake(text, False)):
                others = tuple(text.replace(CODE, one) for one in SAMPLES[1:]) if CODE in text else ()
                yield Asked(text, None, True, others, not others)


MOST_TO_TRY = 30_000
"""Steps of a handshake after which no other addresses are tried."""

_PATH = regex(rb"""["'`](/(?!/)[\w./-]{1,60})["'`]""")
"""A path that stands in the code as it is."""


def _spelt(worker: Worker) -> Iterator[Asked]:
    """The paths that the code spells and that take sockets where nothing says so in a way that can be read off it: keys
    of a table of routes."""
    files = worker.source.files if worker.source is not None else []
    first = worker.handshake(DEFAULT, False)
    if not first.machine.looked_at_path or first.machine.steps > MOST_TO_TRY or _takes_sockets(first):
        return
    texts = {found.group(1).decode() for file in files for found in _PATH.finditer(file.data)}
    texts |= {text for test in first.machine.path_tests if (text := path_tests.sample(test)) is not None}
    if len(texts) > MOST_ROUTES:
        return
    for text in sorted(texts):
        if _takes_sockets(worker.handshake(text, False)):
            yield Asked(text, exact=CODE not in text)


def of_pattern(pattern: str | None) -> str | None:
    """A path that a route's pattern meets; None for a pattern that says more than names."""
    if pattern is None or re.search(r"[{}()?+.\\]", pattern):
        return None
    text = re.sub(r":\w+|\*", CODE, pattern)
    return "/" + text.lstrip("/")


def _takes_sockets(played: Handshake) -> bool:
    """Whether a socket was accepted on the way, or the runtime surely throws on the way to an object."""
    events = [event for event in played.machine.events if event.scene == "handshake"]
    if any(isinstance(event, Accepted) for event in events):
        return True
    forwards = any(
        isinstance(event, Named) or (isinstance(event, Step) and event.kind == "forward") for event in events
    )
    if forwards and played.endings and all(map(lost_upgrade, played.endings)):
        return True
    thrown = [event.text for event in events if isinstance(event, Raised) and event.by_runtime]
    fails = all(ending.status is not None and ending.status >= 500 for ending in played.endings)
    # A 101 without a socket is meant for a handshake, if for anything.
    return fails and any(forwards or text.startswith(words.RANGE) for text in thrown)


def asked_for(asked: Sequence[Asked]) -> list[str]:
    """The addresses that are tried as the one that leads to a class."""
    return [text for one in asked for text in (one.text, *one.others[:1])][:6]


def sample(shape: Shape) -> str:
    """A path of a shape."""
    pieces: list[str] = []
    for piece in shape:
        if piece == ONE:
            pieces.append(CODE[0])
        elif piece == SOME:
            pieces.append(CODE[1:] if pieces and pieces[-1] == CODE[0] else "")
        elif piece == ANY:
            pieces.append(CODE if "".join(pieces).endswith("/") else "")
        else:
            pieces.append(piece)
    text = "".join(pieces)
    return "/" + text.lstrip("/")
