"""Pages: `_worker.js` in the folder of the pages, or else `functions/`, where each file is a route of its own."""

from __future__ import annotations

from wslint import system
from wslint.files import Files
from wslint.project.names import FUNCTIONS
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

_WORKER = "_worker.js"


def entrypoint_of(config: WorkerConfig, files: Files) -> Entrypoint:
    """What a Pages project runs."""
    folder = config.document.folder
    output = config.value("pages_build_output_dir")
    if output is not None and output.string and not output.is_placeholder:
        worker = folder / output.string / _WORKER
        for path in (worker, worker / "index.js"):
            if files.is_file(path):
                return Entrypoint("source", output, system.resolved(path))
        if not files.is_dir(folder / output.string) and not files.is_dir(folder / FUNCTIONS):
            why = f"`{output.string}` is what a build writes, and is not there: it may hold a `{_WORKER}`"
            return Entrypoint("generated", output, None, why)
    if files.is_dir(folder / FUNCTIONS):
        return Entrypoint("source", output, system.resolved(folder) / FUNCTIONS)
    return Entrypoint("none", why="the project has no functions")
