"""One scene: a request from outside, everything that it may come to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from wslint.machine import workers
from wslint.machine.control import Dead
from wslint.machine.machine import Machine
from wslint.play.ending import Condition, Ending, regions
from wslint.play.urls import read_url
from wslint.project import serving
from wslint.record import record
from wslint.runtime import request as request_model
from wslint.runtime import response
from wslint.runtime.path_tests import Believed
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import UNDEFINED, Choice, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.worker import Worker

_EVERYTHING = frozenset({"throw", "return", "hang", "unknown", "break", "continue"})


def play(machine: Machine, name: str, run: Callable[[], Value]) -> list[Ending]:
    """Run one scene; its endings, the first way to each first."""
    machine.scene = name
    machine.roots.append((machine.serial, machine.path))
    machine.budget = machine.steps + machine.scene_budget
    collector, done = machine.collect(_EVERYTHING, run)
    exits = [*collector.exits, *([done] if done is not None else [])]
    found: dict[object, Ending] = {}
    for item, when in regions(exits, collector.root):
        for ending in _endings(machine, item.kind, item.value, item.text, item.span, when, item.path):
            known = found.setdefault(ending.place_key, ending)
            known.whole.append(ending.when)
            if known is not ending:
                known.ways += 1
                if len(ending.when) < len(known.when):
                    known.when, known.path = ending.when, ending.path
    machine.result = UNDEFINED
    with contextlib.suppress(Dead):
        machine.result = machine.meet(collector, [item for item in exits if item.kind in ("done", "return")])
    return list(found.values())


OF_A_LIFE = 4_000
"""Nodes that one of the many scenes of a life reads."""

MOST_LATER = 20
"""Functions that run after a scene: what timers call, what was spawned."""


def afterwards(machine: Machine, name: str) -> list[Ending]:
    """Run what a scene left to be run later; its endings. What the scene itself gave stays the machine's result."""
    endings: list[Ending] = []
    result = machine.result
    for function, arguments, span in machine.later[:MOST_LATER]:
        machine.later = []
        endings += play(machine, name, partial(machine.call, function, arguments, span))
    machine.result = result
    return endings


def _endings(
    machine: Machine,
    kind: str,
    value: Value,
    text: str,
    span: Span | None,
    when: list[Condition],
    path: object,
) -> list[Ending]:
    """A way's end; a value that is one of several is several endings."""
    if kind == "done" or kind == "return":
        return list(_answers(machine, value, when, path))
    return [Ending(kind, 500 if kind == "throw" else None, text, span, value, when, path)]  # type: ignore[arg-type]


def _answers(
    machine: Machine, value: Value, when: list[Condition], path: object, known: dict[int, int] | None = None
) -> list[Ending]:
    """`known` holds the masks of `when` by their choices."""
    if isinstance(value, OneOf):
        found: list[Ending] = []
        taken = {id(item.choice): item.mask for item in when} if known is None else known
        possible = taken.get(id(value.choice), value.choice.universe)
        for mask, held in value.cases:
            here = mask & possible
            if not here:
                continue
            if here == possible:
                found += _answers(machine, held, when, path, taken)
                continue
            rest = [item for item in when if item.choice is not value.choice]
            more = [*rest, Condition(value.choice, here)]
            found += _answers(machine, held, more, path, {**taken, id(value.choice): here})
        return found
    if isinstance(value, Object) and value.kind == "Response":
        status = value.slots["status"]
        if isinstance(status, OneOf):
            return [
                Ending("answer", held.status, held.text, value.place, value, held.when, path)  # type: ignore[arg-type]
                for held in _answers(machine, status, when, path)
            ]
        note = value.slots.get("note", "")
        text = note if isinstance(note, str) else ""
        if isinstance(status, int):
            return [Ending("answer", status, text, value.place, value, when, path)]  # type: ignore[arg-type]
        why = status.why if isinstance(status, Unknown) else "a status"
        return [Ending("unknown", None, f"the status is not known: {why}", value.place, value, when, path)]  # type: ignore[arg-type]
    if isinstance(value, int):
        return [Ending("answer", value, "", None, value, when, path)]  # type: ignore[arg-type]
    if value is UNDEFINED:
        return [Ending("done", None, "", None, value, when, path)]  # type: ignore[arg-type]
    why = value.why if isinstance(value, Unknown) else "what comes back"
    return [Ending("unknown", None, f"{why} is not known", None, value, when, path)]  # type: ignore[arg-type]


# Requests


def request(machine: Machine, worker: Worker, asked: Object, path: str | None) -> Value:
    """A request from outside: the static assets, then the Worker; its answer as the client gets it. `path` is
    None where several are asked for at once."""
    if path is not None:
        decision = serving.before(worker, path)
        if decision is not None:
            machine.note_worker(worker)
            assets = worker.config.value("assets")
            shows = (assets.span,) if assets is not None else ()
            machine.hop("assets", decision.span, decision.text, worker=worker.name, shows=shows)
            if decision.kind == "unknown":
                machine.give_up(decision.text, decision.span)
            if decision.doubt:
                return _built(machine, worker, asked, path, decision)
            if decision.kind == "assets":
                return _by_assets(decision)
    return _by_worker(machine, worker, asked)


def _by_worker(machine: Machine, worker: Worker, asked: Object) -> Value:
    held = workers.enter(machine, worker, asked, None, None)
    return response.received(machine, held, asked, workers.export_place(worker))


def _by_assets(decision: serving.Decision) -> Value:
    status = decision.status if decision.status is not None else 200
    return response.made(status, decision.span, None, None, decision.note or "the assets answer")


def _built(machine: Machine, worker: Worker, asked: Object, path: str, decision: serving.Decision) -> Value:
    """Assets that a build makes: it may make a file or a folder's page of the path's name, which nobody expects."""

    def unless(made: str, answer: Value, otherwise: Callable[[], Value]) -> Value:
        words = {1: f"the build makes `{made}`", 2: f"the build does not make `{made}`"}
        choice = Choice("unread", decision.span, words, 3, decision.doubt)
        choice.matters, choice.fault = False, 1
        return machine.fork(choice, [(1, lambda: answer), (2, otherwise)])

    def nothing_made() -> Value:
        return _by_assets(decision) if decision.kind == "assets" else _by_worker(machine, worker, asked)

    bare = path.rstrip("/")
    file = response.made(200, decision.span, None, None, "a file of the assets")
    page = response.made(307, decision.span, None, None, "to the page of a folder")
    return unless(bare or "/", file, lambda: unless(f"{bare}/index.html", page, nothing_made))


@record
class Handshake:
    """A handshake that was played for one address."""

    machine: Machine
    endings: list[Ending]


def play_handshake(
    worker: Worker, address: str, established: bool, believed: Believed | None = None
) -> Handshake:
    """Play a handshake for an address of the project; `believed` is a condition on its path that is taken for met."""
    machine = Machine()
    machine.established, machine.believed = established, believed
    url = read_url(address)
    if "?" not in address:
        url.slots["query"] = Unknown("the query", None, "client")
    return Handshake(machine, handshake(machine, worker, url))


def play_plain(worker: Worker, address: str) -> list[Ending]:
    """What a request for an address comes to that is no handshake: a browser's page load, a crawler's GET."""
    machine = Machine()
    url = read_url(address)
    if "?" not in address:
        url.slots["query"] = Unknown("the query", None, "client")
    asked, path = request_model.plain(url), url.slots["path"]
    return play(
        machine, "plain", lambda: request(machine, worker, asked, path if isinstance(path, str) else None)
    )


ANY = "request"


def play_any(worker: Worker, path: Value, method: Value) -> Machine:
    """A request that is no handshake; where path and method are not known it comes to all of the Worker's routes. What
    objects do with such a request is a scene of their lives."""
    machine = Machine()
    machine.stays_outside = True
    url = read_url("/")
    url.slots["path"] = path
    url.slots["query"] = Unknown("the query", None, "client")
    asked = request_model.plain(url)
    asked.slots["method"] = method
    for name in ("content-type", "content-length"):
        del asked.slots["headers"].slots["h", name]
    play(machine, ANY, lambda: request(machine, worker, asked, None))
    return machine


def behind_assets(worker: Worker, address: str) -> Handshake:
    """A handshake that has come to the Worker, whatever its assets do with the address."""
    machine = Machine()
    url = read_url(address)
    url.slots["query"] = Unknown("the query", None, "client")
    asked = request_model.handshake(url)
    return Handshake(machine, play(machine, "handshake", lambda: request(machine, worker, asked, None)))


def not_played() -> Handshake:
    """The handshake of a play that failed: nothing is known of it."""
    machine = Machine()
    return Handshake(machine, [Ending("unknown", None, "the play failed", None, UNDEFINED, [], machine.path)])


def handshake(machine: Machine, worker: Worker, url: Object) -> list[Ending]:
    """A browser's handshake for one address."""
    path = url.slots["path"]
    machine.path_asked = path if isinstance(path, str) else ""
    asked = request_model.handshake(url)
    return play(
        machine, "handshake", lambda: request(machine, worker, asked, path if isinstance(path, str) else None)
    )
