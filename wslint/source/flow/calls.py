"""Calls: what the runtime's functions and the project's own do with followed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.record import replace
from wslint.source import tree
from wslint.source.flow import containers, members, objects
from wslint.source.flow.classes import enter_constructor, member_of
from wslint.source.flow.construct import construct
from wslint.source.flow.escapes import unfollowed
from wslint.source.flow.frameworks import (
    HEADER_MIDDLEWARE,
    UPGRADE_HELPERS,
    application_call,
    base_of,
    cors_helpers,
    enter_upgrade_helper,
    framework_of,
    is_proxying,
    note_finally,
)
from wslint.source.flow.operations import without_tests
from wslint.source.flow.paths import expression_test, path_test
from wslint.source.flow.responses import build_response, fetch
from wslint.source.flow.scope import Scope, joined
from wslint.source.flow.supers import of_base
from wslint.source.flow.values import (
    Application,
    ArrayValue,
    BindingValue,
    ClassValue,
    ClientSocket,
    Collection,
    ContextExport,
    DurableContext,
    End,
    FunctionValue,
    HandlerSocket,
    HeadersValue,
    Imported,
    Instance,
    Member,
    Message,
    ObjectId,
    Pair,
    Pending,
    RequestValue,
    ResponseValue,
    SocketList,
    Storage,
    Stub,
    TableValue,
    UrlValue,
    Value,
    WorkerContext,
)
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values

TIMERS = frozenset({"setTimeout", "setInterval"})
TEXT_METHODS = frozenset(
    {"toLowerCase", "toUpperCase", "trim", "lower", "upper", "strip", "toString", "as_deref", "clone"}
)


def call(interpreter: Interpreter, node: tree.Call, scope: Scope, span: Span) -> Values:
    """Evaluate a call: the function, the arguments, then what it does."""
    inherited = of_base(interpreter, node.function, scope)
    if inherited:
        arguments = _arguments(interpreter, node, scope)
        return _either([interpreter.enter(function, arguments) for function in inherited])
    if isinstance(node.function, tree.Member):
        receivers = _receivers(interpreter, node, scope)
        arguments = _arguments(interpreter, node, scope)
        seen = len(interpreter.flow.uses)
        results = [_method(interpreter, receiver, node, arguments, scope, span) for receiver in receivers]
        if sum(not isinstance(receiver, Member) for receiver in receivers) > 1:
            for use in interpreter.flow.uses[seen:]:
                if any(use.value is receiver for receiver in receivers):
                    use.certain = False
        if not receivers:
            tested = expression_test(node, arguments, scope)
            if tested is not None:
                return (tested,)
            unfollowed(interpreter, node, arguments, scope)
        return _either(results)
    functions = interpreter.evaluate(node.function, scope)
    arguments = _arguments(interpreter, node, scope)
    if not functions:
        unfollowed(interpreter, node, arguments, scope)
    return _either([_function(interpreter, value, node, arguments, scope, span) for value in functions])


def _either(results: list[Values]) -> Values:
    """What a call gives that may be one of several; no condition where another result is unknown."""
    return joined(*results) if all(results) else without_tests(*results)


def _receivers(interpreter: Interpreter, node: tree.Call, scope: Scope) -> Values:
    """What a method is called on; a promise whose rejection is caught counts as tried."""
    assert isinstance(node.function, tree.Member)
    caught = node.function.name == "catch" or (node.function.name == "then" and len(node.arguments) > 1)
    outer = interpreter.where
    if caught:
        interpreter.where = replace(outer, tried=True)
    receivers = interpreter.evaluate(node.function.object, scope)
    interpreter.where = outer
    return receivers


def _arguments(interpreter: Interpreter, node: tree.Call, scope: Scope) -> list[Values]:
    values: list[Values] = []
    for argument in node.arguments:
        given = interpreter.evaluate(argument, scope)
        values += _spread(given) if isinstance(argument, tree.Spread) else [given]
    for entry in node.keywords:
        interpreter.evaluate(entry.value, scope)
    return values


def _is_null(nodes: list[tree.Expression]) -> bool:
    return len(nodes) == 1 and isinstance(nodes[0], tree.Constant) and nodes[0].value == "null"


def _spread(values: Values) -> list[Values]:
    """The arguments that `...values` stands for; the values themselves where their number is not known."""
    value = values[0] if len(values) == 1 else None
    if isinstance(value, ArrayValue):
        return list(value.items)
    return [(end,) for end in value.ends] if isinstance(value, Pair) else [values]


def _function(
    interpreter: Interpreter, value: Value, node: tree.Call, arguments: list[Values], scope: Scope, span: Span
) -> Values:
    """`value(…)` or `new value(…)`."""
    match value:
        case FunctionValue():
            return interpreter.enter(value, arguments)
        case ClassValue():
            return _construct(interpreter, value, arguments, span)
        case Imported():
            return _imported(interpreter, value, node, arguments, scope, span)
    unfollowed(interpreter, node, arguments, scope)
    return ()


def _construct(interpreter: Interpreter, value: ClassValue, arguments: list[Values], span: Span) -> Values:
    """`new Class(…)`: its constructor runs with these arguments and sets the fields."""
    instance = interpreter.made(Instance, span, lambda: Instance(span, value))
    enter_constructor(interpreter, value, instance, arguments)
    return (instance,)


def _imported(
    interpreter: Interpreter,
    value: Imported,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    """A global or a function from outside the project."""
    name = value.name.removeprefix("js.")
    framework = framework_of(value)
    if framework is not None:
        application = Application(span, framework, base_of(arguments), proxies=is_proxying(name, arguments))
        if framework == "itty":
            note_finally(interpreter, application, arguments)
        return (application,)
    if value.specifier == "itty-router" and name == "cors":
        return (cors_helpers(span),)
    if value.specifier in UPGRADE_HELPERS and name == "upgradeWebSocket" and arguments:
        enter_upgrade_helper(interpreter, arguments[0])
        return ()
    if value.specifier in HEADER_MIDDLEWARE and name == HEADER_MIDDLEWARE[value.specifier]:
        return (Imported(span, value.specifier, f"{name}()"),)
    if name in ("urlparse", "urlsplit") and arguments:
        url = next((item for item in arguments[0] if isinstance(item, Member) and item.name == "url"), None)
        return (UrlValue(span, url.of if url is not None else None),)
    if value.specifier and value.specifier not in ("js", "workers"):
        unfollowed(interpreter, node, arguments, scope)
        return ()
    if node.new or value.specifier in ("workers", "js"):
        made = construct(interpreter, name, node, arguments, scope, span)
        if made is not None:
            return made
    if name in TIMERS:
        interpreter.use("timer", node, scope, name=name, arguments=arguments, nodes=node.arguments)
        for function in arguments[0] if arguments else ():
            if isinstance(function, FunctionValue):
                interpreter.enter_later(function, [], "timer")
        return ()
    if name == "fetch":
        return fetch(interpreter, None, node, arguments, scope, span)
    if name in ("set", "dict", "list", "defaultdict", "deque") and not arguments:
        return (interpreter.made(Collection, span, lambda: Collection(span, "local", "")),)
    if name in ("create_proxy", "structuredClone", "String", "to_js", "list", "tuple", "iter"):
        return arguments[0] if arguments else ()
    if name == "addEventListener" and len(arguments) > 1:
        for function in arguments[1]:
            if isinstance(function, FunctionValue):
                interpreter.enter_later(function, [], "callback")
        return ()
    unfollowed(interpreter, node, arguments, scope)
    return ()


def _method(
    interpreter: Interpreter,
    receiver: Value,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    """`receiver.name(…)`."""
    assert isinstance(node.function, tree.Member)
    name = node.function.name
    match receiver:
        case End() | HandlerSocket() | ClientSocket():
            return objects.socket(interpreter, receiver, name, node, arguments, scope)
        case DurableContext():
            return objects.durable_context(interpreter, name, node, arguments, scope, span)
        case WorkerContext():
            return objects.worker_context(interpreter, receiver, name, node, arguments, scope, span)
        case BindingValue() | ContextExport():
            return objects.namespace(interpreter, receiver, name, node, arguments, scope, span)
        case ObjectId():
            return (Stub(span, receiver.namespace, (receiver,)),) if name == "get_stub" else ()
        case Stub():
            if name == "fetch":
                return fetch(interpreter, receiver, node, arguments, scope, span)
            interpreter.use(
                "call", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments
            )
            return (Pending(span, ()),)
        case Storage():
            return objects.storage(interpreter, receiver, name, node, arguments, scope, span)
        case HeadersValue():
            return objects.headers(interpreter, receiver, name, node, arguments, scope, span)
        case RequestValue():
            return objects.request(interpreter, receiver, name, node, arguments, scope, span)
        case ResponseValue():
            return objects.response(interpreter, receiver, name, node, arguments, scope, span)
        case Pending():
            return objects.promise(interpreter, receiver, name, arguments, scope, span)
        case Pair():
            return (
                (ArrayValue(span, [(end,) for end in receiver.ends]),)
                if name in ("object_values", "values")
                else ()
            )
        case Imported():
            return _global_member(interpreter, receiver, name, node, arguments, scope, span)
        case Instance():
            return _own_method(interpreter, receiver, name, node, arguments, scope, span)
        case TableValue():
            results = [
                _function(interpreter, value, node, arguments, scope, span)
                for value in receiver.fields.get(name, ())
            ]
            if not results:
                unfollowed(interpreter, node, arguments, scope)
            return _either(results)
        case Collection():
            return containers.collection(interpreter, receiver, name, node, arguments, scope)
        case SocketList() | ArrayValue():
            return containers.sequence(interpreter, receiver, name, node, arguments, scope)
        case Application():
            return application_call(interpreter, receiver, name, node, arguments)
        case Member():
            if not node.function.optional:
                members.report_unset(interpreter, receiver, span, scope)
            if receiver.name == "searchParams" and name == "get":
                return (Member(span, receiver, "get"),)
            if name in TEXT_METHODS:
                return (members.recased(receiver, name, span),)
            if (
                name in ("path", "pathname")
                and isinstance(receiver.of, RequestValue)
                and receiver.name == "url"
            ):
                return (
                    Member(span, UrlValue(receiver.span, receiver.of), "path"),
                )  # Rust's `req.url()?.path()`
            tested = path_test(receiver, name, node, arguments, scope)
            if tested is not None:
                return (tested,)
            if name in ("includes", "startsWith", "startswith", "eq_ignore_ascii_case") and isinstance(
                receiver.of, HeadersValue
            ):
                return (receiver,)
        case ClassValue():
            if name == "new":
                return _construct(interpreter, receiver, arguments, span)
        case FunctionValue():
            if name in ("call", "apply", "bind"):
                return interpreter.enter(receiver, arguments[1:], this=arguments[0] if arguments else ())
        case Message():
            interpreter.use(
                "call", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments
            )
            return ()
    unfollowed(interpreter, node, arguments, scope)
    return ()


def _global_member(
    interpreter: Interpreter,
    receiver: Imported,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    """`Object.values(…)`, `JSON.parse(…)`, `Promise.all(…)`, `Response.json(…)`, `super.method(…)`."""
    first = arguments[0] if arguments else ()
    owner = (
        "json" if receiver.specifier == "json" and receiver.name == "*" else receiver.name.removeprefix("js.")
    )
    match owner, name:
        case "Object", "values":
            return joined(*(_as_array(value, span) for value in first))
        case "Object", "create" if _is_null(node.arguments):
            return (interpreter.made(TableValue, span, lambda: TableValue(span, None, {})),)
        case "Object", "assign" if len(arguments) > 1:
            return objects.assigned(arguments)
        case "Object", "assign" | "freeze":
            return first
        case "Array", "from":
            return first
        case ("JSON", "parse") | ("json", "loads"):
            for value in first:
                interpreter.use("parse", node, scope, value, name=name)
            return ()
        case "JSON", "stringify":
            return ()
        case "Response", "json" | "redirect" | "error":
            return build_response(interpreter, node, arguments, scope, span, method=name)
        case "Promise", "resolve":
            return (Pending(span, first),)
        case "globalThis" | "self", _:
            return _function(interpreter, Imported(span, "", name), node, arguments, scope, span)
        case (("js" | "*" | "workers"), _) if (
            receiver.specifier in ("js", "workers") or not receiver.specifier
        ):
            return _function(interpreter, Imported(span, "js", name), node, arguments, scope, span)
    if receiver.specifier == "cloudflare:workers" and receiver.name == "env":
        return objects.namespace(interpreter, BindingValue(span, name), name, node, arguments, scope, span)
    unfollowed(interpreter, node, arguments, scope)
    return ()


def _as_array(value: Value, span: Span) -> Values:
    if isinstance(value, Pair):
        return (ArrayValue(span, [(end,) for end in value.ends]),)
    if isinstance(value, TableValue):
        return (ArrayValue(span, list(value.fields.values())),)
    return ()


def _own_method(
    interpreter: Interpreter,
    receiver: Instance,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    """`this.method(…)`: a method of the project, a field that holds a function, or a base's method."""
    found = member_of(interpreter, receiver, name, span, scope)
    results = []
    for value in found:
        if isinstance(value, FunctionValue):
            results.append(interpreter.enter(value, arguments, this=value.this or (receiver,)))
        else:
            if isinstance(value, Member) and not node.optional:
                members.report_unset(interpreter, value, span, scope, called=True)
            unfollowed(interpreter, node, arguments, scope)
    if not found:
        unfollowed(interpreter, node, arguments, scope)
    return _either(results)
