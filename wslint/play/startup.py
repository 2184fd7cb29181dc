"""What the runtime refuses when it loads a Worker's modules: they are read as it reads them, each once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wslint.machine import modules
from wslint.machine.language import language_of
from wslint.machine.machine import Machine
from wslint.play.safely import played_safely
from wslint.record import frozen
from wslint.source.facts import SourceFacts
from wslint.text import SourceFile, Span, line_start

if TYPE_CHECKING:
    from wslint.worker import Worker

MOST_MODULES = 300
ALLOWS_CHANCE = b"PYTHON_WORKERS_ALLOW_TOP_LEVEL_ENTROPY"
"""The variable that lets a Python Worker's modules draw by chance."""


@frozen
class Refused:
    """What a module does while it loads, in the runtime's words."""

    text: str
    place: Span


def refused_at_start(worker: Worker) -> Iterator[Refused]:
    """What surely fails while the modules load that the entrypoint surely loads."""
    source = worker.source
    if source is None or source.language == "rust":
        return
    found: list[Refused] = played_safely(worker, lambda: _refused(worker, source), list)
    yield from found


def _refused(worker: Worker, source: SourceFacts) -> list[Refused]:
    machine, found = Machine(), []
    for file in loaded(worker, source.entrypoint):
        if source.language == "python" and ALLOWS_CHANCE in file.data:
            break
        found += [Refused(text, place) for text, place in machine.unit(worker, file).refusals]
    return found


def loaded(worker: Worker, entrypoint: SourceFile) -> list[SourceFile]:
    """The modules that are loaded before the first request: those that imports at the top level lead to."""
    found, seen = [entrypoint], {entrypoint.path}
    for file in found:  # grows while it is walked
        if len(found) > MOST_MODULES:
            break
        imported = (
            _of_python(worker, file)
            if language_of(file.path).name == "python"
            else _of_javascript(worker, file)
        )
        for other in imported:
            if other is not None and other.path not in seen:
                seen.add(other.path)
                found.append(other)
    return found


def _of_javascript(worker: Worker, file: SourceFile) -> Iterator[SourceFile | None]:
    from wslint.source.javascript.module import read_module

    if _may_be_left_out(worker, file.path.parent):
        return
    module = read_module(worker.workspace.files, file)
    for item in module.imports:
        before = file.data[: item.span.start].rstrip()
        if not item.type_only and not before.endswith(b"("):  # `import()` and `require()` load later
            yield modules.find(worker, file, item.specifier)


def _may_be_left_out(worker: Worker, folder: Path) -> bool:
    """Whether the package says that its modules do nothing by themselves: a bundler drops those that nothing uses."""
    for each in (folder, *folder.parents):
        manifest = worker.workspace.files.read(each / "package.json")
        if manifest is not None:
            return b'"sideEffects"' in manifest.data
        if each == worker.document.folder.parent:
            break
    return False


def _of_python(worker: Worker, file: SourceFile) -> Iterator[SourceFile | None]:
    from wslint.source.python.modules import read_module

    for item in read_module(file, worker.workspace.files).imports:
        begins = line_start(file.data, item.span.start)
        if item.type_only or not file.data[begins:].startswith((b"import ", b"from ")):
            continue  # in a function, or under a condition
        dotted = "." * item.level + item.module
        yield modules.find(worker, file, dotted)
        if item.name not in (None, "*"):
            yield modules.find(worker, file, f"{dotted}{'' if dotted.endswith('.') else '.'}{item.name}")
