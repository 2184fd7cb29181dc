"""@cloudflare/vite-plugin: what its options make of a wrangler configuration.

`configPath` names the configuration, `config` adds to it (`main` too), `auxiliaryWorkers` are built beside it.
"""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.inline import merged, placeholder, value_of
from wslint.project.inside import is_inside
from wslint.project.names import VITE
from wslint.source import tree
from wslint.source.javascript.literals import Script, config_named, script_at
from wslint.source.javascript.module import read_module
from wslint.text import SourceFile
from wslint.wrangler.config import STANDARD_NAMES, ConfigDocument

PACKAGE = "@cloudflare/vite-plugin"
_MOST_PARENTS = 4
_WITHOUT = ("main", "compatibility_date")
"""What a configuration needs, and a function in `config` may be there to give."""


def customise(document: ConfigDocument, files: Files) -> None:
    """Add to a configuration what the plugin's `config` adds, as far as it is a literal."""
    for script, options in plugins(document.folder, files):
        if not _is_meant(script, options, document):
            continue
        node = script.get(options, "config")
        if node is None:
            continue
        document.added_by.append(script.file)
        if isinstance(node, tree.Table):
            merged(document.root, script, node)
        if script.is_open(node):
            document.open_at = script.span(node).head()
            for key in _WITHOUT:
                if key not in document.root.entries:
                    document.root.entries[key] = placeholder(key, script.span(node).head())


def plugins(folder: Path, files: Files) -> list[tuple[Script, tree.Expression | None]]:
    """The plugin's calls, with their options, in the vite.config of a folder or of those just above it."""
    for place in (folder, *list(folder.parents)[:_MOST_PARENTS]):
        script = config_named(place, "vite", files)
        if script is not None:
            return [(script, script.argument(call)) for call in script.calls(PACKAGE)]
        if files.has(place, ".git"):
            break
    return []


def inline_config(folder: Path, files: Files) -> Path | None:
    """The vite.config that holds the whole configuration of a Worker, in a folder without a wrangler file."""
    if files.listing(folder).isdisjoint(VITE):
        return None
    script = config_named(folder, "vite", files)
    return script.file.path if script is not None and _inline(script) is not None else None


def _inline(script: Script) -> tree.Expression | None:
    """The plugin's `config`, where it is a literal and the plugin is given no file."""
    calls = script.calls(PACKAGE)
    options = script.argument(calls[0]) if len(calls) == 1 else None
    node = script.get(options, "config")
    named = script.get(options, "configPath")
    return node if isinstance(node, tree.Table) and named is None and not script.is_open(node) else None


def inline_document(file: SourceFile, files: Files) -> ConfigDocument | None:
    """The configuration that such a vite.config holds; the plugin gives a name and a date where it has none."""
    script = script_at(file.path, files)
    node = _inline(script) if script is not None else None
    if script is None or node is None:
        return None
    root = value_of(script, node)
    for key in ("name", "compatibility_date"):
        root.entries.setdefault(key, placeholder(key, script.span(node).head()))
    document = ConfigDocument(file, "json", root, read_module(files, file).comments)
    document.added_by.append(file)
    return document


def named_configs(folder: Path, files: Files) -> list[Path]:
    """The configurations that the plugin of a folder's vite.config is given by their paths: its own, and those of
    `auxiliaryWorkers`."""
    script = config_named(folder, "vite", files)
    if script is None:
        return []
    found = []
    for call in script.calls(PACKAGE):
        options = script.argument(call)
        others = script.get(options, "auxiliaryWorkers")
        for each in (options, *(others.items if isinstance(others, tree.Array) else ())):
            path = script.path(script.get(each, "configPath"))
            if path is not None and files.is_file(path) and is_inside(path, folder, files):
                found.append(path)
    return found


def builds(document: ConfigDocument, files: Files) -> Script | None:
    """The vite.config whose plugin builds this configuration; None where none does."""
    for script, options in plugins(document.folder, files):
        if _is_meant(script, options, document):
            return script
    return None


def _is_meant(script: Script, options: tree.Expression | None, document: ConfigDocument) -> bool:
    named = script.get(options, "configPath")
    if named is None:
        return script.file.path.parent == document.folder and document.file.path.name in STANDARD_NAMES
    return script.path(named) == document.file.path
