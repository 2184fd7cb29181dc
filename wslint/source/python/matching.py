"""Python's `match` as a chain of `if`s: each pattern is a condition that binds its names where it holds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.depth import DEEPEST

if TYPE_CHECKING:
    from wslint.source.python.lower import _Lowering

_WHOLE = frozenset(
    {"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"}
)
"""Classes whose one positional pattern is the value itself."""


class Matching:
    """Lowers one `match` statement."""

    def __init__(self, lowering: _Lowering, node: ast.Match) -> None:
        self.lowering = lowering
        self.node = node
        self.start, self.end = lowering.place(node)
        self.before: list[tree.Statement] = []

    def statements(self) -> list[tree.Statement]:
        subject = self._subject(self.node.subject)
        chain: list[tree.Statement] = []
        cases = self.node.cases
        if len(cases) > DEEPEST:
            rest = tree.Opaque(self.start, self.end)
            chain, cases = [tree.Do(self.start, self.end, rest)], cases[:DEEPEST]
        for case in reversed(cases):
            body = self.lowering.block(case.body)
            test = self.test(case.pattern, subject)
            if case.guard is not None:
                guard = self.lowering.expression(case.guard)
                test = guard if test is None else self._operation("&&", test, guard)
            chain = body if test is None else [tree.If(self.start, self.end, test, body, chain)]
        return [*self.before, *chain]

    def _subject(self, node: ast.expr) -> tree.Expression:
        """The subject, which is evaluated once; a tuple's parts one by one."""
        if isinstance(node, ast.Tuple) and not any(isinstance(item, ast.Starred) for item in node.elts):
            items = [self._subject(item) for item in node.elts]
            return tree.Array(*self.lowering.place(node), items, "tuple")
        value = self.lowering.expression(node)
        if isinstance(value, tree.Name | tree.Constant | tree.Text):
            return value
        held = self.lowering.temporary(value)
        self.before.append(tree.Do(value.start, value.end, tree.Assign(value.start, value.end, held, value)))
        return held

    def _operation(self, operator: str, *operands: tree.Expression) -> tree.Operation:
        return tree.Operation(self.start, self.end, operator, list(operands))

    def _both(self, tests: list[tree.Expression | None]) -> tree.Expression | None:
        found: tree.Expression | None = None
        for test in tests:
            if test is not None:
                found = test if found is None else self._operation("&&", found, test)
        return found

    def test(self, pattern: ast.pattern, subject: tree.Expression) -> tree.Expression | None:
        """When a pattern takes the subject; None for always."""
        match pattern:
            case ast.MatchValue():
                return self._operation("===", subject, self.lowering.expression(pattern.value))
            case ast.MatchSingleton():
                names = {None: "null", True: "true", False: "false"}
                value = tree.Constant(self.start, self.end, names[pattern.value])  # type: ignore[arg-type]
                return self._operation("===", subject, value)
            case ast.MatchAs():
                inner = self.test(pattern.pattern, subject) if pattern.pattern is not None else None
                return self._both([inner, self._bound(pattern.name, subject)])
            case ast.MatchOr():
                return self._either(pattern, subject)
            case ast.MatchSequence():
                return self._sequence(pattern, subject)
            case ast.MatchMapping():
                return self._mapping(pattern, subject)
            case ast.MatchClass():
                return self._class(pattern, subject)
        return tree.Opaque(self.start, self.end, [subject])

    def _bound(self, name: str | None, value: tree.Expression) -> tree.Expression | None:
        """A name of the pattern, as a condition that always holds."""
        if name is None:
            return None
        target = tree.Name(self.start, self.end, name)
        bound = tree.Assign(self.start, self.end, target, value)
        return self._operation(",", bound, tree.Constant(self.start, self.end, "true"))

    def _either(self, pattern: ast.MatchOr, subject: tree.Expression) -> tree.Expression | None:
        found: tree.Expression | None = None
        for item in pattern.patterns:
            test = self.test(item, subject)
            if test is None:
                return None if found is None else self._operation("||", found, self._true())
            found = test if found is None else self._operation("||", found, test)
        return found

    def _true(self) -> tree.Expression:
        return tree.Constant(self.start, self.end, "true")

    def _number(self, value: int) -> tree.Expression:
        return tree.Number(self.start, self.end, value)

    def _item(self, subject: tree.Expression, place: int) -> tree.Expression:
        if isinstance(subject, tree.Array) and 0 <= place < len(subject.items):
            return subject.items[place]
        return tree.Index(self.start, self.end, subject, self._number(place))

    def _sequence(self, pattern: ast.MatchSequence, subject: tree.Expression) -> tree.Expression | None:
        items = pattern.patterns
        stars = [place for place, item in enumerate(items) if isinstance(item, ast.MatchStar)]
        wanted = len(items) - len(stars)
        length: tree.Expression | None = self._operation(
            "at least" if stars else "as many", subject, self._number(wanted)
        )
        if isinstance(subject, tree.Array):
            if not (len(subject.items) >= wanted if stars else len(subject.items) == wanted):
                return tree.Constant(self.start, self.end, "false")
            length = None
        tests: list[tree.Expression | None] = [length]
        for place, item in enumerate(items):
            after = len(items) - place - 1
            if isinstance(item, ast.MatchStar):
                upper = self._number(-after) if after else None
                rest = tree.Slice(self.start, self.end, self._number(place), upper, None)
                tests.append(self._bound(item.name, tree.Index(self.start, self.end, subject, rest)))
            elif stars and place > stars[0]:
                at = len(subject.items) - after - 1 if isinstance(subject, tree.Array) else -after - 1
                tests.append(self.test(item, self._item(subject, at)))
            else:
                tests.append(self.test(item, self._item(subject, place)))
        return self._both(tests)

    def _mapping(self, pattern: ast.MatchMapping, subject: tree.Expression) -> tree.Expression | None:
        tests: list[tree.Expression | None] = [self._operation("mapping", subject, self._true())]
        for key, item in zip(pattern.keys, pattern.patterns, strict=True):
            name = self.lowering.expression(key)
            tests.append(self._operation("in", name, subject))
            tests.append(self.test(item, tree.Index(self.start, self.end, subject, name)))
        if pattern.rest is not None:
            tests.append(self._bound(pattern.rest, tree.Opaque(self.start, self.end, [subject])))
        return self._both(tests)

    def _class(self, pattern: ast.MatchClass, subject: tree.Expression) -> tree.Expression | None:
        cls = self.lowering.expression(pattern.cls)
        tests: list[tree.Expression | None] = [self.lowering.instance_test(subject, pattern.cls, cls)]
        if pattern.patterns:
            if isinstance(pattern.cls, ast.Name) and pattern.cls.id in _WHOLE and len(pattern.patterns) == 1:
                tests.append(self.test(pattern.patterns[0], subject))
            else:  # which attributes these are, the class says
                tests.append(tree.Opaque(self.start, self.end, [subject]))
                tests += [self.test(item, tree.Opaque(self.start, self.end)) for item in pattern.patterns]
        for name, item in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            member = tree.Member(self.start, self.end, subject, name, self.start)
            tests.append(self.test(item, member))
        return self._both(tests)
