"""From a folder and an address to the prediction: what tests and other tools ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from wslint import check
from wslint.files import Files
from wslint.finding import Finding
from wslint.play.addresses import addresses
from wslint.play.urls import read_url
from wslint.record import replace
from wslint.runtime import response
from wslint.settings import Settings
from wslint.trace import explore, urls
from wslint.trace.model import LifeText, Prediction, Trace
from wslint.worker import Worker, Workspace
from wslint.workspace import add_shadowed, discover, load


def open_folder(
    paths: Sequence[Path], files: Files, today: date | None = None, settings: Settings | None = None
) -> tuple[Workspace, Sequence[Finding]]:
    """The workspace under the paths and what `check` finds there. Raises CheckError where there is none."""
    settings = settings or Settings()
    found = discover(paths, files, settings.exclude, settings.folder)
    workspace = load(found.configs, files, today or datetime.now(UTC).date())
    workspace.skipped[:0] = [(files.name(path), why) for path, why in found.skipped]
    add_shadowed(workspace, found, files)
    check.attach_committed(workspace)
    result = check.check(workspace, check.Options(settings, today=today))
    return workspace, result.findings


def trace_worker(worker: Worker, text: str, findings: Sequence[Finding], *, life: bool = False) -> Trace:
    """Trace one address into one Worker; with `life` what follows the handshake, too."""
    url = read_url(text)
    found = explore.trace(worker, url, text, findings, urls.client_of(worker, url))
    if not life:
        return found
    if all(ending.status not in (None, response.SWITCHING) for ending in found.predicted.endings):
        return replace(found, life=LifeText(None, None, why="no handshake opens here: nothing follows it"))
    from wslint.trace.life import told_life

    return replace(found, life=told_life(worker, url))


def front_worker(workspace: Workspace, environment: str | None = None) -> Worker:
    """The Worker that faces the browser: the one whose configuration is nearest to the top."""
    workers = [worker for worker in workspace.workers if worker.config.environment == environment]
    return min(workers, key=lambda worker: len(worker.document.folder.parts))


def predict(folder: Path, url: str, environment: str | None = None, today: date | None = None) -> Prediction:
    """What a handshake for `url` will be answered by the Worker of `folder`."""
    workspace, findings = open_folder([folder], Files(folder), today)
    return trace_worker(front_worker(workspace, environment), url, findings).predicted


def suggested(folder: Path, today: date | None = None) -> str:
    """The address that the project's clients and routes suggest."""
    workspace = load(
        discover([folder], Files(folder)).configs, Files(folder), today or datetime.now(UTC).date()
    )
    return addresses(front_worker(workspace))[0].text
