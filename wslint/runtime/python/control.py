"""What Python's statements and expressions do that the tree's plain ones don't: handlers, comprehensions, unpacking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine.scope import Scope
from wslint.runtime import collections as shared
from wslint.runtime import header_lists
from wslint.runtime.python import classes, containers, errors, members, sdk, unasked
from wslint.runtime.python.errors import fail
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.values.heap import Exit, Object
from wslint.values.value import ABSENT, UNDEFINED, Choice, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine import expressions, statements
else:
    expressions = Late("wslint.machine.expressions")
    statements = Late("wslint.machine.statements")

# except


def handle(machine: Any, node: tree.Try, item: Exit, thrown: Value, scope: Any) -> None:
    """The first handler that takes what was thrown; without one it goes on."""
    machine.each(thrown, lambda one: _from(machine, node, item, one, (0, 0), scope))


def _from(machine: Any, node: tree.Try, item: Exit, thrown: Value, at: tuple[int, int], scope: Any) -> Value:
    from wslint.machine.expressions import value_of

    number, place = at
    if number >= len(node.catches):
        if isinstance(thrown, Object) and hasattr(thrown.extra, "caught"):
            thrown.extra.caught = False
        machine.leave("throw", thrown, item.span, item.text or machine.words_of(thrown))
    catch = node.catches[number]
    after = (number + 1, place + catch.count)
    verdict: bool | None = True
    if catch.types is not None:
        verdict = errors.takes(machine, thrown, value_of(machine, catch.types, scope))

    def run() -> Value:
        _body(machine, node.handler[place : place + catch.count], catch.name, thrown, scope)
        return UNDEFINED

    if verdict is None:
        span = scope.unit.span(catch)
        choice = Choice(
            "unread", span, {1: "the exception is one of these", 2: "the exception is none of these"}, 3
        )
        choice.matters = False
        return machine.fork(choice, [(1, run), (2, lambda: _from(machine, node, item, thrown, after, scope))])
    return run() if verdict else _from(machine, node, item, thrown, after, scope)


def _body(machine: Any, body: list[tree.Statement], name: str | None, thrown: Value, scope: Any) -> None:
    names = scope.function().names
    before = names.get("the caught error", ABSENT)
    machine.put(names, "the caught error", thrown)
    if name is not None:
        statements.declare(machine, name, thrown, scope)
    statements.run(machine, body, scope)
    machine.put(names, "the caught error", before)


# Comprehensions


def comprehension(machine: Any, node: tree.Comprehension, scope: Any) -> Value:
    """`[value for target in iterable if test …]`: a loop of its own scope that gathers what it makes."""
    function, callee = node.arguments[0], node.function
    assert isinstance(function, tree.Function) and isinstance(callee, tree.Member)
    body = function.body[0]
    assert isinstance(body, tree.Return) and body.value is not None
    around = scope.receiver()
    inner = Scope(scope.unit, scope, UNDEFINED if around is ABSENT else around)
    span = scope.unit.span(node)
    kind = {"list": "list", "generator": "generator", "set": "set", "dict": "dict"}[node.kind]
    made = containers.array((), span, False, kind)
    if kind in ("set", "dict"):
        made = Object("Set" if kind == "set" else "Map", {}, span, kind)
    first = tree.Clause(node.start, node.end, function.parameters[0].pattern, callee.object)
    source = expressions.value_of(machine, callee.object, scope)
    work = _Gathering(machine, node, body.value, inner, made)
    mark = len(machine.log.entries)
    work.over(first, source, [*node.clauses])
    if kind in ("list", "generator"):
        _bounded(machine, made)
    if not any(isinstance(one, tree.Function) for one in nodes_in([body.value, node.clauses, node.key])):
        # Nothing sees its names any more, so there is nothing to take back.
        machine.log.entries[mark:] = [
            entry for entry in machine.log.entries[mark:] if entry[0] is not inner.names
        ]
    return made


MOST_LISTS = 6
"""Lists that one comprehension may give; of one with more, only what an item is like is known."""


def _bounded(machine: Any, made: Object) -> None:
    items = machine.known(made.slots["items"])
    if isinstance(items, tuple) or (
        isinstance(items, OneOf) and sum(1 for _ in items.leaves()) <= MOST_LISTS
    ):
        return
    machine.put(made.slots, "items", ())
    machine.put(made.slots, "open", made.slots.get("open") or "world")


class _Gathering:
    """One comprehension as it runs."""

    def __init__(
        self, machine: Any, node: tree.Comprehension, value: tree.Expression, scope: Any, made: Object
    ) -> None:
        self.machine = machine
        self.node = node
        self.value = value
        self.scope = scope
        self.made = made
        self.sampling: Value = False

    def over(self, clause: tree.Clause, source: Value, rest: list[tree.Clause]) -> None:
        self.machine.each(source, lambda held: self._each(clause, held, rest))

    def _each(self, clause: tree.Clause, source: Value, rest: list[tree.Clause]) -> Value:
        from wslint.machine import members as machine_members

        machine, span = self.machine, self.scope.unit.span(clause)
        if source is None or source is UNDEFINED or isinstance(source, bool | int | float):
            containers.items_of(machine, source, span)
        if isinstance(source, Object) and isinstance(machine.known(source.slots.get("items", ())), OneOf):
            return machine.each(
                source.slots["items"], lambda items: self._each(clause, _fixed(source, items), rest)
            )
        held = machine_members.iterated(machine, source, span)
        if held is not None and len(held.items) <= containers.MOST:
            for item in held.items:
                if item.present is None:
                    self._one(clause, item.value, rest)
                else:
                    choice, mask = item.present
                    machine.fork(
                        choice,
                        [
                            (mask, _later(self._one, clause, item.value, rest)),
                            (~mask & choice.universe, lambda: UNDEFINED),
                        ],
                    )
            if not held.open:
                return UNDEFINED
        sample = machine_members.sample(machine, source, span)
        before, self.sampling = self.sampling, containers.owner_of(machine, source) or True
        statements.unknown_rounds(machine, span, lambda: self._drop(clause, sample, rest), source)
        self.sampling = before
        return UNDEFINED

    def _drop(self, clause: tree.Clause, item: Value, rest: list[tree.Clause]) -> None:
        self._one(clause, item, rest)

    def _one(self, clause: tree.Clause, item: Value, rest: list[tree.Clause]) -> Value:
        if clause.target is not None:
            statements.bind(self.machine, clause.target, item, self.scope)
        return self._go(rest)

    def _go(self, rest: list[tree.Clause]) -> Value:
        machine = self.machine
        if not rest:
            return self._gather()
        clause, after = rest[0], rest[1:]
        if clause.test is not None:
            test = expressions.value_of(machine, clause.test, self.scope)
            sides = (lambda: self._go(after), lambda: UNDEFINED)
            return machine.branch(test, self.scope.unit.span(clause), sides, self.scope.unit)
        assert clause.iterable is not None
        self.over(clause, expressions.value_of(machine, clause.iterable, self.scope), after)
        return UNDEFINED

    def _gather(self) -> Value:
        machine, made = self.machine, self.made
        key = expressions.value_of(machine, self.node.key, self.scope) if self.node.key is not None else None
        value = expressions.value_of(machine, self.value, self.scope)
        if self.sampling:  # nobody else has it yet: nothing is to be taken back
            made.slots["open"] = self.sampling
            made.slots["sample"] = value
            if made.kind == "Map":
                for header in header_lists.left_out(machine.known(key)):
                    made.slots.setdefault(shared.key_of(header), ABSENT)
        elif made.kind == "Array":
            made.slots["sample"] = value
            items = machine.known(made.slots["items"])
            if isinstance(items, OneOf):
                items = machine.lift(lambda one: (*one, value) if isinstance(one, tuple) else one, items)
            elif isinstance(items, tuple):
                items = (*items, value)
            machine.put(made.slots, "items", items)
        else:
            name = key if made.kind == "Map" else value
            machine.each(name, lambda one: self._keyed(one, value))
        return UNDEFINED

    def _keyed(self, key: Value, value: Value) -> Value:
        containers.hashed(self.machine, key, self.scope.unit.span(self.node))
        self.machine.put(self.made.slots, shared.key_of(key), value if self.made.kind == "Map" else key)
        return UNDEFINED


def _later(function: Callable[..., Value], *given: Any) -> Callable[[], Value]:
    return lambda: function(*given)


def _fixed(source: Object, items: Value) -> Value:
    """A list with one of the lists of items that it may have."""
    if not isinstance(items, tuple):
        return Unknown("a list", source.place)
    return Object(source.kind, {**source.slots, "items": items}, source.place, source.extra)


def rounds(machine: Any, source: Value) -> list[tuple[Any, Value]] | None:
    """A list that may have one of several lists of items, as a choice for each; None for any other value."""
    if isinstance(source, Object) and source.kind == "Array":
        items = machine.known(source.slots.get("items", ()))
        if isinstance(items, OneOf):
            return [(mask, _fixed(source, held)) for mask, held in items.cases]
    return None


# Unpacking


def unpack(machine: Any, pattern: tree.ArrayPattern, value: Value, scope: Any) -> list[Value]:
    """What the names of `a, *b = value` get. The value is one of nothing else."""
    from wslint.machine import members as machine_members

    span = scope.unit.span(pattern)
    wanted = len(pattern.items)
    value = machine.known(value)
    stars = [place for place, item in enumerate(pattern.items) if isinstance(item, tree.Opaque)]
    if value is None or value is UNDEFINED or isinstance(value, bool | int | float):
        fail(machine, f"TypeError: cannot unpack non-iterable {containers.type_name(value)} object", span)
    if isinstance(value, Object) and isinstance(machine.known(value.slots.get("items", ())), OneOf):
        return [_column(machine, pattern, value, at, scope) for at in range(wanted)]
    items = machine_members.items(machine, value)
    if items is None:
        if isinstance(value, Unknown) and not stars:
            unasked.unpacked(machine, value, wanted, span)
        return [_unpacked(machine, value, at, at in stars, span) for at in range(wanted)]
    if not stars:
        if len(items) != wanted:
            few = len(items) < wanted
            words = (
                f"not enough values to unpack (expected {wanted}, got {len(items)})"
                if few
                else f"too many values to unpack (expected {wanted})"
            )
            fail(machine, f"ValueError: {words}", span)
        return items
    before, after = stars[0], wanted - stars[0] - 1
    if len(items) < before + after:
        fail(
            machine,
            f"ValueError: not enough values to unpack (expected at least {before + after}, got {len(items)})",
            span,
        )
    middle = containers.array(items[before : len(items) - after], span)
    return [*items[:before], middle, *(items[len(items) - after :] if after else [])]


def _column(machine: Any, pattern: tree.ArrayPattern, value: Object, at: int, scope: Any) -> Value:
    return machine.each(
        value.slots["items"], lambda items: unpack(machine, pattern, _fixed(value, items), scope)[at]
    )


def _unpacked(machine: Any, value: Value, at: int, is_rest: bool, span: Span) -> Value:
    from wslint.machine import members as machine_members

    if is_rest:
        return containers.array((), span, containers.owner_of(machine, value))
    if isinstance(value, Unknown):
        made = value.derived(("item", at), f"an item of {value.why}", span)
        if value.known.get("plain"):
            made.known["plain"] = True
        return made
    return machine_members.element(machine, value, at, span)


# Expressions


def awaited(machine: Any, value: Value, span: Span) -> Value:
    """`await value`; the value is no `OneOf`. What is no awaitable is refused."""
    if isinstance(value, Object) and value.kind == "SqlStorageCursor":
        fail(machine, "TypeError: '_BindingWrapper' object can't be awaited", span)
    if isinstance(value, str | int | float) or containers.is_own(value):
        fail(machine, f"TypeError: '{containers.type_name(value)}' object can't be awaited", span)
    return machine.awaited(value, span)


def instance_test(machine: Any, node: tree.InstanceTest, scope: Any) -> Value:
    """`isinstance(value, cls)`."""
    from wslint.machine.expressions import value_of

    kind = node.operands[0]
    assert isinstance(kind, tree.Operation) and node.cls is not None
    value = value_of(machine, kind.operands[0], scope)
    cls = value_of(machine, node.cls, scope)
    span = scope.unit.span(node)
    return machine.lift(lambda held: is_instance(machine, held, cls, span), value)


_JS_TYPES = frozenset({"JsProxy", "JsArray", "JsMap", "JsPromise"})
_KINDS = {"dict": "dict", "list": "list", "tuple": "tuple", "set": "set"}


def is_instance(machine: Any, value: Value, cls: Value, span: Span) -> Value:
    """Whether a value is an instance of a class; a tuple of classes is any of them."""
    from wslint.machine import members as machine_members
    from wslint.machine.scope import ClassValue, Global

    cls = machine.known(cls)
    if isinstance(cls, Object) and cls.kind == "Array":
        verdicts = [
            is_instance(machine, value, one, span)
            for one in machine_members.items(machine, cls) or [Unknown("a class")]
        ]
        if True in verdicts:
            return True
        unsure = [one for one in verdicts if one is not False]
        return unsure[0] if len(unsure) == 1 else Unknown("its class", span) if unsure else False
    name = cls.name.rpartition(".")[2] if isinstance(cls, Global | ClassValue) else ""
    if isinstance(value, Unknown):
        return _of_unknown(value, name or str(id(cls)), span)
    if isinstance(cls, ClassValue):
        return (
            isinstance(value, Object)
            and value.kind == "Instance"
            and any(
                isinstance(one, ClassValue) and one.node is cls.node
                for one in classes.line(machine, value.extra)
            )
        )
    if not isinstance(cls, Global):
        return Unknown("its class", span)
    if value is None or value is UNDEFINED:
        return name in ("NoneType", "object")
    if name == "str":
        return isinstance(value, str) or (isinstance(value, Object) and value.kind == "Address")
    if name in ("int", "float", "bool"):
        if name == "bool" or not isinstance(value, bool | int | float):
            return isinstance(value, bool)
        return (
            isinstance(value, bool | int)
            if name == "int"
            else (isinstance(value, float) and not value.is_integer())
            or (Unknown("its type", span) if isinstance(value, float) else False)
        )
    if name in _KINDS:
        return isinstance(value, Object) and (value.extra == name)
    if isinstance(value, Object):
        if name in _JS_TYPES:
            return not containers.is_own(value) and value.kind not in (
                "Instance",
                "Coroutine",
                "Match",
                "Pattern",
                "Field",
            )
        if value.kind in ("Error", "Instance") and errors.builtin_class(name) is not None:
            return errors.takes(machine, value, cls) or False
        return Unknown("its class", span)
    return False if name in ("bytes", "bytearray", *_JS_TYPES) else Unknown("its class", span)


def _of_unknown(value: Unknown, name: str, span: Span) -> Value:
    kind = value.known.get("type") or ("string" if value.known.get("message") == "text" else None)
    if kind == "string":
        return name == "str"
    return value.derived(("instance", name), f"whether {value.why} is a `{name}`", span)


def attribute(machine: Any, node: tree.Attribute, scope: Any) -> Value:
    """`getattr(object, "name", default)`."""
    from wslint.machine.expressions import value_of

    receiver = value_of(machine, node.object, scope)
    span = scope.unit.span(node)

    def one(held: Value) -> Value:
        found = members.attribute(machine, held, node.name, span, scope)
        if isinstance(held, Object) and held.kind == "WebSocketPair" and node.name in ("0", "1"):
            return held.extra[int(node.name)]

        def settled(value: Value) -> Value:
            if value is not ABSENT:
                return sdk.from_js(value)
            if node.default is None:
                fail(machine, f"AttributeError: {members.lacking(held, node.name)}", span)
            return value_of(machine, node.default, scope)

        return members.each_way(machine, found, settled)

    return machine.each(receiver, one)


def attribute_index(machine: Any, node: tree.AttributeIndex, scope: Any) -> Value:
    """`getattr(object, name, default)` of a name that is worked out."""
    from wslint.machine.expressions import value_of

    receiver, name = value_of(machine, node.object, scope), value_of(machine, node.index, scope)
    span = scope.unit.span(node)
    default = value_of(machine, node.default, scope) if node.default is not None else ABSENT

    def one(held: Value, key: Value) -> Value:
        if not isinstance(key, str):
            return Unknown("an attribute", span)
        found = members.attribute(machine, held, key, span, scope)

        def settled(value: Value) -> Value:
            if value is ABSENT and default is ABSENT:
                fail(machine, f"AttributeError: {members.lacking(held, key)}", span)
            return default if value is ABSENT else sdk.from_js(value)

        return members.each_way(machine, found, settled)

    return machine.each(receiver, lambda held: machine.each(name, lambda key: one(held, key)))


def slice_of(machine: Any, node: tree.Slice, scope: Any) -> Value:
    """`lower:upper:step` as an index."""
    from wslint.machine.expressions import value_of

    bounds = tuple(
        machine.known(value_of(machine, bound, scope)) if bound is not None else None
        for bound in (node.lower, node.upper, node.step)
    )
    return Object("Slice", {}, scope.unit.span(node), bounds)


def identity(machine: Any, node: tree.IdentityTest, scope: Any) -> Value:
    """`left is right`."""
    from wslint.machine import operators as machine_operators
    from wslint.machine.expressions import value_of
    from wslint.runtime.python.operators import identical

    left, right = (value_of(machine, one, scope) for one in node.operands)
    span = scope.unit.span(node)
    held = machine.lift(lambda one, other: identical(machine, one, other, span), left, right)
    if node.operator == "===":
        return held
    return machine.lift(lambda one: machine_operators.unary(machine, "!", one, span, scope), held)
