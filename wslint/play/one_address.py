"""The life of the sockets that one address leads to: what follows its handshake, told scene by scene."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.machine import objects
from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue
from wslint.play import scenes
from wslint.play.life import Director, Life, Scene
from wslint.runtime import request as request_model
from wslint.values.event import Event
from wslint.values.heap import Object
from wslint.values.token import token
from wslint.values.value import OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.worker import Worker

SCENE_STEPS = 20_000
LIFE_STEPS = 200_000
"""One address is played with more patience than all classes of a check."""


class Listener:
    """Who hears what is played while it is: of each event when it happens, of each scene before it is taken back."""

    machine: Machine

    def hear(self, event: Event) -> None:
        """Something happened."""

    def tell(self, life: Life, scene: Scene, clients: list[Object]) -> None:
        """A scene came to its end. `clients` are the sockets that are followed, the first client's first."""


def life_of(front: Worker, url: Object, listener: Listener) -> Life | None:
    """The life of the class that a handshake for `url` comes to; None where it comes to none whose sockets
    hibernate."""
    machine = Machine()
    machine.noting_reads = True
    machine.scene_budget = SCENE_STEPS
    reached = _reached(machine, front, url)
    if reached is None:
        return None
    worker, cls = reached
    life = Life(worker, cls, machine)
    listener.machine = machine
    machine.noted = listener.hear
    _OneAddress(life, front, url, listener).run()
    machine.noted = None
    return life


def _reached(machine: Machine, front: Worker, url: Object) -> tuple[Worker, ClassValue] | None:
    """The Worker and the class that take the socket: a handshake is played, and taken back."""
    mark, path = len(machine.log.entries), machine.path
    scenes.handshake(machine, front, url)
    found: tuple[Worker, ClassValue] | None = None
    for key, instance in _instances(machine):
        context = objects.context_of(machine, instance)
        if any(held for held in _leaves(context.slots["sockets"])):
            found = next((worker, instance.extra) for worker in machine.workers if id(worker) == key[0])
            break
    machine.log.rollback(mark)
    machine.path = path
    machine.events.clear()
    machine.later = []
    machine.steps = 0
    return found


def _instances(machine: Machine) -> Iterator[tuple[tuple[int, object, object], Object]]:
    for key, held in machine.isolate.items():
        for one in _leaves(held):
            if isinstance(one, Object) and isinstance(one.extra, ClassValue) and isinstance(key, tuple):
                yield key, one


def _leaves(value: Value) -> list[Value]:
    return list(value.leaves()) if isinstance(value, OneOf) else [value]


class _OneAddress(Director):
    """Plays what follows the handshake of one address."""

    longest = LIFE_STEPS

    def __init__(self, life: Life, front: Worker, url: Object, listener: Listener) -> None:
        path = url.slots["path"]
        super().__init__(life, [path] if isinstance(path, str) else [])
        self.front = front
        self.url = url
        self.listener = listener

    def played(self, scene: Scene) -> Scene:
        self.listener.tell(self.life, scene, self.followed)
        return scene

    def woken(self, instance: Object) -> None:
        before = self.instance
        super().woken(instance)
        if before is not None and self.life.forgotten is None:
            self.life.forgotten = list(_forgotten(before, instance))

    def _url(self, path: Value) -> Object:
        """The address as it was given; where another path is asked for, the rest of it."""
        slots = dict(self.url.slots)
        if isinstance(path, Unknown):
            slots["path"] = path
        return Object("URL", slots)

    def _request(self, asked: Object) -> Value:
        path = self.machine.known(request_model.path(self.machine, asked))
        return scenes.request(self.machine, self.front, asked, path if isinstance(path, str) else None)

    def _direct(self, name: str) -> Scene | None:
        """An address that does not lead to the class is not played as if it did."""
        return None


def _forgotten(before: Object, after: Object) -> Iterator[str]:
    """The fields that hold something else once the object was evicted."""
    for key, held in before.slots.items():
        if not isinstance(key, tuple) or key[0] != "p":
            continue
        if token(_content(held))[0] != token(_content(after.slots.get(key)))[0]:
            yield str(key[1])


def _content(value: Value) -> Value:
    """What a field of Rust's holds in its cell."""
    return value.slots.get("value") if isinstance(value, Object) and value.kind == "Cell" else value
