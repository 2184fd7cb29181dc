"""Configurations as build tools make them: beside a wrangler file, or in place of one."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project import cloudflare_vite, nitro
from wslint.text import SourceFile
from wslint.wrangler.config import ConfigDocument, load_document

SCRIPTS = nitro.CONFIGS | cloudflare_vite.CONFIGS
"""The names of scripts that may hold a configuration."""


def inline_config(folder: Path, files: Files) -> Path | None:
    """The script that configures the Worker of a folder without a wrangler file; None where none does."""
    return nitro.inline_config(folder, files) or cloudflare_vite.inline_config(folder, files)


def load(file: SourceFile, files: Files) -> ConfigDocument:
    """A configuration with what the tools around it add. Raises ParseError."""
    document: ConfigDocument | None = None
    if file.path.name in nitro.CONFIGS:
        document = nitro.inline_document(file, files)
    elif file.path.name in cloudflare_vite.CONFIGS:
        document = cloudflare_vite.inline_document(file, files)
    if document is None:
        document = load_document(file)
        cloudflare_vite.customise(document, files)
    return document
