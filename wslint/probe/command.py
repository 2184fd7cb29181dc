"""What `wslint probe` does with its options: check them, probe once, explain, print, and the exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from wslint.errors import CheckError
from wslint.output import write
from wslint.report.visible import visible

INSTALL = "probe needs the package `websockets` beside wslint: pip install 'websockets>=15' (or pipx inject wslint websockets)"


def run_probe(url: str, options: dict[str, Any]) -> int:
    """Probe and print; returns the exit code. Raises CheckError before anything is sent."""
    try:
        import websockets.client  # noqa: F401
    except ImportError:
        raise CheckError(INSTALL) from None
    from wslint.probe.diagnosis import Asked, diagnose
    from wslint.probe.log import Log
    from wslint.probe.run import Wishes, probe
    from wslint.probe.symptoms import EXIT_CODES
    from wslint.probe.target import target

    aim = target(url, options["headers"], options["origin"], options["subprotocols"])
    send: str | None = options["send"]
    expect: str | None = options["expect"]
    _check_text("--send", send)
    findings = _findings(options["project"], options["allow_outside"])
    log = Log(options["log"]) if options["log"] is not None else None
    wishes = Wishes(
        options["timeout"], send, expect, options["insecure"], _say_step if _on_terminal() else _quiet
    )
    outcome = probe(aim, wishes)
    if _on_terminal():
        sys.stderr.write(CLEAR_LINE)
    logged = log.added() if log is not None else ""
    diagnosis = diagnose(outcome, Asked(aim, send, expect), findings, logged)
    if not options["show_secrets"]:
        from wslint.probe.secrets import Secrets
        from wslint.record import replace

        secrets = Secrets(aim.url, aim.headers, aim.subprotocols)
        outcome = secrets.redact(outcome)
        diagnosis = replace(diagnosis, notes=secrets.redact(diagnosis.notes))
    if options["output_format"] == "json":
        from wslint.probe.report_json import render as render_json

        write(render_json(outcome, diagnosis), form="json")
    else:
        from wslint.check_command import terminal_width, wants_color
        from wslint.probe.report import render

        color = wants_color(options["color"])
        write(render(outcome, diagnosis, color=color, width=terminal_width()), color)
    return EXIT_CODES[diagnosis.symptom.outcome]


CLEAR_LINE = "\r\x1b[K"


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _say_step(step: str) -> None:
    """The step that is waited for, on a terminal's line that the next one takes over."""
    sys.stderr.write(f"{CLEAR_LINE}waiting for {visible(step)} …")
    sys.stderr.flush()


def _quiet(_step: str) -> None:
    pass


def _check_text(option: str, text: str | None) -> None:
    if text is not None and any("\ud800" <= character <= "\udfff" for character in text):
        raise CheckError(f"{option}: a text message is UTF-8, and this text is not")


def _findings(project: Path | None, allow_outside: bool) -> Any:
    if project is None:
        return None
    from wslint.probe.project import check_project

    return check_project(project, allow_outside).findings
