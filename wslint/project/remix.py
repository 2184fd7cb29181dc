"""React Router and Remix: `build/server/index.js`, which Vite makes, and Remix's `build/index.js` of before Vite.

Both keep the exports of a server entry that the project names, so the output is led back to it. Without one the
output is the framework's own build, which is no Worker: nothing is said of it.
"""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built, inputs_of, module_at, written_to
from wslint.project.commands import Command, Commands
from wslint.project.output import additions
from wslint.project.vite import BUNDLERS, vite_config
from wslint.source import tree
from wslint.source.javascript.literals import Script, config_named

_VITE_PLUGINS = ("@react-router/dev/vite", "@remix-run/dev")
_FLAGS = ("isSsrBuild", "ssrBuild")
_SERVER = "server"
_DEFAULTS = {"buildDirectory": "build", "serverBuildFile": "index.js"}


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    for command in commands.named("react-router", "remix", "vite"):
        found = None
        if not {"build", "vite:build"}.isdisjoint(command.words):
            found = _with_vite(output, command, files)
        if found is None and command.name == "remix" and "build" in command.words:
            found = _before_vite(output, command, files)
        if found is not None:
            if additions(output, commands, files) != frozenset():
                return None  # what is done to it afterwards may export more
            return Built(found, f"`{' '.join(command.words[:2])}`")
    return None


def _with_vite(output: Path, command: Command, files: Files) -> Path | None:
    script = vite_config(command, files)
    calls = script.calls(*_VITE_PLUGINS) if script is not None else []
    if script is None or not calls:
        return None
    folder = script.file.path.parent
    written = _written(script, calls[0], folder, files)
    if not written_to(output, written):
        return None
    build = script.get(script.exported, "build")
    for options in BUNDLERS:
        entries = inputs_of(script, script.get(_for_server(script, build, options), "input"), folder)
        if len(entries) == 1:
            return module_at(entries[0].path, files)
    return None


def _written(script: Script, call: tree.Call, folder: Path, files: Files) -> Path | None:
    """Where the server build goes; None where a value that decides it is not seen."""
    own = config_named(folder, "react-router", files)
    places = [(script, script.argument(call))]
    places += [(own, own.exported)] if own is not None else []
    names = dict(_DEFAULTS)
    for where, options in places:
        if options is None:
            continue
        if where.is_open(options) or where.get(options, "serverBundles") is not None:
            return None
        for key in names:
            given = where.get(options, key)
            if given is not None:
                text = where.text(given)
                if text is None:
                    return None
                names[key] = text
    return Path(folder, names["buildDirectory"], _SERVER, names["serverBuildFile"])


def _for_server(script: Script, build: tree.Expression | None, key: str) -> tree.Expression | None:
    """The bundler's options for the server build: the same for both builds, or what a test of the flag that Vite
    hands the configuration gives there."""
    node = script.get(build, key)
    if not isinstance(node, tree.Operation):
        return node
    test, *branches = node.operands
    negated = isinstance(test, tree.Operation) and test.operator == "!"
    flag = test.operands[0] if isinstance(test, tree.Operation) and negated else test
    if not isinstance(flag, tree.Name) or flag.name not in _FLAGS:
        return None
    if node.operator == "?:" and len(branches) == 2:
        return script.settle(branches[1 if negated else 0])
    return script.settle(branches[0]) if node.operator == "&&" and not negated else None


def _before_vite(output: Path, command: Command, files: Files) -> Path | None:
    """remix.config.js: `server` is what esbuild bundles into `serverBuildPath`."""
    script = config_named(command.folder, "remix", files)
    options = script.exported if script is not None else None
    if script is None or script.is_open(options):
        return None
    folder = script.file.path.parent
    written = script.get(options, "serverBuildPath")
    place = script.path(written, folder) if written is not None else folder / "build" / "index.js"
    server = script.path(script.get(options, "server"), folder)
    if server is None or not written_to(output, place):
        return None
    return module_at(server, files)
