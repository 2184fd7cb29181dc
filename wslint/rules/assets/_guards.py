"""What a route's handler checks of a parameter."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.record import frozen
from wslint.source import tree
from wslint.source.flow.values import PathTest
from wslint.source.nodes import nodes_in
from wslint.source.routes import parameters, tests_at
from wslint.text import Span
from wslint.worker import Worker

_SAME = frozenset(
    {"toUpperCase", "toLowerCase", "trim", "toString", "to_uppercase", "to_ascii_uppercase", "to_lowercase"}
    | {"to_ascii_lowercase", "to_string", "clone", "upper", "lower", "strip"}
)
"""Methods that change no character that is none of the alphabet's."""

_LENGTHS = frozenset({"length", "len"})
_NO_CHECKS = frozenset(
    {"idFromName", "getByName", "get", "encodeURIComponent", "log", "error", "warn", "info", "len"}
)
"""Functions that take the value and say nothing of it."""


@frozen
class LengthCheck:
    """A comparison of a value's length with a number."""

    node: tree.Operation
    length: int


@frozen
class PassedPlaceholder:
    """A route's only check of a parameter, a length that the placeholder itself has."""

    test: PathTest
    parameter: str
    comparison: Span
    length: int


def passed_placeholders(worker: Worker) -> list[PassedPlaceholder]:
    """The routes with a parameter, `/ws/:code`, whose handlers let the text `:code` through."""
    found: list[PassedPlaceholder] = []
    seen: set[tuple[int, str]] = set()
    for use in worker.flow.uses if worker.flow else ():
        function = use.where.function
        for test in tests_at(use.where) if function is not None else ():
            if function is None or (id(function), test.text) in seen:
                continue
            seen.add((id(function), test.text))
            for name in parameters(test):
                for check in length_checks(function, name):
                    if check.length == len(f":{name}"):
                        place = Span(use.span.file, check.node.start, check.node.end)
                        found.append(PassedPlaceholder(test, name, place, check.length))
    return found


def length_checks(function: tree.Function, parameter: str) -> Iterator[LengthCheck]:
    """The comparisons of a route parameter's length, where the handler checks nothing else of it."""
    nodes = list(nodes_in(function.body))
    names = _variables(nodes, parameter)
    if not names:
        return
    found = [check for node in nodes if (check := _length_check(node, names)) is not None]
    if len(found) == 1 and not any(_is_other_check(node, names, found[0].node) for node in nodes):
        yield found[0]


def _variables(nodes: list[tree.Node], parameter: str) -> set[str]:
    """The variables that hold the parameter."""
    names: set[str] = set()
    for node in nodes:
        if not isinstance(node, tree.Declare) or node.value is None:
            continue
        if isinstance(node.pattern, tree.Name):
            if _reads(node.value, parameter) or _value_name(node.value) in names:
                names.add(node.pattern.name)
        elif isinstance(node.pattern, tree.TablePattern) and _mentions_parameters(node.value):
            names |= {
                target.name
                for key, target in node.pattern.entries
                if key == parameter and isinstance(target, tree.Name)
            }
    return names


def _reads(node: tree.Expression, parameter: str) -> bool:
    """`c.req.param("code")`, `ctx.param("code")`, `request.params.code`, however unwrapped."""
    while True:
        match node:
            case tree.Await():
                node = node.value
            case tree.Call(function=tree.Member(name="param"), arguments=[tree.Text(value=text), *_]):
                return text == parameter
            case tree.Call(function=tree.Member() as function) if function.name in _SAME | {
                "map",
                "unwrap_or_default",
            }:
                node = function.object
            case tree.Call(function=tree.Member() as function) if function.name in (
                "ok_or",
                "ok_or_else",
                "unwrap_or",
            ):
                node = function.object
            case tree.Member(name=name, object=tree.Member(name="params")):
                return name == parameter
            case tree.Operation(operator="??" | "||" | "?", operands=[first, *_]):
                node = first
            case _:
                return False


def _mentions_parameters(node: tree.Expression) -> bool:
    match node:
        case tree.Call(function=tree.Member(name="param"), arguments=[]) | tree.Member(name="params"):
            return True
    return False


def _value_name(node: tree.Expression) -> str | None:
    """The variable that an expression is, its letters' case aside."""
    while (
        isinstance(node, tree.Call) and isinstance(node.function, tree.Member) and node.function.name in _SAME
    ):
        node = node.function.object
    return node.name if isinstance(node, tree.Name) else None


def _length_check(node: tree.Node, names: set[str]) -> LengthCheck | None:
    if not isinstance(node, tree.Operation) or node.operator not in ("===", "==", "!==", "!="):
        return None
    if len(node.operands) != 2:
        return None
    for one, other in (node.operands, reversed(node.operands)):
        if isinstance(other, tree.Number) and abs(other.value) < 1e6 and _is_length(one, names):
            return LengthCheck(node, int(other.value))
    return None


def _is_length(node: tree.Expression, names: set[str]) -> bool:
    match node:
        case tree.Member(name="length", object=value):
            return _value_name(value) in names
        case tree.Call(function=tree.Member(name=name, object=value), arguments=[]) if name in _LENGTHS:
            return _value_name(value) in names
        case tree.Call(function=tree.Name(name="len"), arguments=[value]):
            return _value_name(value) in names
    return False


def _is_other_check(node: tree.Node, names: set[str], known: tree.Operation) -> bool:
    """Whether a node may say more of the value than its length: any call with it, any comparison of it."""
    if isinstance(node, tree.Call):
        called = node.function.name if isinstance(node.function, (tree.Member, tree.Name)) else ""
        if isinstance(node.function, tree.Member) and _value_name(node.function.object) in names:
            return called not in _SAME | _LENGTHS | {"is_empty"}
        return called not in _NO_CHECKS and any(_value_name(argument) in names for argument in node.arguments)
    if isinstance(node, tree.Operation) and node is not known:
        compares = node.operator in ("===", "==", "!==", "!=", "in", "not in", "<", ">", "<=", ">=")
        return compares and any(_value_name(operand) in names for operand in node.operands)
    if isinstance(node, tree.Index):
        return _value_name(node.object) in names
    if isinstance(node, tree.Loop):
        return node.iterable is not None and _value_name(node.iterable) in names
    return isinstance(node, (tree.Spread,)) and _value_name(node.value) in names
