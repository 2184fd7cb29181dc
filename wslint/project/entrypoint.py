"""From a configuration's `main` to source facts: which file, which language, or why not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.project import (
    astro,
    functions,
    nitro,
    opennext,
    packages,
    pages,
    sveltekit,
    worker_build,
)
from wslint.project.commands import Commands, commands_above, commands_of
from wslint.project.forms import led_back
from wslint.record import replace
from wslint.source.facts import ExportFact, SourceFacts
from wslint.source.javascript.literals import SUFFIXES
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

if TYPE_CHECKING:
    from wslint.source.rust.cargo import RustCrate

_SVELTE_CONFIGS = frozenset(f"svelte.config.{suffix}" for suffix in SUFFIXES)
_ASTRO_CONFIGS = frozenset(f"astro.config.{suffix}" for suffix in SUFFIXES)

SCRIPT_SUFFIXES = frozenset({".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"})
GUESSED_SUFFIXES = (".ts", ".tsx", ".js", ".jsx")
"""What wrangler tries after a `main` without a suffix, in its order."""

OUTPUT_FOLDERS = frozenset(
    {
        "dist",
        "build",
        "out",
        "output",
        "target",
        "pkg",
        "lib",
        "public",
        "node_modules",
        "_worker.js",
    }
    | {".open-next", ".svelte-kit", ".output", ".next", ".vercel", ".wrangler", ".astro", ".nuxt", ".solid"}
)
"""Folders that builds write to: what is missing there is not a mistake, what is there may be stale."""


def find_entrypoint(config: WorkerConfig, files: Files) -> Entrypoint:
    """What `main` leads to; see `EntrypointKind`."""
    main = config.main
    if main is None:
        return _without_main(config, files)
    if main.is_placeholder:
        return Entrypoint("unknown", main, why="`main` is a placeholder")
    if not main.string:
        return Entrypoint("unknown", main, why="`main` is no path")
    known = packages.entrypoint_of(config, files)
    if known is not None:
        return known
    try:
        path = Path(main.span.file.path.parent, main.string).resolve()
    except (OSError, ValueError, RuntimeError):
        return Entrypoint("unknown", main, why="`main` is no path")
    framework = _framework(config, path, files)
    if framework is not None:
        return framework
    if _may_be_rust(path, config, files):
        commands = commands_of(config, files)
        if worker_build.is_output(path, config, commands, files) and not led_back(path, commands, files):
            return _of_rust(config, path, commands, files)
    if files.is_dir(path):
        return Entrypoint("folder", main, path)
    if files.kind(path) == "missing" and not path.suffix:
        for suffix in GUESSED_SUFFIXES:
            if files.is_file(path.with_name(path.name + suffix)):
                path = path.with_name(path.name + suffix)
                break
    return _of_path(config, path, files)


def _without_main(config: WorkerConfig, files: Files) -> Entrypoint:
    """A configuration that names no entrypoint: a framework or Pages may give one."""
    folder = config.document.folder
    if config.document.is_pages:
        return pages.entrypoint_of(config, files)
    if not files.listing(folder).isdisjoint(nitro.CONFIGS):
        found = nitro.entrypoint_of(config, None, commands_of(config, files), files)
        if found is not None:
            return found
    return Entrypoint("none", why="the configuration names no `main`")


def _framework(config: WorkerConfig, path: Path, files: Files) -> Entrypoint | None:
    """What a framework's adapter makes of `main`."""
    names = files.listing(config.document.folder)
    if path.parent.name == ".open-next":
        return opennext.entrypoint_of(config, path, commands_of(config, files), files)
    found = None
    if not names.isdisjoint(_SVELTE_CONFIGS):
        found = sveltekit.entrypoint_of(config, path, commands_of(config, files), files)
    if found is None and not names.isdisjoint(_ASTRO_CONFIGS):
        found = astro.entrypoint_of(config, path, commands_of(config, files), files)
    if found is None and not names.isdisjoint(nitro.CONFIGS):
        found = nitro.entrypoint_of(config, path, commands_of(config, files), files)
    return found


def _of_path(config: WorkerConfig, path: Path, files: Files) -> Entrypoint:
    """A `main` that is a path: a file of the project, or something that a build writes."""
    main = config.main
    assert main is not None
    text = main.string or ""
    exists = files.is_file(path)
    in_output = bool(set(Path(text).parts[:-1]) & OUTPUT_FOLDERS)
    if in_output or config.build_command or not exists:
        built = led_back(path, commands_of(config, files), files)
        built = built or led_back(path, commands_above(config.document.folder, files), files)
        if built is not None:
            return Entrypoint(
                "source", main, built.source, built.why, built.how, names=built.names, mend=built.mend
            )
    if exists:
        if in_output and config.build_command and not worker_build.packs_only(commands_of(config, files)):
            return Entrypoint("generated", main, path, _why_unread(config))
        if path.suffix in SCRIPT_SUFFIXES or path.suffix == ".py":
            return Entrypoint("source", main, path)
        return Entrypoint("unknown", main, path, f"wslint does not read `{path.suffix or path.name}` files")
    if config.build_command:
        return Entrypoint("generated", main, path, _why_unread(config))
    if in_output:
        return Entrypoint(
            "generated",
            main,
            path,
            "`main` lies in a folder that builds write to, and no script tells from what",
        )
    if _names_a_module(text, config.document.folder, files):
        return Entrypoint("generated", main, path, "`main` names a package or a virtual module")
    return Entrypoint("missing", main, path, "`main` does not exist")


def _why_unread(config: WorkerConfig) -> str:
    return f"`main` is what `{config.build_command}` writes, and nothing tells from what"


def _names_a_module(text: str, folder: Path, files: Files) -> bool:
    """Whether a `main` that is no file may be a module that a bundler plugin resolves."""
    if text.startswith((".", "/")):
        return False
    if ":" in text or text.startswith("@"):
        return True
    first = text.split("/")[0]
    has_suffix = Path(text).suffix in SCRIPT_SUFFIXES or text.endswith(".py")
    return not has_suffix and not files.is_dir(folder / first)


def _may_be_rust(path: Path, config: WorkerConfig, files: Files) -> bool:
    """Whether it is worth looking for a crate: `main` is a script in a folder that builds write to."""
    if path.suffix not in (".mjs", ".js") or set(path.parts[:-1]).isdisjoint(OUTPUT_FOLDERS):
        return False
    build = config.value("build")
    if build is not None or files.is_file(config.document.folder / "Cargo.toml"):
        return True
    return not files.is_file(path)


def _of_rust(config: WorkerConfig, path: Path, commands: Commands, files: Files) -> Entrypoint:
    crate = worker_build.crate_of(config, path, commands, files)
    shim = worker_build.custom_shim(commands, crate, files) if crate is not None else None
    names = worker_build.reexported(shim, files) if shim is not None else None
    if shim is None or names is None:
        return Entrypoint("rust", config.main, path)
    why = f"`{files.name(shim)}` is the entrypoint (`CUSTOM_SHIM`), and hands on {_listed(names)} only"
    mend = f'write `export * from "./index_bg.js"` in `{files.name(shim)}`'
    return Entrypoint("rust", config.main, path, why, names=names, mend=mend)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names)) or "nothing"


def crate_of(config: WorkerConfig, files: Files) -> RustCrate | None:
    """The worker crate that the build starts from."""
    main = config.main
    path = config.document.folder / main.string if main is not None and main.string else None
    return worker_build.crate_of(config, path, commands_of(config, files), files)


def read_source(
    entrypoint: Entrypoint, config: WorkerConfig, files: Files
) -> tuple[Entrypoint, SourceFacts | None]:
    """The facts of what the entrypoint reaches, with the entrypoint (its `why` set where there are none)."""
    read, facts = _read(entrypoint, config, files)
    names = entrypoint.names
    if facts is not None and names is not None:
        exports = {name: fact for name, fact in facts.exports.items() if name in names | {"default"}}
        facts = replace(facts, exports=exports, open_exports=[])
    return read, facts


def _read(
    entrypoint: Entrypoint, config: WorkerConfig, files: Files
) -> tuple[Entrypoint, SourceFacts | None]:
    path = entrypoint.path
    if path is None or entrypoint.kind not in ("source", "rust"):
        return entrypoint, None
    project = config.document.folder
    if entrypoint.kind == "rust":
        from wslint.source import rust

        crate = crate_of(config, files)
        facts = (
            rust.analyse(files.read(path) if files.is_file(path) else None, files, project, crate.folder)
            if crate is not None
            else None
        )
        if facts is None:
            return replace(entrypoint, kind="unknown", why="no single worker crate was found"), None
        return entrypoint, facts
    file = files.read(path) if not files.is_dir(path) else functions.router_of(project, files)
    if file is None and files.is_dir(path):
        return replace(entrypoint, kind="none", why="no file in `functions/` has a handler"), None
    if file is None:
        why = f"`{files.name(path)}` {files.problem(path)}"
        return replace(entrypoint, kind="unknown", why=why), None
    if path.suffix == ".py":
        from wslint.source import python

        return entrypoint, python.analyse(file, files, project)
    from wslint.source import javascript

    facts = javascript.analyse(file, files, project)
    _close(facts, config, files)
    return entrypoint, facts


def _close(facts: SourceFacts, config: WorkerConfig, files: Files) -> None:
    """Answer what `export *` of a framework's output brings, which is not built but known."""
    left = []
    for each in facts.open_exports:
        specifier = each.span.text.strip("'\"`")
        path = Path(os.path.normpath(each.span.file.path.parent / specifier))
        known = _framework(config, path, files) if specifier.startswith(".") else None
        if known is None or known.names is None:
            left.append(each)
            continue
        for name in sorted(known.names - {"default"}):
            facts.exports.setdefault(name, ExportFact(name, "unknown", each.span))
    facts.open_exports = left
