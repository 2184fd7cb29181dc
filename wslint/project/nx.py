"""Nx: targets of project.json whose executor bundles `main` into `outputPath`, both from the workspace's top."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.project.built import COMPILED, Built, module_at
from wslint.project.commands import Commands
from wslint.source.javascript.packages import read_json

_MOST_PARENTS = 8
_MOST_PROJECTS = 200
_FOLDERS = ("apps", "packages", "libs", "workers", "services")


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    """Looks into the projects of the Nx workspace around an output."""
    top = next(
        (each for each in list(output.parents)[:_MOST_PARENTS] if files.is_file(each / "nx.json")), None
    )
    for project in _projects(top, files) if top is not None else ():
        for options in _options(project, files):
            main, folder, name = (options.get(key) for key in ("main", "outputPath", "outputFileName"))
            if not isinstance(main, str) or not isinstance(folder, str):
                continue
            source = module_at(top / main, files) if top is not None else None
            written = name if isinstance(name, str) else f"{Path(main).stem}.js"
            place = top / folder if top is not None else Path(folder)
            names = [place / written, *((place / written).with_suffix(suffix) for suffix in sorted(COMPILED))]
            if source is not None and output in names:
                return Built(source, "`nx`")
    return None


def _projects(top: Path, files: Files) -> Iterator[Path]:
    yield top / "project.json"
    left = _MOST_PROJECTS
    for folder in _FOLDERS:
        for name in sorted(files.listing(top / folder)):
            left -= 1
            if left < 0:
                return
            yield top / folder / name / "project.json"


def _options(path: Path, files: Files) -> Iterator[dict[str, object]]:
    data = read_json(files, path) if files.is_file(path) else None
    targets = data.get("targets") if isinstance(data, dict) else None
    for target in targets.values() if isinstance(targets, dict) else ():
        options = target.get("options") if isinstance(target, dict) else None
        if isinstance(options, dict):
            yield options
