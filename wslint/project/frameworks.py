"""The frameworks that write a Worker of their own: which of them `main` belongs to."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project import astro, nitro, opennext, sveltekit
from wslint.project.commands import commands_of
from wslint.project.names import ASTRO, NITRO, SVELTE
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig


def entrypoint_of(config: WorkerConfig, path: Path | None, files: Files) -> Entrypoint | None:
    """What a framework makes of `main`, or gives where there is none; None where it is no framework's."""
    names, commands = files.listing(config.document.folder), commands_of(config, files)
    found = None
    if path is not None:
        found = opennext.entrypoint_of(config, path, commands, files)
        if found is None and not names.isdisjoint(SVELTE):
            found = sveltekit.entrypoint_of(config, path, commands, files)
        if found is None and not names.isdisjoint(ASTRO):
            found = astro.entrypoint_of(config, path, commands, files)
    if found is None and not names.isdisjoint(NITRO):
        found = nitro.entrypoint_of(config, path, commands, files)
    return found
