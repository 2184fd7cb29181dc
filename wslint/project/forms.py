"""From a file that a build writes to the module that it is made from, by the first build form that knows."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.project import esbuild, mirror, nx, remix, rollup, simple, tsup, typescript, vite
from wslint.project.built import COMPILED, Built
from wslint.project.commands import Commands, commands_above, commands_of, commands_of_package
from wslint.project.inside import is_inside
from wslint.project.output import is_added_to
from wslint.wrangler.config import WorkerConfig

_FORMS = (
    mirror.source_of,  # the only one whose outputs may be TypeScript
    esbuild.source_of,
    typescript.source_of,
    tsup.source_of,
    rollup.source_of,
    remix.source_of,
    vite.source_of,
    simple.source_of,
    nx.source_of,
)


def led_back(path: Path, commands: Commands, files: Files) -> Built | None:
    """The module that a built file is made from; None where no command tells, or one adds to it afterwards."""
    for source_of in _FORMS if path.suffix in COMPILED else _FORMS[:1]:
        found = source_of(path, commands, files)
        if found is not None and found.source != path and is_inside(found.source, commands.home, files):
            return None if is_added_to(path, commands, files) else found
    return None


def built_for(config: WorkerConfig, path: Path, files: Files) -> Built | None:
    """What a `main` is made from, by the commands of its own package or of those above."""
    own = led_back(path, commands_of(config, files), files)
    return own or led_back(path, commands_above(config.document.folder, files), files)


def is_changed(config: WorkerConfig, path: Path, files: Files) -> bool:
    """Whether a script adds to a `main` that something else writes."""
    around = (commands_of(config, files), commands_above(config.document.folder, files))
    return any(is_added_to(path, commands, files) for commands in around)


def source_of(path: Path, files: Files) -> Path | None:
    """The source of a file that a package's own scripts build whole, for imports of a package that is not built."""
    found = led_back(path, commands_of_package(path.parent, files), files)
    return found.source if found is not None and found.names is None else None
