"""The machine: the state of one play of one Worker, and what the runtime model may ask of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from wslint.late import Late
from wslint.machine.control import Control, Dead
from wslint.machine.scope import ClassValue, Closure, Global, Native, Scope, Unit
from wslint.record import record
from wslint.runtime import words
from wslint.runtime.path_tests import Believed, PathTest
from wslint.source import tree
from wslint.text import SourceFile, Span
from wslint.values.event import Event, Lacking, Raised, Read, Step, Unread
from wslint.values.heap import Object, Path
from wslint.values.host import Invocation
from wslint.values.token import token
from wslint.values.value import (
    ABSENT,
    UNDEFINED,
    Choice,
    OneOf,
    Owner,
    Unknown,
    Value,
    leafwise,
    leaves,
    owner_among,
    shape,
)

if TYPE_CHECKING:
    from wslint.machine import calls, modules
    from wslint.runtime import promise
    from wslint.worker import Worker
else:
    calls = Late("wslint.machine.calls")
    modules = Late("wslint.machine.modules")
    promise = Late("wslint.runtime.promise")

MOST_STEPS = 40_000
"""Nodes that one scene reads."""

MOST_CALLS = 60
"""Calls within calls."""

MOST_DEPTH = 420
"""Expressions within expressions, over all calls."""


DEEP = 12_000
"""Frames of Python that the deepest code takes: about twenty for each expression within another one."""


@record
class Covered:
    """A statement that ran, and how it was come to. `serial` is the count of events before it."""

    file: SourceFile
    start: int
    end: int
    serial: int
    scene: str
    path: Path
    chain: tuple[Span, ...]


class Machine(Control):
    """The state of one play. A scene runs with `play.scenes`; everything that happens goes to `events`."""

    def __init__(self) -> None:
        super().__init__()
        if sys.getrecursionlimit() < DEEP:
            sys.setrecursionlimit(DEEP)
        self.scene = "load"
        self.steps = 0
        self.depth = 0
        self.scene_budget = MOST_STEPS
        self.budget = MOST_STEPS
        self.events: list[Event] = []
        self.noted: Callable[[Event], None] | None = None
        """Who is told of each event when it happens: later the values in it may have been taken back."""
        self.chain: tuple[Span, ...] = ()
        self.active: list[tree.Function] = []
        self.units: dict[tuple[int, str], Unit] = {}
        self.glued: dict[int, Unit] = {}
        """The wasm-bindgen glue that classes of Rust are reached through, by their nodes."""
        self.started: set[int] = set()
        """The glue that a module's top level has started: in every isolate, whatever a request does in one."""
        self.namespaces: dict[int, Object] = {}
        """Modules whose names are being read as one object."""
        self.loading = 0
        self.gated = 0
        self.isolate: dict[Any, Value] = {}
        """What lives as long as the isolate: Durable Objects by class and name."""
        self.constructing: set[Any] = set()
        """The objects whose constructor runs."""
        self.building: list[tuple[Object, int]] = []
        """Their contexts, innermost last, each with the count of the functions that ran before."""
        self.requests: list[Object] = []
        """The requests that are being answered, innermost last."""
        self.objects: list[Object] = []
        """The contexts of the Durable Objects whose code runs, innermost last."""
        self.workers: list[Worker] = []
        self.pinned: dict[int, Value] = {}
        """What the subject of a `switch` is, by its node, while its arms are tested."""
        self.later: list[tuple[Value, list[Value], Span]] = []
        """What timers call."""
        self.waits: list[tuple[Object, int, int]] = []
        """The promises of the code's own asynchronous work that waits for something outside, each with the count of its
        first and of its last event."""
        self.result: Value = UNDEFINED
        """What the last scene gave where it came to its end."""
        self.lacked: list[Lacking] | None = None
        """What was looked for in the storage of a new object and was not there; None where storage may hold anything."""
        self.held: frozenset[tuple[str, str]] = frozenset()
        """The keys and tables, by kind and name, under which a new object's storage holds something after all."""
        self.established = False
        """Whether Durable Objects are taken to have lived before: what they hold is then not known."""
        self.stays_outside = False
        """Whether Durable Objects answer something that is not known, and their code is not played."""
        self.noting_reads = False
        self.conditions: dict[tree.If, tuple[str | None, bool]] = {}
        """What `guards` reads off a condition."""
        self.below: dict[tree.If, tuple[str | None, bool]] = {}
        """The same of all that lies in it."""
        self.standing: dict[Any, Choice] = {}
        """Choices that stand for conditions over several others."""
        self.tested_path = False
        self.looked_at_path = False
        self.path_asked = ""
        """The path of the request that the scene begins with, where it is known."""
        self.path_tests: dict[PathTest, None] = {}
        """The conditions on the whole of it that the Worker has asked, in their order."""
        self.believed: Believed | None = None
        """The one of them that is taken for met."""
        self.dispatched: list[tuple[Any, str]] = []
        """The routers that the Worker gave the request to, each with the path it saw."""
        self.routers: list[Any] = []
        """The routers that were given a request."""
        self.stripped: list[tuple[str, Span]] = []
        """What routers around the code that runs took off the path, and where."""
        """Whether the condition that is being read looks at the path of the request."""
        self.covering: list[Covered] | None = None
        """The statements that ran; kept where findings are placed on a way."""
        self.roots: list[tuple[int, Path]] = []
        self.awaits = 0
        """How often something was waited for: in between, connections may open."""
        """The conditions under which each scene began, by the count of events before it."""

    # Budget

    def step(self, span_of: Callable[[], Span] | None = None) -> None:
        self.steps += 1
        if self.steps > self.budget:
            self.give_up("the code is too long to follow", None)

    # Events

    def note(self, made: type[Event], span: Span | None, **given: Any) -> Event:
        event = made(span, self.scene, self.path, self.chain, self.tick(), self.gone(), **given)
        self.events.append(event)
        if self.noted is not None:
            self.noted(event)
        return event

    def note_read(self, holder: Object, name: str, held: Value, span: Span | None) -> None:
        """A field of an instance was read; what the runtime gave the object is none."""
        given = isinstance(held, Object) and held.kind in ("DurableObjectState", "Environment")
        if self.noting_reads and not given:
            self.note(Read, span, holder=holder, key=name, value=token(held)[0], held=held)

    def hop(self, kind: str, span: Span | None, text: str, *owns: Span, **given: Any) -> None:
        """A step of the way that `trace` shows."""
        if not self.loading:
            self.note(Step, span, kind=kind, text=text, owns=owns, **given)

    def doubt(self, why: str, span: Span | None) -> None:
        """Something that most likely changes nothing, and yet is not known: the other side ends unknown."""
        choice = Choice("unread", span, {1: why, 2: f"not so: {why}"}, 3, why)
        choice.matters = False
        self.maybe(choice, 1, lambda: self.leave("unknown", UNDEFINED, span, why))

    def note_worker(self, worker: Worker) -> None:
        if worker not in self.workers:
            self.workers.append(worker)

    def covers(self, file: SourceFile, node: tree.Node) -> None:
        """A statement runs."""
        if self.covering is not None and not self.loading:
            made = Covered(file, node.start, node.end, self.serial, self.scene, self.path, self.chain)
            self.covering.append(made)

    # Leaving

    def throw(self, text: str, span: Span | None, receiver: Object | None = None) -> NoReturn:
        name, _, message = text.partition(": ")
        error = Object("Error", {"name": name, "message": message or text}, span)
        event = self.note(
            Raised, span, text=text, value=error, by_runtime=True, receiver=receiver, rejects=self.in_async
        )
        error.extra = event
        self.leave("throw", error, span, text)

    def raise_value(self, value: Value, span: Span) -> NoReturn:
        """The code throws a value."""
        text = self.words_of(value)
        event = self.note(Raised, span, text=text, value=value, rejects=self.in_async)
        if isinstance(value, Object) and value.extra is None:
            value.extra = event
        self.leave("throw", value, span, text)

    @property
    def in_async(self) -> bool:
        """Whether an `async` function is among those that run."""
        return any(function.is_async for function in self.active)

    def words_of(self, error: Value) -> str:
        error = self.known(error)
        if isinstance(error, Object):
            name, message = (self._said_by(error, key) for key in ("name", "message"))
            if isinstance(name, str):
                return f"{name}: {message}" if isinstance(message, str) and message else name
        return error if isinstance(error, str) else ""

    def _said_by(self, error: Object, key: str) -> Value:
        if error.kind != "Instance":
            return self.known(error.slots.get(key, UNDEFINED))
        held = self.known(error.slots.get(("p", key), UNDEFINED))
        if "error" not in error.slots or held is not UNDEFINED:
            return held
        return error.slots["error"] if key == "name" else error.slots.get("message", UNDEFINED)

    def throws_where(self, choice: Choice, mask: int, text: str, span: Span | None) -> None:
        self.maybe(choice, mask, lambda: self.throw(text, span))

    def give_up(self, why: str, span: Span | None) -> NoReturn:
        self.leave("unknown", UNDEFINED, span, why)

    def unknown(self, why: str, span: Span | None = None, owner: Owner = "unread") -> Value:
        return Unknown(why, span, owner)

    # What the model asks

    @property
    def object(self) -> Object | None:
        """The context of the Durable Object whose code runs."""
        return self.objects[-1] if self.objects else None

    @property
    def request(self) -> Object | None:
        """The request that what is made now belongs to; None in a Durable Object, whose events share what they make."""
        return self.requests[0] if self.requests and not self.objects else None

    def at_home(self, holder: Object, span: Span | None) -> None:
        """What belongs to a request may be used by that one only."""
        home, here = holder.slots.get("request"), self.request
        if isinstance(home, Object) and here is not None and here is not home:
            self.throw(words.CROSS_REQUEST, span, holder)

    def flag(self, name: str, call: Invocation) -> bool | None:
        """Whether a compatibility flag holds for the Worker whose code runs."""
        worker = call.unit.worker if call.unit is not None else self.workers[-1] if self.workers else None
        return worker.flag_enabled(name) if worker is not None else None

    def random(self, name: str, span: Span) -> None:
        """Chance and the clock are for handlers only; what a module's top level gets of them is decided there."""

    def run_later(self, function: Value, arguments: list[Value], span: Span) -> None:
        if not self.loading:
            self.later.append((function, arguments, span))

    # Unread code

    def unread_call(self, name: str, span: Span, arguments: Sequence[Value] = ()) -> Value:
        """A call of code that is not read: it may throw, and may change what it is given."""
        for value in arguments:
            self.escape(value, name)
        self.note(Unread, span, name=name)
        if not self.loading:
            choice = Choice(
                "unread",
                span,
                {1: f"`{name}` throws", 2: f"`{name}` does not throw"},
                3,
                f"`{name}` is not read",
            )
            choice.matters = False

            def fails() -> NoReturn:
                self.leave("throw", Unknown(f"what `{name}` throws", span), span, f"what `{name}` throws")

            self.maybe(choice, 1, fails)
        return Unknown(f"what `{name}` gives", span)

    def escape(self, value: Value, name: str) -> None:
        """A value goes to code that is not read, with all that it reaches."""
        waiting = list(leaves(value))
        seen: set[int] = set()
        while waiting and len(seen) < 400:
            item = waiting.pop()
            if not isinstance(item, Object) or id(item) in seen or "escaped" in item.slots:
                continue
            seen.add(id(item))
            if item.kind in _SHARED:
                storage = item if item.kind == "DurableObjectStorage" else item.slots.get("storage")
                if isinstance(storage, Object) and storage.slots.get("tables") != "unread":
                    self.put(storage.slots, "tables", "unread")
                continue
            self.put(item.slots, "escaped", name)
            for held in list(item.slots.values()):
                if isinstance(held, tuple):
                    waiting += [leaf for one in held for leaf in leaves(one)]
                else:
                    waiting += leaves(held)

    # Truth

    def truth_choice(self, value: Unknown, span: Span | None) -> Choice:
        """The choice whether an unknown value counts as true: case 1 of two."""
        choice = value.known.get("truth")
        if choice is None:
            choice = Choice(value.owner, span or value.place, {}, 3, value.why)
            choice.same = value.known.get("equal of")
            value.known["truth"] = choice
        if not choice.words and span is not None:
            text = f"`{snippet(span)}`" + (f" ({value.why})" if value.why.startswith("the ") else "")
            choice.words.update({1: f"{text} is true", 2: f"{text} is false"})
        return choice

    def value_choice(self, value: Unknown) -> Choice:
        """The choice which constant an unknown value is: a case for each that the code asks for."""
        choice = value.known.get("value")
        if choice is None:
            choice = value.known["value"] = Choice(value.owner, value.place, {}, -1, value.why)
            value.known["labels"] = {}
        return choice

    def case_of(self, value: Unknown, constant: Value) -> int:
        """The case in which an unknown value is this constant."""
        self.value_choice(value)
        labels: dict[Any, int] = value.known["labels"]
        key = (type(constant).__name__, constant if constant is not UNDEFINED else "")
        if key not in labels:
            labels[key] = 1 << len(labels)
        return labels[key]

    def is_constant(self, value: Unknown, constant: Value) -> Value:
        """Whether an unknown value is a constant, as a boolean that hangs on its choice."""
        truth = value.known.get("truth")
        if truth is not None and self.possible(truth) == 1 and not constant:
            return False  # it counts as true, and the constant does not
        if constant in value.known.get("never", ()):
            return False
        case = self.case_of(value, constant)
        choice = self.value_choice(value)
        return OneOf(choice, ((case, True), (~case, False)))

    def branch(
        self,
        test: Value,
        span: Span | None,
        sides: tuple[Callable[[], Value], Callable[[], Value]],
        unit: Unit,
    ) -> Value:
        """Run the first side where a value counts as true, the second one elsewhere."""
        test = self.known(test)
        if unit.language.asked is not None:
            test = self.known(unit.language.asked(self, test))
        if isinstance(test, Unknown):
            if is_text_of_data(test):
                return sides[0]()
            choice = self.truth_choice(test, span)
            return self.fork(choice, [(1, sides[0]), (2, sides[1])])
        if isinstance(test, OneOf):
            test = self.known(self.lift(lambda held: self._verdict(held, unit), test))
        if isinstance(test, OneOf):
            return self._decided(test, span, sides)
        return sides[0]() if unit.language.truth(test) else sides[1]()

    def _verdict(self, value: Value, unit: Unit) -> Value:
        """Whether a value counts as true: a boolean, or one that hangs on the value's own choice."""
        if isinstance(value, Unknown):
            if is_text_of_data(value):
                return True
            return OneOf(self.truth_choice(value, None), ((1, True), (2, False)))
        found = unit.language.truth(value)
        return Unknown("a condition") if found is None else found

    def _decided(
        self, test: OneOf, span: Span | None, sides: tuple[Callable[[], Value], Callable[[], Value]]
    ) -> Value:
        """Fork on a boolean that hangs on choices: on the one that decides it, or, where it takes several, on one
        choice that stands for them all."""
        parts: dict[bool | None, int] = {}
        for mask, held in test.cases:
            verdict = held if isinstance(held, bool) else None
            parts[verdict] = parts.get(verdict, 0) | mask
        choice, yes, no = test.choice, parts.get(True, 0), parts.get(False, 0)
        if None in parts:
            if test.size <= MOST_SIDES:
                _name_sides(test, span)
                return self.each(test, lambda leaf: sides[0]() if leaf is True else sides[1]() if leaf is False
                                 else self.fork(self.truth_choice(leaf, span), [(1, sides[0]), (2, sides[1])]))  # fmt: skip
            outer, sure, never = choice, yes, no
            choice, yes, no = self.standing_for(test, span), 1, 2
            for mask, gone in ((sure, 2), (never, 1)):
                if mask:
                    self.exclude((outer, mask, choice, gone), (choice, gone, outer, mask))
        if not yes:
            return sides[1]()
        if not no:
            return sides[0]()
        if span is not None:
            _name(choice, yes, no, span)
        return self.fork(choice, [(yes, sides[0]), (no, sides[1])])

    def standing_for(self, test: OneOf, span: Span | None) -> Choice:
        """One choice for a condition that rests on several: the same for the same condition."""
        key = shape(test)
        known = self.standing.get(key)
        if known is None:
            known = self.standing[key] = Choice(owner_among(test), span, {}, 3)
            known.stands = leafwise(test, lambda held: 1 if held is True else 2 if held is False else 3)
        return known

    # Calls

    def call(self, function: Value, arguments: Sequence[Value], span: Span, this: Value = ABSENT) -> Value:
        """Call a function; without `this` it has what it was bound to."""
        given = Invocation("", UNDEFINED if this is ABSENT else this, list(arguments), span)
        return calls.apply(self, function, given, this)

    def awaited(self, value: Value, span: Span | None) -> Value:
        return self.each(value, lambda held: promise.settle(self, held, span))

    # Modules

    def unit(self, worker: Worker, file: SourceFile) -> Unit:
        """A module of a Worker, its top level read once."""
        key = (id(worker), str(file.path))
        found = self.units.get(key)
        if found is None:
            found = modules.load(self, worker, file, key)
        return found

    @contextmanager
    def inside(self, span: Span) -> Iterator[None]:
        """A call: events in it carry the place it was called from."""
        before = self.chain
        self.chain = (*before, span)
        try:
            yield
        finally:
            self.chain = before


def is_text_of_data(value: Unknown) -> bool:
    """Whether an unknown text is JSON of something that is there: such a text is never empty."""
    held = value.known.get("json of", UNDEFINED)
    return not any(one is UNDEFINED or isinstance(one, (Unknown, Closure)) for one in leaves(held))


_SHARED = frozenset({"Environment", "DurableObjectState", "ExecutionContext", "DurableObjectStorage"})
"""What unread code may have, and does not change."""


MOST_SIDES = 12
"""Leaves of a condition that are looked at one by one."""


def _name(choice: Choice, yes: int, no: int, span: Span) -> None:
    """The sides of a choice are named by the condition that it decides, where they have no name yet."""
    if not choice.word(yes) and not choice.word(no):
        text = f"`{snippet(span)}`" + (f" ({choice.why})" if choice.why.startswith("the ") else "")
        choice.words.update({yes: f"{text} is true", no: f"{text} is false"})


def _name_sides(test: Value, span: Span | None) -> None:
    """The same for choices within another one's sides."""
    if not isinstance(test, OneOf) or span is None:
        return
    parts: dict[Any, int] = {}
    for mask, held in test.cases:
        if isinstance(held, bool):
            parts[held] = parts.get(held, 0) | mask
        else:
            _name_sides(held, span)
    if set(parts) == {True, False} and len(parts) == len(test.cases):
        _name(test.choice, parts[True], parts[False], span)


def snippet(span: Span, most: int = 56) -> str:
    """The source at a span on one line, cut to a width."""
    text = " ".join(span.text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def place(span: Span) -> str:
    """`src/index.ts:12`."""
    return f"{span.file.name}:{span.first.line}"


__all__ = [
    "ABSENT",
    "ClassValue",
    "Closure",
    "Dead",
    "Global",
    "Machine",
    "Native",
    "Scope",
    "place",
    "snippet",
]
