"""What a condition says about followed values when it holds, and when it does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wslint.source import tree
from wslint.source.flow.uses import Fact
from wslint.source.flow.values import (
    HandlerSocket,
    HeadersValue,
    LiteralValue,
    Member,
    Message,
    PathTest,
    RequestValue,
    ResponseValue,
    Test,
    UrlValue,
    Value,
)
from wslint.text import Span

Facts = frozenset[tuple[Fact, int | Value]]
Evaluate = Callable[[tree.Expression], tuple[Value, ...]]

NOTHING: Facts = frozenset()
_EQUAL, _DIFFERENT = ("===", "=="), ("!==", "!=")
_OPPOSITE: dict[Fact, Fact] = {
    "is-upgrade": "is-plain",
    "is-plain": "is-upgrade",
    "has-socket": "no-socket",
    "no-socket": "has-socket",
    "is-text": "is-binary",
    "is-binary": "is-text",
}


def facts_of(test: tree.Expression, evaluate: Evaluate) -> tuple[Facts, Facts]:
    """The facts when `test` holds, and those when it does not. Evaluates the test once."""
    if isinstance(test, tree.Operation):
        if test.operator == "!" and test.operands:
            positive, negative = facts_of(test.operands[0], evaluate)
            return negative, positive
        if test.operator == "&&":
            sides = [facts_of(operand, evaluate) for operand in test.operands]
            return NOTHING.union(*(side[0] for side in sides)), _shared([side[1] for side in sides])
        if test.operator == "||":
            sides = [facts_of(operand, evaluate) for operand in test.operands]
            either = _either(sides)
            return _shared([side[0] for side in sides]) | either, NOTHING.union(*(side[1] for side in sides))
        if test.operator in _EQUAL + _DIFFERENT and len(test.operands) == 2:
            return _comparison(test, evaluate)
        if test.operator == "??":
            evaluate(test)
        else:
            for operand in test.operands:
                evaluate(operand)
        return _mentioned(test, evaluate)
    values = evaluate(test)
    return _truth(test, values, evaluate)


def _either(sides: list[tuple[Facts, Facts]]) -> Facts:
    """`path === "/a" || path === "/b"`: one test that takes either, where every side is a test of the path."""
    choices = tuple(_path_test(when) for when, _ in sides)
    known = tuple(choice for choice in choices if choice is not None)
    if len(known) < len(choices):
        return NOTHING
    return frozenset({("on-path", PathTest(known[0].span, "any", "", known[0].url, None, known))})


def _path_test(facts: Facts) -> PathTest | None:
    return next((of for fact, of in facts if fact == "on-path" and isinstance(of, PathTest)), None)


def _on_path(test: PathTest) -> tuple[Facts, Facts]:
    return frozenset({("on-path", test)}), frozenset({("off-path", test)})


def is_path(value: Value) -> bool:
    """Whether a value is the path of the incoming request."""
    if not isinstance(value, Member) or value.name not in ("pathname", "path"):
        return False
    if isinstance(value.of, UrlValue):
        return isinstance(value.of.of, RequestValue) and value.of.of.incoming
    return isinstance(value.of, RequestValue) and value.of.incoming and value.name == "path"


def _shared(several: list[Facts]) -> Facts:
    result = several[0] if several else NOTHING
    for facts in several[1:]:
        result &= facts
    return result


def _both(fact: Fact, value: Value) -> tuple[Facts, Facts]:
    opposite = _OPPOSITE.get(fact)
    other: Facts = frozenset({(opposite, id(value))}) if opposite else NOTHING
    return frozenset({(fact, id(value))}), other


def _truth(test: tree.Expression, values: tuple[Value, ...], evaluate: Evaluate) -> tuple[Facts, Facts]:
    """`if (value)`."""
    said = _said(values)
    if said is not None:
        mentioned, _ = _mentioned(test, evaluate) if isinstance(values[0], Test) else (NOTHING, NOTHING)
        return said[0] | mentioned, said[1] | mentioned
    return _mentioned(test, evaluate)


def _said(values: tuple[Value, ...]) -> tuple[Facts, Facts] | None:
    """What the truth of these values says, either way; None when nothing."""
    for value in values:
        if isinstance(value, Test) and len(values) == 1:
            return value.when, value.unless
        if isinstance(value, PathTest) and len(values) == 1:
            return _on_path(value)
        if isinstance(value, Member):
            if isinstance(value.of, ResponseValue) and value.name in ("webSocket", "web_socket", "websocket"):
                return _both("has-socket", value.of)
            if isinstance(value.of, ResponseValue) and value.name == "ok":
                return frozenset({("no-socket", id(value.of))}), frozenset({("not-ok", id(value.of))})
            if isinstance(value.of, HeadersValue) and value.name == "upgrade" and value.of.of is not None:
                return _both("is-upgrade", value.of.of)
            if isinstance(value.of, Message) and value.name == "isinstance-text":
                return _both("is-text", value.of)
        if isinstance(value, Message) and value.part == "clean":
            checked: Facts = frozenset({("code-checked", 0)})
            return checked, checked
    return None


def test_of(operator: str, operands: Sequence[tuple[Value, ...]], span: Span) -> tuple[Value, ...]:
    """An operation over these values as a condition that may be returned or kept; nothing when it says nothing."""
    if operator in _EQUAL + _DIFFERENT and len(operands) == 2:
        said = _said_by_comparison(operator, operands[0], operands[1])
    elif operator == "!":
        said = _said(operands[0])
        said = (said[1], said[0]) if said is not None else None
    else:
        sides = [_said(values) or (NOTHING, NOTHING) for values in operands]
        if operator == "&&":
            said = NOTHING.union(*(side[0] for side in sides)), _shared([side[1] for side in sides])
        else:
            said = _shared([side[0] for side in sides]), NOTHING.union(*(side[1] for side in sides))
    return (Test(span, *said),) if said is not None and (said[0] or said[1]) else ()


def _mentioned(test: tree.Expression, evaluate: Evaluate) -> tuple[Facts, Facts]:
    """A condition of another kind still counts as a check of the values that stand in it."""
    found: set[tuple[Fact, int]] = set()
    for value in _values_in(test, evaluate):
        if isinstance(value, Message) and value.part in ("code", "clean"):
            found.add(("code-checked", 0))
        base = value.of if isinstance(value, Member) else value
        found.add(("checked", id(base)))
    facts = frozenset(found)
    return facts, facts


def _values_in(node: tree.Expression, evaluate: Evaluate) -> list[Value]:
    if isinstance(node, tree.Operation):
        return [value for operand in node.operands for value in _values_in(operand, evaluate)]
    if isinstance(node, tree.Call):
        inside = [value for argument in node.arguments for value in _values_in(argument, evaluate)]
        receiver = node.function.object if isinstance(node.function, tree.Member) else None
        return inside + (_values_in(receiver, evaluate) if receiver is not None else [])
    if isinstance(node, (tree.Name, tree.Member, tree.Index, tree.Await)):
        return list(evaluate(node))
    return []


def _comparison(test: tree.Operation, evaluate: Evaluate) -> tuple[Facts, Facts]:
    left, right = (evaluate(operand) for operand in test.operands)
    said = _said_by_comparison(test.operator, left, right)
    return said if said is not None else _mentioned(test, evaluate)


def _said_by_comparison(
    operator: str, left: tuple[Value, ...], right: tuple[Value, ...]
) -> tuple[Facts, Facts] | None:
    if any(isinstance(value, HandlerSocket) for value in left) and any(
        isinstance(value, HandlerSocket) for value in right
    ):
        return NOTHING, NOTHING  # `other === ws` says which socket it is, nothing about its state
    for one, other in ((left, right), (right, left)):
        literal = next((value for value in other if isinstance(value, LiteralValue)), None)
        for value in one:
            result: tuple[Facts, Facts] | None
            if is_path(value) and len(one) == 1 and literal is not None and isinstance(literal.value, str):
                result = _on_path(PathTest(literal.span, "is", literal.value, value))
            else:
                result = _compared(value, literal)
            if result is not None:
                return result if operator in _EQUAL else (result[1], result[0])
    return None


def _compared(value: Value, literal: LiteralValue | None) -> tuple[Facts, Facts] | None:
    """What `value === literal` says, either way; None when nothing."""
    if isinstance(value, Message) and value.part in ("code", "clean"):
        checked: Facts = frozenset({("code-checked", 0)})
        return checked, checked
    if not isinstance(value, Member) or literal is None:
        return None
    given = literal.value
    if isinstance(value.of, HeadersValue) and value.name == "upgrade" and value.of.of is not None:
        if isinstance(given, str) and given.lower() == "websocket":
            if given != ("WEBSOCKET" if value.cased == "upper" else "websocket"):
                # What browsers send is compared as different: the other side gets upgrades too.
                return frozenset({("is-upgrade", id(value.of.of)), ("odd-upgrade", literal)}), NOTHING
            return _both("is-upgrade", value.of.of)
        if given is None:
            return _both("is-plain", value.of.of)
    if isinstance(value.of, ResponseValue):
        if value.name == "status" and isinstance(given, (int, float)):
            if given == 101:
                return _both("has-socket", value.of)
            return frozenset({("no-socket", id(value.of))}), frozenset({("not-ok", id(value.of))})
        if value.name in ("webSocket", "web_socket") and given is None:
            return _both("no-socket", value.of)
    if isinstance(value.of, HandlerSocket) or value.name == "readyState":
        if given in (1, "OPEN"):
            return frozenset({("is-open", id(value.of))}), NOTHING
        return frozenset({("checked", id(value.of))}), frozenset({("checked", id(value.of))})
    if isinstance(value.of, RequestValue) and value.name == "method" and isinstance(given, str):
        if given.upper() != "GET":
            return frozenset({("method-post", id(value.of))}), NOTHING
        return NOTHING, frozenset({("method-post", id(value.of))})
    if isinstance(value.of, Message) and value.name == "typeof" and isinstance(given, str):
        return _both("is-text" if given == "string" else "is-binary", value.of)
    return None
