"""What a run found, as the renderers see it: they read this and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from wslint import __version__
from wslint.finding import Confidence, Finding, Severity
from wslint.record import field, frozen

PROJECT_URL = "https://github.com/wslint/wslint"

# Past this many characters a line is generated code, and one edit anywhere in it would give every
# finding on it a new fingerprint.
LONGEST_FINGERPRINTED_LINE = 400


@frozen
class RuleInfo:
    """What a report says of a rule; `text` gives its documentation in Markdown, which few reports ask for."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    summary: str
    text: Callable[[], str]
    url: str

    @property
    def documentation(self) -> str:
        return self.text()


SourceRead = Literal["read", "part", "unread", "none"]


@frozen
class Checked:
    """What was read of a Worker. `source` is `read` (all that the entrypoint reaches), `part` (something that it
    reaches was not), `unread` (nothing of it), or `none` (there is no code); `unknown` says why, and what else
    could not be decided."""

    config: bool = True
    source: SourceRead = "read"
    unknown: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether "no problems" can be said of it."""
        return self.config and self.source in ("read", "none") and not self.unknown


@frozen
class CheckedWorker:
    """One configuration in one environment (None is the top level). Paths are relative, with `/`."""

    config: str
    environment: str | None
    name: str | None
    entrypoint: str | None
    checked: Checked = Checked()


@frozen
class Unchecked:
    """Something that static reading could not decide, and why."""

    path: str
    line: int
    column: int
    what: str
    why: str
    environments: tuple[str | None, ...] = ()


@frozen
class Result:
    """One run. `findings` are sorted, filtered and merged over environments; `skipped` holds the
    path and the reason of every configuration that was seen and not checked, `undeployed` those that
    nobody deploys; `rules` holds those that ran, by code; `hidden` counts the findings that `--pedantic` would show."""

    workers: tuple[CheckedWorker, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknown: tuple[Unchecked, ...] = ()
    suppressed: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
    undeployed: tuple[tuple[str, str], ...] = ()
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)
    hidden: int = 0
    fixed: int = 0
    show_unknown: bool = False
    statistics: bool = False
    failed: tuple[str, ...] = ()
    """Entrypoints that could not be read, and why."""
    version: str = __version__


def summary(result: Result) -> dict[str, int]:
    """How many findings of each severity are shown, and how many were suppressed."""
    counts = {severity.label: 0 for severity in sorted(Severity, reverse=True)}
    for finding in result.findings:
        counts[finding.severity.label] += 1
    return {**counts, "suppressed": result.suppressed}


def environment_name(environment: str | None) -> str:
    """An environment as people call it."""
    return "top level" if environment is None else environment


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """A stable and unique identity for each finding, in order.

    It is made of the rule, the file and the text of the line, never of the line's number, so that
    a line added further up does not turn every known finding into a new one. Equal lines are told
    apart by counting them.
    """
    from hashlib import sha256

    seen: dict[str, int] = {}
    identities = []
    for finding in findings:
        line = finding.span.file.line_text(finding.span.first.line)
        if len(line) > LONGEST_FINGERPRINTED_LINE:
            line = finding.span.text[:LONGEST_FINGERPRINTED_LINE]
        parts = (finding.code, finding.span.file.name, " ".join(line.split()))
        # surrogatepass: a file name that is not UTF-8 holds lone surrogates.
        identity = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        repeat = seen.get(identity, 0)
        seen[identity] = repeat + 1
        if repeat:
            identity = sha256(f"{identity}:{repeat}".encode()).hexdigest()
        identities.append(identity[:32])
    return identities
