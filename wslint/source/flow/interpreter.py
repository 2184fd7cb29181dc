"""Following values through the lowered code of a Worker.

One pass, bounded: each function is entered once for each combination of arguments, branches are
taken both, loops once. What a value becomes is reported as `Use`s; what the code does with values
that were never followed is not reported at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from wslint.record import replace
from wslint.source import tree
from wslint.source.flow import calls, members, operations, statements
from wslint.source.flow.conditions import Facts
from wslint.source.flow.escapes import holds_followed
from wslint.source.flow.scope import Scope, joined
from wslint.source.flow.uses import Action, ClassFlow, Flow, Use, Where
from wslint.source.flow.values import (
    ArrayValue,
    ClassValue,
    FunctionValue,
    Imported,
    LiteralValue,
    Pair,
    Pending,
    TableValue,
    TextValue,
    Value,
    same,
)
from wslint.text import SourceFile, Span

MAX_CALLS = 16
"""Calls within calls; deeper ones count as unknown."""

MAX_RECURSION = 2
"""A function within itself; what is deeper repeats what was seen."""

MAX_ALIKE = 12
"""A function with arguments that hold nothing a handshake is made of: what further calls give is unknown."""

MAX_DEPTH = 200
"""Statements and expressions within each other, over all calls; deeper ones count as unknown."""

MAX_INDEX = 2**53
"""Larger numbers, and those without an end, are no place in a list."""

MAX_STEPS = 400_000
"""Expressions evaluated for one Worker; past it the result is marked incomplete."""

Values = tuple[Value, ...]
Made = TypeVar("Made", bound=Value)

Modules = Callable[[SourceFile, str], tuple[SourceFile, tree.Module] | None]
"""From a module and a specifier in it to the lowered module it means; None when outside the project."""


class Interpreter:
    """Evaluates lowered modules. `evaluate` and `run` are the two halves; `entry` starts them.

    `partial` holds (by `id`) the functions that may give something else than what is known of their
    result: their end is reached, or a `return` gives something that was not followed.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.flow = Flow()
        self.where = Where()
        self.facts: Facts = frozenset()
        self.branches = 0
        self.steps = 0
        self.depth = 0
        self.calls = 0
        self.returns: list[Values] = []
        self.partial: set[int] = set()
        self._module_scopes: dict[Path, tuple[Scope, tree.Module]] = {}
        self._entered: dict[tuple[object, ...], Values] = {}
        self._active: dict[int, int] = {}
        self._closures: dict[int, Scope] = {}
        self._alike: dict[int, int] = {}
        self.class_flows: dict[int, ClassFlow] = {}
        self.homes: dict[int, ClassValue] = {}  # by a method's `id`: the class that it stands in
        self.prototypes: dict[int, frozenset[bytes]] = {}
        self.bases = 0
        """How many classes above the one that was asked for are being described."""
        self._made: dict[tuple[type[Value], Path, int, int], Value] = {}

    def made(self, kind: type[Made], span: Span, make: Callable[[], Made]) -> Made:
        """The one object that an expression makes, however often it is evaluated."""
        key = (kind, span.file.path, span.start, span.end)
        value = self._made.get(key)
        if not isinstance(value, kind):
            value = self._made[key] = make()
        return value

    def forget(self) -> None:
        """Forget which functions were entered, so that a second round enters them again."""
        self._entered.clear()
        self._alike.clear()

    def scopes(self) -> list[Scope]:
        """The scopes of all modules met so far."""
        return [scope for scope, _ in self._module_scopes.values()]

    # Modules

    def module(self, file: SourceFile, module: tree.Module) -> Scope:
        """The scope of a module, its top level evaluated once."""
        known = self._module_scopes.get(file.path)
        if known is not None:
            return known[0]
        scope = Scope(file, is_module=True, is_function=True)
        self._module_scopes[file.path] = (scope, module)
        for item in module.imports:
            scope.declare(item.local, (Imported(Span(file, 0, 0), item.specifier, item.imported),))
        self.hoist(module.body, scope)
        outer, facts, returns = self.where, self.facts, self.returns
        self.where, self.facts, self.returns = Where(), frozenset(), []
        self.run(module.body, scope)
        self.where, self.facts, self.returns = outer, facts, returns
        return scope

    def imported(self, value: Imported, scope: Scope) -> Values:
        """What an imported name is: the project's own value, or the import itself when it is outside."""
        module_scope = scope
        while module_scope.parent is not None:
            module_scope = module_scope.parent
        return self._imported(module_scope.file, value, 0)

    def _imported(self, file: SourceFile, value: Imported, hops: int) -> Values:
        if not value.specifier or hops > 16:
            return (value,)
        found = self.modules(file, value.specifier)
        if found is None:
            return (value,)
        target, module = found
        scope = self.module(target, module)
        if value.name == "*":
            fields = {name: self._settled(target, held, hops) for name, held in scope.names.items()}
            return (TableValue(value.span, None, fields, closed=False),)
        held = scope.names.get(value.name)
        return self._settled(target, held, hops) if held is not None else ()

    def _settled(self, file: SourceFile, held: Values, hops: int) -> Values:
        result: Values = ()
        for item in held:
            result = joined(
                result, self._imported(file, item, hops + 1) if isinstance(item, Imported) else (item,)
            )
        return result

    # Statements

    def hoist(self, statements: Sequence[tree.Statement], scope: Scope) -> None:
        """Declare functions and classes before anything runs, as the languages do."""
        for statement in statements:
            if isinstance(statement, tree.Declare) and isinstance(statement.pattern, tree.Name):
                if (
                    isinstance(statement.value, tree.Function) and statement.kind == "function"
                ) or isinstance(statement.value, tree.Class):
                    scope.declare(statement.pattern.name, self.evaluate(statement.value, scope))

    def run(self, body: Sequence[tree.Statement], scope: Scope) -> bool:
        """Run statements in order; True when the end is not reached (all paths leave)."""
        if self.depth > MAX_DEPTH:
            self.flow.complete = False
            return False
        self.depth += 1
        try:
            return any(statements.statement(self, item, scope) for item in body)
        finally:
            self.depth -= 1

    # Expressions

    def evaluate(self, node: tree.Expression, scope: Scope) -> Values:
        """What an expression may be; empty when that is unknown."""
        self.steps += 1
        if self.steps > MAX_STEPS or self.depth > MAX_DEPTH:
            self.flow.complete = False
            return ()
        self.depth += 1
        try:
            return self._evaluate(node, scope)
        finally:
            self.depth -= 1

    def _evaluate(self, node: tree.Expression, scope: Scope) -> Values:
        span = Span(scope.file, node.start, node.end)
        match node:
            case tree.Name():
                return self._name(node, scope, span)
            case tree.Member():
                receivers = self.evaluate(node.object, scope)
                return members.read(self, receivers, node.name, span, scope, node)
            case tree.Index():
                return self._index(node, scope, span)
            case tree.Call():
                return calls.call(self, node, scope, span)
            case tree.Text():
                return (self._text(node, scope, span),)
            case tree.Number():
                return (LiteralValue(span, node.value),)
            case tree.Constant():
                constant = {"true": True, "false": False}.get(node.value)
                return (LiteralValue(span, constant, node.value == "undefined"),)
            case tree.Table():
                return (self._table(node, scope, span),)
            case tree.Array():
                return (ArrayValue(span, [held for item in node.items for held in self._items(item, scope)]),)
            case tree.Spread():
                return self.evaluate(node.value, scope)
            case tree.Function():
                return (FunctionValue(span, node, scope, scope.receiver() if node.is_arrow else ()),)
            case tree.Class():
                return (ClassValue(span, node, scope),)
            case tree.Assign():
                values = self.evaluate(node.value, scope)
                statements.assign(self, node.target, values, scope)
                return values
            case tree.Operation():
                return operations.operation(self, node, scope)
            case tree.Await():
                return self.awaited(self.evaluate(node.value, scope))
            case tree.Yield():
                for value in self.evaluate(node.value, scope) if node.value is not None else ():
                    self.use("escape", node, scope, value)
                return ()
            case tree.Slice():
                for bound in (node.lower, node.upper, node.step):
                    if bound is not None:
                        self.evaluate(bound, scope)
                return ()
            case tree.Opaque():
                for part in node.parts:
                    for value in self.evaluate(part, scope):
                        self.use("escape", part, scope, value)
                return ()
        return ()

    def _items(self, node: tree.Expression, scope: Scope) -> list[Values]:
        """What an item of an array literal adds to it; a spread adds what it holds, where that is known."""
        values = self.evaluate(node, scope)
        if isinstance(node, tree.Spread) and len(values) == 1:
            if isinstance(values[0], Pair):
                return [(end,) for end in values[0].ends]
            if isinstance(values[0], ArrayValue):
                return list(values[0].items)
        return [values]

    def _name(self, node: tree.Name, scope: Scope, span: Span) -> Values:
        if node.name == "this":
            return scope.receiver()
        holder = scope.find(node.name)
        if holder is None:
            return (Imported(span, "", node.name),)
        result: Values = ()
        for value in holder.names[node.name]:
            result = joined(result, self.imported(value, holder) if isinstance(value, Imported) else (value,))
        return result

    def _index(self, node: tree.Index, scope: Scope, span: Span) -> Values:
        receivers = self.evaluate(node.object, scope)
        keys = self.evaluate(node.index, scope)
        for receiver in receivers:
            if isinstance(receiver, Pair):
                self.use("read", span, scope, receiver, name="[]")
        literal = next((key.value for key in keys if isinstance(key, LiteralValue)), None)
        if isinstance(literal, str):
            return members.read(self, receivers, literal, span, scope)
        if isinstance(literal, (int, float)) and abs(literal) < MAX_INDEX:
            return members.element(self, receivers, int(literal))
        return members.items_of(receivers)

    def _text(self, node: tree.Text, scope: Scope, span: Span) -> Value:
        if node.value is not None:
            return LiteralValue(span, node.value)
        parts = tuple(part if isinstance(part, str) else self.evaluate(part, scope) for part in node.parts)
        return TextValue(span, parts)

    def _table(self, node: tree.Table, scope: Scope, span: Span) -> TableValue:
        fields: dict[str, Values] = {}
        spreads: list[Value] = []
        for entry in node.entries:
            values = self.evaluate(entry.value, scope)
            if isinstance(entry.value, tree.Spread):
                spreads.extend(values)
                for value in values:
                    self.use("spread", entry, scope, value)
                    if isinstance(value, TableValue):
                        fields.update(value.fields)
            elif entry.key is not None:
                fields[entry.key] = values
        known = all(isinstance(value, TableValue) and value.closed for value in spreads)
        closed = all(entry.key is not None or isinstance(entry.value, tree.Spread) for entry in node.entries)
        unknown_spread = any(
            isinstance(entry.value, tree.Spread) and not self.evaluate(entry.value.value, scope)
            for entry in node.entries
        )
        return TableValue(span, node, fields, closed and known and not unknown_spread, tuple(spreads))

    def awaited(self, values: Values) -> Values:
        """What `await` makes of values."""
        return joined(*(value.inner if isinstance(value, Pending) else (value,) for value in values))

    # Functions

    def enter(
        self,
        function: FunctionValue,
        arguments: Sequence[Values],
        *,
        this: Values = (),
        where: Where | None = None,
    ) -> Values:
        """Evaluate a function with these arguments; its return values (a promise's, when async)."""
        node = function.node
        receiver = this or function.this
        parent = function.scope
        assert isinstance(parent, Scope)
        key = (
            id(node),
            self._closure(parent),
            tuple(tuple(same(value) for value in values) for values in arguments),
            tuple(same(value) for value in receiver),
            where.deferred if where else None,
        )
        known = self._entered.get(key)
        if known is not None:
            return known
        self._entered[key] = ()
        if self._active.get(id(node), 0) >= MAX_RECURSION:
            return ()
        if not any(holds_followed(value) for values in arguments for value in values):
            self._alike[id(node)] = self._alike.get(id(node), 0) + 1
            if self._alike[id(node)] > MAX_ALIKE:
                return ()
        if self.calls >= MAX_CALLS:
            self.flow.complete = False
            return ()
        own = not node.is_arrow and parent.file.path.suffix not in (".py", ".rs")
        scope = Scope(
            parent.file, parent, this=receiver, is_function=True, depth=self.branches, owns_this=own
        )
        for index, parameter in enumerate(node.parameters):
            values = arguments[index] if index < len(arguments) else ()
            if parameter.rest and values:
                span = Span(parent.file, parameter.start, parameter.end)
                values = (ArrayValue(span, list(arguments[index:])),)
            statements.bind(self, parameter.pattern, values, scope)
        outer, facts, returns = self.where, self.facts, self.returns
        self.where = replace(where or outer, function=node, is_async=node.is_async)
        self.returns = []
        self.calls += 1
        self._active[id(node)] = self._active.get(id(node), 0) + 1
        self.hoist(node.body, scope)
        left = self.run(node.body, scope)
        self._active[id(node)] -= 1
        self.calls -= 1
        result = joined(*self.returns)
        if not left or not all(self.returns):
            self.partial.add(id(node))
            result = operations.without_tests(result)
        self.where, self.facts, self.returns = outer, facts, returns
        if node.is_async:
            # A promise that an async function returns is part of its own; a coroutine of Python's stays one.
            inner = result if parent.file.path.suffix == ".py" else self.awaited(result)
            result = (Pending(Span(parent.file, node.start, node.end), inner),)
        self._entered[key] = result
        return result

    def _closure(self, scope: Scope) -> int | None:
        """What tells apart two functions of one text: the call within which each was made. A module's have none."""
        if not scope.function_scope().is_function:
            return None
        return id(self._closures.setdefault(id(scope), scope))  # kept, so that no other scope gets its id

    def enter_later(self, function: FunctionValue, arguments: Sequence[Values], reason: str) -> Values:
        """Enter a function that runs later: a callback, a listener, a timer."""
        return self.enter(
            function, arguments, where=replace(self.where, deferred=reason, tried=False, in_loop=False)
        )

    # Reporting

    def use(
        self,
        action: Action,
        node: tree.Node | Span,
        scope: Scope,
        value: Value | None = None,
        *,
        name: str = "",
        arguments: Sequence[Values] = (),
        nodes: Sequence[tree.Expression] = (),
        certain: bool = True,
    ) -> Use:
        """Report a use here."""
        span = node if isinstance(node, Span) else Span(scope.file, node.start, node.end)
        where = replace(self.where, facts=self.facts)
        use = Use(action, span, where, value, name, list(arguments), list(nodes), certain)
        self.flow.uses.append(use)
        return use
