"""Configurations as build tools make them: beside a wrangler file, or in place of one."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project.names import INLINE, NITRO, VITE
from wslint.text import SourceFile
from wslint.wrangler.config import ConfigDocument, load_document

_MOST_PARENTS = 4


def inline_config(folder: Path, files: Files) -> Path | None:
    """The script that configures the Worker of a folder without a wrangler file; None where none does."""
    names = files.listing(folder)
    if names.isdisjoint(INLINE):
        return None
    from wslint.project import cloudflare_vite, nitro

    return nitro.inline_config(folder, files) or cloudflare_vite.inline_config(folder, files)


def named_configs(folder: Path, files: Files) -> list[Path]:
    """Configurations of any name that a build tool of a folder is given by their paths."""
    if files.listing(folder).isdisjoint(VITE):
        return []
    from wslint.project import cloudflare_vite

    return cloudflare_vite.named_configs(folder, files)


def load(file: SourceFile, files: Files) -> ConfigDocument:
    """A configuration with what the tools around it add. Raises ParseError."""
    document: ConfigDocument | None = None
    if file.path.name in INLINE:
        from wslint.project import cloudflare_vite, nitro

        form = nitro if file.path.name in NITRO else cloudflare_vite
        document = form.inline_document(file, files)
    if document is None:
        document = load_document(file)
        above = (document.folder, *list(document.folder.parents)[:_MOST_PARENTS])
        if any(files.has(folder, name) for folder in above for name in VITE):
            from wslint.project import cloudflare_vite

            cloudflare_vite.customise(document, files)
    return document
