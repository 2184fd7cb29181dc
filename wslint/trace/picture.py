"""A trace as a picture: SVG, a page of its own around it, or mermaid. Nothing in it is loaded from elsewhere."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from wslint.report.visible import visible
from wslint.text import Span
from wslint.trace.lanes import LANES, Scene, Step, scenes
from wslint.trace.model import Trace

_LANE, _LEFT, _TOP = 92, 50, 62
_WORDS = _LEFT + _LANE * len(LANES) - 20
"""Where the words begin, right of the lanes."""
_WIDTH, _LINE, _CHARACTERS = 1120, 17, 76

_STYLE = """\
svg{color-scheme:light dark;--ink:#1b1f24;--soft:#59636e;--paper:#fff;--band:#eef1f4;--line:#c8d0d8;--bad:#b3261e;\
--good:#1a7f37;--odd:#8a5a00;--link:#0a58ca;font:13px/1.3 system-ui,sans-serif;background:var(--paper)}
@media (prefers-color-scheme:dark){svg{--ink:#e6edf3;--soft:#9aa5b1;--paper:#0f1419;--band:#1c232b;--line:#3a444f;\
--bad:#ff7b72;--good:#56d364;--odd:#e3b341;--link:#79b8ff}}
@media print{svg{--ink:#000;--soft:#444;--paper:#fff;--band:#f3f3f3;--line:#bbb;--bad:#a00;--good:#060;--odd:#750;\
--link:#000}}
text{fill:var(--ink)}.soft{fill:var(--soft)}.title{font-weight:600}.lane{font-weight:600;text-anchor:middle}
.band{fill:var(--band)}.life{stroke:var(--line)}.arrow{fill:none;stroke:var(--ink);stroke-width:1.6}
.dot{fill:var(--ink)}.bad .arrow{stroke:var(--bad)}.bad .dot,.bad .said{fill:var(--bad)}.bad .said{font-weight:600}
.good .arrow{stroke:var(--good)}.good .dot,.good .said{fill:var(--good)}.odd .arrow{stroke:var(--odd)}
.odd .dot,.odd .said{fill:var(--odd)}.unknown .arrow{stroke:var(--soft);stroke-dasharray:4 3}
.unknown .dot,.unknown .said{fill:var(--soft)}a text{fill:var(--link)}.cut{stroke:var(--odd);stroke-dasharray:6 4}"""


def svg(traces: Sequence[Trace]) -> str:
    """One drawing, one trace under the other."""
    body: list[str] = []
    height = _TOP
    for trace in traces:
        for scene in scenes(trace):
            rows, height = _scene(scene, height)
            body += rows
    lanes = list(_lanes(height))
    label = html.escape(visible(", ".join(trace.url for trace in traces)))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height + 10}" role="img" '
            f'aria-label="{label}">',
            f"<style>{_STYLE}</style>",
            *lanes,
            *body,
            "</svg>",
            "",
        ]
    )


def page(traces: Sequence[Trace]) -> str:
    """One self-contained file."""
    title = html.escape(visible(", ".join(trace.url for trace in traces)))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n"
        "<style>:root{color-scheme:light dark}body{margin:1rem}svg{width:100%;max-width:1120px}</style>\n"
        f"</head>\n<body>\n{svg(traces)}</body>\n</html>\n"
    )


def _x(lane: str) -> int:
    return _LEFT + _LANE * [*LANES].index(lane)  # type: ignore[arg-type]


def _lanes(height: int) -> Iterator[str]:
    for lane in LANES:
        x = _x(lane)
        yield f'<text class="lane" x="{x}" y="24">{lane}</text>'
        yield f'<line class="life" x1="{x}" y1="34" x2="{x}" y2="{height}"/>'


def _scene(scene: Scene, top: int) -> tuple[list[str], int]:
    rows = [f'<rect class="band" x="0" y="{top - 16}" width="{_WIDTH}" height="24" rx="4"/>']
    rows.append(f'<text class="title" x="{_WORDS}" y="{top}">{html.escape(visible(scene.title))}</text>')
    if scene.wakes:
        x = _x("object")
        rows.append(f'<line class="cut" x1="{x - 30}" y1="{top - 4}" x2="{x + 30}" y2="{top - 4}"/>')
    at = top + 26
    for step in scene.steps:
        drawn, at = _step(step, at)
        rows += drawn
    return rows, at + 14


def _step(step: Step, top: int) -> tuple[list[str], int]:
    rows = [f'<g class="{step.role}">', *_mark(step, top - 5)]
    at = top
    for line in textwrap.wrap(visible(step.text), _CHARACTERS) or [""]:
        rows.append(f'<text class="said" x="{_WORDS}" y="{at}">{html.escape(line)}</text>')
        at += _LINE
    for line in textwrap.wrap(visible(step.when), _CHARACTERS):
        rows.append(f'<text class="soft" x="{_WORDS + 12}" y="{at}">{html.escape(line)}</text>')
        at += _LINE
    if step.span is not None:
        rows.append(_link(step.span, at))
        at += _LINE
    return [*rows, "</g>"], at + 5


def _mark(step: Step, y: int) -> Iterator[str]:
    start, end = _x(step.at), _x(step.to)
    if start == end:
        yield f'<circle class="dot" cx="{start}" cy="{y}" r="4"/>'
        return
    tip = 7 if end > start else -7
    yield f'<path class="arrow" d="M{start} {y}H{end}m{-tip} -4l{tip} 4l{-tip} 4"/>'


def _link(span: Span, y: int) -> str:
    line = span.first.line
    place = html.escape(visible(f"{span.file.name}:{line}"))
    target = html.escape(f"{quote(span.file.name, safe='/')}#L{line}")
    return f'<a href="./{target}"><text x="{_WORDS + 12}" y="{y}">{place}</text></a>'


# Mermaid


def sequence(traces: Sequence[Trace]) -> str:
    """A sequence diagram."""
    lines = ["sequenceDiagram", *(f"  participant {lane}" for lane in LANES)]
    for trace in traces:
        for scene in scenes(trace):
            lines.append(f"  Note over client,storage: {_quoted(scene.title)}")
            lines += map(_message, scene.steps)
    return "\n".join(lines) + "\n"


def _message(step: Step) -> str:
    said = step.text + (f" ({step.when})" if step.when else "")
    said += f" · {step.span.file.name}:{step.span.first.line}" if step.span is not None else ""
    if step.at == step.to:
        return f"  Note over {step.at}: {_quoted(said)}"
    return f"  {step.at}{'-x' if step.role == 'bad' else '->>'}{step.to}: {_quoted(said)}"


def _quoted(said: str) -> str:
    """What means something in a diagram is written as an entity."""
    entities = {"#": "#35;", ";": "#59;", "<": "#lt;", ">": "#gt;", "%": "#37;", "&": "#amp;"}
    return "".join(entities.get(sign, sign) for sign in visible(said))
