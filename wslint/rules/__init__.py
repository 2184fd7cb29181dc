"""The rules: one file each under `rules/<family>/`.

A rule module has a docstring with the sections of `SECTIONS`, a `RULE`, and a function `check` whose
one parameter's name says what it looks at (`INPUTS`). It is a pure generator: model in, findings
out. What it can't decide it yields as `Unknown`.

What the rules are is known from a table (`table.py`, generated); a module is imported when it is to speak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

from wslint.finding import Applicability, Confidence, Finding, Fix, Label, Severity, rule_url
from wslint.record import fields, frozen, record
from wslint.source.facts import Unknown
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.worker import Worker

INPUTS = ("worker", "document", "workspace", "unreadable", "shadowed", "suppression")
"""What a rule may ask for: a Worker (once per environment), a configuration file, the workspace, a
file that could not be parsed, a configuration that another one hides, a suppression comment."""

SECTIONS = ("What it does", "Why it fails", "Example", "Use instead", "Not a finding when", "Source")

Speaks = Literal["config", "javascript", "rust", "python"]

Outcome = Finding | Unknown


@frozen
class Rule:
    """A rule's metadata. `causes` are ids of the failure catalogue (docs/coverage.md lists them)."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence = "high"
    causes: tuple[str, ...] = ()
    languages: tuple[Speaks, ...] = ("config",)
    fix: Applicability | None = None
    gives_way_to: tuple[str, ...] = ()
    """For a general rule: prefixes of the codes that speak instead of it where they speak of the same."""
    local: bool = False
    """For a special rule: it explains what happens at its own line, and nothing else in the class."""
    needs: tuple[str, ...] = ()
    """What a Worker must have for the rule to say anything (`needs.py`): its module is not imported without."""

    @property
    def url(self) -> str:
        return rule_url(self.code, self.name)

    def finding(
        self,
        span: Span,
        message: str,
        *,
        labels: tuple[Label, ...] = (),
        help: str = "",
        fix: Fix | None = None,
        confidence: Confidence | None = None,
        within: Span | None = None,
    ) -> Finding:
        """A finding of this rule. `message`: one line, what the person will see, then what to do."""
        return Finding(
            self.code,
            self.name,
            self.severity,
            confidence or self.confidence,
            message,
            span,
            labels,
            help,
            fix,
            within,
        )


Check = Callable[..., Iterator[Outcome]]


@record
class LoadedRule:
    """A rule as the table has it, with the function and the text of its module."""

    rule: Rule
    reads: str
    summary: str
    """The first line of the docstring, without its full stop."""
    module: str
    """The name of its module below this package."""

    @cached_property
    def check(self) -> Check:
        from importlib import import_module

        found: Check = import_module(f"{__name__}.{self.module}").check
        return found

    @property
    def docstring(self) -> str:
        from importlib import import_module

        return import_module(f"{__name__}.{self.module}").__doc__ or ""

    @property
    def path(self) -> str:
        from importlib import import_module

        return import_module(f"{__name__}.{self.module}").__file__ or self.module

    def section(self, heading: str) -> str:
        """The Markdown under one of `SECTIONS`; empty when the section is missing."""
        import re

        match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", self.docstring, re.M | re.S)
        return match.group(1).strip() if match else ""


@cache
def load_rules() -> dict[str, LoadedRule]:
    """All rules by code, in order, out of the table."""
    from wslint.rules.table import ROWS

    of_rule = len(fields(Rule))
    return {
        row[0]: LoadedRule(Rule(row[0], row[1], Severity(row[2]), *row[3:of_rule]), *row[of_rule:])
        for row in ROWS
    }


def find_rule(text: str) -> LoadedRule | None:
    """The rule with this code or name, however its letters are cased."""
    wanted = text.strip().lower()
    for code, loaded in load_rules().items():
        if wanted in (code.lower(), loaded.rule.name):
            return loaded
    return None


def environments_note(worker: Worker) -> str:
    """` in env.staging` for messages about one environment; empty for the top level."""
    return "" if worker.config.environment is None else f" in {worker.config.label}"
