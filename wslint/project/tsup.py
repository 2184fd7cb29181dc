"""tsup and tsdown: entries and output folder on the command line, in their configuration, or in package.json."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built, Input, in_folder, inputs_of, module_at
from wslint.project.commands import Command, Commands
from wslint.source import tree
from wslint.source.javascript.literals import config_named

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
    for options in exported.items if isinstance(exported, tree.Array) else [exported]:
        given = inputs_of(script, script.get(options, "entry"))
        inputs = [Input(found, each.name) for each in given if (found := module_at(each.path, files))]
        if not inputs and script.get(options, "entry") is None:
            default = module_at(command.path(_DEFAULT_ENTRY), files)
            inputs = [Input(default)] if default is not None else []
        written = command.option("-d", "--out-dir", "--outDir")
        folder = script.path(script.get(options, "outDir")) or command.path(_FOLDER)
        entry = in_folder(output, command.path(written) if written else folder, inputs)
        if entry is not None:
            return entry.path
    return None
