"""Statements: they run in order; a way that leaves raises Dead once it was caught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine import members, patterns
from wslint.machine.control import Collector, Dead
from wslint.machine.machine import MOST_DEPTH, Machine, snippet
from wslint.machine.scope import Closure, Scope
from wslint.source import tree
from wslint.text import Span
from wslint.values.event import Dropped
from wslint.values.heap import Exit, Object
from wslint.values.value import ABSENT, UNDEFINED, Choice, OneOf, Unknown, Value, leaves

if TYPE_CHECKING:
    from wslint.machine import expressions, guards
    from wslint.runtime import python
else:
    expressions = Late("wslint.machine.expressions")
    guards = Late("wslint.machine.guards")
    python = Late("wslint.runtime.python")

MOST_ROUNDS = 24
"""Rounds of a loop that are run one by one."""


def run(machine: Machine, body: Sequence[tree.Statement], scope: Scope) -> None:
    """Run statements in a scope. Raises Dead where no way comes to their end."""
    machine.depth += 1
    try:
        _run(machine, body, scope)
    finally:
        machine.depth -= 1


def _run(machine: Machine, body: Sequence[tree.Statement], scope: Scope) -> None:
    for statement in body:
        if machine.depth > MOST_DEPTH:
            machine.give_up("the code is nested too deeply", scope.unit.span(statement).head())
        machine.steps += 1
        if machine.covering is not None:
            machine.covers(scope.unit.file, statement)
        _TABLE[type(statement)](machine, statement, scope)


def block(machine: Machine, body: Sequence[tree.Statement], scope: Scope) -> None:
    """Run statements in a scope of their own, in languages whose blocks are scopes."""
    inner = Scope(scope.unit, scope) if scope.unit.language.blocks else scope
    hoist(machine, body, inner)
    run(machine, body, inner)


def hoist(machine: Machine, body: Sequence[tree.Statement], scope: Scope) -> None:
    """Functions are there before their declaration is come to; `var` and `let` are undefined until then."""
    if scope.unit.language.name == "python":
        return
    for statement in body:
        if isinstance(statement, tree.Declare) and isinstance(statement.pattern, tree.Name):
            if statement.kind == "function" and isinstance(statement.value, tree.Function):
                this = scope.receiver() if statement.value.is_arrow else ABSENT
                scope.names[statement.pattern.name] = Closure(statement.value, scope, this)
            elif (
                statement.kind == "class"
                and scope.unit.language.name == "rust"
                and isinstance(statement.value, tree.Class)
            ):
                from wslint.machine.scope import ClassValue

                scope.names[statement.pattern.name] = ClassValue(statement.value, scope)


# Binding names


def declare(machine: Machine, name: str, value: Value, scope: Scope) -> None:
    """Bind a name in a scope. Where blocks are no scopes the name is the function's."""
    if scope.unit.language.blocks:
        scope.names[name] = value
    else:
        machine.put(scope.holder(name).names, name, value)


def bind(machine: Machine, pattern: tree.Pattern, value: Value, scope: Scope) -> None:
    """`const pattern = value`."""
    match pattern:
        case tree.Name():
            declare(machine, pattern.name, value, scope)
        case tree.ArrayPattern() if scope.unit.language.name == "rust":
            patterns.bind(machine, pattern, value, scope)
        case tree.ArrayPattern():
            parts = _parts(machine, pattern, value, scope)
            for at, (item, held) in enumerate(zip(pattern.items, parts, strict=True)):
                if item is not None:
                    bind(machine, item, _filled(machine, pattern.defaults, at, held, scope), scope)
        case tree.TablePattern():
            taken: list[Value] = []
            for at, (_, inner) in enumerate(pattern.entries):
                bind(machine, inner, _field(machine, value, pattern, at, scope, taken), scope)
            if pattern.rest is not None:
                declare(machine, pattern.rest, _rest(machine, value, taken, scope), scope)
        case _ if patterns.bind(machine, pattern, value, scope):
            pass
        case tree.Opaque():
            is_rest = len(pattern.parts) == 1 and all(
                isinstance(leaf, Object) and leaf.kind == "Array" for leaf in leaves(value)
            )
            for part in pattern.parts:
                if isinstance(part, tree.Name):
                    unknown = Unknown(f"`{part.name}`", scope.unit.span(part))
                    declare(machine, part.name, value if is_rest else unknown, scope)
        case _:
            assign(machine, pattern, value, scope)


def refuse_nothing(
    machine: Machine, pattern: tree.TablePattern, value: Value, scope: Scope, source: str
) -> None:
    """`const { name } = null` throws, in other words than `null.name` unless a default follows. `source` is the value as
    V8 prints it."""
    if scope.unit.language.name != "javascript" or pattern.filled:
        return

    def one(held: Value) -> Value:
        if held is None or held is UNDEFINED:
            what = "null" if held is None else "undefined"
            first = pattern.entries[0][0] if pattern.entries else "["
            key = f" property '{first}' of" if not first.startswith("[") else ""
            known = f"{key} '{source}' as it is {what}." if source else key.removesuffix(" of")
            machine.throw(f"TypeError: Cannot destructure{known}", scope.unit.span(pattern))
        return held

    machine.each(value, one)


def _source(node: tree.Expression | None) -> str:
    """An expression as V8 prints it, where that is short."""
    match node:
        case tree.Name():
            return node.name
        case tree.Member() if not node.optional:
            before = _source(node.object)
            return before and f"{before}.{node.name}"
        case tree.Call() if not node.new and not node.optional:
            before = _source(node.function)
            return before and f"{before}(...)"
        case _:
            return ""


def _parts(machine: Machine, pattern: tree.ArrayPattern, value: Value, scope: Scope) -> list[Value]:
    """What each item of a pattern gets. `...rest` is an `Opaque` of a name; it gets an array."""
    if scope.unit.language.name == "python":
        return _columns(
            machine, value, len(pattern.items), lambda held: python.unpack(machine, pattern, held, scope)
        )
    found: list[Value] = []
    span = scope.unit.span(pattern)
    for place, item in enumerate(pattern.items):
        if isinstance(item, tree.Opaque):
            found.append(machine.lift(partial(_rest_from, machine, place, span), value))
        else:
            found.append(machine.each(value, partial(_element, machine, place, span)))
    return found


def _element(machine: Machine, place: int, span: Span, value: Value) -> Value:
    return members.element(machine, value, place, span)


def _rest_from(machine: Machine, place: int, span: Span, value: Value) -> Value:
    """What is left of something iterable from a place on."""
    inner = members.items(machine, value)
    open_ = False if inner is not None else value.owner if isinstance(value, Unknown) else True
    return Object("Array", {"items": tuple((inner or [])[place:]), "open": open_}, span)


def _columns(
    machine: Machine, value: Value, count: int, unpack: Callable[[Value], list[Value]]
) -> list[Value]:
    """The parts of a value, which may be one of several."""
    value = machine.known(value)
    if not isinstance(value, OneOf):
        return unpack(value)
    holder = machine.each(value, lambda held: Object("Array", {"items": tuple(unpack(held))}))
    return [
        machine.lift(
            lambda held, place=at: held.slots["items"][place] if isinstance(held, Object) else held, holder
        )
        for at in range(count)
    ]


def _field(
    machine: Machine, value: Value, pattern: tree.TablePattern, at: int, scope: Scope, taken: list[Value]
) -> Value:
    """What an entry of a pattern gets; its key is added to `taken`."""
    from wslint.machine.expressions import value_of

    span = scope.unit.span(pattern)
    key: Value = pattern.entries[at][0]
    if pattern.computed is not None and at in pattern.computed.held:
        key = machine.known(value_of(machine, pattern.computed.held[at], scope))  # type: ignore[arg-type]
        taken.append(key)
        found = machine.each(
            value,
            lambda held: machine.each(key, lambda one: members.index(machine, held, one, span, scope)),
        )
    else:
        taken.append(key)
        found = machine.each(value, lambda held: _named(machine, held, key, span, scope))
    return _filled(machine, pattern.defaults, at, found, scope)


def _named(machine: Machine, held: Value, key: str, span: Span, scope: Scope) -> Value:
    if key.isdecimal() and isinstance(held, Object) and held.kind == "Array":
        return members.index(machine, held, float(key), span, scope)  # `const { 0: a, 1: b } = [1, 2]`
    return members.read(machine, held, key, span, scope)


def _filled(machine: Machine, defaults: tree.Aside | None, at: int, value: Value, scope: Scope) -> Value:
    """A part of a pattern, or its default where it is undefined."""
    from wslint.machine import operators
    from wslint.machine.expressions import value_of

    if defaults is None or at not in defaults.held:
        return value
    node: Any = defaults.held[at]
    return operators.where_undefined(machine, value, lambda: value_of(machine, node, scope))


def _rest(machine: Machine, value: Value, taken: list[Value], scope: Scope) -> Value:
    from wslint.machine.operators import text_of
    from wslint.runtime.object_statics import GETTERS_ONLY

    value = machine.known(value)
    made = Object("Object")
    names = [text_of(key) for key in taken]
    if isinstance(value, Object) and value.kind == "Object":
        for key, held in value.slots.items():
            if isinstance(key, tuple) and key[1] not in names:
                made.slots[key] = held
        made.slots["open"] = value.slots.get("open", False) or "escaped" in value.slots or None in names
    elif isinstance(value, Object) and value.kind in GETTERS_ONLY and "escaped" not in value.slots:
        if scope.unit.worker.flag_enabled("workers_api_getters_setters_on_prototype") is not True:
            made.slots["open"] = True
    else:
        made.slots["open"] = True
    return made


def assign(machine: Machine, target: tree.Pattern, value: Value, scope: Scope) -> None:
    """`target = value`."""
    from wslint.machine import rust
    from wslint.machine.expressions import value_of

    match target:
        case tree.Name():
            if target.name == "this":
                return
            if scope.function().outer.get(target.name):
                machine.put(scope.holder(target.name).names, target.name, value)
                return
            at = scope.find(target.name)
            if at is not None and at.constants and target.name in at.constants:
                machine.throw("TypeError: Assignment to constant variable.", scope.unit.span(target))
            if (
                at is not None
                and scope.unit.language.name == "rust"
                and rust.assign_to(
                    machine, machine.known(at.names[target.name]), value, scope.unit.span(target)
                )
            ):
                return
            if at is not None and (scope.unit.language.blocks or at is scope.function()):
                machine.put(at.names, target.name, value)
            elif at is None and scope.unit.language.blocks:
                return
            else:
                declare(machine, target.name, value, scope)
        case tree.Member() if isinstance(target.object, tree.Name) and target.object.name == "super":
            from wslint.machine import calls

            calls.write_super(machine, target.name, value, scope, scope.unit.span(target))
        case tree.Member():
            receiver = value_of(machine, target.object, scope)
            span = scope.unit.span(target)
            machine.each(receiver, lambda held: members.write(machine, held, target.name, value, span, scope))
        case tree.Index():
            receiver, key = value_of(machine, target.object, scope), value_of(machine, target.index, scope)
            span = scope.unit.span(target)
            machine.each(
                receiver,
                lambda held: machine.each(
                    key, lambda at: members.set_index(machine, held, at, value, span, scope)
                ),
            )
        case tree.ArrayPattern():
            parts = _parts(machine, target, value, scope)
            for place, (item, held) in enumerate(zip(target.items, parts, strict=True)):
                if isinstance(item, tree.Opaque) and scope.unit.language.name == "python":
                    bind(machine, item, held, scope)
                elif isinstance(item, tree.Opaque):
                    for part in item.parts:
                        if isinstance(part, tree.Name | tree.Member | tree.Index):
                            assign(machine, part, held, scope)
                elif item is not None:
                    assign(machine, item, _filled(machine, target.defaults, place, held, scope), scope)
        case tree.TablePattern():
            taken: list[Value] = []
            for place, (_, inner) in enumerate(target.entries):
                assign(machine, inner, _field(machine, value, target, place, scope, taken), scope)
            if target.rest is not None:
                name = tree.Name(target.start, target.end, target.rest)
                assign(machine, name, _rest(machine, value, taken, scope), scope)
        case tree.Opaque():
            for part in target.parts:
                if isinstance(part, tree.Name | tree.Member | tree.Index):
                    assign(machine, part, Unknown("a part"), scope)


# Statements


def is_hoisted(node: tree.Statement, scope: Scope) -> bool:
    """Whether a statement declares a function that `hoist` has put in its place: it does nothing any more."""
    return (
        isinstance(node, tree.Declare)
        and node.kind == "function"
        and scope.unit.language.name != "python"
        and isinstance(node.pattern, tree.Name)
    )


def _declare(machine: Machine, node: tree.Declare, scope: Scope) -> None:
    if node.kind == "function" and is_hoisted(node, scope):
        return
    value = expressions.value_of(machine, node.value, scope) if node.value is not None else UNDEFINED
    if node.kind == "var" and isinstance(node.pattern, tree.Name):
        names = scope.function().names
        if node.value is not None or node.pattern.name not in names:
            machine.put(names, node.pattern.name, value)
        return
    if isinstance(node.pattern, tree.TablePattern):
        refuse_nothing(machine, node.pattern, value, scope, _source(node.value))
    if node.kind == "var":
        scope = scope.function()
    bind(machine, node.pattern, value, scope)
    if node.value is not None and _is_wildcard(node.pattern, scope):
        _dropped(machine, value, scope.unit.span(node.value))
    if node.kind == "const" and scope.parent is not None and scope.unit.language.name == "javascript":
        if isinstance(node.pattern, tree.Name):
            scope.constants = {*(scope.constants or ()), node.pattern.name}


def _is_wildcard(pattern: tree.Pattern, scope: Scope) -> bool:
    """Whether a name is one for what nobody wants."""
    if isinstance(pattern, tree.Name):
        return pattern.name == "_"
    return isinstance(pattern, tree.Opaque) and scope.unit.span(pattern).text == "_"


def _do(machine: Machine, node: tree.Do, scope: Scope) -> None:
    _dropped(machine, expressions.value_of(machine, node.value, scope), scope.unit.span(node.value))


def _dropped(machine: Machine, value: Value, span: Span) -> None:
    """A call of the project's own asynchronous function that nobody takes. In Python and Rust it never begins."""
    held = machine.known(value)
    if isinstance(held, Object) and "own" in held.slots and held.place == span:
        if "outcome" not in held.slots and "escaped" not in held.slots:
            machine.note(Dropped, span, name=held.slots["own"])


def _return(machine: Machine, node: tree.Return, scope: Scope) -> None:
    value = (
        expressions.value_of(machine, node.value, scope)
        if node.value is not None
        else scope.unit.language.nothing
    )
    machine.leave("return", value, scope.unit.span(node))


def _throw(machine: Machine, node: tree.Throw, scope: Scope) -> None:
    from wslint.machine.expressions import value_of

    span = scope.unit.span(node)
    if node.value is None:
        caught = scope.find("the caught error")
        machine.raise_value(caught.names["the caught error"] if caught else Unknown("an error"), span)
    thrown = value_of(machine, node.value, scope)
    if scope.unit.language.name == "python":
        thrown = machine.each(thrown, lambda held: python.raised(machine, held, span))
    machine.each(thrown, lambda held: machine.raise_value(held, span))


def _jump(machine: Machine, node: tree.Jump, scope: Scope) -> None:
    from wslint.machine.expressions import value_of

    value = value_of(machine, node.value, scope) if node.value is not None else UNDEFINED
    machine.leave(node.kind, value, scope.unit.span(node), label=node.label)


def _if(machine: Machine, node: tree.If, scope: Scope) -> None:
    if node.subject is not None:
        pinned = machine.pinned.get(id(node.subject), ABSENT)
        machine.pinned[id(node.subject)] = expressions.value_of(machine, node.subject, scope)
        try:
            collector, done = machine.collect(_BREAK, lambda: _test(machine, node, scope))
            machine.meet(collector, [*collector.exits, *([done] if done else [])])
        finally:
            if pinned is ABSENT:
                del machine.pinned[id(node.subject)]
            else:
                machine.pinned[id(node.subject)] = pinned
        return
    _test(machine, node, scope)


_BREAK = frozenset({"break"})
_LOOP = frozenset({"break"})
_ROUND = frozenset({"continue"})


def _test(machine: Machine, node: tree.If, scope: Scope) -> Value:
    inner = Scope(scope.unit, scope) if node.binds else scope
    machine.tested_path = False
    test = machine.known(expressions.value_of(machine, node.test, inner))
    tested, span = machine.tested_path, scope.unit.span(node.test)
    decided = not isinstance(test, Unknown | OneOf)

    def then() -> Value:
        machine.tested_path = tested
        guards.note(machine, node, True, decided, scope)
        block(machine, node.then, inner)
        return UNDEFINED

    def otherwise() -> Value:
        machine.tested_path = tested
        guards.note(machine, node, False, decided, scope)
        block(machine, node.otherwise, scope)
        return UNDEFINED

    return machine.branch(test, span, (then, otherwise), scope.unit)


# Loops


def _loop(machine: Machine, node: tree.Loop, scope: Scope) -> None:
    if node.initial is not None:
        scope = Scope(scope.unit, scope)
        run(machine, list(node.initial.held.values()), scope)  # type: ignore[arg-type]
    collector, done = machine.collect(_LOOP, lambda: _rounds(machine, node, scope), node.label)
    if done is not None and node.otherwise:
        machine.meet(collector, [done])
        collector, done = machine.collect(_LOOP, lambda: _nothing(machine, node.otherwise, scope))
    machine.meet(collector, [*collector.exits, *([done] if done else [])])


def _nothing(machine: Machine, body: Sequence[tree.Statement], scope: Scope) -> Value:
    block(machine, body, scope)
    return UNDEFINED


def _rounds(machine: Machine, node: tree.Loop, scope: Scope) -> Value:
    from wslint.machine.expressions import value_of

    if node.iterable is not None:
        source = value_of(machine, node.iterable, scope)
        machine.each(source, lambda held: _over(machine, node, held, scope))
        return UNDEFINED
    span = scope.unit.span(node)
    if node.runs_once:
        scope = _round(machine, node, scope, None)
    for _ in range(MOST_ROUNDS):
        test = value_of(machine, node.test, scope) if node.test is not None else True
        test = machine.known(test)
        verdict = None if isinstance(test, Unknown | OneOf) else scope.unit.language.truth(test)
        if verdict is None:
            unknown_rounds(machine, span, partial(_tested_round, machine, node, scope), test)
            return UNDEFINED
        if not verdict:
            return UNDEFINED
        before = len(machine.log.entries)
        scope = _round(machine, node, scope, None)
        if node.test is None or isinstance(node.test, tree.Constant):
            if len(machine.log.entries) == before or machine.steps > machine.budget // 2:
                break
    if node.test is None or isinstance(node.test, tree.Constant):
        machine.leave("hang", UNDEFINED, span.head(), "the loop never ends")
    unknown_rounds(machine, span, partial(_tested_round, machine, node, scope))
    return UNDEFINED


def _tested_round(machine: Machine, node: tree.Loop, scope: Scope) -> None:
    from wslint.machine.expressions import value_of

    if isinstance(node.test, tree.IsCase):  # its names are only bound where it fits
        sides = (lambda: _quiet_round(machine, node, scope), lambda: UNDEFINED)
        machine.branch(value_of(machine, node.test, scope), scope.unit.span(node.test), sides, scope.unit)
        return
    if node.test is not None:
        value_of(machine, node.test, scope)
    _round(machine, node, scope, None)


def _quiet_round(machine: Machine, node: tree.Loop, scope: Scope) -> Value:
    _round(machine, node, scope, None)
    return UNDEFINED


def _round(machine: Machine, node: tree.Loop, scope: Scope, item: Any) -> Scope:
    """One round; `item` is a pair of one value, for a loop over something. Gives the scope of the next one."""
    inner = Scope(scope.unit, scope) if scope.unit.language.blocks else scope
    body, steps = node.body, node.body[len(node.body) - node.steps :] if node.steps else []
    if node.steps:
        body = node.body[: len(node.body) - node.steps]

    def one() -> Value:
        if item is not None and node.target is not None:
            bind(machine, node.target, item[0], inner)
        hoist(machine, body, inner)
        run(machine, body, inner)
        return UNDEFINED

    collector, done = machine.collect(_ROUND, one, node.label)
    machine.meet(collector, [*collector.exits, *([done] if done else [])])
    if steps:
        if node.captures:
            names = scope.names
            scope = Scope(scope.unit, scope.parent)
            scope.names = dict(names)
        run(machine, steps, scope)
    return scope


def _over(machine: Machine, node: tree.Loop, source: Value, scope: Scope) -> Value:
    span = scope.unit.span(node)
    if scope.unit.language.name == "python":
        several = python.rounds(machine, source)
        if several is not None:
            items = machine.known(source.slots["items"])
            sides = [(mask, lambda one=one: _over(machine, node, one, scope)) for mask, one in several]
            return machine.fork(items.choice, sides)
        if source is None or source is UNDEFINED or isinstance(source, bool | int | float):
            python.containers.items_of(machine, source, span)
    elif isinstance(source, Object) and source.kind == "Array" and not source.slots.get("open"):
        ways = machine.known(source.slots.get("items", ()))
        if isinstance(ways, OneOf) and all(isinstance(one, tuple) for one in ways.leaves()):
            return machine.each(ways, lambda _: _over(machine, node, source, scope))
    held = members.iterated(machine, source, span)
    if held is not None and len(held.items) <= MOST_ROUNDS:
        for item in _live(machine, source, held, scope, span):
            if item.present is None:
                _round(machine, node, scope, (item.value,))
            else:
                choice, mask = item.present
                machine.fork(
                    choice,
                    [
                        (mask, partial(_quiet, machine, node, scope, item.value)),
                        (~mask & choice.universe, lambda: UNDEFINED),
                    ],
                )
        if not held.open:
            return UNDEFINED
    sample = members.sample(machine, source, span)
    unknown_rounds(machine, span, lambda: _drop_round(machine, node, scope, sample), source)
    return UNDEFINED


def _drop_round(machine: Machine, node: tree.Loop, scope: Scope, item: Value) -> None:
    _round(machine, node, scope, (item,))


def _live(
    machine: Machine, source: Value, held: members.Items, scope: Scope, span: Span
) -> Iterator[members.Item]:
    """The items of a loop: of something that the loop itself changes, those that are there when their turn comes."""
    language = scope.unit.language.name
    if not isinstance(source, Object) or source.kind not in _CHANGED or language == "rust" or held.open:
        yield from held.items
        return
    size = len(held.items)
    if source.kind == "Array":
        at = 0
        while at < MOST_ROUNDS:
            items = machine.known(source.slots.get("items", ()))
            if not isinstance(items, tuple):
                yield from held.items[at:]
                return
            if at >= len(items):
                return
            yield members.Item(machine.known(items[at]))
            at += 1
        return
    seen: set[Any] = set()
    while len(seen) < MOST_ROUNDS:
        now = members.iterated(machine, source, span)
        if now is None:
            return
        if (
            language == "python"
            and not now.open
            and _is_sure(held)
            and _is_sure(now)
            and len(now.items) != size
        ):
            what = "dictionary" if source.kind == "Map" else "Set"
            machine.throw(f"RuntimeError: {what} changed size during iteration", span.head())
        item = next((one for one in now.items if one.slot not in seen), None)
        if item is None:
            return
        seen.add(item.slot)
        yield item


_CHANGED = frozenset({"Array", "Map", "Set"})


def _is_sure(held: members.Items) -> bool:
    return all(item.present is None for item in held.items)


def _quiet(machine: Machine, node: tree.Loop, scope: Scope, item: Value) -> Value:
    _round(machine, node, scope, (item,))
    return UNDEFINED


def unknown_rounds(machine: Machine, span: Span, one: Callable[[], None], source: Value = None) -> None:
    """A loop whose rounds are not known: none, or some. What it writes is widened after the first."""
    owner = source.owner if isinstance(source, Unknown) else "world"
    if isinstance(source, OneOf) and source.choice.stands is None:
        owner = source.choice.owner
    if isinstance(source, Object) and isinstance(source.slots.get("open"), str):
        owner = source.slots["open"]
    text = snippet(span.head(), 40)
    choice = Choice(owner, span.head(), {1: f"`{text}` has a round", 2: f"`{text}` has no round"}, 3)
    choice.matters = False

    def some() -> Value:
        mark = len(machine.log.entries)
        one()
        for slots, key, value in list(machine.log.capture(mark).values()):
            if key == "items":
                machine.put(slots, "open", slots.get("open") or owner)
            if slots is not machine.assumed and not _stays(slots, key, value, machine, mark):
                machine.put(slots, key, _widened(value, key, span))
        one()
        return UNDEFINED

    machine.fork(choice, [(1, some), (2, lambda: UNDEFINED)])


def _stays(slots: Any, key: Any, value: Value, machine: Machine, mark: int) -> bool:
    """Whether a slot that a round wrote is the same in every round: it got a constant, or an object's state."""
    if isinstance(key, tuple) and key[0] == "h" and all(leaf in (None, ABSENT) for leaf in leaves(value)):
        return True  # a header that is not there
    return isinstance(value, str) and key in ("state", "escaped")


def _widened(value: Value, key: Any, span: Span) -> Value:
    if key == "items":
        return value
    if value is ABSENT or isinstance(value, Object):
        return value
    return Unknown("what a loop makes of it", span.head())


# try


_CAUGHT = frozenset({"throw"})
_ALL = frozenset({"throw", "return", "break", "continue", "hang", "unknown"})


def _try(machine: Machine, node: tree.Try, scope: Scope) -> None:
    if node.final:
        collector, done = machine.collect(_ALL, lambda: _handled(machine, node, scope))
        _finally(machine, node, [*collector.exits, *([done] if done else [])], collector, scope)
        return
    _handled(machine, node, scope)


def _finally(machine: Machine, node: tree.Try, exits: list[Exit], collector: Collector, scope: Scope) -> None:
    """The last block runs for every way, which then leaves as it was about to."""
    going: list[Exit] = []
    for item in exits:
        machine.log.rollback(collector.mark)
        machine.path = collector.root
        try:
            machine.meet(collector, [item])
            block(machine, node.final, scope)
        except Dead:
            continue
        if item.kind == "done":
            going.append(Exit("done", item.value, machine.path, machine.log.capture(collector.mark)))
        else:
            try:
                machine.leave(item.kind, item.value, item.span, item.text, item.label)
            except Dead:
                continue
    machine.meet(collector, going)


def _scoped(machine: Machine, node: tree.Scoped, scope: Scope) -> None:
    if node.label is None:
        block(machine, node.body, scope)
        return
    collector, done = machine.collect(_BREAK, lambda: _nothing(machine, node.body, scope), node.label)
    exits = []
    for item in collector.exits:
        if item.label == node.label:
            exits.append(item)
        else:
            machine.log.rollback(collector.mark)
            machine.path = collector.root
            try:
                machine.meet(collector, [item])
                machine.leave(item.kind, item.value, item.span, item.text, item.label)
            except Dead:
                continue
    machine.meet(collector, [*exits, *([done] if done else [])])


def _managed(machine: Machine, node: tree.Managed, scope: Scope) -> None:
    from wslint.runtime import python

    python.managed(machine, node, scope)


def _initial(machine: Machine, node: tree.Initial, scope: Scope) -> None:
    """The loop that follows has it too."""


def _handled(machine: Machine, node: tree.Try, scope: Scope) -> Value:
    if not node.handled:
        block(machine, node.body, scope)
        return UNDEFINED
    guarded = node.body[: len(node.body) - node.otherwise]
    otherwise = node.body[len(guarded) :]
    collector, done = machine.collect(_CAUGHT, lambda: _nothing(machine, guarded, scope))
    if not collector.exits:
        machine.meet(collector, [done] if done else [])
        run(machine, otherwise, scope)
        return UNDEFINED
    for item in collector.exits:
        mark_caught(item.value)
    ends: list[Exit] = [done] if done is not None and not otherwise else []
    if done is not None and otherwise:
        try:
            machine.meet(collector, [done])
            run(machine, otherwise, scope)
            ends.append(Exit("done", UNDEFINED, machine.path, machine.log.capture(collector.mark)))
        except Dead:
            pass
    for group in _apart(machine, collector):
        machine.log.rollback(collector.mark)
        machine.path = collector.root
        try:
            thrown = machine.meet(collector, group, is_part=True)
            _handle(machine, node, thrown, group[0], scope)
            ends.append(Exit("done", UNDEFINED, machine.path, machine.log.capture(collector.mark)))
        except Dead:
            continue
    machine.meet(collector, ends)
    return UNDEFINED


MOST_HANDLED = 3
"""Throws of one `try` whose handler is run for each; more are joined first."""


def _apart(machine: Machine, collector: Collector) -> list[list[Exit]]:
    if len(collector.exits) <= MOST_HANDLED:
        return [[item] for item in collector.exits]
    return [collector.exits]


def mark_caught(value: Value) -> None:
    """A handler took it: the event that it was thrown says so."""
    from wslint.values.event import Raised
    from wslint.values.value import leaves

    for leaf in leaves(value):
        if isinstance(leaf, Object) and isinstance(leaf.extra, Raised):
            leaf.extra.caught = True


def _handle(machine: Machine, node: tree.Try, thrown: Value, item: Exit, scope: Scope) -> None:
    if node.catches:
        python.handle(machine, node, item, thrown, scope)
        return
    inner = Scope(scope.unit, scope) if scope.unit.language.blocks else scope
    body = list(node.handler)
    if body and isinstance(body[0], tree.Declare) and body[0].value is None and scope.unit.language.blocks:
        bind(machine, body[0].pattern, thrown, inner)
        body = body[1:]
    else:
        inner.names["the caught error"] = thrown
    hoist(machine, body, inner)
    run(machine, body, inner)


_TABLE: dict[type[Any], Callable[[Machine, Any, Scope], Any]] = {
    tree.Declare: _declare,
    tree.Initial: _initial,
    tree.Scoped: _scoped,
    tree.Managed: _managed,
    tree.Do: _do,
    tree.Return: _return,
    tree.Throw: _throw,
    tree.Jump: _jump,
    tree.If: _if,
    tree.Loop: _loop,
    tree.Try: _try,
}
