"""Borrows of a cell that are held while something is awaited.

A guard lives as long as its name, or, where it has none, to the end of the statement that it was made in: through the
arguments of a call that is awaited, and through the arms of a `match` and the body of a loop that it was made for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wslint.record import frozen
from wslint.source.rust.grammar import tree_of
from wslint.source.rust.hazards import nodes_of
from wslint.source.rust.locate import node_span, node_text
from wslint.text import SourceFile, Span

if TYPE_CHECKING:
    from tree_sitter import Node

_LATER = frozenset({"closure_expression", "async_block", "function_item"})
# While one of these is awaited, the runtime's input gate lets no other event in. `sync()` has no gate.
_STORAGE = re.compile(r"(get|put|delete|list|set)(_\w+)?|transaction")
_UNWRAPS = re.compile(r"unwrap\w*|expect")
_FOLLOWED = 3
_HEADS = {
    "match_expression": "value",
    "for_expression": "value",
    "if_expression": "condition",
    "while_expression": "condition",
}

Functions = dict[str, list["Node"]]


@frozen
class HeldBorrow:
    """A borrow of a field, and the `.await` that it is still held at. One that is `shared` only stands in the way of
    those that change the field."""

    borrow: Span
    wait: Span
    shared: bool


def held_borrows(files: Sequence[SourceFile]) -> Iterator[HeldBorrow]:
    """Where a borrow of a field of `self` is alive at an `.await` that lets other events in."""
    read = [(file, list(nodes_of(tree_of(file).root_node))) for file in files if b".await" in file.data]
    functions: Functions = {}
    for node in (node for file in files for node in nodes_of(tree_of(file).root_node)):
        if node.type == "function_item":
            functions.setdefault(node_text(node.child_by_field_name("name")), []).append(node)
    changed = {field for file in files for field in _changed_fields(file)}
    for file, nodes in read:
        if b"borrow" not in file.data:
            continue
        borrows = _Borrows(file)
        for node in nodes:
            found = _at(borrows, node, functions, changed) if node.type == "await_expression" else None
            if found is not None:
                yield found


_CHANGED = re.compile(rb"self\s*\.\s*(\w+)\s*\.\s*(?:borrow_mut|replace|replace_with|swap|take)\s*\(")


def _changed_fields(file: SourceFile) -> Iterator[str]:
    """The cells of `self` that are changed somewhere."""
    return (match[1].decode() for match in _CHANGED.finditer(file.data))


def _at(borrows: _Borrows, wait: Node, functions: Functions, changed: set[str]) -> HeldBorrow | None:
    """The first borrow that is held at an `.await`."""
    file = borrows.file
    held = [
        borrow
        for borrow in (*borrows.temporaries(wait), *borrows.named(wait))
        if _is_exclusive(borrow) or _field_of(borrow) in changed
    ]
    if not held or not _lets_events_in(wait, functions):
        return None
    first = min(held, key=lambda borrow: borrow.start_byte)
    return HeldBorrow(node_span(file, first), node_span(file, wait), not _is_exclusive(first))


def _lives_on(node: Node, looked_at: Node) -> bool:
    """Whether what a statement with a body looks at lives as long as the body runs."""
    if node.type in ("match_expression", "for_expression"):
        return True
    return looked_at.type in ("let_condition", "let_chain")


MOST_AROUND = 300
"""So many nodes around an `.await` are looked at; what is nested deeper is no program of a person."""


def _around(wait: Node) -> Iterator[tuple[Node, Node]]:
    """The nodes around an `.await` up to the function it stands in, each with the one on the way to it."""
    child, at = wait, wait.parent
    for _ in range(MOST_AROUND):
        if at is None or child.type in _LATER:
            return
        yield child, at
        child, at = at, at.parent


class _Borrows:
    """The borrows of a file; each statement and each block is read once."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self._in: dict[int, list[Node]] = {}
        self._guards: dict[int, list[tuple[Node, str, Node]]] = {}

    def temporaries(self, wait: Node) -> Iterator[Node]:
        """Borrows without a name, of the statement of an `.await`, or of what a `match` or a loop around it looks at."""
        passed: tuple[int, int] | None = None
        for child, at in _around(wait):
            if at.type in _HEADS:
                looked_at = at.child_by_field_name(_HEADS[at.type])
                inside = looked_at is not None and looked_at.id == child.id
                if looked_at is not None and (inside or _lives_on(at, looked_at)):
                    yield from self._before(looked_at, wait, passed)
                passed = at.start_byte, at.end_byte
            elif at.type in ("block", "match_arm", *_LATER):
                yield from self._before(child, wait, passed)

    def _before(self, node: Node, wait: Node, passed: tuple[int, int] | None) -> Iterator[Node]:
        """The borrows in an expression that are made before an `.await`, and are not in what was looked at already."""
        for borrow in self._all(node):
            if borrow.start_byte >= wait.end_byte:
                break
            if passed is None or not passed[0] <= borrow.start_byte < passed[1]:
                yield borrow

    def _all(self, node: Node) -> list[Node]:
        """The borrows in an expression, in their order; those in a block of their own end with it."""
        if node.id not in self._in:
            found, waiting = [], [node]
            while waiting:
                item = waiting.pop()
                if _is_borrow(item):
                    found.append(item)
                if item.type not in _LATER and item.type not in ("block", "match_block"):
                    waiting.extend(reversed(item.named_children))
            self._in[node.id] = sorted(found, key=lambda borrow: borrow.start_byte)
        return self._in[node.id]

    def named(self, wait: Node) -> Iterator[Node]:
        """Borrows that `let` gave a name, in a block around an `.await`."""
        for child, at in _around(wait):
            for statement, name, guard in self._let(at) if at.type == "block" else ():
                if statement.start_byte >= child.start_byte:
                    break
                dropped = rf"\bdrop\(\s*{name}\s*\)"
                if not re.search(dropped, self.file.slice(statement.end_byte, wait.start_byte)):
                    yield guard

    def _let(self, block: Node) -> list[tuple[Node, str, Node]]:
        """The statements of a block that give a borrow a name."""
        if block.id not in self._guards:
            found = self._guards[block.id] = []
            for statement in block.named_children:
                if statement.type != "let_declaration":
                    continue
                pattern = statement.child_by_field_name("pattern")
                value = statement.child_by_field_name("value")
                guard = _guard(value) if value is not None else None
                if pattern is None or guard is None or pattern.type != "identifier":
                    continue
                name = node_text(pattern)
                if name != "_":
                    found.append((statement, name, guard))
        return self._guards[block.id]


def _guard(value: Node) -> Node | None:
    """The borrow that a name stands for: `self.field.borrow_mut()`, or a reference to what it guards."""
    while value.type in ("reference_expression", "unary_expression", "parenthesized_expression"):
        inner = [child for child in value.named_children if child.type != "mutable_specifier"]
        if not inner:
            return None
        value = inner[-1]
    return value if _is_borrow(value) else None


def _is_borrow(node: Node) -> bool:
    """Whether an expression is `self.field.borrow()` or `self.field.borrow_mut()`."""
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    if function is None or function.type != "field_expression":
        return False
    owner = function.child_by_field_name("value")
    name = node_text(function.child_by_field_name("field"))
    return name in ("borrow", "borrow_mut") and node_text(owner).startswith("self.")


def _is_exclusive(borrow: Node) -> bool:
    function = borrow.child_by_field_name("function")
    return function is not None and node_text(function.child_by_field_name("field")) == "borrow_mut"


def _field_of(borrow: Node) -> str:
    function = borrow.child_by_field_name("function")
    owner = function.child_by_field_name("value") if function is not None else None
    return node_text(owner).removeprefix("self.").strip()


# What an `.await` waits for


def _lets_events_in(wait: Node, functions: Functions, followed: int = _FOLLOWED) -> bool:
    """Whether the runtime may deliver another event during an `.await`; False for what can't be followed."""
    call = wait.named_children[0] if wait.named_children else None
    function = call.child_by_field_name("function") if call is not None else None
    if function is not None and function.type == "generic_function":
        function = function.child_by_field_name("function")
    if call is None or call.type != "call_expression" or function is None:
        return False
    owner, _, name = node_text(function).rpartition("." if function.type == "field_expression" else "::")
    owner, name = owner.strip(), name.strip()
    if name == "block_concurrency_while" or (_STORAGE.fullmatch(name) and "storage" in owner.lower()):
        return False
    if name in functions:
        bodies = _own(wait, functions[name]) if owner in ("self", "Self") else functions[name]
        inner = [found for body in bodies for found in _awaits_of(body)] if followed else []
        return any(_lets_events_in(found, functions, followed - 1) for found in inner)
    return owner not in ("", "self", "Self") and not _UNWRAPS.fullmatch(name)


def _own(wait: Node, functions: list[Node]) -> list[Node]:
    """Those of several functions of one name that `self` has; all of them where its type has none that is read."""
    own = [function for function in functions if _type_of(function) == _type_of(wait)]
    return own or functions


def _type_of(node: Node) -> str:
    """The type whose `impl` a node stands in; empty outside of one."""
    at: Node | None = node
    while at is not None and at.type != "impl_item":
        at = at.parent
    named = at.child_by_field_name("type") if at is not None else None
    return node_text(named).partition("<")[0].strip() if named is not None else ""


def _awaits_of(function: Node) -> Iterator[Node]:
    body = function.child_by_field_name("body")
    waiting = [body] if body is not None else []
    while waiting:
        item = waiting.pop()
        if item.type == "await_expression":
            yield item
        if item.type not in _LATER:
            waiting.extend(reversed(item.named_children))
