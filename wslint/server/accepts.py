"""What the play knows of a call that accepts a socket: whether it hibernates, and from where one comes there."""

from __future__ import annotations

from wslint.record import frozen
from wslint.regex import regex
from wslint.runtime.names import HIBERNATING
from wslint.server.project import State
from wslint.server.symbols import reads
from wslint.text import SourceFile, Span
from wslint.values.event import Accepted

_WORD = regex(rb"\w+")
NAMES = frozenset({"accept", *HIBERNATING})
MOST = 12
"""Addresses that are played for one answer, and that are listed."""


@frozen
class Accepting:
    """An accept call: the span of its name, and what to say of it."""

    span: Span
    text: str


def accept_at(state: State, file: SourceFile, at: int) -> Accepting | None:
    """What is known of the call whose name is at a byte; None where none is."""
    word = next(
        (word for word in _WORD.finditer(file.data, max(at - 64, 0)) if word.end() >= at),
        None,
    )
    if word is None or word.start() > at or word.group().decode("utf-8", "replace") not in NAMES:
        return None
    name = word.group().decode()
    how: dict[str, None] = {}
    reached: dict[str, None] = {}
    played = False
    for worker in state.workspace.workers:
        if not reads(worker, file.path):
            continue
        for asked in worker.addresses[:MOST]:
            played = True
            for event in worker.handshake(asked.text, False).machine.events:
                wanted = "hibernate" if name in HIBERNATING else "accept"
                if isinstance(event, Accepted) and event.how == wanted and _is_at(event, file, word.start()):
                    how[_said(event)] = None
                    reached[asked.text] = None
    if not reached and (name == "accept" or not played):
        return None
    lines = [f"- {said}" for said in how]
    lines += [f"- reached from `{url}` (`wslint trace --url {url}`)" for url in reached]
    if not reached:
        lines.append(
            "- no handshake comes here that wslint could play: `wslint trace --all` shows where each ends"
        )
    return Accepting(Span(file, word.start(), word.end()), "\n".join([f"**{name}**", "", *lines]))


def _is_at(event: Accepted, file: SourceFile, at: int) -> bool:
    place = event.place
    return place is not None and place.file.path == file.path and place.start <= at < place.end


def _said(event: Accepted) -> str:
    if event.how == "hibernate":
        return "the socket hibernates: the object may be evicted while it is open, and its messages wake it"
    if event.owner is not None:
        return "the socket does not hibernate: it keeps the object in memory as long as it is open"
    return "the socket does not hibernate: the Worker that accepted it serves it"
