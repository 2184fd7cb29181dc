"""From the modules of a Python Worker to source facts."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.source.facts import (
    BindingUse,
    ExportFact,
    ImportFact,
    SourceFacts,
    Unknown,
)
from wslint.source.python.environment import reads_of_environment
from wslint.source.python.model import Definition, Module
from wslint.source.python.resolve import Found, Project, is_known_module, public_names
from wslint.text import SourceFile, Span

HARMLESS_DECORATORS = frozenset({"dataclass", "final", "total_ordering", "runtime_checkable", "deprecated"})
ENTRYPOINT = "workers.WorkerEntrypoint"


def analyse(entrypoint: SourceFile, files: Files, project: Path) -> SourceFacts:
    """The facts of a Python Worker; `entrypoint` is its main module, `project` its configuration's folder.

    Modules are looked for under the entrypoint's folder, then under `project`. `exports` has the public
    names of the main module (or those in `__all__`) but for plain imports of modules and what comes
    from the runtime or the standard library; `default` stands for `Default` when that is a
    WorkerEntrypoint. Never raises for what the files say.
    """
    modules = Project(entrypoint, files, project)
    facts = SourceFacts("python", entrypoint)
    facts.files = [module.file for module in modules.order]
    facts.comments = [comment for module in modules.order for comment in module.comments]
    facts.unknown = list(modules.unknown)
    for module in modules.order:
        for cls in module.classes:
            facts.classes.setdefault(cls.name, modules.class_facts(cls, module))
    _add_exports(facts, modules)
    _add_imports(facts, modules)
    exported = {id(fact.cls) for fact in facts.exports.values() if fact.cls is not None}
    reads, lost = reads_of_environment(modules, exported)
    for span in lost:
        facts.unknown.append(Unknown(span, "which binding this asks for", "its name is computed"))
    guarded = {(id(read.name.file), read.scope, read.name.text) for read in reads if read.guarded}
    for read in reads:
        known = (id(read.name.file), read.scope, read.name.text) in guarded
        facts.binding_uses.append(BindingUse(read.name.text, read.name, read.method, known))
    return facts


def _open(facts: SourceFacts, span: Span, what: str, why: str) -> None:
    unknown = Unknown(span, what, why)
    facts.open_exports.append(unknown)
    facts.unknown.append(unknown)


def _add_exports(facts: SourceFacts, modules: Project) -> None:
    entry = modules.entry
    for span in entry.errors:
        _open(facts, span, "the names around here", "the file does not parse here")
    for span in entry.dynamic:
        _open(facts, span, "the names that this sets", "they are computed")
    if not entry.exported_known:
        _open(facts, Span(entry.file, 0, 0), "the names in `__all__`", "it is computed")
    for module, star in _open_stars(modules):
        _open(facts, star, f"what `{star.text}` exports", f"its source is not beside `{module.file.name}`")
    for name, span in public_names(modules, entry).items():
        fact = _export(modules, name, span)
        if fact is not None and name != "default":  # that name stands for `Default`
            facts.exports[name] = fact
    # The runtime registers a class under its own name, which an alias does not change.
    for fact in list(facts.exports.values()):
        if fact.cls is not None and fact.cls.name not in facts.exports:
            own = ExportFact(fact.cls.name, "class", fact.span, fact.declared, fact.cls)
            facts.exports[fact.cls.name] = own
    main = facts.exports.get("Default")
    if main is not None:
        is_entrypoint = main.cls is not None and ENTRYPOINT in main.cls.bases
        if is_entrypoint:
            facts.exports["default"] = ExportFact("default", "class", main.span, main.declared, main.cls)
        elif main.kind == "unknown" or (main.cls is not None and not main.cls.base_known):
            facts.exports["default"] = ExportFact("default", "unknown", main.span, main.declared)


def _open_stars(modules: Project) -> list[tuple[Module, Span]]:
    """The stars, on the way from the main module, of modules outside the project."""
    found: list[tuple[Module, Span]] = []
    waiting, seen = [modules.entry], set()
    while waiting:
        module = waiting.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        for star in module.stars:
            target = modules.module_of(module, star)
            if target is not None:
                waiting.append(target)
            elif star.level or not is_known_module(star.module):
                found.append((module, star.span))
    return found


def _export(modules: Project, name: str, span: Span) -> ExportFact | None:
    """The fact for a public name of the main module; None for names that no Worker exports on purpose."""
    found = modules.resolve(modules.entry, name)
    if found is None:
        return None
    definitions = modules.entry.names.get(name, [])
    if found.cls is not None and found.module is not None:
        cls = modules.class_facts(found.cls, found.module)
        if _is_certain(definitions) and _is_plain(found.cls.decorators):
            return ExportFact(name, "class", span, cls.span, cls)
        return ExportFact(name, "unknown", span, cls.span)
    if found.function is not None:
        kind = found.kind if _is_certain(definitions) else "unknown"
        return ExportFact(name, kind, span, found.function.span)
    if found.module is not None or _is_platform(found, definitions):
        return None
    return ExportFact(name, found.kind if _is_certain(definitions) else "unknown", span)


def _is_platform(found: Found, definitions: list[Definition]) -> bool:
    """An import from the runtime or the standard library, or `import x`."""
    if found.external is None:
        return False
    imports = [one.imported for one in definitions if one.imported is not None]
    return is_known_module(found.external) or any(one.name is None for one in imports)


def _is_certain(definitions: list[Definition]) -> bool:
    """Whether a name is bound on every way through the module; several ways are taken for all of them."""
    return len(definitions) != 1 or not definitions[0].conditional


def _is_plain(decorators: tuple[str, ...]) -> bool:
    return all(one.split(".")[-1] in HARMLESS_DECORATORS for one in decorators)


def _add_imports(facts: SourceFacts, modules: Project) -> None:
    for module in modules.order:
        seen: set[int] = set()
        for one in module.imports:
            if one.level or one.span.start in seen or modules.paths_of(module, one):
                continue
            seen.add(one.span.start)
            facts.imports.append(ImportFact(one.module, one.span, one.type_only))
