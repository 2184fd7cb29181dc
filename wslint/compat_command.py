"""What `wslint compat` does with its options: the dates, the project, `--fix`, the output."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslint import boundary
from wslint.errors import EXIT_CLEAN, CheckError
from wslint.files import Files
from wslint.output import say, say_line, write

if TYPE_CHECKING:
    from wslint.compat import Changes
    from wslint.finding import Edit
    from wslint.worker import Worker, Workspace
    from wslint.wrangler.located import Value


def run_compat(start: str | None, end: str | None, options: dict[str, Any]) -> int:
    """Print what changes, or move the dates; returns the exit code. Raises CheckError for dates that can't be
    compared, and where nothing can be read."""
    from wslint import compat, compat_render
    from wslint.check_command import wants_color

    today = options["today"] or datetime.datetime.now(datetime.UTC).date()
    end = _end(end, today)
    if start is not None:
        _check_order(start, end, "")
    if options["fix"] and start is not None:
        raise click.UsageError(
            "--fix starts at the project's own date: leave FROM out (`--to DATE` says where to)"
        )
    files = Files(boundary=boundary.wanted(options["allow_outside"]))
    workspace = _workspace(options["project"], files, today)
    if workspace is None:
        if options["fix"]:
            raise CheckError("there is no configuration here whose date could be moved")
        if options["environment"]:
            raise CheckError("--env goes with a project, and there is none here")
        found = [compat.Changes(start or "", end, tuple(compat.between(start or "", end)))]
    else:
        found = _of_project(workspace, start, end, options["environment"])
    if options["output_format"] == "json":
        write(compat_render.as_json(found), form="json")
    else:
        color = wants_color(options["color"])
        write(compat_render.text(found, color=color), color)
    if options["fix"]:
        _move(found, end, files.boundary)
    return EXIT_CLEAN


# Dates


def _end(given: str | None, today: datetime.date) -> str:
    from wslint.compatibility import TABLE_DATE, newest_date

    if given is None:
        return newest_date(today)
    if given > TABLE_DATE:
        raise CheckError(f"{given} is beyond what this wslint knows: its table of flags ends at {TABLE_DATE}")
    return given


def _check_order(start: str, end: str, where: str) -> None:
    from wslint.compatibility import TABLE_DATE

    if start > TABLE_DATE:
        raise CheckError(
            f"{where}{start} is beyond what this wslint knows: its table of flags ends at {TABLE_DATE}"
        )
    if start > end:
        raise CheckError(f"{where}{start} is after {end}: dates only ever move forward")


# The project


def _workspace(project: Path | None, files: Files, today: datetime.date) -> Workspace | None:
    """What is under `--project`, or here; None where nothing was asked for and nothing is here."""
    from wslint.settings import find_settings
    from wslint.workspace import discover, load

    path = project if project is not None else Path(".")
    settings = find_settings(path, files.boundary)
    try:
        found = discover([path], files, settings.exclude, settings.folder)
    except CheckError:
        if project is None:
            return None
        raise
    workspace = load(found.configs, files, today)
    if workspace.unreadable and not workspace.workers:
        first = workspace.unreadable[0]
        place = first.span.first
        raise CheckError(f"{first.file.name}:{place.line}:{place.column}: {first.message}")
    if not workspace.workers:
        raise CheckError(f"there is no configuration to read under {path}")
    return workspace


def _of_project(workspace: Workspace, start: str | None, end: str, environment: str | None) -> list[Changes]:
    """The changes of each Worker; environments that share date, flags and source are one."""
    from wslint import compat
    from wslint.check import chosen

    groups: dict[tuple[object, ...], list[Worker]] = {}
    for worker in chosen(workspace, environment):
        date = start or _date_of(worker)
        flags = tuple(value.string for value in worker.config.flags)
        key = (worker.document.file.path, date, flags, worker.entrypoint.path)
        groups.setdefault(key, []).append(worker)
    found: list[Changes] = []
    for (_, shared, *_), workers in groups.items():
        date = str(shared)
        if start is None:
            value = workers[0].config.value("compatibility_date")
            _check_order(date, end, f"{_place(value)}: " if value is not None else "")
        changes = compat.for_worker(workers[0], date, end)
        names = tuple(worker.config.environment for worker in workers)
        found.append(compat.Changes(changes.start, changes.end, changes.changes, workers[0], names))
    return found


def _date_of(worker: Worker) -> str:
    """The Worker's own date. Raises CheckError where it has none that can be compared."""
    from wslint.compatibility import DATE

    value = worker.config.value("compatibility_date")
    if value is None or value.kind == "null":
        name = worker.document.file.name
        raise CheckError(
            f"{name}: {worker.config.label} has no `compatibility_date`: say from which date, as FROM"
        )
    if value.is_placeholder:
        raise CheckError(f"{_place(value)}: the date is a placeholder: say from which date, as FROM")
    text = value.string if value.string is not None else value.span.text
    if value.string is None or DATE.fullmatch(value.string) is None:
        raise CheckError(f"{_place(value)}: `{text}` is no date of the form YYYY-MM-DD: mend it, or say FROM")
    return value.string


def _place(value: Value) -> str:
    first = value.span.first
    return f"{value.span.file.name}:{first.line}:{first.column}"


# --fix


def _move(found: list[Changes], end: str, limit: boundary.Boundary | None) -> None:
    """Write the date into every configuration that has an earlier one, each place once."""
    from wslint import fix
    from wslint.wrangler.edit import replace_string

    edits: dict[tuple[Path, int], Edit] = {}
    for changes in found:
        value = changes.worker.config.value("compatibility_date") if changes.worker is not None else None
        if value is not None and value.string is not None and value.string < end:
            edits[(value.span.file.path, value.span.start)] = replace_string(value, end)
    texts: dict[Path, tuple[bytes, bytes]] = {}
    for path in dict.fromkeys(path for path, _ in edits):
        inside = [edit for (where, _), edit in edits.items() if where == path]
        data = inside[0].span.file.data
        texts[path] = (data, fix.spliced(data, inside))
    fix.write(texts, limit)
    for (_, _), edit in edits.items():
        place = edit.span.first
        say_line(f"wslint: {edit.span.file.name}:{place.line} moved to {end}")
    if not edits:
        say("wslint: no date to move")
