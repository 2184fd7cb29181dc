"""Configurations that nobody deploys: those that only tests load, that only `wrangler dev -c` names, or
that a script makes the real configuration of.

What would be refused at deploy is no mistake there. They are recognised by who names them: a deploy command
that names the file, or that runs where `wrangler deploy` finds it, outweighs everything else. Text is
searched for commands, never run.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from wslint.files import Files
from wslint.record import field, frozen, record
from wslint.wrangler.config import load_document
from wslint.wrangler.located import ParseError

STANDARD_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")

_TEST_WORDS = frozenset(
    {"test", "tests", "__tests__", "e2e", "vitest", "playwright", "jest", "fixture", "fixtures"}
    | {"__fixtures__", "testdata", "test-data", "test-fixtures", "test-fixture", "integration-tests"}
    | {"integration-test", "e2e-tests", "e2e-test", "unit-tests"}
)
_TEST_SETUPS = re.compile(
    r"(?:vitest|vite|playwright|jest)[\w.-]*\.(?:[cm]?[jt]s|json)|.*[.-_](?:test|spec)\.[cm]?[jt]sx?"
)
_TEST_POOL = re.compile(rb"vitest-pool-workers|cloudflareTest|defineWorkers(?:Config|Project)")

_COMMAND = re.compile(r"\bwrangler(?:@[\w.^~-]+)?\s+(?P<rest>[^\n;|&]*)")
_DEPLOYS = re.compile(r"\b(?:deploy|publish|versions\s+upload)\b")
_CONFIG = re.compile(r"(?:-c|--config)(?:\s+|=)[\"']?([^\s\"'`,;]+)")
_CONFIG_BYTES = re.compile(_CONFIG.pattern.encode())
_FOLDER = re.compile(r"--cwd(?:\s+|=)[\"']?([^\s\"']+)")
_CHANGED = re.compile(r"\bcd\s+[\"']?([^\s\"'&;]+)[^&;]*(?:&&|;)\s*(?:[^&;]*\s)?$")
_ANY_DEPLOY = re.compile(
    rb"wrangler[^\n]{0,120}\b(?:deploy|publish|versions)\b|wrangler-action|[\"'](?:deploy|publish)[\"']"
)
_LOADS = re.compile(
    rb"unstable_dev|unstable_startWorker|getPlatformProxy|createTestHarness|Miniflare\b|vitest-pool-workers"
    rb"|cloudflareTest|defineWorkers|readFile|Bun\.file|readTextFile|read_text|open\(|\b(?:jq|sed|cat|envsubst)\b"
)
"""How code loads a configuration other than for a deploy, or reads it to make another of it."""
_HOLED_NAME = re.compile(rb"wrangler[\w.-]*(?:\$\{[^}\n]*\}|\$\w+|\{\{[^}\n]*\}\})[\w.-]*\.(?:toml|jsonc?)")
_HOLE = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|\$\w+|\{\{.*?\}\}|%\w+%?")

_READ = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".sh", ".py", ".yml", ".yaml", ".md", ".toml")
_VITE_PLUGIN = b"@cloudflare/vite-plugin"
"""What builds the configurations that it is given, for a deploy that names none."""
_BUILD_FILES = frozenset({"Makefile", "makefile", "justfile", "Justfile", "package.json", "Procfile"})
_PASSED_OVER = frozenset(
    {"node_modules", "dist", "build", "target", "venv", ".venv", "vendor", "coverage", "out", "__pycache__"}
)
_NEAR = 400
"""Bytes between a folder that is made the current one and what is deployed there."""
_LONGEST_LINE = 300
_MOST_FILES = 1500
_MOST_BYTES = 200_000


@frozen
class Command:
    """A call of wrangler in a script: the folder that it runs in, and what stands behind `wrangler`."""

    folder: Path
    text: str

    @property
    def deploys(self) -> bool:
        return _DEPLOYS.search(self.text) is not None and "--dry-run" not in self.text

    def names(self, path: Path) -> bool:
        """Whether it is given this configuration, or one whose name a variable completes."""
        given = _CONFIG.search(self.text)
        return given is not None and _leads_to(self.folder, given[1], path)

    def names_like(self, path: Path) -> bool:
        """The same, wherever it runs: the text does not tell."""
        given = _CONFIG.search(self.text)
        return given is not None and _leads_to(path.parent, os.path.basename(given[1]), path)

    @property
    def names_none(self) -> bool:
        return _CONFIG.search(self.text) is None


def _leads_to(folder: Path, given: str, path: Path) -> bool:
    written = os.path.normpath(os.path.join(folder, given))
    if not _HOLE.search(given):
        return written == os.fspath(path)
    parts = [re.escape(part) for part in _HOLE.split(os.path.basename(given))]
    if not any(parts):
        return False  # any name at all: it says nothing of this one
    return re.fullmatch(".+".join(parts), path.name) is not None


@record
class Text:
    """A script, a test or an instruction, and what it says of deploys; worked out once for all configurations."""

    path: Path
    data: bytes

    @cached_property
    def commands(self) -> list[Command]:
        if b"wrangler" not in self.data:
            return []
        return list(_calls(self.path.parent, self.data.decode("utf-8", "replace")))

    @cached_property
    def beside_commands(self) -> bytes:
        """The text without the configurations that commands are given."""
        return _CONFIG_BYTES.sub(b"", self.data)

    @cached_property
    def deploys(self) -> bool:
        return _ANY_DEPLOY.search(self.data) is not None

    @cached_property
    def has_holes(self) -> bool:
        """Whether names of configurations stand in it that a variable completes."""
        return _HOLED_NAME.search(self.data) is not None

    def may_name(self, path: Path) -> bool:
        """Whether it is worth a closer look."""
        name = path.name.encode("utf-8", "surrogateescape")
        folder = path.parent.name.encode("utf-8", "surrogateescape")
        return name in self.data or self.has_holes or (self.deploys and folder in self.data)


@record
class Search:
    """Who deploys and who loads the configurations of one run. `tops` are the given folders: the names of
    folders above them, or above the repository, say nothing."""

    files: Files
    tops: tuple[Path, ...] = ()
    _texts: dict[Path, list[Text]] = field(default_factory=dict)
    _read_texts: dict[Path, Text] = field(default_factory=dict)

    def why(self, path: Path) -> str:
        """Why nobody deploys the configuration; empty where somebody may."""
        standard = path.name in STANDARD_NAMES
        words = set(re.split(r"[.\-_]", path.stem)) & _TEST_WORDS if not standard else set()
        folder = self._test_folder(path)
        if folder is not None or words:
            if self._is_deployed(path):
                return ""
            where = f"in the folder `{folder.name}`" if folder is not None else "for tests by its name"
            return f"it is {where}, and nothing deploys it"
        if not standard:
            return self._why_other(path)
        return self._why_of_library(path) or self._why_of_test(path)

    def _top(self, path: Path) -> Path:
        """The repository, or the outermost given folder that holds the file."""
        for folder in path.parents:
            if ".git" in self.files.listing(folder):
                return folder
        return min(
            (top for top in self.tops if top in path.parents),
            key=lambda top: len(top.parts),
            default=path.parent,
        )

    def _test_folder(self, path: Path) -> Path | None:
        """The outermost folder of tests or fixtures that the file lies in."""
        top = self._top(path)
        inside = [folder for folder in path.parents if top in folder.parents]
        return next((folder for folder in reversed(inside) if folder.name.lower() in _TEST_WORDS), None)

    def _is_deployed(self, path: Path) -> bool:
        """Whether a command deploys this very file, or runs where wrangler finds it by itself."""
        top = self._top(path)
        for folder in path.parents:
            for command in self._commands(folder):
                by_place = command.names_none and path.name in STANDARD_NAMES
                by_place = by_place and command.folder == path.parent
                if command.deploys and (command.names(path) or by_place):
                    return True
            if folder == top:
                break
        return any(kind == "deploy" for kind, _ in self._mentions(path))

    def _why_other(self, path: Path) -> str:
        """For a file that wrangler reads only where it is named: who names it, when nobody deploys it."""
        loaders = []
        for kind, who in self._mentions(path):
            if kind in ("deploy", "build"):
                return ""
            loaders.append(who)
        return f"only {loaders[0]} names it, and nothing deploys it" if loaders else ""

    def _why_of_library(self, path: Path) -> str:
        """For a standard name outside of tests: a published package that has it for its tests and types."""
        package = self._package(path.parent)
        if package is None or package.get("private") is True or package.keys().isdisjoint(_PUBLISHED):
            return ""
        commands = self._commands(path.parent)
        if any(command.deploys for command in commands) or self._is_deployed(path):
            return ""
        for name in sorted(self.files.listing(path.parent)):
            if _TEST_SETUPS.fullmatch(name):
                text = self._read(path.parent / name)
                if _VITE_PLUGIN not in text and (_TEST_POOL.search(text) or path.name.encode() in text):
                    return f"`{name}` loads it, and the package is published, not deployed"
        if any(command.text.startswith("types") for command in commands):
            return "`wrangler types` reads it, and the package is published, not deployed"
        return ""

    def _why_of_test(self, path: Path) -> str:
        """For a standard name whose `main` is a test's."""
        file = self.files.read(path)
        try:
            main = load_document(file).environments[0].string("main") if file is not None else None
        except ParseError:
            return ""
        folders = (main or "").split("/")[:-1]
        test = next((folder for folder in folders if folder.lower() in _TEST_WORDS), None)
        if test is None or self._is_deployed(path):
            return ""
        return f"its `main` is in the folder `{test}`, and nothing deploys it"

    def _package(self, folder: Path) -> dict[str, object] | None:
        if "package.json" not in self.files.listing(folder):
            return None
        file = self.files.read(folder / "package.json")
        try:
            data = json.loads(file.data) if file is not None else None
        except (ValueError, RecursionError):
            return None
        return data if isinstance(data, dict) else None

    def _scripts(self, folder: Path) -> list[str]:
        package = self._package(folder)
        scripts = package.get("scripts") if package is not None else None
        texts = scripts.values() if isinstance(scripts, dict) else ()
        return [text for text in texts if isinstance(text, str)]

    def _commands(self, folder: Path) -> list[Command]:
        """The calls of wrangler in the scripts of a folder's package.json."""
        return [command for text in self._scripts(folder) for command in _calls(folder, text)]

    def _mentions(self, path: Path) -> Iterator[tuple[str, str]]:
        """Who names the file: ("deploy", "build" for a deploy or a test alike, or "load"; in words)."""
        top = self._top(path)
        base = next(
            (folder for folder in path.parents if "package.json" in self.files.listing(folder)), path.parent
        )
        if top not in (base, *base.parents):
            base = path.parent
        for text in self._texts_under(base, top):
            yield from self._mentions_in(text, path)

    def _mentions_in(self, text: Text, path: Path) -> Iterator[tuple[str, str]]:
        file, standard = text.path, path.name in STANDARD_NAMES
        if not text.may_name(path):
            return
        if file.name == "package.json":
            for script in self._scripts(file.parent):
                yield from _mentions_in_script(file.parent, script, path)
            return
        name = self.files.name(file)
        for command in text.commands:
            if command.names(path) or (not standard and command.names_like(path)):
                yield ("deploy" if command.deploys else "load"), f"`{name}`"
        data = text.beside_commands
        named = _names_path(data, file, path) if standard else _names_file(data, path)
        if file.name.startswith("vite.config.") and _VITE_PLUGIN in data:
            if named:
                yield "build", f"`{name}`"
        elif text.deploys:
            if named or (standard and _goes_to(data, self._top(path), path.parent)):
                yield "deploy", f"`{name}`"
        elif named and (_TEST_SETUPS.fullmatch(file.name) or _LOADS.search(data)):
            yield "load", f"`{name}`"

    def _texts_under(self, base: Path, top: Path) -> list[Text]:
        """The scripts, tests and instructions of a project, and those at the top of its repository."""
        known = self._texts.get(base)
        if known is None:
            paths = [*_walk(base), *_walk(top / ".github")]
            if top != base:
                paths += [top / name for name in sorted(self.files.listing(top)) if _is_read(name)]
                paths += _walk(top / "scripts")
            known = self._texts[base] = [self._text(path) for path in dict.fromkeys(paths)]
        return known

    def _text(self, path: Path) -> Text:
        known = self._read_texts.get(path)
        if known is None:
            known = self._read_texts[path] = Text(path, self._read(path))
        return known

    def _read(self, path: Path) -> bytes:
        if not self.files.is_file(path):
            return b""
        try:
            with open(path, "rb") as handle:
                return handle.read(_MOST_BYTES)
        except OSError:
            return b""


_PUBLISHED = frozenset({"exports", "module", "files", "publishConfig", "types"})
"""What the package.json of a package for others has."""


def _mentions_in_script(folder: Path, text: str, path: Path) -> Iterator[tuple[str, str]]:
    """Who of a script's commands names the file. What copies it deploys it, if the script deploys at all; what
    writes another configuration from it does not."""
    commands = list(_calls(folder, text))
    for command in commands:
        if command.names(path):
            yield ("deploy" if command.deploys else "load"), f"`wrangler {command.text.split()[0]}`"
    rest = _CONFIG.sub("", text)
    if path.name in STANDARD_NAMES or not _names_file(rest.encode("utf-8", "replace"), path):
        return
    copied = re.search(rf"\b(?:cp|mv|ln|copy)\b[^&|;]*{re.escape(path.name)}", rest) is not None
    yield ("deploy" if copied else "load"), "a script of package.json"


def _calls(folder: Path, text: str) -> Iterator[Command]:
    for match in _COMMAND.finditer(text):
        rest = match["rest"].strip()
        where = _FOLDER.search(rest) or _CHANGED.search(
            text[max(match.start() - _LONGEST_LINE, 0) : match.start()]
        )
        place = Path(os.path.normpath(folder / where[1])) if where is not None else folder
        if rest:
            yield Command(place, rest)


def _names_file(data: bytes, path: Path) -> bool:
    """Whether a text names the file, or names like it that something completes: `wrangler.${env}.toml`."""
    name = re.escape(path.name.encode("utf-8", "surrogateescape"))
    if re.search(rb"(?<![\w.-])" + name + rb"(?![\w.-])", data):
        return True
    return any(
        _leads_to(path.parent, match[0].decode("utf-8", "replace"), path)
        for match in _HOLED_NAME.finditer(data)
    )


def _goes_to(data: bytes, top: Path, folder: Path) -> bool:
    """Whether a text makes the folder the current one for what it runs."""
    if top not in folder.parents:
        return False
    inside = re.escape(folder.relative_to(top).as_posix().encode("utf-8", "surrogateescape"))
    how = rb"(?:\bcd\s+|working-?[dD]irectory[\"']?:\s*|--cwd[ =]|cwd:\s*)[\"']?(?:\./)?"
    return any(
        _ANY_DEPLOY.search(data, max(match.start() - _NEAR, 0), match.end() + _NEAR)
        for match in re.finditer(how + inside + rb"/?(?![\w/-])", data)
    )


def _names_path(data: bytes, file: Path, path: Path) -> bool:
    """Whether a text names the file by its path, as one of a usual name must be."""
    for folder in file.parents:
        if folder in path.parents and folder != path.parent:
            return path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape") in data
    return False


def _is_read(name: str) -> bool:
    return name.endswith(_READ) or name in _BUILD_FILES


def _walk(base: Path) -> list[Path]:
    """The files to search below a folder, those nearest to it first."""
    found: list[Path] = []
    waiting = [base]
    while waiting and len(found) < _MOST_FILES:
        folder = waiting.pop(0)
        try:
            with os.scandir(folder) as entries:
                rows = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        except OSError:
            continue
        for name, is_folder in rows:
            if is_folder:
                if name not in _PASSED_OVER and (not name.startswith(".") or name in (".github", ".ci")):
                    waiting.append(folder / name)
            elif _is_read(name):
                found.append(folder / name)
    return found[:_MOST_FILES]
