"""From a Python file's syntax tree to its `Module`."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.record import frozen, replace
from wslint.regex import regex
from wslint.source.facts import ExportKind
from wslint.source.python.model import Class, Definition, Function, Import, Module, dotted, tree_of
from wslint.source.rust.locate import Locator, marked_comments, named_child, node_span, node_text
from wslint.text import SourceFile, Span, line_start

if TYPE_CHECKING:
    from tree_sitter import Node

DEAD_AT_RUN_TIME = regex(
    r"^\(?\s*(?:(?:typing|t)\.)?TYPE_CHECKING\s*\)?$|^__name__\s*==\s*['\"]__main__['\"]$"
)
BRANCHING = frozenset(
    {"if_statement", "try_statement", "for_statement", "while_statement", "match_statement", "case_clause"}
)
ALIVE_AT_RUN_TIME = regex(r"^not\s+(?:(?:typing|t)\.)?TYPE_CHECKING$")
PATTERNS = frozenset(
    {"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "parenthesized_expression"}
)
INNER_IMPORT = regex(rb"import\b")
DYNAMIC = regex(r"^(?:globals|vars|locals|exec|setattr)\s*\(")

LITERALS: dict[str, ExportKind] = {
    "string": "value",
    "concatenated_string": "value",
    "integer": "value",
    "float": "value",
    "true": "value",
    "false": "value",
    "none": "value",
    "list": "value",
    "tuple": "value",
    "set": "value",
    "dictionary": "object",
    "lambda": "function",
}


def read_module(file: SourceFile, files: Files) -> Module:
    """The facts of one file, gathered once a run."""
    key = ("python", os.fspath(file.path))
    known = files.cache.get(key)
    if not isinstance(known, Module):
        known = _Reader(file).read()
        files.cache[key] = known
    return known


@frozen
class _Frame:
    children: Iterator[Node]
    conditional: bool = False
    fallback: bool = False
    certain: bool = True


class _Reader:
    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.found = Module(file)
        self.dead: list[tuple[int, int]] = []

    def read(self) -> Module:
        root = tree_of(self.file).root_node
        if root.is_error:
            self.found.errors.append(node_span(self.file, root).head())
        self.statements(root)
        self.inner_imports(root)
        self.found.functions.sort(key=lambda one: one.start)
        self.found.classes.sort(key=lambda one: one.start)
        self.found.comments = marked_comments(self.file, root)
        return self.found

    def statements(self, root: Node) -> None:
        """Walks the top level and the blocks in it, never functions; a stack, since nesting has no limit."""
        stack = [_Frame(iter(root.children), certain=not root.is_error)]
        while stack:
            node = next(stack[-1].children, None)
            if node is None:
                stack.pop()
            else:
                stack += reversed(list(self.statement(node, stack[-1])))

    def statement(self, node: Node, frame: _Frame) -> Iterator[_Frame]:
        """Records one statement; gives the frames of the blocks in it."""
        kind = node.type
        if kind == "expression_statement":
            for child in node.named_children:
                self.expression(child, frame)
        elif kind == "decorated_definition":
            definition = node.child_by_field_name("definition")
            decorators = [one for one in node.named_children if one.type == "decorator"]
            if definition is not None:
                self.definition(definition, frame, decorators)
        elif kind in ("class_definition", "function_definition"):
            self.definition(node, frame, [])
        elif kind in ("import_statement", "import_from_statement"):
            for bound, binding, whole in self.imported(node, frame):
                self.found.imports.append(whole)
                if bound == "*":
                    self.found.stars.append(whole)
                else:
                    self.bind(bound, binding)
        elif kind in BRANCHING:
            yield from self.blocks(node, frame)
        elif kind == "with_statement":
            body = node.child_by_field_name("body")
            if body is not None:
                yield _Frame(iter(body.children), frame.conditional, frame.fallback, frame.certain)
        elif kind == "delete_statement":
            for child in node.named_children:
                self.found.names.pop(node_text(child), None)
        elif kind == "type_alias_statement":
            alias = named_child(node, 0)
            if alias is not None:
                span = node_span(self.file, alias)
                self.bind(span.text, Definition(span, frame.conditional, kind="value"))
        elif node.is_error:
            self.found.errors.append(node_span(self.file, node).head())
            yield _Frame(iter(node.children), True, frame.fallback, certain=False)

    def blocks(self, node: Node, frame: _Frame) -> Iterator[_Frame]:
        """The blocks of a compound statement; those that never run in a Worker are left out."""
        test = node_text(node.child_by_field_name("condition")).strip()
        only_types = DEAD_AT_RUN_TIME.match(test) is not None
        clauses = [child.type for child in node.named_children if child.type.endswith("_clause")]
        for child in node.named_children:
            if child.type == "block":
                always = ALIVE_AT_RUN_TIME.match(test) is not None
                yield from self.block(child, frame, only_types, not always, False)
            elif child.type.endswith("_clause"):
                always = child.type == "finally_clause" or (only_types and clauses == ["else_clause"])
                handler = child.type.startswith("except")
                inner_test = node_text(child.child_by_field_name("condition")).strip()
                dead = DEAD_AT_RUN_TIME.match(inner_test) is not None
                for block in child.named_children:
                    if block.type == "block":
                        yield from self.block(block, frame, dead, not always, handler)

    def block(
        self, block: Node, frame: _Frame, dead: bool, conditional: bool, handler: bool
    ) -> Iterator[_Frame]:
        if dead:
            self.dead.append((block.start_byte, block.end_byte))
        else:
            children = iter(block.children)
            conditional = conditional or frame.conditional
            yield _Frame(children, conditional, frame.fallback or handler, frame.certain)

    def bind(self, name: str, definition: Definition) -> None:
        """A later binding replaces the earlier ones, unless it may not happen."""
        if definition.conditional:
            self.found.names.setdefault(name, []).append(definition)
        else:
            self.found.names[name] = [definition]

    def definition(self, node: Node, frame: _Frame, decorators: list[Node]) -> None:
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        span = node_span(self.file, name_node)
        name = span.text
        if node.type == "function_definition":
            function = self.function(node, span, decorators)
            self.found.functions.append(function)
            self.bind(name, Definition(span, frame.conditional, frame.fallback, function=function))
            return
        superclasses = node.child_by_field_name("superclasses")
        bases = tuple(
            dotted(child.child_by_field_name("value") if child.type == "subscript" else child)
            for child in (superclasses.named_children if superclasses is not None else [])
            if child.type not in ("keyword_argument", "comment")
        )
        texts = tuple(node_text(one).lstrip("@").split("(")[0].strip() for one in decorators)
        found = Class(name, span, node.start_byte, node.end_byte, bases, texts)
        self.found.classes.append(found)
        self.members(node.child_by_field_name("body"), found)
        conditional = frame.conditional or not frame.certain
        self.bind(name, Definition(span, conditional, frame.fallback, cls=found))

    def members(self, body: Node | None, owner: Class) -> None:
        for child in body.named_children if body is not None else []:
            node: Node | None = child
            decorators: list[Node] = []
            if child.type == "decorated_definition":
                node = child.child_by_field_name("definition")
                decorators = [one for one in child.named_children if one.type == "decorator"]
            if node is not None and node.type == "function_definition":
                name_node = node.child_by_field_name("name")
                if name_node is not None:
                    method = self.function(node, node_span(self.file, name_node), decorators)
                    method.owner = owner
                    owner.methods[method.name] = method
                    self.found.functions.append(method)
            elif child.type == "expression_statement":
                inner = named_child(child, 0)
                if inner is not None and inner.type == "assignment" and inner.child_by_field_name("type"):
                    owner.fields.append(node_text(inner.child_by_field_name("left")))

    def function(self, node: Node, span: Span, decorators: list[Node]) -> Function:
        parameters = node.child_by_field_name("parameters")
        given = node_span(self.file, parameters or node)
        static = any(node_text(one).strip() == "@staticmethod" for one in decorators)
        return Function(span.text, span, node.start_byte, node.end_byte, given, static)

    def expression(self, node: Node, frame: _Frame) -> None:
        if node.type == "assignment":
            self.assignment(node, frame)
        elif node.type == "augmented_assignment":
            target = node_text(node.child_by_field_name("left"))
            right = node.child_by_field_name("right")
            if target == "__all__":
                self.export_list(right, extend=True, frame=frame)
            elif target in self.found.names:
                self.bind(target, Definition(node_span(self.file, node), True))
        elif node.type == "call":
            text = node_text(node)
            if text.startswith("__all__."):
                arguments = node.child_by_field_name("arguments")
                given = arguments.named_children if arguments is not None else []
                value = given[0] if len(given) == 1 else None
                if (
                    text.startswith("__all__.append")
                    and value is not None
                    and self.found.exported is not None
                ):
                    self.found.exported.append(_string(value) or "")
                    self.found.exported_known &= _string(value) is not None
                else:
                    self.export_list(value, extend=True, frame=frame)
            elif DYNAMIC.match(text):
                self.found.dynamic.append(node_span(self.file, node).head())

    def assignment(self, node: Node, frame: _Frame) -> None:
        targets: list[Node] = []
        value: Node | None = node
        while value is not None and value.type == "assignment":
            left = value.child_by_field_name("left")
            targets += [left] if left is not None else []
            value = value.child_by_field_name("right")
        if value is None:
            return  # `name: type` binds nothing
        parts: list[Node] = []
        for target in targets:
            if target.type == "identifier":
                name = node_text(target)
                if name == "__all__":
                    self.export_list(value, extend=False, frame=frame)
                    continue
                kind = LITERALS.get(value.type, "unknown")
                span, alias = node_span(self.file, target), dotted(value)
                self.bind(name, Definition(span, frame.conditional, frame.fallback, alias=alias, kind=kind))
            elif target.type in PATTERNS:
                parts.append(target)
            elif DYNAMIC.match(node_text(target)):
                self.found.dynamic.append(node_span(self.file, target).head())
        for part in parts:  # grows: patterns nest
            if part.type == "identifier":
                span = node_span(self.file, part)
                self.bind(span.text, Definition(span, frame.conditional, frame.fallback))
            elif part.type in PATTERNS:
                parts += part.named_children

    def export_list(self, value: Node | None, *, extend: bool, frame: _Frame) -> None:
        """`__all__ = […]`, with `+`; anything else leaves the list unknown."""
        names: list[str | None] = []
        waiting = [value]
        while waiting:
            node = waiting.pop()
            if node is not None and node.type == "binary_operator" and len(node.children) == 3:
                waiting += [node.child_by_field_name("right"), node.child_by_field_name("left")]
            elif node is not None and node.type in ("list", "tuple", "parenthesized_expression"):
                names += [_string(child) for child in node.named_children if child.type != "comment"]
            else:
                names.append(None)
        known = [name for name in names if name is not None]
        if extend and self.found.exported is not None:
            self.found.exported += known
        else:
            self.found.exported = known
        self.found.exported_known &= len(known) == len(names) and not frame.conditional

    def imported(self, node: Node, frame: _Frame) -> Iterator[tuple[str, Definition, Import]]:
        """The names that an import binds (`*` for a star), each with the whole import."""
        module_node = node.child_by_field_name("module_name")
        star = next((child for child in node.named_children if child.type == "wildcard_import"), None)
        level, module = 0, ""
        if module_node is not None:
            text = "".join(node_text(module_node).split())
            module = text.lstrip(".")
            level = len(text) - len(module)
        for name_node in [star] if star is not None else node.children_by_field_name("name"):
            alias = name_node.child_by_field_name("alias")
            target = name_node.child_by_field_name("name") or name_node
            text = "".join(node_text(target).split())
            span = node_span(self.file, alias or target)
            if module_node is not None:
                kept = whole = Import(level, module, text, node_span(self.file, module_node))
                name = node_text(alias) or text
            else:
                whole = Import(0, text, None, node_span(self.file, target))
                name = node_text(alias) or text.split(".")[0]
                kept = whole if alias is not None else Import(0, name, None, whole.span)
            yield name, Definition(span, frame.conditional, frame.fallback, imported=kept), whole

    def inner_imports(self, root: Node) -> None:
        """The imports inside functions, classes and blocks that never run."""
        dead = sorted(self.dead)
        starts = [start for start, _ in dead]
        known = {one.span.start for one in self.found.imports}
        locator: Locator | None = None
        data = self.file.data
        for match in INNER_IMPORT.finditer(data):
            offset = match.start()
            before = data[line_start(data, offset) : offset]
            if not before or (before[0] not in b" \t" and b":" not in before):
                continue  # a statement of the top level, seen already
            locator = locator or Locator(root)
            path = locator.path(offset)
            if len(path) < 2 or path[-2].type not in ("import_statement", "import_from_statement"):
                continue
            index = bisect_right(starts, offset) - 1
            type_only = index >= 0 and offset < dead[index][1]
            for name, definition, whole in self.imported(path[-2], _Frame(iter(()))):
                if whole.span.start in known:
                    continue
                self.found.imports.append(replace(whole, type_only=type_only))
                if not type_only:
                    self.found.local_names.setdefault(name, definition)
        self.found.imports.sort(key=lambda one: one.span.start)


def _string(node: Node | None) -> str | None:
    """The text of a plain string."""
    parts = node.named_children if node is not None and node.type == "string" else []
    contents = [part for part in parts if part.type == "string_content"]
    plain = len(contents) == 1 and len(parts) == 3 and not contents[0].named_child_count
    return (
        node_text(contents[0]) if plain and not node_text(parts[0]).lower().startswith(("f", "b")) else None
    )
