"""What a run over many projects comes to, as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.public.judged import Comparison
from tests.public.projects import Project

SLOW = 3.0
"""Seconds of CPU from which on a project is listed with its time."""

_NAMES = re.compile(r"`[^`]*`|\"[^\"]*\"|[\w./@+-]+:\d+")


def findings(checked: list[Project]) -> Iterator[str]:
    """How often each rule spoke, as what, and in how many projects."""
    count: Counter[tuple[str, str, str]] = Counter()
    repos: dict[tuple[str, str, str], set[str]] = {}
    for project in checked:
        for finding in project.report.get("findings", ()):
            key = finding["severity"], finding["code"], finding["name"]
            count[key] += 1
            repos.setdefault(key, set()).add(project.repo)
    for severity in ("error", "warning"):
        rules = [(number, key) for key, number in count.items() if key[0] == severity]
        yield f"{severity}s: {sum(number for number, _ in rules)}"
        for number, key in sorted(rules, key=lambda rule: (-rule[0], rule[1])):
            yield f"  {number:4} {key[1]} {key[2]}, in {len(repos[key])}"


def unknown(checked: list[Project], most: int = 25) -> Iterator[str]:
    """Why something could not be decided, the most frequent reasons first."""
    reasons = Counter(
        f"{plain(each['what'])}: {plain(each['why'])}"
        for project in checked
        for each in project.report.get("unknown", ())
    )
    yield f"unknown: {sum(reasons.values())}"
    yield from _ranked(reasons, most)


def unread(checked: list[Project]) -> Iterator[str]:
    """The Workers that have code which was not read, each with the reason."""
    found = []
    workers = 0
    for project in checked:
        for worker in project.report.get("workers", ()):
            workers += 1
            if worker["checked"]["source"] == "unread":
                environment = f" env {worker['environment']}" if worker["environment"] else ""
                why = (*worker["checked"]["unknown"], "no reason is given")[0]
                found.append(f"  {project.repo} {worker['config']}{environment}: {why}")
    yield f"Workers: {workers}, without source read: {len(found)}"
    yield from found


def times(checked: list[Project]) -> Iterator[str]:
    """The CPU time of all, and of each that took long."""
    yield f"CPU: {sum(project.seconds for project in checked):.1f} s for {len(checked)} projects"
    for project in sorted(checked, key=lambda each: -each.seconds):
        if project.seconds >= SLOW:
            yield f"  {project.seconds:5.1f} s {project.repo}"


def traces(checked: list[Project], most: int = 25) -> Iterator[str]:
    """How many addresses come to a certain answer or to endings that are all known, and why the others don't."""
    certain = complete = 0
    reasons: Counter[str] = Counter()
    where: dict[str, str] = {}
    every = [(project, each) for project in checked for each in project.traces]
    for project, each in every:
        said = each["predicted"]
        open_endings = [one for one in said["endings"] if one["status"] is None and not is_known(one)]
        certain += said["certain"]
        complete += not said["certain"] and not open_endings
        for one in open_endings:
            reason = plain(one["reason"])
            reasons[reason] += 1
            where.setdefault(reason, f"{project.repo} {each['url']}")
    total = len(every)
    share = f" ({100 * (certain + complete) / total:.0f} %)" if total else ""
    yield f"addresses: {total}, certain: {certain}, all endings known: {complete}{share}"
    for line in _ranked(reasons, most):
        yield f"{line}, as in {where[line.strip().split(' ', 1)[1]]}"


def is_known(ending: dict[str, str]) -> bool:
    """Whether an ending without a status is known nevertheless: no answer ever comes."""
    return ending["reason"] == "no answer"


def comparison(found: Comparison) -> Iterator[str]:
    """What differs from the judged list."""
    counts = ", ".join(
        f"{number} {verdict} {state}" for (verdict, state), number in sorted(found.counts.items())
    )
    yield f"judged: {counts or 'none'}"
    for title, keys in (
        ("false, and said", found.false),
        ("true, and not said", found.lost),
        ("errors that nobody has judged", found.new),
    ):
        if keys:
            yield f"{title}: {len(keys)}"
            yield from (f"  {repo} {place} {code}" for repo, place, code in keys)


def failures(checked: list[Project]) -> Iterator[str]:
    """The projects that gave no report."""
    failed = [project for project in checked if project.failed]
    if failed:
        yield f"failed: {len(failed)}"
        yield from (f"  {project.repo}: {project.failed}" for project in failed)


def plain(reason: str) -> str:
    """A reason without the names and places in it, so that equal ones can be counted."""
    return _NAMES.sub("…", reason)


def _ranked(reasons: Counter[str], most: int) -> Iterable[str]:
    return (f"  {number:4} {reason}" for reason, number in reasons.most_common(most))
