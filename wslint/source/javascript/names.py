"""Which occurrence of a name means which variable, answered name by name.

There is no symbol table of the whole file: most names are never asked for. The occurrences of the
one that is are found in the text, and the few binding ones among them tell the scopes.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from wslint.record import frozen
from wslint.source.javascript.syntax import (
    CLASSES,
    FIELDS,
    FUNCTIONS,
    NodePath,
    Syntax,
    in_type,
    under_error,
    unwrap,
    words,
)

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_OCCURRENCES = 5000
"""A name that occurs more often inside its scope (`e` in a minified bundle) is not followed."""

MOST_SCANNED = 1 << 30
"""So many bytes of one file are searched for names at most; real files need a thousandth."""

_LEAVES = frozenset(
    {
        "identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "type_identifier",  # the name of a class in TypeScript
    }
)
_MENTIONS = frozenset({"identifier", "shorthand_property_identifier"})
_PATTERNS = frozenset(
    {
        "object_pattern",
        "array_pattern",
        "pair_pattern",
        "rest_pattern",
        "assignment_pattern",
        "object_assignment_pattern",
    }
)
_BLOCKS = frozenset(
    {
        "program",
        "statement_block",
        "for_statement",
        "for_in_statement",
        "switch_body",
        "catch_clause",
        "class_static_block",
    }
)
_IMPORTS = frozenset({"import_specifier", "import_clause", "namespace_import", "import_require_clause"})
_PARAMETERS = frozenset({"required_parameter", "optional_parameter"})
_VALUE_FIELDS = ("value", "right")


@frozen
class Binder:
    """One declaration of a name: where the name stands, and the bytes in which it means this."""

    name: bytes
    start: int
    scope_start: int
    scope_end: int
    path: tuple[Node, ...]

    @property
    def at_top_level(self) -> bool:
        return self.scope_start == self.path[0].start_byte and self.scope_end == self.path[0].end_byte


@frozen
class _Occurrences:
    binders: tuple[Binder, ...]
    references: tuple[NodePath, ...]


def _scope(path: NodePath, index: int, *, function_wide: bool) -> Node:
    """The node whose bytes a declaration at `path[index]` reaches."""
    for node in reversed(path[:index]):
        if node.type in FUNCTIONS or node.type in ("program", "class_static_block"):
            return node
        if not function_wide and node.type in _BLOCKS:
            return node
    return path[0]


def _bound_scope(path: NodePath) -> Node | None:
    """The scope when the leaf of the path declares a name, None when it only mentions one."""
    index = len(path) - 1
    leaf = path[index]
    while index > 0:
        child, parent = path[index], path[index - 1]
        kind = parent.type
        if kind in _PATTERNS:
            if any(parent.child_by_field_name(name) == child for name in _VALUE_FIELDS):
                if kind != "pair_pattern":  # a default value
                    return None
            elif kind == "pair_pattern":  # a computed key
                return None
            index -= 1
            continue
        if kind == "variable_declarator":
            if parent.child_by_field_name("name") != child:
                return None
            is_var = path[index - 2].type == "variable_declaration"
            return _scope(path, index - 1, function_wide=is_var)
        if kind in _PARAMETERS:
            return path[index - 3] if parent.child_by_field_name("pattern") == child else None
        if kind == "formal_parameters":
            return path[index - 2]
        if kind == "arrow_function":
            return parent if parent.child_by_field_name("parameter") == child else None
        if child is not leaf and kind not in ("for_in_statement", "catch_clause"):
            return None
        if kind in _IMPORTS:
            if kind == "import_specifier" and parent.child_by_field_name("alias") not in (None, child):
                return None
            return path[0]
        if kind == "catch_clause":
            return parent if parent.child_by_field_name("parameter") == child else None
        if kind == "for_in_statement":
            declares = parent.child_by_field_name("kind") is not None
            return parent if declares and parent.child_by_field_name("left") == child else None
        if kind in ("function_declaration", "generator_function_declaration", "enum_declaration"):
            named = parent.child_by_field_name("name") == child
            return _scope(path, index - 1, function_wide=False) if named else None
        if kind in CLASSES:
            if parent.child_by_field_name("name") != child:
                return None
            return parent if kind == "class" else _scope(path, index - 1, function_wide=False)
        if kind in ("function_expression", "generator_function"):
            return parent if parent.child_by_field_name("name") == child else None
        return None
    return None


class Names:
    """The variables of one file."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self._known: dict[tuple[bytes, int, int], _Occurrences | None] = {}
        self._this: dict[str, dict[tuple[int, int], list[NodePath]]] = {}
        self._scanned = 0

    def _occurrences(self, name: bytes, start: int, end: int) -> _Occurrences | None:
        key = (name, start, end)
        if key not in self._known:
            self._known[key] = self._find(name, start, end)
        return self._known[key]

    def _find(self, name: bytes, start: int, end: int) -> _Occurrences | None:
        self._scanned += end - start
        if self._scanned > MOST_SCANNED:
            return None
        binders: list[Binder] = []
        references: list[NodePath] = []
        for count, at in enumerate(words(self.syntax.data, name, start, end)):
            if count >= MOST_OCCURRENCES:
                return None
            path = self.syntax.path(at, at + len(name))
            if path is None:  # too deep; what it may declare reaches no further up
                continue
            leaf = path[-1]
            if leaf.type not in _LEAVES or leaf.end_byte - leaf.start_byte != len(name):
                continue
            scope = _bound_scope(path)
            if scope is not None:
                binders.append(Binder(name, leaf.start_byte, scope.start_byte, scope.end_byte, tuple(path)))
            elif leaf.type in _MENTIONS and not under_error(path) and not in_type(path):
                references.append(path)
        return _Occurrences(tuple(binders), tuple(references))

    def binder_at(self, start: int, end: int) -> Binder | None:
        """The declaration whose name stands at these bytes."""
        path = self.syntax.path(start, end)
        if path is None:
            return None
        scope = _bound_scope(path)
        if scope is None:
            return None
        return Binder(self.syntax.data[start:end], start, scope.start_byte, scope.end_byte, tuple(path))

    def top_level(self, name: str) -> Binder | None:
        """The import or declaration of a name at the top level of the file."""
        root = self.syntax.root
        found = self._occurrences(name.encode(), root.start_byte, root.end_byte)
        return next((each for each in found.binders if each.at_top_level), None) if found else None

    def references(self, binder: Binder) -> list[NodePath]:
        """All mentions of a declared name that mean this declaration, in the order of the text."""
        found = self._occurrences(binder.name, binder.scope_start, binder.scope_end)
        if found is None:
            return []
        inner = sorted(
            {
                (other.scope_start, other.scope_end)
                for other in found.binders
                if (other.scope_start, other.scope_end) != (binder.scope_start, binder.scope_end)
            }
        )
        mine: list[NodePath] = []
        reach, index = -1, 0
        for path in found.references:  # one sweep: scopes and references both come in text order
            at = path[-1].start_byte
            while index < len(inner) and inner[index][0] <= at:
                reach = max(reach, inner[index][1])
                index += 1
            if at >= reach:
                mine.append(path)
        return mine

    def this_mentions(self, name: str, cls: tuple[int, int]) -> list[NodePath]:
        """Every `this.name` and `const { name } = this` that means the class at these bytes."""
        known = self._this.get(name)
        if known is None:
            known = self._this[name] = {}
            bare = name.removeprefix("#").encode()
            for at in islice(words(self.syntax.data, bare), MOST_OCCURRENCES):
                path = self.syntax.path(at, at + len(bare))
                if path is None or len(path) < 3 or self.syntax.text(path[-1]) != name:
                    continue
                if under_error(path) or not _is_taken_from_this(path):
                    continue
                owner = class_of_this(path)
                if owner is not None:
                    known.setdefault(owner, []).append(path)
        return known.get(cls, [])

    def binder_of(self, path: NodePath) -> Binder | None:
        """The declaration that a mentioned name means; None for globals and what is too deep."""
        leaf = path[-1]
        name = self.syntax.data[leaf.start_byte : leaf.end_byte]
        root = self.syntax.root
        found = self._occurrences(name, root.start_byte, root.end_byte)
        if found is None:
            return None
        at = leaf.start_byte
        best: Binder | None = None
        for binder in found.binders:
            if binder.scope_start <= at < binder.scope_end and (
                best is None or binder.scope_end - binder.scope_start < best.scope_end - best.scope_start
            ):
                best = binder
        return best


def class_of_this(path: NodePath) -> tuple[int, int] | None:
    """The bytes of the class whose instance `this` means at the end of a path.

    None in plain functions, in object literals, and where `this` is the class itself.
    """
    for index in range(len(path) - 1, 0, -1):
        node = path[index]
        kind = node.type
        if kind == "class_body":
            owner = path[index - 1]
            return (owner.start_byte, owner.end_byte) if owner.type in CLASSES else None
        if kind == "method_definition" or kind in FIELDS:
            if any(child.type == "static" for child in node.children):
                return None
            if path[index - 1].type != "class_body":
                return None
        elif kind == "class_static_block" or (kind in FUNCTIONS and kind != "arrow_function"):
            return None
    return None


def _is_taken_from_this(path: NodePath) -> bool:
    """`this.name` with the name at the end of the path, or `const { name } = this`."""
    leaf, parent = path[-1], path[-2]
    if parent.type == "member_expression":
        owner = unwrap(parent.child_by_field_name("object"))
        return owner is not None and owner.type == "this" and parent.child_by_field_name("property") == leaf
    holder = len(path) - (3 if parent.type in ("pair_pattern", "object_assignment_pattern") else 2)
    if path[holder].type != "object_pattern":
        return False
    source = unwrap(path[holder - 1].child_by_field_name("value"))
    return source is not None and source.type == "this"


def names_of(syntax: Syntax) -> Names:
    """The variables of a file; what was once found out is kept as long as its tree is."""
    if syntax.names is None:
        syntax.names = Names(syntax)
    return syntax.names
