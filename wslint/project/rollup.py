"""Rollup, Rolldown and webpack: configurations with an input and where its output goes."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built, Input, in_folder, inputs_of, module_at, written_to
from wslint.project.commands import Command, Commands
from wslint.source import tree
from wslint.source.javascript.literals import SUFFIXES, Script, config_named, script_at
from wslint.source.nodes import nodes_in

_VALUES = (
    "-o",
    "--file",
    "-d",
    "--dir",
    "-f",
    "--format",
    "-i",
    "--input",
    "-p",
    "--plugin",
    "-e",
    "--external",
)
_CONFIG = ("-c", "--config")


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    for command in commands.named("rollup", "rolldown"):
        found = _from_command(output, command, files)
        script = _config(command, command.name, files)
        if found is None and script is not None:
            found = _from_rollup(output, script, command.folder, files)
        if found is not None:
            return Built(found, f"`{command.name}`")
    for path in commands.programs:
        script = script_at(path, files)
        found = _from_program(output, script, files) if script is not None else None
        if found is not None:
            return Built(found, f"`{path.name}`")
    for command in commands.named("webpack", "webpack-cli", "rspack"):
        script = _config(command, command.name.removesuffix("-cli"), files)
        found = _from_webpack(output, script, files) if script is not None else None
        if found is not None:
            return Built(found, f"`{command.name}`")
    return None


def _config(command: Command, stem: str, files: Files) -> Script | None:
    named = command.option(*_CONFIG)
    if named is not None and named.rpartition(".")[2] in SUFFIXES:
        return script_at(command.path(named), files)
    return config_named(command.folder, stem, files)


def _from_command(output: Path, command: Command, files: Files) -> Path | None:
    given = [command.option("-i", "--input"), *command.plain(*_VALUES, *_CONFIG)]
    inputs = [Input(found) for each in given if each and (found := module_at(command.path(each), files))]
    file, folder = command.option("-o", "--file"), command.option("-d", "--dir")
    if file is not None and len(inputs) == 1 and written_to(output, command.path(file)):
        return inputs[0].path
    entry = _by_stem(output, command.path(folder), inputs) if folder is not None else None
    return entry.path if entry is not None else None


def _by_stem(output: Path, folder: Path, inputs: list[Input]) -> Input | None:
    """Rollup puts entries flat into its folder, under their names or stems."""
    named = [Input(each.path, each.name or each.path.stem) for each in inputs]
    return in_folder(output, folder, named)


def _from_rollup(output: Path, script: Script, base: Path, files: Files) -> Path | None:
    exported = script.exported
    for options in exported.items if isinstance(exported, tree.Array) else [exported]:
        given = inputs_of(script, script.get(options, "input"), base)
        inputs = [Input(found, each.name) for each in given if (found := module_at(each.path, files))]
        found = from_outputs(output, script, script.get(options, "output"), inputs, base)
        if found is not None:
            return found
    return None


def _from_program(output: Path, script: Script, files: Files) -> Path | None:
    """`const bundle = await rollup({ input }); await bundle.write({ file })`."""
    calls = script.calls("rollup", "rolldown")
    written = [
        node.arguments[0]
        for node in nodes_in(script.body)
        if isinstance(node, tree.Call) and isinstance(node.function, tree.Member)
        if node.function.name == "write" and node.arguments
    ]
    for base in (script.file.path.parent, script.file.path.parent.parent):
        for call in calls:
            options = script.argument(call)
            given = inputs_of(script, script.get(options, "input"), base)
            inputs = [Input(found, each.name) for each in given if (found := module_at(each.path, files))]
            for node in (*written, script.get(options, "output")):
                found = from_outputs(output, script, script.settle(node), inputs, base)
                if found is not None:
                    return found
    return None


def from_outputs(
    output: Path, script: Script, node: tree.Expression | None, inputs: list[Input], base: Path
) -> Path | None:
    """The input that one of Rollup's `output` tables writes to a file."""
    for each in node.items if isinstance(node, tree.Array) else [node]:
        file = script.path(script.get(each, "file"), base)
        if len(inputs) == 1 and written_to(output, file):
            return inputs[0].path
        folder = script.path(script.get(each, "dir"), base)
        if folder is None:
            continue
        pattern = script.text(script.get(each, "entryFileNames"))
        if pattern is not None and "[" not in pattern:
            if len(inputs) == 1 and written_to(output, folder / pattern):
                return inputs[0].path
        entry = _by_stem(output, folder, inputs)
        if entry is not None:
            return entry.path
    return None


def _from_webpack(output: Path, script: Script, files: Files) -> Path | None:
    exported = script.exported
    for options in exported.items if isinstance(exported, tree.Array) else [exported]:
        given = inputs_of(script, script.get(options, "entry"))
        default = script.file.path.parent / "src" / "index"
        given = given or [Input(default)]
        inputs = [Input(found, each.name) for each in given if (found := module_at(each.path, files))]
        folder = script.path(script.get(options, "output", "path")) or script.file.path.parent / "dist"
        name = script.text(script.get(options, "output", "filename")) or "[name].js"
        for each in inputs:
            written = name.replace("[name]", each.name or "main")
            if written_to(output, folder / written):
                return each.path
    return None
