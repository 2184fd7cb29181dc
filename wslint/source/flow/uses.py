"""What the interpreter reports: each thing that the code does with a followed value, and where."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from wslint.record import field, frozen, record
from wslint.source import tree
from wslint.source.flow.values import Application, Certainty, Value
from wslint.text import Span

Action = Literal[
    "pair",  # a pair is made
    "accept",  # value.accept()
    "hibernate",  # ctx.acceptWebSocket(value)
    "send",
    "close",
    "listen",  # addEventListener or on… =; `name` is the event
    "attach",  # serializeAttachment
    "call",  # another method of the value; `name` says which
    "read",  # a property is read; `name` says which
    "write",  # a property is assigned; `name` says which, `arguments[0]` what
    "respond",  # new Response(…), Response.json(…); `response` has the parts
    "return",  # returned from the function; `handler` of the context says whose
    "discard",  # a value that ends as a statement of its own
    "drop",  # a statement of its own that surely gives a Response: `arguments` are what it may be, and what is called
    "store",  # put into a field, a collection or a module variable; `name` says where
    "escape",  # given to code that is not followed
    "spread",  # {...value}
    "timer",  # setTimeout, setInterval; `name` says which
    "condition",  # used as a condition or compared; `name` is the operator
    "parse",  # JSON.parse(value)
    "throw",
    "fetch",  # value.fetch(…), or the global fetch (value is None); `forward` has the parts
    "identify",  # idFromName and its kin on a namespace; `name` says which
    "wait",  # ctx.waitUntil(value)
    "unset",  # a member is read from `this.<name>` that nothing sets, or that is called (`arguments` is set then)
    "beyond",  # something is read from a property of the value; `name` is the property
]

Fact = Literal[
    "is-upgrade",  # the request carries `Upgrade: websocket`
    "is-plain",  # it does not
    "odd-upgrade",  # the Upgrade header is a text that no browser sends: of the text in the code
    "has-socket",  # the response has a webSocket, or status 101
    "no-socket",
    "not-ok",  # the response was found not `ok`, or of another status than a wanted one
    "is-open",  # the socket's readyState is OPEN
    "code-checked",  # the close code was compared with something
    "method-post",  # the request's method is not GET
    "is-text",  # typeof message === "string"
    "is-binary",
    "checked",  # some other condition that mentions the value
    "on-path",  # the request's path passes a test
    "off-path",  # it does not
]


@frozen
class Where:
    """The circumstances of a use.

    `cls` is the class whose code runs, `handler` the method or entrypoint handler that the code was
    reached from (`fetch`, `webSocketMessage`, `constructor` …), `facts` what the conditions around
    and before it say, of which value (by `id`). `deferred` names what delays it: `timer`, `callback`,
    `promise`, `listener`, `constructor-gate` (blockConcurrencyWhile).
    """

    cls: str | None = None
    handler: str | None = None
    function: tree.Function | None = None
    facts: frozenset[tuple[Fact, int | Value]] = frozenset()
    branches: tuple[tuple[int, bool], ...] = ()
    """The conditions that are open here, each with the side taken."""
    passed: tuple[tuple[int, bool], ...] = ()
    """The conditions before it of which one side leaves, each with the side that goes on."""
    in_loop: bool = False
    tried: bool = False
    deferred: str | None = None
    is_async: bool = False

    def holds(self, fact: Fact, value: Value | None = None) -> bool:
        """Whether a fact holds here, of this value or (None) of any."""
        return fact in self.kinds if value is None else (fact, id(value)) in self.facts

    @cached_property
    def kinds(self) -> frozenset[Fact]:
        """The facts that hold of any value."""
        return frozenset([known for known, _ in self.facts])


@record
class ResponseParts:
    """The parts of a Response that is built.

    `status` is a number, `"absent"`, `"copied"` (from `copied_from`) or `"unknown"`. `socket` holds the
    values given as webSocket, None when there is no such key; `closed` is False when the init may
    hold keys that were not seen.
    """

    status: int | Literal["absent", "copied", "unknown"]
    socket: tuple[Value, ...] | None
    closed: bool
    body: Literal["none", "empty", "some", "unknown"]
    headers: Literal["absent", "copied", "given"] = "absent"
    copied_from: Value | None = None
    header_names: dict[str, tuple[Value, ...]] = field(default_factory=dict)


@record
class Forward(Value):
    """A call of `fetch` on a stub, a service binding, or the global one (`target` is None).

    `upgrade` says whether the request that is sent carries the incoming Upgrade header. `argument`
    says what was given: the request as it came, a text, a new request, a framework's wrapper.
    """

    target: Value | None = None
    upgrade: Certainty = "unknown"
    argument: Literal["request", "text", "new-request", "url", "wrapper", "unknown"] = "unknown"
    argument_span: Span | None = None
    arguments: list[tuple[Value, ...]] = field(default_factory=list)
    text: str | None = None
    """The fixed beginning of the address, where it is written out."""


@record
class Use:
    """One thing done with `value`. `certain` is False where it is one of several possible values."""

    action: Action
    span: Span
    where: Where
    value: Value | None = None
    name: str = ""
    arguments: list[tuple[Value, ...]] = field(default_factory=list)
    nodes: list[tree.Expression] = field(default_factory=list)
    certain: bool = True
    response: ResponseParts | None = None
    forward: Forward | None = None
    keywords: list[tree.TableEntry] = field(default_factory=list)
    """Python's keyword arguments of a fetch, a Request or a Response."""
    kept_in: Value | None = None
    """The collection that a `store` puts the value into."""


@record
class MemberFacts:
    """A member of a class as declared: a method, an arrow property, a field."""

    name: str
    span: Span
    kind: Literal["method", "field", "getter", "setter"]
    static: bool
    private: bool
    function: tree.Function | None
    parameters: tuple[str, ...] = ()


@record
class ClassFlow:
    """A class that takes part: its members, and everything its code does."""

    name: str
    span: Span
    bases: tuple[str, ...]
    base_known: bool
    members: dict[str, MemberFacts]
    is_durable: Certainty = "unknown"
    has_constructor: bool = False
    fields: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    inherited: set[str] = field(default_factory=set)
    """Names of members that come from base classes of the project."""
    assigned: set[str] = field(default_factory=set)
    """Fields that the class's code assigns anywhere, or declares."""
    own_reads: set[str] = field(default_factory=set)
    """Members that the class's code reads or calls through `this`."""
    attributes: tuple[str, ...] = ()
    """Rust's attributes as written: `durable_object(fetch)`."""
    handed: Literal["nobody", "project", "unread"] = "nobody"
    """Whose code the class gives its own instance to, which may add members to it."""


@record
class Flow:
    """What the source of one Worker does with requests, responses, stubs and sockets."""

    classes: dict[str, ClassFlow] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    entries: list[tuple[Span, tree.Function]] = field(default_factory=list)
    """The Worker's own `fetch` functions, as the runtime calls them: (request, env, ctx)."""
    header_middleware: list[tuple[Span, Application, str | None, str]] = field(default_factory=list)
    """hono's own middleware that writes headers of the response: where a router uses it, the pattern
    (None for every path), and its name."""
    corsified: list[tuple[Span, Application]] = field(default_factory=list)
    """Where a router of itty hands its responses to `corsify`."""
    complete: bool = True
    """False when a bound was reached, so that something may not have been seen."""
    _indexed: tuple[int, int] = (-1, 0)
    _by_value: dict[int, list[Use]] = field(default_factory=dict)
    _by_action: dict[tuple[object, ...], list[Use]] = field(default_factory=dict)

    @cached_property
    def actions(self) -> frozenset[Action]:
        """What is done anywhere: asked for when all has been followed."""
        held = (
            use.action for uses in (self.uses, *(each.uses for each in self.classes.values())) for use in uses
        )
        return frozenset(held)

    def of(self, value: Value, *actions: Action) -> Sequence[Use]:
        """The uses of a value, of the given actions or all."""
        state = (len(self.uses), id(self.uses[-1]) if self.uses else 0)
        if self._indexed != state:  # else each of many values would be looked for among all uses
            self._indexed, self._by_value, self._by_action = state, {}, {}
            for use in self.uses:
                self._by_value.setdefault(id(use.value), []).append(use)
        key = (id(value), *actions)
        if key not in self._by_action:
            found = self._by_value.get(id(value), ())
            self._by_action[key] = [use for use in found if not actions or use.action in actions]
        return self._by_action[key]
