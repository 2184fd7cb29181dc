"""The top level of a file: imports, exports, and TypeScript's enums and namespaces.

Names that a module exports under another name, or passes on from another module, are put into the
result as well, so that whoever asks the lowered module for an exported name finds it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.javascript.lower.lowering import Lowering
from wslint.source.javascript.lower.operators import error
from wslint.source.javascript.lower.strings import cooked, property_name
from wslint.source.javascript.syntax import meaningful

if TYPE_CHECKING:
    from tree_sitter import Node

_TYPE_ONLY = frozenset({"type", "typeof"})


def program(lowering: Lowering, root: Node, out: list[tree.Statement]) -> None:
    """The whole file. Its root is an error itself where the parser found no way to begin."""
    for child in [root] if root.is_error else root.named_children:
        if child.is_error:
            declared: list[tree.Statement] = []
            found = error(lowering, child, declared)
            out.append(tree.Do(found.start, found.end, found))
            out += declared
        else:
            lowering.statements([child], out)


# Imports


def _import(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    children = node.children
    if len(children) > 1 and children[1].type in _TYPE_ONLY:
        return
    source = _specifier(lowering, node)
    for child in children:
        if child.type == "import_clause" and source is not None:
            for part in child.named_children:
                _clause(lowering, part, source)
        elif child.type == "import_require_clause":
            specifier, name = _specifier(lowering, child), meaningful(child)
            if specifier is not None and name is not None:
                _add(lowering, name, specifier, "*", lowering.text(name))
    out += lowering.errors(node) if lowering.broken and node.has_error else []


def _specifier(lowering: Lowering, node: Node) -> str | None:
    source = node.child_by_field_name("source")
    return lowering.text(source)[1:-1] if source is not None else None


def _clause(lowering: Lowering, node: Node, source: str) -> None:
    kind = node.type
    if kind == "identifier":
        _add(lowering, node, source, "default", lowering.text(node))
    elif kind == "namespace_import":
        name = meaningful(node)
        if name is not None:
            _add(lowering, name, source, "*", lowering.text(name))
    elif kind == "named_imports":
        for child in node.named_children:
            if child.type == "import_specifier":
                _named(lowering, child, source)


def _named(lowering: Lowering, node: Node, source: str) -> None:
    """`name`, `name as alias`, of an import or of a re-export; `type name` leaves nothing."""
    if node.children[0].type in _TYPE_ONLY and node.child_count > 1:
        return
    name = node.child_by_field_name("name")
    if name is None:
        return
    imported = _exported_name(lowering, name)
    alias = node.child_by_field_name("alias")
    _add(lowering, node, source, imported, _exported_name(lowering, alias) if alias is not None else imported)


def _exported_name(lowering: Lowering, node: Node) -> str:
    text = lowering.text(node)
    return cooked(text[1:-1]) if node.type == "string" else text


def _add(lowering: Lowering, node: Node, source: str, imported: str, local: str) -> None:
    lowering.imports.append(tree.Import(node.start_byte, node.end_byte, source, imported, local))


# Exports


def _export(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    declaration = node.child_by_field_name("declaration")
    value = node.child_by_field_name("value")
    tokens = {child.type: child for child in node.children}
    if declaration is not None:
        before = len(out)
        lowering.statement(declaration, out)
        if "default" in tokens and len(out) > before:
            _default(tokens["default"], out, out[before])
    elif value is not None:
        start, end = node.start_byte, node.end_byte
        name = _name_of(tokens.get("default", node), "default")
        out.append(tree.Declare(start, end, name, lowering.expression(value), "const"))
    elif "export_clause" in tokens or "namespace_export" in tokens:
        _passed_on(lowering, node, tokens)
    elif "*" in tokens and not _is_type_export(lowering, tokens):
        source = _specifier(lowering, node)
        if source is not None:
            _add(lowering, node, source, "*", f"{tree.STAR}{source}")
    elif "=" in tokens:
        assigned = meaningful(node)
        if assigned is not None:
            out.append(tree.Do(node.start_byte, node.end_byte, lowering.expression(assigned)))
    if lowering.broken and node.has_error and not _is_type_export(lowering, tokens):
        out += lowering.errors(node)


def _is_type_export(lowering: Lowering, tokens: dict[str, Node]) -> bool:
    """`export type { … } from` and `export type * from`, which the grammar may take for an error."""
    error = tokens.get("ERROR")
    return "type" in tokens or (error is not None and lowering.text(error).split()[:1] == ["type"])


def _name_of(node: Node, name: str) -> tree.Name:
    return tree.Name(node.start_byte, node.end_byte, name)


def _default(token: Node, out: list[tree.Statement], declared: tree.Statement) -> None:
    """`export default class X` declares both `X` and `default`."""
    if isinstance(declared, tree.Declare) and isinstance(declared.pattern, tree.Name):
        named = declared.pattern
        value = tree.Name(named.start, named.end, named.name)
        out.append(tree.Declare(token.start_byte, token.end_byte, _name_of(token, "default"), value, "const"))
    elif isinstance(declared, tree.Do):  # without a name
        name = _name_of(token, "default")
        out[-1] = tree.Declare(declared.start, declared.end, name, declared.value, "const")


def _passed_on(lowering: Lowering, node: Node, tokens: dict[str, Node]) -> None:
    """`export { a as b }`, `export { a } from "module"`, `export * as a from "module"`."""
    if _is_type_export(lowering, tokens):
        return
    source = _specifier(lowering, node)
    whole = tokens.get("namespace_export")
    if whole is not None:
        name = meaningful(whole)
        if source is not None and name is not None:
            _add(lowering, name, source, "*", _exported_name(lowering, name))
        return
    for child in tokens["export_clause"].named_children:
        if child.type != "export_specifier":
            continue
        if source is not None:
            _named(lowering, child, source)
            continue
        name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
        if name is not None and alias is not None and child.children[0].type != "type":
            exported = _name_of(alias, _exported_name(lowering, alias))
            local = _name_of(name, lowering.text(name))
            lowering.aliases.append(tree.Declare(child.start_byte, child.end_byte, exported, local, "const"))


def with_aliases(module: tree.Module, aliases: list[tree.Declare]) -> None:
    """Declare what is exported under another name, unless that name means something in the module."""
    if not aliases:
        return
    taken = {item.local for item in module.imports}
    for statement in module.body:
        if isinstance(statement, tree.Declare):
            taken.update(_names(statement.pattern))
    module.body += [each for each in aliases if not taken.intersection(_names(each.pattern))]


def _names(pattern: tree.Pattern) -> list[str]:
    found: list[str] = []
    pending = [pattern]
    while pending:
        current = pending.pop()
        if isinstance(current, tree.Name):
            found.append(current.name)
        elif isinstance(current, tree.ArrayPattern):
            pending += [item for item in current.items if item is not None]
        elif isinstance(current, tree.TablePattern):
            pending += [item for _, item in current.entries]
            found += [current.rest] if current.rest is not None else []
    return found


# TypeScript


def _enum(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    """An enum is the table of its members; the value of one without `=` is `Opaque`."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    table = tree.Enumeration(body.start_byte, body.end_byte, [])
    for child in body.named_children:
        start, end = child.start_byte, child.end_byte
        key, given = child, None
        if child.type == "enum_assignment":
            key = child.child_by_field_name("name") or child
            given = child.child_by_field_name("value")
        elif child.type == "comment":
            continue
        text = None if key.is_error else property_name(lowering, key)
        value = lowering.expression(given) if given else tree.Opaque(start, end, is_error=child.is_error)
        table.entries.append(tree.TableEntry(start, end, text, key.start_byte, key.end_byte, value))
    named = _name_of(name, lowering.text(name))
    out.append(tree.Declare(node.start_byte, node.end_byte, named, table, "const"))


def _namespace(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    """A namespace is opaque; its body is that of a function, as it is in the compiled code."""
    start, end = node.start_byte, node.end_byte
    name = node.child_by_field_name("name")
    if name is None or name.type == "string":
        return
    body = lowering.body(node.child_by_field_name("body"))
    value = tree.Opaque(start, end, [tree.Function(start, end, None, start, [], body)])
    first = lowering.text(name).split(".")[0].strip()  # `namespace First.Second` declares First
    at = name.start_byte
    named = tree.Name(at, at + len(first.encode()), first)
    out.append(tree.Declare(start, end, named, value, "const"))


def _alias(lowering: Lowering, node: Node, out: list[tree.Statement]) -> None:
    """`import Name = Namespace.Name`."""
    name = meaningful(node)
    if name is not None:
        start, end = node.start_byte, node.end_byte
        value = tree.Opaque(start, end)
        out.append(tree.Declare(start, end, _name_of(name, lowering.text(name)), value, "const"))


STATEMENTS = {
    "import_statement": _import,
    "import_alias": _alias,
    "export_statement": _export,
    "enum_declaration": _enum,
    "internal_module": _namespace,
    "module": _namespace,
}
