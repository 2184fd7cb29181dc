"""Rust (workers-rs) to the common tree, in its own names: what a call of the worker crate does, the runtime's model
says (`runtime/rust`)."""

from __future__ import annotations

from wslint.files import Files
from wslint.regex import regex
from wslint.source import tree
from wslint.source.depth import room
from wslint.source.rust.grammar import tree_of
from wslint.source.rust.items import RustFile, read_items
from wslint.source.rust.lower.base import Names
from wslint.source.rust.lower.items import EVENT, RESPONDS, Items
from wslint.source.rust.modules import module_file
from wslint.text import SourceFile

_QUALIFIED = regex(rb"\b((?:crate|super|self)(?:::\w+)+)::\w+")
_INLINE = regex(rb"\bmod\s+(\w+)\s*\{")


def lower(file: SourceFile, files: Files) -> tree.Module:
    """The lowered module, cached. Inline modules are part of it; `#[cfg(test)]` code is not."""
    key = ("rust lower", str(file.path))
    known = files.cache.get(key)
    if not isinstance(known, tree.Module):
        items = read_items(file, files)
        found = imports(file, files, items)
        inline = frozenset(name.decode() for name in _INLINE.findall(file.data))
        aliases = {one.name: one.path[-1] for one in items.uses if one.name not in ("*", "_", one.path[-1])}
        local = frozenset(one.local for one in found)
        renamed = {name: path for name, path in aliases.items() if name not in local}
        names = Names(local, inline, renamed, items)
        with room():
            body = Items(file, file.data, names).items(tree_of(file).root_node)
        known = files.cache[key] = tree.Module(found, body)
    return known


def imports(file: SourceFile, files: Files, items: RustFile) -> list[tree.Import]:
    """What `mod name;`, `use crate::name::item;` and a path such as `crate::name::item` bring into a file: the
    project's own modules and their items."""
    found = {
        one.name: tree.Import(one.span.start, one.span.end, f"self::{one.name}", "*", one.name)
        for one in items.modules
        if not one.inside and one.path is None
    }
    for match in _QUALIFIED.finditer(file.data):
        path = match[1].decode("utf-8", "replace")
        name = path.rpartition("::")[2]
        if name not in found and module_file(file, path, files) is not None:
            found[name] = tree.Import(match.start(), match.end(), path, "*", name)
    for use in items.uses:
        parts = ("self", *use.path) if use.path[0] in found else use.path
        if len(parts) < 2 or parts[0] not in ("crate", "self", "super"):
            continue
        start, end = use.span.start, use.span.end
        whole = "::".join(parts)
        if use.name == "*":
            star = "::".join(parts[:-1] if parts[-1] == "*" else parts)
            if module_file(file, star, files) is not None:
                found[tree.STAR + star] = tree.Import(start, end, star, "*", tree.STAR + star)
        elif module_file(file, whole, files) is not None:
            found[use.name] = tree.Import(start, end, whole, "*", use.name)
        else:
            found[use.name] = tree.Import(start, end, "::".join(parts[:-1]), parts[-1], use.name)
    return list(found.values())


__all__ = ["EVENT", "RESPONDS", "imports", "lower"]
