"""The names that handshakes ask objects by, where a client leaves out what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.play.addresses import addresses
from wslint.play.ending import Condition, conditions
from wslint.play.laws import is_clients, said_of
from wslint.record import frozen
from wslint.text import Span
from wslint.values.event import Named
from wslint.values.value import UNDEFINED, OneOf, Unknown, Value, leaves

if TYPE_CHECKING:
    from wslint.worker import Worker

_NOTHING = {"null": "null", "undefined": "undefined"}


@frozen
class Nameless:
    """An object that is asked for by the text of nothing: `name`, and where it is so."""

    name: str
    place: Span
    when: str


def nameless(worker: Worker) -> Iterator[Nameless]:
    """Handshakes that open and have asked for an object by `null` or `undefined`, for what a client asks for."""
    for asked in addresses(worker):
        played = worker.handshake(asked.text, False)
        if not any(ending.status == 101 for ending in played.endings):
            continue
        for event in played.machine.events:
            if not isinstance(event, Named) or event.place is None or event.scene != "handshake":
                continue
            way = conditions(event.path)
            for name, more, parameter in _names(event.name, []):
                whole = [*way, *more]
                if is_clients(whole):
                    said = [f"the query has no `{parameter}`"] if parameter else []
                    said += [words for words in [said_of([whole])] if words]
                    yield Nameless(name, event.place, " and ".join(said) or f"the address is `{asked.text}`")
                    break


def _names(value: Value, way: list[Condition]) -> Iterator[tuple[str, list[Condition], str]]:
    """The ways on which a name is that of nothing: the name, the conditions, and the parameter that is left out."""
    if isinstance(value, OneOf):
        for mask, held in value.cases:
            yield from _names(held, [*way, Condition(value.choice, mask)])
    elif value is None or value is UNDEFINED:
        yield ("null" if value is None else "undefined"), way, ""
    elif isinstance(value, str):
        if value in _NOTHING:
            yield str(value), way, ""
    elif isinstance(value, Unknown):
        found = _left_out(value)
        if found is not None:
            yield found[0], way, found[1]


def _left_out(value: Unknown) -> tuple[str, str] | None:
    """What a parameter of the query is as a text where it is missing, if nothing was ever asked of it; with its name."""
    around = ("", "")
    while value.asked is not None:
        if any(not _is_text(key) for key in value.known):
            return None
        whole, question = value.asked
        if not isinstance(question, tuple):
            return None
        if question[0] == "query" and question[1] in ("get", "entry") and isinstance(question[2], str):
            if is_limited(whole, question[2]):
                return None
            text = "null" if question[1] == "get" else "undefined"
            return text.join(around), question[2]
        parts = question[1] if question[0] == "text" else ()
        unknown = [place for place, part in enumerate(parts) if not isinstance(part, str)]
        if len(unknown) != 1:
            return None
        around = around[0] + "".join(parts[: unknown[0]]), "".join(parts[unknown[0] + 1 :]) + around[1]
        value = whole
    return None


def is_limited(query: Unknown, name: str) -> bool:
    """Whether something was asked of a query that may leave out those without a parameter."""
    for key, answer in query.known.items():
        if _is_odd(key) or not isinstance(key, tuple):
            return True
        if key[2] == name and any(not _is_text(asked) for asked in answer.known):
            return True
    return False


def guarded(worker: Worker) -> Iterator[Span]:
    """Where an object is asked for by a parameter of a query that was asked about before."""
    for asked in addresses(worker):
        for event in worker.handshake(asked.text, False).machine.events:
            if isinstance(event, Named) and event.place is not None:
                if isinstance(event.name, OneOf):
                    yield event.place  # what it is where the query lacks it is known
                for value in leaves(event.name):
                    query = value.known.get("root") if isinstance(value, Unknown) else None
                    if query is not None and any(_is_odd(key) for key in query.known):
                        yield event.place


def _is_odd(key: object) -> bool:
    return not isinstance(key, tuple) or key[0] != "query" or key[1] not in ("get", "entry")


def _is_text(key: object) -> bool:
    """Whether something known of a value is only that it was made a text."""
    return key in ("text", "parts", "prefix", "most", "root") or (isinstance(key, tuple) and key[0] == "text")
