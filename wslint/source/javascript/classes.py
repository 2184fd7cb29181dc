"""The classes of one file, wherever they stand in it."""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from typing import TYPE_CHECKING

from wslint.regex import regex
from wslint.source.javascript.model import Class, Reference
from wslint.source.javascript.names import names_of
from wslint.source.javascript.syntax import CLASSES, NodePath, Syntax, under_error, unwrap, words
from wslint.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_GLUE = regex(rb"__destroy_into_raw|__wbg_ptr|wasm\.[a-z0-9_]+_new(?![\w$])")
_OWNER = frozenset({"program", "export_statement"})
MOST_NAME_PARTS = 3


def reference_of(syntax: Syntax, node: Node | None) -> Reference | None:
    """A name or a dotted name as its parts; None for any other expression."""
    parts: list[str] = []
    node = unwrap(node)
    while node is not None and node.type == "member_expression" and len(parts) < MOST_NAME_PARTS:
        key = node.child_by_field_name("property")
        if key is None or key.type != "property_identifier":
            return None
        parts.append(syntax.text(key))
        node = unwrap(node.child_by_field_name("object"))
    if node is None or node.type != "identifier":
        return None
    parts.append(syntax.text(node))
    return tuple(reversed(parts))


def _heritage(node: Node) -> Node | None:
    """The expression after `extends`."""
    for child in node.children:
        if child.type != "class_heritage":
            continue
        for part in child.named_children:
            if part.type == "extends_clause":
                return part.child_by_field_name("value")
            if part.type not in ("implements_clause", "comment"):
                return part
    return None


def _is_top_level(path: NodePath) -> bool:
    owner = path[-2].type if len(path) > 1 else "program"
    if owner == "variable_declarator" and len(path) > 3:
        owner = path[-4].type
    return owner in _OWNER


def _name(syntax: Syntax, path: NodePath) -> tuple[str, Span] | None:
    """What a class is called: by the variable it is put into, else by its own name."""
    node, owner = path[-1], path[-2]
    own = node.child_by_field_name("name")
    around: Node | None = None
    if node.type == "class":
        if owner.type == "variable_declarator":
            around = owner.child_by_field_name("name")
        elif owner.type == "assignment_expression":
            around = owner.child_by_field_name("left")
        elif owner.type == "pair":
            around = owner.child_by_field_name("key")
    if around is not None and around.type not in ("identifier", "property_identifier"):
        around = None
    name = around or own
    if name is not None:
        return syntax.text(name), syntax.span(name)
    if any(each.type == "export_statement" for each in path[-3:]):
        return "default", Span(syntax.file, node.start_byte, node.start_byte + len("class"))
    return None


def read_classes(syntax: Syntax) -> list[Class]:
    """Every class with a name (or exported as default), in the order of the text."""
    data = syntax.data
    if b"class" not in data:
        return []
    sql = _sql_uses(syntax)
    sql_starts = [span.start for span in sql]
    is_glue = b"wasm" in data and (b"__wbg" in data or b"__wbindgen" in data)
    glue = [match.start() for match in _GLUE.finditer(data)] if is_glue else []
    found: list[Class] = []
    for place in words(data, b"class"):
        keyword = syntax.leaf(place, place + len(b"class"))
        if keyword is None or keyword.type != "class" or keyword.is_named:
            continue
        node = keyword.parent
        if node is None or node.type not in CLASSES:
            continue
        path = syntax.path_of(node.start_byte, node.end_byte, CLASSES)
        if path is None or len(path) < 2 or under_error(path) or path[-2].type == "ambient_declaration":
            continue
        named = _name(syntax, path)
        if named is None:
            continue
        start, end = node.start_byte, node.end_byte
        heritage = _heritage(node)
        base = reference_of(syntax, heritage)
        if base is not None and heritage is not None and not _is_top_level(path):
            base = base if _means_top_level(syntax, heritage) else None
        at = bisect_left(sql_starts, start)
        glue_at = bisect_left(glue, start)
        found.append(
            Class(
                name=named[0],
                span=named[1],
                start=start,
                end=end,
                base=base,
                has_base=heritage is not None,
                generated_from="rust" if glue_at < len(glue) and glue[glue_at] < end else None,
                uses_sql=sql[at] if at < len(sql) and sql[at].start < end else None,
            )
        )
    return found


def _means_top_level(syntax: Syntax, heritage: Node) -> bool:
    """Whether the base of a class inside a function is no parameter or local of that function."""
    node = unwrap(heritage)
    while node is not None and node.type == "member_expression":
        node = unwrap(node.child_by_field_name("object"))
    path = syntax.path(node.start_byte, node.end_byte) if node is not None else None
    if path is None:
        return False
    binder = names_of(syntax).binder_of(path)
    return binder is None or binder.at_top_level


def _sql_uses(syntax: Syntax) -> list[Span]:
    """Every `….storage.sql` and `….storage.kv`, and `{ sql }` taken out of a storage."""
    data = syntax.data
    if b"storage" not in data:
        return []
    found: list[Span] = []
    for place in chain(words(data, b"sql"), words(data, b"kv")):
        leaf = syntax.leaf(place, place + 1)
        if leaf is None or leaf.type not in ("property_identifier", "shorthand_property_identifier_pattern"):
            continue
        path = syntax.path(place, place + 1)
        if path is None or len(path) < 3 or under_error(path):
            continue
        parent = path[-2]
        if parent.type == "member_expression":
            if _is_storage(syntax, unwrap(parent.child_by_field_name("object"))):
                found.append(syntax.span(parent))
            continue
        holder = path[-3] if parent.type in ("pair_pattern", "object_assignment_pattern") else parent
        declarator = path[path.index(holder) - 1]
        if holder.type != "object_pattern" or declarator.type != "variable_declarator":
            continue
        if _is_storage(syntax, unwrap(declarator.child_by_field_name("value"))):
            found.append(syntax.span(leaf))
    found.sort(key=lambda span: span.start)
    return found


def _is_storage(syntax: Syntax, node: Node | None) -> bool:
    """`….storage`, or a variable `storage` that came out of the context."""
    if node is None:
        return False
    if node.type == "member_expression":
        key = node.child_by_field_name("property")
        return key is not None and syntax.text(key).lstrip("#_") == "storage"
    if node.type != "identifier" or syntax.text(node) != "storage":
        return False
    path = syntax.path(node.start_byte, node.end_byte)
    binder = names_of(syntax).binder_of(path) if path is not None else None
    if binder is None:
        return False
    parent = binder.path[-2]
    if parent.type == "object_pattern":
        return True
    if parent.type == "variable_declarator":
        value = unwrap(parent.child_by_field_name("value"))
        return value is not None and value.type == "member_expression" and _is_storage(syntax, value)
    if parent.type in ("required_parameter", "optional_parameter"):
        annotation = parent.child_by_field_name("type")
        return annotation is not None and "DurableObjectStorage" in syntax.text(annotation)
    return False
