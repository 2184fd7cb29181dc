"""The first message to an object that was never used: what it reads from storage is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from wslint.machine.machine import Machine
from wslint.play.ending import Ending
from wslint.play.laws import MESSAGES, class_span, is_clients, line, said_of
from wslint.play.life import Director, Life
from wslint.play.safely import played_safely
from wslint.record import frozen
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.values.event import Lacking, Stored

if TYPE_CHECKING:
    from wslint.worker import Worker


@frozen
class NeverStored:
    """A handler that throws for what storage lacks, and that nothing ever puts there."""

    text: str
    place: Span
    lacking: Lacking
    when: str
    within: Span


class _FirstMessage(Director):
    """A new object, a handshake, and the first message."""

    def run(self) -> None:
        self._handshake("handshake")
        if self.instance is None:
            return
        from wslint.machine import objects

        context = objects.context_of(self.machine, self.instance)
        self._holding(context)
        sockets = self._sockets(context)
        if sockets:
            self.followed = [sockets[0]]
            self.machine.lacked = []  # what is read before may be set by other calls than these
            self._message(MESSAGES[0], sockets[0])


def never_stored(worker: Worker) -> Iterator[NeverStored]:
    """Where a message handler surely throws in every new object, and therefore in every object."""
    for known in worker.lives:
        if known.hibernates and any(
            isinstance(event, Stored) and event.action in ("get", "sql") for event in known.machine.events
        ):
            found: list[NeverStored] = played_safely(worker, partial(_of, worker, known), list)
            yield from found


def _of(worker: Worker, known: Life) -> list[NeverStored]:
    life = _played(worker, known, frozenset())
    found: list[NeverStored] = []
    for ending in _thrown(life):
        lacking = next((one for one in _lacked(life) if _is_why(worker, known, one, ending)), None)
        if lacking is not None and not _is_filled(life, lacking):
            ways = [way for way in ending.whole if is_clients(way)]
            assert ending.span is not None
            found.append(NeverStored(ending.text, ending.span, lacking, said_of(ways), class_span(life)))
    return found


def _played(worker: Worker, known: Life, held: frozenset[tuple[str, str]]) -> Life:
    """The first message to a new object, whose storage holds something under what is `held` and nothing else."""
    machine = Machine()
    machine.noting_reads = True
    machine.scene_budget = known.machine.scene_budget
    machine.lacked, machine.held = [], held
    life = Life(worker, known.cls, machine)
    _FirstMessage(life, [known.path] if known.path else []).run()
    return life


def _thrown(life: Life) -> Iterator[Ending]:
    """How the first message ends where the handler throws on what a client may send."""
    scene = life.scene(MESSAGES[0])
    for ending in scene.endings if scene is not None else ():
        if (
            ending.kind == "throw"
            and ending.span is not None
            and ending.text
            and any(map(is_clients, ending.whole))
        ):
            yield ending


def _lacked(life: Life) -> list[Lacking]:
    """What the first message looked for and did not find, each once, the last first."""
    return list({(one.kind, one.name): one for one in reversed(life.machine.lacked or ())}.values())


def _is_why(worker: Worker, known: Life, lacking: Lacking, ending: Ending) -> bool:
    """Whether the handler no longer throws there, for sure, where storage holds this one thing."""
    other = _played(worker, known, frozenset([(lacking.kind, lacking.name)]))
    scene = other.scene(MESSAGES[0])
    return scene is not None and not any(one.place_key == ending.place_key for one in _thrown(other))


def _is_filled(life: Life, lacking: Lacking) -> bool:
    """Whether anything may ever put it there: code that was played, or code that names it elsewhere."""
    for event in life.machine.events:
        if not isinstance(event, Stored) or event.action == "get":
            continue
        if event.action != "sql" and (not isinstance(event.key, str) or event.key == lacking.name):
            return True
        if event.action == "sql" and not isinstance(event.key, str):
            return True
    within = next(
        (one for one in _methods(life) if one.file is lacking.place.file and _holds(one, lacking)), None
    )
    files = life.worker.source.files if life.worker.source is not None else []
    for file in files:
        kind = (
            "property" if lacking.kind == "key" and file.path.suffix not in (".rs", ".py") else lacking.kind
        )
        pattern = _NAMED[kind].replace("NAME", re.escape(lacking.name))
        for match in re.finditer(pattern.encode(), file.data, re.I):
            inside = within is not None and file is within.file and within.start <= match.start() < within.end
            if not inside or match.end() < lacking.place.start:
                return True
        if any(re.search(word, file.data, re.I) for word in _ANYTHING):
            return True
    return False


_NAMED = {
    "key": r"""["'`]NAME["'`]""",
    "property": r"""(?:["'`]NAME["'`]|\bNAME\s*:)""",
    "table": r"""\b(?:insert|replace)\b[^;]*?\binto\s+["`\[]?NAME\b|\bas\s+select\b""",
}
"""How the code writes a key or fills a table, wherever it does."""
_ANYTHING = (rb"\binto\s+[$%{'\"]", rb"\.put\(\s*\{", rb"put_multiple")
"""What may fill anything."""


def _methods(life: Life) -> Iterator[Span]:
    for cls in line(life):
        for node in nodes_in(cls.node):
            if isinstance(node, tree.Function):
                yield cls.scope.unit.span(node)


def _holds(span: Span, lacking: Lacking) -> bool:
    return span.start <= lacking.place.start and lacking.place.end <= span.end
