"""From the files of a crate to source facts: what leaves the wasm module, and what it asks of `env`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from wslint.files import Files
from wslint.source.facts import ClassFacts, ExportFact, ExportKind, SourceFacts, Unknown
from wslint.source.rust.cargo import RustCrate, find_worker_crate
from wslint.source.rust.items import Declaration, Opaque, RustFile, Use
from wslint.source.rust.modules import Reach, reach, whole_line
from wslint.source.rust.uses import add_binding_uses
from wslint.text import SourceFile, Span

EXPORTING = ("durable_object", "wasm_bindgen", "event")
STANDARD = frozenset({"std", "core", "alloc", "worker", "crate", "self", "super", "wasm_bindgen"})


def analyse(
    entrypoint: SourceFile | None, files: Files, project: Path, crate: Path | None = None
) -> SourceFacts | None:
    """The facts of the worker crate in `crate` (else `project`), whose build output `entrypoint` would be.

    None when no single worker crate is found there. The returned `entrypoint` is the crate's root
    (`src/lib.rs`); when that can't be read, the built file or else Cargo.toml, with the exports open.
    Durable Object classes of a crate that is declared but never mentioned stand in `classes` only:
    nothing links them. Never raises for what the files say.
    """
    worker = find_worker_crate(crate or project, files)
    if worker is None:
        return None
    reached = reach(worker, files)
    read = [one for found in reached.crates for one in found.files]
    own = reached.crates[0].files
    facts = SourceFacts("rust", own[0].file if own else entrypoint or worker.manifest)
    facts.files = [one.file for one in read]
    facts.comments = [comment for one in read for comment in one.comments]
    _add_unknown(facts, worker, reached)
    _add_declarations(facts, reached)
    _add_opaque(facts, worker, reached)
    add_binding_uses(facts, read)
    return facts


def _open(facts: SourceFacts, unknown: Unknown) -> None:
    facts.open_exports.append(unknown)
    facts.unknown.append(unknown)


def _add_unknown(facts: SourceFacts, worker: RustCrate, reached: Reach) -> None:
    if worker.problem:
        span = whole_line(worker.manifest)
        _open(facts, Unknown(span, "the crate's dependencies", f"`Cargo.toml` {worker.problem}"))
    for unknown in reached.unknown:
        _open(facts, unknown)
    for found in reached.crates:
        for file in found.files if found.linked else ():
            for span in file.errors:
                _open(facts, Unknown(span, "the items around here", "the file does not parse here"))


def _add_declarations(facts: SourceFacts, reached: Reach) -> None:
    """Linked crates first, so that a class of the Worker is preferred to an unlinked one of the same name."""
    public = _public_uses(reached.crates[0].files)
    for found in sorted(reached.crates, key=lambda one: not one.linked):
        sql: dict[str, Span] = {}
        for file in found.files:
            for struct, span in file.sql_uses.items():
                sql.setdefault(struct, span)
        for file in found.files:
            for declaration in file.declarations:
                _add_declaration(facts, declaration, sql, found.linked, public)
            if file.events and found.linked and "default" not in facts.exports:
                span = file.events[0]
                facts.exports["default"] = ExportFact("default", "object", span, span)


def _add_declaration(
    facts: SourceFacts, declaration: Declaration, sql: dict[str, Span], linked: bool, public: dict[str, Use]
) -> None:
    name, span = declaration.name, declaration.span
    cls: ClassFacts | None = None
    kind: ExportKind = "unknown"
    if declaration.kind in ("durable object", "class"):
        used = sql.get(declaration.rust_name)
        cls = ClassFacts(name, span, generated_from="rust", uses_sql=used)
        facts.classes.setdefault(name, cls)
        kind = "class"
    elif declaration.kind == "function":
        kind = "function"
    elif declaration.kind == "object":
        kind = "object"
    if not linked or name in facts.exports:
        return
    if not declaration.certain:
        kind, cls = "unknown", None
    reexport = public.get(declaration.rust_name)
    written = reexport.span if reexport is not None else span
    facts.exports[name] = ExportFact(name, kind, written, span, cls)


def _public_uses(files: Iterable[RustFile]) -> dict[str, Use]:
    """`pub use dep::Room;` by the name at the end of its path."""
    found: dict[str, Use] = {}
    for file in files:
        for use in file.uses:
            if use.public and use.name != "*" and use.path[0] not in ("crate", "self", "super"):
                found.setdefault(use.path[-1], use)
    return found


def _add_opaque(facts: SourceFacts, worker: RustCrate, reached: Reach) -> None:
    """Macros and re-exports that may hold classes nobody can see from here."""
    macros: dict[str, str] = {}
    for found in reached.crates:
        for file in found.files:
            macros.update(file.macros)
    local = {dependency.name for dependency in worker.path_dependencies}
    for found in reached.crates:
        for file in found.files if found.linked else ():
            for opaque in file.opaque:
                if _may_export(opaque, macros):
                    _open(facts, _opaque_unknown(opaque))
                    if opaque.attribute:
                        fact = ExportFact(opaque.text, "unknown", opaque.span)
                        facts.exports.setdefault(opaque.text, fact)
            for use in file.uses if found is reached.crates[0] else ():
                _add_foreign_use(facts, use, worker, local)


def _may_export(opaque: Opaque, macros: dict[str, str]) -> bool:
    if opaque.attribute or opaque.name not in macros:
        return True
    return any(word in text for word in EXPORTING for text in (opaque.text, macros[opaque.name]))


def _opaque_unknown(opaque: Opaque) -> Unknown:
    if opaque.attribute:
        return Unknown(opaque.span, f"what `#[{opaque.name}]` exports", "another crate's macro writes it")
    return Unknown(opaque.span, f"what `{opaque.name}!` declares", "a macro writes it")


def _add_foreign_use(facts: SourceFacts, use: Use, worker: RustCrate, local: set[str]) -> None:
    """`pub use registry_crate::Room;` may re-export a class, whose source is not in the tree."""
    first = use.path[0]
    if not use.public or first in STANDARD or first in local or first not in worker.dependencies:
        return
    if use.name == "*":
        _open(facts, Unknown(use.span, f"what `{first}` exports", "its source is not in the project"))
    elif use.path[-1][:1].isupper():
        facts.exports.setdefault(use.path[-1], ExportFact(use.path[-1], "unknown", use.span))
