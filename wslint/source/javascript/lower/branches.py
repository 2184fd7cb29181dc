"""`if` and `switch`: chains of `If`.

A chain may have thousands of arms. Past a bound they no longer nest: the arms that are left follow
each other in one list, which says the same where the tests exclude each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.javascript.lower.lowering import Lowering
from wslint.source.javascript.syntax import meaningful

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_FALLEN = 8
"""Case bodies that are repeated in the case that falls into them."""


def _if(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    depth = lowering.depth
    current: Node | None = node
    while current is not None:
        if lowering.broken and current is not node and current.has_error:
            out += lowering.errors(current)
        arm = tree.If(current.start_byte, current.end_byte, _test(lowering, current), [], [])
        consequence = current.child_by_field_name("consequence")
        if consequence is not None:
            lowering.statement(consequence, arm.then)
        out.append(arm)
        alternative = current.child_by_field_name("alternative")
        current = meaningful(alternative) if alternative is not None else None
        if current is None:
            break
        if current.type != "if_statement":
            lowering.statement(current, arm.otherwise)
            break
        if lowering.depth < lowering.deepest // 2:
            lowering.depth += 1
            out = arm.otherwise
    lowering.depth = depth


def _test(lowering: Lowering, node: Node) -> tree.Expression:
    return lowering.required(node.child_by_field_name("condition"), node)


class _Arm:
    """One body of a switch with the cases that lead to it; `default` among them or not."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.tests: list[tree.Expression] = []
        self.is_default = False
        self.body: list[tree.Statement] = []
        self.ends = False  # by break, return or throw: does not fall into the next


def _switch(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    depth = lowering.depth
    value = node.child_by_field_name("value")
    discriminant = lowering.required(value, node)
    arms = _arms(lowering, node, discriminant)
    lowering.depth = depth
    target = final = out
    nested = depth
    for index, arm in enumerate(arms):
        if arm.is_default:
            continue
        test = arm.tests[0]
        if len(arm.tests) > 1:
            test = tree.Operation(test.start, arm.tests[-1].end, "||", arm.tests)
        start, end = arm.node.start_byte, arm.node.end_byte
        made = tree.If(start, end, test, _whole_body(arms, index), [])
        if final is out:
            made.subject = discriminant
        target.append(made)
        final = made.otherwise
        if nested < lowering.deepest // 2:
            nested += 1
            target = made.otherwise
    if final is out:  # no case at all
        out.append(tree.Do(discriminant.start, discriminant.end, discriminant))
    for index, arm in enumerate(arms):
        if arm.is_default:
            final += _whole_body(arms, index)


def _arms(lowering: Lowering, node: Node, discriminant: tree.Expression) -> list[_Arm]:
    """The arms in order; cases with nothing between them share one."""
    body = node.child_by_field_name("body")
    arms: list[_Arm] = []
    for case in body.named_children if body is not None else []:
        if case.type not in ("switch_case", "switch_default"):
            continue
        if not arms or arms[-1].body or arms[-1].ends:
            arms.append(_Arm(case))
        arm = arms[-1]
        if case.type == "switch_default":
            arm.is_default = True
        else:
            arm.tests.append(_case_test(lowering, case, discriminant))
        arm.node = case
        if lowering.depth < lowering.deepest // 2:
            lowering.depth += 1  # it will lie in the arms before it
        inside = case.children_by_field_name("body")
        if len(inside) == 1:  # `case 1: { … }`: the block is the case's own body
            lowering.statement(inside[0], arm.body)
        else:
            lowering.statements(inside, arm.body)
        arm.ends = _cut(lowering, arm.body)
    return arms


def _case_test(lowering: Lowering, case: Node, discriminant: tree.Expression) -> tree.Expression:
    """`discriminant === case`; `switch (true)` is written for tests that stand on their own."""
    value = case.child_by_field_name("value")
    found = lowering.required(value, case)
    if isinstance(discriminant, tree.Constant) and discriminant.value == "true":
        return found
    return tree.Operation(found.start, found.end, "===", [discriminant, found])


def _cut(lowering: Lowering, body: list[tree.Statement]) -> bool:
    """Drop the `break` that ends a case and what follows it; True when the case does end."""
    for index, statement in enumerate(body):
        if isinstance(statement, tree.Jump):
            if lowering.data[statement.start : statement.end].rstrip(b"; \t\r\n") == b"break":
                del body[index:]
            return True
        if isinstance(statement, tree.Return | tree.Throw):
            return True
    return False


def _whole_body(arms: list[_Arm], index: int) -> list[tree.Statement]:
    """What runs from an arm on: its body and those that it falls into."""
    body = arms[index].body
    if arms[index].ends:
        return body
    body = list(body)
    previous = arms[index]
    for arm in arms[index + 1 : index + 1 + _MOST_FALLEN]:
        if previous.ends:
            break
        body += arm.body
        previous = arm
    return body


STATEMENTS = {"if_statement": _if, "switch_statement": _switch}
