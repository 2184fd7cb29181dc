"""One Rust file: its modules, the items that leave the wasm module, and what it names elsewhere."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from wslint.files import Files
from wslint.record import field, frozen, record
from wslint.source.rust import attributes, bindings
from wslint.source.rust.attributes import Attribute
from wslint.source.rust.grammar import tree_of
from wslint.source.rust.locate import CLIMB, marked_comments, named_child, node_span, node_text
from wslint.text import Comment, SourceFile, Span

if TYPE_CHECKING:
    from tree_sitter import Node

STATIC_MACROS = frozenset(
    {"thread_local", "lazy_static", "compile_error", "const_assert", "const_assert_eq", "assert_impl_all"}
    | {"assert_not_impl_any", "bitflags", "wasm_bindgen_test_configure", "register_custom_getrandom"}
)
"""Item macros of other crates that are known to declare no exported class."""

KNOWN_ATTRIBUTES = frozenset(
    {"derive", "allow", "warn", "deny", "forbid", "expect", "doc", "must_use", "repr", "non_exhaustive"}
    | {"cfg", "deprecated", "automatically_derived", "serde", "serde_as", "skip_serializing_none"}
    | {"derivative", "derive_where", "educe", "pin_project", "typeshare", "tsify", "rustfmt", "clippy", "ts"}
)
"""Attributes of structs that export nothing."""

Kind = Literal["durable object", "class", "function", "object"]


@frozen
class Declaration:
    """An item that leaves the wasm module if its crate is linked; `certain` is False under a syntax error."""

    kind: Kind
    name: str  # as JavaScript sees it
    rust_name: str
    span: Span
    certain: bool


@frozen
class Module:
    """`mod name;`: the inline modules around it, and its `#[path]`."""

    name: str
    inside: tuple[str, ...]
    path: str | None
    span: Span


@frozen
class Use:
    """One name that a `use` brings in: `name` is `*` for a glob."""

    name: str
    path: tuple[str, ...]
    public: bool
    span: Span


@frozen
class Constant:
    """`const NAME: &str = …`: the text and where it stands, or the path of another constant."""

    name: str
    owner: str | None
    value: Span | tuple[str, ...]


@frozen
class Opaque:
    """Something that may declare exported items unseen: a macro, or another crate's attribute."""

    name: str
    span: Span
    text: str
    attribute: bool = False


@record
class RustFile:
    """What one file says, whatever crate it is part of."""

    file: SourceFile
    modules: list[Module] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    events: list[Span] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    constants: list[Constant] = field(default_factory=list)
    fields: dict[tuple[str, str], str] = field(default_factory=dict)  # (struct, field) → type
    macros: dict[str, str] = field(default_factory=dict)
    opaque: list[Opaque] = field(default_factory=list)
    errors: list[Span] = field(default_factory=list)
    binding_uses: list[bindings.Candidate] = field(default_factory=list)
    sql_uses: dict[str, Span] = field(default_factory=dict)  # struct → first use in its impl blocks
    comments: list[Comment] = field(default_factory=list)
    impls: list[tuple[str, int, int]] = field(default_factory=list)  # type, start, end
    dead: list[tuple[int, int]] = field(default_factory=list)  # what a Worker's build leaves out
    _imports: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def is_dead(self, offset: int) -> bool:
        """Whether a place is left out of a Worker's build, as tests are."""
        index = bisect_right(self.dead, offset, key=lambda one: one[0]) - 1
        return index >= 0 and offset < self.dead[index][1]

    def resolve(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """A path with its first name replaced by what a `use` of this file says it is."""
        if not self._imports:
            for use in self.uses:
                self._imports.setdefault(use.name, use.path)
        return self._imports.get(path[0], path[:1]) + path[1:]

    def is_foreign(self, path: tuple[str, ...]) -> bool:
        """Whether a path surely leads to a crate that is neither `worker` nor this one."""
        found = self.resolve(path)
        own = {"worker", "crate", "self", "super", *(module.name for module in self.modules)}
        return len(found) > 1 and found[0] not in own


@frozen
class _Frame:
    children: Iterator[Node]
    inside: str = ""  # the inline module that this is
    owner: str | None = None
    certain: bool = True


def read_items(file: SourceFile, files: Files) -> RustFile:
    """The facts of one file, parsed once a run."""
    key = ("rust", os.fspath(file.path))
    known = files.cache.get(key)
    if not isinstance(known, RustFile):
        known = _Reader(file).read()
        files.cache[key] = known
    return known


class _Reader:
    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.found = RustFile(file)
        self.impls: list[tuple[str, int, int]] = []
        self.dead: list[tuple[int, int]] = []
        self.stack: list[_Frame] = []
        self.declared: list[tuple[Node, list[Attribute], bool]] = []

    def read(self) -> RustFile:
        root = tree_of(self.file).root_node
        self.items(root)
        for node, attached, certain in self.declared:  # once every `use` of the file is known
            self.declaration(node, attached, certain)
        if root.is_error:
            self.found.errors.append(node_span(self.file, root).head())
        found = self.found
        found.comments = marked_comments(self.file, root)
        found.impls = self.impls
        found.dead = sorted(self.dead)
        found.binding_uses = bindings.candidates(self.file, root, found.is_dead, self.impls)
        found.sql_uses = bindings.sql_uses(self.file, root, self.impls)
        return found

    def items(self, root: Node) -> None:
        """Walks modules and impl blocks, never function bodies; a stack, since nesting has no limit."""
        stack = self.stack
        stack.append(_Frame(iter(root.children), certain=not root.is_error))
        pending: list[Attribute] = []
        while stack:
            frame = stack[-1]
            node = next(frame.children, None)
            if node is None:
                stack.pop()
                pending = []
            elif node.type == "attribute_item":
                pending += self.attribute(node)
            elif node.type == "inner_attribute_item":
                if any(self.is_dead(one) for one in self.attribute(node)):
                    self.dead.append((frame_start(node), frame_end(node)))
                    stack.pop()
            elif (node.is_named and not node.type.endswith("comment")) or node.is_error:
                inner = self.item(node, pending, frame)
                pending = []
                if inner is not None:
                    stack.append(inner)

    def attribute(self, node: Node) -> list[Attribute]:
        inside = next((child for child in node.named_children if child.type == "attribute"), None)
        return attributes.parse(node_text(inside), node.start_byte, node.end_byte)

    def is_dead(self, attribute: Attribute) -> bool:
        if attribute.path == ("cfg",):
            return any(attributes.condition(one) is False for one in attribute.arguments)
        return attribute.name in ("test", "wasm_bindgen_test")

    def item(self, node: Node, attached: list[Attribute], frame: _Frame) -> _Frame | None:
        """Records one item; gives the frame of its contents where those hold items too."""
        if any(self.is_dead(one) for one in attached):
            self.dead.append((node.start_byte, node.end_byte))
            return None
        kind = node.type
        if kind == "mod_item":
            return self.module(node, attached, frame)
        if kind in ("struct_item", "enum_item", "function_item"):
            self.declared.append((node, attached, frame.certain))
        elif kind == "impl_item":
            return self.implementation(node, frame)
        elif kind in ("const_item", "static_item"):
            self.constant(node, frame)
        elif kind == "use_declaration":
            self.use(node)
        elif kind == "macro_definition":
            self.found.macros[node_text(node.child_by_field_name("name"))] = node_text(node)
        elif kind == "macro_invocation":
            self.macro(node)
        elif kind == "expression_statement":
            inner = named_child(node, 0)
            if inner is not None and inner.type == "macro_invocation":
                self.macro(inner)
        elif node.is_error:
            self.found.errors.append(node_span(self.file, node).head())
            return _Frame(iter(node.children), owner=frame.owner, certain=False)
        return None

    def module(self, node: Node, attached: list[Attribute], frame: _Frame) -> _Frame | None:
        name_node = node.child_by_field_name("name")
        name = node_text(name_node).removeprefix("r#")
        path = next((one.value for one in attached if one.path == ("path",)), None)
        body = node.child_by_field_name("body")
        if body is not None:
            return _Frame(iter(body.children), path or name, None, frame.certain)
        if name_node is not None:
            if len(self.stack) > CLIMB:  # no file system has such a path
                self.found.errors.append(node_span(self.file, name_node))
                return None
            inside = tuple(one.inside for one in self.stack if one.inside)
            self.found.modules.append(Module(name, inside, path, node_span(self.file, name_node)))
        return None

    def declaration(self, node: Node, attached: list[Attribute], certain: bool) -> None:
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        span = node_span(self.file, name_node)
        name = span.text.removeprefix("r#")
        if node.type == "struct_item":
            self.struct_fields(node, name)
        derives = any(one.name == "derive" for one in attached)
        for attribute in attached:
            path = self.found.resolve(attribute.path)
            if path[-1] == "wasm_bindgen":
                self.bindgen(node, attribute, name, span, certain)
            elif node.type == "function_item":
                if path[-1] == "event" and set(attribute.arguments) - {"start", "respond_with_errors"}:
                    self.found.events.append(span)
            elif node.type != "struct_item":
                continue
            elif path[-1] == "workflow" and _is_worker(path):
                self.found.declarations.append(Declaration("class", name, name, span, certain))
            elif path[-1] == "durable_object" and _is_worker(path):
                self.found.declarations.append(Declaration("durable object", name, name, span, certain))
            elif self.may_export(attribute, path, derives):
                at = Span(self.file, attribute.start, attribute.end)
                self.found.opaque.append(Opaque("::".join(attribute.path), at, name, attribute=True))

    def may_export(self, attribute: Attribute, path: tuple[str, ...], derives: bool) -> bool:
        """Whether an attribute is another crate's macro, which may turn the item into an exported class."""
        if attribute.name == "derive":
            return any(one.split("::")[-1].strip() == "DurableObject" for one in attribute.arguments)
        if attribute.name in KNOWN_ATTRIBUTES or attribute.path[0] in KNOWN_ATTRIBUTES:
            return False
        # With a derive, a name that nothing imports is that derive's own helper attribute.
        return not (derives and len(path) == 1)

    def bindgen(self, node: Node, attribute: Attribute, name: str, span: Span, certain: bool) -> None:
        renamed = re.search(r'\bjs_name\s*=\s*"?([\w$]+)', attribute.rest)
        if "start" in attribute.arguments:
            return
        kinds: dict[str, Kind] = {"struct_item": "class", "function_item": "function"}
        kind = kinds.get(node.type, "object")
        exported = renamed[1] if renamed is not None else name
        self.found.declarations.append(Declaration(kind, exported, name, span, certain))

    def struct_fields(self, node: Node, name: str) -> None:
        body = node.child_by_field_name("body")
        position = 0
        for child in body.named_children if body is not None else []:
            if child.type == "field_declaration":
                key = node_text(child.child_by_field_name("name"))
                self.found.fields[name, key] = node_text(child.child_by_field_name("type"))
            elif not child.type.endswith(("comment", "modifier", "attribute_item")):
                self.found.fields[name, str(position)] = node_text(child)
                position += 1

    def implementation(self, node: Node, frame: _Frame) -> _Frame | None:
        target = node.child_by_field_name("type")
        if target is not None and target.type == "generic_type":
            target = target.child_by_field_name("type")
        owner = node_text(target).split("::")[-1].strip()
        self.impls.append((owner, node.start_byte, node.end_byte))
        body = node.child_by_field_name("body")
        return _Frame(iter(body.children), owner=owner, certain=frame.certain) if body is not None else None

    def constant(self, node: Node, frame: _Frame) -> None:
        name = node_text(node.child_by_field_name("name"))
        value = node.child_by_field_name("value")
        literal = bindings.literal_content(self.file, value)
        if literal is not None:
            self.found.constants.append(Constant(name, frame.owner, literal))
        elif value is not None and value.type in ("identifier", "scoped_identifier"):
            self.found.constants.append(Constant(name, frame.owner, bindings.path_of(value)))

    def use(self, node: Node) -> None:
        public = any(child.type == "visibility_modifier" for child in node.children)
        argument = node.child_by_field_name("argument")
        waiting: list[tuple[Node, tuple[str, ...]]] = [(argument, ())] if argument is not None else []
        while waiting:
            tree, prefix = waiting.pop()
            kind = tree.type
            if kind in ("scoped_use_list", "use_list"):
                path = tree.child_by_field_name("path")
                if len(prefix) > CLIMB:
                    continue
                inner = prefix + (bindings.path_of(path) if path is not None else ())
                body = tree.child_by_field_name("list") if kind == "scoped_use_list" else tree
                waiting += [(child, inner) for child in reversed(body.named_children)] if body else []
                continue
            named: Node | None = tree
            alias = None
            if kind == "use_as_clause":
                named, alias = tree.child_by_field_name("path"), tree.child_by_field_name("alias")
            elif kind == "use_wildcard":
                named = named_child(tree, 0)
            if kind.endswith("comment"):
                continue
            path_parts = prefix + (bindings.path_of(named) if named is not None else ())
            if path_parts and path_parts[-1] == "self":
                path_parts = path_parts[:-1]
            leaf = (
                "*" if kind == "use_wildcard" else node_text(alias) or (path_parts[-1] if path_parts else "")
            )
            span_node = alias or (named.child_by_field_name("name") if named is not None else None) or tree
            if leaf and path_parts:
                self.found.uses.append(Use(leaf, path_parts, public, node_span(self.file, span_node)))

    def macro(self, node: Node) -> None:
        name = node_text(node.child_by_field_name("macro")).split("::")[-1].strip()
        if name not in STATIC_MACROS:
            span = node_span(self.file, node).head()
            self.found.opaque.append(Opaque(name, span, node_text(node)))


def frame_start(inner_attribute: Node) -> int:
    """Where the module that an inner attribute speaks of begins."""
    parent = inner_attribute.parent
    return parent.start_byte if parent is not None else 0


def frame_end(inner_attribute: Node) -> int:
    parent = inner_attribute.parent
    return parent.end_byte if parent is not None else inner_attribute.end_byte


def _is_worker(path: tuple[str, ...]) -> bool:
    """Whether a resolved path to `durable_object` is that of the worker crate, or of a re-export nearby."""
    return len(path) == 1 or path[0] in ("worker", "crate", "self", "super")
