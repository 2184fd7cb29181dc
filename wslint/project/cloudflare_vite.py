"""@cloudflare/vite-plugin: what its options make of a wrangler configuration.

`configPath` names the configuration, `config` adds to it (`main` too), `auxiliaryWorkers` are built beside it.
"""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.inline import merged, placeholder
from wslint.source import tree
from wslint.source.javascript.literals import Script, config_named
from wslint.wrangler.config import ConfigDocument

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
            for key in _WITHOUT:
                if key not in document.root.entries:
                    document.root.entries[key] = placeholder(key, script.span(node).head())


def plugins(folder: Path, files: Files) -> list[tuple[Script, tree.Expression | None]]:
    """The plugin's calls, with their options, in the vite.config of a folder or of those just above it."""
    for place in (folder, *list(folder.parents)[:_MOST_PARENTS]):
        script = config_named(place, "vite", files)
        if script is not None:
            return [(script, script.argument(call)) for call in script.calls(PACKAGE)]
        if ".git" in files.listing(place):
            break
    return []


def builds(document: ConfigDocument, files: Files) -> Script | None:
    """The vite.config whose plugin builds this configuration; None where none does."""
    for script, options in plugins(document.folder, files):
        if _is_meant(script, options, document):
            return script
    return None


def _is_meant(script: Script, options: tree.Expression | None, document: ConfigDocument) -> bool:
    named = script.get(options, "configPath")
    if named is None:
        return script.file.path.parent == document.folder
    return script.path(named) == document.file.path
