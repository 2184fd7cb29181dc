"""Reads one file into a `Module`: its imports, exports, top-level declarations and classes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Literal

from wslint.files import Files
from wslint.regex import regex
from wslint.source.facts import ExportKind
from wslint.source.javascript import recovery
from wslint.source.javascript.classes import read_classes, reference_of
from wslint.source.javascript.imports import ImportReader
from wslint.source.javascript.model import Class, Declaration, Export, Import, Module, Reference
from wslint.source.javascript.syntax import (
    CLASSES,
    FUNCTION_VALUES,
    Syntax,
    arguments,
    meaningful,
    syntax_of,
    unwrap,
    words,
)
from wslint.text import Comment, SourceFile, Span

if TYPE_CHECKING:
    from tree_sitter import Node

_VALUES = frozenset(
    {"string", "number", "template_string", "true", "false", "null", "undefined", "array", "regex"}
)
_FUNCTION_DECLARATIONS = frozenset({"function_declaration", "generator_function_declaration"})
_VARIABLES = frozenset({"lexical_declaration", "variable_declaration"})
_TYPES = frozenset({"interface_declaration", "type_alias_declaration"})
_COMMONJS = regex(rb"module\s*\.\s*exports|exports\s*[.\[]|exports\s*,\s*[\"']__esModule")
_LISTENER = regex(rb"addEventListener\s*\(\s*[\"'`]fetch[\"'`]")
_NAMESPACE_VALUE = regex(rb"(?<![\w$])(?:const|let|var|function|class|enum)(?![\w$])")


def read_module(files: Files, file: SourceFile) -> Module:
    """What a file says, read once a run."""
    key = ("javascript", str(file.path))
    known = files.cache.get(key)
    if isinstance(known, Module):
        return known
    syntax = syntax_of(files, file)
    if syntax is None:
        module = Module(file)
        module.hidden.append((Span(file, 0, 0), "the file is too tangled to parse in bounded time"))
    else:
        module = _Reader(syntax).read()
    files.cache[key] = module
    return module


class _Reader:
    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self.module = Module(syntax.file)
        self.imports = ImportReader(syntax, self.module)
        self.classes: dict[int, Class] = {}
        self.reassigned: set[str] = set()

    def read(self) -> Module:
        module, syntax = self.module, self.syntax
        module.classes = read_classes(syntax)
        self.classes = {each.start: each for each in module.classes}
        for statement in syntax.root.named_children:
            self.statement(statement)
        self.imports.finish()
        for name in self.reassigned:
            declared = module.declarations.get(name)
            if declared is not None:
                module.declarations[name] = Declaration(
                    name, "unknown", declared.span, declared.start, declared.end
                )
        module.types -= module.declarations.keys()
        if syntax.root.has_error:
            module.hidden.extend(recovery.hidden_exports(syntax))
        if not module.exports and not module.stars:
            self.find_commonjs()
        if "default" not in module.exports:
            self.find_listener()
        if b"wslint:" in syntax.data:
            self.find_comments()
        return module

    def statement(self, node: Node) -> None:
        kind = node.type
        if kind == "import_statement":
            self.imports.statement(node)
        elif kind == "export_statement":
            self.export(node)
        elif kind == "expression_statement":
            self.expression(node)
        else:
            self.declare(node)

    def expression(self, node: Node) -> None:
        child = meaningful(node)
        if child is None:
            return
        if child.type == "internal_module":
            self.declare(child)
        elif child.type == "assignment_expression":
            left = child.child_by_field_name("left")
            if left is not None and left.type == "identifier":
                self.reassigned.add(self.syntax.text(left))

    def declare(self, node: Node, *, exported: bool = False) -> list[str]:
        """Record what a statement declares at the top level; gives the names that are values."""
        kind = node.type
        if kind in CLASSES or kind in _FUNCTION_DECLARATIONS:
            name = node.child_by_field_name("name")
            if name is None:
                return []
            cls = self.classes.get(node.start_byte)
            return self.add(name, "class" if kind in CLASSES else "function", node, cls=cls)
        if kind in _VARIABLES:
            return self.variables(node)
        if kind in _TYPES or kind == "function_signature":
            name = node.child_by_field_name("name")
            self.add_type(name, exported=exported)
        elif kind == "ambient_declaration":
            self.ambient(node, exported=exported)
        elif kind in ("enum_declaration", "internal_module"):
            name = node.child_by_field_name("name")
            if name is not None and (kind == "enum_declaration" or self.has_values(node)):
                return self.add(name, "unknown", node, weak=True)
            self.add_type(name, exported=exported)
        elif kind == "import_alias":
            name = meaningful(node)
            if name is not None:
                return self.add(name, "unknown", node)
        return []

    def has_values(self, node: Node) -> bool:
        """Whether a namespace holds more than types; only then it exists at run time."""
        return bool(_NAMESPACE_VALUE.search(self.syntax.data, node.start_byte, node.end_byte))

    def add_type(self, name: Node | None, *, exported: bool) -> None:
        """Record a name that the compiled code doesn't have."""
        if name is not None and name.type != "string":
            self.module.types.add(self.syntax.text(name))
            if exported:
                self.module.exported_types.add(self.syntax.text(name))

    def ambient(self, node: Node, *, exported: bool) -> None:
        """`declare …`: names that another script brings, for the type checker only."""
        for child in node.named_children:
            self.add_type(child.child_by_field_name("name"), exported=exported)
            for declarator in child.named_children if child.type in _VARIABLES else ():
                self.add_type(declarator.child_by_field_name("name"), exported=exported)

    def add(
        self,
        name: Node,
        kind: ExportKind | Literal["alias"],
        value: Node,
        *,
        target: Reference = (),
        cls: Class | None = None,
        weak: bool = False,
    ) -> list[str]:
        """Record one declaration. A weak one (a namespace) gives way to a class of the same name."""
        text = self.syntax.text(name)
        if not (weak and text in self.module.declarations):
            span = self.syntax.span(name)
            self.module.declarations[text] = Declaration(
                text, kind, span, value.start_byte, value.end_byte, target, cls
            )
        return [text]

    def variables(self, node: Node) -> list[str]:
        names: list[str] = []
        for declarator in node.named_children:
            name = declarator.child_by_field_name("name")
            if declarator.type != "variable_declarator" or name is None:
                continue
            value = declarator.child_by_field_name("value")
            if name.type == "identifier":
                kind, target, cls, node_of = self.value(value)
                names += self.add(name, kind, node_of or declarator, target=target, cls=cls)
            else:
                for each in _pattern_names(name):
                    names += self.add(each, "unknown", declarator)
        return names

    def value(
        self, node: Node | None
    ) -> tuple[ExportKind | Literal["alias"], Reference, Class | None, Node | None]:
        """What an expression is: its kind, the name it stands for, its class, its node."""
        node = unwrap(node)
        if node is None:
            return "unknown", (), None, None
        if node.type == "class":
            return "class", (), self.classes.get(node.start_byte), node
        if node.type in FUNCTION_VALUES:
            return "function", (), None, node
        if node.type == "object":
            return "object", (), None, node
        if node.type in _VALUES:
            return "value", (), None, node
        reference = reference_of(self.syntax, node)
        if reference is not None:
            return "alias", reference, None, node
        return "unknown", (), None, node

    def export(self, node: Node) -> None:
        syntax, module = self.syntax, self.module
        tokens = {child.type: child for child in node.children}
        source = self.imports.reexport(node, type_only=recovery.is_type_export(syntax, tokens))
        clause = tokens.get("export_clause")
        if (source is not None and source.type_only) or (clause is not None and "type" in tokens):
            module.exported_types |= {each for each, _, _ in self.imports.specifiers(clause)}
            return
        if "default" in tokens:
            self.export_default(node, tokens["default"])
        elif "=" in tokens:
            module.commonjs = syntax.span(tokens["="])
        elif "namespace_export" in tokens and source is not None:
            star = meaningful(tokens["namespace_export"])
            name = syntax.name(star)
            if star is not None and name is not None:
                self.add_export(Export(name, syntax.span(star), source=source, imported="*"))
        elif clause is not None:
            self.export_clause(clause, source)
        elif "*" in tokens and source is not None:
            module.stars.append(source)
        else:
            self.export_declaration(node)

    def add_export(self, export: Export) -> None:
        self.module.exports.setdefault(export.name, export)

    def export_clause(self, clause: Node, source: Import | None) -> None:
        for specifier in clause.named_children:
            if specifier.type == "export_specifier" and any(c.type == "type" for c in specifier.children):
                name = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
                self.module.exported_types.add(self.syntax.name(name) or "")
        for exported, local, span in self.imports.specifiers(clause):
            if source is not None:
                self.add_export(Export(exported, span, source=source, imported=local))
            else:
                self.add_export(Export(exported, span, local=local))

    def export_declaration(self, node: Node) -> None:
        declaration = node.child_by_field_name("declaration")
        if declaration is None:
            return
        names = self.declare(declaration, exported=True)
        for name in names:
            span = self.module.declarations[name].span
            self.add_export(Export(name, span, local=name))

    def export_default(self, node: Node, keyword: Node) -> None:
        declaration = node.child_by_field_name("declaration")
        span = self.syntax.span(keyword)
        if declaration is not None:
            names = self.declare(declaration)
            if names:
                self.add_export(Export("default", span, local=names[0]))
            elif declaration.type in _TYPES or declaration.type == "function_signature":
                self.module.exported_types.add("default")
            else:
                self.export_unnamed(span, declaration)
            return
        value = node.child_by_field_name("value")
        if value is not None:
            self.export_unnamed(span, value)
        elif not any(child.is_error for child in node.children):
            self.add_export(Export("default", span))

    def export_unnamed(self, span: Span, node: Node) -> None:
        kind, target, cls, value = self.value(node)
        node = value or node
        declaration = Declaration("default", kind, span, node.start_byte, node.end_byte, target, cls)
        if kind != "alias":
            declaration = Declaration(
                "default", kind, self.syntax.span(node).head(), node.start_byte, node.end_byte, target, cls
            )
        self.add_export(Export("default", span, declaration=declaration))

    def find_commonjs(self) -> None:
        if self.syntax.file.path.suffix == ".cjs":
            self.module.commonjs = Span(self.syntax.file, 0, 0)
        data = self.syntax.data
        for at in chain(words(data, b"module"), words(data, b"exports")):
            match = _COMMONJS.match(data, at)
            leaf = self.syntax.leaf(at, at + 1) if match is not None else None
            if match is not None and leaf is not None and leaf.type == "identifier":
                self.module.commonjs = Span(self.syntax.file, at, match.end())
                return

    def find_listener(self) -> None:
        """`addEventListener("fetch", …)` that runs when the script starts, also inside an IIFE."""
        for at in words(self.syntax.data, b"addEventListener"):
            path = self.syntax.path(at, at + 1) if _LISTENER.match(self.syntax.data, at) else None
            if path is None or path[-1].type not in ("identifier", "property_identifier"):
                continue
            for index, node in enumerate(path):
                if node.type in CLASSES or node.type == "method_definition":
                    break
                if node.type in _FUNCTION_DECLARATIONS:
                    break
                if node.type in FUNCTION_VALUES and not _is_called(path, index):
                    break
            else:
                call = next((node for node in reversed(path) if node.type == "call_expression"), None)
                if call is not None and arguments(call):
                    self.module.listener = self.syntax.span(call)
                    return

    def find_comments(self) -> None:
        last = -1
        data, start = self.syntax.data, 0
        while (start := data.find(b"wslint:", start)) != -1:
            leaf = self.syntax.leaf(start, start + 1)
            start += 1
            if leaf is not None and leaf.type == "comment" and leaf.start_byte != last:
                last = leaf.start_byte
                self.module.comments.append(Comment(self.syntax.span(leaf), self.syntax.text(leaf)))


def _is_called(path: list[Node], index: int) -> bool:
    """Whether the function at `path[index]` is called right where it stands."""
    child = path[index]
    for node in reversed(path[:index]):
        if node.type == "call_expression":
            return node.child_by_field_name("function") == child
        if node.type not in ("parenthesized_expression", "unary_expression"):
            return False
        child = node
    return False


def _pattern_names(pattern: Node) -> list[Node]:
    """The variables that a destructuring pattern declares."""
    found: list[Node] = []
    stack = [pattern]
    while stack:
        node = stack.pop()
        kind = node.type
        if kind in ("identifier", "shorthand_property_identifier_pattern"):
            found.append(node)
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            left = node.child_by_field_name("left")
            stack += [left] if left is not None else []
        elif kind == "pair_pattern":
            value = node.child_by_field_name("value")
            stack += [value] if value is not None else []
        else:
            stack += reversed(node.named_children)
    return found
