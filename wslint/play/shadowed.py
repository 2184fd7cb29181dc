"""Ways to a socket to which no handshake comes, because what stands before them answers its address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wslint.play import scenes
from wslint.play.addresses import DEFAULT, MOST_TO_TRY, addresses, of_pattern
from wslint.play.ending import Ending
from wslint.play.handshake_laws import is_called, takes_sockets
from wslint.play.safely import played_safely
from wslint.play.scenes import Handshake
from wslint.record import frozen
from wslint.runtime import path_tests, response
from wslint.runtime.frameworks.routes import Route, Router, pattern_of
from wslint.runtime.path_tests import Believed, PathTest
from wslint.text import Span
from wslint.values.event import Step

if TYPE_CHECKING:
    from wslint.worker import Worker

MOST_BASES, MOST_TESTS = 4, 24
"""Addresses at which conditions on the path are collected, and conditions that are looked at."""


@frozen
class Shadowed:
    """A condition on the path, or a route, behind which a socket opens; the address that meets it, and what that comes
    to instead."""

    address: str
    place: Span
    ending: Ending


def shadowed(worker: Worker) -> Iterator[Shadowed]:
    """Conditions that no request comes to whose path meets them, and behind which a handshake opens."""
    if not takes_sockets(worker) or is_called(worker):
        return
    bases = dict.fromkeys([DEFAULT, *(asked.text for asked in addresses(worker)[: MOST_BASES - 1])])
    seen: set[PathTest] = set()
    steps = 0
    for base in bases:
        for test, address in _tests(worker.handshake(base, False).machine, base):
            if test in seen or len(seen) == MOST_TESTS or steps > MOST_TO_TRY:
                continue
            seen.add(test)
            played = worker.handshake(address, False)
            steps += played.machine.steps
            ending = _taken_before(played, test)
            if ending is not None and any(_opens(worker, one, test, address) for one in (address, base)):
                yield Shadowed(address, _where(test), ending)


def _tests(machine: Any, base: str) -> Iterator[tuple[PathTest, str]]:
    """The conditions that a play has come to and that did not hold, each with a path that meets it."""
    path = base.partition("?")[0]
    for test in machine.path_tests:
        sample = path_tests.sample(test)
        if sample is not None and sample != path:
            yield test, sample
    for router, seen in machine.dispatched:
        if seen == path and router.framework != "partyserver":
            for index, route in enumerate(router.routes):
                sample = _sample(router, index)
                if sample is not None:
                    yield PathTest("route", route.pattern or "", route.span), sample


def _sample(router: Router, index: int) -> str | None:
    """A path that meets a route, where one before it may take it: the routers of JavaScript go by the order."""
    route = router.routes[index]
    sample = of_pattern(route.pattern)
    if route.middleware or route.verb not in ("get", "all") or sample is None:
        return None
    if router.framework == "workers-rs" or any(_takes(one, router, sample) for one in router.routes[:index]):
        return sample
    return None


def _takes(route: Route, router: Router, path: str) -> bool:
    if route.middleware or route.verb not in ("get", "all") or route.pattern is None:
        return False
    pattern = pattern_of(route.pattern, router.framework)
    return pattern is not None and pattern.fullmatch(path) is not None


def _taken_before(played: Handshake, test: PathTest) -> Ending | None:
    """How a handshake ends whose path meets a condition, if it surely never comes to it and is no opening."""
    if test in played.machine.path_tests or not played.endings:
        return None
    steps = [event for event in played.machine.events if isinstance(event, Step)]
    if not any(step.kind == "entrypoint" for step in steps):
        return None  # the assets have it
    if any(step.place == test.place.head() and step.text.endswith(f" `{test.text}`") for step in steps):
        return None
    if not _is_refused(played):
        return None
    return min(played.endings, key=lambda ending: (ending.kind == "throw", len(ending.when)))


def _is_refused(played: Handshake) -> bool:
    """Whether a handshake surely is no opening, whatever a client asks for."""
    for ending in played.endings:
        if ending.status is None or ending.status == response.SWITCHING or ending.span is None:
            return False
        if any(condition.choice.owner == "unread" for way in ending.whole for condition in way):
            return False
    return bool(played.endings)


def _opens(worker: Worker, address: str, test: PathTest, sample: str) -> bool:
    """Whether a handshake opens where the condition is taken for met."""
    played = played_safely(
        worker,
        lambda: scenes.play_handshake(worker, address, False, Believed(test, sample)),
        scenes.not_played,
    )
    return any(ending.status == response.SWITCHING for ending in played.endings)


@frozen
class Odd:
    """A comparison of the Upgrade header with `text`, which keeps every handshake out."""

    text: str
    place: Span


def odd_upgrades(worker: Worker) -> Iterator[Odd]:
    """Comparisons without which a handshake would open that is now surely refused."""
    if not takes_sockets(worker):
        return
    seen: set[PathTest] = set()
    for asked in addresses(worker):
        played = worker.handshake(asked.text, False)
        for test in played.machine.path_tests:
            if test.kind != "upgrade" or test in seen or not _is_refused(played):
                continue
            seen.add(test)
            if _opens(worker, asked.text, test, ""):
                yield Odd(test.text, test.place)


def _where(test: PathTest) -> Span:
    """Where a condition is written: of a route in a chain of calls the line that names it."""
    place = test.place
    at = place.text.rfind(test.text) if test.kind == "route" else -1
    if at < 0 or "\n" not in place.text[:at]:
        return place
    start = place.start + len(place.text[:at].encode())
    return Span(place.file, start, start + len(test.text.encode()))
