"""Statements, and the expressions that hold statements: `if`, `match`, loops, blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.depth import DEEPEST
from wslint.source.rust.lower.base import Tail, code_children, compiled
from wslint.source.rust.lower.patterns import Patterns

if TYPE_CHECKING:
    from tree_sitter import Node

_ITEMS = frozenset({"struct_item", "enum_item", "impl_item", "trait_item", "mod_item"})
_LOOPS = frozenset({"for_expression", "while_expression", "loop_expression"})
HELD = frozenset({"if_expression", "match_expression", "block", "unsafe_block"}) | _LOOPS
"""Expressions that hold statements."""


def deliver(value: tree.Expression, tail: Tail) -> tree.Statement:
    """The statement that does with a value what its block's tail asks for."""
    if tail is None:
        return tree.Do(value.start, value.end, value)
    if tail == "return":
        return tree.Return(value.start, value.end, value)
    return tree.Jump(value.start, value.end, "break", tail, value)


class Statements(Patterns):
    """Lowers statements. Every jump names its loop, so that a block's own label is never mistaken for one."""

    def block(self, node: Node, tail: Tail) -> list[tree.Statement]:
        """The statements of a block; its last expression is delivered as `tail` says."""
        if node.type != "block":
            return self.statement(node, tail)
        children = code_children(node)
        found: list[tree.Statement] = []
        if any(child.type in _ITEMS for child in children):
            found += self.items(node)
        attributes: list[str] = []
        for index, child in enumerate(children):
            if child.type == "attribute_item":
                attributes.append(self.text(child))
                continue
            if child.type not in _ITEMS:
                lowered = self.statement(child, tail if index == len(children) - 1 else None)
                found += self._conditional(child, lowered, compiled(attributes))
            attributes = []
        return found

    def _conditional(
        self, node: Node, lowered: list[tree.Statement], there: bool | None
    ) -> list[tree.Statement]:
        """A statement that a `cfg` may leave out."""
        if there is not None:
            return lowered if there else []
        if node.type == "let_declaration":
            return [
                tree.Declare(one.start, one.end, one.pattern, self.opaque(node), one.kind)
                for one in lowered
                if isinstance(one, tree.Declare)
            ]
        return [tree.If(*self.at(node), self.opaque(node), lowered, [])]

    def statement(self, node: Node, tail: Tail) -> list[tree.Statement]:
        if self.depth > DEEPEST:
            return [deliver(self.opaque(node), tail)]
        self.depth += 1
        try:
            return self._statement(node, tail)
        finally:
            self.depth -= 1

    def _statement(self, node: Node, tail: Tail) -> list[tree.Statement]:
        start, end = self.at(node)
        match node.type:
            case "let_declaration":
                return self._let(node)
            case "expression_statement":
                inner = code_children(node)
                if not inner:
                    return []
                ends = self.text(node).endswith(";")
                return self.statement(inner[0], None if ends else tail)
            case "return_expression":
                values = code_children(node)
                return [tree.Return(start, end, self.expression(values[0]) if values else None)]
            case "if_expression":
                return [self._if(node, tail)]
            case "match_expression":
                return self._match(node, tail)
            case "loop_expression" if tail is not None:
                return [deliver(self.expression(node), tail)]
            case "for_expression" | "while_expression" | "loop_expression":
                return self.loop(node, None)
            case "break_expression" | "continue_expression":
                return [self._jump(node)]
            case "block" | "unsafe_block" if not self._label_of(node):
                body = node if node.type == "block" else next((one for one in code_children(node)), None)
                inner_body = self.block(body, tail) if body is not None else []
                return [tree.Do(start, end, tree.Block(start, end, inner_body))]
            case "function_item":
                function = self.function(node)
                name = tree.Name(start, start, function.name or "")
                return [tree.Declare(start, end, name, function, "function")]
            case "const_item" | "static_item":
                return self.constant(node)
            case "use_declaration" | "empty_statement" | "type_item" | "attribute_item" | "macro_definition":
                return []
        return [deliver(self.expression(node), tail)]

    def constant(self, node: Node) -> list[tree.Statement]:
        start, end = self.at(node)
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        lowered = self.expression(value) if value is not None else None
        return [
            tree.Declare(start, end, tree.Name(*self.at(name or node), self.text(name)), lowered, "const")
        ]

    def _let(self, node: Node) -> list[tree.Statement]:
        start, end = self.at(node)
        target, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        self.hint = self.text(node.child_by_field_name("type"))
        lowered = self.expression(value) if value is not None else None
        self.hint = ""
        if target is None:  # `let _ = …`
            return [tree.Do(start, end, lowered)] if lowered is not None else []
        pattern = self.pattern(target)
        otherwise = node.child_by_field_name("alternative")
        if otherwise is None or lowered is None:
            return [tree.Declare(start, end, pattern, lowered, "let")]
        held = tree.Name(lowered.start, lowered.end, self.label("let"))
        place = self.at(node)[0], lowered.end
        test = tree.Operation(*place, "!", [tree.IsCase(*place, held, pattern)])
        return [
            tree.Declare(start, end, held, lowered, "let"),
            tree.If(start, end, test, self.block(otherwise, None), [], binds=True),
            tree.Declare(start, end, pattern, held, "let"),
        ]

    # if, match

    def condition(self, node: Node) -> tuple[tree.Expression, bool]:
        """A condition, and whether it binds names."""
        start, end = self.at(node)
        if node.type == "let_condition":
            pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
            subject = self.expression(value) if value is not None else self.opaque(node)
            form = self.pattern(pattern) if pattern is not None else self.opaque(node)
            return tree.IsCase(start, end, subject, form), True
        if node.type == "let_chain":
            parts = [self.condition(child) for child in code_children(node)]
            return tree.Operation(start, end, "&&", [part for part, _ in parts]), True
        return self.expression(node), False

    def _if(self, node: Node, tail: Tail) -> tree.If:
        start, end = self.at(node)
        condition, then = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
        test, binds = self.condition(condition) if condition is not None else (self.opaque(node), False)
        otherwise: list[tree.Statement] = []
        inner = next(iter(code_children(node.child_by_field_name("alternative"))), None)
        if inner is not None:
            otherwise = self.block(inner, tail)  # an `else if` is a statement, and counts as deeper
        return tree.If(
            start, end, test, self.block(then, tail) if then is not None else [], otherwise, binds=binds
        )

    def _match(self, node: Node, tail: Tail) -> list[tree.Statement]:
        start, end = self.at(node)
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        subject = self.expression(value) if value is not None else self.opaque(node)
        arms = [child for child in code_children(body) if child.type == "match_arm"]
        held = tree.Name(subject.start, subject.end, self.label("match"))
        chain: list[tree.Statement] = []
        if body is not None and len(arms) > DEEPEST:
            chain, arms = [deliver(self.opaque(body), tail)], arms[:DEEPEST]
        for arm in reversed(arms):
            chain = self._arm(arm, held, chain, (tail, not chain))
        return [tree.Declare(start, end, held, subject, "let"), *chain]

    def _arm(
        self, arm: Node, held: tree.Name, rest: list[tree.Statement], how: tuple[Tail, bool]
    ) -> list[tree.Statement]:
        """One arm before those that follow it. The compiler knows that the last one fits: it is not tested."""
        tail, last = how
        written, result = arm.child_by_field_name("pattern"), arm.child_by_field_name("value")
        guard = written.child_by_field_name("condition") if written is not None else None
        form = next((child for child in code_children(written) if child != guard), None)
        place = self.at(form or written or arm)
        pattern = self.pattern(form) if form is not None else tree.Opaque(*place)
        body = self.statement(result, tail) if result is not None else []
        if guard is None and (last or isinstance(pattern, tree.Opaque | tree.Name)):
            bound = tree.Declare(*place, pattern, held, "let")
            return [tree.Do(*self.at(arm), tree.Block(*self.at(arm), [bound, *body]))]
        test: tree.Expression = tree.IsCase(*place, held, pattern)
        if guard is not None:
            extra, _ = self.condition(guard)
            test = tree.Operation(place[0], extra.end, "&&", [test, extra])
        return [tree.If(*self.at(arm), test, body, rest, binds=True)]

    # Loops

    def _label_of(self, node: Node) -> str:
        label = next((child for child in node.named_children if child.type == "label"), None)
        return self.text(label).lstrip("'") if label is not None else ""

    def loop(self, node: Node, value_label: str | None) -> list[tree.Statement]:
        """A loop; what `break value` names is `value_label`."""
        start, end = self.at(node)
        label = self.label("loop")
        self.loops.append((self._label_of(node), label, value_label))
        body = node.child_by_field_name("body")
        target, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        condition = node.child_by_field_name("condition")
        iterable = self.expression(value) if value is not None else None
        pattern = self.pattern(target) if target is not None else None
        if iterable is not None and pattern is None:  # `for _ in …`
            pattern = tree.Opaque(start, start)
        test, binds = self.condition(condition) if condition is not None else (None, False)
        statements = self.block(body, None) if body is not None else []
        self.loops.pop()
        made = tree.Loop(start, end, pattern, iterable, test, statements, label=label)
        return [tree.Do(start, end, tree.Block(start, end, [made]))] if binds else [made]

    def labelled(self, node: Node, label: str) -> list[tree.Statement]:
        """The body of `'name: { … }`, whose value is the block's with this label."""
        self.loops.append((self._label_of(node), label, label))
        found: list[tree.Statement] = []
        for index, child in enumerate(
            children := [one for one in code_children(node) if one.type != "label"]
        ):
            found += self.statement(child, label if index == len(children) - 1 else None)
        self.loops.pop()
        return found

    def _jump(self, node: Node) -> tree.Statement:
        start, end = self.at(node)
        name = self._label_of(node)
        found = next((each for each in reversed(self.loops) if not name or each[0] == name), None)
        if found is None:
            return tree.Do(start, end, self.opaque(node))
        values = [child for child in code_children(node) if child.type != "label"]
        _, loop, block = found
        if node.type == "continue_expression":
            return tree.Jump(start, end, "continue", loop)
        value = self.expression(values[0]) if values else None
        return tree.Jump(start, end, "break", block or loop, value)
