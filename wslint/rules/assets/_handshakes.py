"""Where the Worker takes a handshake, and whether static assets come first there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wslint.source.flow.uses import Use
from wslint.source.flow.values import Member, PathTest
from wslint.source.routes import Shape, covers, literal, meet, of_glob, shapes, tests_at
from wslint.upgrade import answers_upgrade, forwards, in_worker, reaches_upgrade
from wslint.worker import Worker
from wslint.wrangler.located import Value

_TELLING = re.compile(r"ws|socket|connect|live|chat|realtime|stream|sync", re.I)


@dataclass(frozen=True, slots=True)
class Handshake:
    """One path that a Worker's code takes handshakes on: any of `paths`, as `test` says it."""

    paths: tuple[Shape, ...]
    test: PathTest
    use: Use


def handshakes(worker: Worker) -> Iterator[Handshake]:
    """The tests of the path that stand before a handshake's answer: each alone is one that it must pass."""
    if worker.flow is None or not worker.flow.complete:
        return
    rewritten = _rewritten(worker)
    seen: set[tuple[int, int, str]] = set()
    for use in _answers(worker):
        for test in tests_at(use.where)[0]:
            found = shapes(test)
            key = (test.span.start, test.span.end, test.span.file.name)
            if found and key not in seen and not (_urls(test) & rewritten):
                seen.add(key)
                yield Handshake(tuple(found), test, use)


def takes_any_path(worker: Worker) -> bool:
    """Whether the Worker answers handshakes without a look at the path that wslint could see."""
    return any(not tests_at(use.where)[0] for use in _answers(worker))


def _answers(worker: Worker) -> list[Use]:
    """Where the Worker answers a handshake: its own 101, or the forward to an object that gives one."""
    assert worker.flow is not None
    found = [
        use
        for use in worker.flow.uses
        if use.action == "respond" and use.response is not None and use.response.socket and in_worker(worker, use)
    ]
    several: dict[str, list[Use]] = {}
    for use, forward, target in forwards(worker):
        if not in_worker(worker, use) or not reaches_upgrade(use) or forward.upgrade == "no":
            continue
        if target.flow is not None and answers_upgrade(target.flow) == "yes":
            several.setdefault(target.class_name, []).append(use)
    for uses in several.values():
        # A Durable Object may take plain requests too: of several routes only those that tell count.
        found += uses if len(uses) == 1 else [use for use in uses if use.where.holds("is-upgrade") or _tells(use)]
    return found


def _tells(use: Use) -> bool:
    return any(_TELLING.search(test.text) for test in tests_at(use.where)[0])


def _urls(test: PathTest) -> set[int]:
    urls: set[int] = set()
    for each in (test, *test.choices):
        if isinstance(each.url, Member):
            urls.add(id(each.url.of))
    return urls


def _rewritten(worker: Worker) -> set[int]:
    """URL objects whose path the code changes: what a test says of them says nothing of the request."""
    assert worker.flow is not None
    return {
        id(use.value)
        for use in worker.flow.uses
        if use.action == "write" and use.name in ("pathname", "href") and use.value is not None
    }


@dataclass(frozen=True, slots=True)
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


__all__ = ["Handshake", "WorkerFirst", "handshakes", "literal", "serves_assets", "setting", "worker_first"]
