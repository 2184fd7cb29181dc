"""From a file that a build writes to the module that it is made from, by the first build form that knows."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project import esbuild, mirror, nx, rollup, simple, tsup, typescript, vite
from wslint.project.built import COMPILED, Built
from wslint.project.commands import Commands, commands_of_package
from wslint.project.inside import is_inside

_FORMS = (
    mirror.source_of,  # the only one whose outputs may be TypeScript
    esbuild.source_of,
    typescript.source_of,
    tsup.source_of,
    rollup.source_of,
    vite.source_of,
    simple.source_of,
    nx.source_of,
)


def led_back(path: Path, commands: Commands, files: Files) -> Built | None:
    """The module that a built file is made from; None where no command tells."""
    for source_of in _FORMS if path.suffix in COMPILED else _FORMS[:1]:
        found = source_of(path, commands, files)
        if found is not None and found.source != path and is_inside(found.source, commands.home, files):
            return found
    return None


def follow_builds(files: Files) -> None:
    """Let imports of a package that is not built be followed to the package's source."""

    def built_from(path: Path) -> Path | None:
        found = led_back(path, commands_of_package(path.parent, files), files)
        return found.source if found is not None and found.names is None else None

    files.built_from = built_from
