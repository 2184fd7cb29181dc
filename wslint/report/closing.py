"""What the reports for people end with: counts, what was left out, and how to see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from wslint.finding import Severity
from wslint.report.model import Result, environment_name, summary
from wslint.report.paint import SEVERITY_ROLE, Paint
from wslint.report.visible import one_line, visible

# Skipped configurations named one by one; a folder of templates may hold hundreds.
MOST_SKIPPED_NAMED = 5
MOST_UNREAD_NAMED = 3


def counted(number: int, noun: str) -> str:
    """A number and its noun: `1 error`, `2 errors`."""
    return f"{number} {noun if number == 1 else noun + 's'}"


def statistics(result: Result, paint: Paint) -> Iterator[str]:
    """How often each rule found something, most frequent first."""
    counts = Counter((finding.code, finding.name) for finding in result.findings)
    severities = {finding.code: finding.severity for finding in result.findings}
    fixable = Counter(
        finding.code for finding in result.findings if finding.fix and finding.fix.applicability == "safe"
    )
    number_width = max((len(str(count)) for count in counts.values()), default=0)
    name_width = max((len(name) for _, name in counts), default=0)
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        row = f"{count:>{number_width}}  {paint(SEVERITY_ROLE[severities[code]], code)}  {name}"
        if fixable[code]:
            row += f"{' ' * (name_width - len(name))}  {paint('quiet', f'{fixable[code]} fixable')}"
        yield row


def unchecked(result: Result, paint: Paint) -> Iterator[str]:
    """The list that `--show-unknown` asks for."""
    if not result.unknown:
        return
    yield paint("strong", "Not checked:")
    for unknown in result.unknown:
        place = f"{visible(unknown.path)}:{unknown.line}:{unknown.column}"
        where = environments_text(unknown.environments)
        yield (
            f"  {paint('path', place)}: {one_line(unknown.what)}: {one_line(unknown.why)}"
            f"{f' ({where})' if where else ''}"
        )


def environments_text(environments: Iterable[str | None]) -> str:
    """The environments, when there is more to say than that it is the top level."""
    names = list(environments)
    if not names or names == [None]:
        return ""
    return ", ".join(visible(environment_name(name)) for name in names)


def closing(result: Result, paint: Paint) -> Iterator[str]:
    """The last lines of a report."""
    yield from _skipped(result, paint)
    if result.fixed:
        yield f"{paint('good', 'Fixed')} {counted(result.fixed, 'problem')}."
    if not result.workers and not result.findings:
        yield "No Workers to check."
    elif result.findings:
        yield f"Found {_counts(result, paint)}{_remarks(result)}{_workers(result)}."
    elif all(worker.checked.whole for worker in result.workers):
        yield f"{paint('good', 'No problems')}{_remarks(result)}{_workers(result)}."
    elif not _unread(result):
        yield f"Nothing found{_remarks(result)}{_workers(result)}, as far as it could be checked."
    yield from _not_read(result)
    if result.undeployed:
        nobody = (
            "configuration that nobody deploys was"
            if len(result.undeployed) == 1
            else "configurations that nobody deploys were"
        )
        them = "checks it" if len(result.undeployed) == 1 else "checks them"
        yield paint("quiet", f"{len(result.undeployed)} {nobody} left out: --include-tests {them}.")
    if result.hidden:
        yield paint("quiet", f"{counted(result.hidden, 'more finding')} with --pedantic.")
    if result.unknown and not result.show_unknown:
        them = "it" if len(result.unknown) == 1 else "them"
        things = counted(len(result.unknown), "thing")
        yield paint("quiet", f"{things} could not be checked: --show-unknown lists {them}.")


def _unread(result: Result) -> list[tuple[str, str]]:
    """The configurations whose code was not read, each with the reason."""
    return list(
        dict.fromkeys(
            (worker.config, worker.checked.unknown[0] if worker.checked.unknown else "it is not in the tree")
            for worker in result.workers
            if worker.checked.source == "unread"
        )
    )


def _not_read(result: Result) -> Iterator[str]:
    """What was not read, in one line: nobody may take silence for a clean bill."""
    unread = _unread(result)
    if not unread:
        return
    nothing = f"nothing found{_remarks(result)}; "
    if len({worker.config for worker in result.workers}) == 1:
        why = one_line(unread[0][1])
        if result.findings:
            yield f"The code was not checked: {why}."
        else:
            yield f"Configuration checked, {nothing}the code was not: {why}."
        return
    shown = unread if result.show_unknown else unread[:MOST_UNREAD_NAMED]
    listed = "; ".join(f"{visible(config)}: {one_line(why)}" for config, why in shown)
    if len(shown) < len(unread):
        listed += f"; {len(unread) - len(shown)} more: --show-unknown lists them"
    code = f"the code of {counted(len({config for config, _ in unread}), 'Worker')} was not"
    if result.findings:
        yield f"{code[0].upper()}{code[1:]} checked: {listed}."
    else:
        yield f"Configurations checked, {nothing}{code}: {listed}."


def _counts(result: Result, paint: Paint) -> str:
    counts = summary(result)
    return ", ".join(
        paint(SEVERITY_ROLE[severity], counted(counts[severity.label], severity.label))
        for severity in sorted(Severity, reverse=True)
        if counts[severity.label]
    )


def _remarks(result: Result) -> str:
    fixes = Counter(finding.fix.applicability for finding in result.findings if finding.fix)
    remarks = []
    if result.suppressed:
        remarks.append(f"{result.suppressed} suppressed")
    if fixes["safe"]:
        remarks.append(f"{fixes['safe']} fixable with --fix")
    if fixes["unsafe"]:
        how = "more with" if fixes["safe"] else "fixable with --fix"
        remarks.append(f"{fixes['unsafe']} {how} --unsafe-fixes")
    return f" ({'; '.join(remarks)})" if remarks else ""


def _workers(result: Result) -> str:
    """Workers are counted by their configurations: people do not call an environment a Worker."""
    if not result.workers:
        return ""
    configs = len({worker.config for worker in result.workers})
    environments = sum(worker.environment is not None for worker in result.workers)
    suffix = f" with {counted(environments, 'environment')}" if environments else ""
    return f" in {counted(configs, 'Worker')}{suffix}"


def _skipped(result: Result, paint: Paint) -> Iterator[str]:
    shown = result.skipped if result.show_unknown else result.skipped[:MOST_SKIPPED_NAMED]
    for path, why in shown:
        yield f"Skipped {paint('path', visible(path))}: {one_line(why)}"
    if len(shown) < len(result.skipped):
        more = len(result.skipped) - len(shown)
        yield f"Skipped {more} more: --show-unknown lists them."
