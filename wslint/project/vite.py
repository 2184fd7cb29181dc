"""`vite build` without Cloudflare's plugin: library and server builds, and hono's build plugins."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built, Input, in_folder, inputs_of, module_at, written_to
from wslint.project.commands import Command, Commands
from wslint.project.rollup import from_outputs
from wslint.source.javascript.literals import SUFFIXES, Script, config_named, script_at
from wslint.source.tree import Expression, Table

HONO_BUILDS = {
    "@hono/vite-build/cloudflare-workers": "index.js",
    "@hono/vite-build/cloudflare-pages": "_worker.js",
    "@hono/vite-cloudflare-pages": "_worker.js",
}
"""hono's plugins and the file that each writes."""

_MEND = "build with `@cloudflare/vite-plugin`, or let wrangler bundle the module itself: name it in `main`"
_HONO_ENTRIES = ("src/index.ts", "src/index.tsx", "app/server.ts")
BUNDLERS = ("rollupOptions", "rolldownOptions")
_FOLDER = "dist"


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    for command in commands.named("vite"):
        if "build" not in command.words:
            continue
        script = vite_config(command, files)
        found = _hono(output, script, files) if script is not None else None
        found = found or _plain(output, command, script, files)
        if found is not None:
            return found
    for path in commands.programs:
        script = script_at(path, files)
        for call in script.calls("vite") if script is not None else ():
            build = script.get(script.argument(call), "build") if script is not None else None
            source = (
                _from_options(output, script, build, None, files) if script is not None and build else None
            )
            if source is not None:
                return Built(source, f"`{path.name}`")
    return None


def vite_config(command: Command, files: Files) -> Script | None:
    named = command.option("-c", "--config")
    if named is not None and named.rpartition(".")[2] in SUFFIXES:
        return script_at(command.path(named), files)
    return config_named(command.folder, "vite", files)


def _hono(output: Path, script: Script, files: Files) -> Built | None:
    """hono wraps the entry's default export in a module of its own; named exports stay behind (measured on
    the newest version)."""
    folder = script.file.path.parent
    for call in script.calls(*HONO_BUILDS):
        options = script.argument(call)
        if isinstance(options, Table) and any(
            (entry.key or "entryContent").startswith("entryContent") for entry in options.entries
        ):
            continue  # hooks that write into the entry, or options that are not seen
        local = call.function
        name = getattr(local, "name", "")
        item = script.imports.get(name)
        default = HONO_BUILDS.get(item.specifier, "index.js") if item is not None else "index.js"
        written = script.text(script.get(options, "output")) or default
        place = script.path(script.get(options, "outputDir"), folder) or folder / "dist"
        if not written_to(output, place / written):
            continue
        given = script.texts(script.get(options, "entry")) or list(_HONO_ENTRIES)
        found = next((path for each in given if (path := module_at(folder / each, files))), None)
        if found is not None:
            why = f"hono's vite-build writes `main` around the default export of `{found.relative_to(folder).as_posix()}` alone"
            return Built(found, "hono's vite-build", frozenset({"default"}), why, _MEND)
    return None


def _plain(output: Path, command: Command, script: Script | None, files: Files) -> Built | None:
    folder = script.file.path.parent if script is not None else command.folder
    written, named = command.option("--outDir"), command.option("--ssr")
    target = command.path(written) if written else None
    if named is not None and not named.startswith("-"):
        source = module_at(command.path(named), files)
        inputs = [Input(source, source.stem)] if source is not None else []
        entry = in_folder(output, target or folder / _FOLDER, inputs)
        if entry is not None:
            return Built(entry.path, "`vite build`")
    if script is None:
        return None
    found = _from_options(output, script, script.get(script.exported, "build"), target, files)
    return Built(found, "`vite build`") if found is not None else None


def _from_options(
    output: Path, script: Script, build: Expression | None, target: Path | None, files: Files
) -> Path | None:
    """The module that the `build` table of a configuration makes an output from."""
    folder = script.file.path.parent
    target = target or script.path(script.get(build, "outDir"), folder) or folder / _FOLDER
    given = inputs_of(script, script.get(build, "ssr"), folder)
    for options in BUNDLERS:
        given += inputs_of(script, script.get(build, options, "input"), folder)
    name = script.text(script.get(build, "lib", "fileName"))
    given += [
        Input(each.path, each.name or name)
        for each in inputs_of(script, script.get(build, "lib", "entry"), folder)
    ]
    inputs = [Input(found, each.name) for each in given if (found := module_at(each.path, files))]
    entry = in_folder(output, target, [Input(each.path, each.name or each.path.stem) for each in inputs])
    if entry is not None:
        return entry.path
    for options in BUNDLERS:
        node = script.get(build, options, "output")
        pattern = script.text(script.get(node, "entryFileNames"))
        if pattern is not None and len(inputs) == 1 and written_to(output, target / pattern):
            return inputs[0].path
        found = from_outputs(output, script, node, inputs, folder)
        if found is not None:
            return found
    return None
