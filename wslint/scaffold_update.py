"""`wslint new --update` and `--diff`: a project that an older scaffold wrote, and what a newer one changed."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

from wslint import scaffold, scaffold_record
from wslint.errors import CheckError
from wslint.record import frozen, replace
from wslint.regex import regex
from wslint.report.visible import visible
from wslint.scaffold import Choices, Plan, Planned, Verdict
from wslint.scaffold_merge import Merged, merge_text, merge_toml

_OFFERED = {"config": ("toml", "jsonc"), "lifecycle": ("migrations", "exports"), "auth": ("none", "token")}
_DATE = regex(r"\d{4}-\d{2}-\d{2}")


@frozen
class Change:
    """What becomes of one file."""

    path: str
    word: str
    text: str | None = None
    """None where the file stays as it is."""
    conflicts: int = 0


@frozen
class Update:
    folder: Path
    choices: Choices
    changes: tuple[Change, ...]
    plan: Plan
    """What is to be written."""
    older: str
    """What of the newer scaffold is new, as a diff."""

    def conflicts(self) -> int:
        return sum(change.conflicts for change in self.changes)


def plan_update(folder: Path, today: datetime.date) -> Update | None:
    """How the project of a folder is brought up to date; None where nothing says that it comes from a scaffold."""
    kept = scaffold_record.read(folder)
    if kept is None:
        return None
    choices = _choices(folder, kept)
    planned = scaffold.plan(choices, today)
    new = {file.path: file for file in planned.files if file.path != scaffold_record.NAME}
    changes = tuple(
        _change(path, kept.files.get(path), new.get(path)) for path in sorted({*new, *kept.files})
    )
    texts = {change.path: change.text for change in changes if change.text is not None}
    record = next(file for file in planned.files if file.path == scaffold_record.NAME)
    written = [_planned(new[path], text) for path, text in texts.items()]
    older = "".join(_diff(kept.files.get(path, ""), new[path]) for path in sorted(new))
    if record.verdict is not Verdict.IDENTICAL:
        written.append(record)
    return Update(folder, choices, changes, replace(planned, files=tuple(written)), older)


def report(update: Update) -> str:
    return "".join(
        f"{change.word:<9} {visible(change.path)}\n" for change in update.changes if change.word != "as it is"
    )


def _choices(folder: Path, kept: scaffold_record.Record) -> Choices:
    known = set(scaffold.ANSWERS)
    answers = {name: value for name, value in kept.answers.items() if name in known}
    expected = Choices()
    for name, value in answers.items():
        default = getattr(expected, name)
        if not isinstance(value, str if default is None else type(default)):
            raise CheckError(f"{scaffold_record.NAME}: {name} is {visible(repr(value))}")
        if name in _OFFERED and value not in _OFFERED[name]:
            raise CheckError(f"{scaffold_record.NAME}: {name} is {visible(repr(value))}")
    if not _DATE.fullmatch(answers.get("date", "")):
        raise CheckError(f"{scaffold_record.NAME} has no date")
    return Choices(**(answers | {"folder": folder}))


def _change(path: str, base: str | None, new: Planned | None) -> Change:
    if new is None:
        return Change(path, "dropped")  # by the newer scaffold; what is there is yours
    mine = _mine(new)
    if new.text == mine or scaffold_record.kept(path, new.text) == base:
        return Change(path, "as it is")
    if mine is None:
        return Change(path, "create", new.text) if base is None else Change(path, "deleted")
    if scaffold_record.kept(path, mine) == base:
        return Change(path, "update", new.text)
    if path in scaffold_record.LOCKS:
        return Change(path, "lock")
    merged = _merged(path, base or "", mine, new.text)
    return Change(path, "conflict" if merged.conflicts else "merge", merged.text, merged.conflicts)


def _mine(new: Planned) -> str | None:
    """The text that the project has at the place of a file."""
    if new.verdict is Verdict.CREATE:
        return None
    try:
        return new.existing.decode("utf-8")
    except UnicodeDecodeError:
        raise CheckError(f"{visible(new.path)} is no UTF-8 text any more: it can't be merged") from None


def _merged(path: str, base: str, mine: str, theirs: str) -> Merged:
    return (merge_toml if path.endswith(".toml") else merge_text)(base, mine, theirs)


def _planned(new: Planned, text: str) -> Planned:
    verdict = Verdict.CREATE if new.verdict is Verdict.CREATE else Verdict.CONFLICT
    return Planned(new.path, text, verdict, new.existing)


def _diff(before: str, new: Planned) -> str:
    """What is new in a file."""
    if scaffold_record.kept(new.path, new.text) == before:
        return ""
    if new.path in scaffold_record.LOCKS:
        return f"{new.path}: the versions that are locked are others\n"
    return Planned(new.path, new.text, Verdict.CONFLICT, before.encode("utf-8")).diff()


def notes(update: Update) -> Iterator[str]:
    """What is left to do by hand."""
    words = {change.word for change in update.changes}
    if "conflict" in words:
        yield "both sides changed the same places: look for <<<<<<< in the files with a conflict"
    if "lock" in words:
        yield "a lock file of your own was left alone: let its tool write it anew"
    if "deleted" in words:
        yield "files that you deleted have changed in the scaffold, and stay deleted"
    if "dropped" in words:
        yield "files that the scaffold no longer has were left alone"


def place(folder: Path | None) -> Path:
    """Where to look for a project that is there already."""
    return folder if folder is not None else Path(os.curdir)
