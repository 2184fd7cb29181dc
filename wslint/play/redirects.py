"""Handshakes that a Worker redirects to an address of its own: no client of sockets follows a redirect."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from wslint.play import handshake_laws, scenes
from wslint.play.addresses import addresses
from wslint.play.ending import Ending
from wslint.play.safely import played_safely
from wslint.record import frozen
from wslint.runtime import response, url
from wslint.text import Span
from wslint.values.heap import Object

if TYPE_CHECKING:
    from wslint.worker import Worker

REDIRECTS = (301, 302, 303, 307, 308)
HOST = "worker.example"
"""Some host: only what stays on it is followed."""

QUERIES = ("", "?q=1")
"""Without a query any is meant; with one, an address that repeats it is known."""

MOST_ASKED = 12


@frozen
class Redirected:
    """A handshake for `path` that is answered with a redirect to `target`, where handshakes open."""

    path: str
    status: int
    target: str
    place: Span


def redirected(worker: Worker) -> Iterator[Redirected]:
    """The redirects that a client's own address, or another spelling of one that opens, is surely answered with."""
    if not handshake_laws.takes_sockets(worker) or handshake_laws.is_called(worker):
        return
    seen: set[Span] = set()
    for path, is_asked_for in list(_asked(worker).items())[:MOST_ASKED]:
        found = _redirect(worker, path)
        if found is None or found.place in seen:
            continue
        if _opens(worker, found.target) and (is_asked_for or not _shows(worker, found.target)):
            seen.add(found.place)
            yield found


def _asked(worker: Worker) -> dict[str, bool]:
    """Paths that clients may open, and whether a client of the project does."""
    from wslint.source.routes import literal, shapes, tests_at

    found: dict[str, bool] = {}
    for asked in addresses(worker):
        path = asked.text.partition("?")[0]
        if asked.client is not None and asked.exact:
            found[path] = True
        if path.endswith("/") and len(path) > 1:
            found.setdefault(path.rstrip("/"), False)
    for use in worker.flow.uses if worker.flow is not None else ():
        if use.action == "respond":
            shapes_ = [shape for test in tests_at(use.where) for shape in shapes(test) or ()]
            for tested in filter(None, map(literal, shapes_)):
                found.setdefault(tested, False)
    return {path: by_client for path, by_client in found.items() if path.startswith("/")}


def _redirect(worker: Worker, path: str) -> Redirected | None:
    for query in QUERIES:
        endings = worker.handshake(f"wss://{HOST}{path}{query}", False).endings
        ending = endings[0] if len(endings) == 1 else None
        if ending is None or ending.status not in REDIRECTS or ending.when or ending.span is None:
            return None
        target = _target(ending)
        if target is not None and target != path:
            return Redirected(path, ending.status, target, ending.span)
    return None


def _target(ending: Ending) -> str | None:
    """The path on the same host that a redirect leads to."""
    answer = ending.value
    if not isinstance(answer, Object) or answer.kind != "Response":
        return None
    held = answer.slots["headers"]
    location = held.slots.get(("h", "location")) if isinstance(held, Object) else None
    if isinstance(location, Object) and location.kind in ("URL", "Address"):
        parts = location.slots
    elif isinstance(location, str) and location.startswith("/") and not location.startswith("//"):
        return location.partition("#")[0].partition("?")[0]
    else:
        found = url.parse(location) if isinstance(location, str) else None
        if found is None:
            return None
        parts = found.slots
    path = parts["path"]
    return path if parts["host"] == HOST and isinstance(path, str) else None


def _opens(worker: Worker, path: str) -> bool:
    played = worker.handshake(f"wss://{HOST}{path}", False)
    return any(ending.status == response.SWITCHING for ending in played.endings)


def _shows(worker: Worker, path: str) -> bool:
    """Whether a plain request for the address may get a page: then the redirect may be meant for those."""
    endings = played_safely(
        worker, partial(scenes.play_plain, worker, f"https://{HOST}{path}"), handshake_laws.no_endings
    )
    return any(ending.status is None or ending.status < 400 for ending in endings if ending.kind != "throw")
