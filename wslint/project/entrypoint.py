"""From a configuration's `main` to the module that is read: which file, which form, or why none."""

from __future__ import annotations

from pathlib import Path

from wslint import system
from wslint.boundary import OUTSIDE
from wslint.files import Files
from wslint.project import argument, packages, pages
from wslint.project.names import ASTRO, NITRO, SVELTE
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

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
    text = config.main_path
    if not text:
        return Entrypoint("unknown", main, why="`main` is no path")
    known = packages.entrypoint_of(config, files)
    if known is not None:
        return known
    try:
        path = system.resolved(Path(main.span.file.path.parent, text))
    except (OSError, ValueError, RuntimeError):
        return Entrypoint("unknown", main, why="`main` is no path")
    framework = _framework(config, path, files)
    if framework is not None:
        return framework
    if _may_be_rust(path, config, files):
        from wslint.project import worker_build

        found = worker_build.entrypoint_of(config, path, files)
        if found is not None:
            return found
    if files.kind(path) == "outside":
        return Entrypoint("unknown", main, path, f"`{text}` {OUTSIDE}")
    if files.is_dir(path):
        return Entrypoint("folder", main, path, "`main` is a folder")
    if files.kind(path) == "missing" and not path.suffix:
        for suffix in GUESSED_SUFFIXES:
            if files.is_file(path.with_name(path.name + suffix)):
                path = path.with_name(path.name + suffix)
                break
    return _of_path(config, path, files)


def _without_main(config: WorkerConfig, files: Files) -> Entrypoint:
    """A configuration that names no entrypoint: a framework, Pages or the command line may give one."""
    if config.document.is_pages:
        return pages.entrypoint_of(config, files)
    return (
        _framework(config, None, files)
        or argument.entrypoint_of(config, files)
        or Entrypoint("none", why="the configuration names no `main`")
    )


def _framework(config: WorkerConfig, path: Path | None, files: Files) -> Entrypoint | None:
    """What a framework's adapter makes of `main`, or gives where there is none."""
    names = files.listing(config.document.folder)
    built = path is not None and path.parent.name == ".open-next"
    if not built and names.isdisjoint(SVELTE | ASTRO | NITRO):
        return None
    from wslint.project.frameworks import entrypoint_of

    return entrypoint_of(config, path, files)


def _of_path(config: WorkerConfig, path: Path, files: Files) -> Entrypoint:
    """A `main` that is a path: a file of the project, or something that a build writes."""
    main = config.main
    assert main is not None
    text = config.main_path or ""
    exists = files.is_file(path)
    in_output = bool(set(Path(text).parts[:-1]) & OUTPUT_FOLDERS)
    if in_output or config.build_command or not exists:
        from wslint.project.forms import built_for

        built = built_for(config, path, files)
        if built is not None:
            return Entrypoint(
                "source", main, built.source, built.why, built.how, names=built.names, mend=built.mend
            )
    if exists:
        if in_output and config.build_command and not _packs_only(config, files):
            return Entrypoint("generated", main, path, _why_unread(config))
        if path.suffix in SCRIPT_SUFFIXES or path.suffix == ".py":
            return Entrypoint("source", main, path)
        return Entrypoint("unknown", main, path, f"wslint does not read `{path.suffix or path.name}` files")
    if config.build_command:
        return Entrypoint("generated", main, path, _why_unread(config))
    if in_output:
        return Entrypoint("generated", main, path, _why_not_led_back(config, path, files))
    if _names_a_module(text, config.document.folder, files):
        return Entrypoint("generated", main, path, "`main` names a package or a virtual module")
    return Entrypoint("missing", main, path, "`main` does not exist")


def _why_not_led_back(config: WorkerConfig, path: Path, files: Files) -> str:
    from wslint.project.forms import is_changed

    if is_changed(config, path, files):
        return "`main` is what a build writes, and a script adds to it afterwards"
    return "`main` lies in a folder that builds write to, and no script tells from what"


def _packs_only(config: WorkerConfig, files: Files) -> bool:
    from wslint.project.commands import commands_of
    from wslint.project.worker_build import packs_only

    return packs_only(commands_of(config, files))


def built_from(path: Path, files: Files) -> Path | None:
    """The source of a file that a package builds, for `Files.built_from`."""
    from wslint.project.forms import source_of

    return source_of(path, files)


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
