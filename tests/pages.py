"""Rule pages: Markdown in which fenced files are projects and comments say what must be found.

A page's sections (`##`) are projects of their own. A fence whose info string names a file
(```` ```toml wrangler.toml ````) writes that file; `HEAD:wrangler.toml` is what git's HEAD has of it. A
comment `error: [WS301]` (or `warning:`, `info:`) says that this very line has the primary place of such a
finding; several may follow each other, and `error: [WS301] "some words"` asks for words in the message.
Everything found must be said, and everything said must be found: all findings of the page's own rule, and
those of other rules at severity warning and above.

A line `options: --today 2026-12-01 --env staging` sets what the command line would.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from wslint.check import Options, run
from wslint.files import Files
from wslint.finding import Severity
from wslint.report.model import Result

TODAY = date(2026, 11, 23)

_FENCE = re.compile(r"^(?P<ticks>`{3,})\w* +(?P<path>\S+)\n(?P<body>.*?)^(?P=ticks)\s*$", re.M | re.S)
_EXPECTED = re.compile(r'\b(?P<severity>error|warning|info): \[(?P<code>WS\d+)\](?: "(?P<words>[^"]*)")?')
_OPTIONS = re.compile(r"^options: (?P<options>.*)$", re.M)


@dataclass(frozen=True, order=True)
class Expected:
    path: str
    line: int
    severity: str
    code: str
    words: str = field(default="", compare=False)


@dataclass
class Project:
    """One section of a page: its title, its files, what must be found in them."""

    title: str
    files: dict[str, str]
    expected: list[Expected]
    options: dict[str, str]


def read_page(text: str) -> list[Project]:
    """The projects of a page, in order."""
    projects = []
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        title, _, body = section.partition("\n")
        files = {match["path"]: match["body"] for match in _FENCE.finditer(body)}
        if not files:
            raise ValueError(f"section {title!r} has no file: a fence needs a file name")
        options = _OPTIONS.search(body)
        words = options["options"].split() if options else []
        projects.append(
            Project(
                title.strip(),
                files,
                [item for path, content in files.items() for item in _expected(path, content)],
                {key.removeprefix("--"): value for key, value in zip(words[::2], words[1::2], strict=True)},
            )
        )
    return projects


def _expected(path: str, content: str) -> list[Expected]:
    return [
        Expected(path, number, match["severity"], match["code"], match["words"] or "")
        for number, line in enumerate(content.split("\n"), 1)
        for match in _EXPECTED.finditer(line)
    ]


def write(files: dict[str, str], folder: Path) -> None:
    """Write a project's files; text as it stands. `HEAD:…` files are committed before the others."""
    earlier = {path.removeprefix("HEAD:"): text for path, text in files.items() if path.startswith("HEAD:")}
    if earlier:
        write(earlier, folder)
        _commit(folder)
    for path, content in files.items():
        if path.startswith("HEAD:"):
            continue
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="")


def _commit(folder: Path) -> None:
    """Make the folder a git repository whose HEAD has its files, whatever git's settings here are."""
    # A hook that runs the tests has variables set that would lead to its own repository.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "Tester", f"GIT_{who}_EMAIL": "tester@example.com"}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, env=environment)


def check_folder(folder: Path, **options: str) -> Result:
    """Check a folder pedantically, as of `TODAY` unless told otherwise."""
    today = date.fromisoformat(options.pop("today", TODAY.isoformat()))
    environment = options.pop("env", None)
    if options:
        raise ValueError(f"unknown options {options}")
    return run([folder], Options(environment=environment, today=today, pedantic=True), Files(folder))


def mismatches(project: Project, result: Result, own_code: str) -> list[str]:
    """Every difference between what a project says and what was found, in words."""
    found = [
        (
            Expected(finding.span.file.name, finding.span.first.line, finding.severity.label, finding.code),
            finding,
        )
        for finding in result.findings
        if finding.code == own_code
        or (finding.severity >= Severity.WARNING and finding.confidence == "high")
        or any(item.code == finding.code for item in project.expected)
    ]
    problems = []
    left = list(project.expected)
    for item, finding in found:
        match = next((other for other in left if other == item and other.words in finding.message), None)
        if match is None:
            problems.append(
                f"found, not said: {item.path}:{item.line} {item.severity}[{item.code}] {finding.message}"
            )
        else:
            left.remove(match)
    problems += [
        f"said, not found: {item.path}:{item.line} {item.severity}[{item.code}] {item.words}" for item in left
    ]
    return problems
