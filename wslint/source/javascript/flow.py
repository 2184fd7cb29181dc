"""Follows `env` through a Worker: from where the runtime hands it over to every `env.NAME`.

What is followed is the value, not the name. A work list holds places where a value arrives (a
parameter, a variable, a property of `this`); each is visited once a value, its mentions are looked
up, and what the code around a mention does with it may add further places. What can't be followed
is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wslint.source.javascript import guards, hono
from wslint.source.javascript.functions import Function, Functions
from wslint.source.javascript.graph import Graph
from wslint.source.javascript.model import Module
from wslint.source.javascript.names import class_of_this, names_of
from wslint.source.javascript.syntax import (
    WRAPPERS,
    NodePath,
    Syntax,
    arguments,
    syntax_of,
    under_error,
    unwrap,
)
from wslint.source.javascript.values import Collected, Value
from wslint.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_PLACES = 20_000
"""So many places are visited at most; no hand-written Worker has a tenth of that."""


class Flow:
    """The work list and what it has found."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.collected = Collected()
        self.functions = Functions(graph)
        self._work: list[tuple[Module, str, int, int, str, Value]] = []
        self._seen: set[tuple[object, ...]] = set()
        self._imports: dict[tuple[Path, int], list[tuple[Module, str]]] | None = None

    def syntax(self, module: Module) -> Syntax | None:
        return syntax_of(self.graph.files, module.file)

    # Places

    def _add(self, module: Module, kind: str, start: int, end: int, name: str, value: Value) -> None:
        key = (module.file.path, kind, start, end, name, value)
        if key not in self._seen and len(self._seen) < MOST_PLACES:
            self._seen.add(key)
            self._work.append((module, kind, start, end, name, value))

    def variable(self, module: Module, start: int, end: int, value: Value) -> None:
        """A variable, declared by the name at these bytes, holds the value."""
        self._add(module, "variable", start, end, "", value)

    def this_property(self, module: Module, start: int, end: int, name: str, value: Value) -> None:
        """`this.name` holds the value in the class at these bytes."""
        self._add(module, "property", start, end, name, value)

    def run(self) -> None:
        while self._work:
            module, kind, start, end, name, value = self._work.pop()
            syntax = self.syntax(module)
            if syntax is None:
                continue
            if kind == "variable":
                self._follow_variable(module, syntax, start, end, value)
            else:
                self._follow_property(module, syntax, start, end, name, value)

    def _follow_variable(self, module: Module, syntax: Syntax, start: int, end: int, value: Value) -> None:
        names = names_of(syntax)
        binder = names.binder_at(start, end)
        if binder is None:
            return
        for path in names.references(binder):
            self.follow(module, syntax, path, len(path) - 1, value)
        if not binder.at_top_level:
            return
        for there, local in self.imported_as((module.file.path, start)):
            other = self.syntax(there)
            found = names_of(other).top_level(local) if other is not None else None
            if found is not None:
                self.variable(there, found.start, found.start + len(found.name), value)

    def imported_as(self, place: tuple[Path, int]) -> list[tuple[Module, str]]:
        """Which imports mean the declaration of another module whose name stands at a place."""
        if self._imports is None:
            self._imports = {}
            for module in self.graph.modules.values():
                for local, (imported, _) in module.imported.items():
                    if imported.type_only:
                        continue
                    meaning = self.graph.meaning(module, (local,), aliases=False)
                    if meaning.declaration is not None and not meaning.member:
                        span = meaning.declaration.span
                        self._imports.setdefault((span.file.path, span.start), []).append((module, local))
        return self._imports.get(place, [])

    def _follow_property(
        self, module: Module, syntax: Syntax, start: int, end: int, name: str, value: Value
    ) -> None:
        """Every `this.name`, and `const { name } = this`, that means the class at these bytes."""
        for path in names_of(syntax).this_mentions(name, (start, end)):
            leaf, parent = path[-1], path[-2]
            if parent.type == "member_expression":
                self.follow(module, syntax, path, len(path) - 2, value)
                continue
            target: Node | None = leaf
            if parent.type != "object_pattern":
                target = parent.child_by_field_name("value") or parent.child_by_field_name("left")
            if target is not None:
                self.pattern(module, syntax, target, value)

    # Patterns and parameters

    def pattern(self, module: Module, syntax: Syntax, node: Node, value: Value) -> None:
        """The value arrives at a name or is taken apart by a destructuring pattern."""
        stack = [(node, value)]
        while stack:
            node, value = stack.pop()
            kind = node.type
            if kind in ("identifier", "shorthand_property_identifier_pattern"):
                self._bind(module, syntax, node, value)
            elif kind in ("assignment_pattern", "object_assignment_pattern"):
                left = node.child_by_field_name("left")
                if left is not None:
                    stack.append((left, value))
            elif kind == "object_pattern":
                for child in node.named_children:
                    stack += self._taken(syntax, child, value)

    def _taken(self, syntax: Syntax, child: Node, value: Value) -> list[tuple[Node, Value]]:
        """One entry of `const { … } = value`."""
        if child.type == "rest_pattern":
            rest = child.named_children[0] if child.named_children else None
            return [(rest, value)] if rest is not None else []
        target: Node | None = child
        key: Node | None = child
        default = child.type == "object_assignment_pattern"
        if child.type == "pair_pattern":
            key, target = child.child_by_field_name("key"), child.child_by_field_name("value")
            default = target is not None and target.type == "assignment_pattern"
        elif default:
            key = target = child.child_by_field_name("left")
        name = syntax.name(key)
        if key is None or target is None or name is None or key.type == "computed_property_name":
            return []
        found = self.collected.property_of(value, name, _name_span(syntax, key))
        if found is None:
            return []
        if default and found.use is not None:
            self.collected.uses[found.use].guarded = True
        return [(target, found)]

    def _bind(self, module: Module, syntax: Syntax, name: Node, value: Value) -> None:
        binder = names_of(syntax).binder_at(name.start_byte, name.end_byte)
        if binder is None:  # `({ env } = c)`, `e = env`: a variable that is declared elsewhere
            path = syntax.path(name.start_byte, name.end_byte)
            binder = names_of(syntax).binder_of(path) if path is not None else None
        if binder is not None:
            self.variable(module, binder.start, binder.start + len(binder.name), value)

    def parameter(self, function: Function, position: int, value: Value) -> None:
        """A function is called with the value as its argument number `position`."""
        syntax = self.syntax(function.module)
        node = function.node(syntax) if syntax is not None else None
        if syntax is None or node is None:
            return
        single = node.child_by_field_name("parameter")
        listed = node.child_by_field_name("parameters")
        parameters = [single] if single is not None else listed.named_children if listed is not None else []
        parameters = [each for each in parameters if each.type not in ("comment", "decorator")]
        if parameters and (parameters[0].child_by_field_name("pattern") or parameters[0]).type == "this":
            parameters = parameters[1:]
        if position >= len(parameters):
            return
        found = parameters[position]
        target = found.child_by_field_name("pattern") or found
        self.pattern(function.module, syntax, target, value)
        if function.cls is None or target.type != "identifier":
            return
        if any(child.type in ("accessibility_modifier", "readonly") for child in found.children):
            start, end = function.cls  # constructor(private env: Env)
            self.this_property(function.module, start, end, syntax.text(target), value)

    # Mentions

    def follow(self, module: Module, syntax: Syntax, path: NodePath, index: int, value: Value) -> None:
        """See what the code does with the expression at `path[index]`, which has the value."""
        while index > 0:
            node, parent = path[index], path[index - 1]
            kind = parent.type
            if kind in WRAPPERS:
                index -= 1
                continue
            if value.kind == "binding":
                self._note_guard(syntax, path, index, value)
            if kind in ("member_expression", "subscript_expression"):
                found = self._property(module, syntax, path, index, value)
                if found is None:
                    return
                index, value = found
                continue
            if kind == "variable_declarator" and parent.child_by_field_name("value") == node:
                target = parent.child_by_field_name("name")
                if target is not None:
                    self.pattern(module, syntax, target, value)
            elif kind == "assignment_expression" and parent.child_by_field_name("right") == node:
                self._assign(module, syntax, path, parent.child_by_field_name("left"), value)
            elif kind == "arguments":
                self._argument(module, syntax, path, index, value)
            elif kind == "binary_expression" and value.kind == "env":
                self._asked_for(syntax, path, index)
            return

    def _property(
        self, module: Module, syntax: Syntax, path: NodePath, index: int, value: Value
    ) -> tuple[int, Value] | None:
        """`value.name` or `value["name"]`: the place and the value to go on with."""
        node, parent = path[index], path[index - 1]
        if parent.child_by_field_name("object") != node or under_error(path[:index]):
            return None
        key = parent.child_by_field_name("property") or parent.child_by_field_name("index")
        name = syntax.string(key) if parent.type == "subscript_expression" else syntax.name(key)
        if key is None or name is None:
            return None
        around = path[index - 2] if index >= 2 else None
        called = around is not None and around.type == "call_expression"
        called = called and around is not None and around.child_by_field_name("function") == parent
        if value.kind == "binding":
            if called:
                self.collected.call(value, name)
            return None
        if value.kind == "app":
            if called and around is not None:
                hono.routes(self, module, syntax, around, name)
                return index - 2, value  # every routing method gives the app back
            return None
        if value.kind == "env" and _is_written(path, index - 1):
            return None
        found = self.collected.property_of(value, name, _name_span(syntax, key))
        return (index - 1, found) if found is not None else None

    def _note_guard(self, syntax: Syntax, path: NodePath, index: int, value: Value) -> None:
        if guards.is_tested(syntax, path, index):
            self.collected.guard(value, syntax.file.path, guards.function_around(path, index))
        elif value.use is not None and guards.is_caught(path, index):
            self.collected.uses[value.use].guarded = True

    def _asked_for(self, syntax: Syntax, path: NodePath, index: int) -> None:
        """`"NAME" in env`"""
        parent = path[index - 1]
        operator = parent.child_by_field_name("operator")
        name = syntax.string(parent.child_by_field_name("left"))
        if operator is not None and operator.type == "in" and name is not None:
            self.collected.guard_name(name, syntax.file.path, guards.function_around(path, index))

    def _assign(
        self, module: Module, syntax: Syntax, path: NodePath, left: Node | None, value: Value
    ) -> None:
        """`name = value`, `({ NAME } = value)`, `this.name = value`"""
        left = unwrap(left)
        if left is None:
            return
        if left.type in ("identifier", "object_pattern"):
            self.pattern(module, syntax, left, value)
        elif left.type == "member_expression":
            owner = unwrap(left.child_by_field_name("object"))
            key = left.child_by_field_name("property")
            place = class_of_this(path) if owner is not None and owner.type == "this" else None
            if place is not None and key is not None:
                self.this_property(module, place[0], place[1], syntax.text(key), value)

    def _argument(self, module: Module, syntax: Syntax, path: NodePath, index: int, value: Value) -> None:
        """The value is passed to a function of the project."""
        call = path[index - 2]
        position = 0
        for each in arguments(call):
            if each.type == "spread_element":
                return
            if each == path[index]:
                break
            position += 1
        callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        if callee is None:
            return
        function = self.functions.called(module, syntax, callee)
        if function is not None:
            self.parameter(function, position, value)


def _name_span(syntax: Syntax, key: Node) -> Span:
    """The name alone, without the quotes of `env["NAME"]`."""
    quoted = key.type in ("string", "template_string")
    return Span(syntax.file, key.start_byte + quoted, key.end_byte - quoted)


def _is_written(path: NodePath, index: int) -> bool:
    """`env.X = …` and `delete env.X` don't read the binding."""
    node, parent = path[index], path[index - 1]
    if parent.type == "assignment_expression":
        return parent.child_by_field_name("left") == node
    if parent.type == "unary_expression":
        operator = parent.child_by_field_name("operator")
        return operator is not None and operator.type == "delete"
    return False
