"""What the address of a client's socket is made of: fixed texts, and expressions that a browser fills in.

Followed are constants, fields of classes, functions and methods that return a text, `new URL(…)` and what is set on one,
both sides of a condition that only chooses between `ws:` and `wss:`, and what begins with the page's own address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wslint.record import frozen
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import SourceFile


@frozen
class Hole:
    """A part that a browser fills in, by the name that it has there."""

    text: str


Piece = str | tree.Expression | Hole
Bound = dict[str, list[Piece]]
"""What a function's parameters are, in one call."""

PROTOCOL, HOST = Hole("location.protocol"), Hole("location.host")
_SCHEME = Hole("ws: or wss:")
_ORIGIN: list[Piece] = [PROTOCOL, "//", HOST]
_HERE = re.compile(r"(?:(?:window|self|globalThis|document)\.)*(?:location(?:\.(?P<part>\w+))?|baseURI)$")
_DEEPEST = 10


class Reader:
    """Reads the addresses of one module."""

    def __init__(self, module: tree.Module, code: SourceFile) -> None:
        self.code = code
        self.nodes = list(nodes_in(module.body))
        self.functions = [node for node in self.nodes if isinstance(node, tree.Function)]
        self.declared: dict[str, list[tuple[tree.Function | None, tree.Node]]] = {}
        self.members: dict[str, list[tree.Expression | None]] = {}
        for node in self.nodes:
            if isinstance(node, tree.Declare | tree.Parameter) and isinstance(node.pattern, tree.Name):
                own = node.value if isinstance(node, tree.Declare) else None
                self.declared.setdefault(node.pattern.name, []).append((self._around(node, own), node))
            elif isinstance(node, tree.ClassMember) and node.kind != "setter":
                self.members.setdefault(node.name, []).append(node.value)
            elif isinstance(node, tree.Assign) and isinstance(node.target, tree.Member):
                if isinstance(node.target.object, tree.Name) and node.target.object.name == "this":
                    value = node.value if node.operator == "=" else None
                    self.members.setdefault(node.target.name, []).append(value)

    def _around(self, node: tree.Node, without: object = None) -> tree.Function | None:
        """The innermost function around a node."""
        found = [
            each
            for each in self.functions
            if each.start <= node.start and node.end <= each.end and each is not without
        ]
        return max(found, key=lambda each: (each.start, -each.end), default=None)

    def constant(self, node: tree.Expression) -> tree.Expression | None:
        """What a name stands for that is declared once and never changes; None for anything else."""
        if not isinstance(node, tree.Name):
            return None
        declared = self._declared(node)
        return declared.value if isinstance(declared, tree.Declare) and declared.kind == "const" else None

    def _declared(self, name: tree.Name) -> tree.Node | None:
        """What declares a name where it is used; None where that is not so easily told."""
        seen = [
            (around, node)
            for around, node in self.declared.get(name.name, ())
            if around is None or around.start <= name.start <= around.end
        ]
        if not seen:
            return None
        innermost = max(around.start if around is not None else -1 for around, _ in seen)
        nearest = [node for around, node in seen if (around.start if around is not None else -1) == innermost]
        return nearest[0] if len(nearest) == 1 else None

    def pieces(self, node: tree.Expression, bound: Bound | None = None, depth: int = 0) -> list[Piece] | None:
        """An address as fixed texts and what is filled in; None when it is no text that is followed."""
        if depth > _DEEPEST:
            return None
        bound = bound or {}
        if isinstance(node, tree.Text):
            if node.value is not None:
                return [node.value]
            found: list[Piece] = []
            for part in node.parts:
                found += [part] if isinstance(part, str) else self._inner(part, bound, depth)
            return found
        if isinstance(node, tree.Operation):
            if node.operator == "+":
                return [piece for one in node.operands for piece in self._inner(one, bound, depth)]
            return self._either(node, bound, depth) if node.operator == "?:" else None
        if isinstance(node, tree.Name):
            return bound[node.name] if node.name in bound else self._of_name(node, bound, depth)
        if isinstance(node, tree.Member):
            return self._of_member(node, bound, depth)
        return self._of_call(node, bound, depth) if isinstance(node, tree.Call) else None

    def _inner(self, node: tree.Expression, bound: Bound, depth: int) -> list[Piece]:
        """A part of an address: what is followed is put in, anything else stays as it is."""
        found = self.pieces(node, bound, depth + 1)
        if found is not None:
            return found
        held = self.constant(node)
        return [held if isinstance(held, tree.Member) else node]

    def _of_name(self, node: tree.Name, bound: Bound, depth: int) -> list[Piece] | None:
        declared = self._declared(node)
        if isinstance(declared, tree.Declare) and declared.kind == "const" and declared.value is not None:
            found = self.pieces(declared.value, bound, depth + 1)
            if found is not None and _is_url(declared.value):
                return self._changed(node.name, found, bound, depth)
            return found
        return None

    def _changed(self, name: str, pieces: list[Piece], bound: Bound, depth: int) -> list[Piece] | None:
        """What a URL is after what the code sets on it."""
        for node in self.nodes:
            target = node.target if isinstance(node, tree.Assign) else None
            if not isinstance(target, tree.Member) or not isinstance(target.object, tree.Name):
                continue
            if target.object.name != name or target.name in ("search", "hash"):
                continue
            assert isinstance(node, tree.Assign)
            if target.name == "protocol":
                pieces = [_SCHEME, *_after_scheme(pieces)]
            elif target.name == "pathname" and pieces[:3] in (_ORIGIN, [_SCHEME, *_ORIGIN[1:]]):
                path = self.pieces(node.value, bound, depth + 1)
                if path is None or node.operator != "=" or not _is_path(path):
                    return None
                pieces = [*pieces[:3], *path]
            else:
                return None
        return pieces

    def _of_member(self, node: tree.Member, bound: Bound, depth: int) -> list[Piece] | None:
        here = _HERE.match(self.code.slice(node.start, node.end).replace("?.", "."))
        if here is not None:
            part = here["part"]
            return list(_ORIGIN) if part == "origin" else None
        if node.name == "href":
            return self.pieces(node.object, bound, depth + 1)
        held = self._own(node)
        if isinstance(held, tree.Function):
            return self._returned(held, {}, depth)
        return self.pieces(held, {}, depth + 1) if held is not None else None

    def _own(self, node: tree.Member) -> tree.Expression | None:
        """What `this.name` is, where only one thing of the module is called so."""
        values = self.members.get(node.name, ())
        if not isinstance(node.object, tree.Name) or node.object.name != "this" or len(values) != 1:
            return None
        return values[0]

    def _either(self, node: tree.Operation, bound: Bound, depth: int) -> list[Piece] | None:
        """A condition that only chooses the scheme."""
        sides = [self.pieces(one, bound, depth + 1) for one in node.operands[1:]]
        if len(sides) != 2 or any(not side for side in sides):
            return None
        one, other = (_after_word(side or []) for side in sides)
        return [_SCHEME, *one] if one is not None and self._written(one) == self._written(other) else None

    def _written(self, pieces: Sequence[Piece] | None) -> list[str] | None:
        return pieces and [  # type: ignore[return-value]
            piece
            if isinstance(piece, str)
            else piece.text
            if isinstance(piece, Hole)
            else self.code.slice(piece.start, piece.end)
            for piece in pieces
        ]

    def _of_call(self, node: tree.Call, bound: Bound, depth: int) -> list[Piece] | None:
        function, given = node.function, node.arguments
        if node.new:
            is_url = isinstance(function, tree.Name) and function.name == "URL" and given
            return self._of_url(given, bound, depth) if is_url else None
        if isinstance(function, tree.Name):
            if function.name == "String" and given:
                return self.pieces(given[0], bound, depth + 1)
            declared = self._declared(function)
            held = declared.value if isinstance(declared, tree.Declare) else None
            return self._called(held, given, bound, depth)
        if not isinstance(function, tree.Member):
            return None
        if function.name in ("toString", "toJSON") and not given:
            return self.pieces(function.object, bound, depth + 1)
        if function.name == "replace" and len(given) == 2:
            return self._replaced(function.object, given[1], bound, depth)
        return self._called(self._own(function), given, bound, depth)

    def _called(
        self, held: tree.Expression | None, given: list[tree.Expression], bound: Bound, depth: int
    ) -> list[Piece] | None:
        if not isinstance(held, tree.Function) or held.is_async:
            return None
        inner: Bound = {}
        for place, parameter in enumerate(held.parameters):
            value = given[place] if place < len(given) else parameter.default
            if not isinstance(parameter.pattern, tree.Name) or parameter.rest or value is None:
                continue
            inner[parameter.pattern.name] = self._inner(value, bound if place < len(given) else {}, depth)
        return self._returned(held, inner, depth)

    def _returned(self, function: tree.Function, bound: Bound, depth: int) -> list[Piece] | None:
        """What a function gives that returns in one place."""
        returns = [
            node
            for node in nodes_in(function.body)
            if isinstance(node, tree.Return) and self._around(node) is function
        ]
        value = returns[0].value if len(returns) == 1 else None
        return self.pieces(value, bound, depth + 1) if value is not None else None

    def _replaced(
        self, of: tree.Expression, by: tree.Expression, bound: Bound, depth: int
    ) -> list[Piece] | None:
        """`location.origin.replace(/^http/, "ws")`: `http` and `https` become `ws` and `wss`."""
        if not isinstance(by, tree.Text) or by.value is None or not by.value.startswith("ws"):
            return None
        found = self.pieces(of, bound, depth + 1)
        if found and found[0] == PROTOCOL and found[:3] == _ORIGIN:
            return [_SCHEME, *found[1:]]
        return None

    def _of_url(self, given: list[tree.Expression], bound: Bound, depth: int) -> list[Piece] | None:
        first = self._is_here(given[0], bound) if len(given) == 1 else False
        if first:
            return [*_ORIGIN, Hole("location.pathname")]
        path = self.pieces(given[0], bound, depth + 1)
        if len(given) == 1 or path is None:
            return path
        base = self.pieces(given[1], bound, depth + 1)
        if not _is_path(path) or not (base == _ORIGIN or self._is_here(given[1], bound)):
            return None
        return [*_ORIGIN, *path]

    def _is_here(self, node: tree.Expression, bound: Bound) -> bool:
        """Whether an expression is the page's own address."""
        held = bound.get(node.name, [node])[0] if isinstance(node, tree.Name) else node
        if isinstance(held, str | Hole):
            return False
        here = _HERE.match(self.code.slice(held.start, held.end))
        return here is not None and here["part"] in (None, "href", "origin")


def _is_url(node: tree.Expression) -> bool:
    return (
        isinstance(node, tree.Call)
        and node.new
        and isinstance(node.function, tree.Name)
        and node.function.name == "URL"
    )


def _is_path(pieces: list[Piece]) -> bool:
    first = pieces[0] if pieces else ""
    return isinstance(first, str) and first.startswith("/") and not first.startswith("//")


def _after_word(pieces: list[Piece]) -> list[Piece] | None:
    """What follows `ws` or `wss` at the beginning of an address."""
    first = pieces[0]
    if not isinstance(first, str) or not re.match(r"wss?(?![A-Za-z0-9])", first):
        return None
    rest = first.removeprefix("wss") if first.startswith("wss") else first.removeprefix("ws")
    return [rest, *pieces[1:]] if rest else pieces[1:] or [""]


def _after_scheme(pieces: list[Piece]) -> list[Piece]:
    """An address from its `//` on."""
    first = pieces[0]
    if isinstance(first, str):
        return ["//" + first.split("//", 1)[1], *pieces[1:]] if "//" in first else pieces
    return pieces[1:]
