"""The life of a socket for people (scenes, indented) and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from wslint.report.paint import Paint, Role
from wslint.report.visible import visible
from wslint.text import Span
from wslint.trace.life import TITLES, UNNAMED
from wslint.trace.model import Change, Effect, LifeText, SceneEnding, SceneText, Way
from wslint.trace.ways import all_of

WIDTH = 80
MOST_WAYS, MOST_CONDITIONS, MOST_EFFECTS = 2, 3, 16
"""Ways to one thing, conditions of one way and effects of one scene that the text names; JSON has them all."""

_VERBS = {
    "send": "gets",
    "close": "is closed with",
    "attach": "attached to",
    "store": "storage",
    "field": "field",
    "timer": "timer",
    "accept": "accepted",
    "fetch": "fetches",
    "reject": "rejects",
    "unread": "not known",
}
_ROLES: dict[str, Role] = {"throw": "error", "hang": "error", "unknown": "warning"}


def text(life: LifeText, paint: Paint) -> Iterator[str]:
    """The lines under a trace."""
    yield ""
    if life.class_name is not None:
        yield paint("strong", f"the life of a socket of {visible(life.class_name)}") + _site(life.span, paint)
    for scene in life.scenes:
        yield from _scene(scene, paint)
    if life.forgotten is not None:
        names = ", ".join(f"`{visible(name)}`" for name in life.forgotten)
        said = f"forgotten after an eviction: {names}" if names else "no field is lost in an eviction"
        yield from _wrapped(said, "", "   ")
    if life.why:
        yield from _wrapped(life.why, "", "   ")


def _scene(scene: SceneText, paint: Paint) -> Iterator[str]:
    yield f"├─ {paint('strong', TITLES.get(scene.name, scene.name))}"
    for ending in scene.endings:
        yield from _part(ended_text(ending), ending.ways, ending.span, paint, _ROLES.get(ending.kind))
    for effect in scene.effects[:MOST_EFFECTS]:
        yield from _part(done_text(effect), effect.ways, effect.span, paint, None)
    if len(scene.effects) > MOST_EFFECTS:
        yield f"│  … and {len(scene.effects) - MOST_EFFECTS} more (--output-format json has all)"
    if scene.changes is None and " wake" in scene.name:
        yield from _wrapped("whether the eviction changes anything is not known", "│  = ", "│    ")
    elif scene.changes is not None:
        yield from _changed(scene, scene.changes, paint)


def _changed(scene: SceneText, changes: Sequence[Change], paint: Paint) -> Iterator[str]:
    if not changes:
        yield from _wrapped("the same as without the eviction", "│  = ", "│    ")
        return
    for change in changes:
        effect = change.effect
        said = done_text(effect) if isinstance(effect, Effect) else ended_text(effect)
        head = "no more: " if change.lost else "new: "
        yield from _part(f"{head}{said}", effect.ways, effect.span, paint, "warning", "≠")
    for name, span in scene.reads:
        yield from _part(
            f"reads `{name}`, which holds something else now", ((),), span, paint, "warning", "≠"
        )


def ended_text(ending: SceneEnding) -> str:
    """What a scene comes to, in words."""
    if ending.kind == "answer":
        said = f"answers {ending.status}"
        return f"{said}, {ending.text}" if ending.text else said
    if ending.kind == "throw":
        status = f"{ending.status}: " if ending.status is not None else ""
        return f"{status}{'throws' if ending.sure else 'may throw'} {ending.text}"
    if ending.kind == "hang":
        return f"never ends: {ending.text}" if ending.text else "never ends"
    if ending.kind == "unknown":
        return f"not known: {ending.text}"
    return f"ends: {ending.text}" if ending.text else "ends"


def done_text(effect: Effect) -> str:
    """What a scene does, in words."""
    verb = _VERBS[effect.kind]
    if effect.kind in ("send", "close"):
        return f"{effect.to} {verb} {effect.text}" if effect.text else f"{effect.to} is closed without a code"
    if effect.kind == "attach":
        return f"{verb} {effect.to}: {effect.text}"
    return f"{verb}: {effect.text}"


def _part(
    said: str, ways: Sequence[Way], span: Span | None, paint: Paint, role: Role | None, sign: str = "·"
) -> Iterator[str]:
    first, *others = _wrapped(visible(said), f"│  {sign} ", "│    ")
    yield paint(role, first) if role is not None else first
    yield from others
    if not (len(ways) == 1 and not ways[0]):
        for number, way in enumerate(ways[:MOST_WAYS]):
            yield from _wrapped(f"{'or ' if number else ''}where {_where_text(way)}", "│      ", "│        ")
        if len(ways) > MOST_WAYS:
            left = len(ways) - MOST_WAYS
            yield f"│      or in {left} other way{'s' if left > 1 else ''}"
    if span is not None:
        yield f"│      {paint('quiet', visible(_cut(_place(span))))}"


def condition_text(ways: Sequence[Way]) -> str:
    """The conditions of all ways on one line; empty where there are none."""
    if len(ways) == 1 and not ways[0]:
        return ""
    said = " or ".join(f"where {_where_text(way)}" for way in ways[:MOST_WAYS])
    left = len(ways) - MOST_WAYS
    return said + (f", or in {left} other way{'s' if left > 1 else ''}" if left > 0 else "")


def _where_text(way: Way) -> str:
    """The conditions of a way; of many those that have words, the client's first."""
    chosen = sorted(way, key=lambda one: (one.text.startswith(UNNAMED), one.who != "client"))[
        :MOST_CONDITIONS
    ]
    said = [visible(one.text) for one in way if one in chosen]
    left = len(way) - len(chosen)
    return all_of(said) + (f" and {left} more condition{'s' if left > 1 else ''}" if left else "")


def _wrapped(said: str, first: str, more: str) -> list[str]:
    return textwrap.wrap(
        said, WIDTH, initial_indent=first, subsequent_indent=more, break_on_hyphens=False
    ) or [first]  # fmt: skip


def _place(span: Span) -> str:
    at = span.first
    return f"{span.file.name}:{at.line}:{at.column}"


def _site(span: Span | None, paint: Paint) -> str:
    return f" {paint('quiet', visible(_place(span)))}" if span is not None else ""


def _cut(said: str) -> str:
    return said if len(said) <= WIDTH - 7 else "…" + said[-(WIDTH - 8) :]


# Programs


def as_object(life: LifeText) -> dict[str, Any]:
    """`life` in the contract of `wslint trace --output-format json`."""
    return {
        "class": life.class_name,
        **_where(life.span),
        "scenes": [_scene_object(scene) for scene in life.scenes],
        "forgotten": list(life.forgotten) if life.forgotten is not None else None,
        "why": life.why,
    }


def _scene_object(scene: SceneText) -> dict[str, Any]:
    return {
        "name": scene.name,
        "title": TITLES.get(scene.name, scene.name),
        "endings": [_ending_object(ending) for ending in scene.endings],
        "effects": [_effect_object(effect) for effect in scene.effects],
        "changes": None
        if scene.changes is None
        else [
            {
                "lost": change.lost,
                "effect": _effect_object(change.effect) if isinstance(change.effect, Effect) else None,
                "ending": _ending_object(change.effect) if isinstance(change.effect, SceneEnding) else None,
            }
            for change in scene.changes
        ],
        "reads": [{"field": name, **_where(span)} for name, span in scene.reads],
    }


def _ending_object(ending: SceneEnding) -> dict[str, Any]:
    return {
        "kind": ending.kind,
        "status": ending.status,
        "text": ending.text,
        "sure": ending.sure,
        **_where(ending.span),
        "ways": _ways(ending.ways),
    }


def _effect_object(effect: Effect) -> dict[str, Any]:
    return {
        "kind": effect.kind,
        "text": effect.text,
        "to": effect.to or None,
        **_where(effect.span),
        "ways": _ways(effect.ways),
    }


def _ways(ways: Sequence[Way]) -> list[list[dict[str, str]]]:
    return [[{"who": one.who, "text": one.text} for one in way] for way in ways]


def _where(span: Span | None) -> dict[str, Any]:
    if span is None:
        return {"path": None, "line": None, "column": None}
    return {"path": span.file.name, "line": span.first.line, "column": span.first.column}
