"""Where `env` goes in one Python file: what is read from it, and what it is handed to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from wslint.record import frozen
from wslint.regex import regex
from wslint.source.python.model import Class, Function, Module, dotted, tree_of
from wslint.source.rust.locate import CLIMB, Locator, in_error, named_child, node_span, node_text
from wslint.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

SQL = regex(rb"\bstorage\s*\.\s*(sql|kv)\b")
SCOPE = regex(rb"\bscope\s*\[\s*[\"']env[\"']\s*\]")
"""How ASGI applications get at it: `request.scope["env"]`."""

CALL = regex(rb"(?<!\w)([A-Za-z_]\w*+)\s{0,100}\(")

NOT_BINDINGS = frozenset(
    {"to_py", "as_object_map", "as_json", "object_keys", "object_values", "object_entries", "js_id", "typeof"}
    | {"new", "constructor", "hasOwnProperty", "toString"}
)
"""What a JsProxy has of its own."""

MISSING = frozenset({"AttributeError", "KeyError"})
TRANSPARENT = frozenset({"parenthesized_expression", "boolean_operator", "conditional_expression", "await"})
ANYTHING = frozenset({"", "Exception", "BaseException"})
SHORT_TRY = 2
"""A `try` of so few statements is about the binding; one around a whole handler is an error page."""


@frozen
class Read:
    """`env.NAME`; `scope` is where the function around it starts."""

    name: Span
    method: str | None
    guarded: bool
    scope: int


@frozen
class Passed:
    """`env` as an argument of a call."""

    callee: tuple[str, ...]  # `super` for `super()`
    position: int | None
    keyword: str | None
    offset: int
    texts: tuple[tuple[int | str, Span], ...]  # the literals among the arguments, by position or name


@frozen
class Computed:
    """`getattr(env, variable)` or `env[variable]`: a read whose name stands in a variable, if in one."""

    span: Span
    variable: str | None
    method: str | None
    guarded: bool


@frozen
class Returned:
    """`return env`: a call of the function around it is `env` too."""

    offset: int


@frozen
class Kept:
    """`name = env`, or `self.name = env` when `attribute` is set."""

    name: str
    attribute: bool
    offset: int


Event = Read | Computed | Passed | Kept | Returned


def scan_name(module: Module, function: Function | None, name: str) -> list[Event]:
    """What becomes of a variable inside a function, or of a module's name anywhere in it."""
    pattern = re.compile(rb"\b(" + re.escape(name.encode()) + rb")\b")
    start, end = (function.start, function.end) if function is not None else (0, len(module.file.data))
    offsets = (match.start(1) for match in pattern.finditer(module.file.data, start, end))
    return [event for _, event in _scan(module, ("name", name, start), offsets)]


def scan_attribute(module: Module, cls: Class, attribute: str) -> list[Event]:
    """What becomes of `self.attribute` inside a class."""
    pattern = re.compile(rb"\bself\s*\.\s*(" + re.escape(attribute.encode()) + rb")\b")
    offsets = (match.start(1) for match in pattern.finditer(module.file.data))
    found = _scan(module, ("attribute", attribute, 0), offsets)  # of all classes, at the cost of one
    first = bisect_left(found, cls.start, key=lambda one: one[0])
    last = bisect_left(found, cls.end, key=lambda one: one[0])
    return [event for _, event in found[first:last]]


def scan_member(module: Module, name: str, member: str) -> list[Event]:
    """What becomes of `name.member` anywhere in a module: `workers.env`."""
    text = re.escape(name.encode()) + rb"\s*\.\s*(" + re.escape(member.encode()) + rb")\b"
    offsets = (match.start(1) for match in re.finditer(rb"(?<![.\w])" + text, module.file.data))
    return [event for _, event in _scan(module, ("member", f"{name}.{member}", 0), offsets)]


def scan_call(module: Module, name: str) -> list[Event]:
    """What becomes of what `name(…)` or `self.name(…)` returns, anywhere in a module."""
    called = _calls(module).get(name.rpartition(".")[2].encode(), [])
    return [event for _, event in _scan(module, ("call", name, 0), called)]


def scan_scope(module: Module) -> list[Event]:
    """What becomes of `scope["env"]` anywhere in a module."""
    if b"scope" not in module.file.data:
        return []
    offsets = (match.end() - 1 for match in SCOPE.finditer(module.file.data))
    return [event for _, event in _scan(module, ("scope", "env", 0), offsets)]


def _calls(module: Module) -> dict[bytes, list[int]]:
    """Where each name stands before a bracket."""
    known = module.scans.get(("calls", "", 0))
    if known is None:
        found: dict[bytes, list[int]] = {}
        for match in CALL.finditer(module.file.data):
            found.setdefault(match[1], []).append(match.start(1))
        known = module.scans[("calls", "", 0)] = found
    return cast("dict[bytes, list[int]]", known)


def sql_use(module: Module, cls: Class) -> Span | None:
    """The first `storage.sql` or `storage.kv` inside a class."""
    if module.file.data.find(b"storage", cls.start, cls.end) == -1:
        return None
    locator: Locator | None = None
    for match in SQL.finditer(module.file.data, cls.start, cls.end):
        locator = locator or Locator(tree_of(module.file).root_node)
        path = locator.path(match.start(1))
        if path[-1].type == "identifier" and path[-2].type == "attribute":
            return node_span(module.file, path[-2])
    return None


def _scan(module: Module, key: tuple[str, str, int], offsets: Iterable[int]) -> list[tuple[int, Event]]:
    """The events at ascending offsets that stand for `env`, with their offsets; kept with the module."""
    known = module.scans.get(key)
    if known is not None:
        return cast("list[tuple[int, Event]]", known)
    events: list[tuple[int, Event]] = []
    locator: Locator | None = None
    for offset in offsets:
        locator = locator or Locator(tree_of(module.file).root_node)
        path = locator.path(offset)
        at = _expression(path, key) if len(path) > 1 and not in_error(path) else None
        event = _event(module, path, at) if at is not None else None
        if event is not None:
            events.append((offset, event))
    module.scans[key] = events
    return events


def _expression(path: list[Node], key: tuple[str, str, int]) -> int | None:
    """The index in `path` of the expression that is `env`; None where the word is something else."""
    kind, name, start = key
    leaf, parent = path[-1], path[-2]
    if kind == "scope":
        return len(path) - 2 if parent.type == "subscript" else None
    if leaf.type != "identifier":
        return None
    if kind == "call":
        at = len(path) - (3 if parent.type == "attribute" else 2)
        function = path[at].child_by_field_name("function") if path[at].type == "call" else None
        return at if function == path[at + 1] and ".".join(dotted(function) or ()) == name else None
    if kind != "name":
        return len(path) - 2 if parent.type == "attribute" else None
    if parent.type in ("attribute", "keyword_argument", "default_parameter", "typed_default_parameter"):
        field = "object" if parent.type == "attribute" else "value"
        if parent.child_by_field_name(field) != leaf:
            return None
    elif parent.type in (
        "parameters",
        "typed_parameter",
        "lambda_parameters",
        "dotted_name",
        "aliased_import",
    ):
        return None
    # A function inside that has a parameter of that name speaks of another value.
    for node in reversed(path[-CLIMB:]):
        if node.start_byte == start and node.type == "function_definition":
            break
        if node.type in ("function_definition", "lambda"):
            parameters = node.child_by_field_name("parameters")
            if parameters is not None and _has_parameter(parameters, leaf):
                return None
    return len(path) - 1


def _has_parameter(parameters: Node, name: Node) -> bool:
    for child in parameters.named_children:
        named = child.child_by_field_name("name") or (
            named_child(child, 0) if child.type == "typed_parameter" else child
        )
        if named is not None and named.text == name.text:
            return True
    return False


def _event(module: Module, path: list[Node], at: int) -> Event | None:
    while at > 0:
        node, parent = path[at], path[at - 1]
        kind = parent.type
        if kind == "attribute":
            name = parent.child_by_field_name("attribute")
            return _read(module, path, at - 1, name, name)
        if kind == "subscript":
            name = parent.child_by_field_name("subscript")
            return _read(module, path, at - 1, name, _content(name))
        if kind == "return_statement":
            return Returned(node.start_byte)
        if kind in ("argument_list", "keyword_argument"):
            return _argument(module, path, at)
        if kind in ("assignment", "named_expression"):
            return _kept(parent, node)
        if kind == "comparison_operator" and parent.child_count == 3:
            tested, operator, _ = parent.children
            if node_text(operator) in ("in", "not in") and tested != node:
                return _named(module, tested, _content(tested), None, True)
            return None
        if kind not in TRANSPARENT:
            return None
        at -= 1
    return None


def _kept(parent: Node, node: Node) -> Event | None:
    target = parent.child_by_field_name("left") or parent.child_by_field_name("name")
    value = parent.child_by_field_name("right") or parent.child_by_field_name("value")
    parts = dotted(target)
    if value != node or parts is None or len(parts) > 2:
        return None
    if len(parts) == 2:
        return Kept(parts[1], True, node.start_byte) if parts[0] == "self" else None
    return Kept(parts[0], False, node.start_byte)


def _argument(module: Module, path: list[Node], at: int) -> Event | None:
    keyword = None
    if path[at - 1].type == "keyword_argument":
        keyword = node_text(path[at - 1].child_by_field_name("name"))
        at -= 1
    arguments, call = path[at - 1], path[at - 2]
    if call.type != "call" or arguments.type != "argument_list":
        return None
    given = [child for child in arguments.named_children if child.type != "comment"]
    function = call.child_by_field_name("function")
    callee = dotted(function)
    if callee in (("getattr",), ("hasattr",)) and len(given) > 1 and given[0] == path[at]:
        tested_only = len(given) > 2 or callee == ("hasattr",)
        return _read(module, path, at - 2, given[1], _content(given[1]), tested_only)
    if callee is None and function is not None and function.type == "attribute":
        owner = function.child_by_field_name("object")
        if node_text(owner).startswith("super("):
            callee = ("super", node_text(function.child_by_field_name("attribute")))
    if callee is None:
        return None
    position = None
    if keyword is None:
        position = next(index for index, child in enumerate(given) if child == path[at])
        if any(child.type == "list_splat" for child in given[:position]):
            return None
    texts: list[tuple[int | str, Span]] = []
    for index, child in enumerate(given):
        named = child.type == "keyword_argument"
        content = _content(child.child_by_field_name("value") if named else child)
        if content is not None:
            key = node_text(child.child_by_field_name("name")) if named else index
            texts.append((key, node_span(module.file, content)))
    return Passed(callee, position, keyword, call.start_byte, tuple(texts))


def _content(node: Node | None) -> Node | None:
    """The inside of a plain string."""
    parts = node.named_children if node is not None and node.type == "string" else []
    plain = len(parts) == 3 and parts[1].type == "string_content" and not parts[1].named_child_count
    return parts[1] if plain else None


def _named(
    module: Module, name: Node | None, content: Node | None, method: str | None, guarded: bool
) -> Event | None:
    """A read of the binding that `content` spells; of a computed one where there is only an expression."""
    if name is None or (content is not None and node_text(content) in NOT_BINDINGS):
        return None
    if content is None:
        variable = node_text(name) if name.type == "identifier" else None
        return Computed(node_span(module.file, name), variable, method, guarded)
    function = module.function_at(content.start_byte)
    span = node_span(module.file, content)
    return Read(span, method, guarded, function.start if function is not None else -1)


def _read(
    module: Module, path: list[Node], at: int, name: Node | None, content: Node | None, guarded: bool = False
) -> Event | None:
    """The event for `path[at]`, which is `env.NAME` in one of its forms."""
    node, parent = path[at], path[at - 1]
    method: str | None = None
    if parent.type == "attribute":
        if path[at - 2].type == "call" and path[at - 2].child_by_field_name("function") == parent:
            method = node_text(parent.child_by_field_name("attribute"))
    elif parent.type == "assignment":
        if parent.child_by_field_name("left") == node:
            return None
        method = _first_method(module, parent)
    return _named(module, name, content, method, guarded or _is_guarded(path, at))


def _first_method(module: Module, assignment: Node) -> str | None:
    """What is called first on `ns` after `ns = env.NAME`."""
    target = assignment.child_by_field_name("left")
    if target is None or target.type != "identifier":
        return None
    function = module.function_at(assignment.start_byte)
    end = min(function.end if function is not None else len(module.file.data), assignment.end_byte + 8192)
    pattern = rb"(?<![.\w])" + re.escape(node_text(target).encode()) + rb"\s*\.\s*([A-Za-z_]\w*)\s*\("
    found = re.compile(pattern).search(module.file.data, assignment.end_byte, end)
    return found[1].decode() if found is not None else None


def _is_guarded(path: list[Node], at: int) -> bool:
    """Whether the value of `path[at]` is tested, or read inside a `try` for its absence."""
    tested = True
    for index in range(at, max(at - CLIMB, 0), -1):
        node, parent = path[index], path[index - 1]
        kind = parent.type
        if kind in ("function_definition", "lambda", "class_definition"):
            return False
        if kind == "try_statement" and parent.child_by_field_name("body") == node and _catches(parent, node):
            return True
        if not tested:
            continue
        if kind in ("boolean_operator", "not_operator"):
            return True
        if kind in ("if_statement", "elif_clause", "while_statement"):
            return parent.child_by_field_name("condition") == node or _in_try(path, index)
        if kind == "conditional_expression":
            return named_child(parent, 1) == node or _in_try(path, index)
        is_none = kind == "comparison_operator" and b"None" in (parent.text or b"")
        tested = is_none or kind == "parenthesized_expression"
    return False


def _in_try(path: list[Node], at: int) -> bool:
    for index in range(at - 1, max(at - CLIMB, 0), -1):
        node, parent = path[index], path[index - 1]
        if parent.type in ("function_definition", "lambda", "class_definition"):
            return False
        is_body = parent.type == "try_statement" and parent.child_by_field_name("body") == node
        if is_body and _catches(parent, node):
            return True
    return False


def _catches(statement: Node, body: Node) -> bool:
    """Whether a `try` allows for the absence of what its body reads."""
    short = body.named_child_count <= SHORT_TRY
    for clause in statement.named_children:
        if clause.type == "except_clause":
            value = clause.child_by_field_name("value")
            names = set(re.findall(r"\w+", node_text(value).split(" as ")[0]))
            if names & MISSING or (short and (names & ANYTHING or not names)):
                return True
    return False
