"""The walk over one file's syntax tree: what is dispatched where, and how deep it may go."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from wslint.source import tree

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST = 200
"""Levels of the lowered tree; what lies deeper is `Opaque`.

Of 479 published modules one has more, a bundle of 4 MB; of the others the deepest has 46. Whoever
walks the result may recurse on it.
"""

_FRAMES = 5
"""Calls that one level takes at most, here."""

_RESERVE = 80
"""Calls left over for what the handlers themselves call."""

_IN_PLACE = frozenset(
    {
        "array",
        "object",
        "template_string",
        "jsx_element",
        "jsx_self_closing_element",
        "class",
        "function_expression",
        "generator_function",
        "arrow_function",
        "ERROR",
    }
)
"""Expressions that show an error among their children in its place, and are read around it."""

_BLOCKS = frozenset(
    {
        "import_statement",
        "export_statement",
        "statement_block",
        "class_declaration",
        "abstract_class_declaration",
        "function_declaration",
        "generator_function_declaration",
        "ERROR",
    }
)
"""The same for statements."""

_IGNORED = frozenset(
    {
        "comment",
        "html_comment",
        "hash_bang_line",
        "empty_statement",
        "debugger_statement",
        "interface_declaration",
        "type_alias_declaration",
        "ambient_declaration",
        "function_signature",
        "decorator",
    }
)
"""What leaves nothing in the compiled code."""

_ARGUMENTS = frozenset(
    {"arguments", "template_substitution", "jsx_expression", "else_clause", "finally_clause"}
)
"""What only groups expressions or statements."""

ExpressionHandler = Callable[["Lowering", "Node"], tree.Expression]
StatementHandler = Callable[["Lowering", "Node", list[tree.Statement]], None]


def solid(node: Node) -> list[Node]:
    """All children, tokens too, without comments."""
    return [child for child in node.children if not child.is_extra]


class Lowering:
    """The state of lowering one file."""

    def __init__(
        self,
        data: bytes,
        root: Node,
        expressions: Mapping[str, ExpressionHandler],
        statements: Mapping[str, StatementHandler],
    ) -> None:
        self.data = data
        self.broken = root.has_error
        self.imports: list[tree.Import] = []
        self.aliases: list[tree.Declare] = []
        """`export { name as other }`, as declarations of `other`."""
        self.defaults: list[tree.Statement] = []
        """What the defaults of the patterns read last amount to; whoever reads a pattern takes them."""
        self.alone: set[int] = set()
        """Where blocks begin that are no other statement's body. (Asking for a parent goes down from the root.)"""
        self.depth = 0
        self.deepest = max(min(DEEPEST, (sys.getrecursionlimit() - _stack() - _RESERVE) // _FRAMES), 4)
        self._expressions = expressions
        self._statements = statements

    # Dispatch

    def expression(self, node: Node) -> tree.Expression:
        handler = self._expressions.get(node.type)
        if handler is None or self.depth >= self.deepest:
            return tree.Opaque(node.start_byte, node.end_byte, is_error=node.is_error)
        self.depth += 1
        if self.broken and node.has_error and self.is_damaged(node):
            handler = _damaged
        result = handler(self, node)
        self.depth -= 1
        return result

    def optional(self, node: Node | None) -> tree.Expression | None:
        return self.expression(node) if node is not None else None

    def required(self, node: Node | None, around: Node) -> tree.Expression:
        """An expression that only an error can leave out."""
        if node is not None:
            return self.expression(node)
        return tree.Opaque(around.start_byte, around.end_byte, is_error=True)

    def statement(self, node: Node, out: list[tree.Statement]) -> None:
        """Append what a statement is lowered to; a block's statements are appended one by one."""
        kind = node.type
        if kind in _IGNORED:
            return
        handler = self._statements.get(kind)
        if handler is None or self.depth >= self.deepest:
            start, end = node.start_byte, node.end_byte
            out.append(tree.Do(start, end, self.expression(node)))
            return
        self.depth += 1
        handler(self, node, out)
        self.depth -= 1
        if self.broken and node.has_error and kind not in _BLOCKS:
            out += self.errors(node)

    def statements(self, nodes: Iterable[Node], out: list[tree.Statement]) -> None:
        """The statements of a block, of a case or of the file: a block among them is no other statement's body."""
        for node in nodes:
            if node.type == "statement_block":
                self.alone.add(node.start_byte)
            self.statement(node, out)

    def body(self, node: Node | None) -> list[tree.Statement]:
        """The statements of a block, or the one statement that stands for it."""
        out: list[tree.Statement] = []
        if node is not None:
            self.statement(node, out)
        return out

    # Text

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    # Patterns

    def take_defaults(self, since: int = 0) -> list[tree.Statement]:
        """The defaults collected since there were `since` of them."""
        taken = self.defaults[since:]
        del self.defaults[since:]
        return taken

    # Errors

    def is_damaged(self, node: Node) -> bool:
        """Whether the operands of an expression can't be told for an error between them."""
        return node.type not in _IN_PLACE and any(child.is_error for child in node.children)

    def errors(self, node: Node) -> Iterator[tree.Statement]:
        """The errors inside a statement that lie in none of its expressions and statements."""
        stack = [node]
        while stack:
            for child in stack.pop().children:
                kind = child.type
                if child.is_error:
                    yield tree.Do(child.start_byte, child.end_byte, self.expression(child))
                elif child.has_error and kind not in self._expressions and kind not in self._statements:
                    stack.append(child)

    def parts(self, node: Node) -> list[tree.Expression]:
        """The expressions directly inside a node that was not understood."""
        found: list[tree.Expression] = []
        for child in node.named_children:
            if child.type in self._expressions:
                found.append(self.expression(child))
            elif child.type in _ARGUMENTS:
                found += [
                    self.expression(each) for each in child.named_children if each.type in self._expressions
                ]
        return found

    def is_statement(self, node: Node) -> bool:
        return node.type in self._statements


def _damaged(lowering: Lowering, node: Node) -> tree.Expression:
    return tree.Opaque(node.start_byte, node.end_byte, lowering.parts(node), is_error=True)


def _stack() -> int:
    """How many calls deep the caller is."""
    count = 0
    frame = sys._getframe()
    while (below := frame.f_back) is not None:
        frame = below
        count += 1
    return count
