"""Bundlers with one entry and little to say: parcel, ncc, microbundle, unbuild."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built, Input, in_folder, inputs_of, module_at
from wslint.project.commands import Command, Commands
from wslint.source.javascript.literals import config_named

_VALUES = ("--dist-dir", "-o", "--out", "--output", "-t", "--target", "-f", "--format", "-d")


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    for command in commands.named("parcel", "ncc", "microbundle", "unbuild"):
        folder = command.path(command.option("--dist-dir", "-o", "--out", "--output", "-d") or "dist")
        found = in_folder(output, folder, _inputs(command, files))
        if found is not None:
            return Built(found.path, f"`{command.name}`")
    return None


def _inputs(command: Command, files: Files) -> list[Input]:
    given = [word for word in command.plain(*_VALUES) if word != "build"]
    inputs = [Input(path) for each in given if (path := module_at(command.path(each), files))]
    if command.name == "ncc":  # the output is called index.js, whatever the entry is called
        return [Input(each.path, "index") for each in inputs]
    script = config_named(command.folder, "build", files) if command.name == "unbuild" else None
    if script is not None:
        listed = inputs_of(script, script.get(script.exported, "entries"))
        inputs += [Input(path, each.name) for each in listed if (path := module_at(each.path, files))]
        return [Input(each.path, each.name or each.path.stem) for each in inputs]
    return inputs
