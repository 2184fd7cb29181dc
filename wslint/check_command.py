"""What `wslint check` does with its options: settings, one run or several, the report, the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wslint import boundary, cache, system
from wslint.errors import EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS, CheckError
from wslint.files import Files
from wslint.output import Form, say, say_line, write
from wslint.report.visible import visible

if TYPE_CHECKING:
    from wslint.check import Options
    from wslint.finding import Finding
    from wslint.report.model import Result
    from wslint.settings import Settings

FORMS: dict[str, Form] = {
    **dict.fromkeys(("json", "jsonl", "sarif", "gitlab"), "json"),
    "junit": "xml",
    "github": "commands",
}

MOST_JOBS = 8
"""Processes where nobody says how many."""

_NOT_WATCHED = ("fix", "diff", "add_ignore", "update_baseline", "output_file", "show_files")

Tops = tuple[Path, ...] | None
"""The folders that may be written to through links; None for any."""


def run_check(given: tuple[Path, ...], options: dict[str, Any]) -> int:
    """Check the given paths, print, and return the exit code. Raises CheckError when nothing can be checked."""
    if options["watch"]:
        from wslint.watch import watch

        _check_usage(options)
        return watch(lambda: _run(given, options))
    code = _run(given, options)
    if cache.key():
        from wslint.cache_write import keep

        keep(options, code)
    return code


def _run(given: tuple[Path, ...], options: dict[str, Any]) -> int:
    import gc

    _check_usage(options)
    options = {**options, "given": given}
    here = _current_folder()
    # One run makes no cycles worth collecting, and walking the heap of trees again and again costs a
    # third of the time.
    gc.disable()
    settings = _settings(given, options)
    run_options = _run_options(settings, options)
    if options["show_files"]:
        _show_files(given, run_options, options["allow_outside"])
        return EXIT_CLEAN

    def once(files: Files) -> Result:
        from wslint.check import run, run_proved

        mends = options["fix"] or options["diff"] or options["add_ignore"] is not None
        result = (run if mends else run_proved)(given, run_options, files)
        return _with_baseline(result, options, _tops(files))

    has_changes = False
    if options["add_ignore"] is not None:
        result = _add_ignore(once, here, options)
    elif options["fix"]:
        result = _fix(once, here, options)
    elif options["diff"]:
        result, has_changes = _diff(once, here, options)
    else:
        result = once(Files(here, boundary=boundary.wanted(options["allow_outside"])))
        _print(result, options)
    _say_unowned(given, result, options)
    for why in result.failed:
        say_line(f"wslint: {why}: the code behind it was not checked")
    return _exit_code(result, settings.fail_on, has_changes)


def _tops(files: Files) -> Tops:
    return files.boundary.tops if files.boundary is not None else None


def _check_usage(options: dict[str, Any]) -> None:
    wrong = ""
    if options["fix"] and options["diff"]:
        wrong = "--diff changes nothing: leave --fix out"
    elif options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        wrong = "--unsafe-fixes goes with --fix or --diff"
    elif options["update_baseline"] and options["baseline"] is None:
        wrong = "--update-baseline goes with --baseline FILE"
    elif options["update_baseline"] and (options["fix"] or options["diff"]):
        wrong = "--update-baseline goes without --fix and --diff"
    elif options["add_ignore"] is not None and (
        options["fix"] or options["diff"] or options["update_baseline"]
    ):
        wrong = "--add-ignore goes without --fix, --diff and --update-baseline"
    elif options["watch"] and any(options[name] for name in _NOT_WATCHED):
        wrong = "--watch only shows: it goes without --fix, --diff, --add-ignore, --update-baseline, --output-file and --show-files"
    if wrong:
        from click import UsageError

        raise UsageError(wrong)


def _current_folder() -> Path:
    try:
        return Path(os.getcwd())
    except FileNotFoundError:
        raise CheckError("the current folder does not exist any more") from None


def _settings(paths: tuple[Path, ...], options: dict[str, Any]) -> Settings:
    """The settings file's words with the command line's over them."""
    from wslint.record import replace
    from wslint.settings import find_settings

    settings = find_settings(paths[0], boundary.wanted(options["allow_outside"]))
    if options["select"]:
        settings = replace(settings, select=options["select"])
    if options["ignore"]:
        settings = replace(settings, ignore=(*settings.ignore, *options["ignore"]))
    if options["fail_on"]:
        settings = replace(settings, fail_on=options["fail_on"])
    return settings


def _run_options(settings: Settings, options: dict[str, Any]) -> Options:
    from wslint.check import Options

    return Options(
        settings,
        options["environment"],
        options["today"],
        options["pedantic"],
        options["show_unknown"],
        options["statistics"],
        options["include_tests"],
        options["show_way"],
        options["jobs"] or min(system.cores(), MOST_JOBS),
    )


def _show_files(paths: tuple[Path, ...], options: Options, allow_outside: bool) -> None:
    from wslint.check import files_read

    for name in files_read(paths, options, Files(boundary=boundary.wanted(allow_outside))):
        write(visible(name) + "\n")


def _with_baseline(result: Result, options: dict[str, Any], tops: Tops) -> Result:
    if options["baseline"] is None:
        return result
    from wslint import baseline

    if options["update_baseline"]:
        baseline.write(options["baseline"], result.findings, tops)
    return baseline.without_known(result, options["baseline"], tops)


def _fix(once: Callable[[Files], Result], here: Path, options: dict[str, Any]) -> Result:
    """Fix in memory, then write the files. Returns, and reports, what is left."""
    from wslint import fix
    from wslint.record import replace

    fixed = fix.fix(once, here, options["unsafe_fixes"], boundary.wanted(options["allow_outside"]))
    fix.write(fixed.changes, fixed.boundary)
    if not options["quiet"]:
        for finding in sorted(fixed.fixes, key=lambda one: one.span.file.name):
            _say_fixed(finding)
        for finding, why in fixed.refused:
            title = finding.fix.title if finding.fix else ""
            what = f"not fixed {finding.span.file.name}: {finding.code} {finding.name}: {title}: {why}"
            say_line(what)
    result = replace(fixed.result, fixed=fixed.applied)
    _print(result, options)
    return result


def _add_ignore(once: Callable[[Files], Result], here: Path, options: dict[str, Any]) -> Result:
    """Write the comments; what is left is reported as ever."""
    from wslint import fix
    from wslint.suppress_write import silence

    limit = boundary.wanted(options["allow_outside"])
    found = silence(once, here, options["add_ignore"], limit)
    fix.write(found.changes, limit or boundary.boundary_of(options["given"]))
    if not options["quiet"]:
        for finding in found.done:
            say_line(
                f"ignored {finding.span.file.name}:{finding.span.first.line}: {finding.code} {finding.name}"
            )
        for finding in found.left:
            where = f"{finding.span.file.name}:{finding.span.first.line}"
            say_line(f"not ignored {where}: {finding.code} {finding.name}: no comment silences it alone")
    _print(found.result, options)
    return found.result


def _say_fixed(finding: Finding) -> None:
    """What a fix has changed, under the finding's place."""
    assert finding.fix is not None
    where = f"{finding.span.file.name}:{finding.span.first.line}"
    say_line(f"fixed {where}: {finding.code} {finding.name}: {finding.fix.title}")
    from wslint.report.fix_lines import shown

    for line in shown(finding.fix, finding.span.file, terminal_width() - 2):
        say_line(f"  {line}")


def _diff(once: Callable[[Files], Result], here: Path, options: dict[str, Any]) -> tuple[Result, bool]:
    """Show what --fix would change. The diff is all of stdout; the report may go into a file."""
    from wslint import fix

    fixed = fix.fix(once, here, options["unsafe_fixes"], boundary.wanted(options["allow_outside"]))
    write(fix.diff(fixed.changes, Files(here)), form="patch")
    if options["output_file"] is not None:
        _print(fixed.before, {**options, "quiet": True})
    if not options["quiet"]:
        from wslint.report import render_summary

        say(render_summary(fixed.before))
    return fixed.before, bool(fixed.changes)


def _say_unowned(given: tuple[Path, ...], result: Result, options: dict[str, Any]) -> None:
    """Why nothing was checked, when only files were given that belong to no Worker."""
    if result.workers or result.findings or result.skipped or result.undeployed or options["quiet"]:
        return
    files = [os.fspath(path) for path in given if not system.is_dir(path)]
    if files:
        names = ", ".join(visible(name) for name in files[:3]) + (", …" if len(files) > 3 else "")
        say_line(f"wslint: no Worker owns {names}")


def _print(result: Result, options: dict[str, Any]) -> None:
    """The report to stdout or the file."""
    from wslint.report import render

    target: Path | None = options["output_file"]
    for_people = options["output_format"] in ("text", "concise", "agent", "markdown")
    if options["quiet"] and not result.findings and target is None and for_people:
        return
    color = target is None and wants_color(options["color"])
    text = render(result, options["output_format"], color=color, width=terminal_width())
    if target is None:
        if options["output_format"] == "text" and result.findings and not options["statistics"]:
            from wslint.report.next_step import next_step

            text += next_step(result.findings, options)
        write(text, color, FORMS.get(options["output_format"], "text"))
        return
    from wslint.report.ours import is_report
    from wslint.writing import write_report

    limit = boundary.wanted(options["allow_outside"]) or boundary.boundary_of(options["given"])
    # A file name that is no UTF-8 is shown escaped.
    write_report(target, text.encode("utf-8", "backslashreplace"), is_report, limit.tops)
    if not options["quiet"]:
        from wslint.report import render_summary

        write(render_summary(result) + "\n")


def wants_color(choice: str) -> bool:
    """--color, then NO_COLOR, FORCE_COLOR (any value but empty), then whether stdout is a terminal."""
    if choice != "auto":
        return choice == "always"
    if system.variable("NO_COLOR"):
        return False
    if system.variable("FORCE_COLOR"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and system.variable("TERM") != "dumb"


def terminal_width() -> int:
    """What COLUMNS says, else how wide the terminal is."""
    with suppress(ValueError):
        told = int(system.variable("COLUMNS") or 0)
        if told > 0:
            return max(told, 40)
    return max(system.columns() or 100, 40)


def _exit_code(result: Result, fail_on: str, has_changes: bool) -> int:
    from wslint.finding import Severity

    if result.failed:
        return EXIT_FAILED
    if fail_on == "never":
        return EXIT_CLEAN
    least = Severity[fail_on.upper()]
    fails = has_changes or any(finding.severity >= least for finding in result.findings)
    return EXIT_FINDINGS if fails else EXIT_CLEAN
