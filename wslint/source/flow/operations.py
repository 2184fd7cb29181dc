"""Operators: which operands run under which condition, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.record import replace
from wslint.source import tree
from wslint.source.flow.conditions import Facts, facts_of, test_of
from wslint.source.flow.scope import Scope, joined
from wslint.source.flow.values import LiteralValue, Member, PathTest, Pending, Test, TextValue
from wslint.text import Span

_ASKING = frozenset({"!", "===", "!==", "==", "!="})
TESTS = (Test, PathTest)

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values


def operation(interpreter: Interpreter, node: tree.Operation, scope: Scope) -> Values:
    known: dict[int, Values] = {}

    def evaluate(operand: tree.Expression) -> Values:
        """Once: a chain of operators that are each asked twice would take twice as long with every one."""
        if id(operand) not in known:
            known[id(operand)] = interpreter.evaluate(operand, scope)
        return known[id(operand)]

    span = Span(scope.file, node.start, node.end)
    match node.operator:
        case "?:":
            when, unless = facts_of(node.operands[0], evaluate)
            return without_tests(
                *(
                    _under(interpreter, facts, operand, scope, (node.start, side))
                    for facts, operand, side in zip(
                        (when, unless), node.operands[1:], (True, False), strict=True
                    )
                )
            )
        case "&&":
            when, _ = facts_of(node.operands[0], evaluate)
            second = _under(interpreter, when, node.operands[1], scope, (node.start, True))
            if any(isinstance(value, TESTS) for value in second):
                return test_of("&&", (evaluate(node.operands[0]), second), span)
            return second
        case "||" | "??":
            _, unless = facts_of(node.operands[0], evaluate)
            first = evaluate(node.operands[0])
            second = _under(interpreter, unless, node.operands[1], scope, (node.start, False))
            if any(isinstance(value, TESTS) for value in (*first, *second)):
                return test_of("||", (first, second), span) if node.operator == "||" else ()
            return joined(first, second)
        case ",":
            results = [evaluate(operand) for operand in node.operands]
            return results[-1] if results else ()
        case "?" | "parenthesis":
            return evaluate(node.operands[0])
    operands = [evaluate(operand) for operand in node.operands]
    if node.operator == "typeof" and operands:
        return tuple(Member(value.span, value, "typeof") for value in operands[0])
    for values, operand in zip(operands, node.operands, strict=True):
        settled = all(isinstance(value, (Pending, LiteralValue)) for value in values) or len(values) == 1
        for value in values:
            if isinstance(value, (Pending, Member)):
                interpreter.use("condition", operand, scope, value, name=node.operator, certain=settled)
    if node.operator == "+" and len(operands) == 2:
        return (TextValue(span, tuple(operands)),)
    return test_of(node.operator, operands, span) if node.operator in _ASKING else ()


def without_tests(*several: Values) -> Values:
    """Values joined; where some are conditions none of those is kept, because nothing tells which one counts."""
    return tuple(value for value in joined(*several) if not isinstance(value, TESTS))


def _under(
    interpreter: Interpreter, facts: Facts, node: tree.Expression, scope: Scope, branch: tuple[int, bool]
) -> Values:
    """An operand that is evaluated only on one side of its condition."""
    before, outer = interpreter.facts, interpreter.where
    interpreter.facts = before | facts
    interpreter.where = replace(outer, branches=(*outer.branches, branch))
    interpreter.branches += 1
    values = interpreter.evaluate(node, scope)
    interpreter.branches -= 1
    interpreter.facts, interpreter.where = before, outer
    return values
