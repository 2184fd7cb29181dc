"""A constructor's `blockConcurrencyWhile`: what it was given begins when the constructor is through, with all that the
constructor and the fields of derived classes have set by then, and before any event (run on workerd)."""

from __future__ import annotations

from collections.abc import Callable

from wslint.machine.machine import Machine
from wslint.record import record
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import UNDEFINED, Value

_KEY = "gates"


@record
class Gate:
    """What one call has still to do, and how it was come to."""

    run: Callable[[], None]
    chain: tuple[Span, ...]


def opened(machine: Machine, context: Object) -> None:
    """A constructor begins to run."""
    context.slots[_KEY] = Object("Gates", {}, None, ())
    machine.building.append((context, len(machine.active)))


def is_held(machine: Machine, context: Value) -> bool:
    """Whether a constructor's own code opens the gate; an asynchronous function may wait for it."""
    building, begun = machine.building[-1] if machine.building else (None, 0)
    return building is context and not any(one.is_async for one in machine.active[begun:])


def hold(machine: Machine, context: Object, run: Callable[[], None], span: Span) -> None:
    """Keep what a gate has to do, under the conditions that hold here."""
    held = machine.known(context.slots[_KEY])
    kept = held.extra if isinstance(held, Object) else ()
    machine.put(context.slots, _KEY, Object("Gates", {}, span, (*kept, Gate(run, machine.chain))))


def closed(machine: Machine, context: Object) -> None:
    """The constructor is through: its gates do what they have to, in their order."""

    def each(held: Value) -> Value:
        for gate in held.extra if isinstance(held, Object) else ():
            chain, machine.chain = machine.chain, gate.chain
            try:
                gate.run()
            finally:
                machine.chain = chain
        return UNDEFINED

    machine.each(context.slots[_KEY], each)
