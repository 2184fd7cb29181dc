"""The one way to stdout and stderr: what is written there steers neither a terminal nor a CI runner.

Names and texts of the checked project are made visible where they are quoted; this is the second lock, for what
was forgotten there. A control character or a bidirectional mark never leaves as it is. Neither does a line that
GitHub, Azure or TeamCity would take for a command of the job: `::error …` at its start, `##[…`, `##vso[…`,
`##teamcity[…` anywhere.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Literal

from wslint import system
from wslint.errors import CheckError
from wslint.regex import regex
from wslint.report.visible import visible, visible_character

Form = Literal["text", "json", "xml", "commands", "patch"]
"""What is written: prose, JSON or XML (which have escapes of their own), GitHub's commands that wslint means, a
diff that `git apply` reads."""

_COLOUR = regex(r"(\x1b\[(?:0|1|2|32|33|91|92|94|95)m)")
"""The colours that reports use."""

_COMMAND = regex(r"^([^\S\n]*+):(?=:(?!: ))", re.M)
"""Not the `::: path` of our own frames: what follows is no name of a command."""

_MARKED = regex(r"##(?=\[|vso\[|teamcity\[)", re.I)
_SECTION = regex(r"^([^\S\n]*+)(?=section_(?:start|end):)", re.M)


def write(text: str, color: bool = False, form: Form = "text") -> None:
    """Write a result to stdout. Raises CheckError when the device is full; a closed pipe is click's affair."""
    try:
        # Without `color`, click would take what looks like a colour out of a patch, too.
        _put(harmless(text, color, form), color=True if color or form == "patch" else None)
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is left in the buffer goes nowhere, else Python complains about it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CheckError(f"the output can't be written: {error.strerror or error}") from None


def clear() -> None:
    """Clear the screen, where stdout is a terminal."""
    import click

    click.clear()


def say(text: str) -> None:
    """Write a message for people to stderr, and end its line."""
    _put(harmless(text) + "\n", err=True)


def _put(text: str, err: bool = False, color: bool | None = None) -> None:
    """Write and flush. Click knows what Windows and streams without UTF-8 need; elsewhere there is nothing left for it
    to do, as what is no colour of a report was made visible."""
    system.said("err" if err else "out", text)
    stream = sys.stderr if err else sys.stdout
    known = stream is None or (getattr(stream, "encoding", None) or "").lower() in ("utf-8", "utf8")
    if "click" in sys.modules or os.name == "nt" or not known:
        import click

        click.echo(text, nl=False, err=err, color=color)
    elif stream is not None:  # closed by the shell
        stream.write(text)
        stream.flush()


def say_line(text: str) -> None:
    """A message on one line, whatever is quoted in it."""
    say(visible(" ".join(text.split("\n"))))


def harmless(text: str, color: bool = False, form: Form = "text") -> str:
    """The text as it may be shown; what is lost stays visible."""
    if form == "patch":
        return text if _is_read_by_programs() else harmless(text)
    if form == "json":  # ASCII already; `#` has an escape there
        return _MARKED.sub(r"#\\u0023", text)
    if form == "xml":
        return _COMMAND.sub(r"\1&#58;", _MARKED.sub("#&#35;", text))
    shown = "\n".join(_line(line, color) for line in text.split("\n"))
    shown = _MARKED.sub(r"#\\#", shown)
    if form == "commands":
        return shown
    return _SECTION.sub(r"\1\\", _COMMAND.sub(r"\1\\:", shown))


def _line(line: str, color: bool) -> str:
    if line.isprintable():
        return line
    pieces = _COLOUR.split(line) if color else [line]
    return "".join(
        piece if index % 2 else "".join(map(_character, piece)) for index, piece in enumerate(pieces)
    )


def _character(character: str) -> str:
    return character if character == "\t" else visible_character(character)


def _is_read_by_programs() -> bool:
    """Whether a patch goes into a file or another program: not onto a terminal, nor into the log of a CI job."""
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    return not on_terminal and not (os.environ.get("CI") or os.environ.get("GITHUB_ACTIONS"))
