"""tsup and tsdown: entries and output folder on the command line, in their configuration, or in package.json."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built, Input, in_folder, inputs_of, module_at
from wslint.project.commands import Command, Commands
from wslint.source import tree
from wslint.source.javascript.literals import Script, config_named, script_at

_VALUES = (
    "--format",
    "--out-dir",
    "-d",
    "--outDir",
    "--target",
    "--external",
    "--config",
    "-c",
    "--tsconfig",
)
_DEFAULT_ENTRY = "src/index"
_FOLDER = "dist"


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    for command in commands.named("tsup", "tsup-node", "tsdown"):
        found = _from_config(output, command, files) or _from_command(output, command, files)
        if found is not None:
            return Built(found, f"`{command.name}`")
    for path in commands.programs:
        script = script_at(path, files)
        for call in script.calls("tsup", "tsdown") if script is not None else ():
            for base in (path.parent, path.parent.parent):  # a build script starts at its package's top
                found = _from_options(output, script, script.argument(call), base, files) if script else None
                if found is not None:
                    return Built(found, f"`{path.name}`")
    return None


def _from_command(output: Path, command: Command, files: Files) -> Path | None:
    given = command.plain(*_VALUES)
    inputs = [Input(found) for each in given if (found := module_at(command.path(each), files))]
    folder = command.path(command.option("-d", "--out-dir", "--outDir") or _FOLDER)
    if not inputs and not given:
        default = module_at(command.path(_DEFAULT_ENTRY), files)
        inputs = [Input(default)] if default is not None else []
    entry = in_folder(output, folder, inputs)
    return entry.path if entry is not None else None


def _from_config(output: Path, command: Command, files: Files) -> Path | None:
    script = config_named(command.folder, command.name.removesuffix("-node"), files)
    exported = script.exported if script is not None else None
    if script is None or exported is None:
        return None
    written = command.option("-d", "--out-dir", "--outDir")
    for options in exported.items if isinstance(exported, tree.Array) else [exported]:
        if written is not None:
            entry = in_folder(output, command.path(written), _inputs(script, options, command.folder, files))
            found = entry.path if entry is not None else None
        else:
            found = _from_options(output, script, options, command.folder, files)
        if found is not None:
            return found
    return None


def _from_options(
    output: Path, script: Script, options: tree.Expression | None, base: Path, files: Files
) -> Path | None:
    folder = script.path(script.get(options, "outDir"), base) or base / _FOLDER
    entry = in_folder(output, folder, _inputs(script, options, base, files))
    return entry.path if entry is not None else None


def _inputs(script: Script, options: tree.Expression | None, base: Path, files: Files) -> list[Input]:
    given = inputs_of(script, script.get(options, "entry"), base)
    inputs = [Input(found, each.name) for each in given if (found := module_at(each.path, files))]
    if not inputs and script.get(options, "entry") is None:
        default = module_at(base / _DEFAULT_ENTRY, files)
        inputs = [Input(default)] if default is not None else []
    return inputs
