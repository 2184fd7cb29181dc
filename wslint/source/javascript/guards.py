"""Whether code is prepared for an expression to be undefined."""

from __future__ import annotations

from wslint.source.javascript.syntax import FUNCTIONS, WRAPPERS, NodePath, Syntax

_TESTS = frozenset({"if_statement", "while_statement", "do_statement", "for_statement", "ternary_expression"})
_LAZY = frozenset({"&&", "||", "??"})
_EQUALITY = frozenset({"==", "===", "!=", "!=="})
_NOTHING = frozenset({"null", "undefined"})


def function_around(path: NodePath, index: int) -> tuple[int, int]:
    """The bytes of the function that holds `path[index]`, or of the whole file."""
    for node in reversed(path[:index]):
        if node.type in FUNCTIONS:
            return node.start_byte, node.end_byte
    return 0, path[0].end_byte + 1


def is_tested(syntax: Syntax, path: NodePath, index: int) -> bool:
    """Whether the expression at `path[index]` is asked for its truth or compared with nothing.

    `if (x)`, `!x`, `x && …`, `x ?? …`, `x ? … : …`, `x?.…`, `typeof x`, `x === undefined`,
    `x instanceof …`, `x ??= …`, `Boolean(x)`, `switch (x)`.
    """
    while index > 0:
        node, parent = path[index], path[index - 1]
        kind = parent.type
        if kind in WRAPPERS:
            index -= 1
            continue
        if kind in _TESTS:
            return parent.child_by_field_name("condition") == node
        if kind == "switch_statement":
            return True
        if kind in ("member_expression", "subscript_expression", "call_expression"):
            first = parent.child_by_field_name("object") or parent.child_by_field_name("function")
            return first == node and any(child.type == "optional_chain" for child in parent.children)
        if kind == "unary_expression":
            operator = parent.child_by_field_name("operator")
            return operator is not None and operator.type in ("!", "typeof")
        if kind == "binary_expression":
            operator = parent.child_by_field_name("operator")
            left = parent.child_by_field_name("left")
            right = parent.child_by_field_name("right")
            sign = operator.type if operator is not None else ""
            if sign in _LAZY:
                if left == node:
                    return True
                index -= 1  # `if (x && env.X)`
                continue
            if sign in _EQUALITY:
                other = right if left == node else left
                return other is not None and (
                    other.type in _NOTHING or syntax.text(other) in ('"undefined"', "'undefined'")
                )
            return sign == "instanceof" and left == node
        if kind == "augmented_assignment_expression":
            operator = parent.child_by_field_name("operator")
            left = parent.child_by_field_name("left")
            return left == node and operator is not None and operator.type in ("??=", "||=", "&&=")
        if kind == "arguments":
            function = path[index - 2].child_by_field_name("function")
            return function is not None and syntax.text(function) == "Boolean"
        return False
    return False


def is_caught(path: NodePath, index: int) -> bool:
    """Whether a `try` of the same function catches what the expression throws."""
    for at in range(index - 1, -1, -1):
        node = path[at]
        if node.type in FUNCTIONS:
            return False
        if node.type != "try_statement" or node.child_by_field_name("handler") is None:
            continue
        if node.child_by_field_name("body") == path[at + 1]:
            return True
    return False
