"""Promises: what they were settled with, `then` and its kin, and `await`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.record import record
from wslint.runtime import kept_resolver, waiting
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.event import Gap, Listened, Raised
from wslint.values.heap import Exit, Object
from wslint.values.host import Invocation
from wslint.values.value import (
    ABSENT,
    UNDEFINED,
    Choice,
    OneOf,
    Unknown,
    Value,
    is_constant,
    kept,
    leafwise,
    leaves,
    one_of,
)

if TYPE_CHECKING:
    from wslint.machine.machine import Machine

PROMISE = Model("Promise")


@record
class Rejected:
    """What a promise was rejected with."""

    value: Value
    text: str = ""
    span: Span | None = None

    @property
    def unknown(self) -> Unknown | None:
        """The error, where nothing is known of it (see `Unknown.unknown`)."""
        return self.value if type(self.value) is Unknown else None

    def like(self, unknown: Unknown) -> Rejected:
        return Rejected(unknown, self.text, self.span)


@record
class Pending:
    """A promise that nothing is known to settle."""

    why: str
    span: Span | None = None
    never: str = "the promise is never settled"


_WATCHED = ("awaited", "watched")
"""Slots of a promise that tell whether anybody waits for it."""
_BY_TIMER = "what a timer resolves"


def made(outcome: Value, span: Span | None, gap: str = "") -> Object:
    """A promise. `outcome` is what it is fulfilled with, a `Rejected` or a `Pending`; `gap` says what it waits
    for, if other events may run meanwhile."""
    flat = list(leaves(outcome))
    if len(flat) == 1 and isinstance(flat[0], Object) and flat[0].kind == "Promise":
        return flat[0]
    return Object("Promise", {"outcome": outcome}, span, gap)


def begun(machine: Machine, promise: Object, first: int, source: Value = None) -> None:
    """A promise of work that the code has begun. Where it waits for something outside, whoever does not wait for the
    promise goes on before what follows in it; `first` is the place of its first event, `source` what it is chained to."""
    own = machine.events[first:]
    known = next(((begin, end) for one, begin, end in machine.waits if one is source), None)
    if known is not None or any(isinstance(event, Gap) for event in own):
        begin, end = known or (own[0].serial, 0)
        promise.slots.setdefault("watched", False)
        machine.waits.append((promise, begin, own[-1].serial if own else end))


def rejection(item: Exit) -> Rejected:
    return Rejected(item.value, item.text, item.span)


def settled(item: Exit) -> Value:
    """What an async function's promise comes to where the function leaves."""
    if item.kind == "throw":
        return rejection(item)
    return Pending("", item.span, item.text) if item.kind == "hang" else item.value


def settle(machine: Machine, value: Value, span: Span | None) -> Value:
    """`await value`; the value is no `OneOf`."""
    machine.awaits += 1
    if isinstance(value, Object) and value.kind == "Future":
        return value.extra(machine, span)
    hops = 0
    if isinstance(value, Object) and value.kind == "Coroutine":
        from wslint.runtime import python

        return python.settle(machine, value)
    while isinstance(value, Object) and value.kind in ("Promise", "Stub call") and hops < 20:
        if value.extra and not machine.gated:
            machine.note(Gap, span, why=value.extra, owner=machine.object)
        _mark_awaited(machine, value)
        value = machine.known(value.slots["outcome"])
        if isinstance(value, OneOf):
            if value.size > MOST_OUTCOMES and span is not None:
                together = _together(machine, value, span)
                if together is not None:
                    return together
            return machine.each(value, lambda held: _outcome(machine, held, span))
        if isinstance(value, Rejected | Pending):
            return _outcome(machine, value, span)
        hops += 1
    if isinstance(value, Rejected | Pending):
        return _outcome(machine, value, span)
    if isinstance(value, Object) and value.kind in ("Object", "Instance"):
        return _thenable(machine, value, span)
    return value


MOST_OUTCOMES = 8
"""Outcomes of one promise that are gone on with one by one."""


def _together(machine: Machine, value: OneOf, span: Span) -> Value:
    """What a promise of many outcomes is fulfilled with; on one other way it is rejected. None where it may be something
    that is not settled itself."""
    from wslint.machine.machine import snippet

    outcomes = list(value.leaves())
    rejected = [leaf for leaf in outcomes if isinstance(leaf, Rejected)]
    kinds = ("Promise", "Stub call", "Coroutine", "Future")
    if any(isinstance(leaf, Pending) or getattr(leaf, "kind", "") in kinds for leaf in outcomes):
        return None
    if not rejected:
        return value
    first = rejected[0]
    text = first.text if all(leaf.text == first.text for leaf in rejected) else ""

    def throw() -> Value:
        error = kept(value, lambda leaf: leaf.value if isinstance(leaf, Rejected) else ABSENT)
        machine.leave("throw", machine.known(error), first.span or span, text)

    if len(rejected) == len(outcomes):
        return throw()
    choice = machine.standing_for(leafwise(value, lambda leaf: isinstance(leaf, Rejected)), span)
    if not choice.words:
        choice.words.update({1: f"`{snippet(span)}` fails", 2: f"`{snippet(span)}` succeeds"})
    fulfilled = kept(value, lambda leaf: ABSENT if isinstance(leaf, Rejected) else leaf)
    return machine.fork(choice, [(1, throw), (2, lambda: machine.known(fulfilled))])


def _mark_awaited(machine: Machine, promise: Object) -> None:
    """A promise that somebody watches is awaited, or one that was made of it with `then`."""
    source: Value = promise
    for _ in range(20):
        if not isinstance(source, Object):
            return
        for key in _WATCHED:
            if key in source.slots:
                machine.put(source.slots, key, True)
        source = source.slots.get("made of")


def _derived(machine: Machine, source: Value, run: Any, span: Span) -> Value:
    """What `then` and its like make of a promise: the promise itself is awaited only if that is."""
    machine.awaits += 1
    watched = [
        key
        for key in _WATCHED
        if isinstance(source, Object) and machine.known(source.slots.get(key, True)) is False
    ]
    first = len(machine.events)
    result = made(_still_pending(machine, source) or settled_by(machine, run), span)
    begun(machine, result, first, source)
    if watched or (isinstance(source, Object) and "made of" in source.slots):
        assert isinstance(source, Object)
        for key in watched:
            machine.put(source.slots, key, False)
        result.slots["made of"] = source
    return result


def _still_pending(machine: Machine, source: Value) -> Pending | None:
    """What `then` makes of a promise that nothing settles: another such. Only who awaits it waits."""
    outcome = (
        machine.known(source.slots["outcome"])
        if isinstance(source, Object) and source.kind == "Promise"
        else None
    )
    return outcome if isinstance(outcome, Pending) else None


def settled_by(machine: Machine, run: Any) -> Value:
    """What a callback's promise comes to: a callback that waits for ever holds up nobody but who awaits it."""
    collector, done = machine.collect(frozenset({"throw", "hang"}), run)
    exits = [*collector.exits, *([done] if done else [])]
    return machine.meet(collector, exits, [settled(item) for item in exits])


def _thenable(machine: Machine, value: Object, span: Span | None) -> Value:
    """`await` of an object with a method `then` of the project's own."""
    from wslint.machine import calls
    from wslint.machine.scope import ClassValue, Closure

    cls = value.extra
    if value.kind == "Instance":
        if not isinstance(cls, ClassValue) or cls.scope.unit.language.name != "javascript" or span is None:
            return value
        found = calls.find(machine, cls, "then")
        then = calls.member(machine, value, "then", span) if found is not None else None
    else:
        then = machine.known(value.slots.get(("p", "then")))
    if not isinstance(then, Closure) or span is None:
        return value
    plain = Invocation("Promise", value, [then], span, new=True)
    return settle(machine, _executed(machine, plain, value), span)


def _outcome(machine: Machine, value: Value, span: Span | None) -> Value:
    if isinstance(value, Rejected):
        machine.leave("throw", value.value, value.span or span, value.text)
    if isinstance(value, Pending):
        if value.why:
            machine.leave("unknown", UNDEFINED, value.span or span, value.why)
        machine.leave("hang", UNDEFINED, value.span or span, value.never)
    if isinstance(value, Object) and value.kind == "Promise":
        return settle(machine, value, span)
    return value


def caught(machine: Machine, run: Any) -> Value:
    """What `run` gives, or a `Rejected`."""
    collector, done = machine.collect(frozenset({"throw"}), run)
    exits = [*collector.exits, *([done] if done else [])]
    outcomes = [rejection(item) if item.kind == "throw" else item.value for item in exits]
    return machine.meet(collector, exits, outcomes)


@PROMISE.method("then")
def then(machine: Machine, call: Invocation) -> Value:
    return _handled(machine, call, call.argument(0), call.argument(1))


@PROMISE.method("catch")
def catch(machine: Machine, call: Invocation) -> Value:
    return _handled(machine, call, UNDEFINED, call.argument(0))


def _handled(machine: Machine, call: Invocation, done: Value, failed: Value) -> Value:
    from wslint.machine.statements import mark_caught

    def run() -> Value:
        outcome = caught(machine, lambda: settle(machine, call.this, call.span))

        def one(held: Value) -> Value:
            if isinstance(held, Rejected):
                if is_constant(failed):
                    machine.leave("throw", held.value, held.span, held.text)
                mark_caught(held.value)
                return machine.call(failed, [held.value], call.span)
            if is_constant(done):
                return held
            return machine.call(done, [held], call.span)

        return machine.awaited(machine.each(outcome, one), call.span)

    return _derived(machine, call.this, run, call.span)


@PROMISE.method("finally")
def finally_(machine: Machine, call: Invocation) -> Value:
    def run() -> Value:
        outcome = caught(machine, lambda: settle(machine, call.this, call.span))
        machine.awaited(machine.call(call.argument(0), [], call.span), call.span)
        return machine.each(outcome, lambda held: _outcome(machine, held, call.span))

    return _derived(machine, call.this, run, call.span)


@maker("Promise")
def construct(machine: Machine, call: Invocation) -> Value:
    """`new Promise(executor)`: the executor runs at once; what settles later is called later."""
    return _executed(machine, call, ABSENT)


def _settlers(machine: Machine, promise: Object) -> tuple[Value, Value]:
    """`resolve` and `reject` of a promise."""
    from wslint.machine.scope import Native

    def settle_with(given: Invocation, failed: bool) -> Value:
        value = given.argument(0)
        outcome: Value = Rejected(value, machine.words_of(value), given.span) if failed else value
        before = promise.slots["outcome"]  # only the first call counts
        machine.put(
            promise.slots,
            "outcome",
            machine.lift(lambda held: outcome if isinstance(held, Pending) else held, before),
        )
        return UNDEFINED

    return (
        Native("resolve", lambda host, given: settle_with(given, False)),
        Native("reject", lambda host, given: settle_with(given, True)),
    )


def _executed(machine: Machine, call: Invocation, this: Value) -> Value:
    result = Object("the executor", {"outcome": Pending("", call.span.head())})

    resolve, reject = _settlers(machine, result)
    before = len(machine.events)
    ran = caught(machine, lambda: machine.call(call.argument(0), [resolve, reject], call.span, this))
    outcome = machine.known(result.slots["outcome"])
    if any(isinstance(held, Pending) for held in leaves(outcome)):
        heard = [event for event in machine.events[before:] if isinstance(event, Listened)]
        outcome = _later(machine, outcome, call, heard)
    if any(isinstance(held, Rejected) for held in leaves(ran)):
        outcome = machine.lift(lambda held: held if isinstance(held, Rejected) else outcome, ran)
    timed = isinstance(outcome, Unknown) and outcome.why == _BY_TIMER
    return made(outcome, call.span, "a timer" if timed else "a promise of the project's own")


def _later(machine: Machine, outcome: Value, call: Invocation, heard: list[Listened]) -> Value:
    """A promise that its executor did not settle: who was given `resolve` may do it."""
    text = call.span.file.data[call.span.start : call.span.end]
    settled: Value
    never = waiting.never_settled(machine.known(call.argument(0)), heard)
    if never:
        settled = Pending("", call.span.head(), never)
    elif b"setTimeout" in text or b"setInterval" in text or b"scheduler" in text:
        settled = Unknown(_BY_TIMER, call.span, "world")
    else:
        settled = Pending("it waits for a promise of the project's own", call.span.head())
    return machine.lift(lambda held: settled if isinstance(held, Pending) else held, outcome)


@maker("Promise.resolve")
def resolve(machine: Machine, call: Invocation) -> Value:
    return machine.each(call.argument(0), lambda held: made(held, call.span))


@maker("Promise.reject")
def reject(machine: Machine, call: Invocation) -> Value:
    value = call.argument(0)
    event = machine.note(Raised, call.span, text=machine.words_of(value), value=value, promised=True)
    if isinstance(value, Object) and value.extra is None:
        value.extra = event
    return made(Rejected(value, machine.words_of(value), call.span), call.span)


@maker("Promise.all", "Promise.allSettled", "Promise.race", "Promise.any")
def together(machine: Machine, call: Invocation) -> Value:
    from wslint.machine import members

    items = members.items(machine, call.argument(0))
    name = call.name.rpartition(".")[2]
    for item in [leaf for given in items or () for leaf in leaves(given)]:
        if isinstance(item, Object) and item.kind == "Promise":
            _mark_awaited(machine, item)
    if items is None:
        return made(
            _maybe_fails(machine, call, Unknown("what promises give", call.span)), call.span, "promises"
        )
    if name == "allSettled":
        return made(
            Object("Array", {"items": tuple(Unknown("an outcome", call.span) for _ in items)}, call.span),
            call.span,
        )
    if name in ("race", "any"):
        return made(_first(items, call), call.span, "promises")

    def run() -> Value:
        given = [machine.awaited(item, call.span) for item in items]
        return Object("Array", {"items": tuple(given)}, call.span)

    return made(caught(machine, run), call.span, "promises")


def _first(items: list[Value], call: Invocation) -> Value:
    if not items:
        return Pending("", call.span.head())
    flat: list[Value] = []
    for item in items:
        if isinstance(item, Object) and item.kind == "Promise":
            held = item.slots["outcome"]
            if not isinstance(held, Pending):
                flat.append(held)
        else:
            return item
    if len(flat) == 1:
        return flat[0]
    if not flat:
        return Pending("it waits for several promises", call.span.head())
    choice = Choice(
        "world",
        call.span,
        {1 << at: f"promise {at + 1} is the first" for at in range(len(flat))},
        (1 << len(flat)) - 1,
    )
    return one_of(choice, [(1 << at, held) for at, held in enumerate(flat)])


def _maybe_fails(machine: Machine, call: Invocation, value: Value) -> Value:
    return value


@maker("Promise.withResolvers")
def with_resolvers(machine: Machine, call: Invocation) -> Value:
    never = kept_resolver.of_deferred(call)
    why = "" if never else "it waits for a promise of the project's own"
    pending = Pending(why, call.span.head(), never) if never else Pending(why, call.span.head())
    promise = Object("Promise", {"outcome": pending}, call.span, "a promise of the project's own")
    resolve, reject = _settlers(machine, promise)
    parts = {"promise": promise, "resolve": resolve, "reject": reject}
    return Object("Object", {("p", name): value for name, value in parts.items()}, call.span)
