"""What a trace is: the hops of one handshake, and the answer that it will get."""

from __future__ import annotations

from typing import Literal

from wslint.finding import Finding
from wslint.record import field, frozen, record
from wslint.text import Span

Kind = Literal[
    "deploy",  # what keeps the Worker from being deployed
    "client",  # the line that opens the socket
    "assets",  # what the static assets do with the path
    "entrypoint",  # the Worker's fetch
    "route",  # the test of the path that the request passes
    "guard",  # another condition on the way, with what it answers
    "forward",  # a fetch of a stub or service, and what is kept or lost
    "service",  # another Worker, through a service binding
    "binding",  # the name in env, as the configuration declares it
    "lifecycle",  # the migration or `exports` entry that creates the class
    "class",  # the Durable Object class
    "constructor",
    "accept",  # accept() or acceptWebSocket()
    "answer",  # the response that leaves
    "handlers",  # who receives message, close and error
    "unknown",  # what could not be followed
]


@record
class Hop:
    """One step of the way. `span` is None for what stands in no file. `owns` are further places whose
    findings belong to this step, and concern the answer."""

    kind: Kind
    span: Span | None
    text: str
    owns: tuple[Span, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    worker: str | None = None
    """The Worker that the step belongs to, where a trace goes through several."""
    shows: tuple[Span, ...] = ()
    """Places whose findings are shown here and leave the answer as it is."""


@frozen
class Prediction:
    """The answer. `status` is None where it is not known; `certain` is False where anything on the way that may
    change it is not."""

    status: int | None
    reason: str
    certain: bool
    endings: tuple[EndingText, ...] = ()

    @property
    def label(self) -> str:
        """`101`, `500`, or `unknown`."""
        return str(self.status) if self.status is not None else "unknown"


@frozen
class EndingText:
    """One answer that the handshake may get; `when` says where, and is empty where always."""

    status: int | None
    when: str
    reason: str = ""


Who = Literal["client", "world", "memory", "unread"]


@frozen
class ConditionText:
    """One condition in words, and whose choice it is."""

    who: Who
    text: str


Way = tuple[ConditionText, ...]
"""Conditions that hold together; none: always."""


@frozen
class SceneEnding:
    """One thing that a scene may come to: `kind` is `answer`, `done`, `throw`, `hang` or `unknown`. Each of its
    `ways` leads there."""

    kind: str
    status: int | None
    text: str
    span: Span | None
    ways: tuple[Way, ...]
    sure: bool = True
    """False where each way rests on code that is not read, or on conditions that may exclude one another."""


EffectKind = Literal[
    "send", "close", "attach", "store", "field", "timer", "accept", "fetch", "reject", "unread"
]


@frozen
class Effect:
    """One thing that a scene does. `to` says which client it reaches, where it reaches one."""

    kind: EffectKind
    text: str
    span: Span | None
    to: str
    ways: tuple[Way, ...]


@frozen
class Change:
    """Something that comes out otherwise after an eviction: `lost` where it does not happen any more."""

    effect: Effect | SceneEnding
    lost: bool


@frozen
class SceneText:
    """One scene of a life. `changes` are what an eviction before it makes of it; None where it was not compared."""

    name: str
    endings: tuple[SceneEnding, ...]
    effects: tuple[Effect, ...]
    changes: tuple[Change, ...] | None = None
    reads: tuple[tuple[str, Span], ...] = ()
    """Fields that hold something else after the eviction, and where they are read."""


@frozen
class LifeText:
    """What follows a handshake. `why` says why nothing does, or what is not played of it."""

    class_name: str | None
    span: Span | None
    scenes: tuple[SceneText, ...] = ()
    forgotten: tuple[str, ...] | None = None
    """The fields that an eviction changes; None where none was played."""
    why: str = ""


@frozen
class Trace:
    """One handshake. `url` is as it was asked for; `worker` and `environment` say where it arrives."""

    url: str
    worker: str | None
    environment: str | None
    config: str
    hops: tuple[Hop, ...]
    predicted: Prediction
    life: LifeText | None = None
    """What follows the handshake, where that was asked for."""
