"""Storage that is emptied under sockets that stay."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.play.laws import class_span
from wslint.play.life import EMPTIED, Life
from wslint.record import frozen
from wslint.runtime.storage import NO_TABLE
from wslint.text import Span
from wslint.values.event import Stored
from wslint.values.value import feasible


@frozen
class Emptied:
    """A statement that fails on a socket that was open when everything was deleted."""

    text: str
    place: Span
    deleted: Span | None
    within: Span


def emptied(life: Life) -> Iterator[Emptied]:
    """What a message then throws, where only clients and the ordinary course of things lead there."""
    scene = life.scene(EMPTIED)
    if scene is None or not life.hibernates:
        return
    for ending in scene.endings:
        if ending.kind != "throw" or NO_TABLE not in ending.text or ending.span is None:
            continue
        for way in ending.whole:
            conditions = [(one.choice, one.mask) for one in way]
            if all(choice.owner == "client" for choice, _ in conditions) and feasible(conditions):
                yield Emptied(ending.text, ending.span, _deleted(life), class_span(life))
                return


def _deleted(life: Life) -> Span | None:
    return next(
        (
            event.place
            for event in life.machine.events
            if isinstance(event, Stored)
            and event.action == "deleteAll"
            and event.scene.endswith("that deletes")
        ),
        None,
    )
