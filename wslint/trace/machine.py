"""Following one concrete handshake through the lowered code of the project.

Nothing is run: the lowered tree (`source.tree`) is read with the values that the handshake has. Where a
condition rests on something that is not known, the way forks: `choices` says which side is taken, and
`explore` comes back for the other one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from wslint.record import field, frozen, record
from wslint.source import tree
from wslint.text import SourceFile, Span
from wslint.trace.model import Hop, Kind
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    Cls,
    CtxV,
    EndV,
    EnvV,
    Fn,
    GaveUp,
    Global,
    Inst,
    Obj,
    Promise,
    Regex,
    Req,
    Scope,
    Thrown,
    Unknown,
    Val,
)
from wslint.worker import Worker

MOST_STEPS = 60_000
"""Expressions on one way."""

MOST_CALLS = 40
"""Calls within calls."""

MOST_DEPTH = 300
"""Expressions within expressions, over all calls."""


@frozen
class Choice:
    """A side taken at a condition that is not known."""

    text: str
    place: Span | None
    taken: bool
    kind: Literal["condition", "fetch", "throws", "loop"] = "condition"
    why: str = ""

    @property
    def words(self) -> str:
        """The side that is taken, in words that follow `where`."""
        sides = {
            "condition": ("is true", "is false"),
            "fetch": ("succeeds", "fails"),
            "throws": ("does not throw", "throws"),
            "loop": ("has a round", "has no round"),
        }
        known = f" ({self.why})" if self.kind == "condition" and self.why.startswith("the ") else ""
        return f"`{self.text}`{known} {sides[self.kind][not self.taken]}"


@record
class Covered:
    """A node that was read on the way, and the hop that was the last one then."""

    file: SourceFile
    start: int
    end: int
    hop: int


@record
class Machine:
    """The state of one way through the code."""

    prefix: Sequence[bool] = ()
    hops: list[Hop] = field(default_factory=list)
    taken: list[Choice] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    covered: list[Covered] = field(default_factory=list)
    functions: set[tuple[int, int, int]] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    later: list[Callable[[], None]] = field(default_factory=list)
    modules: dict[tuple[int, str], Scope] = field(default_factory=dict)
    tries: int = 0
    calls: int = 0
    depth: int = 0
    steps: int = 0
    loading: int = 0
    """Modules whose top level is being read: what fails there is not this handshake's."""
    broken: Thrown | None = None
    """What a module throws while it loads."""
    gates: int = 0
    guessed: bool = False
    objects: list[Inst] = field(default_factory=list)
    """The Durable Objects whose code is being read, innermost last."""
    forwards: int = 0
    workers: list[Worker] = field(default_factory=list)
    """The Workers that the way leads through."""
    current: Req | None = None
    """The request as the code that is being read has it."""
    stored: dict[str, Val] = field(default_factory=dict)
    """What storage holds under the keys that were asked for."""
    receivers: tuple[EndV, Cls | None] | None = None
    """The end that stays with the server, and the class that has it."""

    def note_worker(self, worker: Worker) -> None:
        if worker not in self.workers:
            self.workers.append(worker)

    # Knowing and not knowing

    def choose(
        self,
        value: Unknown,
        span: Span | None,
        kind: Literal["condition", "fetch", "throws", "loop"] = "condition",
    ) -> bool:
        """Which side an unknown condition takes on this way; the same value always the same."""
        if value.truth is None and self.gates:
            self.guessed = True  # one side stands for both: see `gate`
            return True
        if value.truth is None:
            index = len(self.taken)
            value.truth = self.prefix[index] if index < len(self.prefix) else True
            text = snippet(span) if span is not None else value.why
            self.taken.append(Choice(text, span, value.truth, kind, value.why))
        return value.truth

    def doubt(self, why: str) -> None:
        """Something on the way is not known, although it most likely changes nothing."""
        if why not in self.doubts and not self.loading:
            self.doubts.append(why)

    def unknown_call(self, name: str, span: Span, arguments: Sequence[Val] = ()) -> Unknown:
        """A call of code that is not read: it may throw, and may change what it is given."""
        for value in arguments:
            escape(value, name)
        if not self.loading:
            if self.tries and not self.choose(Unknown(name), span, "throws"):
                raise Thrown("", span)
            self.doubt(f"`{name}` is not read ({place(span)})")
        return Unknown(f"what `{name}` gives")

    def gate(self, run: Callable[[], Val], instance: Inst | None) -> Val:
        """Run `blockConcurrencyWhile`'s function. Nobody answers there, so its conditions do not fork: where
        one was not known, what the function set is not known either, and an exception may not be one."""
        outer, self.guessed = self.guessed, False
        before = dict(instance.fields) if instance is not None else {}
        self.gates += 1
        try:
            return run()
        except Thrown as thrown:
            if self.guessed:
                raise GaveUp("whether the constructor's gate throws is not known", thrown.span) from None
            raise
        finally:
            self.gates -= 1
            if self.guessed and instance is not None:
                for name, value in instance.fields.items():
                    if before.get(name, UNDEFINED) is not value:
                        instance.fields[name] = Unknown(f"`this.{name}`")
            self.guessed = outer

    # Hops

    def hop(self, kind: Kind, span: Span | None, text: str, *owns: Span, worker: Worker | None = None) -> Hop:
        made = Hop(kind, span, text, owns, [], worker.name if worker is not None else None)
        self.hops.append(made)
        return made

    def cover(self, file: SourceFile, node: tree.Node) -> None:
        if not self.loading:
            self.covered.append(Covered(file, node.start, node.end, len(self.hops)))

    # Modules

    def module(self, worker: Worker, file: SourceFile) -> Scope:
        """The scope of a module, read once for each Worker."""
        from wslint.trace import glue, languages, statements

        key = (id(worker), str(file.path))
        known = self.modules.get(key)
        if known is not None:
            return known
        scope = self.modules[key] = Scope(file, worker, module=True)
        module = languages.lower(worker, file)
        if module is None:
            return scope
        for item in module.imports:
            scope.names[item.local] = Global(item.specifier, item.imported)
        self.loading += 1
        tries, self.tries = self.tries, 0
        statements.hoist(self, module.body, scope)
        for statement in module.body:
            try:
                statements.run(self, [statement], scope)
            except (GaveUp, Thrown) as problem:
                if isinstance(problem, Thrown) and problem.text:
                    self.broken = self.broken or problem
                _forget(statement, scope)
        self.tries = tries
        if glue.is_glue(file):
            glue.stand_in(self, worker, file, scope)
        self.loading -= 1
        return scope

    def resolve(self, value: Val, scope: Scope) -> Val:
        """What an imported name is: the project's own value, or a name from outside."""
        from wslint.trace import languages

        hops = 0
        while isinstance(value, Global) and value.specifier and hops < 16:
            top = scope
            while top.parent is not None:
                top = top.parent
            target = languages.find(top.worker, top.file, value.specifier)
            if target is None:
                if value.specifier == "cloudflare:workers" and value.name == "env":
                    return EnvV(top.worker)
                return value
            scope = self.module(top.worker, target)
            if value.name == "*":
                return Obj({name: self.resolve(held, scope) for name, held in scope.names.items()}, True)
            if value.name not in scope.names:
                return Unknown(f"`{value.name}` of {target.name}")
            value = scope.names[value.name]
            hops += 1
        return value

    # Calls

    def call(self, function: Fn, arguments: Sequence[Val], this: Val = None) -> Val:
        """Read a function's body with these arguments; a promise, when it is async."""
        from wslint.trace import python, statements

        node = function.node
        if node.is_generator:
            raise GaveUp(
                "a generator is not followed", Span(function.scope.file, node.start, node.end).head()
            )
        is_python = python.is_python(function.scope.file)
        if is_python and not python.is_plain(function):
            raise GaveUp(
                f"`{node.name}` has a decorator or is a generator",
                Span(function.scope.file, node.start, node.end).head(),
            )
        if self.calls >= MOST_CALLS:
            raise GaveUp("the calls are nested too deeply", None)
        receiver = function.this if node.is_arrow or this is None else this
        scope = Scope(function.scope.file, function.scope.worker, function.scope, this=receiver)
        self.calls += 1
        tries = self.tries
        try:
            for index, parameter in enumerate(node.parameters):
                missing = Unknown("an argument") if is_python else UNDEFINED
                value = arguments[index] if index < len(arguments) else missing
                if parameter.rest:
                    value = Arr(list(arguments[index:]))
                if value is UNDEFINED and parameter.default is not None:
                    from wslint.trace.expressions import evaluate

                    value = evaluate(self, parameter.default, scope)
                statements.bind(self, parameter.pattern, value, scope)
            if node.parameters:
                first, last = node.parameters[0], node.parameters[-1]
                self.cover(scope.file, tree.Node(first.start, last.end))
            statements.hoist(self, node.body, scope)
            left = statements.run(self, node.body, scope)
            if left is not None and left.kind != "return":
                raise GaveUp("a jump is not followed", Span(function.scope.file, node.start, node.end).head())
            result = left.value if left is not None else None if is_python else UNDEFINED
        except Thrown as thrown:
            if node.is_async:
                return Promise(UNDEFINED, thrown)
            raise
        finally:
            self.calls -= 1
            self.tries = tries
        if node.is_async:
            return result if isinstance(result, Promise) else Promise(result)
        return result

    def awaited(self, value: Val) -> Val:
        hops = 0
        while isinstance(value, Promise) and hops < 20:
            if value.thrown is not None:
                raise value.thrown
            if value.may_fail is not None and not self.choose(value.may_fail, value.made_at, "fetch"):
                raise Thrown("", value.made_at)
            if value.waits is not None and not self.loading:
                raise GaveUp("it waits for a promise of the project's own", value.waits)
            value = value.value
            hops += 1
        return value

    def step(self, span: Span) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise GaveUp("the code is too long to follow", span)


def _forget(statement: tree.Statement, scope: Scope) -> None:
    """A top-level statement that could not be read: what it declares is unknown."""
    if isinstance(statement, tree.Declare):
        for name in names_of(statement.pattern):
            scope.names[name] = Unknown(f"`{name}`")


def names_of(pattern: tree.Pattern) -> list[str]:
    """The names that a pattern declares."""
    match pattern:
        case tree.Name():
            return [pattern.name]
        case tree.ArrayPattern():
            return [name for item in pattern.items if item is not None for name in names_of(item)]
        case tree.TablePattern():
            inner = [name for _, item in pattern.entries for name in names_of(item)]
            return inner + ([pattern.rest] if pattern.rest else [])
    return []


def escape(value: Val, name: str) -> None:
    """A value goes to code that is not read: whatever can change in it may have changed."""
    from wslint.trace.values import EndV, Hdrs, Held, PairV, Resp

    match value:
        case Resp():
            value.altered = value.altered or f"`{name}` may change it"
        case PairV():
            value.escaped = True
        case EndV():
            value.pair.escaped = True
        case Obj() | Inst() | Held() | Arr():
            if not value.open:
                value.open = True
                inner = value.items if isinstance(value, Arr) else ()
                held = value.fields.values() if isinstance(value, (Obj, Inst)) else ()
                for item in (*inner, *held):
                    if isinstance(item, (Resp, PairV, EndV)):
                        escape(item, name)
        case Hdrs():
            value.complete = value.complete and value.immutable
        case Promise():
            escape(value.value, name)


def snippet(span: Span, most: int = 56) -> str:
    """The source at a span on one line, cut to a width."""
    text = " ".join(span.text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def place(span: Span) -> str:
    """`src/index.ts:12`."""
    return f"{span.file.name}:{span.first.line}"


__all__ = ["Choice", "Cls", "CtxV", "GaveUp", "Machine", "Regex", "Thrown", "escape", "place", "snippet"]
