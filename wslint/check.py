"""A run: discovery, rules, suppression, merging over environments, sorting.

`run` gives a `report.model.Result`; `cli` turns that into text and an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from wslint import suppress, system
from wslint.checked import unchecked
from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Finding, Severity
from wslint.globs import Ignore
from wslint.hearing import MANY, Heard, Hearing
from wslint.project.names import is_router
from wslint.record import field, frozen, replace
from wslint.report.model import Result, RuleInfo
from wslint.rules import LoadedRule, load_rules
from wslint.settings import Settings, suggestion
from wslint.text import Comment
from wslint.worker import Worker, Workspace
from wslint.workspace import Found, add_shadowed, discover, load


@frozen
class Options:
    """What the command line decides, over the settings file."""

    settings: Settings = field(default_factory=Settings)
    environment: str | None = None
    """None checks all; an empty text the top level only."""
    today: date | None = None
    pedantic: bool = False
    show_unknown: bool = False
    statistics: bool = False
    include_tests: bool = False
    """Check configurations that nobody deploys too."""
    show_way: bool = False
    jobs: int = 0
    """How many processes check many Workers. 0 for a run within a process that goes on, such as an editor's."""


def run_proved(paths: Iterable[Path], options: Options, files: Files) -> Result:
    """As `run`, with each safe fix proved: what was not is called unsafe. Where fixes are made, `fix_laws` judge."""
    given = list(paths)
    result = run(given, options, files)
    if any(finding.fix is not None and finding.fix.applicability == "safe" for finding in result.findings):
        from wslint.safety import with_proved_fixes

        quick = replace(options, show_way=False)
        return with_proved_fixes(result, lambda texts: run(given, quick, files.over(texts)))
    return result


def run(paths: Iterable[Path], options: Options, files: Files | None = None) -> Result:
    """Check the Workers under the paths. Raises CheckError when nothing can be checked."""
    files = files or Files()
    found = find(paths, options, files)
    return check_found(open_found(found, options, files), found, options)


def find(paths: Iterable[Path], options: Options, files: Files) -> Found:
    """The configurations that a run checks. Raises CheckError where there is none."""
    found = discover(paths, files, options.settings.exclude, options.settings.folder)
    if not options.include_tests:
        found.leave_out_undeployed(files)
    return found


def open_found(found: Found, options: Options, files: Files) -> Workspace:
    """The Workers of what was found."""
    today = options.today or date.fromisoformat(system.today())
    workspace = load(found.configs, files, today)
    workspace.skipped[:0] = [(files.name(path), why) for path, why in found.skipped]
    add_shadowed(workspace, found, files)
    attach_committed(workspace)
    return workspace


def check_found(workspace: Workspace, found: Found, options: Options) -> Result:
    """What the rules say of those Workers."""
    files = workspace.files
    undeployed = tuple((files.name(path), why) for path, why in found.undeployed)
    return replace(check(workspace, options), undeployed=undeployed)


def attach_committed(workspace: Workspace) -> None:
    """Give documents the version that git's HEAD has, for the rules that compare. One without a lifecycle
    may have lost it since."""
    wanted = [
        document
        for document in workspace.documents
        if not document.is_pages and document.file not in document.added_by
    ]
    if wanted:
        from wslint.repository import attach

        attach(workspace, wanted)


def check(workspace: Workspace, options: Options) -> Result:
    """Run the rules over a loaded workspace."""
    settings = options.settings
    rules = load_rules()
    selected = {code for code in (settings.select or rules) if code not in settings.ignore}
    workers = chosen(workspace, options.environment)
    places = {id(worker): place for place, worker in enumerate(workers)}
    heard = _heard(hearing := Hearing(workspace, rules, selected, places), options.jobs)
    numbered = [each for one in heard for each in one.outcomes]
    numbered += hearing.of_others()
    numbered.sort(key=lambda each: each[:2])
    outcomes = [outcome for *_, outcome in numbered]
    findings = [outcome for outcome in outcomes if isinstance(outcome, Finding)]
    found = _merged(finding for finding in findings if not is_router(finding.span.file.path))
    findings = _without_explained(found, rules)
    comments = _comments(workspace, heard)
    suppressions = suppress.read_suppressions(comments)
    findings, suppressed = suppress.apply(findings, suppressions)
    if options.environment is None:
        # Those that suppress the findings about the others are judged when it is known what they did.
        about = {code for code, loaded in rules.items() if loaded.reads == "suppression"}
        for judged in (
            [item for item in suppressions if item.code not in about],
            [item for item in suppressions if item.code in about],
        ):
            late = _merged(_suppression_outcomes(rules, selected, judged))
            late, more = suppress.apply(late, suppressions)
            findings += late
            suppressed += more
    findings = _without_ignored_paths(findings, settings)
    pedantic = options.pedantic or settings.pedantic
    shown = [_offered(finding) for finding in findings if pedantic or _is_plain(finding)]
    if options.show_way:
        from wslint.trace.way import with_ways

        shown = with_ways(workers, shown)
    unread = [each for one in heard for each in one.unread] + workspace.unknown
    gaps = [gap for one in heard for _, gaps in one.checked for gap in gaps]
    return Result(
        workers=tuple(checked for one in heard for checked, _ in one.checked),
        findings=tuple(sorted(shown, key=lambda finding: finding.sort_key)),
        unknown=tuple(unchecked(unread, gaps, outcomes)),
        suppressed=suppressed,
        skipped=tuple(dict.fromkeys(workspace.skipped)),
        rules={code: _info(loaded) for code, loaded in rules.items() if code in selected},
        hidden=len(findings) - len(shown),
        show_unknown=options.show_unknown,
        statistics=options.statistics,
        failed=tuple(dict.fromkeys(why for one in heard for why in one.failed)),
    )


def _heard(hearing: Hearing, jobs: int) -> list[Heard]:
    """What is heard of the Workers, by several processes where there are many."""
    groups = hearing.groups
    if jobs and len(groups) > MANY:
        from wslint import jobs as processes

        return processes.hear(hearing, jobs)
    return list(hearing.of_workers(groups))


def chosen(workspace: Workspace, environment: str | None) -> list[Worker]:
    if environment is None:
        return workspace.workers
    wanted = environment or None
    found = [worker for worker in workspace.workers if worker.config.environment == wanted]
    if not found and workspace.workers:
        names = sorted(
            {worker.config.environment for worker in workspace.workers if worker.config.environment}
        )
        near = suggestion(environment, names)
        known = f"; there {'is' if len(names) == 1 else 'are'} {', '.join(names)}" if names else ""
        hint = near or known or "; no configuration has environments"
        raise CheckError(f"no configuration has an environment called {environment}{hint}")
    return found


def _suppression_outcomes(
    rules: dict[str, LoadedRule], selected: set[str], suppressions: list[suppress.Suppression]
) -> Iterator[Finding]:
    """The rules about suppressions, which need to know what the other rules said.

    A suppression of a rule that did not run can't be called unused.
    """
    for code, loaded in rules.items():
        if code in selected and loaded.reads == "suppression":
            for suppression in suppressions:
                if suppression.code is None or suppression.code in selected:
                    yield from (
                        outcome for outcome in loaded.check(suppression) if isinstance(outcome, Finding)
                    )


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each defect, with all environments that show it.

    A rule that says something else of the same place in another environment still speaks of one
    defect: the first environment's words stand.
    """
    merged: list[Finding] = []
    places: dict[tuple[str, str, int, int], list[int]] = {}
    for finding in findings:
        same = places.setdefault(finding.place, [])
        index = next((index for index in same if _is_one_defect(merged[index], finding)), None)
        if index is None:
            same.append(len(merged))
            merged.append(finding)
        else:
            known = merged[index]
            environments = tuple(dict.fromkeys((*known.environments, *finding.environments)))
            merged[index] = replace(known, environments=environments)
    return merged


def _without_explained(findings: list[Finding], rules: dict[str, LoadedRule]) -> list[Finding]:
    """Without what a general rule says of a place that a special one explains: on the same line, in the class that it
    speaks of, or, for a handshake, anywhere in the Worker as an error."""
    special = [finding for finding in findings if not rules[finding.code].rule.gives_way_to]
    sure: set[int] = set()
    kept: list[Finding] = []
    for finding in findings:
        way = rules[finding.code].rule.gives_way_to
        others = [
            other
            for other in (special if way else ())
            if other.code.startswith(way) and _explains(other, finding, rules[other.code].rule.local)
        ]
        sure.update(id(other) for other in others)
        if not others:
            kept.append(finding)
    # What a play has borne out is as sure as what the play itself says.
    return [replace(finding, confidence="high") if id(finding) in sure else finding for finding in kept]


def _explains(special: Finding, general: Finding, local: bool) -> bool:
    if general.within is None:  # a handshake
        return special.severity >= Severity.ERROR and special.confidence == "high"
    if special.severity < Severity.WARNING:
        return False
    within = general.within
    places = [special.span, *(label.span for label in special.labels)]
    if any(
        place.file is general.span.file and place.first.line == general.span.first.line for place in places
    ):
        return True
    if local or special.code[:3] != general.code[:3]:
        return False
    if special.span.file.path.suffix == ".rs" != within.file.path.suffix:  # the crate behind a wrapper
        return True
    return special.span.file is within.file and within.start <= special.span.start < within.end


def _is_one_defect(known: Finding, finding: Finding) -> bool:
    """Whether two findings of one rule at one place are the same defect."""
    if known.message == finding.message:
        return True
    return bool(finding.environments) and not set(known.environments) & set(finding.environments)


def _comments(workspace: Workspace, heard: Iterable[Heard]) -> list[Comment]:
    """All comments that speak to wslint, each once, in the files that were read."""
    found: dict[tuple[str, int], Comment] = {}
    for document in workspace.documents:
        for comment in document.comments:
            if "wslint:" in comment.text:
                found[(document.file.name, comment.span.start)] = comment
    for one in heard:
        for comment in one.comments:
            found[(comment.span.file.name, comment.span.start)] = comment
    return list(found.values())


def _without_ignored_paths(findings: list[Finding], settings: Settings) -> list[Finding]:
    base = settings.folder
    if not settings.per_path_ignores or base is None:
        return findings
    specs = [(Ignore([glob]), codes) for glob, codes in settings.per_path_ignores.items()]

    def ignored(finding: Finding) -> bool:
        try:
            relative = finding.span.file.path.relative_to(base).as_posix()
        except ValueError:
            return False
        return any(finding.code in codes and spec.verdict(relative) for spec, codes in specs)

    return [finding for finding in findings if not ignored(finding)]


def _offered(finding: Finding) -> Finding:
    """The finding without a fix that turns out to have no edit: the file has no place for one."""
    empty = finding.fix is not None and not finding.fix.edits
    return replace(finding, fix=None) if empty else finding


def _is_plain(finding: Finding) -> bool:
    """Whether a finding is shown without `--pedantic`."""
    return finding.severity > Severity.INFO and finding.confidence == "high"


def _info(loaded: LoadedRule) -> RuleInfo:
    rule = loaded.rule

    def text() -> str:
        return loaded.docstring

    return RuleInfo(rule.code, rule.name, rule.severity, rule.confidence, loaded.summary, text, rule.url)


def files_read(paths: Iterable[Path], options: Options, files: Files | None = None) -> list[str]:
    """The names of all files that a run over `paths` reads: configurations and source, sorted."""
    files = files or Files()
    found = discover(paths, files, options.settings.exclude, options.settings.folder)
    if not options.include_tests:
        found.leave_out_undeployed(files)
    workspace = load(found.configs, files, date.fromisoformat(system.today()))
    names = {document.file.name for document in workspace.documents}
    names |= {unreadable.file.name for unreadable in workspace.unreadable}
    for worker in workspace.workers:
        for each in (worker, worker.behind):
            read = each.source.files if each is not None and each.source is not None else []
            names |= {file.name for file in read if not is_router(file.path)}
    left_out = [f"{files.name(path)} (not checked: {why})" for path, why in found.undeployed]
    return sorted(names) + sorted(left_out)
