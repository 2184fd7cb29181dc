"""How a run ends: exit codes, expected errors on one line, mistakes with a report."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from wslint import __version__
from wslint.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_TERMINATED, CheckError
from wslint.output import say, say_line


def run(command: Callable[[], object]) -> None:
    """Run a command, with every end of a run mapped to its exit code.

    Expected errors are one line; anything unexpected ends with a report that can be pasted into an
    issue. Both exit with 2.
    """
    with suppress(ValueError, OSError):  # not the main thread
        signal.signal(signal.SIGTERM, _end_politely)
    try:
        _run(command)
    except SystemExit as end:
        if isinstance(end.code, int):
            _leave(end.code)
        raise
    _leave(0)


def _end_politely(_number: int, _frame: object) -> None:
    """SIGTERM ends a run as Ctrl-C does: half of a project is taken back, no temporary file stays."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(EXIT_TERMINATED)


def _leave(code: int) -> None:
    """End the process at once: taking its heap apart first would be a ninth of a check's time. Comes back
    when the output can't be written, so that Python's own end deals with that."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # closed by the shell
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(code)


def _run(command: Callable[[], object]) -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # file names and messages may not fit the terminal's encoding
            stream.reconfigure(errors="backslashreplace")
    try:
        command()
    except CheckError as error:
        say_line(_without_secrets(f"wslint: {error}"))
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except MemoryError:
        say("wslint: out of memory: give fewer paths at a time, or exclude what is generated")
        sys.exit(EXIT_FAILED)
    except Exception as error:
        _end_as_click_says(error)
        _report_mistake()
        sys.exit(EXIT_FAILED)


def _end_as_click_says(error: Exception) -> None:
    """End the run where click says how; a run that does without click has no such errors."""
    if "click" not in sys.modules:
        return
    import click

    if isinstance(error, click.ClickException):
        shown = io.StringIO()
        error.show(shown)
        say(_without_secrets(shown.getvalue().rstrip("\n")))
        sys.exit(error.exit_code)
    if isinstance(error, click.Abort):
        sys.exit(EXIT_INTERRUPTED)


def _without_secrets(text: str) -> str:
    """What an error quotes of a probe's arguments: addresses and headers hold tokens."""
    if sys.argv[1:2] != ["probe"] or "--show-secrets" in sys.argv:
        return text
    import re

    from wslint.probe.secrets import hide_everywhere

    for value in _header_values(sys.argv):
        text = text.replace(value, "…")
    # `--header Cookie: s=…` without quotes is a header without a value, and an argument too much.
    text = re.sub(r"(unexpected extra arguments?) \(.*\)", r"\1", text, flags=re.S)
    return hide_everywhere(text)


def _header_values(arguments: list[str]) -> list[str]:
    """What stands behind the names of the headers on the command line."""
    import re
    from itertools import pairwise

    given = [each for name, each in pairwise(arguments) if name == "--header"]
    given += [each.partition("=")[2] for each in arguments if each.startswith("--header=")]
    values = [re.split(r"[:\s]", each, maxsplit=1)[-1].strip() for each in given]
    return sorted((value for value in values if len(value) > 3), key=len, reverse=True)


def _report_mistake() -> None:
    import platform
    import shlex
    import traceback

    say(
        _without_secrets(
            "wslint: this is a mistake in wslint, not in your project. Please report it with the lines below:\n"
            "https://github.com/wslint/wslint/issues/new\n\n"
            f"wslint {__version__}, Python {platform.python_version()}, {platform.system()}\n"
            f"arguments: {shlex.join(sys.argv[1:])}\n{traceback.format_exc().strip()}"
        )
    )
