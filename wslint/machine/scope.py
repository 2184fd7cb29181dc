"""Names: scopes, the modules that they belong to, and what functions and classes are as values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.record import field, record
from wslint.source import tree
from wslint.text import SourceFile, Span
from wslint.values.heap import Object
from wslint.values.value import ABSENT, Value

if TYPE_CHECKING:
    from wslint.machine.language import Language
    from wslint.worker import Worker


@record
class Unit:
    """One module of one Worker. `names` are its top-level names."""

    file: SourceFile
    worker: Worker
    language: Language
    names: dict[str, Value] = field(default_factory=dict)
    stars: dict[str, None] = field(default_factory=dict)
    """The names under which `export * from` stands among `names`."""
    refusals: list[tuple[str, Span]] = field(default_factory=list)
    """What the runtime surely refuses while the module loads: its words, and the place."""

    def span(self, node: tree.Node) -> Span:
        return Span(self.file, node.start, node.end)


class Scope:
    """One block's or function's names. `this` is the receiver of a function's scope, ABSENT in others."""

    __slots__ = ("cls", "constants", "names", "outer", "parent", "this", "unit", "yields")

    def __init__(self, unit: Unit, parent: Scope | None = None, this: Value = ABSENT) -> None:
        self.unit = unit
        self.parent = parent
        self.this = this
        self.names: dict[str, Value] = unit.names if parent is None else {}
        self.cls: ClassValue | None = None
        self.yields: Object | None = None
        self.constants: set[str] | None = None
        """What `const` declares here."""
        self.outer: dict[str, str] = {}
        """Names that Python's `global` and `nonlocal` declare."""

    def find(self, name: str) -> Scope | None:
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope

    def holder(self, name: str) -> Scope:
        """The scope that an assignment in a language without blocks writes to."""
        function = self.function()
        kind = function.outer.get(name)
        if kind is None or function.parent is None:
            return function
        at: Scope = function.parent
        while at.parent is not None and (kind == "global" or name not in at.names):
            at = at.parent
        return at

    def receiver(self) -> Value:
        scope: Scope | None = self
        while scope is not None:
            if scope.this is not ABSENT:
                return scope.this
            scope = scope.parent
        return ABSENT

    def function(self) -> Scope:
        """The scope of the function around it, or the module's."""
        scope = self
        while scope.this is ABSENT and scope.parent is not None:
            scope = scope.parent
        return scope

    def owner(self) -> ClassValue | None:
        """The class whose member the code belongs to."""
        scope: Scope | None = self
        while scope is not None:
            if scope.cls is not None:
                return scope.cls
            scope = scope.parent
        return None


@record
class Closure:
    """A function of the project. `this` is what a method or an arrow was bound to."""

    node: tree.Function
    scope: Scope
    this: Value = ABSENT
    cls: ClassValue | None = None
    defaults: dict[int, Value] | None = None
    """What Python's parameters are where nothing is given, by the parameter's identity."""


@record
class Native:
    """A function of the runtime or of a framework: `call(host, invocation)`."""

    name: str
    call: Callable[..., Value]


@record
class ClassValue:
    """A class of the project. `statics` are its static fields once they were read."""

    node: tree.Class
    scope: Scope
    statics: dict[Any, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.node.name or "class"

    @property
    def place(self) -> Span:
        start = self.node.name_start
        return Span(self.scope.unit.file, start, start + len(self.name.encode()))


@record
class Global:
    """A name from outside the project; `specifier` is empty for the runtime's globals."""

    specifier: str
    name: str
