"""What a syntax error may hide. tree-sitter mends what it can, and the rest of the file is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source.javascript.syntax import NodePath, Syntax, words
from wslint.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_TEXT = frozenset({"comment", "string", "string_fragment", "template_string", "regex_pattern", "jsx_text"})
_REASON = "a syntax error may hide an export"
_LISTS = frozenset({"export_statement", "export_clause", "lexical_declaration", "variable_declaration"})


def is_type_export(syntax: Syntax, tokens: dict[str, Node]) -> bool:
    """`export type { … } from` and `export type * from`, which the grammar takes for an error."""
    if "type" in tokens:
        return True
    error = tokens.get("ERROR")
    return error is not None and syntax.text(error).split()[:1] == ["type"]


def hidden_exports(syntax: Syntax) -> list[tuple[Span, str]]:
    """The places in a file with syntax errors where an export may have gone unseen.

    An error inside the body of a class or function hides nothing. One does when the word `export`
    was not read as the start of an export statement, or when it stands inside an export's list of
    names.
    """
    found: list[tuple[Span, str]] = []
    root = syntax.root
    if root.type != "program":
        found.append((Span(syntax.file, root.start_byte, root.end_byte).head(), _REASON))
        return found
    for statement in root.named_children:
        if statement.type == "export_statement" and statement.has_error:
            error = _error_in_list(syntax, statement)
            if error is not None:
                found.append((syntax.span(error).head(), _REASON))
    for at in words(syntax.data, b"export"):
        path = syntax.path(at, at + 1)
        if path is None or _is_lost(syntax, path, at):
            found.append((Span(syntax.file, at, at + len(b"export")), _REASON))
    return found


def _error_in_list(syntax: Syntax, statement: Node) -> Node | None:
    """The error between the names of an export statement."""
    stack = [statement]
    while stack:
        node = stack.pop()
        for child in node.children:
            if child.is_error:
                tokens = {each.type: each for each in statement.children}
                if not is_type_export(syntax, tokens):
                    return child
            elif child.type in _LISTS and child.has_error:
                stack.append(child)
    return None


def _is_lost(syntax: Syntax, path: NodePath, at: int) -> bool:
    """Whether this word `export` starts an export statement that was not read as one."""
    leaf = path[-1]
    if leaf.type == "comment":
        return False
    if leaf.type in _TEXT:
        # an unclosed template swallows the statements after it
        in_template = "template_string" in (leaf.type, path[-2].type)
        return in_template and syntax.data[at - 1 : at] in (b"", b"\n")
    if leaf.type == "export" and len(path) > 1 and path[-2].type == "export_statement":
        return any(node.is_error for node in path) or not _may_hold_exports(path[:-2])
    if leaf.type == "property_identifier" and len(path) > 1:
        if path[-2].type in ("pair", "member_expression"):
            return False
        return any(node.has_error for node in path[-3:])
    return True


def _may_hold_exports(around: NodePath) -> bool:
    """The top level, and the body of a namespace."""
    holder = around[-1]
    if holder.type == "program":
        return True
    return len(around) > 1 and around[-2].type in ("internal_module", "module", "ambient_declaration")
