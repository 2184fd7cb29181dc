"""A trace as steps between lanes: what a picture of it shows, whatever it is drawn with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from wslint.finding import Severity
from wslint.play.life import SILENT
from wslint.record import frozen
from wslint.report.visible import one_line
from wslint.text import Span
from wslint.trace.life import TITLES
from wslint.trace.model import Change, Effect, Hop, LifeText, SceneEnding, SceneText, Trace
from wslint.trace.render_life import condition_text, done_text, ended_text

Lane = Literal["client", "assets", "Worker", "object", "storage"]
LANES: tuple[Lane, ...] = ("client", "assets", "Worker", "object", "storage")

Role = Literal["plain", "good", "bad", "odd", "unknown"]
"""`bad` is what fails, `odd` what an eviction changes."""


@frozen
class Step:
    """From one lane to another, or in one (`to` is the same). `when` are conditions in words."""

    at: Lane
    to: Lane
    text: str
    span: Span | None = None
    when: str = ""
    role: Role = "plain"


@frozen
class Scene:
    """What belongs together, under a title. `wakes` where an eviction comes before it."""

    title: str
    steps: tuple[Step, ...]
    wakes: bool = False


def scenes(trace: Trace) -> Iterator[Scene]:
    """The handshake's way, then each scene of the life."""
    where = trace.worker or "a Worker without a name"
    yield Scene(f"{trace.url} to {where}", tuple(_way(trace)))
    if trace.life is not None:
        yield from _life(trace.life)


# The way


_LANE_OF: dict[str, Lane] = {
    "client": "client",
    "assets": "assets",
    "class": "object",
    "constructor": "object",
    "accept": "object",
    "handlers": "object",
}


def _way(trace: Trace) -> Iterator[Step]:
    lane: Lane = "client"
    for hop in trace.hops:
        before, lane = lane, _LANE_OF.get(hop.kind, "object" if lane == "object" else "Worker")
        role = _role(hop)
        codes = ", ".join(dict.fromkeys(finding.code for finding in hop.findings))
        said = f"{hop.kind}: {one_line(hop.text)}" + (f" ({codes})" if codes else "")
        if hop.kind == "answer":
            yield Step(before, before, said, hop.span, role=role)
            lane = before
        elif hop.kind == "deploy" or (hop.kind == "client" and before == "client"):
            yield Step("client", "client", said, hop.span, role=role)
            lane = "client"
        else:
            yield Step(before, lane, said, hop.span, role=role)
    end = trace.predicted
    said = f"{end.label}{'' if end.certain or end.status is None else '?'}  {one_line(end.reason)}".strip()
    role = "good" if end.status == 101 else "unknown" if end.status is None else "bad"
    yield Step(lane, "client", said, role=role)
    if len(end.endings) > 1:
        for one in end.endings:
            text = f"{one.status if one.status is not None else 'not known'} {one_line(one.reason)}".strip()
            yield Step("client", "client", text, when=one_line(one.when), role="plain" if one.status == 101 else "unknown" if one.status is None else "bad")  # fmt: skip


def _role(hop: Hop) -> Role:
    if hop.kind == "unknown":
        return "unknown"
    return "bad" if any(finding.severity is not Severity.INFO for finding in hop.findings) else "plain"


# The life


def _life(life: LifeText) -> Iterator[Scene]:
    for scene in life.scenes:
        steps = [*_begins(scene), *map(_ending, scene.endings), *map(_effect, scene.effects)]
        if scene.changes is not None:
            steps += (
                [Step("object", "object", "the same as without the eviction")] if not scene.changes else []
            )
            steps += map(_change, scene.changes)
        for name, span in scene.reads:
            steps.append(
                Step("object", "object", f"reads `{name}`, which holds something else now", span, role="odd")
            )
        yield Scene(TITLES.get(scene.name, scene.name), tuple(steps), " wake" in scene.name)
    notes = []
    if life.forgotten:
        names = ", ".join(f"`{one_line(name)}`" for name in life.forgotten)
        notes.append(Step("object", "object", f"forgotten after an eviction: {names}", life.span, role="odd"))
    elif life.forgotten is not None:
        notes.append(Step("object", "object", "no field is lost in an eviction", life.span))
    if life.why:
        notes.append(Step("object", "object", one_line(life.why), life.span, role="unknown"))
    if notes:
        yield Scene("what is left", tuple(notes))


def _begins(scene: SceneText) -> Iterator[Step]:
    name = scene.name
    if name == "alarm":
        yield Step("storage", "object", "the alarm")
    elif name == SILENT or name.startswith("close"):
        yield Step("client", "object", "close")
    elif "handshake" in name or name in ("second client", "another object"):
        yield Step("client", "object", "GET, Upgrade: websocket")
    elif "request" in name:
        yield Step("client", "object", "GET")
    else:
        yield Step("client", "object", "a message")


def _ending(ending: SceneEnding) -> Step:
    said, when = one_line(ended_text(ending)), condition_text(ending.ways)
    if ending.kind == "answer":
        role: Role = "bad" if (ending.status or 0) >= 500 else "plain"
        return Step("object", "client", said, ending.span, when, role)
    roles: dict[str, Role] = {"throw": "bad", "hang": "bad", "unknown": "unknown"}
    return Step("object", "object", said, ending.span, when, roles.get(ending.kind, "plain"))


def _effect(effect: Effect) -> Step:
    said, when = one_line(done_text(effect)), condition_text(effect.ways)
    to: dict[str, Lane] = {"send": "client", "close": "client", "reject": "client", "store": "storage"}
    role: Role = "unknown" if effect.kind == "unread" else "plain"
    return Step("object", to.get(effect.kind, "object"), said, effect.span, when, role)


def _change(change: Change) -> Step:
    found = _effect(change.effect) if isinstance(change.effect, Effect) else _ending(change.effect)
    text = f"{'no more' if change.lost else 'new'}: {found.text}"
    role: Role = "bad" if found.role == "bad" and not change.lost else "odd"
    return Step(found.at, found.at if change.lost else found.to, text, found.span, found.when, role)
