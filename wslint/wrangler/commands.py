"""Calls of wrangler in scripts, workflows and instructions: where they run, what they deploy, which configuration they
are given. Text is searched, nothing is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from wslint.record import frozen, record
from wslint.regex import regex

STANDARD_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
"""What wrangler finds by itself."""

_COMMAND = regex(r"\bwrangler(?:@[\w.^~-]+)?\s+(?P<rest>[^\n;|&]*)")
_DEPLOYS = regex(r"\b(?:deploy|publish|versions\s+upload)\b")
_CONFIG = regex(r"(?:-c|--config)(?:\s+|=)[\"']?([^\s\"'`,;]+)")
_CONFIG_BYTES = regex(_CONFIG.pattern.encode())
_FOLDER = regex(r"--cwd(?:\s+|=)[\"']?([^\s\"']+)")
_CHANGED = regex(r"\bcd\s+[\"']?([^\s\"'&;]+)[^&;]*(?:&&|;)\s*(?:[^&;]*\s)?$")
_ANY_DEPLOY = regex(
    rb"wrangler[^\n]{0,120}\b(?:deploy|publish|versions)\b|wrangler-action|[\"'](?:deploy|publish)[\"']"
)
_HOLED_NAME = regex(rb"wrangler[\w.-]*(?:\$\{[^}\n]*\}|\$\w+|\{\{[^}\n]*\}\})[\w.-]*\.(?:toml|jsonc?)")
_HOLE = regex(r"\$\{[^}]*\}|\$\([^)]*\)|\$\w+|\{\{.*?\}\}|%\w+%?")
_NEAR = 400
"""Bytes between a folder that is made the current one and what is deployed there."""
_LONGEST_LINE = 300


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
        return list(calls(self.path.parent, self.data.decode("utf-8", "replace")))

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


def mentions_in_script(folder: Path, text: str, path: Path) -> Iterator[tuple[str, str]]:
    """Who of a script's commands names the file. What copies it deploys it, if the script deploys at all; what
    writes another configuration from it does not."""
    commands = list(calls(folder, text))
    for command in commands:
        if command.names(path):
            yield ("deploy" if command.deploys else "load"), f"`wrangler {command.text.split()[0]}`"
    rest = _CONFIG.sub("", text)
    if path.name in STANDARD_NAMES or not names_file(rest.encode("utf-8", "replace"), path):
        return
    copied = re.search(rf"\b(?:cp|mv|ln|copy)\b[^&|;]*{re.escape(path.name)}", rest) is not None
    yield ("deploy" if copied else "load"), "a script of package.json"


def calls(folder: Path, text: str) -> Iterator[Command]:
    for match in _COMMAND.finditer(text):
        rest = match["rest"].strip()
        where = _FOLDER.search(rest) or _CHANGED.search(
            text[max(match.start() - _LONGEST_LINE, 0) : match.start()]
        )
        place = Path(os.path.normpath(folder / where[1])) if where is not None else folder
        if rest:
            yield Command(place, rest)


def names_file(data: bytes, path: Path) -> bool:
    """Whether a text names the file, or names like it that something completes: `wrangler.${env}.toml`."""
    name = re.escape(path.name.encode("utf-8", "surrogateescape"))
    if re.search(rb"(?<![\w.-])" + name + rb"(?![\w.-])", data):
        return True
    return any(
        _leads_to(path.parent, match[0].decode("utf-8", "replace"), path)
        for match in _HOLED_NAME.finditer(data)
    )


def goes_to(data: bytes, top: Path, folder: Path) -> bool:
    """Whether a text makes the folder the current one for what it runs."""
    if top not in folder.parents:
        return False
    inside = re.escape(folder.relative_to(top).as_posix().encode("utf-8", "surrogateescape"))
    how = rb"(?:\bcd\s+|working-?[dD]irectory[\"']?:\s*|--cwd[ =]|cwd:\s*)[\"']?(?:\./)?"
    return any(
        _ANY_DEPLOY.search(data, max(match.start() - _NEAR, 0), match.end() + _NEAR)
        for match in re.finditer(how + inside + rb"/?(?![\w/-])", data)
    )


def deploys_beside(data: bytes, path: Path) -> bool:
    """Whether a text speaks of a deploy near the name of the file."""
    name = re.escape(path.name.encode("utf-8", "surrogateescape"))
    return any(
        _ANY_DEPLOY.search(data, max(match.start() - _NEAR, 0), match.end() + _NEAR)
        for match in re.finditer(name, data)
    )


def names_path(data: bytes, file: Path, path: Path) -> bool:
    """Whether a text names the file by its path, as one of a usual name must be."""
    for folder in file.parents:
        if folder in path.parents and folder != path.parent:
            return path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape") in data
    return False
