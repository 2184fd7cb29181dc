"""The lines over fetch handlers that trace a handshake, and what becomes of them when they are chosen.

The editor is told of a command that the server carries out itself, so that no editor needs code of its own for it. The
trace is shown as a document where the editor can show one that it is told to (VS Code, Neovim from 0.9 on, Zed), else as
a message.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types

from wslint.play.addresses import Asked
from wslint.record import frozen
from wslint.server.places import Places
from wslint.server.project import State
from wslint.server.symbols import reads
from wslint.text import Span
from wslint.trace import predict, render
from wslint.values.event import Step
from wslint.worker import Worker

COMMAND = "wslint.trace"
MOST = 3
"""Lines over one handler: the addresses that the project names first."""


@frozen
class Traced:
    """A trace as text, under a name for its document."""

    name: str
    text: str


def lenses(state: State, path: Path, places: Places) -> list[types.CodeLens]:
    """One line for each address that leads through a fetch handler of a file."""
    found: dict[tuple[int, str], types.CodeLens] = {}
    over: dict[int, int] = {}
    for worker in state.workspace.workers:
        if not reads(worker, path):
            continue
        for asked in worker.addresses:
            for span in _handlers(worker, asked):
                key = (span.start, asked.text)
                if span.file.path != path or key in found or over.get(span.start, 0) == MOST:
                    continue
                over[span.start] = over.get(span.start, 0) + 1
                found[key] = types.CodeLens(places.range(span), _command(worker, asked, places))
    return [found[key] for key in sorted(found, key=lambda key: key[0])]


def _command(worker: Worker, asked: Asked, places: Places) -> types.Command:
    where = places.uri(worker.document.file.path)
    title = f"trace this handshake: {asked.text}"
    return types.Command(title, COMMAND, arguments=[where, worker.config.environment, asked.text])


def _handlers(worker: Worker, asked: Asked) -> Iterator[Span]:
    """The fetch handlers that a handshake comes through: the entrypoint's, then those of classes."""
    steps = [step for step in worker.handshake(asked.text, False).machine.events if isinstance(step, Step)]
    flow = worker.flow
    for step in steps:
        if step.kind == "entrypoint" and step.place is not None:
            yield step.place
        elif step.kind == "class" and step.place is not None and flow is not None:
            cls = next((cls for cls in flow.classes.values() if _same(cls.span, step.place)), None)
            member = cls.members.get("fetch") if cls is not None else None
            if member is not None:
                yield member.span


def _same(one: Span, other: Span) -> bool:
    return one.start == other.start and one.file.path == other.file.path


def traced(state: State, config: Path, environment: str | None, url: str) -> Traced | None:
    """The trace of an address; None where the Worker is there no more."""
    for worker in state.workspace.workers:
        if worker.document.file.path == config and worker.config.environment == environment:
            trace = predict.trace_worker(worker, url, state.result.findings)
            name = re.sub(r"[^\w.]+", "-", f"trace {worker.name or ''} {url}").strip("-")
            return Traced(f"{name[:80]}.txt", render.text([trace]))
    return None


class Shown:
    """The documents that were shown: in a folder of the session, which goes with it."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def write(self, trace: Traced) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="wslint-"))
        path = self._folder / trace.name
        path.write_text(trace.text, encoding="utf-8")
        return path

    def end(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def arguments(given: tuple[Any, ...]) -> tuple[str, str | None, str] | None:
    """The command's arguments, if they are those that `lenses` gives."""
    if len(given) == 3 and isinstance(given[0], str) and isinstance(given[2], str):
        config, environment, url = given
        if environment is None or isinstance(environment, str):
            return config, environment, url
    return None
