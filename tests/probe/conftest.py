"""Servers for a test, and a probe of one of them in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.probe.servers import Handler, Servers
from wslint.probe.diagnosis import Asked, Diagnosis, diagnose
from wslint.probe.model import Probe
from wslint.probe.run import Wishes, probe
from wslint.probe.target import target

Ask = Callable[..., tuple[Probe, Diagnosis]]


@pytest.fixture
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.stop()


@pytest.fixture
def ask(servers: Servers) -> Ask:
    """Start a server with this handler and probe it once.

    `until` is for a symptom that shows when the time is over: as long as it is another one, this machine may
    have been too slow for what comes before, and the server is asked again with more time.
    """

    def run(
        handler: Handler,
        *,
        path: str = "/ws/ABCDE",
        timeout: float = 20.0,
        until: str | None = None,
        send: str | None = None,
        expect: str | None = None,
        subprotocols: tuple[str, ...] = (),
        log: str = "",
    ) -> tuple[Probe, Diagnosis]:
        port = servers.start(handler)
        aim = target(f"ws://127.0.0.1:{port}{path}", subprotocols=subprotocols)
        for seconds in (timeout, 5 * timeout, 25 * timeout) if until else (timeout,):
            outcome = probe(aim, Wishes(seconds, send, expect))
            diagnosis = diagnose(outcome, Asked(aim, send, expect), log=log)
            if diagnosis.symptom.id == until:
                break
        return outcome, diagnosis

    return run
