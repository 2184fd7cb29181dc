"""Requests that are no handshakes: what a Worker's routes do with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.machine.machine import Machine
from wslint.play import scenes
from wslint.play.addresses import MOST_ROUTES, of_pattern
from wslint.values.value import Unknown

if TYPE_CHECKING:
    from wslint.worker import Worker


def other_requests(worker: Worker) -> Iterator[Machine]:
    """The machines that played one for any path; where routers need to know it, one for each of their routes."""
    any_method = Unknown("the method", None, "client")
    machine = scenes.play_any(worker, Unknown("the path", None, "client"), any_method)
    yield machine
    tried: set[tuple[str, str]] = set()
    for route in (route for router in machine.routers for route in router.routes if not route.middleware):
        text = of_pattern(route.pattern)
        if text is None or (text, route.verb) in tried or len(tried) == MOST_ROUTES:
            continue
        tried.add((text, route.verb))
        yield scenes.play_any(worker, text, any_method if route.verb == "all" else route.verb.upper())
