"""What an expression is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.machine import calls, members, operators, rust, statements
from wslint.machine.machine import MOST_DEPTH, Machine, snippet
from wslint.machine.scope import ClassValue, Closure, Global, Scope
from wslint.runtime.model import GLOBALS, MODELS
from wslint.source import tree
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine import modules
    from wslint.runtime import arrays, collections, python
else:
    arrays = Late("wslint.runtime.arrays")
    collections = Late("wslint.runtime.collections")
    modules = Late("wslint.machine.modules")
    python = Late("wslint.runtime.python")

MOST_ITEMS = 400
"""Items of one list that are kept."""


def evaluate(machine: Machine, node: tree.Expression, scope: Scope) -> Value:
    """The value of an expression. Raises Dead where no way comes to one."""
    machine.steps += 1
    if machine.steps > machine.budget:
        machine.give_up("the code is too long to follow", scope.unit.span(node).head())
    machine.depth += 1
    try:
        if machine.depth > MOST_DEPTH:
            machine.give_up("the code is nested too deeply", scope.unit.span(node).head())
        return _TABLE[type(node)](machine, node, scope)
    finally:
        machine.depth -= 1


def _name(machine: Machine, node: tree.Name, scope: Scope) -> Value:
    name = node.name
    if name == "this":
        receiver = scope.receiver()
        return UNDEFINED if receiver is ABSENT else receiver
    at = scope.find(name)
    if at is None:
        return _global(machine, node, scope)
    value = machine.known(at.names[name])
    if isinstance(value, Global):
        return modules.resolve(machine, value, scope.unit)
    return UNDEFINED if value is ABSENT else value


def _global(machine: Machine, node: tree.Name, scope: Scope) -> Value:
    """A name that no module declares: the runtime's, the language's, or nothing that is read."""
    if node.name in ("self", "globalThis") and scope.unit.language.name == "javascript":
        return Global("", "globalThis")
    if node.name == "undefined":
        return UNDEFINED
    if scope.unit.language.name == "python":
        found = modules.star(machine, scope.unit, node.name)
        return Global("", node.name) if found is ABSENT else found
    if node.name in ("NaN", "Infinity"):
        return float(node.name.lower()[:3])
    if scope.unit.language.name == "rust":
        found = modules.star(machine, scope.unit, node.name)  # `use super::*`
        if found is not ABSENT:
            return found
    return Global("", node.name)


def _text(machine: Machine, node: tree.Text, scope: Scope) -> Value:
    if node.value is not None:
        return node.value
    parts = [
        part if isinstance(part, str) else written(machine, value_of(machine, part, scope), scope, node)
        for part in node.parts
    ]
    if len(parts) == 1 and isinstance(parts[0], Object) and parts[0].kind in ("Address", "URL"):
        return parts[0]
    if scope.unit.language.name == "python":
        parts = [machine.lift(lambda held: python.shown(machine, held), part) for part in parts]
    if scope.unit.language.name == "rust":
        from wslint.runtime.rust import results

        parts = [results.bare(machine, part) for part in parts]
    return machine.lift(lambda *given: operators.joined(machine, list(given), scope.unit.span(node)), *parts)


def written(machine: Machine, value: Value, scope: Scope, node: tree.Expression) -> Value:
    """A value on its way into a text: an object of the project's own says itself how it is written."""

    def one(held: Value) -> Value:
        if isinstance(held, Object) and held.kind == "Instance" and scope.unit.language.name == "python":
            from wslint.runtime import python

            return python.written(machine, held, scope.unit.span(node))
        if isinstance(held, Object) and held.kind == "Instance" and scope.unit.language.name == "javascript":
            span = scope.unit.span(node)
            method = members.read(machine, held, "toString", span, scope)
            if isinstance(method, Closure):
                return calls.invoke_closure(machine, method, [], span, held)
        return held

    return machine.each(value, one)


def _number(machine: Machine, node: tree.Number, scope: Scope) -> Value:
    if isinstance(node.value, float) and scope.unit.language.name == "python":
        from wslint.runtime.python.reals import Real

        return Real(node.value)
    return node.value


_CONSTANTS: dict[str, Value] = {"null": None, "undefined": UNDEFINED, "true": True, "false": False}


def _constant(machine: Machine, node: tree.Constant, scope: Scope) -> Value:
    return _CONSTANTS[node.value]


def _member(machine: Machine, node: tree.Member, scope: Scope) -> Value:
    if isinstance(node.object, tree.Name) and node.object.name == "super":
        return calls.super_member(machine, node.name, scope, scope.unit.span(node))
    receiver = machine.known(evaluate(machine, node.object, scope))
    span = scope.unit.span(node)

    def one(held: Value) -> Value:
        if held is _SHORT or (node.optional and (held is None or held is UNDEFINED)):
            return _SHORT
        if node.optional and members.never_set(held, node.name, scope):
            return _SHORT
        found = members.read(machine, held, node.name, span, scope)
        return machine.lift(calls.taken_off, found) if isinstance(found, Closure | OneOf) else found

    return one(receiver) if receiver is _SHORT else machine.each(receiver, one)


_LINKS = (tree.Member, tree.Index, tree.NumberedField, tree.Call)
"""What may be a link of an optional chain."""


class _Short:
    """What `a?.b.c` is where `a` is null: undefined, once the chain ends."""


_SHORT = _Short()


def plain(value: Value) -> Value:
    """A value outside of its optional chain."""
    if value is _SHORT:
        return UNDEFINED
    if isinstance(value, OneOf) and any(held is _SHORT for held in value.leaves()):
        from wslint.values.value import one_of

        return one_of(value.choice, [(mask, plain(held)) for mask, held in value.cases])
    return value


def _index(machine: Machine, node: tree.Index, scope: Scope) -> Value:
    receiver = machine.known(evaluate(machine, node.object, scope))
    span = scope.unit.span(node)
    if receiver is _SHORT or (node.optional and (receiver is None or receiver is UNDEFINED)):
        return _SHORT

    def one(held: Value) -> Value:
        if held is _SHORT or (node.optional and (held is None or held is UNDEFINED)):
            return _SHORT
        if node.optional and isinstance(key, str) and members.never_set(held, key, scope):
            return _SHORT
        if isinstance(node, tree.NumberedField) and isinstance(held, Unknown):
            return held.derived(("item", key), f"a part of {held.why}", span)
        return machine.each(key, lambda at: members.index(machine, held, at, span, scope))

    key = value_of(machine, node.index, scope)
    return machine.each(receiver, one)


def value_of(machine: Machine, node: tree.Expression, scope: Scope) -> Value:
    """The value of an expression that stands for itself: no link of an optional chain around it."""
    value = evaluate(machine, node, scope)
    return plain(value) if type(node) in _LINKS else value


def _table(machine: Machine, node: tree.Table, scope: Scope) -> Value:
    python = scope.unit.language.name == "python"
    made = Object("Map" if python else "Object", {}, scope.unit.span(node), "dict" if python else None)
    for entry in node.entries:
        if entry.key is not None:
            value = entry.value
            if entry.accessor:
                _accessor(made, entry.key, entry, scope)
                continue
            held = value_of(machine, value, scope)
            if isinstance(held, Closure) and isinstance(value, tree.Function) and not value.is_arrow:
                held = Closure(held.node, held.scope, ABSENT, held.cls)
            made.slots[_key(entry.key, python)] = held
            if not python:
                made.slots.pop(("get", entry.key), None)
                made.slots.pop(("set", entry.key), None)
        elif isinstance(entry.value, tree.Spread):
            _spread_into(machine, made, entry.value, scope)
        elif entry.accessor:
            name = (
                entry.value.name
                if isinstance(entry.value, tree.Function) and entry.computed is None
                else None
            )
            _accessor(made, name, entry, scope)
        elif entry.computed is not None:
            key, held = (
                machine.known(value_of(machine, entry.computed, scope)),
                value_of(machine, entry.value, scope),
            )
            members.set_index(machine, made, key, held, scope.unit.span(entry), scope)
        elif python and isinstance(entry.value, tree.Array) and len(entry.value.items) == 2:
            _keyed(machine, made, entry.value, scope)
        else:
            value_of(machine, entry.value, scope)
            made.slots["open"] = True
    return made


def _accessor(made: Object, name: str | None, entry: tree.TableEntry, scope: Scope) -> None:
    """`get name() {}`, `set name(value) {}` of an object literal: run whenever the property is read or written. Who
    lists the properties sees one that is not known."""
    value = entry.value
    function = value.function if isinstance(value, tree.Call) else value
    if name is None or not isinstance(function, tree.Function):
        made.slots["open"] = True
        return
    made.slots[("get" if entry.accessor == "getter" else "set", name)] = Closure(function, scope)
    made.slots[("p", name)] = Unknown(f"`{name}`", scope.unit.span(entry).head())


def _keyed(machine: Machine, made: Object, pair: tree.Array, scope: Scope) -> None:
    """`key: value` of a Python dict, for a key that is no text."""
    from wslint.runtime.collections import key_of
    from wslint.runtime.python.containers import hashed

    key, value = (value_of(machine, item, scope) for item in pair.items)
    key = machine.known(key)
    if isinstance(key, OneOf):
        made.slots["open"] = True
        return
    hashed(machine, key, scope.unit.span(pair))
    made.slots[key_of(key)] = value


def _key(name: str, python: bool) -> Any:
    return collections.key_of(name) if python else ("p", name)


def _spread_into(machine: Machine, made: Object, node: tree.Spread, scope: Scope) -> None:
    """`{ ...value }`: of the runtime's own objects it copies nothing from 2022-01-31 on, before that all."""
    from wslint.runtime.object_statics import GETTERS_ONLY

    value = machine.known(value_of(machine, node.value, scope))
    if isinstance(value, Object) and value.kind in ("Object", "Map") and "escaped" not in value.slots:
        for key, held in list(value.slots.items()):
            if isinstance(key, tuple) and key[0] not in ("get", "set"):
                got = value.slots.get(("get", key[1])) if key[0] == "p" else None
                made.slots[key] = calls.accessed(machine, got, value) if got is not None else held
        if value.slots.get("open"):
            made.slots["open"] = True
    elif value is None or value is UNDEFINED or isinstance(value, (bool, float)):
        return
    elif isinstance(value, str) or (isinstance(value, Object) and value.kind == "Array"):
        inner = members.items(machine, value)
        if inner is None:
            made.slots["open"] = True
        else:
            made.slots.update({("p", str(at)): held for at, held in enumerate(inner)})
    elif isinstance(value, Object) and value.kind in GETTERS_ONLY:
        flag = scope.unit.worker.flag_enabled("workers_api_getters_setters_on_prototype")
        if flag is not True:
            made.slots["open"] = True
    else:
        if isinstance(value, Object) and value.kind in MODELS:
            for name in MODELS[value.kind].own:
                made.slots[("p", name)] = members.read(machine, value, name, scope.unit.span(node), scope)
        made.slots["open"] = True


def _array(machine: Machine, node: tree.Array, scope: Scope) -> Value:
    spread: list[Value] = []
    items, is_open = items_of(machine, node.items, scope, spread)
    if node.kind == "set":
        from wslint.runtime.collections import key_of
        from wslint.runtime.python.containers import hashed

        made = Object("Set", {"open": True} if is_open else {}, scope.unit.span(node), "set")
        for item in items:
            hashed(machine, machine.known(item), scope.unit.span(node))
            made.slots[key_of(machine.known(item))] = item
        return made
    if node.kind:
        slots = {"items": tuple(items[:MOST_ITEMS]), "open": is_open or len(items) > MOST_ITEMS}
        return Object("Array", slots, scope.unit.span(node), node.kind)
    if len(node.items) == len(spread) == 1 and _is_closed_collection(spread[0]):
        # what is in it on a condition stays so
        return GLOBALS["Array.from"](machine, Invocation("from", UNDEFINED, spread, scope.unit.span(node)))
    made = Object(
        "Array",
        {"items": tuple(items[:MOST_ITEMS]), "open": is_open or len(items) > MOST_ITEMS},
        scope.unit.span(node),
    )
    if spread:
        made.slots["spread"] = tuple(spread)
    if len(node.items) == len(spread) == 1 and isinstance(spread[0], Object) and spread[0].kind == "Headers":
        made.slots["open"] = "client"
        made.slots["sample"] = members.sample(machine, spread[0], scope.unit.span(node))
    return made


def _is_closed_collection(value: Value) -> bool:
    from wslint.runtime.collections import is_open

    return isinstance(value, Object) and value.kind in ("Map", "Set") and not is_open(value)


def items_of(
    machine: Machine, nodes: list[tree.Expression], scope: Scope, spread: list[Value] | None = None
) -> tuple[list[Value], bool]:
    """The values of a list of expressions, spreads included; whether there may be more. `spread` gets what is spread
    there and is not known."""
    found: list[Value] = []
    is_open = False
    for node in nodes:
        if isinstance(node, tree.Spread):
            value = machine.known(value_of(machine, node.value, scope))
            inner = members.items(machine, value)
            if inner is None:
                is_open = True
                if isinstance(value, Object) and value.kind == "Headers":
                    listed = members.iterated(machine, value, scope.unit.span(node))
                    found += [item.value for item in listed.items] if listed is not None else []
                if spread is not None:
                    spread.append(value)
            else:
                found += inner
        else:
            found.append(value_of(machine, node, scope))
    return found, is_open


def _spread(machine: Machine, node: tree.Spread, scope: Scope) -> Value:
    return value_of(machine, node.value, scope)


def _function(machine: Machine, node: tree.Function, scope: Scope) -> Value:
    this = scope.receiver() if node.is_arrow else ABSENT
    made = Closure(node, scope, this)
    if scope.unit.language.name == "python":
        from wslint.runtime import python

        made.defaults = python.given_defaults(machine, node, scope)
    if node.decorators:
        return python.decorated(machine, made, node.decorators, scope, scope.unit.span(node).head())
    return made


def _class(machine: Machine, node: tree.Class, scope: Scope) -> Value:
    made = ClassValue(node, scope)
    if node.name and scope.unit.language.name == "javascript" and scope.find(node.name) is None:
        inner = Scope(scope.unit, scope)
        inner.names[node.name] = made
        made = ClassValue(node, inner)
        inner.names[node.name] = made
    calls.read_statics(machine, made)
    if node.decorators:
        return python.decorated(machine, made, node.decorators, scope, scope.unit.span(node).head())
    return made


def _assign(machine: Machine, node: tree.Assign, scope: Scope) -> Value:
    operator = node.operator
    if operator == "=":
        if isinstance(node.target, tree.Index) and isinstance(node.target.index, tree.Call | tree.Assign):
            return _assign_at(machine, node.target, node.value, scope)
        value = value_of(machine, node.value, scope)
        statements.assign(machine, node.target, value, scope)
        return value
    target = node.target
    if not isinstance(target, tree.Name | tree.Member | tree.Index):
        value = value_of(machine, node.value, scope)
        statements.assign(machine, target, Unknown("a part"), scope)
        return value
    before = value_of(machine, target, scope)
    span = scope.unit.span(node)
    if operator in ("??=", "||=", "&&="):

        def write() -> Value:
            value = value_of(machine, node.value, scope)
            statements.assign(machine, target, value, scope)
            return value

        if operator == "??=":
            return operators.where_nullish(machine, before, span, write)
        sides = (lambda: before, write) if operator == "||=" else (write, lambda: before)
        return machine.branch(before, scope.unit.span(target), sides, scope.unit)
    value = value_of(machine, node.value, scope)
    if operator == "+=" and isinstance(before, Object) and before.extra == "list":
        from wslint.runtime.python import containers

        containers.extend(machine, before, Invocation("extend", before, [value], span, unit=scope.unit))
        return before
    result = operators.binary(machine, operator[:-1], before, value, span, scope)
    statements.assign(machine, target, result, scope)
    return result


def _assign_at(machine: Machine, target: tree.Index, node: tree.Expression, scope: Scope) -> Value:
    """`a[f()] = value`: the key is worked out before the value, and once."""
    receiver, key = value_of(machine, target.object, scope), value_of(machine, target.index, scope)
    value, span = value_of(machine, node, scope), scope.unit.span(target)
    machine.each(
        receiver,
        lambda held: machine.each(key, lambda at: members.set_index(machine, held, at, value, span, scope)),
    )
    return value


def _update(machine: Machine, node: tree.Update, scope: Scope) -> Value:
    """`target++` and its kin: of a text it is the number that counts."""
    target: Any = node.target
    before = machine.lift(operators.numeric, value_of(machine, target, scope))
    span, one = scope.unit.span(node), value_of(machine, node.value, scope)
    after = operators.binary(machine, node.operator[:-1], before, one, span, scope)
    statements.assign(machine, target, after, scope)
    return before if node.postfix else after


def _default(machine: Machine, node: tree.Default, scope: Scope) -> Value:
    """The pattern has it too."""
    return UNDEFINED


def _keys(machine: Machine, node: tree.Keys, scope: Scope) -> Value:
    """The keys that `for … in` goes over."""
    span = scope.unit.span(node)

    def one(held: Value) -> Value:
        if held is None or held is UNDEFINED or isinstance(held, (bool, int, float)):
            return arrays.array((), span)
        return calls.apply(
            machine,
            Global("", "Object.keys"),
            Invocation("Object.keys", UNDEFINED, [held], span, unit=scope.unit),
        )

    return machine.each(value_of(machine, node.arguments[0], scope), one)


def _bigint(machine: Machine, node: tree.BigInt, scope: Scope) -> Value:
    made = Unknown("a BigInt", scope.unit.span(node))
    made.known["type"] = "bigint"
    return made


def _enumeration(machine: Machine, node: tree.Enumeration, scope: Scope) -> Value:
    """A TypeScript enum: members see those before them, and numbers lead back to their names."""
    made = Object("Object", {}, scope.unit.span(node))
    inner = Scope(scope.unit, scope)
    last: Value = -1.0
    for entry in node.entries:
        if isinstance(entry.value, tree.Opaque) and not entry.value.is_error and not entry.value.parts:
            last = (
                last + 1
                if isinstance(last, float)
                else Unknown("a member of an enum", scope.unit.span(entry))
            )
        else:
            last = machine.known(value_of(machine, entry.value, inner))
        if entry.key is None:
            made.slots["open"] = True
            continue
        inner.names[entry.key] = made.slots[("p", entry.key)] = last
        if isinstance(last, float):
            made.slots[("p", str(operators.text_of(last)))] = entry.key
        elif not isinstance(last, str):
            made.slots["open"] = True
    return made


def _operation(machine: Machine, node: tree.Operation, scope: Scope) -> Value:
    return operators.operation(machine, node, scope)


def _await(machine: Machine, node: tree.Await, scope: Scope) -> Value:
    value, span = value_of(machine, node.value, scope), scope.unit.span(node)
    if scope.unit.language.name == "python":
        return machine.each(value, lambda held: python.awaited(machine, held, span))
    return machine.awaited(value, span)


def _yield(machine: Machine, node: tree.Yield, scope: Scope) -> Value:
    value = value_of(machine, node.value, scope) if node.value is not None else UNDEFINED
    function = scope.function()
    if function.yields is not None:
        slots = function.yields.slots
        inner = members.items(machine, value) if node.each else [value]
        if inner is None:
            machine.put(slots, "open", True)
        else:
            held = machine.lift(
                lambda items: (*items, *inner) if isinstance(items, tuple) else items, slots["items"]
            )
            machine.put(slots, "items", held)
    return Unknown("what a generator is sent")


def _opaque(machine: Machine, node: tree.Opaque, scope: Scope) -> Value:
    span = scope.unit.span(node)
    for part in node.parts:
        machine.escape(value_of(machine, part, scope), "code that is not read")
    return Unknown(f"`{snippet(span, 40)}`", span)


def _call(machine: Machine, node: tree.Call, scope: Scope) -> Value:
    return calls.call(machine, node, scope)


def _of_python(name: str) -> Callable[[Machine, Any, Scope], Value]:
    """A node that only Python has."""

    def evaluated(machine: Machine, node: Any, scope: Scope) -> Value:
        return getattr(python, name)(machine, node, scope)

    return evaluated


_TABLE: dict[type[Any], Callable[[Machine, Any, Scope], Value]] = {
    tree.Name: _name,
    tree.Member: _member,
    tree.Index: _index,
    tree.NumberedField: _index,
    tree.Call: _call,
    tree.Text: _text,
    tree.Number: _number,
    tree.Constant: _constant,
    tree.Table: _table,
    tree.Array: _array,
    tree.Spread: _spread,
    tree.Function: _function,
    tree.Class: _class,
    tree.Assign: _assign,
    tree.Update: _update,
    tree.Default: _default,
    tree.Tagged: _call,
    tree.Keys: _keys,
    tree.BigInt: _bigint,
    tree.Enumeration: _enumeration,
    tree.Operation: _operation,
    tree.Await: _await,
    tree.Yield: _yield,
    tree.Opaque: _opaque,
    tree.Attribute: _of_python("attribute"),
    tree.AttributeIndex: _of_python("attribute_index"),
    tree.Comprehension: _of_python("comprehension"),
    tree.IdentityTest: _of_python("identity"),
    tree.InstanceTest: _of_python("instance_test"),
    tree.Slice: _of_python("slice_of"),
    tree.IsCase: rust.is_case,
    tree.Propagate: rust.propagate,
    tree.Block: rust.block,
    tree.Build: rust.build,
    tree.Lend: rust.lend,
}

SHORT = _SHORT
