"""The start of the program: what is known already, else the plain check without click.

A check of what has not changed since the last one is answered by `cache.py`, before anything else is imported.

`wslint check`, as an editor or a hook calls it, needs none of what click brings; importing it takes as long as reading
a Worker. Any other command, option or spelling goes to `cli.py`, which has them all: a test holds the two equal.
"""

from __future__ import annotations

import os
import sys

from wslint import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, NoReturn

_SWITCHES = (
    "pedantic",
    "statistics",
    "show_unknown",
    "show_way",
    "include_tests",
    "allow_outside",
    "show_files",
    "no_cache",
    "quiet",
)

_CHOICES = {
    "--fail-on": ("fail_on", ("error", "warning", "info", "never")),
    "--output-format": (
        "output_format",
        ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "agent"),
    ),
    "--color": ("color", ("auto", "always", "never")),
    "--env": ("environment", None),
}

_UNSET: dict[str, Any] = {
    "environment": None,
    "select": None,
    "ignore": None,
    "fail_on": None,
    "output_format": "text",
    "output_file": None,
    "fix": False,
    "unsafe_fixes": False,
    "diff": False,
    "baseline": None,
    "update_baseline": False,
    "add_ignore": None,
    "watch": False,
    "today": None,
    "jobs": None,
    "color": "auto",
    **dict.fromkeys(_SWITCHES, False),
}


def run() -> None:
    """The program."""
    cache.answer(sys.argv[1:])
    from wslint import ends

    ends.run(command)


def command() -> None:
    """What the command line asks for."""
    given = plain(sys.argv[1:])
    if given is not None:
        _check(*given)
    from wslint.cli import main

    main(prog_name="wslint", standalone_mode=False)


def plain(arguments: list[str]) -> tuple[tuple[Path, ...], dict[str, Any]] | None:
    """The paths and options of a check that is written plainly; None for anything else."""
    if arguments[:1] != ["check"] or os.name == "nt" or "_WSLINT_COMPLETE" in os.environ:
        return None
    from pathlib import Path

    paths: list[Path] = []
    chosen: dict[str, Any] = {}
    waiting = iter(arguments[1:])
    for word in waiting:
        if not word.startswith("-"):
            paths.append(Path(word))
            continue
        name = word[2:].replace("-", "_") if word != "-q" else "quiet"
        value: Any = True
        if word in _CHOICES:
            name, known = _CHOICES[word]
            value = next(waiting, None)
            if value is None or value.startswith("-") or (known is not None and value not in known):
                return None
        elif name not in _SWITCHES or "_" in word:
            return None
        if name in chosen:
            return None
        chosen[name] = value
    return tuple(paths) or (Path("."),), {**_UNSET, **chosen}


def _check(paths: tuple[Path, ...], options: dict[str, Any]) -> NoReturn:
    from wslint.check_command import run_check
    from wslint.output import say

    try:
        code = run_check(paths, options)
    except KeyboardInterrupt:
        say("")
        raise
    except BrokenPipeError:  # `wslint check | head`: no word of it, and none from Python's end
        # What is left in the buffers goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(code)
