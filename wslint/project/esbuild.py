"""esbuild (and `bun build`, which takes the same options): on a command line, or called by a build script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built, Input, in_folder, inputs_of, module_at, written_to
from wslint.project.commands import Command, Commands
from wslint.source import tree
from wslint.source.javascript.literals import Script, script_at
from wslint.source.nodes import nodes_in

_VALUES = ("--outfile", "--outdir", "--format", "--target", "--platform", "-o", "--entry-naming")
_BY_PLATFORM = {"browser": "iife", "node": "cjs"}
_METHODS = frozenset({"build", "buildSync", "context"})


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    """The module that esbuild makes an output from."""
    for command in commands.named("esbuild", "bun"):
        if command.name == "bun" and command.words[1:2] != ("build",):
            continue
        found = _from_command(output, command, files)
        if found is not None:
            return _built(found, command.name, _form_of(command), files, output)
    for path in commands.programs:
        script = script_at(path, files)
        for call in _calls(script) if script is not None else ():
            found = _from_call(output, script, call, files) if script is not None else None
            if found is not None and script is not None:
                return _built(found, path.name, _form_given(script, script.argument(call)), files, output)
    return None


def _built(source: Path, how: str, form: str, files: Files, output: Path) -> Built:
    """An output in another form than an ES module has no exports that the runtime could see."""
    if form in ("", "esm"):
        return Built(source, f"`{how}`")
    why = f"`{how}` writes `{files.name(output)}` in the form `{form}`, which exports nothing that a Worker could"
    return Built(source, f"`{how}`", frozenset(), why, "build with `--format=esm`")


def _form_of(command: Command) -> str:
    """The output's form: as given, else what esbuild takes for the platform when it bundles."""
    given = command.option("--format")
    if given is not None or command.name != "esbuild" or "--bundle" not in command.words:
        return given or ""
    return _BY_PLATFORM.get(command.option("--platform") or "browser", "")


def _form_given(script: Script, options: tree.Expression | None) -> str:
    if script.is_open(options):
        return ""
    if script.get(options, "format") is not None:
        return script.text(script.get(options, "format")) or ""
    bundle, platform = script.get(options, "bundle"), script.get(options, "platform")
    if script.get(options, "entryPoints") is None or bundle is None:  # Bun writes ES modules
        return ""
    if not isinstance(bundle, tree.Constant) or bundle.value != "true":
        return ""
    named = script.text(platform)
    return _BY_PLATFORM.get(named or "browser", "") if platform is None or named else ""


def _from_command(output: Path, command: Command, files: Files) -> Path | None:
    inputs = []
    for word in command.plain(*_VALUES):
        name, equals, path = word.partition("=")
        if word == "build" and command.name == "bun":
            continue
        inputs.append(Input(command.path(path if equals else word), name if equals else None))
    inputs = [
        Input(found, each.name) for each in inputs if (found := module_at(each.path, files)) is not None
    ]
    file, folder = command.option("--outfile", "-o"), command.option("--outdir", "-d")
    if command.target is not None and file is None and folder is None:
        file = command.target
    if file is not None and len(inputs) == 1 and written_to(output, command.path(file)):
        return inputs[0].path
    if folder is None:
        return None
    base = command.option("--outbase", "--root")
    entry = in_folder(output, command.path(folder), inputs, command.path(base) if base else None)
    return entry.path if entry is not None else None


def _calls(script: Script) -> Iterator[tree.Call]:
    """The calls of esbuild's, or Bun's, own functions."""
    yield from script.calls("esbuild", "esbuild-wasm")
    for node in nodes_in(script.body):
        if isinstance(node, tree.Call) and isinstance(node.function, tree.Member):
            owner = node.function.object
            if isinstance(owner, tree.Name) and owner.name in ("Bun", "esbuild"):
                if owner.name not in script.imports and node.function.name in _METHODS:
                    yield node


def _from_call(output: Path, script: Script, call: tree.Call, files: Files) -> Path | None:
    options = script.argument(call)
    # A build script is started at the top of its package, whose folder its paths then start from.
    for base in (script.file.path.parent, script.file.path.parent.parent):
        given = inputs_of(
            script, script.get(options, "entryPoints") or script.get(options, "entrypoints"), base
        )
        inputs = [Input(found, each.name) for each in given if (found := module_at(each.path, files))]
        if not inputs:
            continue
        file = script.path(script.get(options, "outfile"), base)
        if len(inputs) == 1 and written_to(output, file):
            return inputs[0].path
        folder = script.path(script.get(options, "outdir"), base)
        if folder is not None:
            entry = in_folder(output, folder, inputs, script.path(script.get(options, "outbase"), base))
            if entry is not None:
                return entry.path
    return None
