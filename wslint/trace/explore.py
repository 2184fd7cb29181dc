"""Every way that one handshake may take, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence

from wslint.finding import Finding
from wslint.record import record
from wslint.source.clients import ClientUrl
from wslint.text import Span
from wslint.trace import answers, entrypoints, forwards, static_assets
from wslint.trace.machine import Choice, Machine, place
from wslint.trace.model import Hop, Prediction, Trace
from wslint.trace.values import UNDEFINED, GaveUp, Hdrs, Req, Resp, Thrown, Unknown, Url
from wslint.worker import Worker

MOST_WAYS = 256
"""Ways through unknown conditions; with more the answer counts as unknown."""

_HANDLERS = ("webSocketMessage", "webSocketClose", "webSocketError")
_PLAIN = {"webSocketMessage": "message", "webSocketClose": "close", "webSocketError": "error"}


@record
class Way:
    """One way and its end. `status` is None where it could not be followed to it."""

    machine: Machine
    status: int | None
    reason: str


def trace(
    worker: Worker, url: Url, shown: str, findings: Sequence[Finding], client: ClientUrl | None = None
) -> Trace:
    """Follow a handshake for `url` into a Worker. Pure: reads the workspace, runs nothing."""
    ways: list[Way] = []
    prefix: list[bool] = []
    complete = True
    while True:
        way = _follow(worker, url, prefix, client)
        _place(way, findings)
        ways.append(way)
        taken = [choice.taken for choice in way.machine.taken]
        while taken and not taken[-1]:
            taken.pop()
        if not taken:
            break
        if len(ways) >= MOST_WAYS:
            complete = False
            break
        prefix = [*taken[:-1], False]
    best = _best(ways)
    refusals = _refusals(best, findings)
    predicted = _merged(ways, best, complete)
    hops = list(best.machine.hops)
    if refusals:
        hops.insert(0, Hop("deploy", refusals[0].span.head(), "`wrangler deploy` refuses this", (), refusals))
    return Trace(
        shown, worker.name, worker.config.environment, worker.document.file.name, tuple(hops), predicted
    )


# One way


def _follow(worker: Worker, url: Url, prefix: list[bool], client: ClientUrl | None) -> Way:
    machine = Machine(prefix)
    if client is not None:
        machine.hop("client", client.place.head(), "the client opens the socket here", client.place)
    request = handshake(url)
    try:
        decision = static_assets.before(worker, url.path)
        if decision is not None:
            machine.note_worker(worker)
            hop = machine.hop("assets", decision.span, decision.text, worker=worker)
            assets = worker.config.value("assets")
            hop.shows = (assets.span,) if assets is not None else ()
            if decision.doubt:
                machine.doubt(decision.doubt)
            if decision.kind == "assets":
                return Way(machine, decision.status, decision.note or "the assets answer")
            if decision.kind == "unknown":
                return Way(machine, None, decision.text)
        response = entrypoints.enter(machine, worker, request, None, None)
        answer = forwards.received(machine, response, request, machine.hops[-1].span, None)
    except Thrown as thrown:
        text = thrown.text or "an exception"
        span = thrown.span
        if span is not None:
            machine.hop("answer", span.head(), f"throws {text}", span)
        return Way(machine, 500, text)
    except GaveUp as gave:
        if gave.span is not None:
            machine.hop("unknown", gave.span.head(), gave.why)
        return Way(machine, None, gave.why)
    except RecursionError:
        return Way(machine, None, "the code is nested too deeply")
    assert isinstance(answer.status, int)
    _answer_hops(machine, answer)
    reason = answer.note
    if not reason and answer.status != 101 and answer.span is not None:
        reason = f"answered at {place(answer.span)}"
    return Way(machine, answer.status, reason)


def handshake(url: Url) -> Req:
    """The request that a browser sends. Of other headers nothing is known."""
    headers = {
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "content-type": None,
        "content-length": None,
    }
    return Req(url, "GET", Hdrs(dict(headers), False, True))


def _answer_hops(machine: Machine, answer: Resp) -> None:
    text = str(answer.status) + (f", {answer.note}" if answer.note else "")
    if answer.status == 101:
        text = "101 Switching Protocols" + (f", {answer.note}" if answer.note else "")
    span = answer.span.head() if answer.span is not None else None
    if span is not None or answer.note:
        machine.hop("answer", span, text, *([answer.span] if answer.span else []))
    if answer.status == 101:
        _handlers_hop(machine)


def _handlers_hop(machine: Machine) -> None:
    """Who receives message, close and error."""
    if machine.receivers is None:
        return
    end, cls = machine.receivers
    from wslint.trace import classes

    if end.accepted == "hibernate" and cls is not None:
        parts: list[str] = []
        places: list[Span] = []
        for name in _HANDLERS:
            found = classes.find(machine, cls, name)
            assigned = None
            if found is None:
                assigned = classes.is_open(machine, cls)
            else:
                member, owner = found
                places.append(
                    Span(owner.scope.file, member.name_start, member.name_start + len(member.name.encode()))
                )
            state = f"line {places[-1].first.line}" if found else "not known" if assigned else "nobody"
            parts.append(f"{_PLAIN[name]}: {state}")
        hop = machine.hop("handlers", places[0] if places else None, ", ".join(parts))
        hop.shows = (Span(cls.scope.file, cls.node.start, cls.node.end),)
    elif end.accepted == "accept":
        known = dict(end.listens)
        parts = [
            f"{event}: {f'line {known[event].first.line}' if event in known else 'nobody'}"
            for event in ("message", "close", "error")
        ]
        first = next(iter(known.values()), None)
        machine.hop("handlers", first.head() if first else end.span, "listeners, " + ", ".join(parts))


# Findings


def _place(way: Way, findings: Sequence[Finding]) -> None:
    """Put the findings on the hops that they sit on, and let the first that decides change the end."""
    machine = way.machine
    environments = {worker.config.environment for worker in machine.workers}
    names = {worker.name for worker in machine.workers}
    deciding: list[tuple[int, Finding]] = []
    for finding in findings:
        if finding.environments and not environments & set(finding.environments):
            continue
        if finding.worker is not None and finding.worker not in names and not finding.environments:
            continue
        spot, concerns = _spot(machine, finding)
        if spot is None:
            continue
        machine.hops[spot].findings.append(finding)
        if concerns and answers.effect_of(finding) not in ("keeps", "refused"):
            deciding.append((spot, finding))
    # What fails outright comes before what leaves a 101 behind, wherever it stands.
    order = {None: 1, 101: 2}
    deciding.sort(key=lambda item: (order.get(answers.effect_of(item[1]), 0), item[0]))  # type: ignore[arg-type]
    for spot, finding in deciding:
        effect = answers.effect_of(finding)
        if effect is None:
            if way.status == 101:
                way.status, way.reason = None, f"{finding.code} is on the way: {finding.message}"
            continue
        assert isinstance(effect, int)
        if way.status is not None and way.status not in (101, effect):
            continue  # the code answers before the finding can matter, or catches it
        way.status, way.reason = effect, f"{finding.message} ({finding.code})"
        if effect != 101:
            del machine.hops[spot + 1 :]
        break


def _spot(machine: Machine, finding: Finding) -> tuple[int | None, bool]:
    """The hop that a finding sits on, and whether it lies on code that ran or on what the hop rests on."""
    span = finding.span
    for index, hop in enumerate(machine.hops):
        if any(_touches(own, span) for own in hop.owns):
            return index, True
    smallest: tuple[int, int] | None = None
    for covered in machine.covered:
        if covered.file is span.file and covered.start <= span.start and span.end <= covered.end:
            hidden = any(
                identity == id(span.file)
                and covered.start <= start
                and end <= covered.end
                and start <= span.start
                and span.end <= end
                for identity, start, end in machine.functions
            )
            size = covered.end - covered.start
            if not hidden and (smallest is None or size < smallest[0]):
                smallest = (size, covered.hop)
    if smallest is not None and machine.hops:
        return min(max(smallest[1] - 1, 0), len(machine.hops) - 1), True
    for index in range(len(machine.hops) - 1, -1, -1):
        if any(_touches(own, span) for own in machine.hops[index].shows):
            return index, False
    return None, False


def _touches(own: Span, span: Span) -> bool:
    return own.file is span.file and own.start <= span.start and span.end <= max(own.end, own.start + 1)


def _refusals(way: Way, findings: Sequence[Finding]) -> list[Finding]:
    """What keeps the Workers on the way from being deployed."""
    documents = {worker.document.file.path for worker in way.machine.workers}
    environments = {worker.config.environment for worker in way.machine.workers}
    sources = {
        file.path
        for worker in way.machine.workers
        if worker.source is not None
        for file in worker.source.files
    }
    return [
        finding
        for finding in findings
        if answers.effect_of(finding) == "refused"
        and finding.span.file.path in documents | sources
        and (not finding.environments or environments & set(finding.environments))
    ]


# All ways


def _best(ways: list[Way]) -> Way:
    """The way to show: the one to a 101 if there is one, else the longest."""
    opened = [way for way in ways if way.status == 101]
    answered = [way for way in ways if way.status is not None]
    chosen = opened or answered or ways
    return max(chosen, key=lambda way: len(way.machine.hops))


def _merged(ways: list[Way], best: Way, complete: bool) -> Prediction:
    """What all ways agree on."""
    statuses = {way.status for way in ways}
    doubts = list(dict.fromkeys(doubt for way in ways for doubt in way.machine.doubts))
    if not complete:
        return Prediction(
            None, f"there are more than {MOST_WAYS} ways through conditions that are not known", False
        )
    if len(statuses) == 1 and best.status is not None:
        reason = best.reason
        if doubts:
            reason = f"{reason}; " if reason else ""
            reason += f"not certain: {doubts[0]}"
        return Prediction(best.status, reason, not doubts)
    if best.status is None:
        return Prediction(None, best.reason, False)
    parts: list[str] = []
    seen: set[int | None] = {best.status}
    for way in ways:
        if way.status in seen:
            continue
        seen.add(way.status)
        choice = _parting(best.machine.taken, way.machine.taken)
        where = ""
        if choice is not None:
            site = f" ({place(choice.place)})" if choice.place is not None else ""
            where = f" where {choice.words}{site}"
        parts.append(f"{way.status if way.status is not None else way.reason}{where}")
    return Prediction(None, f"{best.status}, or {', or '.join(parts[:3])}", False)


def _parting(one: Sequence[Choice], other: Sequence[Choice]) -> Choice | None:
    """The first condition at which another way leaves this one, as the other takes it."""
    for mine, theirs in zip(one, other, strict=False):
        if mine.taken != theirs.taken:
            return theirs
    return None


__all__ = ["UNDEFINED", "Unknown", "handshake", "trace"]
