"""Astro's adapter before version 13: `dist/_worker.js/index.js`, made from `workerEntryPoint` or from its own entry."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.built import module_at
from wslint.project.commands import Commands
from wslint.project.output import additions
from wslint.source.javascript.literals import config_named
from wslint.source.javascript.versions import versions_of
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

_WITHOUT_OPTION = (13, 0, 0)


def entrypoint_of(config: WorkerConfig, path: Path, commands: Commands, files: Files) -> Entrypoint | None:
    """What the adapter's output exports: what `namedExports` lists, and the default."""
    folder = config.document.folder
    script = config_named(folder, "astro", files)
    added = additions(path, commands, files)
    if script is None or path.parent.name != "_worker.js" or added is None:
        return None
    versions = versions_of("@astrojs/cloudflare", folder, files)
    calls = script.calls("@astrojs/cloudflare")
    if versions is None or not versions.all_before(_WITHOUT_OPTION) or len(calls) != 1:
        return None
    options = script.argument(calls[0])
    if options is not None and script.is_open(options):
        return None
    entry = script.get(options, "workerEntryPoint")
    if entry is None:
        why = "Astro's adapter writes `main` from its own entry, which exports its default only"
        return Entrypoint(
            "generated", config.main, path, why, names=frozenset({"default", "pageMap"}) | added
        )
    source = script.path(script.get(entry, "path"), folder)
    found = module_at(source, files) if source is not None else None
    if found is None:
        return None
    names = frozenset({"default", *script.texts(script.get(entry, "namedExports"))})
    why = f"Astro's adapter writes `main` from `{files.name(found)}`, with the exports that `namedExports` lists"
    return Entrypoint("generated", config.main, path, why, names=names | added)
