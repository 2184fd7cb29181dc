"""How a client comes to a line: the handshake, the forward, the handler, the calls, and the conditions on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wslint.finding import Finding, Step
from wslint.machine import calls, rust
from wslint.machine.machine import Machine, snippet
from wslint.play import addresses, life
from wslint.play.addresses import Asked
from wslint.play.ending import Condition, Ending
from wslint.play.life import Life
from wslint.play.safely import played_safely
from wslint.play.urls import read_url
from wslint.record import record, replace
from wslint.runtime import response
from wslint.source import tree
from wslint.text import Span
from wslint.trace import explore
from wslint.trace.life import TITLES, conditions_since, handler_of
from wslint.trace.ways import all_of, merged
from wslint.values.event import Event, Raised
from wslint.values.event import Step as Hop
from wslint.values.heap import Path
from wslint.worker import Worker

MOST_ADDRESSES = 12
MOST_CONDITIONS = 4
"""Conditions that the last step names: the client's first."""

_FORWARDS = ("forward", "service")


@record
class _Play:
    """One play of a Worker: of an address, or of a class."""

    machine: Machine
    asked: Asked | None
    endings: list[Ending]
    life: Life | None = None


@record
class _Spot:
    """A place that was come to, and how."""

    span: Span
    scene: str
    chain: tuple[Span, ...]
    ways: list[list[Condition]]
    """The conditions since the scene began."""


def with_ways(workers: Sequence[Worker], findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each with the way to it where a play comes there."""
    plays: dict[int, list[_Play]] = {}
    found: list[Finding] = []
    for finding in findings:
        way: tuple[Step, ...] = ()
        for worker in workers:
            if _is_about(finding, worker) and not way:
                if id(worker) not in plays:
                    plays[id(worker)] = played_safely(worker, lambda one=worker: _plays(one), list)  # type: ignore[misc]
                way = _way(plays[id(worker)], finding)
        found.append(replace(finding, way=way))
    return found


def _is_about(finding: Finding, worker: Worker) -> bool:
    if finding.environments and worker.config.environment not in finding.environments:
        return False
    if worker.source is None or (finding.worker is not None and finding.worker != worker.name):
        return False
    sources = [worker.source, *([worker.behind.source] if worker.behind and worker.behind.source else [])]
    return any(file is finding.span.file for source in sources for file in source.files)


def _plays(worker: Worker) -> list[_Play]:
    found: list[_Play] = []
    asked = addresses.addresses(worker)
    for one in asked[:MOST_ADDRESSES]:
        url = read_url(one.text)
        for established in (False, True):
            played = explore.play(worker, url, established=established)
            found.append(_Play(played.machine, one, played.endings))
    for lived in life.lives(worker, addresses.asked_for(asked), covering=True):
        path = lived.path
        known = next((one for one in asked if path in (one.text, *one.others)), None)
        scene = lived.scene("handshake")
        by = Asked(path, None) if path is not None and known is None else known if path is not None else None
        found.append(_Play(lived.machine, by, scene.endings if scene is not None else [], lived))
    return found


def _way(plays: Sequence[_Play], finding: Finding) -> tuple[Step, ...]:
    for spots in (_by_event, _by_handler, _by_statement):
        for play in plays:
            spot = spots(play, finding.span)
            if spot is not None:
                return tuple(_steps(play, spot, finding))
    return ()


# Where a play comes to it


def _by_event(play: _Play, span: Span) -> _Spot | None:
    """What happened at the very place: what was thrown there first, then anything."""
    found: list[tuple[bool, int, Event]] = []
    for event in play.machine.events:
        place = event.place
        if place is None or isinstance(event, Hop) or event.scene == "load" or place.file is not span.file:
            continue
        if place.start == span.start and place.head().end == span.head().end:
            thrown = isinstance(event, Raised) and not event.caught
            found.append((not thrown, event.serial, event))
    if not found:
        return None
    first = min(found, key=lambda item: item[:2])[2]
    same = [
        event
        for _, _, event in found
        if type(event) is type(first) and (event.scene, event.chain) == (first.scene, first.chain)
    ]
    ways = [_conditions(play.machine, event.path, event.serial) for event in same]
    return _Spot(span, first.scene, first.chain, merged(ways))


def _by_handler(play: _Play, span: Span) -> _Spot | None:
    """The name of a handler that a scene calls."""
    lived = play.life
    if lived is None or lived.path is None:
        return None
    for name in lived.scenes:
        place = _handler_place(lived, name)
        if place is not None and place.file is span.file and place.start == span.start:
            return _Spot(span, name, (), [])
    return None


def _by_statement(play: _Play, span: Span) -> _Spot | None:
    """The innermost statement around the place that ran; one that has others in it begins on the same line."""
    best = None
    for ran in play.machine.covering or ():
        if ran.file is span.file and ran.start <= span.start and span.end <= ran.end:
            if best is None or ran.end - ran.start < best.end - best.start:
                best = ran
    if best is None:
        return None
    whole = Span(best.file, best.start, best.end)
    if whole.first.line != span.first.line and whole.last.line > span.last.line + 1:
        return None  # a part of a long statement: whether it ran is not known
    ways = merged(
        _conditions(play.machine, ran.path, ran.serial)
        for ran in play.machine.covering or ()
        if (ran.file, ran.start, ran.scene, ran.chain) == (best.file, best.start, best.scene, best.chain)
    )
    return _Spot(span, best.scene, best.chain, ways)


# The steps


def _steps(play: _Play, spot: _Spot, finding: Finding) -> Iterator[Step]:
    name = handler_of(spot.scene) if play.life is not None else None
    entered = list(_entered(play))
    if name is None:
        yield from _asked(play, spot, entered)
        yield from _calls(play, spot, entered)
    else:
        assert play.life is not None
        yield from _asked(play, spot, entered)
        for hop in entered:
            if hop.kind in _FORWARDS and hop.place is not None:
                yield Step(hop.place, hop.text)
        yield from _handled(play.life, spot)
        yield from _calls(play, spot, [], play.life.cls.place)
    where = _where(spot.ways)
    yield Step(finding.span, f"here, where {where}" if where else "here")


def _asked(play: _Play, spot: _Spot, entered: Sequence[Hop]) -> Iterator[Step]:
    """The client's line, where there is one, and the Worker's fetch."""
    asked = play.asked
    if asked is not None and asked.client is not None:
        yield Step(asked.client.place.head(), f"a client opens `{asked.text}`")
    entry = next((hop for hop in entered if hop.kind == "entrypoint" and hop.place is not None), None)
    what = "a request" if "request" in spot.scene else "a handshake"
    if entry is not None and entry.place is not None:
        address = f" for `{asked.text}`" if asked is not None else ""
        yield Step(entry.place, f"{what}{address} comes to {entry.text}")
    elif play.life is not None:
        yield Step(play.life.cls.place.head(), f"{what} comes to `{play.life.cls.name}`")


def _handled(lived: Life, spot: _Spot) -> Iterator[Step]:
    place = _handler_place(lived, spot.scene)
    if place is not None and place.start != spot.span.start:
        title = TITLES.get(spot.scene, TITLES.get(spot.scene.removesuffix(", again"), spot.scene))
        yield Step(place, f"{title}: `{place.text}` of `{lived.cls.name}`")


def _calls(play: _Play, spot: _Spot, entered: Sequence[Hop], besides: Span | None = None) -> Iterator[Step]:
    """The calls that are active, outermost first; those that forward say what becomes of the request."""
    if not any(_forwarded(span, entered) for span in spot.chain):
        yield from _left(play, spot, entered)
    forwards = {(hop.place.file.name, hop.place.start): hop for hop in entered if hop.place is not None}
    for span in spot.chain:
        hop = forwards.get((span.file.name, span.start))
        if hop is not None and hop.kind in _FORWARDS:
            yield Step(span.head(), hop.text)
        elif hop is None and span != besides and _is_call(span):
            yield Step(span.head(), f"calls `{snippet(span, 48)}`")


def _forwarded(span: Span, entered: Sequence[Hop]) -> bool:
    return any(
        hop.kind in _FORWARDS
        and hop.place is not None
        and (hop.place.file, hop.place.start) == (span.file, span.start)
        for hop in entered
    )


def _left(play: _Play, spot: _Spot, entered: Sequence[Hop]) -> Iterator[Step]:
    """The forward to an object that has answered already, where the place lies in its class: what the runtime makes of
    an answer happens after the call."""
    last: Hop | None = None
    for hop in entered:
        if hop.kind in _FORWARDS:
            last = hop
        if hop.kind == "class" and _lies_in(spot.span, hop, play.life):
            if last is not None and last.place is not None:
                yield Step(last.place.head(), last.text)
            return


def _lies_in(span: Span, hop: Hop, lived: Life | None) -> bool:
    """Whether a place lies in the class of a step; the methods of a Rust class stand outside of it."""
    if any(own.file is span.file and own.start <= span.start < own.end for own in hop.shows):
        return True
    if lived is None or lived.cls.scope.unit.file is not span.file or lived.cls.place != hop.place:
        return False
    return any(member.start <= span.start < member.end for member in lived.cls.node.members)


def _is_call(span: Span) -> bool:
    """A call that the code writes; the runtime's own have the place of what they call."""
    return span.text.rstrip().endswith((")", "}", "?", "`"))


def _entered(play: _Play) -> Iterator[Hop]:
    """The steps of the handshake on its way to the 101, else to where it ends."""
    if play.endings:
        opened = [ending for ending in play.endings if ending.status == response.SWITCHING]
        yield from explore.on_way(play.machine, explore.best_of(opened or play.endings))


def _handler_place(lived: Life, scene: str) -> Span | None:
    name = handler_of(scene)
    if name is None:
        return None
    own = rust.HANDLERS.get(name, name) if lived.cls.scope.unit.language.name == "rust" else name
    found = calls.find(lived.machine, lived.cls, own)
    if found is None:
        return None
    member, owner = found
    return _name_of(member, owner.scope.unit.file)


def _name_of(member: tree.ClassMember, file: object) -> Span:
    end = member.name_start + len(member.name.encode())
    return Span(file, member.name_start, end)  # type: ignore[arg-type]


def _conditions(machine: Machine, path: Path, serial: int) -> list[Condition]:
    """The conditions since the scene began."""
    root = None
    for began, held in machine.roots:
        if began > serial:
            break
        root = held
    return conditions_since(path, root)


def _where(ways: Sequence[Sequence[Condition]]) -> str:
    """The shortest way's conditions in words, and how many others there are."""
    if not ways:
        return ""
    named = [one for one in ways[0] if one.words and (one.choice.matters or not one.mask & 2)]
    chosen = sorted(named, key=lambda one: one.choice.owner != "client")[:MOST_CONDITIONS]
    said = [one.words for one in named if one in chosen]
    left, others = len(named) - len(said), len(ways) - 1
    text = all_of(said) + (f" and {left} more" if left else "")
    return text + (f", or in {others} other way{'s' if others > 1 else ''}" if text and others else "")
