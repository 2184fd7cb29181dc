"""What the rules say, one configuration after the other: what was read and played of one goes before too much is held.

All that reports and later steps want of a Worker is asked while it is there, and kept as a few words and places. What
is heard comes in the order of the rules, whoever was heard first, so that several processes give the same.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from pathlib import Path

from wslint.checked import checked_worker, gaps_of
from wslint.finding import Finding, Fix
from wslint.record import field, record, replace
from wslint.report.model import CheckedWorker
from wslint.rules import INPUTS, LoadedRule
from wslint.rules.needs import has_needs
from wslint.source.facts import Unknown
from wslint.text import Comment
from wslint.worker import Worker, Workspace
from wslint.workspace import failed, redirected, unread

KEPT = 1024 * 1024
"""Bytes of source whose trees and plays are held at most, before the next Worker: they take some forty times as much."""

MANY = 50
"""Configurations that one process checks as fast as several, which have to be started."""

Outcome = Finding | Unknown


@record
class Heard:
    """What is kept of a configuration's Workers. `outcomes` have the places of their rule and of their Worker."""

    outcomes: list[tuple[int, int, Outcome]] = field(default_factory=list)
    checked: list[tuple[CheckedWorker, list[tuple[int, Unknown]]]] = field(default_factory=list)
    """The Workers that were chosen, each with its gaps and how much they hide."""
    unread: list[Unknown] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@record
class Hearing:
    """Who is heard: the rules that were selected, over the Workers that were chosen."""

    workspace: Workspace
    rules: dict[str, LoadedRule]
    selected: set[str]
    chosen: dict[int, int]
    """The places of the chosen Workers, by identity."""
    _fixes: list[Fix] = field(default_factory=list)
    """What holds on to the Workers that they were found in."""

    @property
    def groups(self) -> list[list[Worker]]:
        """The Workers by their configurations."""
        return [
            list(group) for _, group in groupby(self.workspace.workers, lambda worker: id(worker.document))
        ]

    def of_workers(self, groups: list[list[Worker]]) -> Iterator[Heard]:
        """What is heard of these Workers, each group by itself."""
        for workers in groups:
            found = self._of_group(workers)
            yield found
            self._fixes += [
                outcome.fix
                for *_, outcome in found.outcomes
                if isinstance(outcome, Finding) and outcome.fix is not None
            ]
            if self.workspace.held > KEPT:
                self._forget()

    def _forget(self) -> None:
        for fix in self._fixes:
            fix.settle()
        self._fixes.clear()
        self.workspace.forget()
        if not gc.isenabled():
            gc.collect()

    def _of_group(self, workers: list[Worker]) -> Heard:
        found = Heard()
        undecided: list[tuple[Worker, list[Unknown]]] = []
        for worker in workers:
            place = self.chosen.get(id(worker))
            if place is not None:
                said: list[Unknown] = []
                undecided.append((worker, said))
                for number, outcome in self._of_worker(worker):
                    found.outcomes.append((number, place, outcome))
                    if isinstance(outcome, Unknown):
                        said.append(outcome)
        # A rule over one environment may have found out more of what another one shares with it.
        found.checked = [(checked_worker(worker, said), list(gaps_of(worker))) for worker, said in undecided]
        found.unread += redirected(workers[0].document, self.workspace.files)
        for worker in workers:
            found.unread += unread(worker)
            why = failed(worker)
            found.failed += [why] if why else []
            if worker.source is not None:
                behind = worker.behind
                found.comments += worker.source.comments
                found.comments += behind.source.comments if behind is not None and behind.source else []
        return found

    def _of_worker(self, worker: Worker) -> Iterator[tuple[int, Outcome]]:
        is_open = worker.document.open_at is not None
        for number, (code, loaded) in enumerate(self.rules.items()):
            if code not in self.selected or loaded.reads != "worker" or (is_open and code in _ABOUT_ABSENCE):
                continue
            self.workspace.files.go_on()
            spoken = loaded.check(worker) if has_needs(loaded.rule, worker) else ()
            for outcome in (*_behind(loaded, worker), *spoken):
                if isinstance(outcome, Finding):
                    if not outcome.environments:
                        outcome = replace(
                            outcome, worker=worker.name, environments=(worker.config.environment,)
                        )
                    outcome = self._editable(outcome)
                yield number, outcome

    @cached_property
    def _scripts(self) -> set[Path]:
        """The files of scripts that hold configurations or add to them."""
        return {
            file.path
            for document in self.workspace.documents
            if document.added_by
            for file in (document.file, *document.added_by)
        }

    def _editable(self, finding: Finding) -> Finding:
        """A finding without its fix where that would edit a configuration that a script holds or adds to."""
        if finding.fix is None or not self._scripts:
            return finding
        edits = finding.fix.edits
        return (
            replace(finding, fix=None)
            if any(edit.span.file.path in self._scripts for edit in edits)
            else finding
        )

    def of_others(self) -> Iterator[tuple[int, int, Outcome]]:
        """What is heard of all that is no Worker."""
        workspace = self.workspace
        inputs: dict[str, list[object]] = {
            "document": list(workspace.documents),
            "workspace": [workspace],
            "unreadable": list(workspace.unreadable),
            "shadowed": list(workspace.shadowed),
        }
        assert set(inputs) | {"worker", "suppression"} == set(INPUTS)
        for number, (code, loaded) in enumerate(self.rules.items()):
            if code not in self.selected:
                continue
            for place, subject in enumerate(inputs.get(loaded.reads, ())):
                workspace.files.go_on()
                for outcome in loaded.check(subject):
                    yield (
                        number,
                        place,
                        self._editable(outcome) if isinstance(outcome, Finding) else outcome,
                    )


_ABOUT_ABSENCE = frozenset(
    {"WS012", "WS101", "WS111", "WS112", "WS202", "WS207", "WS220", "WS301", "WS303", "WS310", "WS316"}
)
"""The rules that speak of what a configuration does not say."""

_ABOUT_CODE = ("WS207", "WS4", "WS5", "WS6", "WS7", "WS8")
"""The rules that a Worker's own code decides, whatever stands before it."""


def _behind(loaded: LoadedRule, worker: Worker) -> Iterator[Outcome]:
    """What a rule says of the Rust behind a Worker's wasm-bindgen glue. Plays go through the glue by themselves."""
    rule = loaded.rule
    if not rule.code.startswith(_ABOUT_CODE) or rule.gives_way_to:
        return
    behind = worker.behind
    # What is said of paths holds only where JavaScript hands its requests on as they came.
    if behind is None or not has_needs(rule, behind):
        return
    if not rule.code.startswith("WS7") or behind.hands_on_requests:
        yield from loaded.check(behind)
