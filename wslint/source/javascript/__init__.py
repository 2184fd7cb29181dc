"""JavaScript and TypeScript: from an entrypoint to the facts of its Worker.

`syntax` has trees and node helpers, `module` reads one file into the plain data of `model`,
`resolve` finds the file behind an import, `graph` joins the modules, `flow` follows `env` from
where `seeds` finds it.
"""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.source.facts import ImportFact, SourceFacts
from wslint.source.javascript.env import follow_env
from wslint.source.javascript.graph import Graph
from wslint.source.javascript.syntax import is_typescript
from wslint.text import SourceFile


def analyse(entrypoint: SourceFile, files: Files, project: Path) -> SourceFacts:
    """The facts of a Worker whose `main` is `entrypoint`; `project` is its config's folder.

    Never raises for what is in the files: a module that can't be read or resolved becomes an
    `Unknown`, and exports that may be hidden by it become `open_exports`.
    """
    graph = Graph(files, entrypoint, project)
    entry = graph.entry
    facts = SourceFacts("typescript" if is_typescript(entrypoint) else "javascript", entrypoint)
    facts.exports = graph.exports_of(entry)
    facts.open_exports = graph.open_reasons(entry)
    facts.unknown = list(graph.unresolved)
    if entry.listener is not None and entry.exports and _is_default_free(graph):
        facts.format = "service-worker"
        facts.service_worker_span = entry.listener
    elif not facts.exports and not entry.exports:
        if entry.listener is not None and not entry.stars:
            facts.format = "service-worker"
            facts.service_worker_span = entry.listener
        elif entry.commonjs is not None or not entry.stars:
            facts.format = "unknown"
    for module in graph.modules.values():
        facts.files.append(module.file)
        facts.comments += module.comments
        for cls in module.classes:
            facts.classes.setdefault(cls.name, graph.class_facts(module, cls))
        for imported in module.imports:
            if graph.target(module, imported).kind == "outside":
                facts.imports.append(ImportFact(imported.specifier, imported.span, imported.type_only))
    facts.binding_uses, facts.context_exports_uses = follow_env(graph)
    return facts


def _is_default_free(graph: Graph) -> bool:
    """Whether the entrypoint surely has no default export: wrangler builds it as a service worker then, if it has a
    listener for requests, whatever else it exports."""
    entry = graph.entry
    return "default" not in entry.exports and not entry.hidden and entry.commonjs is None
