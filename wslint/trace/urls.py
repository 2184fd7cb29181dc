"""Which addresses are worth tracing: those that clients open, and those that routes take."""

from __future__ import annotations

from wslint.errors import CheckError
from wslint.globs import wildcard
from wslint.record import frozen
from wslint.rules.assets._handshakes import clients, handshakes
from wslint.source.clients import HOLE, ClientUrl
from wslint.source.routes import ANY, ONE, SOME, Shape
from wslint.trace.addresses import parse
from wslint.trace.values import Unknown, Url
from wslint.worker import Worker

DEFAULT = "/ws/ABCDE"
CODE = "ABCDE"
"""What stands for a part of a path that is filled in: five letters, a match's code."""


@frozen
class Asked:
    """An address to trace, and the client's line that asks for it, if one does."""

    text: str
    client: ClientUrl | None = None


def read_url(text: str) -> Url:
    """A path or a whole address (ws, wss, http, https). Raises CheckError for anything else."""
    if text.startswith("/") and not text.startswith("//"):
        bare = text.partition("#")[0]
        path, sign, query = bare.partition("?")
        return Url(Unknown("the scheme"), Unknown("the host"), path.replace(" ", "%20"), sign + query)
    found = parse(text)
    if found is None or found.scheme not in ("ws", "wss", "http", "https") or not found.host:
        raise CheckError(f"`{text}` is no path and no ws, wss, http or https address")
    found.scheme = {"ws": "http", "wss": "https"}.get(found.scheme, found.scheme)
    found.hash = ""
    return found


def all_urls(worker: Worker) -> list[Asked]:
    """Every address that a client of the project opens and every route that takes handshakes, each path once."""
    found: dict[str, Asked] = {}
    for client in clients(worker) if worker.flow is not None else ():
        path = client.path
        if path is None or not path.startswith("/") or not client.own_host:
            continue
        text = _filled(path)
        if text not in found:
            found[text] = Asked(text, client)
    for handshake in handshakes(worker):
        for shape in handshake.paths:
            text = sample(shape)
            found.setdefault(text, Asked(text))
    return list(found.values()) or [Asked(DEFAULT)]


def client_of(worker: Worker, url: Url) -> ClientUrl | None:
    """The first client of the project that may open an address with this path."""
    for client in clients(worker) if worker.flow is not None else ():
        if client.path is not None and client.own_host and _fits(client.path, url.path):
            return client
    return None


def _fits(path: str, wanted: str) -> bool:
    return not set(wanted) & {"?", "#"} and wildcard(path, wanted, HOLE, least=1)


def _filled(path: str) -> str:
    return path.replace(HOLE, CODE)


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
