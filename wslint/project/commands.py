"""The commands that a project builds and deploys with, as far as its files write them out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.project.inside import is_inside
from wslint.record import field, frozen, record
from wslint.regex import regex
from wslint.source.javascript.packages import Package, package_at, package_of
from wslint.text import SourceFile
from wslint.wrangler.config import WorkerConfig

_RUNNERS = frozenset(
    {"npx", "bunx", "pnpx", "exec", "dlx", "cross-env", "env", "time", "dotenv", "--", "sudo"}
)
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_SHELLS = frozenset({"sh", "bash", "zsh", "dash"})
_ENGINES = frozenset({"node", "tsx", "ts-node", "bun", "deno", "esno", "jiti", "vite-node"})
_BREAKS = frozenset({"&&", "||", ";", "|", "&", "(", ")", ";;", "|&"})
_ASSIGNED = regex(r"[A-Za-z_]\w*=")
_SCRIPT_SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_OWN_FOLDER = regex(r"""\bcd\s+"?\$\(?.*?(?:dirname|BASH_SOURCE|SCRIPT_DIR)[^\n/]*(?P<up>(?:/[\w.-]+)*)""")
_LARGEST_SCRIPT = 256 * 1024
_MOST_SCRIPTS = 200
"""So many scripts are read at most: they call each other, and may do so in a circle."""


@frozen
class Command:
    """One command: its words without runners such as `npx`, what the environment is given, and the folder it
    runs in. `target` is where its output is sent, `appends` whether it is added to what is there. `text` is
    the line that it stands in."""

    words: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    folder: Path
    text: str
    target: str | None = None
    appends: bool = False

    @property
    def name(self) -> str:
        return self.words[0].rpartition("/")[2] if self.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        return self.words[1:]

    def option(self, *names: str) -> str | None:
        """What an option is given: `--name value`, `--name=value`, `--name:value`."""
        for index, word in enumerate(self.words):
            for name in names:
                if word == name and index + 1 < len(self.words):
                    return self.words[index + 1]
                if word.startswith((f"{name}=", f"{name}:")) and len(name) > 2:
                    return word[len(name) + 1 :]
        return None

    def plain(self, *with_value: str) -> list[str]:
        """The arguments that are no options; `with_value` are the options that take the next word."""
        found = []
        skip = False
        for word in self.arguments:
            if skip:
                skip = False
            elif word.startswith("-"):
                skip = word in with_value
            else:
                found.append(word)
        return found

    def path(self, text: str) -> Path:
        return Path(os.path.normpath(self.folder / text))


@record
class Commands:
    """All commands that were found; `programs` are the JavaScript build scripts that some of them run, and
    `opaque` the ones whose text is not in the tree."""

    found: list[Command] = field(default_factory=list)
    programs: list[Path] = field(default_factory=list)
    opaque: list[str] = field(default_factory=list)
    home: Path = Path()
    """The folder whose build they are: nothing outside of its repository is read."""

    def named(self, *names: str) -> Iterator[Command]:
        return (command for command in self.found if command.name in names)

    def mention(self, word: str) -> bool:
        return any(word in command.text for command in self.found)


def commands_of(config: WorkerConfig, files: Files) -> Commands:
    """The commands of a configuration's `build.command` and of the package.json files around it."""
    folder = config.document.folder
    build = config.value("build")
    cwd = build.get("cwd") if build is not None and build.kind == "table" else None
    place = Path(os.path.normpath(folder / cwd.string)) if cwd is not None and cwd.string else folder
    key = ("project commands", f"{folder}\0{place}\0{config.build_command}")
    known = files.cache.get(key)
    if isinstance(known, Commands):
        return known
    reader = _Reader(files, folder)
    if config.build_command:
        reader.line(config.build_command, place)
    for each in dict.fromkeys((place, folder)):
        package = package_of(files, each)
        if package is not None:
            reader.package(package)
    files.cache[key] = reader.commands
    return reader.commands


def commands_of_package(folder: Path, files: Files) -> Commands:
    """The commands of the nearest package.json upwards."""
    package = package_of(files, folder)
    key = ("package commands", os.fspath(package.folder if package is not None else folder))
    known = files.cache.get(key)
    if isinstance(known, Commands):
        return known
    reader = _Reader(files, folder)
    if package is not None:
        reader.package(package)
    files.cache[key] = reader.commands
    return reader.commands


def commands_above(folder: Path, files: Files) -> Commands:
    """The commands of the package.json files above the nearest one, up to the repository's top: where a
    workspace builds its packages from."""
    own = package_of(files, folder)
    key = ("commands above", os.fspath(own.folder if own is not None else folder))
    known = files.cache.get(key)
    if isinstance(known, Commands):
        return known
    reader = _Reader(files, folder)
    inside = own is not None and not files.has(own.folder, ".git")
    for each in own.folder.parents if own is not None and inside else ():
        package = package_at(files, each)
        if package is not None:
            reader.package(package)
        if files.has(each, ".git"):
            break
    files.cache[key] = reader.commands
    return reader.commands


def commands_in(line: str, folder: Path) -> list[Command]:
    """The commands of one shell line, in order, without what they run in turn."""
    found = []
    for words in _split(line):
        if words[0] == "cd" and len(words) > 1:
            folder = Path(os.path.normpath(folder / words[1]))
        elif (command := _command(words, folder, line)) is not None:
            found.append(command)
    return found


def script_run(command: Command) -> str | None:
    """The package.json script that a package manager is told to run."""
    rest = command.plain("--prefix", "-C", "--filter", "-w", "--dir", "--cwd", "-F")
    if command.name not in _MANAGERS or not rest:
        return None
    return rest[1] if rest[0] in ("run", "run-script") and rest[1:] else rest[0]


class _Reader:
    def __init__(self, files: Files, home: Path) -> None:
        self.files = files
        self.home = home  # scripts outside of its repository are not read
        self.commands = Commands(home=home)
        self._seen: set[tuple[str, str]] = set()

    def package(self, package: Package) -> None:
        scripts = package.data.get("scripts")
        for name in scripts if isinstance(scripts, dict) else ():
            self.script(package, name)

    def script(self, package: Package, name: str) -> None:
        scripts = package.data.get("scripts")
        line = scripts.get(name) if isinstance(scripts, dict) else None
        if isinstance(line, str):
            self.line(line, package.folder)

    def line(self, text: str, folder: Path) -> None:
        """One shell line, or several."""
        key = (text, os.fspath(folder))
        if key in self._seen or len(self._seen) >= _MOST_SCRIPTS:
            return
        self._seen.add(key)
        for words in _split(text):
            if words[0] == "cd" and len(words) > 1:
                if "$" not in words[1]:
                    folder = Path(os.path.normpath(folder / words[1]))
                continue
            command = _command(words, folder, text)
            if command is None:
                continue
            self.commands.found.append(command)
            self._follow(command)

    def _follow(self, command: Command) -> None:
        """The scripts that a command runs are read too."""
        name, rest = command.name, command.plain("--prefix", "-C", "--filter", "-w", "--dir", "--cwd", "-F")
        script = script_run(command)
        if script is not None:
            self._managed(command, script)
        elif name in ("make", "gmake"):
            self._recipes(command)
        elif name in _SHELLS and rest:
            self._shell(command.path(rest[0]), command.folder)
        elif command.words[0].endswith(".sh"):
            self._shell(command.path(command.words[0]), command.folder)
        elif name in _ENGINES:
            self._program(command, next((word for word in rest if word.endswith(_SCRIPT_SUFFIXES)), None))

    def _managed(self, command: Command, script: str) -> None:
        if command.name == "bun" and script.endswith(_SCRIPT_SUFFIXES):
            self._program(command, script)
            return
        where = command.option("--prefix", "-C", "--dir", "--cwd")
        folder = command.path(where) if where else command.folder
        package = package_of(self.files, folder) if is_inside(folder, self.home, self.files) else None
        if package is not None:
            self.script(package, script)

    def _read(self, path: Path) -> SourceFile | None:
        file = self.files.read(path) if is_inside(path, self.home, self.files) else None
        return file if file is not None and len(file.data) <= _LARGEST_SCRIPT else None

    def _shell(self, path: Path, folder: Path) -> None:
        """A shell script runs where it is called from, unless it goes to its own folder first."""
        file = self._read(path)
        if file is None:
            self.commands.opaque.append(path.name)
            return
        text = file.data.decode("utf-8", "replace")
        own = _OWN_FOLDER.search(text)
        if own is not None:
            folder = Path(os.path.normpath(path.parent / (own["up"] or "").strip("/")))
        for line in _joined_lines(text):
            if own is None or own[0] not in line:
                self.line(line, folder)

    def _recipes(self, command: Command) -> None:
        where = command.option("-C")
        folder = command.path(where) if where else command.folder
        file = self._read(folder / "Makefile")
        if file is None:
            self.commands.opaque.append(command.text)
            return
        for line in _joined_lines(file.data.decode("utf-8", "replace")):
            if line.startswith("\t"):
                self.line(line.strip().lstrip("@-"), folder)

    def _program(self, command: Command, script: str | None) -> None:
        if script is None:
            if "-e" in command.words or "--eval" in command.words:
                self.commands.opaque.append(command.text)
            return
        path = command.path(script)
        if self._read(path) is not None:
            if path not in self.commands.programs:
                self.commands.programs.append(path)
        else:
            self.commands.opaque.append(script)


def _joined_lines(text: str) -> list[str]:
    return text.replace("\\\r\n", " ").replace("\\\n", " ").split("\n")


def _split(text: str) -> Iterator[list[str]]:
    """The commands of a shell line, each as its words; redirections stay among them."""
    import shlex

    for line in _joined_lines(text):
        lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;()<>")
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:
            words = line.split()
        current: list[str] = []
        for word in words:
            if word in _BREAKS:
                if current:
                    yield current
                current = []
            else:
                current.append(word)
        if current:
            yield current


def _command(words: list[str], folder: Path, text: str) -> Command | None:
    environment: list[tuple[str, str]] = []
    target, appends = None, False
    kept: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        if word in (">", ">>", ">&", "<", "2"):
            if word in (">", ">>") and index + 1 < len(words):
                target, appends = words[index + 1], word == ">>"
            index += 1 if word == "2" else 2
            continue
        if not kept and _ASSIGNED.match(word):
            name, _, value = word.partition("=")
            environment.append((name, value))
        elif (not kept and word == "export") or (not kept and word in _RUNNERS):
            pass
        elif not kept and word in _MANAGERS and words[index + 1 : index + 2] in (["exec"], ["dlx"], ["x"]):
            index += 1
        elif not kept and word.startswith("-") and index:
            pass
        else:
            kept.append(word)
        index += 1
    if not kept and not environment:
        return None
    return Command(tuple(kept or ["export"]), tuple(environment), folder, text, target, appends)
