"""Items: functions, structs, enums, traits and their implementations, constants, inline modules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wslint.regex import regex
from wslint.source import tree
from wslint.source.depth import DEEPEST
from wslint.source.rust.lower.base import code_children, compiled
from wslint.source.rust.lower.expressions import Expressions

if TYPE_CHECKING:
    from tree_sitter import Node

EVENT = "the fetch event"
"""The name under which the function with `#[event(fetch)]` is found."""

RESPONDS = "the fetch event answers errors"
"""A name that is there where `respond_with_errors` is."""

_TESTS = regex(r"cfg\(test\)|test\b|tokio::test|wasm_bindgen_test")


class Items(Expressions):
    """Lowers items. A struct is a class with the methods of all its impl blocks."""

    def items(self, root: Node) -> list[tree.Statement]:
        classes: dict[str, tree.Class] = {}
        traits: dict[str, Node] = {}
        return self._read(root, classes, traits) + self._implemented(root, classes, traits)

    def _read(
        self, root: Node, classes: dict[str, tree.Class], traits: dict[str, Node]
    ) -> list[tree.Statement]:
        """What this level declares, inline modules included; types and traits are collected."""
        found: list[tree.Statement] = []
        places: dict[str, int] = {}
        for node, attributes in self._with_attributes(root):
            start, end = self.at(node)
            match node.type:
                case "struct_item" | "enum_item" | "union_item":
                    cls = self._class(node, attributes)
                    classes[cls.name or ""] = cls
                case "trait_item":
                    traits[self.text(node.child_by_field_name("name"))] = node
                case "const_item" | "static_item" if root.type != "block":
                    for made in self.constant(node):
                        if isinstance(made, tree.Declare):
                            _add_once(found, places, made)
                case "function_item" if root.type != "block":
                    function = self.function(node)
                    names = [function.name or ""]
                    if any(
                        re.match(r"(worker::)?event\s*\(\s*fetch\b", attribute) for attribute in attributes
                    ):
                        names.append(EVENT)
                        if any("respond_with_errors" in attribute for attribute in attributes):
                            names.append(RESPONDS)
                    for name in names:
                        named = tree.Name(start, start, name)
                        _add_once(found, places, tree.Declare(start, end, named, function, "function"))
                case "type_item":
                    kind = self.text(node.child_by_field_name("type"))
                    alias = tree.Name(start, start, f"type {self.text(node.child_by_field_name('name'))}")
                    found.append(
                        tree.Declare(start, end, alias, tree.Text(start, start, kind, [kind]), "const")
                    )
                case "mod_item":
                    body = node.child_by_field_name("body")
                    if body is not None and self.depth < DEEPEST:
                        self.depth += 1
                        for inner in self._read(body, classes, traits):
                            if isinstance(inner, tree.Declare) and isinstance(inner.pattern, tree.Name):
                                places.setdefault(inner.pattern.name, len(found))
                            found.append(inner)
                        self.depth -= 1
        return found

    def _implemented(
        self, root: Node, classes: dict[str, tree.Class], traits: dict[str, Node]
    ) -> list[tree.Statement]:
        self._impls(root, classes, traits)
        found: list[tree.Statement] = []
        for name, cls in classes.items():
            found.append(
                tree.Declare(cls.start, cls.end, tree.Name(cls.start, cls.start, name), cls, "class")
            )
        return found

    def _impls(self, root: Node, classes: dict[str, tree.Class], traits: dict[str, Node]) -> None:
        for node, _ in self._with_attributes(root):
            if node.type == "impl_item":
                self._impl(node, classes, traits)
            elif node.type == "mod_item":
                body = node.child_by_field_name("body")
                if body is not None:
                    self._impls(body, classes, traits)

    def _with_attributes(self, root: Node) -> list[tuple[Node, list[str]]]:
        found: list[tuple[Node, list[str]]] = []
        attributes: list[str] = []
        for child in root.named_children:
            if child.type == "attribute_item":
                attributes.append(self.text(child).removeprefix("#[").removesuffix("]").strip())
            elif not child.type.endswith("comment"):
                there = compiled([f"#[{attribute}]" for attribute in attributes])
                if there is not False and not any(_TESTS.match(attribute) for attribute in attributes):
                    found.append((child, attributes))
                attributes = []
        return found

    def _class(self, node: Node, attributes: list[str]) -> tree.Class:
        name = node.child_by_field_name("name")
        start, end = self.at(node)
        made = tree.Class(
            start, end, self.text(name), self.at(name or node)[0], [], [], attributes=attributes
        )
        for child in code_children(node.child_by_field_name("body")):
            if child.type == "field_declaration":
                kind = self.text(child.child_by_field_name("type"))
                made.types[self.text(child.child_by_field_name("name"))] = kind
            if child.type != "enum_variant":
                continue
            variant, body = self.text(child.child_by_field_name("name")), child.child_by_field_name("body")
            place = self.at(child)
            if body is None:
                made.variants[variant] = 0
                value = tree.Build(
                    *place, tree.Name(*place, made.name or ""), variant, tree.Table(*place, [])
                )
                made.members.append(tree.ClassMember(*place, variant, place[0], "field", True, False, value))
            else:
                is_tuple = body.type == "ordered_field_declaration_list"
                made.variants[variant] = (
                    len([one for one in code_children(body) if "type" in one.type]) if is_tuple else -1
                )
        return made

    def _impl(self, node: Node, classes: dict[str, tree.Class], traits: dict[str, Node]) -> None:
        owner = self.parts(node.child_by_field_name("type"))
        cls = classes.get(owner[-1]) if owner else None
        body = node.child_by_field_name("body")
        if cls is None or body is None:
            return
        trait = self.parts(node.child_by_field_name("trait"))
        self.owner = cls.name or ""
        if trait:
            cls.traits.append(self.names.trait(tuple(trait)))
        for child, _ in self._with_attributes(body):
            self._member(child, cls, trait[-1] if trait else "")
        given = traits.get(trait[-1]) if trait else None
        if given is not None:
            own = {member.name for member in cls.members}
            for child, _ in self._with_attributes(given.child_by_field_name("body") or given):
                has_body = child.child_by_field_name("body") is not None
                if has_body and self.text(child.child_by_field_name("name")) not in own:
                    self._member(child, cls, trait[-1])
        self.owner = ""

    def _member(self, node: Node, cls: tree.Class, trait: str) -> None:
        start, end = self.at(node)
        name = node.child_by_field_name("name")
        if node.type == "function_item":
            function = self.function(node)
            known = {member.name for member in cls.members}
            called = function.name or ""
            if called in known and trait not in ("", "DurableObject"):
                return  # a trait's method of the same name gives way to the type's own
            if called in known:  # each for other features: nothing is known of it
                for member in cls.members:
                    if member.name == called:
                        member.value = tree.Opaque(start, end)
                return
            self._add(
                cls,
                tree.ClassMember(
                    start, end, called, function.name_start, "method", not takes_self(node), False, function
                ),
            )
        elif node.type == "const_item":
            value = node.child_by_field_name("value")
            lowered = self.expression(value) if value is not None else None
            self._add(
                cls, tree.ClassMember(start, end, self.text(name), start, "field", True, False, lowered)
            )

    @staticmethod
    def _add(cls: tree.Class, member: tree.ClassMember) -> None:
        cls.members.append(member)

    def function(self, node: Node) -> tree.Function:
        name = node.child_by_field_name("name")
        start, end = self.at(node)
        parameters: list[tree.Parameter] = []
        for child in code_children(node.child_by_field_name("parameters")):
            if child.type != "parameter":
                continue
            pattern = child.child_by_field_name("pattern")
            kind = self.text(child.child_by_field_name("type")).strip("&").rpartition("::")[2]
            lowered = self.pattern(pattern) if pattern is not None else self.opaque(child)
            parameters.append(tree.Parameter(*self.at(child), lowered, type_name=kind.split("<")[0]))
        body = node.child_by_field_name("body")
        is_async = any(
            child.type == "function_modifiers" and "async" in self.text(child) for child in node.children
        )
        kept = self.loops, self.option, self.hint
        wanted = self.text(node.child_by_field_name("return_type"))
        self.loops, self.option, self.hint = [], wanted.startswith("Option"), ""
        statements = self.block(body, "return") if body is not None else []
        self.loops, self.option, self.hint = kept
        if statements:
            _hint(statements[-1], wanted)
        place = self.at(name or node)[0]
        return tree.Function(start, end, self.text(name) or None, place, parameters, statements, is_async)


def _add_once(found: list[tree.Statement], places: dict[str, int], made: tree.Declare) -> None:
    """Add an item under its name; of one that is there twice, each for other features, nothing is known."""
    name = made.pattern.name if isinstance(made.pattern, tree.Name) else None
    if name is not None and name in places:
        either = tree.Opaque(made.start, made.end)
        found[places[name]] = tree.Declare(made.start, made.end, made.pattern, either, "const")
        return
    if name is not None:
        places[name] = len(found)
    found.append(made)


def _hint(last: tree.Statement, wanted: str) -> None:
    """What a function gives decides what its last `collect()` makes."""
    value = last.value if isinstance(last, tree.Return) else None
    if isinstance(value, tree.Call) and isinstance(value.function, tree.Member) and not value.keywords:
        if value.function.name in ("collect", "parse", "into", "unwrap_or_default"):
            start = value.start
            text = tree.Text(start, start, wanted, [wanted])
            value.keywords.append(tree.TableEntry(start, start, "type", start, start, text))


def takes_self(node: Node) -> bool:
    parameters = node.child_by_field_name("parameters")
    return parameters is not None and any(
        child.type == "self_parameter" for child in parameters.named_children
    )
