"""`wslint new`: a project is planned whole in memory, compared with the folder, then written.

Nothing that exists is changed or removed unless it is forced; an error takes back what was created.
"""

from __future__ import annotations

import datetime
import difflib
import keyword
import os
import re
import shlex
import stat
from enum import Enum
from pathlib import Path

from wslint import __version__, compatibility, scaffold_files, scaffold_record
from wslint.boundary import led_out_of
from wslint.errors import CheckError
from wslint.record import frozen
from wslint.regex import regex
from wslint.report.visible import visible
from wslint.scaffold_files import TEMPLATES
from wslint.scaffold_names import RESERVED, TAKEN_BINDINGS, TAKEN_CLASSES

_NAMES = {"match-worker": ("MatchDO", "MATCH"), "echo-worker": ("EchoDO", "ECHO")}
"""The class and the binding of each template where none are given."""
NEXT_COMMANDS = {
    "python": ("uv sync", "uv run pywrangler dev"),
    "typescript": ("npm install", "npm run dev"),
    "rust": ("cargo test", "npx wrangler@4 dev"),
}

_TITLES = {"typescript": "TypeScript", "rust": "Rust"}
_WORKER_NAME = regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_IDENTIFIER = regex(r"[A-Za-z][A-Za-z0-9_]*")


@frozen
class Choices:
    """What the command line asked for."""

    template: str = "match-worker"
    folder: Path | None = None
    language: str = "python"
    name: str | None = None
    class_name: str | None = None
    binding: str | None = None
    code_length: int = 5
    players: int = 2
    capacity: int = 22
    config: str = "toml"
    lifecycle: str = "migrations"
    page: bool = True
    """Whether there is a page to try it."""
    auth: str = "none"
    """What lets people in: nothing, or a `token`."""
    date: str | None = None
    """The compatibility date; None: the newest that is known."""


ANSWERS = (
    *("template", "language", "name", "class_name", "binding", "code_length", "players", "capacity"),
    *("config", "lifecycle", "page", "auth", "date"),
)
"""The choices that a project remembers."""


class Verdict(Enum):
    CREATE = "create"
    IDENTICAL = "identical"
    CONFLICT = "conflict"


@frozen
class Planned:
    """One file of the project, and how it relates to what is there."""

    path: str
    text: str
    verdict: Verdict
    existing: bytes = b""

    def diff(self) -> str:
        try:
            before = _with_ends(self.existing.decode("utf-8"))
        except UnicodeDecodeError:
            return f"{self.path}: what is there is no UTF-8 text\n"
        after = _with_ends(self.text)
        lines = difflib.unified_diff(before, after, f"a/{self.path}", f"b/{self.path}")
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )


def _with_ends(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


@frozen
class Plan:
    folder: Path
    files: tuple[Planned, ...]

    def conflicts(self) -> tuple[Planned, ...]:
        return tuple(planned for planned in self.files if planned.verdict is Verdict.CONFLICT)


def report(plan: Plan, *, diff: bool = False) -> str:
    """Each file with its verdict; with `diff`, how the conflicts differ."""
    lines = [f"{planned.verdict.value:<9} {planned.path}\n" for planned in plan.files]
    return "".join(lines) + ("".join(planned.diff() for planned in plan.conflicts()) if diff else "")


def next_steps(plan: Plan, language: str) -> str:
    """How to go on from here: the commands that start the project."""
    where = os.fspath(plan.folder)
    enter = [] if where == "." else [f"cd {shlex.quote(visible(where))}"]
    return "".join(f"  {line}\n" for line in ("next:", *enter, *NEXT_COMMANDS[language]))


def plan(choices: Choices, today: datetime.date) -> Plan:
    """The whole project in memory, compared with the folder. Raises CheckError for what can't be made."""
    folder = choices.folder if choices.folder is not None else Path(choices.template)
    name = _validated(choices, folder)
    _check_folder(folder)
    _check_other_config(folder, choices.config)
    values: dict[str, str | int] = {
        "name": name,
        "class_name": _class_name(choices),
        "binding": _binding(choices),
        "code_length": choices.code_length,
        "players": choices.players,
        "spectators": choices.capacity - choices.players,
        "config": choices.config,
        "language": choices.language,
        "lifecycle": choices.lifecycle,
        "page": choices.page,
        "auth": choices.auth,
        "date": choices.date if choices.date is not None else compatibility.newest_date(today),
        "version": __version__,
    }
    rendered = scaffold_files.render(choices.template, choices.language, values)
    rendered[scaffold_record.NAME] = scaffold_record.dump(_record(choices, values, rendered))
    return Plan(folder, tuple(_compare(folder, path, text) for path, text in sorted(rendered.items())))


def _record(choices: Choices, values: dict[str, str | int], files: dict[str, str]) -> scaffold_record.Record:
    """What the project remembers: each answer, those that nobody gave as well, and the files as they were written."""
    answers = {name: values[name] if name in values else getattr(choices, name) for name in ANSWERS}
    kept = {path: scaffold_record.kept(path, text) for path, text in sorted(files.items())}
    return scaffold_record.Record(__version__, answers, kept)


def _validated(choices: Choices, folder: Path) -> str:
    """Check every name; the Worker's name."""
    if choices.template not in TEMPLATES:
        raise CheckError(
            f"no template is called `{visible(choices.template)}`: there is {', '.join(TEMPLATES)}"
        )
    if choices.language not in scaffold_files.ready(choices.template):
        raise CheckError(f"the {_TITLES.get(choices.language, choices.language)} template is not there yet")
    if choices.template != "match-worker" and not (choices.page and choices.auth == "none"):
        raise CheckError("--no-page and --auth go with match-worker: no other template has a page and a door")
    name = choices.name
    if name is None:
        try:
            name = choices.template if choices.folder is None else Path(os.path.abspath(folder)).name
        except FileNotFoundError:
            raise CheckError("the current folder does not exist any more") from None
        hint = " (the folder's name): give another one with --name"
    else:
        hint = ""
    if not _WORKER_NAME.fullmatch(name):
        raise CheckError(
            f"`{visible(name)}` is no name for a Worker{hint}: expected lowercase letters, digits and dashes, "
            "at most 63, no dash at either end"
        )
    for option, given, taken in (
        ("--class", _class_name(choices), TAKEN_CLASSES[choices.language]),
        ("--binding", _binding(choices), TAKEN_BINDINGS),
    ):
        if not _IDENTIFIER.fullmatch(given):
            raise CheckError(f"{option} `{visible(given)}` is no identifier: expected letters, digits and _")
        if keyword.iskeyword(given) or RESERVED.fullmatch(given):
            raise CheckError(f"{option} `{given}` is a reserved word")
        if given in taken:
            raise CheckError(f"{option} `{given}` is used by the project itself")
    for option, number, low, high in (
        ("--code-length", choices.code_length, 4, 16),
        ("--players", choices.players, 2, 8),
        ("--capacity", choices.capacity, choices.players, choices.players + 1000),
    ):
        if not low <= number <= high:
            raise CheckError(f"{option} {number} is not between {low} and {high}")
    return name


def _class_name(choices: Choices) -> str:
    return choices.class_name if choices.class_name is not None else _NAMES[choices.template][0]


def _binding(choices: Choices) -> str:
    return choices.binding if choices.binding is not None else _NAMES[choices.template][1]


def _check_folder(folder: Path) -> None:
    """The target must be a folder, or nothing yet below one, and no link of the repository around it leads away."""
    top = led_out_of(folder)
    if top is not None:
        where = visible(os.fspath(folder))
        raise CheckError(f"{where} is behind a link that leads out of {top}: nothing is written there")
    for path in (folder, *folder.parents):
        try:
            found = path.stat()
        except FileNotFoundError:
            if path.is_symlink():
                raise CheckError(f"{visible(os.fspath(path))} is a symlink to nothing") from None
            continue
        except NotADirectoryError:
            continue
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CheckError(f"{visible(os.fspath(path))} can't be read: {reason}") from None
        if not stat.S_ISDIR(found.st_mode):
            raise CheckError(f"{visible(os.fspath(path))} is a file, not a folder")
        return


def _check_other_config(folder: Path, config: str) -> None:
    for other in ("wrangler.json", "wrangler.jsonc", "wrangler.toml"):
        if other != f"wrangler.{config}" and os.path.lexists(folder / other):
            raise CheckError(
                f"{visible(os.fspath(folder))} has a {other}: wrangler reads only one config, so remove it first"
            )


def _compare(folder: Path, path: str, text: str) -> Planned:
    target = folder / path
    for part in (target, *(parent for parent in target.parents if folder in parent.parents)):
        if part.is_symlink():
            raise CheckError(f"{visible(os.fspath(part))} is a symlink: nothing is written through it")
        if part is not target and part.exists() and not part.is_dir():
            raise CheckError(f"{visible(os.fspath(part))} is a file where the project has a folder")
    if target.is_dir():
        raise CheckError(f"{visible(os.fspath(target))} is a folder where the project has a file")
    try:
        existing = target.read_bytes()
    except FileNotFoundError:
        return Planned(path, text, Verdict.CREATE)
    except OSError as error:
        raise CheckError(f"{visible(os.fspath(target))} can't be read: {error.strerror or error}") from None
    verdict = Verdict.IDENTICAL if existing == text.encode("utf-8") else Verdict.CONFLICT
    return Planned(path, text, verdict, existing)
