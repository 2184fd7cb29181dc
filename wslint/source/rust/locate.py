"""From byte offsets to syntax nodes, without walking the whole tree.

A search for a few words finds the places that matter; the tree is asked only about those. That
keeps the cost near that of parsing, where a walk over every node in Python would be several times
as dear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.text import Comment, SourceFile, Span

if TYPE_CHECKING:
    from tree_sitter import Node

MARKER = b"wslint:"
CLIMB = 200
"""How many levels up a question is followed. Real code stays far below; it bounds hostile nesting."""


class Locator:
    """Finds the nodes around byte offsets that are asked for in ascending order.

    The cursor only ever moves forward, so all questions together cost no more than one walk.
    """

    def __init__(self, root: Node) -> None:
        self._cursor = root.walk()
        self._path = [root]

    def path(self, offset: int) -> list[Node]:
        """The nodes that hold `offset`, outermost first. The list is reused by the next call."""
        cursor, path = self._cursor, self._path
        while len(path) > 1 and path[-1].end_byte <= offset:
            cursor.goto_parent()
            path.pop()
        while cursor.goto_first_child_for_byte(offset) is not None:
            node = cursor.node
            if node is None or node.start_byte > offset:
                cursor.goto_parent()
                break
            path.append(node)
        return path


def node_span(file: SourceFile, node: Node) -> Span:
    return Span(file, node.start_byte, node.end_byte)


def node_text(node: Node | None) -> str:
    """The text of a node; empty for no node."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""


def named_child(node: Node, index: int) -> Node | None:
    """A named child, or None where there is none (`Node.named_child` raises)."""
    return node.named_child(index) if index < node.named_child_count else None


def in_error(path: list[Node]) -> bool:
    """Whether the parser gave up around the end of this path: what it shows there is a guess."""
    return any(node.is_error for node in path[-CLIMB:])


def marked_comments(file: SourceFile, root: Node) -> list[Comment]:
    """The comments that contain `wslint:`, in order."""
    found: list[Comment] = []
    at = file.data.find(MARKER)
    if at == -1:
        return found
    locator = Locator(root)
    while at != -1:
        after = at + 1
        around = locator.path(at)[-4:]  # outermost first: a Rust doc comment has an inner one
        comment = next((one for one in around if one.type.endswith("comment")), None)
        if comment is not None:
            text = node_text(comment)
            kept = text.rstrip("\r\n")  # a Rust doc comment holds its line end
            after = max(after, comment.end_byte)
            end = comment.end_byte - (len(text) - len(kept))
            found.append(Comment(Span(file, comment.start_byte, end), kept))
        at = file.data.find(MARKER, after)
    return found
