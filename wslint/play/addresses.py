"""The addresses that a project itself names: what its clients open, and the paths that its routes take."""

from __future__ import annotations

from collections.abc import Sequence

from wslint.record import frozen
from wslint.rules.assets._handshakes import clients, handshakes
from wslint.source.clients import HOLE, ClientUrl
from wslint.source.routes import ANY, ONE, SOME, Shape
from wslint.worker import Worker

DEFAULT = "/ws/ABCDE"
CODE = "ABCDE"
"""What stands for a part of a path that is filled in: five letters, a match's code."""

SAMPLES = (CODE, "lobby-1", "a", "1234", "3f2b8c1e-9d4a-4b6f-8a2e-7c5d1e0f9b3a", "ab12cd34")
"""What is tried for a part that is filled in, where one sample alone might be refused for its form."""


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
    return list(found.values()) or [Asked(DEFAULT, None, False)]


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
    return text if text.startswith("/") else f"/{text}"
