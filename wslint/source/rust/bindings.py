"""`env.durable_object("MATCH")` and its kin: which binding, on what receiver, guarded or not."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING

from wslint.record import frozen
from wslint.regex import regex
from wslint.source.rust.locate import CLIMB, Locator, in_error, named_child, node_span, node_text
from wslint.text import SourceFile, Span

if TYPE_CHECKING:
    from tree_sitter import Node

DISTINCT_METHODS = frozenset(
    {"durable_object", "kv", "d1", "bucket", "get_binding", "hyperdrive", "analytics_engine", "object_var"}
    | {
        "dynamic_dispatcher",
        "secret_store",
        "rate_limiter",
        "send_email",
        "workflow",
        "vectorize",
        "flagship",
    }
)
"""Methods of `Env` whose names say enough where the receiver's type is an alias or a generic."""

METHODS = DISTINCT_METHODS | {"service", "queue", "var", "secret", "ai", "assets"}

CALLS = regex(rb"\.\s*(" + b"|".join(sorted(one.encode() for one in METHODS)) + rb")\s*(?:\(|::)")
SQL = regex(rb"\.\s*(sql|kv)\s*\(\s*\)")

TOLERANT = frozenset(
    {
        "ok",
        "is_ok",
        "is_err",
        "is_ok_and",
        "unwrap_or",
        "unwrap_or_else",
        "unwrap_or_default",
        "or",
        "or_else",
    }
    | {"map_or", "map_or_else", "err", "iter", "into_iter"}
)
"""Methods of `Result` after which the binding's absence is no failure."""

TRANSPARENT = frozenset(
    {"clone", "as_ref", "borrow", "deref", "to_owned", "unwrap", "expect", "get", "inner"}
)
ENVIRONMENT = regex(r"\b(?:Env|RouteContext)\b")
HOPS = 8


@frozen
class Parameter:
    """A parameter of a function; `position` and `count` leave `self` out."""

    function: str
    position: int
    count: int
    takes_self: bool


@frozen
class Candidate:
    """A call that may name a binding, as far as its own file can tell.

    `name` is the literal's content; else `reference` is the path of a constant, with the type whose
    impl block the call stands in; with neither, the name is computed. `field` is set where the receiver is a
    struct's field, whose type other files may know. `function` numbers the function around it.
    """

    method: str
    span: Span  # the method's name
    name: Span | None
    reference: tuple[str, ...] | None
    owner: str | None
    field: str | None
    guarded: bool
    function: int
    parameter: Parameter | None = None  # set where the name is one of the function's own parameters


def literal_content(file: SourceFile, node: Node | None) -> Span | None:
    """The inside of a plain string literal; None for other values and for texts with escapes."""
    for _ in range(HOPS):
        if node is None or node.type not in ("reference_expression", "parenthesized_expression"):
            break
        node = node.child_by_field_name("value") or named_child(node, 0)
    if node is None or node.type not in ("string_literal", "raw_string_literal"):
        return None
    parts = node.named_children
    return node_span(file, parts[0]) if len(parts) == 1 and parts[0].type == "string_content" else None


def path_of(node: Node) -> tuple[str, ...]:
    """`a::b::C` as its parts; generic arguments and a leading `::` are dropped."""
    text = re.sub(r"<[^>]*>", "", node_text(node))
    return tuple(part.strip().removeprefix("r#") for part in text.split("::") if part.strip())


def candidates(
    file: SourceFile, root: Node, is_dead: Callable[[int], bool], impls: list[tuple[str, int, int]]
) -> list[Candidate]:
    """Every call of the methods of `Env` outside dead code, in order."""
    reader: CallReader | None = None
    found: list[Candidate] = []
    for match in CALLS.finditer(file.data):
        if is_dead(match.start(1)):
            continue
        reader = reader or CallReader(file, root, impls)
        candidate = reader.read(match.start(1), match[1].decode())
        if candidate is not None:
            found.append(candidate)
    return found


def sql_uses(file: SourceFile, root: Node, impls: list[tuple[str, int, int]]) -> dict[str, Span]:
    """The first `.sql()` or `.kv()` of each struct's impl blocks, by struct."""
    found: dict[str, Span] = {}
    locator: Locator | None = None
    for match in SQL.finditer(file.data):
        locator = locator or Locator(root)
        path = locator.path(match.start(1))
        owner = _owner(impls, match.start(1))
        if owner is not None and path[-1].type == "field_identifier":
            found.setdefault(owner, Span(file, match.start(1), match.end(1)))
    return found


def _owner(impls: list[tuple[str, int, int]], offset: int) -> str | None:
    """The type whose impl block holds `offset`; impl blocks come in order and are disjoint at item level."""
    index = bisect_right(impls, offset, key=lambda one: one[1]) - 1
    return impls[index][0] if index >= 0 and offset < impls[index][2] else None


class CallReader:
    """Reads the calls of one file, asked for in ascending order."""

    def __init__(self, file: SourceFile, root: Node, impls: list[tuple[str, int, int]]) -> None:
        self.file = file
        self.locator = Locator(root)
        self.impls = impls
        self.lets: dict[int, dict[str, list[Node]]] = {}
        self.tokens: dict[int, tuple[list[Node], list[int]]] = {}

    def read(self, offset: int, method: str) -> Candidate | None:
        path = self.locator.path(offset)
        leaf = path[-1]
        if len(path) < 4 or in_error(path) or node_text(leaf) != method:
            return None
        if leaf.type == "identifier" and path[-2].type == "token_tree":
            return self.in_macro(path, method)
        if leaf.type != "field_identifier" or path[-2].type != "field_expression":
            return None
        at = len(path) - 3
        if path[at].type == "generic_function":
            at -= 1
        call, receiver = path[at], path[-2].child_by_field_name("value")
        if call.type != "call_expression" or receiver is None:
            return None
        argument = _first_argument(call)
        likely, field = self.environment(receiver, path, method)
        if argument is None or not likely:
            return None
        name = literal_content(self.file, argument)
        reference = None
        if name is None:
            name, reference = self.named(argument, path)
        return Candidate(
            method,
            node_span(self.file, leaf),
            name,
            reference,
            _owner(self.impls, offset),
            field,
            self.guarded(path, at),
            self.function(path),
            self.parameter(argument, path) if name is None and reference is None else None,
        )

    def in_macro(self, path: list[Node], method: str) -> Candidate | None:
        """Inside a macro's arguments there are only tokens: `env . var ( "X" ) ?`."""
        known = self.tokens.get(path[-2].id)
        if known is None:
            children = path[-2].children
            known = self.tokens[path[-2].id] = children, [token.start_byte for token in children]
        tokens, starts = known
        at = bisect_left(starts, path[-1].start_byte)
        arguments = tokens[at + 1] if at + 1 < len(tokens) else None
        if at < 2 or arguments is None or arguments.type != "token_tree":
            return None
        if not _is_environment_name(node_text(tokens[at - 2])) or arguments.named_child_count != 1:
            return None
        argument = arguments.named_children[0]
        name = literal_content(self.file, argument)
        reference = (node_text(argument),) if argument.type == "identifier" else None
        if name is None and reference is None:
            return None
        after = [node_text(token) for token in tokens[at + 2 : at + 4]]
        guarded = not after or (after[0] != "?" and after[1:] not in (["unwrap"], ["expect"]))
        span = node_span(self.file, path[-1])
        return Candidate(method, span, name, reference, None, None, guarded, self.function(path))

    def owner(self, path: list[Node]) -> str | None:
        return _owner(self.impls, path[-1].start_byte)

    def parameter(self, argument: Node, path: list[Node]) -> Parameter | None:
        """The parameter that a variable is, if it is one of the function around it."""
        name = node_text(argument)
        function = next((node for node in reversed(path[-CLIMB:]) if node.type == "function_item"), None)
        if argument.type != "identifier" or function is None:
            return None
        parameters = _parameters(function)
        given = [one for one in parameters if one.type == "parameter"]
        names = [node_text(one.child_by_field_name("pattern")) for one in given]
        if name not in names:
            return None
        called = node_text(function.child_by_field_name("name"))
        takes_self = any(one.type == "self_parameter" for one in parameters)
        return Parameter(called, names.index(name), len(given), takes_self)

    def function(self, path: list[Node]) -> int:
        around = (node for node in reversed(path[-CLIMB:]) if node.type == "function_item")
        return next((node.start_byte for node in around), -1)

    def environment(self, node: Node, path: list[Node], method: str) -> tuple[bool, str | None]:
        """Whether a receiver is the environment; a field's name where its struct decides that."""
        for _ in range(HOPS):
            kind = node.type
            inner: Node | None = None
            if kind == "reference_expression":
                inner = node.child_by_field_name("value")
            elif kind in ("unary_expression", "parenthesized_expression", "try_expression"):
                inner = named_child(node, 0)
            elif kind == "call_expression":
                function = node.child_by_field_name("function")
                called = function.child_by_field_name("field") if function is not None else None
                if function is None or called is None:
                    return _is_environment_name(node_text(function).split("::")[-1]), None
                if node_text(called) not in TRANSPARENT:
                    return _is_environment_name(node_text(called)), None
                inner = function.child_by_field_name("value")
            elif kind == "field_expression":
                field = node_text(node.child_by_field_name("field"))
                return True, None if _is_environment_name(field) else field
            elif kind == "identifier":
                name = node_text(node)
                declared, value = self.binding_of(name, node.start_byte, path)
                if declared is not None and ENVIRONMENT.search(declared):
                    return True, None
                if _is_environment_name(name):
                    return declared is None or method in DISTINCT_METHODS, None
                inner = value
            if inner is None:
                break
            node = inner
        return False, None

    def binding_of(self, name: str, before: int, path: list[Node]) -> tuple[str | None, Node | None]:
        """The written type, and the value, of the variable or parameter that `name` stands for."""
        for node in reversed(path[-CLIMB:]):
            if node.type == "block":
                known = self.lets_of(node).get(name, [])
                earlier = bisect_left(known, before, key=lambda let: let.start_byte)
                if earlier:
                    declared = known[earlier - 1].child_by_field_name("type")
                    value = known[earlier - 1].child_by_field_name("value")
                    return (node_text(declared) if declared is not None else None), value
            elif node.type in ("closure_expression", "function_item"):
                for parameter in _parameters(node):
                    pattern = parameter.child_by_field_name("pattern") or parameter
                    if node_text(pattern).removeprefix("mut ").strip() == name:
                        declared = parameter.child_by_field_name("type")
                        return (node_text(declared) if declared is not None else None), None
                if node.type == "function_item":
                    break
        return None, None

    def lets_of(self, block: Node) -> dict[str, list[Node]]:
        known = self.lets.get(block.id)
        if known is None:
            known = {}
            for child in block.named_children:
                pattern = child.child_by_field_name("pattern") if child.type == "let_declaration" else None
                if pattern is not None and pattern.type == "identifier":
                    known.setdefault(node_text(pattern), []).append(child)
            self.lets[block.id] = known
        return known

    def named(self, argument: Node, path: list[Node]) -> tuple[Span | None, tuple[str, ...] | None]:
        """What a name that is no literal leads to: a local text, or a constant's path."""
        node: Node | None = argument
        for _ in range(HOPS):
            if node is None:
                break
            literal = literal_content(self.file, node)
            if literal is not None:
                return literal, None
            if node.type == "reference_expression":
                node = node.child_by_field_name("value")
            elif node.type == "scoped_identifier":
                return None, path_of(node)
            elif node.type == "identifier":
                name = node_text(node)
                if name.isupper():
                    return None, (name,)
                _, node = self.binding_of(name, node.start_byte, path)
            else:
                break
        return None, None

    def guarded(self, path: list[Node], at: int) -> bool:
        """Whether the code goes on without the binding: what becomes of the `Result` of the call at `at`."""
        while at > 0 and len(path) - at < CLIMB:
            node, parent = path[at], path[at - 1]
            if parent.type == "field_expression" and path[at - 2].type == "call_expression":
                method = node_text(parent.child_by_field_name("field"))
                if method in TOLERANT:
                    return True
                if method in ("unwrap", "expect"):
                    return False
                at -= 2
            elif parent.type in ("parenthesized_expression", "reference_expression"):
                at -= 1
            elif parent.type == "let_declaration":
                return self.let_guards(parent, path[at - 2])
            else:
                value = parent.child_by_field_name("value")
                return parent.type in ("let_condition", "match_expression") and value == node
        return False

    def let_guards(self, let: Node, block: Node) -> bool:
        """`let x = env.kv("X");` keeps the Result: guarded unless it is then unwrapped or propagated."""
        if let.child_by_field_name("alternative") is not None:
            return True
        pattern = let.child_by_field_name("pattern")
        if pattern is None or pattern.type != "identifier":
            return False
        rest = self.file.data[let.end_byte : min(block.end_byte, let.end_byte + 4096)]
        name = re.escape(node_text(pattern).encode())
        return re.search(rb"\b" + name + rb"\s*(?:\?|\.\s*(?:unwrap|expect)\s*\()", rest) is None


def _first_argument(call: Node) -> Node | None:
    arguments = call.child_by_field_name("arguments")
    children = arguments.named_children if arguments is not None else []
    return next((child for child in children if not child.type.endswith("comment")), None)


def _parameters(node: Node) -> list[Node]:
    parameters = node.child_by_field_name("parameters")
    return parameters.named_children if parameters is not None else []


def _is_environment_name(name: str) -> bool:
    return name.lower().endswith(("env", "ctx"))
