"""Pages: `_worker.js` in the folder of the pages, or `functions/`, where each file is a route of its own."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

_WORKER = "_worker.js"
FUNCTIONS = "functions"


def entrypoint_of(config: WorkerConfig, files: Files) -> Entrypoint:
    """What a Pages project runs."""
    folder = config.document.folder
    output = config.value("pages_build_output_dir")
    if output is not None and output.string and not output.is_placeholder:
        worker = folder / output.string / _WORKER
        for path in (worker, worker / "index.js"):
            if files.is_file(path):
                return Entrypoint("source", output, Path(path).resolve())
    if files.is_dir(folder / FUNCTIONS):
        return Entrypoint(
            "unknown", why="the files in `functions/` are routes of their own, and are not followed"
        )
    return Entrypoint("none", why="the project has no functions")
