"""Patterns: of `let`, parameters, `match` and `if let`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.regex import regex
from wslint.source import tree
from wslint.source.depth import DEEPEST
from wslint.source.rust.lower.base import Base, code_children

if TYPE_CHECKING:
    from tree_sitter import Node

_CONSTANT = regex(r"[A-Z][A-Z0-9_]*|[A-Z]\w*")


class Patterns(Base):
    """Lowers patterns. A name in capitals is a constant or a variant, as the compiler's lints have it."""

    def pattern(self, node: Node) -> tree.Pattern:
        if self.depth > DEEPEST:
            return self.opaque(node)
        self.depth += 1
        try:
            return self._pattern(node)
        finally:
            self.depth -= 1

    def _pattern(self, node: Node) -> tree.Pattern:
        start, end = self.at(node)
        found = self.literal(node)
        if found is not None:
            return tree.ValuePattern(start, end, found)
        match node.type:
            case "identifier" | "shorthand_field_identifier":
                return self._named(node)
            case "scoped_identifier":
                return tree.CasePattern(start, end, self.parts(node))
            case "tuple_pattern" | "slice_pattern":
                return tree.ArrayPattern(start, end, list(self._items(node)))
            case "tuple_struct_pattern":
                kind = node.child_by_field_name("type")
                items = [item for item in self._items(node, kind) if item is not None]
                return tree.CasePattern(start, end, self.parts(kind), items)
            case "struct_pattern":
                kind = node.child_by_field_name("type")
                return tree.CasePattern(start, end, self.parts(kind), [], self._fields(node))
            case "or_pattern":
                items = self._alternatives(node)
                return tree.EitherPattern(start, end, items)
            case "captured_pattern":
                children = code_children(node)
                if len(children) < 2:  # `name @ _`
                    return tree.Name(start, end, self.text(children[0]))
                return tree.AliasPattern(start, end, self.text(children[0]), self.pattern(children[-1]))
            case "range_pattern":
                return self._interval(node)
            case "remaining_field_pattern":
                return tree.RestPattern(start, end)
            case "mut_pattern" | "ref_pattern" | "reference_pattern" | "parenthesized_pattern":
                children = [child for child in code_children(node) if child.type != "mutable_specifier"]
                return self.pattern(children[-1]) if children else tree.Opaque(start, end)
            case "const_block" | "macro_invocation":
                return tree.ValuePattern(start, end, tree.Opaque(start, end))
        return tree.Opaque(start, end)

    def _named(self, node: Node) -> tree.Pattern:
        start, end = self.at(node)
        name = self.text(node)
        if name == "None":
            return tree.ValuePattern(start, end, tree.Constant(start, end, "null"))
        if _CONSTANT.fullmatch(name) and node.type == "identifier":
            return tree.CasePattern(start, end, self.parts(node))
        return tree.Name(start, end, name)

    def _items(self, node: Node, besides: Node | None = None) -> list[tree.Pattern | None]:
        """The items between the brackets; `_` is no named node."""
        found: list[tree.Pattern | None] = []
        for child in node.children:
            if besides is not None and child == besides:
                continue
            if child.type == "_":
                found.append(self.opaque(child))
            elif child.is_named and not child.type.endswith("comment"):
                found.append(self.pattern(child))
        return found

    def _alternatives(self, node: Node) -> list[tree.Pattern]:
        found: list[tree.Pattern] = []
        for child in node.children:
            if child.type == "or_pattern":
                found += self._alternatives(child)
            elif child.type == "_":
                found.append(self.opaque(child))
            elif child.is_named and not child.type.endswith("comment"):
                found.append(self.pattern(child))
        return found

    def _interval(self, node: Node) -> tree.Pattern:
        start, end = self.at(node)
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        inclusive = any(child.type in ("..=", "...") for child in node.children)
        if left is None and right is None:
            # An open range has no fields: the side of the dots says which end it is.
            children = code_children(node)
            if len(children) == 1:
                dots = next((child for child in node.children if child.type.startswith("..")), children[0])
                left, right = (
                    (children[0], None) if children[0].end_byte <= dots.start_byte else (None, children[0])
                )
        low = self.expression(left) if left is not None else None
        high = self.expression(right) if right is not None else None
        return tree.RangePattern(start, end, low, high, inclusive)

    def _fields(self, node: Node) -> list[tuple[str, tree.Pattern]]:
        entries: list[tuple[str, tree.Pattern]] = []
        for child in node.named_children:
            if child.type != "field_pattern":
                continue
            name, inner = child.child_by_field_name("name"), child.child_by_field_name("pattern")
            start, end = self.at(child)
            key = self.text(name)
            is_wild = inner is None and self.text(child).replace(" ", "").endswith(":_")
            bound: tree.Pattern = tree.Opaque(start, end) if is_wild else tree.Name(start, end, key)
            entries.append((key, self.pattern(inner) if inner is not None else bound))
        return entries
