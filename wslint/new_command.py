"""What `wslint new` does with its options: the plan, what is in the way, the files, a repository, the next steps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from wslint import scaffold, scaffold_files, scaffold_git, scaffold_record, scaffold_update, scaffold_write
from wslint.errors import EXIT_CLEAN, EXIT_FINDINGS, CheckError
from wslint.output import say, write
from wslint.report.visible import visible

_CHOSEN = (
    *("language", "name", "class_name", "binding", "code_length", "players", "capacity"),
    *("config", "lifecycle", "auth"),
)


def run_new(template: str, folder: Path | None, options: dict[str, Any]) -> int:
    """Plan the project and write it; returns the exit code. Raises CheckError for what can't be made."""
    if options["force"] and options["skip_existing"]:
        raise click.UsageError("--force and --skip-existing exclude each other")
    if options["show_list"]:
        write(scaffold_files.listing())
        return EXIT_CLEAN
    if options["update"] or (options["diff"] and folder is None):
        known = scaffold_update.plan_update(scaffold_update.place(folder), datetime.now(UTC).date())
        if known is not None:
            return _bring_up_to_date(known, options)
        if options["update"]:
            raise CheckError(
                f"no {scaffold_record.NAME} is there: nothing says what the project was written with"
            )
    chosen = {name: options[name] for name in _CHOSEN}
    choices = scaffold.Choices(template, folder, **chosen, page=not options["no_page"])
    plan = scaffold.plan(choices, datetime.now(UTC).date())
    write(scaffold.report(plan, diff=options["diff"]))
    if plan.conflicts() and not (options["force"] or options["skip_existing"]):
        say("wslint: files are in the way, nothing was written: see --diff, --force")
        return EXIT_FINDINGS
    if not options["dry_run"]:
        scaffold_write.write(plan, force=options["force"], skip_existing=options["skip_existing"])
        if options["git"]:
            write(visible(f"git       {scaffold_git.start_repository(plan.folder)}") + "\n")
        write(scaffold.next_steps(plan, choices.language))
    return EXIT_CLEAN


def _bring_up_to_date(update: scaffold_update.Update, options: dict[str, Any]) -> int:
    """Show what a newer scaffold changed, or merge it into the project."""
    if not options["update"]:
        write(update.older)
        return EXIT_FINDINGS if update.older else EXIT_CLEAN
    write(scaffold_update.report(update) + (update.older if options["diff"] else ""))
    if not options["dry_run"]:
        scaffold_write.write(update.plan, force=True)
    for note in scaffold_update.notes(update):
        say(f"wslint: {note}")
    return EXIT_FINDINGS if update.conflicts() else EXIT_CLEAN
