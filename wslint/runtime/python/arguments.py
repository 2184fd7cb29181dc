"""Arguments of Python's functions: positions, keywords, defaults, and what Python says where they don't fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.runtime.python import containers
from wslint.runtime.python.errors import fail
from wslint.source import tree
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

if TYPE_CHECKING:
    from wslint.machine import statements
    from wslint.runtime import collections
else:
    collections = Late("wslint.runtime.collections")
    statements = Late("wslint.machine.statements")


def receiver(function: Any, arguments: Sequence[Value]) -> tuple[Value, Sequence[Value]]:
    """What `self` is in a function, and the other arguments: a method that was read off its class takes it first;
    a function within a method sees the one around it."""
    if function.this is not ABSENT:
        return function.this, arguments
    if function.node.receiver is not None and function.cls is not None:
        return (arguments[0], arguments[1:]) if arguments else (UNDEFINED, arguments)
    around = function.scope.receiver()
    return (UNDEFINED if around is ABSENT else around), arguments


def bind(host: Any, function: Any, scope: Any, arguments: Sequence[Value], given: Invocation | None) -> None:
    """Bind the parameters of a call. What the runtime itself calls gets no more than it takes."""
    node: tree.Function = function.node
    relaxed = given is None or given.unit is None
    is_open = given is not None and given.open
    keywords = dict(given.keywords) if given is not None else {}
    plain = [one for one in node.parameters if not one.rest and not one.keyword]
    if (
        len(arguments) > len(plain)
        and not relaxed
        and not any(one.rest and not one.keyword for one in node.parameters)
    ):
        own = 1 if node.receiver is not None else 0
        takes, count = len(plain) + own, len(arguments) + own
        words = f"takes {takes} positional argument{'s' if takes != 1 else ''} but {count} were given"
        fail(host, f"TypeError: {called(function)}() {words}", given.span if given is not None else None)
    bound: list[tuple[tree.Parameter, Value]] = []
    for place, parameter in enumerate(node.parameters):
        name = parameter.pattern.name if isinstance(parameter.pattern, tree.Name) else ""
        if parameter.rest:
            continue
        if not parameter.keyword and place < len(arguments):
            value = host.known(arguments[place])
        elif name in keywords:
            value = host.known(keywords.pop(name))
        else:
            value = _missing(host, function, parameter, given, is_open)
        bound.append((parameter, value))
    for parameter in node.parameters:
        if parameter.rest and parameter.keyword:
            pairs = list(keywords.items())
            bound.append((parameter, containers.dictionary(pairs, scope.unit.span(parameter), is_open)))
            keywords = {}
        elif parameter.rest:
            rest = arguments[len(plain) :]
            bound.append((parameter, containers.array(rest, scope.unit.span(parameter), is_open, "tuple")))
    if keywords and not relaxed and given is not None:
        name = next(iter(keywords))
        fail(host, f"TypeError: {called(function)}() got an unexpected keyword argument '{name}'", given.span)
    for parameter, value in bound:
        statements.bind(host, parameter.pattern, value, scope)


def _missing(
    host: Any, function: Any, parameter: tree.Parameter, given: Invocation | None, is_open: bool
) -> Value:
    from wslint.machine.expressions import value_of

    place = function.scope.unit.span(parameter)
    if is_open:
        return Unknown("an argument", place)
    if parameter.default is not None:
        known = function.defaults
        if known is None and function.cls is not None:
            known = function.cls.statics.get(("defaults", id(function.node)))
        if known and id(parameter) in known:
            return known[id(parameter)]
        return value_of(host, parameter.default, function.scope)
    name = parameter.pattern.name if isinstance(parameter.pattern, tree.Name) else ""
    if given is None:
        return Unknown(f"`{name}`", place)
    if given.unit is None:
        fail(host, f"TypeError: missing a required argument: '{name}'", given.span)
    kind = "keyword-only" if parameter.keyword else "positional"
    return fail(
        host, f"TypeError: {called(function)}() missing 1 required {kind} argument: '{name}'", given.span
    )


def given_defaults(host: Any, node: tree.Function, scope: Any) -> dict[int, Value] | None:
    """The defaults of a function, which Python works out once, where it is defined; constants aside."""
    from wslint.machine.expressions import value_of

    found: dict[int, Value] = {}
    for parameter in node.parameters:
        default = parameter.default
        if default is not None and not isinstance(default, tree.Constant | tree.Number | tree.Text):
            found[id(parameter)] = value_of(host, default, scope)
    return found or None


def called(function: Any) -> str:
    """A function's name as Python's messages have it."""
    name = function.node.name or "<lambda>"
    return f"{function.cls.name}.{name}" if function.cls is not None else name


def spread(host: Any, value: Value, keywords: dict[str, Value]) -> bool:
    """`**value` in a call; whether there may be more keywords than those that are known."""
    value = host.known(value)
    if not isinstance(value, Object) or value.kind not in ("Map", "Object"):
        return True
    for slot, held in value.slots.items():
        if collections.is_key(slot):
            key = collections.key_value(slot)
            if not isinstance(key, str):
                return True
            keywords[key] = held
        elif isinstance(slot, tuple) and slot[0] == "p":
            keywords[slot[1]] = held
    return collections.is_open(value)


def placed(host: Any, call: Invocation, names: Sequence[str], what: str) -> dict[str, Value]:
    """The arguments of a function whose parameters are these, by name; what is not given is not in it."""
    found = dict(zip(names, call.arguments, strict=False))
    if len(call.arguments) > len(names):
        words = f"takes {len(names) + 1} positional arguments but {len(call.arguments) + 1} were given"
        fail(host, f"TypeError: {what}() {words}", call.span)
    for name, value in call.keywords.items():
        if name not in names:
            near = {
                "webSocket": "web_socket",
                "websocket": "web_socket",
                "statusText": "status_text",
                "header": "headers",
            }.get(name)
            hint = f". Did you mean '{near}'?" if near in names else ""
            fail(host, f"TypeError: {what}() got an unexpected keyword argument '{name}'{hint}", call.span)
        found[name] = value
    return found
