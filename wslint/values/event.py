"""Events: everything that was done with a value while a scene was played."""

from __future__ import annotations

from wslint.record import field, record
from wslint.text import Span
from wslint.values.heap import Object, Path
from wslint.values.value import Choice, Value


@record
class Event:
    """One thing that happened: where, in which scene, under which conditions, and by which calls it was come to
    (outermost first)."""

    place: Span | None
    scene: str
    path: Path
    chain: tuple[Span, ...]
    serial: int
    gone: tuple[tuple[Choice, int, Choice, int], ...]
    """Pairs of conditions that did not hold at once."""


@record
class Step(Event):
    """A step of the way that is shown: `kind` is one of `trace.model.Kind`."""

    kind: str
    text: str
    owns: tuple[Span, ...] = ()
    shows: tuple[Span, ...] = ()
    worker: str | None = None


@record
class Raised(Event):
    """Something threw. `caught` is set when a handler of the code took it."""

    text: str
    value: Value = None
    by_runtime: bool = False
    """The runtime refused a call, in its own words; else the code threw."""
    caught: bool = False
    receiver: Object | None = None
    promised: bool = False
    """It rejects a promise that nothing awaits."""
    rejects: bool = False
    """It is thrown inside of an `async` function: at first it only rejects that one's promise."""


@record
class Accepted(Event):
    """`accept()` or `acceptWebSocket()`: `how` is `accept` or `hibernate`."""

    socket: Object
    how: str
    owner: Object | None = None
    tags: Value = None


@record
class Dropped(Event):
    """A coroutine or future of a function of the project that nobody awaits or hands on."""

    name: str


@record
class Named(Event):
    """An object was asked for by a name."""

    name: Value = None


@record
class Listed(Event):
    """`getWebSockets`: of whom."""

    owner: Object | None = None


@record
class Looked(Event):
    """`getWebSockets` with a tag."""

    tag: Value = None


@record
class Unsynced(Event):
    """A `transactionSync` whose function has given a promise."""


@record
class Sent(Event):
    """`send`. `state` is the socket's when it was sent; `value` what was sent."""

    socket: Object
    value: Value
    state: str = ""


@record
class Closed(Event):
    """`close`, with its arguments."""

    socket: Object
    code: Value = None
    reason: Value = None


@record
class Listened(Event):
    """A listener was added to a socket."""

    socket: Object
    event: str
    listener: Value = None


@record
class Attached(Event):
    """`serializeAttachment`."""

    socket: Object
    value: Value = None


@record
class Fetched(Event):
    """A request went to `target`: `object`, `service`, `assets` or `outside`; for a `method` of an object it is the list
    of its arguments."""

    target: str
    request: Value
    response: Value = None


@record
class Stored(Event):
    """Something was written to storage or deleted from it."""

    action: str
    key: Value = None
    value: Value = None
    owner: Object | None = None
    awaited: bool = False


@record
class Lacking:
    """A key, or a table's rows, that a new object does not have: where it was looked for."""

    kind: str
    name: str
    place: Span


@record
class Timer(Event):
    """`setTimeout` or `setInterval`; `delay` in milliseconds."""

    name: str
    delay: Value = None
    owner: Object | None = None
    timer: Object | None = None


@record
class Cleared(Event):
    """`clearTimeout`, `clearInterval`."""

    timer: Object


@record
class Gap(Event):
    """An `await` of something outside: other events may run meanwhile. `owner` is the context of the object that waits."""

    why: str
    owner: Object | None = None


@record
class Unread(Event):
    """A call of code that is not read, or a member that the runtime model lacks."""

    name: str
    what: str = "call"


@record
class Wrote(Event):
    """A field of an instance, or an item of a container that it holds, was written."""

    holder: Object
    key: Value
    value: Value = None


@record
class Read(Event):
    """A field of an instance was read."""

    holder: Object
    key: Value
    value: Value = None
    origins: tuple[Event, ...] = field(default_factory=tuple)
    held: Value = None
    """The value itself; `value` only stands for it where two are compared."""
