"""Functions and methods: parameters, their types, bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.javascript.lower.lowering import Lowering
from wslint.source.javascript.lower.patterns import pattern
from wslint.source.javascript.lower.strings import property_name
from wslint.source.javascript.syntax import meaningful

if TYPE_CHECKING:
    from tree_sitter import Node

_FIELD_WORDS = frozenset({"accessibility_modifier", "readonly", "override_modifier"})
"""What makes a constructor's parameter a field too."""

_MOST_TYPES = 64
"""Members of a union that are looked at."""


def _function(lowering: Lowering, node: Node) -> tree.Function:
    name = node.child_by_field_name("name")
    return _made(lowering, node, lowering.text(name) if name is not None else None, name)


def _declaration(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    found = _function(lowering, node)
    if found.name is not None:
        name = tree.Name(found.name_start, found.name_start + len(found.name.encode()), found.name)
        out.append(tree.Declare(node.start_byte, node.end_byte, name, found, "function"))
    else:
        out.append(tree.Do(node.start_byte, node.end_byte, found))


def method(lowering: Lowering, node: Node) -> tree.Function:
    """A method of a class or object. A computed name is given as written, in its brackets."""
    key = node.child_by_field_name("name")
    if key is None:
        return _made(lowering, node, None, None)
    name = property_name(lowering, key)
    return _made(lowering, node, lowering.text(key) if name is None else name, key)


def accessor_of(node: Node) -> Literal["method", "getter", "setter"]:
    for child in node.children:
        kind = child.type
        if kind in ("get", "set"):
            return "getter" if kind == "get" else "setter"
        if kind == "formal_parameters":
            break
    return "method"


def _made(lowering: Lowering, node: Node, name: str | None, name_node: Node | None) -> tree.Function:
    start, end = node.start_byte, node.end_byte
    name_start = name_node.start_byte if name_node is not None else start
    made = tree.Function(start, end, name, name_start, [], [])
    outer, lowering.defaults = lowering.defaults, []
    body = None
    fields: list[tree.Statement] = []
    for child in node.children:
        kind = child.type
        if kind == "formal_parameters":
            _parameters(lowering, child, made.parameters, fields)
        elif kind == "statement_block":
            body = child
        elif kind == "async":
            made.is_async = True
        elif kind == "*":
            made.is_generator = True
    made.body += lowering.defaults
    lowering.defaults = outer
    made.body += fields
    if lowering.broken and node.has_error:
        made.body += lowering.errors(node)
    if body is not None:
        lowering.depth += 1  # a method's statements lie two levels below its class or object
        lowering.statements(body.named_children, made.body)
        lowering.depth -= 1
    return made


def _arrow(lowering: Lowering, node: Node) -> tree.Expression:
    start, end = node.start_byte, node.end_byte
    made = tree.Function(start, end, None, start, [], [], is_arrow=True)
    made.is_async = lowering.data.startswith(b"async", start) and node.children[0].type == "async"
    outer, lowering.defaults = lowering.defaults, []
    parameters = node.child_by_field_name("parameters")
    if parameters is not None:
        _parameters(lowering, parameters, made.parameters, [])
    else:
        parameter = node.child_by_field_name("parameter")
        if parameter is not None:
            at, to = parameter.start_byte, parameter.end_byte
            made.parameters.append(tree.Parameter(at, to, pattern(lowering, parameter)))
    made.body += lowering.defaults
    lowering.defaults = outer
    if lowering.broken and node.has_error:
        made.body += lowering.errors(node)
    body = node.child_by_field_name("body")
    if body is None:
        return made
    if body.type == "statement_block":
        lowering.statements(body.named_children, made.body)
    else:
        made.body.append(tree.Return(body.start_byte, body.end_byte, lowering.expression(body)))
    return made


def _parameters(
    lowering: Lowering, node: Node, out: list[tree.Parameter], fields: list[tree.Statement]
) -> None:
    """Append the parameters; `fields` gets the assignments that parameter properties stand for."""
    for child in node.named_children:
        kind = child.type
        if kind in ("comment", "decorator"):
            continue
        if kind not in ("required_parameter", "optional_parameter"):
            out.append(_plain(lowering, child))
            continue
        target = child.child_by_field_name("pattern")
        if target is None or target.type == "this":
            continue
        value = child.child_by_field_name("value")
        annotation = child.child_by_field_name("type")
        found = _plain(lowering, target)
        found.start, found.end = child.start_byte, child.end_byte
        if value is not None:
            found.default = lowering.expression(value)
        if annotation is not None:
            found.type_name = type_name(lowering, annotation)
        out.append(found)
        if isinstance(found.pattern, tree.Name) and child.children[0].type in _FIELD_WORDS:
            fields.append(_field(found.pattern))


def _plain(lowering: Lowering, node: Node) -> tree.Parameter:
    """A parameter as JavaScript writes it: a pattern, `pattern = default`, `...pattern`."""
    start, end = node.start_byte, node.end_byte
    if node.type == "rest_pattern":
        inner = meaningful(node)
        if inner is not None:
            return tree.Parameter(start, end, pattern(lowering, inner), rest=True)
    if node.type == "assignment_pattern":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None:
            return tree.Parameter(start, end, pattern(lowering, left), lowering.optional(right))
    return tree.Parameter(start, end, pattern(lowering, node))


def _field(name: tree.Name) -> tree.Statement:
    """`this.ctx = ctx` for `constructor(private ctx)`."""
    start, end = name.start, name.end
    target = tree.Member(start, end, tree.Name(start, start, "this"), name.name, start)
    return tree.Do(start, end, tree.Assign(start, end, target, tree.Name(start, end, name.name)))


def type_name(lowering: Lowering, annotation: Node) -> str | None:
    """The last name of a written type: `Request` for `cf.Request<T> | null`; None when there are several."""
    pending = [annotation]
    names: list[str] = []
    for _ in range(_MOST_TYPES):
        if not pending:
            break
        node = pending.pop()
        kind = node.type
        if kind in ("type_annotation", "parenthesized_type", "readonly_type"):
            pending += [child for child in node.named_children if child.type != "comment"][:1]
        elif kind in ("union_type", "intersection_type"):
            pending += [child for child in node.named_children if child.type != "comment"]
        elif kind in ("type_identifier", "predefined_type"):
            names.append(lowering.text(node))
        elif kind in ("generic_type", "nested_type_identifier"):
            inner = node.child_by_field_name("name")
            pending += [inner] if inner is not None else []
        elif kind == "object_type" or (kind == "literal_type" and _is_nothing(node)):
            continue  # `Request & { … }`, `Request | null`
        else:
            return None
    return names[0] if len(names) == 1 and not pending else None


def _is_nothing(node: Node) -> bool:
    inner = meaningful(node)
    return inner is not None and inner.type in ("null", "undefined")


EXPRESSIONS = {
    "function_expression": _function,
    "generator_function": _function,
    "arrow_function": _arrow,
}
STATEMENTS = {
    "function_declaration": _declaration,
    "generator_function_declaration": _declaration,
}
