"""One folder, checked over unsaved texts: the same check as `wslint check`, again and again.

Each run plays everything anew. Which configurations there are is remembered from one to the next, and what was read off
texts that are still the same.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from wslint import system
from wslint.boundary import Boundary, boundary_of
from wslint.check import Options, check_found, find, open_found, run
from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Finding
from wslint.record import field, record
from wslint.report.model import Result
from wslint.safety import with_proved_fixes
from wslint.server.kept import Kept
from wslint.settings import Settings, find_settings
from wslint.text import SourceFile
from wslint.worker import Workspace
from wslint.workspace import Found


class Superseded(BaseException):
    """The run's texts are old: what it would find is of no use. No `Exception`, so that nobody takes it for a mistake
    that can be passed over."""


class Ticket:
    """One run's right to go on."""

    def __init__(self) -> None:
        self.over = False


class Buffers(Files):
    """The files of one run, under an editor's unsaved texts."""

    def __init__(
        self, base: Path, overlay: Mapping[Path, bytes], ticket: Ticket, limit: Boundary, kept: Kept
    ) -> None:
        super().__init__(base, overlay, limit)
        self.limit = limit
        self.texts = dict(overlay)
        self.ticket = ticket
        self.kept = kept

    def go_on(self) -> None:
        if self.ticket.over:
            raise Superseded

    def made(self, path: Path, data: bytes) -> SourceFile:
        return self.kept.same(super().made(path, data), self)

    def forget(self) -> None:
        self.kept.take(self)
        super().forget()

    def over(self, texts: Mapping[Path, bytes]) -> Buffers:
        return Buffers(self.base, {**self.texts, **texts}, self.ticket, self.limit, self.kept)


@record
class State:
    """What one run found. `error` says why nothing was checked."""

    files: Buffers
    workspace: Workspace
    result: Result = field(default_factory=Result)
    options: Options = field(default_factory=Options)
    error: str = ""
    wrong_settings: bool = False
    _proved: Result | None = None

    def file(self, path: Path) -> SourceFile | None:
        return self.files.read(path)

    def findings_in(self, path: Path) -> list[Finding]:
        return [finding for finding in self.result.findings if finding.span.file.path == path]

    def proved(self) -> Result:
        """The result with each safe fix proved: what was not is called unsafe (see `safety`)."""
        if self._proved is None:
            self._proved = with_proved_fixes(self.result, self.again)
        return self._proved

    def again(self, texts: Mapping[Path, bytes]) -> Result:
        """The same run with other texts."""
        return run([self.files.base], self.options, self.files.over(texts))


class Project:
    """A folder of the workspace."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._limit = boundary_of([top])
        self._found: Found | None = None
        self._kept = Kept()

    def holds(self, path: Path) -> bool:
        return path.is_relative_to(self.top)

    def forget_configurations(self) -> None:
        """Look for configurations anew with the next run: a file came, went, or may be one now."""
        self._found = None

    def check(self, texts: Mapping[Path, bytes], ticket: Ticket) -> State:
        """What stands in the project now. Raises Superseded when the ticket is over."""
        files = Buffers(self.top, texts, ticket, self._limit, self._kept)
        state = State(files, Workspace(files, date.fromisoformat(system.today())))
        with _without_collections():
            try:
                state.options = Options(_settings(self.top, state))
                self._run(state)
            except CheckError as error:
                self._found = None
                state.error = str(error)
            except Superseded:
                self._kept.take(files)
                raise
            self._kept.end(files)
        return state

    def _run(self, state: State) -> None:
        known = self._found is not None
        found = self._found or find([self.top], state.options, state.files)
        try:
            state.workspace = open_found(found, state.options, state.files)
        except CheckError:
            if not known:
                raise
            found = find([self.top], state.options, state.files)  # one of them is gone
            state.workspace = open_found(found, state.options, state.files)
        self._found = found
        state.result = check_found(state.workspace, found, state.options)


def _settings(top: Path, state: State) -> Settings:
    try:
        return find_settings(top)
    except CheckError:
        state.wrong_settings = True
        raise


@contextmanager
def _without_collections() -> Iterator[None]:
    """A run makes trees and few cycles: walking its heap again and again would cost a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
