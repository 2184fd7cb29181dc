"""The client that opens an address."""

from __future__ import annotations

from wslint.globs import wildcard
from wslint.project.handshakes import clients
from wslint.source.clients import HOLE, ClientUrl
from wslint.values.heap import Object
from wslint.worker import Worker


def client_of(worker: Worker, url: Object) -> ClientUrl | None:
    """The first client of the project that may open an address with this path."""
    for client in clients(worker) if worker.flow is not None else ():
        if client.path is not None and client.own_host and _fits(client.path, url.slots["path"]):
            return client
    return None


def _fits(path: str, wanted: str) -> bool:
    return not set(wanted) & {"?", "#"} and wildcard(path, wanted, HOLE, least=1)
