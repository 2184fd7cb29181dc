"""What `wslint trace` does with its options: the Workers, the addresses, the output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslint import boundary
from wslint.errors import EXIT_CLEAN, CheckError
from wslint.files import Files
from wslint.output import Form, write

if TYPE_CHECKING:
    from wslint.worker import Worker, Workspace


def run_trace(path: Path, options: dict[str, Any]) -> int:
    """Trace, print, and return the exit code. Raises CheckError when nothing can be traced."""
    import gc

    from wslint.check_command import wants_color
    from wslint.play.addresses import addresses
    from wslint.play.urls import read_url
    from wslint.settings import find_settings
    from wslint.trace import predict, render

    if options["all"] == (options["url"] is not None):
        raise click.UsageError("give --url PATH, or --all")
    gc.disable()
    files = Files(boundary=boundary.wanted(options["allow_outside"]))
    settings = find_settings(path, files.boundary)
    if options["url"] is not None:
        read_url(options["url"])
    workspace, findings = predict.open_folder([path], files, options["today"], settings)
    if not workspace.workers:
        raise CheckError(_nothing(path, workspace))
    workers = _chosen(workspace, options["environment"])
    traces = []
    for worker in workers:
        wanted = [asked.text for asked in addresses(worker)] if options["all"] else [options["url"]]
        traces += [predict.trace_worker(worker, url, findings, life=options["life"]) for url in wanted]
    several = options["all"] or len(workers) > 1
    if options["output_format"] == "json":
        write(render.as_json(traces, several=several), form="json")
    elif options["output_format"] == "mermaid" and not options["life"]:
        write(render.mermaid(traces))
    elif options["output_format"] in ("mermaid", "svg", "html"):
        from wslint.trace import picture

        drawn = {"mermaid": picture.sequence, "svg": picture.svg, "html": picture.page}
        form: Form = "text" if options["output_format"] == "mermaid" else "xml"
        write(drawn[options["output_format"]](traces), form=form)
    else:
        color = wants_color(options["color"])
        write(render.text(traces, color=color), color)
    return EXIT_CLEAN


def _nothing(path: Path, workspace: Workspace) -> str:
    """Why there is no Worker to trace."""
    if workspace.unreadable:
        first = workspace.unreadable[0]
        place = first.span.first
        return f"{first.file.name}:{place.line}:{place.column}: {first.message}"
    skipped = (
        f": {workspace.skipped[0][0]} is not read ({workspace.skipped[0][1]})" if workspace.skipped else ""
    )
    return f"there is no Worker to trace under {path}{skipped}"


def _chosen(workspace: Workspace, environment: str | None) -> list[Worker]:
    """The Workers that a browser may reach, in the environment that is asked for: without those that
    others of the workspace call through a binding, unless no other is left."""
    from wslint.check import chosen

    workers = chosen(workspace, environment or "")
    called = {name for worker in workers for name in _called(worker)}
    front = [worker for worker in workers if worker.name is None or worker.name not in called]
    return front or workers


def _called(worker: Worker) -> set[str]:
    """The names of the Workers that this one reaches through bindings."""
    found = {
        binding.script_name.string or ""
        for binding in worker.config.durable_objects
        if binding.script_name is not None and not worker.config.is_local(binding)
    }
    for binding in worker.config.bindings:
        if binding.kind == "services":
            service = binding.value.get("service")
            if service is not None and service.string and service.string != worker.name:
                found.add(service.string)
    return found
