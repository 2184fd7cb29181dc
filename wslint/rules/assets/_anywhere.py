"""Paths that the assets answer, for a Worker that takes handshakes at any path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.project import serving
from wslint.project.handshakes import clients, handshakes, serves_assets, worker_first
from wslint.project.serving import Decision
from wslint.text import Span
from wslint.worker import Worker

Left = tuple[Span, str, Decision]
"""The configuration's place, a path, and what the assets do with it."""

_SOCKET = re.compile(r"wss?|web-?sockets?|sockets?(?:\.io)?", re.I)
"""The last word of a path that can only mean a socket."""

_MOST_FOLDERS = 40
SAMPLES = ("/ws", "/socket", "/live", "/a")
"""Paths of which one stands for those that no rule takes."""


def excepted(worker: Worker) -> Iterator[Left]:
    """The rules of `run_worker_first` that keep a socket's path from the Worker."""
    if not _is_open(worker):
        return
    for rule in worker_first(worker).negative:
        path = (rule.string or "")[1:].removesuffix("*")
        named = path.rstrip("/").rpartition("/")[2]
        if "*" in path or not _SOCKET.fullmatch(named):
            continue
        sample = f"{path}ABCDE" if (rule.string or "").endswith("/*") else path
        decision = _answered(worker, sample)
        if decision is not None:
            yield rule.span, sample, decision


def pages(worker: Worker) -> Iterator[Left]:
    """The static files at a socket's path."""
    directory = worker.assets_directory
    if not _is_open(worker) or directory is None or directory.path is None or directory.value is None:
        return
    files, waiting = worker.workspace.files, [(directory.path, "")]
    for folder, _ in waiting[:]:  # the folder itself, and those in it
        names = sorted(files.listing(folder))[:_MOST_FOLDERS]
        waiting += [(folder / name, f"/{name}") for name in names if files.is_dir(folder / name)]
    for folder, prefix in waiting:
        for name in sorted(files.listing(folder)):
            path = f"{prefix}/{name.removesuffix('.html')}"
            decision = _answered(worker, path) if _SOCKET.fullmatch(name.removesuffix(".html")) else None
            if decision is not None and decision.status != 404:
                yield directory.value.span, path, decision


def before_the_worker(worker: Worker) -> Left | None:
    """A path that does not come to the Worker: one that no rule takes, else `/`."""
    directory = worker.assets_directory
    if not _is_open(worker) or directory is None or directory.value is None:
        return None
    first = worker_first(worker)
    if first.value is not None and first.positive:
        for path in SAMPLES:
            decision = _answered(worker, path)
            if decision is not None and not any(rule.span == decision.span for rule in first.negative):
                return first.value.span.head(), path, decision
    decision = _answered(worker, "/")
    return (directory.value.span, "/", decision) if decision is not None else None


def _is_open(worker: Worker) -> bool:
    """Whether the assets are there to look at, and nothing in the project names an address."""
    directory = worker.assets_directory
    if not serves_assets(worker) or directory is None or directory.kind != "folder":
        return False
    return worker.config.main is not None and not clients(worker) and not any(handshakes(worker))


def _answered(worker: Worker, path: str) -> Decision | None:
    """What the assets surely answer; None where the Worker does, or where that is not known."""
    decision = serving.before(worker, path)
    sure = decision is not None and decision.kind == "assets" and not decision.doubt
    return decision if sure else None
