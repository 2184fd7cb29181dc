"""What the scripts of a project do to a file after something else has written it: which exports they add."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.commands import Command, Commands
from wslint.project.inside import is_inside
from wslint.source import tree
from wslint.source.javascript.literals import Script, script_at
from wslint.source.nodes import nodes_in
from wslint.text import SourceFile

_HARMLESS = frozenset(
    {"vite", "svelte-kit", "astro", "nitro", "nitropack", "nuxt", "nuxi", "next", "opennextjs-cloudflare"}
    | {
        "wrangler",
        "tsc",
        "tsgo",
        "svelte-check",
        "vue-tsc",
        "eslint",
        "prettier",
        "biome",
        "oxlint",
        "vitest",
    }
    | {
        "playwright",
        "jest",
        "npm",
        "pnpm",
        "yarn",
        "bun",
        "npm-run-all",
        "run-s",
        "run-p",
        "concurrently",
        "turbo",
    }
    | {
        "rm",
        "rimraf",
        "mkdir",
        "true",
        "export",
        "test",
        "drizzle-kit",
        "husky",
        "lint-staged",
        "knip",
        "ls",
        "stat",
        "react-router",
        "remix",
    }
    | {
        "lefthook",
        "wait-on",
        "open-next",
        "node",
        "tsx",
        "ts-node",
        "deno",
        "sh",
        "bash",
        "make",
        "git",
        "grep",
    }
)
"""Commands that leave what was written alone; the scripts that some of them run are looked into by themselves."""

_APPENDS = frozenset({"appendFileSync", "appendFile"})
_NOTHING: frozenset[str] = frozenset()


def additions(output: Path, commands: Commands, files: Files) -> frozenset[str] | None:
    """The names that scripts add to the exports of an output; None where they may do something else to it."""
    if commands.opaque:
        return None
    found = _NOTHING
    for command in commands.found:
        names = _by_command(output, command, commands.home, files)
        if names is None:
            return None
        found |= names
    for path in commands.programs:
        names = _by_program(output, path, files)
        if names is None:
            return None
        found |= names
    return found


def is_added_to(output: Path, commands: Commands, files: Files) -> bool:
    """Whether a script adds text to an output, which may export more than what the output is made from."""
    if any(
        command.appends and command.target is not None and command.path(command.target) == output
        for command in commands.found
    ):
        return True
    for path in commands.programs:
        script = script_at(path, files)
        for node in nodes_in(script.body) if script is not None else ():
            if isinstance(node, tree.Call) and _called(node) in _APPENDS and script is not None:
                if _appended(output, script, node, files) != _NOTHING:
                    return True
    return False


def appended(output: Path, commands: Commands) -> str:
    """What the project's commands print behind an output: `echo "export { Room } from …" >> output`."""
    lines = [
        _printed(command)
        for command in commands.found
        if command.appends and command.target is not None and command.path(command.target) == output
        if command.name in ("echo", "printf")
    ]
    return "\n".join(lines)


def _printed(command: Command) -> str:
    text = " ".join(word for word in command.arguments if word not in ("-e", "-n", "--", "%s"))
    return text.replace("\\n", "\n")


def _by_command(output: Path, command: Command, home: Path, files: Files) -> frozenset[str] | None:
    if command.target is not None and command.path(command.target) == output:
        return _sent(command, home, files) if command.appends else None
    if command.name in _HARMLESS or command.name in ("echo", "printf"):
        return _NOTHING
    named = (command.path(word.rpartition("=")[2]) for word in command.words)
    touches = any(path in (output, *output.parents[:2]) for path in named)
    return None if touches and command.name != "cat" else _NOTHING


def _sent(command: Command, home: Path, files: Files) -> frozenset[str] | None:
    """What the text that a command prints exports."""
    if command.name in ("echo", "printf"):
        return _exports(
            SourceFile(command.path("appended.ts"), "appended.ts", _printed(command).encode()), files
        )
    if command.name != "cat":
        return None
    found = _NOTHING
    for word in command.plain():
        path = command.path(word)
        file = files.read(path) if is_inside(path, home, files) else None
        names = _exports(file, files) if file is not None else None
        if names is None:
            return None
        found |= names
    return found


def _exports(file: SourceFile, files: Files) -> frozenset[str] | None:
    from wslint.source.javascript.module import read_module

    module = read_module(files, file)
    return None if module.stars or module.hidden else frozenset(module.exports)


def _by_program(output: Path, path: Path, files: Files) -> frozenset[str] | None:
    script = script_at(path, files)
    if script is None:
        return None
    found = _NOTHING
    seen = False
    for node in nodes_in(script.body):
        if isinstance(node, tree.Call) and _called(node) in _APPENDS:
            names = _appended(output, script, node, files)
            if names is None:
                return None
            found, seen = found | names, True
    if seen:
        return found
    return None if output.name.encode() in script.file.data else _NOTHING


def _appended(output: Path, script: Script, call: tree.Call, files: Files) -> frozenset[str] | None:
    """What `appendFileSync(path, text)` adds, for a path from the script's folder or the one above."""
    if len(call.arguments) < 2:
        return None
    folder = script.file.path.parent
    places = {script.path(call.arguments[0], base) for base in (folder, folder.parent)}
    if None in places:
        return None
    if output not in places:
        return _NOTHING
    text = script.text(call.arguments[1])
    return (
        _exports(SourceFile(folder / "appended.ts", "appended.ts", text.encode()), files)
        if text is not None
        else None
    )


def _called(call: tree.Call) -> str:
    function = call.function
    return function.name if isinstance(function, (tree.Name, tree.Member)) else ""
