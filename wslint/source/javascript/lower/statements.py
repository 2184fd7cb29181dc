"""Statements other than `if`, `switch`, imports and exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.javascript.lower.lowering import Lowering
from wslint.source.javascript.lower.operators import sequence_parts
from wslint.source.javascript.lower.patterns import pattern
from wslint.source.javascript.syntax import meaningful

if TYPE_CHECKING:
    from tree_sitter import Node

_KINDS: dict[str, Literal["const", "let", "var"]] = {"let": "let", "var": "var"}


_SCOPED = frozenset(
    {"lexical_declaration", "class_declaration", "function_declaration", "generator_function_declaration"}
)


def _block(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    if node.start_byte in lowering.alone and any(child.type in _SCOPED for child in node.named_children):
        inner: list[tree.Statement] = []
        lowering.statements(node.named_children, inner)
        out.append(tree.Scoped(node.start_byte, node.end_byte, inner, [], [], False))
        return
    lowering.statements(node.named_children, out)


def _expression(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    """`a(), b()`, which minifiers write for two statements, is lowered as two."""
    child = meaningful(node)
    if child is None:
        return
    if child.type == "internal_module":  # where the grammar puts `namespace X { … }`
        lowering.statement(child, out)
        return
    if lowering.data.startswith((b"using", b"await"), child.start_byte) and _using(lowering, child, out):
        return
    if child.type != "sequence_expression":
        out.append(tree.Do(node.start_byte, node.end_byte, lowering.expression(child)))
        return
    out += _each(lowering, sequence_parts(child))


def _each(lowering: Lowering, parts: list[Node]) -> list[tree.Statement]:
    return [tree.Do(part.start_byte, part.end_byte, lowering.expression(part)) for part in parts]


def _using(lowering: Lowering, node: Node, out: list[tree.Statement]) -> bool:
    """`using x = …` and `await using x = …`, which the TypeScript grammar takes for assignments."""
    if node.type == "await_expression":
        node = meaningful(node) or node
    if node.type != "assignment_expression" or node.children[0].type != "using":
        return False
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return False
    start, end = left.start_byte, node.end_byte
    out.append(tree.Declare(start, end, pattern(lowering, left), lowering.optional(right), "const"))
    return True


def _declaration(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    kind = "const"
    for child in node.children:
        if child.type != "variable_declarator":
            kind = _KINDS.get(child.type, kind)
            continue
        name = child.child_by_field_name("name")
        if name is None:
            continue
        before = len(lowering.defaults)
        target = pattern(lowering, name)
        defaults = lowering.take_defaults(before)
        value = lowering.optional(child.child_by_field_name("value"))
        if lowering.broken and child.has_error and lowering.is_damaged(child):
            parts = [value] if value is not None else []
            value = tree.Opaque(child.start_byte, child.end_byte, parts, is_error=True)
        out.append(tree.Declare(child.start_byte, child.end_byte, target, value, kind))  # type: ignore[arg-type]
        out += defaults


def _return(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    value = _result(lowering, node, out)
    out.append(tree.Return(node.start_byte, node.end_byte, value))


def _throw(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    value = _result(lowering, node, out)
    out.append(tree.Throw(node.start_byte, node.end_byte, value))


def _result(lowering: Lowering, node: Node, out: list[tree.Statement]) -> tree.Expression | None:
    """What is returned or thrown. The first parts of `return a(), b()` are statements before it."""
    value = meaningful(node)
    if value is None or value.type != "sequence_expression":
        return lowering.optional(value)
    *before, value = sequence_parts(value)
    out += _each(lowering, before)
    return lowering.expression(value)


def _jump(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    label = node.child_by_field_name("label")
    kind: Literal["break", "continue"] = "break" if node.type == "break_statement" else "continue"
    out.append(tree.Jump(node.start_byte, node.end_byte, kind, lowering.text(label) if label else None))


_LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})


def _labeled(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    body, label = node.child_by_field_name("body"), node.child_by_field_name("label")
    if body is None:
        return
    if body.type not in _LOOPS and body.type != "labeled_statement" and label is not None:
        inner: list[tree.Statement] = []
        lowering.statement(body, inner)
        start, end = node.start_byte, node.end_byte
        out.append(tree.Scoped(start, end, inner, [], [], False, label=lowering.text(label)))
        return
    lowering.statement(body, out)
    if label is not None and out and isinstance(out[-1], tree.Loop):
        out[-1].label = lowering.text(label)


def _with(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    value = node.child_by_field_name("object")
    if value is not None:
        out.append(tree.Do(value.start_byte, value.end_byte, lowering.expression(value)))
    body = node.child_by_field_name("body")
    if body is not None:
        lowering.statement(body, out)


# Loops


def _condition(lowering: Lowering, node: Node) -> tree.Expression | None:
    """The condition of a loop; None when there is none."""
    found = node.child_by_field_name("condition")
    if found is not None and found.type == "expression_statement":
        found = meaningful(found)
    if found is None or not found.is_named or found.type == "empty_statement":
        return None
    return lowering.expression(found)


def _while(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    test = _condition(lowering, node)
    body = lowering.body(node.child_by_field_name("body"))
    once = node.type == "do_statement"
    out.append(tree.Loop(node.start_byte, node.end_byte, None, None, test, body, runs_once=once))


def _for(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    """The initializer goes before the loop, the step to the end of its body."""
    initializer = node.child_by_field_name("initializer")
    own: dict[int, tree.Node] = {}
    if initializer is not None:
        before = len(out)
        for part in sequence_parts(initializer):
            lowering.statement(part, out)
        if initializer.type == "lexical_declaration":
            own = _own(out, before)
    test = _condition(lowering, node)
    body = lowering.body(node.child_by_field_name("body"))
    increment = node.child_by_field_name("increment")
    steps = _each(lowering, sequence_parts(increment)) if increment is not None else []
    body += steps
    made = tree.Loop(node.start_byte, node.end_byte, None, None, test, body, len(steps))
    made.initial = tree.Aside(own) if own else None
    text = lowering.data[node.start_byte : node.end_byte]
    made.captures = bool(own) and any(word in text for word in (b"=>", b"function", b"class"))
    out.append(made)


def _own(out: list[tree.Statement], before: int) -> dict[int, tree.Node]:
    """The declarations of a `for`, marked as its own where they stand in front of it."""
    own: dict[int, tree.Node] = {}
    for at in range(before, len(out)):
        held = out[at]
        own[len(own)] = held
        if type(held) is tree.Declare:
            out[at] = tree.Initial(held.start, held.end, held.pattern, held.value, held.kind)
    return own


def _for_in(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    """`for … of`; `for await` awaits what it goes over; `for … in x` goes over `Object.keys(x)`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    before = len(lowering.defaults)
    target = pattern(lowering, left) if left is not None else None
    body = lowering.take_defaults(before)
    items = lowering.required(right, node)
    start, end = items.start, items.end
    if operator is not None and operator.type == "in":
        keys = tree.Member(start, start, tree.Name(start, start, "Object"), "keys", start)
        items = tree.Keys(start, end, keys, [items])
    elif any(child.type == "await" for child in node.children[:2]):
        items = tree.Await(start, end, items)
    body += lowering.body(node.child_by_field_name("body"))
    out.append(tree.Loop(node.start_byte, node.end_byte, target, items, None, body))


def _try(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    made = tree.Try(node.start_byte, node.end_byte, [], [], [], False)
    made.body = lowering.body(node.child_by_field_name("body"))
    handler = node.child_by_field_name("handler")
    if handler is not None:
        made.handled = True
        parameter = handler.child_by_field_name("parameter")
        if parameter is not None:
            before = len(lowering.defaults)
            target = pattern(lowering, parameter)
            defaults = lowering.take_defaults(before)
            made.handler.append(tree.Declare(parameter.start_byte, parameter.end_byte, target, None))
            made.handler += defaults
        made.handler += lowering.body(handler.child_by_field_name("body"))
    finalizer = node.child_by_field_name("finalizer")
    if finalizer is not None:
        made.final = lowering.body(finalizer.child_by_field_name("body"))
    out.append(made)


STATEMENTS = {
    "statement_block": _block,
    "expression_statement": _expression,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "using_declaration": _declaration,
    "return_statement": _return,
    "throw_statement": _throw,
    "break_statement": _jump,
    "continue_statement": _jump,
    "labeled_statement": _labeled,
    "with_statement": _with,
    "while_statement": _while,
    "do_statement": _while,
    "for_statement": _for,
    "for_in_statement": _for_in,
    "try_statement": _try,
}
