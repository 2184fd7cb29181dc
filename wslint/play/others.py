"""What others leave in an object's memory, and a wake takes: requests that are no handshakes, and calls of its methods.

It is looked at where the sockets' own events leave nothing that a wake takes: what others do is more open, and blurs what
comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from wslint.machine import calls, objects
from wslint.machine.scope import Closure
from wslint.source.flow.values import Stub
from wslint.values.event import Wrote
from wslint.values.heap import Object
from wslint.values.value import Unknown, Value

if TYPE_CHECKING:
    from wslint.play.life import Director

MOST_CALLED = 4
"""Methods that are tried."""


def compare(director: Director, message: Callable[[], Value], requests: list[Object]) -> None:
    """Play a message after what others did, with the memory that this left and without."""
    machine, wakes = director.machine, director.life.wakes
    asked = [("a request", director.plain_run(request)) for request in requests]
    for name, run in (*asked, *_calls(director)):
        mark, path = len(machine.log.entries), machine.path
        scene = director.play_scene(name, run)
        if any(event.holder.kind == "Instance" for event in scene.of(Wrote)):
            wakes.append(director.twice(f"message after the wake and {name}", message, director.evict))
        machine.log.rollback(mark)
        machine.path = path
        if wakes and wakes[-1].differences:
            return


def _calls(director: Director) -> Iterator[tuple[str, Callable[[], Value]]]:
    """The methods that the project's code calls on stubs, with arguments of which nothing is known."""
    machine, life, instance = director.machine, director.life, director.instance
    if instance is None or life.worker.flow is None:
        return
    called = [
        use.name for use in life.worker.flow.uses if use.action == "call" and isinstance(use.value, Stub)
    ]
    for name in list(dict.fromkeys(called))[:MOST_CALLED]:
        method = calls.member(machine, instance, name, life.cls.place)
        if not isinstance(method, Closure):
            continue
        given: list[Value] = [
            Unknown("what the object is called with", None, "client") for _ in method.node.parameters
        ]

        def run(name: str = name, given: list[Value] = given) -> Value:
            objects.run(machine, instance, name, given, life.cls.place)
            return None

        yield f"a call of `{name}`", run
