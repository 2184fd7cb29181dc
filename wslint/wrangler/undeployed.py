"""Configurations that nobody deploys: those that only tests load, that only `wrangler dev -c` names, or
that a script makes the real configuration of.

What would be refused at deploy is no mistake there. They are recognised by who names them: a deploy command
that names the file, or that runs where `wrangler deploy` finds it, outweighs everything else. Text is
searched for commands, never run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.record import field, record
from wslint.regex import regex
from wslint.wrangler.commands import (
    STANDARD_NAMES,
    Command,
    Text,
    calls,
    deploys_beside,
    goes_to,
    mentions_in_script,
    names_file,
    names_path,
)
from wslint.wrangler.config import load_document
from wslint.wrangler.located import ParseError

_TEST_WORDS = frozenset(
    {"test", "tests", "__tests__", "e2e", "vitest", "playwright", "jest", "fixture", "fixtures"}
    | {"__fixtures__", "testdata", "test-data", "test-fixtures", "test-fixture", "integration-tests"}
    | {"integration-test", "e2e-tests", "e2e-test", "unit-tests"}
)
_TEST_SETUPS = regex(
    r"(?:vitest|vite|playwright|jest)[\w.-]*\.(?:[cm]?[jt]s|json)|.*[.-_](?:test|spec)\.[cm]?[jt]sx?"
)
_TEST_POOL = regex(rb"vitest-pool-workers|cloudflareTest|defineWorkers(?:Config|Project)")
_LOADS = regex(
    rb"unstable_dev|unstable_startWorker|getPlatformProxy|createTestHarness|Miniflare\b|vitest-pool-workers"
    rb"|cloudflareTest|defineWorkers|readFile|Bun\.file|readTextFile|read_text|open\(|\b(?:jq|sed|cat|envsubst)\b"
)
"""How code loads a configuration other than for a deploy, or reads it to make another of it."""
_READ = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".sh", ".py", ".yml", ".yaml", ".md", ".toml")
_VITE_PLUGIN = b"@cloudflare/vite-plugin"
"""What builds the configurations that it is given, for a deploy that names none."""
_BUILD_FILES = frozenset({"Makefile", "makefile", "justfile", "Justfile", "package.json", "Procfile"})
_PASSED_OVER = frozenset(
    {"node_modules", "dist", "build", "target", "venv", ".venv", "vendor", "coverage", "out", "__pycache__"}
)
_MOST_FILES = 1500
_MOST_BYTES = 200_000


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
            if self.files.has(folder, ".git"):
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
        return next((folder for folder in reversed(inside) if _is_of_tests(folder.name.lower())), None)

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
        name = package.get("name")
        if isinstance(name, str) and self._is_deployed_by_name(path, name.encode("utf-8", "surrogateescape")):
            return ""
        for name in sorted(self.files.listing(path.parent)):
            if _TEST_SETUPS.fullmatch(name):
                text = self._read(path.parent / name)
                if _VITE_PLUGIN not in text and (_TEST_POOL.search(text) or path.name.encode() in text):
                    return f"`{name}` loads it, and the package is published, not deployed"
        if any(command.text.startswith("types") for command in commands):
            return "`wrangler types` reads it, and the package is published, not deployed"
        return ""

    def _is_deployed_by_name(self, path: Path, name: bytes) -> bool:
        """Whether a script or workflow above deploys the package by its name: `pnpm --filter NAME exec wrangler …`."""
        return any(
            text.path.parent != path.parent
            and text.path.suffix != ".md"
            and text.deploys
            and name in text.data
            for text in self._texts_under(path.parent, self._top(path))
        )

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
        if not self.files.has(folder, "package.json"):
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
        return [command for text in self._scripts(folder) for command in calls(folder, text)]

    def _mentions(self, path: Path) -> Iterator[tuple[str, str]]:
        """Who names the file: ("deploy", "build" for a deploy or a test alike, or "load"; in words)."""
        top = self._top(path)
        base = next(
            (folder for folder in path.parents if self.files.has(folder, "package.json")), path.parent
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
                yield from mentions_in_script(file.parent, script, path)
            return
        name = self.files.name(file)
        for command in text.commands:
            if command.names(path) or (not standard and command.names_like(path)):
                yield ("deploy" if command.deploys else "load"), f"`{name}`"
        data = text.beside_commands
        named = names_path(data, file, path) if standard else names_file(data, path)
        if file.name.startswith("vite.config.") and _VITE_PLUGIN in data:
            if named:
                yield "build", f"`{name}`"
        elif text.deploys:
            if file.suffix == ".md" and named and not deploys_beside(data, path):
                return  # instructions speak of many files
            if named or (standard and goes_to(data, self._top(path), path.parent)):
                yield "deploy", f"`{name}`"
        elif named and (_TEST_SETUPS.fullmatch(file.name) or _LOADS.search(data)):
            yield "load", f"`{name}`"

    def _texts_under(self, base: Path, top: Path) -> list[Text]:
        """The scripts, tests and instructions of a project, and those at the top of its repository."""
        known = self._texts.get(base)
        if known is None:
            paths = [*_walk(base, self.files), *_walk(top / ".github", self.files)]
            if top != base:
                paths += [top / name for name in sorted(self.files.listing(top)) if _is_read(name)]
                paths += _walk(top / "scripts", self.files)
            known = self._texts[base] = [self._text(path) for path in dict.fromkeys(paths)]
        return known

    def _text(self, path: Path) -> Text:
        known = self._read_texts.get(path)
        if known is None:
            known = self._read_texts[path] = Text(path, self._read(path))
        return known

    def _read(self, path: Path) -> bytes:
        return self.files.start_of(path, _MOST_BYTES)


_PUBLISHED = frozenset({"exports", "module", "files", "publishConfig", "types"})
"""What the package.json of a package for others has."""


def _is_of_tests(folder: str) -> bool:
    """Whether a folder's name says that tests are inside: `tests`, `runtime-tests`, `tests-e2e`."""
    return folder in _TEST_WORDS or not {"tests", "e2e"}.isdisjoint(re.split(r"[.\-_]", folder))


def _is_read(name: str) -> bool:
    return name.endswith(_READ) or name in _BUILD_FILES


def _walk(base: Path, files: Files) -> list[Path]:
    """The files to search below a folder, those nearest to it first."""
    found: list[Path] = []
    waiting = [base]
    while waiting and len(found) < _MOST_FILES:
        folder = waiting.pop(0)
        for name, is_folder in files.entries(folder):
            if is_folder:
                if name not in _PASSED_OVER and (not name.startswith(".") or name in (".github", ".ci")):
                    waiting.append(folder / name)
            elif _is_read(name):
                found.append(folder / name)
    return found[:_MOST_FILES]
