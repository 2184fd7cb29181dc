"""The imports of one file, and which of them TypeScript leaves out of the compiled code."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from wslint.regex import regex
from wslint.source.javascript.model import Import, Module
from wslint.source.javascript.syntax import Syntax, arguments, in_type, is_typescript, meaningful, words
from wslint.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLED = regex(rb"(?<!\w)\w++\s{0,100}\(")
_TYPE_TOKENS = ("type", "typeof")
_USES = frozenset({"identifier", "shorthand_property_identifier"})
MOST_LOOKS = 500
"""An import whose name is mentioned so often without being used as a value counts as used."""


class ImportReader:
    """Collects the imports of a module while its statements are read."""

    def __init__(self, syntax: Syntax, module: Module) -> None:
        self.syntax = syntax
        self.module = module

    def statement(self, node: Node) -> None:
        """`import …`"""
        syntax = self.syntax
        source = node.child_by_field_name("source")
        names: dict[str, str] = {}
        type_names: set[str] = set()
        type_only = False
        clause: Node | None = None
        for child in node.children:
            if child.type in _TYPE_TOKENS:
                type_only = True
            elif child.type == "import_clause":
                clause = child
                self._clause(child, names, type_names)
            elif child.type == "import_require_clause":  # import x = require("y")
                source = child.child_by_field_name("source")
                name = meaningful(child)
                if name is not None:
                    names[syntax.text(name)] = "*"
        specifier = syntax.string(source)
        if specifier is None or source is None:
            return
        if clause is not None and not type_only and is_typescript(syntax.file):
            type_only = not any(self._used_as_value(name, node) for name in names)
        imported = Import(specifier, syntax.span(source), names, type_only)
        self.module.imports.append(imported)
        for local, other in names.items():
            self.module.imported[local] = (imported, other)
        self.module.types |= type_names

    def _clause(self, clause: Node, names: dict[str, str], type_names: set[str]) -> None:
        text = self.syntax.text
        for child in clause.named_children:
            if child.type == "identifier":
                names[text(child)] = "default"
            elif child.type == "namespace_import":
                local = meaningful(child)
                if local is not None:
                    names[text(local)] = "*"
            elif child.type == "named_imports":
                for specifier in child.named_children:
                    if specifier.type != "import_specifier":
                        continue
                    name = specifier.child_by_field_name("name")
                    local = specifier.child_by_field_name("alias") or name
                    if local is None:
                        continue
                    if any(token.type in _TYPE_TOKENS for token in specifier.children if not token.is_named):
                        type_names.add(text(local))
                    else:  # the JavaScript grammar gives `default` no name node
                        names[text(local)] = self.syntax.name(name) or "default"

    def _used_as_value(self, name: str, statement: Node) -> bool:
        """Whether a name is mentioned outside types: TypeScript drops imports that are not."""
        syntax, key = self.syntax, name.encode()
        looks = 0
        for start in syntax.places(key):
            end = start + len(key)
            if statement.start_byte <= start < statement.end_byte:
                continue
            looks += 1
            if looks > MOST_LOOKS:
                return True
            leaf = syntax.leaf(start, end)
            whole = leaf is not None and (leaf.start_byte, leaf.end_byte) == (start, end)
            if leaf is not None and whole and leaf.type in _USES and not self._names_a_type(leaf):
                return True
        return False

    def _names_a_type(self, leaf: Node) -> bool:
        """`Rooms.Env` and `typeof Room`: an identifier that stands in a type all the same."""
        parent = leaf.parent
        if parent is None:
            return False
        if parent.type in ("type_query", "nested_type_identifier", "nested_identifier"):
            return True
        if parent.type != "member_expression":
            return False
        path = self.syntax.path(leaf.start_byte, leaf.end_byte)
        return path is not None and in_type(path)

    def reexport(self, node: Node, *, type_only: bool) -> Import | None:
        """The other module of `export … from "…"`."""
        source = node.child_by_field_name("source")
        specifier = self.syntax.string(source)
        if specifier is None or source is None:
            return None
        imported = Import(specifier, self.syntax.span(source), type_only=type_only)
        self.module.imports.append(imported)
        return imported

    def specifiers(self, clause: Node | None) -> Iterator[tuple[str, str, Span]]:
        """The names of `{ a, b as c }`: exported name, local name, place of the exported name."""
        for specifier in clause.named_children if clause is not None else ():
            if specifier.type != "export_specifier":
                continue
            if any(token.type in _TYPE_TOKENS for token in specifier.children if not token.is_named):
                continue
            name = specifier.child_by_field_name("name")
            alias = specifier.child_by_field_name("alias")
            # the JavaScript grammar gives `default` no name node
            local = (self.syntax.name(name) if name is not None else None) or "default"
            exported = self.syntax.name(alias) if alias is not None else local
            if exported is not None:
                yield exported, local, self.syntax.span(alias or name or specifier)

    def finish(self) -> None:
        """Add `import("…")` and `require("…")` wherever they stand."""
        data = self.syntax.data
        seen = {imported.span.start for imported in self.module.imports}  # import x = require("y")
        for at in chain(words(data, b"import"), words(data, b"require")):
            if not _CALLED.match(data, at):
                continue
            path = self.syntax.path(at, at + 1)
            if path is None or path[-1].type not in ("import", "identifier") or in_type(path):
                continue
            while path[-1].type in ("import", "identifier"):  # the word `import` is a node in a node
                path.pop()
            given = arguments(path[-1]) if path[-1].type == "call_expression" else []
            if not given or path[-1].start_byte != at:  # f(require)
                continue
            specifier = self.syntax.string(given[0])
            if specifier is not None and given[0].start_byte not in seen:
                self.module.imports.append(Import(specifier, self.syntax.span(given[0])))
