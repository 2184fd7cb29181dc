"""Syntax trees of JavaScript and TypeScript files, and the node helpers that the analyser shares.

Trees cost 25 to 50 times the size of their file, so only the last few are kept: what outlives a
file is the plain data of `model`. Nothing here recurses on the depth of a tree, and nothing asks
for a node's parent in a loop: tree-sitter finds a parent by descending from the root.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.regex import regex
from wslint.source.grammars import grammar
from wslint.source.javascript.readable import readable
from wslint.text import SourceFile, Span, with_line_feeds

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Point, TreeCursor

    from wslint.source.javascript.names import Names

TYPESCRIPT_SUFFIXES = frozenset({".ts", ".tsx", ".mts", ".cts"})
JAVASCRIPT_SUFFIXES = frozenset({".js", ".jsx", ".mjs", ".cjs"})
MODULE_SUFFIXES = TYPESCRIPT_SUFFIXES | JAVASCRIPT_SUFFIXES

KEPT_TREES = 1024 * 1024
"""Trees are kept for this many bytes of source."""

STEPS_PER_BYTE, STEPS_AT_LEAST, STEPS_AT_MOST = 0.042, 50, 40_000
"""How often the parser may report progress (every 100 operations) before it has read the whole file.

Real files need up to 0.016 a byte, the densest valid text 0.035 (`x;x;x;…`). `f<a,f<a,…`, which
needs 0.0525, then takes 1.1 GB for 32 kB at its end: that is what the bound is for
(tree-sitter-typescript 0.23.2).
"""

DEEPEST = 400
"""Nodes deeper than this are not looked at: finding one costs a step a level."""

FUNCTIONS = frozenset(
    {
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "arrow_function",
        "method_definition",
    }
)
FUNCTION_VALUES = frozenset({"function_expression", "generator_function", "arrow_function"})
FIELDS = frozenset({"public_field_definition", "field_definition"})
CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
WRAPPERS = frozenset(
    {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
        "instantiation_expression",
    }
)
"""What may stand around an expression without changing its value."""

_TYPE_NODES = frozenset(
    {
        "type_annotation",
        "type_query",
        "type_alias_declaration",
        "interface_declaration",
        "ambient_declaration",
        "type_arguments",
        "type_parameters",
        "implements_clause",
    }
)

MOST_SEARCHES = 200
"""Looking through a file for a word is fast, and an index of its words is faster from here on."""

_WORD = regex(rb"[\w$\x80-\xff]+")

NodePath = list["Node"]
"""A node with everything around it: root first, the node last."""


class Syntax:
    """The tree of one file."""

    def __init__(self, file: SourceFile, root: Node) -> None:
        self.file = file
        self.data = file.data
        self.root = root
        self.names: Names | None = None  # made by `names.names_of` when first asked for
        self._cursor: TreeCursor = root.walk()
        self._searched = 0
        self._words: dict[bytes, list[int]] | None = None

    def span(self, node: Node) -> Span:
        return Span(self.file, node.start_byte, node.end_byte)

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def places(self, word: bytes) -> Iterator[int]:
        """Where a word stands, or a longer one that holds it. Whoever asks for many is given an index."""
        self._searched += 1
        if self._searched > MOST_SEARCHES:
            if self._words is None:
                self._words = {}
                for match in _WORD.finditer(self.data):
                    self._words.setdefault(match.group(), []).append(match.start())
            yield from self._words.get(word, ())
            return
        start = -1
        while word and (start := self.data.find(word, start + 1)) != -1:
            yield start

    def leaf(self, start: int, end: int) -> Node | None:
        """The smallest node, anonymous ones included, that covers the bytes."""
        return self.root.descendant_for_byte_range(start, end)

    def path(self, start: int, end: int) -> NodePath | None:
        """The smallest node that covers the bytes, below all its ancestors; None when too deep."""
        cursor = self._cursor
        cursor.reset(self.root)
        path = [self.root]
        while cursor.goto_first_child_for_byte(start) is not None:
            node = cursor.node
            if node is None or node.start_byte > start or node.end_byte < end:
                break
            if len(path) >= DEEPEST:
                return None
            path.append(node)
        return path

    def path_of(self, start: int, end: int, types: frozenset[str]) -> NodePath | None:
        """The path to the node of one of the types that spans exactly these bytes."""
        path = self.path(start, end)
        while path:
            node = path[-1]
            if node.start_byte != start or node.end_byte != end:
                return None
            if node.type in types:
                return path
            path.pop()
        return None

    def string(self, node: Node | None) -> str | None:
        """The text of a string literal without its quotes; None for anything else.

        Escapes are left as written: names and specifiers don't use them.
        """
        if node is None or node.type not in ("string", "template_string") or node.has_error:
            return None
        if node.type == "template_string" and any(c.type != "string_fragment" for c in node.named_children):
            return None
        return self.data[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")

    def name(self, node: Node | None) -> str | None:
        """A property's or export's name: an identifier, `#private` or a string; None when computed."""
        if node is None:
            return None
        if node.type == "string":
            return self.string(node)
        if node.type == "computed_property_name":
            return self.string(meaningful(node))
        return self.text(node)


def _language(file: SourceFile) -> Language:
    if not is_typescript(file):
        return grammar("tree_sitter_javascript")
    return grammar(
        "tree_sitter_typescript", f"language_{'tsx' if file.path.suffix == '.tsx' else 'typescript'}"
    )


def is_typescript(file: SourceFile) -> bool:
    return file.path.suffix in TYPESCRIPT_SUFFIXES


def _parse(file: SourceFile) -> Syntax | None:
    from tree_sitter import Parser

    parser = Parser(_language(file))  # not kept: threads can't share one, and it is made in microseconds
    data = with_line_feeds(file.data)
    data = readable(data) if is_typescript(file) else data
    bound = min(STEPS_AT_LEAST + STEPS_PER_BYTE * len(data), STEPS_AT_MOST)
    steps = 0

    def too_long(offset: int, _has_error: bool) -> bool:
        nonlocal steps
        steps += offset < len(data)
        return steps > bound

    def read(offset: int, _point: Point) -> bytes:
        return data[offset:]

    try:
        tree = parser.parse(read, progress_callback=too_long)
    except ValueError:  # stopped by the bound
        return None
    return Syntax(file, tree.root_node)


class _Trees:
    """The last few trees, oldest first."""

    def __init__(self) -> None:
        self._kept: dict[str, Syntax | None] = {}
        self._size = 0
        self.whole: set[str] = set()
        """The files that parse without an error, whether their trees are kept or not."""

    def get(self, file: SourceFile) -> Syntax | None:
        key = str(file.path)
        if key in self._kept:
            syntax = self._kept.pop(key)
        else:
            syntax = _parse(file)
            self._size += len(syntax.data) if syntax else 0
            if syntax is not None and not syntax.root.has_error:
                self.whole.add(key)
        self._kept[key] = syntax
        while self._size > KEPT_TREES and len(self._kept) > 1:
            oldest = self._kept.pop(next(iter(self._kept)))
            self._size -= len(oldest.data) if oldest else 0
        return syntax


def syntax_of(files: Files, file: SourceFile) -> Syntax | None:
    """The tree of a file, parsed again when it was not among the last few; None when refused.

    A file is refused when parsing it would take time or memory out of proportion to its size.
    """
    return _trees(files).get(file)


def is_whole(files: Files, file: SourceFile) -> bool:
    """Whether a file was parsed before, and without an error."""
    return str(file.path) in _trees(files).whole


def _trees(files: Files) -> _Trees:
    trees = files.cache.setdefault(("javascript", "trees"), _Trees())
    assert isinstance(trees, _Trees)
    return trees


def meaningful(node: Node) -> Node | None:
    """The first named child that is no comment: what a wrapper wraps."""
    for child in node.named_children:
        if child.type != "comment":
            return child
    return None


def unwrap(node: Node | None) -> Node | None:
    """An expression without the parentheses, casts and `!` around it."""
    while node is not None and node.type in WRAPPERS:
        if node.type == "type_assertion":
            node = node.named_children[-1] if node.named_children else None
        else:
            node = meaningful(node)
    return node


def arguments(call: Node) -> list[Node]:
    """The arguments of a call or `new`; empty for a tagged template."""
    found = call.child_by_field_name("arguments")
    if found is None or found.type != "arguments":
        return []
    return [child for child in found.named_children if child.type != "comment"]


def members(syntax: Syntax, body: Node) -> Iterator[tuple[str, Node]]:
    """The named members of an object literal or class body: `(name, member)`."""
    for child in body.named_children:
        kind = child.type
        if kind == "shorthand_property_identifier":
            yield syntax.text(child), child
            continue
        key = (
            child.child_by_field_name("key")
            if kind == "pair"
            else child.child_by_field_name("name") or child.child_by_field_name("property")
        )
        name = syntax.name(key)
        if name is not None:
            yield name, child


def in_type(path: NodePath) -> bool:
    """Whether the last node of a path stands in a type, which the compiled code doesn't have."""
    return any(node.type in _TYPE_NODES for node in path)


def under_error(path: NodePath) -> bool:
    return any(node.is_error for node in path)


_IDENTIFIER_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
_SHORT = 2


def words(data: bytes, word: bytes, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Where a whole identifier stands in the text, comments and strings included.

    `bytes.find` is ten times as fast as a pattern that begins with a look-behind; only a name of
    one or two letters occurs inside so many other words that a pattern is better.
    """
    stop = len(data) if end is None else end
    if len(word) <= _SHORT:
        for match in re.compile(re.escape(word) + rb"(?![\w$])").finditer(data, start, stop):
            if match.start() == 0 or data[match.start() - 1] not in _IDENTIFIER_BYTES:
                yield match.start()
        return
    at = data.find(word, start, stop)
    while at != -1:
        after = at + len(word)
        if (at == 0 or data[at - 1] not in _IDENTIFIER_BYTES) and (
            after >= len(data) or data[after] not in _IDENTIFIER_BYTES
        ):
            yield at
        at = data.find(word, after, stop)
