"""Where a file does not parse, and how broken it is, as a number: a fix must not leave its file worse than it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.text import SourceFile, Span, with_line_feeds

if TYPE_CHECKING:
    from tree_sitter import Node

UNREADABLE = 1_000_000
"""More than any number of single errors: the parser gave up on the file."""


def damage(file: SourceFile) -> int:
    """The number of syntax errors; zero for a file that nothing here can parse."""
    from wslint.source.javascript.syntax import MODULE_SUFFIXES, syntax_of

    suffix = file.path.suffix
    if suffix in MODULE_SUFFIXES:
        syntax = syntax_of(Files(file.path.parent), file)
        return UNREADABLE if syntax is None else _errors(syntax.root)
    if suffix == ".rs":
        from wslint.source.rust.grammar import tree_of

        return _errors(tree_of(file).root_node)
    if suffix == ".py":
        return _python(file)
    return UNREADABLE if suffix in (".toml", ".json", ".jsonc") and not _parses(file) else 0


def broken_at(files: Files, file: SourceFile) -> Span | None:
    """The first place at which a file of JavaScript, TypeScript or Python does not parse: what stands there was not
    read.

    The grammar of TypeScript lacks some types, and JSX text that browsers take: those are passed over.
    """
    from wslint.source.javascript.syntax import MODULE_SUFFIXES, is_whole, syntax_of

    suffix = file.path.suffix
    if suffix in MODULE_SUFFIXES:
        places = files.cache.setdefault(("javascript", "broken"), {})
        assert isinstance(places, dict)
        if file.path not in places and is_whole(files, file):
            places[file.path] = None
        if file.path not in places:
            syntax = syntax_of(files, file)
            places[file.path] = _first(syntax.root, file) if syntax is not None else None
        place: Span | None = places[file.path]
        return place
    if suffix == ".py":
        from wslint.source.python.model import tree_of

        return _first(tree_of(file).root_node, file)
    return None  # Rust's reader says it of each item


def _first(root: Node, file: SourceFile) -> Span | None:
    waiting = [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            return Span(file, node.start_byte, node.end_byte).head()
        if not node.type.startswith(_PASSED_OVER) and not _is_type_export(node):
            waiting += [child for child in reversed(node.children) if child.has_error]
    return None


_PASSED_OVER = ("type_", "object_type", "function_type", "interface_", "jsx_", "abstract_")
"""How the nodes begin whose grammars are known to have gaps: types and JSX."""


def _is_type_export(node: Node) -> bool:
    """`export type * from "…"`, which the grammar does not know."""
    return node.type == "export_statement" and (node.text or b"").split()[1:2] == [b"type"]


def _errors(root: Node) -> int:
    """The nodes that the parser could not take or had to make up. Nodes without one below are not entered."""
    count = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        count += node.is_error or node.is_missing
        waiting += [child for child in node.children if child.has_error]
    return count


def _python(file: SourceFile) -> int:
    import ast
    import warnings

    from wslint.source.python.model import tree_of

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(with_line_feeds(file.data))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return UNREADABLE + _errors(tree_of(file).root_node)
    return 0


def _parses(file: SourceFile) -> bool:
    from wslint.wrangler.config import load_document
    from wslint.wrangler.located import ParseError

    try:
        load_document(file)
    except ParseError:
        return False
    return True
