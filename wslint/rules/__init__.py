"""The rules: one file each under `rules/<family>/`, found by walking this package.

A rule module has a docstring with the sections of `SECTIONS`, a `RULE`, and a function `check` whose
one parameter's name says what it looks at (`INPUTS`). It is a pure generator: model in, findings
out. What it can't decide it yields as `Unknown`.
"""

from __future__ import annotations

import importlib
import inspect
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Literal

from wslint.finding import Applicability, Confidence, Finding, Fix, Label, Severity, rule_url
from wslint.record import frozen
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


@frozen
class LoadedRule:
    """A rule with its function and its text."""

    rule: Rule
    check: Check
    reads: str
    docstring: str
    path: str

    @property
    def summary(self) -> str:
        """The first line of the docstring, without its full stop."""
        return self.docstring.strip().splitlines()[0].strip().rstrip(".")

    def section(self, heading: str) -> str:
        """The Markdown under one of `SECTIONS`; empty when the section is missing."""
        match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", self.docstring, re.M | re.S)
        return match.group(1).strip() if match else ""


class BadRule(Exception):
    """A rule module that breaks the contract; says which and how."""


@cache
def load_rules() -> dict[str, LoadedRule]:
    """All rules by code, in order. Raises BadRule for a module that is none."""
    found: dict[str, LoadedRule] = {}
    root = os.path.dirname(__file__)
    for family in sorted(os.listdir(root)):
        folder = os.path.join(root, family)
        if family.startswith("_") or not os.path.isdir(folder):
            continue
        for name in sorted(os.listdir(folder)):
            if name.endswith(".py") and not name.startswith("_"):
                module = importlib.import_module(f"{__name__}.{family}.{name[:-3]}")
                loaded = _loaded(module)
                if loaded.rule.code in found:
                    raise BadRule(
                        f"{loaded.path}: {loaded.rule.code} is taken by {found[loaded.rule.code].path}"
                    )
                found[loaded.rule.code] = loaded
    return dict(sorted(found.items()))


def _loaded(module: ModuleType) -> LoadedRule:
    path = module.__file__ or module.__name__
    rule = getattr(module, "RULE", None)
    check = getattr(module, "check", None)
    if not isinstance(rule, Rule) or not inspect.isfunction(check):
        raise BadRule(f"{path}: a rule module needs a RULE and a function check")
    code = check.__code__
    parameters = code.co_varnames[: code.co_argcount]
    if len(parameters) != 1 or parameters[0] not in INPUTS:
        raise BadRule(
            f"{path}:{code.co_firstlineno}: check takes one parameter, named one of {', '.join(INPUTS)}"
        )
    docstring = module.__doc__ or ""
    loaded = LoadedRule(rule, check, parameters[0], docstring, path)
    missing = [heading for heading in SECTIONS if f"\n## {heading}\n" not in docstring]
    if missing:
        raise BadRule(f"{path}: the docstring has no section {', '.join(missing)}")
    return loaded


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
