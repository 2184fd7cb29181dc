"""`wslint compat` for people and for programs."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from typing import Any

from wslint.compat import Change, Changes
from wslint.report.paint import Paint, painter
from wslint.report.visible import visible

WIDTH = 80
MOST_PLACES = 8
"""Lines of code that are shown for one flag; the JSON has all."""


def text(several: Sequence[Changes], *, color: bool = False) -> str:
    """One section a Worker."""
    paint = painter(color)
    return "\n".join("\n".join(_section(changes, paint)) + "\n" for changes in several)


def _section(changes: Changes, paint: Paint) -> list[str]:
    lines = [paint("strong", f"{_title(changes)}{changes.start or 'the beginning'} -> {changes.end}")]
    on = [change for change in changes.changes if change.state == "turns-on"]
    touching = [change for change in on if change.places]
    others = [change for change in on if not change.places]
    kept = [change for change in changes.changes if change.state != "turns-on"]
    if changes.worker is not None and not on:
        lines += ["", "Nothing turns on between these dates."]
    if touching:
        lines += ["", paint("warning", "Touches code of this project"), *_rows(touching, paint)]
    if others:
        others, modules = _without_modules(others)
        heading = (
            "Turns on, and touches nothing that wslint sees" if changes.worker is not None else "Turns on"
        )
        lines += ["", paint("strong", heading), *_rows(others, paint), *modules]
    if kept:
        lines += [
            "",
            paint("strong", "Changes nothing here: the configuration says so already"),
            *_rows(kept, paint),
        ]
    return lines


def _title(changes: Changes) -> str:
    worker = changes.worker
    if worker is None:
        return ""
    names = [name or "top level" for name in changes.environments]
    inside = f" ({', '.join(names)})" if names and names != ["top level"] else ""
    return (
        f"{visible(worker.name or 'a Worker without a name')}{inside}, {visible(worker.document.file.name)}: "
    )


def _without_modules(found: list[Change]) -> tuple[list[Change], list[str]]:
    """The flags that each bring one module of Node are told together, date by date."""
    modules: dict[str, list[str]] = {}
    for change in found:
        match = re.fullmatch(r"enable_nodejs_(\w{1,60})_modules?", change.flag.enable)
        if match is not None:
            modules.setdefault(change.date, []).append(match[1])
    others = [
        change
        for change in found
        if re.fullmatch(r"enable_nodejs_\w{1,60}_modules?", change.flag.enable) is None
    ]
    lines: list[str] = []
    for date, names in modules.items():
        lines.append(f"  {date}  {len(names)} flags for modules of Node.js, with `nodejs_compat`:")
        lines += [f"              {line}" for line in textwrap.wrap(", ".join(names), WIDTH - 14)]
    return others, lines


def _rows(found: Sequence[Change], paint: Paint) -> list[str]:
    lines: list[str] = []
    for change in found:
        state = {"turns-on": "", "set": "  (set)", "opted-out": f"  (off: {change.flag.disable})"}[
            change.state
        ]
        lines.append(f"  {change.date}  {paint('strong', change.flag.enable)}{state}")
        lines += [
            f"              {line}"
            for line in textwrap.wrap(
                change.summary if change.noted else "", WIDTH - 14, break_on_hyphens=False
            )
        ]
        for span in change.places[:MOST_PLACES]:
            lines.append("              " + paint("path", f"{visible(span.file.name)}:{span.first.line}"))
        if len(change.places) > MOST_PLACES:
            lines.append(f"              … and {len(change.places) - MOST_PLACES} more lines")
    return lines


def as_json(several: Sequence[Changes]) -> str:
    """`{"version", "workers": [{"config", "name", "environments", "from", "to", "changes": […]}]}`; a plain
    table is one entry without a configuration."""
    document = {"version": 1, "workers": [_object(changes) for changes in several]}
    return json.dumps(document, indent=2) + "\n"


def _object(changes: Changes) -> dict[str, Any]:
    worker = changes.worker
    return {
        "config": worker.document.file.name if worker is not None else None,
        "name": worker.name if worker is not None else None,
        "environments": list(changes.environments),
        "from": changes.start or None,
        "to": changes.end,
        "changes": [
            {
                "flag": change.flag.enable,
                "off": change.flag.disable or None,
                "date": change.date,
                "summary": change.summary,
                "state": change.state,
                "lines": [{"path": span.file.name, "line": span.first.line} for span in change.places],
            }
            for change in changes.changes
        ],
    }
