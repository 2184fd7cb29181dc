"""When a project is checked: after each change, once typing pauses, and never twice at a time.

A check runs in a thread of its own. A change that comes meanwhile ends it: what it would find is of the past. Whoever
asks something of the project waits until the last change has been checked.
"""

from __future__ import annotations

import asyncio
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from wslint.server.project import Project, State, Superseded, Ticket

SHORTEST, LONGEST = 0.005, 0.3
"""Seconds between a change and its check. A project that takes long is asked less often."""

STACK = 64 * 1024 * 1024
"""What code nests as deep as is allowed needs more calls than the stack of a thread has room for on some systems."""

Answer = TypeVar("Answer")


def make_thread() -> ThreadPoolExecutor:
    """The one thread that checks: what plays work out on demand is not made for two."""
    before = threading.stack_size(STACK)
    try:
        thread = ThreadPoolExecutor(1, "wslint")
        thread.submit(int).result()  # threads start when they are needed
    finally:
        threading.stack_size(before)
    return thread


class Runner:
    """One project's checks. `texts` gives the editor's texts, `publish` is told of each new state, `fail` of a
    mistake in wslint."""

    def __init__(
        self,
        project: Project,
        thread: ThreadPoolExecutor,
        texts: Callable[[], Mapping[Path, bytes]],
        publish: Callable[[Runner], None],
        fail: Callable[[str], None],
    ) -> None:
        self.project = project
        self.state: State | None = None
        self._thread, self._texts, self._publish, self._fail = thread, texts, publish, fail
        self._ticket = Ticket()
        self._task: asyncio.Task[None] | None = None
        self._took = 0.0

    def changed(self) -> None:
        """Check anew."""
        self.stop()
        self._ticket = Ticket()
        self._task = asyncio.get_running_loop().create_task(self._check(self._ticket))

    def stop(self) -> None:
        """End the check that runs."""
        self._ticket.over = True

    async def fresh(self) -> State | None:
        """The state after the last change."""
        while (task := self._task) is not None and not task.done():
            await asyncio.wait({task})
        return self.state

    async def ask(self, question: Callable[[State], Answer]) -> Answer | None:
        """The answer to a question about the last state; None where there is none, or a change came in between."""
        state = await self.fresh()
        if state is None:
            return None
        state.files.ticket = self._ticket
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, _safely, question, state)
        except _Given as failure:
            if failure.report:
                self._fail(failure.report)
            return None

    async def _check(self, ticket: Ticket) -> None:
        await asyncio.sleep(min(max(SHORTEST, self._took / 2), LONGEST))
        if ticket.over:
            return
        started = time.monotonic()
        texts = self._texts()
        try:
            state = await asyncio.get_running_loop().run_in_executor(
                self._thread, _safely, lambda _: self.project.check(texts, ticket), None
            )
        except _Given as failure:
            if failure.report:
                self._fail(failure.report)
            return
        self._took = time.monotonic() - started
        if not ticket.over:
            self.state = state
            self._publish(self)


class _Given(Exception):
    """A question that was given up; `report` where that was a mistake."""

    def __init__(self, report: str) -> None:
        super().__init__(report)
        self.report = report


Asked = TypeVar("Asked")


def _safely(question: Callable[[Asked], Answer], about: Asked) -> Answer:
    """Whatever a text makes of wslint, the server goes on."""
    try:
        return question(about)
    except Superseded:
        raise _Given("") from None
    except Exception as error:
        report = traceback.format_exc()
        raise _Given(f"this is a mistake in wslint: {error!r}\n{report}") from None
