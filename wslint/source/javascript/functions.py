"""Which function of the project a call calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wslint.record import frozen
from wslint.source.javascript.classes import reference_of
from wslint.source.javascript.graph import Graph, Meaning
from wslint.source.javascript.model import Class, Module, Reference
from wslint.source.javascript.names import Binder, class_of_this, names_of
from wslint.source.javascript.syntax import (
    CLASSES,
    FIELDS,
    FUNCTION_VALUES,
    FUNCTIONS,
    Syntax,
    members,
    syntax_of,
    unwrap,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_HOLDERS = CLASSES | {"object"}
_DECLARED = frozenset({"function_declaration", "generator_function_declaration"})
_MOST_HOPS = 20


@frozen
class Function:
    """A function by its place; `cls` are the bytes of the class that it constructs."""

    module: Module
    start: int
    end: int
    cls: tuple[int, int] | None = None

    def node(self, syntax: Syntax) -> Node | None:
        path = syntax.path_of(self.start, self.end, FUNCTIONS)
        return path[-1] if path else None


@frozen
class Member:
    """A function that stands in an object or class, or the name of one."""

    function: Function | None = None
    reference: Reference = ()


class Functions:
    """Finds functions across the modules of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._members: dict[tuple[Path, int, int], dict[str, Member]] = {}

    def called(self, module: Module, syntax: Syntax, callee: Node) -> Function | None:
        """What runs when the expression is called or constructed: a class's constructor too."""
        node = unwrap(callee)
        if node is None:
            return None
        if node.type == "super":
            return self._super(module, syntax, node)
        return self._find(module, syntax, node, construct=True)

    def function(self, module: Module, syntax: Syntax, node: Node) -> Function | None:
        """The function that an expression is; None for classes."""
        found = unwrap(node)
        return self._find(module, syntax, found, construct=False) if found is not None else None

    def _find(self, module: Module, syntax: Syntax, node: Node, *, construct: bool) -> Function | None:
        if node.type in FUNCTION_VALUES:
            return Function(module, node.start_byte, node.end_byte)
        if node.type == "member_expression":
            owner = unwrap(node.child_by_field_name("object"))
            key = node.child_by_field_name("property")
            if owner is not None and owner.type == "this" and key is not None:
                return self._method_of_this(module, syntax, node, syntax.text(key))
        reference = reference_of(syntax, node)
        if reference is None:
            return None
        first = node
        while first.type == "member_expression":
            inner = unwrap(first.child_by_field_name("object"))
            if inner is None:
                return None
            first = inner
        path = syntax.path(first.start_byte, first.end_byte)
        binder = names_of(syntax).binder_of(path) if path is not None else None
        if binder is None:
            return None
        if not binder.at_top_level:
            return self._local(module, binder, construct=construct) if len(reference) == 1 else None
        return self._meant(self.graph.meaning(module, reference), construct=construct)

    def _local(self, module: Module, binder: Binder, *, construct: bool) -> Function | None:
        """A function or class that is declared inside another function."""
        parent = binder.path[-2]
        if parent.type in _DECLARED:
            return Function(module, parent.start_byte, parent.end_byte)
        if parent.type in CLASSES and construct:
            return self._constructor_at(module, parent.start_byte, parent.end_byte)
        if parent.type == "variable_declarator":
            value = unwrap(parent.child_by_field_name("value"))
            if value is not None and value.type in FUNCTION_VALUES:
                return Function(module, value.start_byte, value.end_byte)
        return None

    def _meant(self, meaning: Meaning, *, construct: bool) -> Function | None:
        """The function behind a name, or behind a member of an object or class."""
        for _ in range(_MOST_HOPS):
            module, declared = meaning.module, meaning.declaration
            if meaning.kind != "found" or module is None or declared is None:
                return None
            if not meaning.member:
                if declared.kind == "function":
                    return Function(module, declared.start, declared.end)
                if declared.kind == "class" and declared.cls is not None and construct:
                    return self.constructor(module, declared.cls)
                return None
            if len(meaning.member) > 1 or declared.kind not in ("object", "class"):
                return None
            member = self.members(module, declared.start, declared.end).get(meaning.member[0])
            if member is None or member.function is not None:
                return member.function if member is not None else None
            meaning = self.graph.meaning(module, member.reference)
        return None

    def members(self, module: Module, start: int, end: int) -> dict[str, Member]:
        """The functions that the object literal or class at these bytes holds, by name."""
        key = (module.file.path, start, end)
        known = self._members.get(key)
        if known is None:
            known = self._members[key] = self._read_members(module, start, end)
        return known

    def _read_members(self, module: Module, start: int, end: int) -> dict[str, Member]:
        syntax = syntax_of(self.graph.files, module.file)
        path = syntax.path_of(start, end, _HOLDERS) if syntax is not None else None
        if syntax is None or not path:
            return {}
        holder = path[-1]
        body = holder if holder.type == "object" else holder.child_by_field_name("body")
        found: dict[str, Member] = {}
        for name, node in members(syntax, body) if body is not None else ():
            value: Node | None = node
            if node.type == "pair" or node.type in FIELDS:
                value = unwrap(node.child_by_field_name("value"))
            found.pop(name, None)  # the last one wins, as at run time
            if value is not None and value.type in FUNCTIONS:
                found[name] = Member(Function(module, value.start_byte, value.end_byte))
            elif value is not None and value.type == "shorthand_property_identifier":
                found[name] = Member(reference=(name,))
            else:
                reference = reference_of(syntax, value)
                if reference is not None:
                    found[name] = Member(reference=reference)
        return found

    def member_function(self, module: Module, start: int, end: int, name: str) -> Function | None:
        """The function that a member of an object literal or class is."""
        member = self.members(module, start, end).get(name)
        if member is None or member.function is not None:
            return member.function if member is not None else None
        return self._meant(self.graph.meaning(module, member.reference), construct=False)

    def _method_of_this(self, module: Module, syntax: Syntax, node: Node, name: str) -> Function | None:
        path = syntax.path(node.start_byte, node.end_byte)
        place = class_of_this(path) if path is not None else None
        if place is None:
            return None
        found = self.member_function(module, place[0], place[1], name)
        if found is not None:
            return found
        for there, cls in self._above(module, place):
            found = self.member_function(there, cls.start, cls.end, name)
            if found is not None:
                return found
        return None

    def _above(self, module: Module, place: tuple[int, int]) -> list[tuple[Module, Class]]:
        """The project's base classes of the class at these bytes."""
        cls = next((each for each in module.classes if (each.start, each.end) == place), None)
        return self.graph.bases(module, cls)[0] if cls is not None else []

    def _super(self, module: Module, syntax: Syntax, node: Node) -> Function | None:
        path = syntax.path(node.start_byte, node.end_byte)
        place = class_of_this(path) if path is not None else None
        above = self._above(module, place) if place is not None else []
        return self.constructor(above[0][0], above[0][1]) if above else None

    def constructor(self, module: Module, cls: Class) -> Function | None:
        """The constructor that `new` runs: the class's own, or the nearest one above it."""
        for there, each in [(module, cls), *self.graph.bases(module, cls)[0]]:
            found = self._constructor_at(there, each.start, each.end)
            if found is not None:
                return found
        return None

    def _constructor_at(self, module: Module, start: int, end: int) -> Function | None:
        if module.file.data.find(b"constructor", start, end) == -1:
            return None
        member = self.members(module, start, end).get("constructor")
        function = member.function if member is not None else None
        return Function(module, function.start, function.end, (start, end)) if function is not None else None
