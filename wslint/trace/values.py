"""What an expression is while one concrete handshake is followed.

Texts, numbers, booleans and null are Python's own; everything that is not known is `Unknown`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.record import field, record
from wslint.source import tree
from wslint.text import SourceFile, Span

if TYPE_CHECKING:
    from wslint.worker import Worker

Val = Any


class _Undefined:
    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = _Undefined()


@record
class Unknown:
    """Something that static reading can't decide; `truth` is what a condition has taken it for."""

    why: str = ""
    truth: bool | None = None


class Text(str):
    """A text that came from the request: `origin` is `path`, `url`, `upgrade`, `method` or `memory`."""

    origin: str

    def __new__(cls, text: str, origin: str) -> Text:
        made = super().__new__(cls, text)
        made.origin = origin
        return made


@record
class Obj:
    """An object literal. `open` when it may have more keys than were seen, or other values."""

    fields: dict[str, Val] = field(default_factory=dict)
    open: bool = False


@record
class Arr:
    items: list[Val]
    open: bool = False
    origin: str = ""


@record
class Held:
    """A Map or Set. `open` when it may hold what was not seen."""

    kind: str
    items: dict[Any, Val] = field(default_factory=dict)
    open: bool = False


@record
class Scope:
    """A scope. The module's own knows its file and its Worker."""

    file: SourceFile
    worker: Worker
    parent: Scope | None = None
    names: dict[str, Val] = field(default_factory=dict)
    this: Val = None
    module: bool = False
    block: bool = False

    def find(self, name: str) -> Scope | None:
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope

    def receiver(self) -> Val:
        scope: Scope | None = self
        while scope is not None:
            if scope.this is not None:
                return scope.this
            scope = scope.parent
        return UNDEFINED


@record
class Fn:
    node: tree.Function
    scope: Scope
    this: Val = None


@record
class Native:
    """A function of the runtime: `call(arguments)`."""

    name: str
    call: Callable[[list[Val]], Val]


@record
class Cls:
    node: tree.Class
    scope: Scope


@record
class Inst:
    cls: Cls
    fields: dict[str, Val] = field(default_factory=dict)
    open: bool = False


@record
class Global:
    """A name from outside the project; `specifier` is empty for the runtime's globals."""

    specifier: str
    name: str


@record
class Promise:
    value: Val
    thrown: Thrown | None = None
    waits: Span | None = None
    """Where it was made, for one that may never be settled."""
    may_fail: Unknown | None = None
    """Whether it is kept, for one that rests on the world outside."""
    made_at: Span | None = None


@record
class Regex:
    source: str
    flags: str


@record
class Hdrs:
    """Headers, lower-cased. `complete` when all are known; `immutable` for those of what was received."""

    values: dict[str, Val] = field(default_factory=dict)
    complete: bool = True
    immutable: bool = False
    removed: set[str] = field(default_factory=set)

    def copy(self) -> Hdrs:
        return Hdrs(dict(self.values), self.complete, False, set(self.removed))


@record
class Url:
    """A parsed address. `host` is Unknown where the trace was asked for a path alone."""

    scheme: Val
    host: Val
    path: str
    query: str
    hash: str = ""


@record
class Query:
    url: Url


@record
class Req:
    url: Val  # Url or Unknown
    method: Val
    headers: Hdrs
    wrapper: str = ""
    extra: dict[str, Val] = field(default_factory=dict)

    @property
    def upgrade(self) -> Val:
        """The Upgrade header: a text, None when it is not there, or Unknown."""
        if "upgrade" in self.headers.values:
            return self.headers.values["upgrade"]
        if self.headers.complete or "upgrade" in self.headers.removed:
            return None
        return Unknown("the headers are not all known")


@record
class Resp:
    """A Response. `status` is a number or Unknown; `socket` an `End`, `True` for one that is not seen."""

    status: Val
    span: Span | None
    socket: Val = None
    headers: Hdrs = field(default_factory=Hdrs)
    note: str = ""
    altered: str = ""
    """Why it may have become another than was seen."""


@record
class PairV:
    span: Span
    ends: list[EndV] = field(default_factory=list)
    escaped: bool = False


@record
class EndV:
    pair: PairV
    index: int
    accepted: str = ""
    """`accept` or `hibernate`."""
    span: Span | None = None
    listens: list[tuple[str, Span]] = field(default_factory=list)


@record
class EnvV:
    worker: Worker


@record
class Namespace:
    """A Durable Object namespace, by its binding or by `ctx.exports`."""

    name: str
    worker: Worker
    span: Span
    exported: bool = False


@record
class IdV:
    namespace: Namespace
    name: Val = None


@record
class StubV:
    namespace: Namespace
    name: Val = None


@record
class ServiceV:
    name: str
    worker: Worker
    span: Span


@record
class AssetsV:
    worker: Worker
    span: Span


@record
class CtxV:
    """`ctx`: of a Durable Object (`durable`) or of a Worker."""

    durable: bool
    worker: Worker
    name: Val = None


@record
class Known:
    """An object of the runtime that is followed no further: its methods are harmless and their results
    unknown. `storage`, `console`, `crypto`, `socket` …"""

    name: str


@record
class Exports:
    """`ctx.exports`: the Worker's classes as namespaces."""

    name: str
    worker: Worker


class Thrown(Exception):
    """An exception of the project's code. `text` is what the runtime would log, empty when unknown."""

    def __init__(self, text: str, span: Span | None, value: Val = None) -> None:
        super().__init__(text)
        self.text = text
        self.span = span
        self.value = value


class GaveUp(Exception):
    """This way can't be followed further."""

    def __init__(self, why: str, span: Span | None) -> None:
        super().__init__(why)
        self.why = why
        self.span = span
