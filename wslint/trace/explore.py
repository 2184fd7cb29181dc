"""One address, played: everything that its handshake may come to, and the way to show."""

from __future__ import annotations

from collections.abc import Sequence

from wslint.finding import Finding, Severity
from wslint.machine.machine import Machine
from wslint.machine.machine import place as place_of
from wslint.play import scenes
from wslint.play.ending import Ending
from wslint.record import record, replace
from wslint.runtime import response
from wslint.source.clients import ClientUrl
from wslint.trace import handlers
from wslint.trace.model import EndingText, Hop, Prediction, Trace
from wslint.values.event import Step
from wslint.values.heap import Object
from wslint.worker import Worker

_BLOCKING = ("WS0", "WS1", "WS3")
"""The families whose errors keep a Worker from being deployed."""


@record
class Played:
    """A handshake that was played."""

    machine: Machine
    endings: list[Ending]


def play(worker: Worker, url: Object, *, established: bool = True) -> Played:
    """Play a handshake for an address into a Worker."""
    machine = Machine()
    machine.established = established
    machine.covering = []
    return Played(machine, scenes.handshake(machine, worker, url))


def trace(
    worker: Worker, url: Object, shown: str, findings: Sequence[Finding], client: ClientUrl | None = None
) -> Trace:
    """Follow a handshake for `url` into a Worker. Pure: reads the workspace, runs nothing."""
    played = play(worker, url, established=False)
    if any(ending.status in (None, response.SWITCHING) for ending in played.endings):
        played = play(worker, url)  # a handshake may succeed: then the object may have lived before
    best = best_of(played.endings)
    hops = (
        [Hop("client", client.place.head(), "the client opens the socket here", (client.place,))]
        if client
        else []
    )
    hops += [_hop(event) for event in on_way(played.machine, best)]
    hops += _end_hops(played.machine, best)
    _attach(played.machine, hops, findings)
    said = predicted(played.endings)
    if said.certain and said.status != response.SWITCHING and hops:
        codes = [f"({finding.code})" for finding in hops[-1].findings if finding.severity >= Severity.ERROR]
        said = replace(said, reason=" ".join([said.reason, *codes]))
    refused = [finding for finding in findings if _keeps_from_deploying(played.machine, finding)]
    if refused:
        hops.insert(0, Hop("deploy", refused[0].span.head(), "`wrangler deploy` refuses this", (), refused))
    return Trace(
        shown,
        worker.name,
        worker.config.environment,
        worker.document.file.name,
        tuple(hops),
        said,
    )


def best_of(endings: Sequence[Ending]) -> Ending:
    """The ending whose way is shown: a 101 if there is one, else the one that rests on the least."""
    opened = [ending for ending in endings if ending.status == response.SWITCHING]
    answered = [ending for ending in endings if ending.status is not None]
    return min(opened or answered or endings, key=lambda ending: len(ending.when))


def on_way(machine: Machine, ending: Ending) -> list[Step]:
    """The steps that lie on the way to an ending: none of their conditions speaks against one of it."""
    taken = {id(step.choice): step.mask for step in ending.path.steps()}
    for condition in ending.when:
        key = id(condition.choice)
        taken[key] = condition.mask & taken.get(key, -1)
    found: list[Step] = []
    for event in machine.events:
        if isinstance(event, Step) and event.scene == "handshake":
            if all(step.mask & taken.get(id(step.choice), -1) for step in event.path.steps()):
                found.append(event)
    return found


def _hop(event: Step) -> Hop:
    hop = Hop(event.kind, event.place, event.text, event.owns, [], event.worker)  # type: ignore[arg-type]
    hop.shows = event.shows
    return hop


def _end_hops(machine: Machine, ending: Ending) -> list[Hop]:
    span = ending.span.head() if ending.span is not None else None
    owns = (ending.span,) if ending.span is not None else ()
    if ending.kind == "throw":
        return (
            [Hop("answer", span, f"throws {ending.text or 'an exception'}", owns)] if span is not None else []
        )
    if ending.kind != "answer":
        return [Hop("unknown", span, ending.text or ending.kind)] if span is not None else []
    text = "101 Switching Protocols" if ending.status == response.SWITCHING else str(ending.status)
    text += f", {ending.text}" if ending.text else ""
    found = [Hop("answer", span, text, owns)] if span is not None or ending.text else []
    if ending.status == response.SWITCHING:
        found += handlers.hops(machine, ending)
    return found


# What is predicted


def predicted(endings: Sequence[Ending]) -> Prediction:
    """What all endings come to."""
    shown = tuple(EndingText(ending.status, when(ending), reason(ending)) for ending in endings)
    first = best_of(endings)
    statuses = {ending.status for ending in endings}
    if len(statuses) == 1 and first.status is not None:
        return Prediction(first.status, reason(first), True, shown)
    likely = [ending for ending in endings if all(condition.choice.matters for condition in ending.when)
              or _is_harmless(ending)]  # fmt: skip
    doubts = [ending for ending in endings if ending not in likely]
    if len({ending.status for ending in likely}) == 1 and likely[0].status is not None:
        doubt = when(doubts[0])
        head = f"{reason(likely[0])}; " if reason(likely[0]) else ""
        return Prediction(
            likely[0].status, f"{head}not certain: {what(doubts[0])} where {doubt}", False, shown
        )
    if first.status is None and len(endings) == 1:
        return Prediction(None, reason(first), False, shown)
    others = [f"{what(ending)} where {when(ending)}" for ending in endings if ending is not first]
    return Prediction(None, f"{what(first)}, or {', or '.join(others)}", False, shown)


def _is_harmless(ending: Ending) -> bool:
    """Whether of each piece of code that is not read the side is taken that changes nothing."""
    return all(condition.choice.matters or condition.mask & 2 for condition in ending.when)


def what(ending: Ending) -> str:
    if ending.status is not None:
        return str(ending.status)
    return ending.text or {"hang": "no answer", "unknown": "not known"}.get(ending.kind, ending.kind)


MOST_SAID = 6
"""Conditions of an ending that are said."""


def when(ending: Ending) -> str:
    """The conditions that an ending rests on, in words; those of unread code that change nothing are left out."""
    said = [
        condition.words
        for condition in ending.when
        if (condition.choice.matters or not condition.mask & 2) and not condition.choice.is_of_ways
    ]
    said = [words for words in said if words] or [
        condition.words for condition in ending.when if condition.words
    ]
    said = list(dict.fromkeys(said))
    left = len(said) - MOST_SAID
    return " and ".join(said[:MOST_SAID]) + (f" and {left} more" if left > 0 else "")


def reason(ending: Ending) -> str:
    if ending.kind == "throw":
        return ending.text or "an exception"
    if ending.text:
        return ending.text
    if ending.kind == "hang":
        return "no answer"
    if ending.status != response.SWITCHING and ending.span is not None and ending.status is not None:
        return f"answered at {place_of(ending.span)}"
    return ""


# Findings


def _attach(machine: Machine, hops: list[Hop], findings: Sequence[Finding]) -> None:
    """Put the findings on the hops that they sit on."""
    environments = {worker.config.environment for worker in machine.workers}
    names = {worker.name for worker in machine.workers}
    for finding in findings:
        if finding.environments and not environments & set(finding.environments):
            continue
        if finding.worker is not None and finding.worker not in names and not finding.environments:
            continue
        hop = _spot(machine, hops, finding)
        if hop is not None:
            hop.findings.append(finding)


def _spot(machine: Machine, hops: list[Hop], finding: Finding) -> Hop | None:
    span = finding.span
    for hop in hops:
        places = (*hop.owns, *((hop.span,) if hop.span is not None else ()))
        if any(
            own.file is span.file and own.start <= span.start and span.end <= max(own.end, own.start + 1)
            for own in places
        ):
            return hop
    ran = [
        (ran.end - ran.start, ran.serial)
        for ran in machine.covering or ()
        if ran.file is span.file and ran.start <= span.start and span.end <= ran.end
    ]
    if ran:
        serial = min(ran)[1]
        steps = [event for event in machine.events if isinstance(event, Step)]
        before = [event for event in steps if event.serial <= serial]
        for event in reversed(before):
            for hop in hops:
                if hop.span == event.place and hop.text == event.text:
                    return hop
    for hop in reversed(hops):
        if any(
            own.file is span.file and own.start <= span.start and span.end <= own.end for own in hop.shows
        ):
            return hop
    return None


def _keeps_from_deploying(machine: Machine, finding: Finding) -> bool:
    """Whether an error of a configuration on the way keeps it from being deployed."""
    if finding.severity < Severity.ERROR or not finding.code.startswith(_BLOCKING):
        return False
    documents = {worker.document.file.path for worker in machine.workers}
    environments = {worker.config.environment for worker in machine.workers}
    return finding.span.file.path in documents and (
        not finding.environments or bool(environments & set(finding.environments))
    )
