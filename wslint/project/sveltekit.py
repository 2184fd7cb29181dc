"""SvelteKit: its adapter writes the Worker to the file that `main` names, whatever stands there.

The Worker that it writes has a default export and nothing else. A class reaches the output only if a script adds
it after the build; or `main` is a module of the project's own, and the adapter reads another configuration.
"""

from __future__ import annotations

import os
from pathlib import Path

from wslint.files import Files
from wslint.project.built import module_at
from wslint.project.commands import Commands
from wslint.project.inside import is_inside
from wslint.project.output import additions, appended
from wslint.regex import regex
from wslint.source import tree
from wslint.source.javascript.literals import Script, config_named
from wslint.worker import Entrypoint
from wslint.wrangler.config import STANDARD_NAMES, WorkerConfig

ADAPTERS = ("@sveltejs/adapter-cloudflare", "@sveltejs/adapter-cloudflare-workers")
_ADDS = regex("durable|cloudflare|worker")
"""A package of such a name may be there to add classes to the output."""
_HOOKS = (b"writeBundle", b"closeBundle", b"generateBundle", b"appendFile", b"writeFile")
_EXPORTED = frozenset({"default"})
_MEND = (
    'give the adapter a configuration of its own, `adapter({ config: "wrangler.adapter.jsonc" })`, whose `main` is'
    " `.svelte-kit/cloudflare/_worker.js`; import that in a module that exports the class, and name the module in `main`"
    " here"
)


def entrypoint_of(config: WorkerConfig, path: Path, commands: Commands, files: Files) -> Entrypoint | None:
    """What `main` is once SvelteKit has been built; None where its adapter does not write that file."""
    folder = config.document.folder
    script = config_named(folder, "svelte", files)
    main = config.main
    if script is None or main is None or not _reads(script, config):
        return None
    added = additions(path, commands, files)
    if added is None or not _plain_plugins(folder, files):
        return Entrypoint(
            "generated", main, path, "SvelteKit's adapter writes `main`, and the build changes it afterwards"
        )
    why = f"SvelteKit's adapter writes its own Worker to `{main.string}`, and that has a default export only"
    overwritten = files.is_file(path) and ".svelte-kit" not in path.parts
    if overwritten:
        why = f"SvelteKit's adapter writes its own Worker over `{main.string}`, and that has a default export only"
    decided = main.span if overwritten else None
    names = _EXPORTED | added
    return Entrypoint(
        "generated",
        main,
        path,
        why,
        names=names,
        decided=decided,
        mend=_MEND,
        appended=appended(path, commands) if added else "",
    )


def _reads(script: Script, config: WorkerConfig) -> bool:
    """Whether the adapter reads this very configuration: the one it is told, or the one wrangler would take; of
    its environments it reads what the top level says."""
    if config.environment is not None and config.owns("main"):
        return False
    call = _adapter(script)
    if call is None:
        return False
    named = script.get(script.argument(call), "config")
    if named is None:
        options = script.argument(call)
        standard = config.document.file.path.name in STANDARD_NAMES
        return standard and (options is None or not script.is_open(options))
    path = script.path(named, config.document.folder)
    return path == config.document.file.path


def _adapter(script: Script) -> tree.Call | None:
    """The call of the adapter, where it is used as it is: one that is wrapped may add to its output."""
    found = script.get(script.exported, "kit", "adapter")
    calls = script.calls(*ADAPTERS)
    return next((call for call in calls if call is found), None)


def _plain_plugins(folder: Path, files: Files) -> bool:
    """Whether vite.config, and what it imports from the project, has no plugin that writes when a build ends."""
    script = config_named(folder, "vite", files)
    if script is None:
        return True
    for item in script.imports.values():
        if _ADDS.search(item.specifier) and item.specifier not in (*ADAPTERS, "@cloudflare/vite-plugin"):
            return False
        if item.specifier.startswith("."):
            path = module_at(Path(os.path.normpath(folder / item.specifier)), files)
            file = files.read(path) if path is not None and is_inside(path, folder, files) else None
            if file is None or _writes(file.data):
                return False
    return not _writes(script.file.data)


def _writes(data: bytes) -> bool:
    return any(hook in data for hook in _HOOKS)
