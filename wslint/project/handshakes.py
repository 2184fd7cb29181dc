"""Where the Worker takes a handshake, and whether static assets come first there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.record import frozen
from wslint.regex import regex
from wslint.source.clients import HOLE, ClientUrl, client_urls
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, Member, PathTest
from wslint.source.routes import ANY, Shape, covers, literal, meet, of_glob, shapes, tests_at
from wslint.upgrade import answers_upgrade, forwards, in_worker, reaches_upgrade
from wslint.worker import Worker
from wslint.wrangler.located import Value

_TELLING = regex(r"(?<![a-z])wss?(?![a-z])|socket|connect|live|chat|realtime|stream|sync", re.I)


@frozen
class Handshake:
    """One path that a Worker's code takes handshakes on: any of `paths`, as `test` says it."""

    paths: tuple[Shape, ...]
    test: PathTest
    label: str = "the Worker takes the handshake here"


def handshakes(worker: Worker) -> Iterator[Handshake]:
    """The tests of the path that stand before a handshake's answer: each alone is one that it must pass."""
    if worker.flow is None or not worker.flow.complete:
        return
    rewritten = rewritten_urls(worker)
    seen: set[tuple[int, int, str]] = set()
    for use in _answers(worker):
        for test in tests_at(use.where):
            found = shapes(test)
            key = (test.span.start, test.span.end, test.span.file.name)
            if found and key not in seen and not (urls_of(test) & rewritten):
                seen.add(key)
                yield Handshake(tuple(found), test)
    if takes_any_path(worker) and len(worker.workspace.documents) == 1:
        for client in clients(worker):
            path = client.path if client.own_host and is_served(worker, client) else None
            if path is not None and path.startswith("/"):
                shape = tuple(ANY if sign == HOLE else sign for sign in path)
                yield Handshake((shape,), PathTest(client.place, "is", path), "the client asks for it here")


def takes_any_path(worker: Worker) -> bool:
    """Whether the Worker answers handshakes without a look at the path that wslint could see."""
    return any(not tests_at(use.where) for use in _answers(worker))


def clients(worker: Worker) -> list[ClientUrl]:
    """The sockets that the project's pages and its other code open, where the Worker answers handshakes."""
    if worker.source is None or not (worker.config.durable_objects or (worker.flow and _answers(worker))):
        return []
    folders = [worker.document.folder]
    directory = worker.assets_directory
    if directory is not None and directory.kind == "folder" and directory.path is not None:
        folders.append(directory.path)  # it may be outside, or have a name that the search passes over
    own = [*worker.source.files]
    for other in (worker.front, worker.behind):
        own += other.source.files if other is not None and other.source is not None else []
    return client_urls(folders, {file.path for file in own}, worker.workspace.files)


def is_served(worker: Worker, client: ClientUrl) -> bool:
    """Whether the Worker itself serves a client's code, so that no proxy stands between the two."""
    if client.embedded:
        return True
    directory = worker.assets_directory
    if directory is None or directory.path is None:
        return False
    return directory.kind == "unknown" or client.place.file.path.is_relative_to(directory.path)


def patterns(worker: Worker) -> list[PathTest]:
    """The router patterns under which the Worker's code does anything that was followed."""
    found: dict[int, PathTest] = {}
    for use in worker.flow.uses if worker.flow else ():
        for test in tests_at(use.where):
            if test.kind == "pattern":
                found[id(test)] = test
    return list(found.values())


def _answers(worker: Worker) -> list[Use]:
    """Where the Worker answers a handshake: its own 101, or the forward to an object that gives one."""
    assert worker.flow is not None
    found: list[Use] = []
    relayed: list[Use] = []
    for use in worker.flow.uses:
        sockets = use.response.socket if use.action == "respond" and use.response is not None else None
        if sockets and in_worker(worker, use):
            (relayed if all(map(_is_anothers, sockets)) else found).append(use)
    several: dict[str, list[Use]] = {}
    for use, forward, target in forwards(worker):
        if not in_worker(worker, use) or not reaches_upgrade(use) or forward.upgrade == "no":
            continue
        if target.flow is not None and answers_upgrade(target.flow) == "yes":
            several.setdefault(target.class_name, []).append(use)
    for uses in several.values():
        # A Durable Object may take plain requests too: of several routes only those that tell count.
        found += (
            uses if len(uses) == 1 else [use for use in uses if use.where.holds("is-upgrade") or tells(use)]
        )
    # A helper that copies every response copies a socket too, where there is one.
    telling = [use for use in relayed if use.where.holds("is-upgrade") or tells(use)]
    return found + (telling if found or len(relayed) > 1 else relayed)


def _is_anothers(value: object) -> bool:
    """Whether a socket is read off a response that came from elsewhere."""
    return isinstance(value, Member) or (isinstance(value, ClientSocket) and value.made_by == "fetch")


def tells(use: Use) -> bool:
    """Whether a path's own words say that sockets are meant."""
    return any(_TELLING.search(test.text) for test in tests_at(use.where))


def urls_of(test: PathTest) -> set[int]:
    """The URL objects that a test reads."""
    urls: set[int] = set()
    for each in (test, *test.choices):
        if isinstance(each.url, Member):
            urls.add(id(each.url.of))
    return urls


def rewritten_urls(worker: Worker) -> set[int]:
    """URL objects whose path the code changes: what a test says of them says nothing of the request."""
    assert worker.flow is not None
    return {
        id(use.value)
        for use in worker.flow.uses
        if use.action == "write" and use.name in ("pathname", "href") and use.value is not None
    }


@frozen
class WorkerFirst:
    """`assets.run_worker_first`: the paths that reach the Worker before any asset."""

    value: Value | None
    everything: bool
    known: bool
    positive: tuple[Value, ...] = ()
    negative: tuple[Value, ...] = ()

    def may_take(self, shape: Shape) -> bool:
        """Whether some path of the shape may reach the Worker first."""
        if self.everything or not self.known:
            return True
        if any(covers((rule.string or "")[1:], shape) for rule in self.negative):
            return False
        return any(meet(of_glob(rule.string or ""), shape) for rule in self.positive)

    def exception(self, shape: Shape) -> Value | None:
        """The rule that takes a shape's paths from the Worker."""
        return next((rule for rule in self.negative if covers((rule.string or "")[1:], shape)), None)


def worker_first(worker: Worker) -> WorkerFirst:
    assets = worker.config.value("assets")
    value = assets.get("run_worker_first") if assets is not None else None
    if value is None:
        return WorkerFirst(None, False, True)
    if value.kind == "boolean":
        return WorkerFirst(value, value.data is True, True)
    rules = list(value.strings())
    known = value.kind == "array" and len(rules) == len(value.items)
    return WorkerFirst(
        value,
        False,
        known,
        tuple(rule for rule in rules if (rule.string or "").startswith("/")),
        tuple(rule for rule in rules if (rule.string or "").startswith("!/")),
    )


def setting(worker: Worker, key: str, default: str) -> str | None:
    """A text setting of `assets`; None when it is no text."""
    assets = worker.config.value("assets")
    value = assets.get(key) if assets is not None else None
    if value is None:
        return default
    return None if value.is_placeholder else value.string


def serves_assets(worker: Worker) -> bool:
    """Whether wrangler deploys this Worker with static assets before it, in a way that wslint can judge."""
    assets = worker.config.value("assets")
    if assets is None or assets.kind != "table" or assets.get("base_path") is not None:
        return False
    return not worker.document.is_pages and worker.document.redirect is None


def asset_at(path: str, handling: str, folder: Path, files: Files) -> tuple[Path, str] | None:
    """The file that answers a path, and the status that it answers with."""
    if not path.startswith("/") or "//" in path or "%" in path or ".." in path:
        return None
    name = path.strip("/")
    page, index = folder / f"{name}.html", folder / name / "index.html"
    if not path.endswith("/") and files.is_file(folder / name):
        return folder / name, "200"
    if handling == "none" or handling not in (
        "auto-trailing-slash",
        "force-trailing-slash",
        "drop-trailing-slash",
    ):
        return None
    if path == "/":
        return (index, "200 with a page") if files.is_file(index) else None
    has_page, has_index = files.is_file(page), files.is_file(index)
    if path.endswith("/") or not (has_page or has_index):
        return None
    if handling == "force-trailing-slash" or (handling == "auto-trailing-slash" and not has_page):
        return page if has_page else index, f"307 to `{path}/`"
    return page if has_page else index, "200 with a page"


__all__ = [
    "Handshake",
    "WorkerFirst",
    "asset_at",
    "clients",
    "handshakes",
    "is_served",
    "literal",
    "patterns",
    "rewritten_urls",
    "serves_assets",
    "setting",
    "takes_any_path",
    "tells",
    "urls_of",
    "worker_first",
]
