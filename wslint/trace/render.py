"""A trace for people (a tree within 80 columns), for programs (JSON) and for pages (mermaid)."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any

from wslint.report.paint import SEVERITY_ROLE, Paint, Role, painter
from wslint.report.visible import visible
from wslint.trace import render_life
from wslint.trace.model import Hop, Prediction, Trace

WIDTH = 80
_LABEL = 12


def text(traces: Sequence[Trace], *, color: bool = False) -> str:
    """One tree a trace."""
    paint = painter(color)
    return "\n".join("\n".join(_tree(trace, paint)) + "\n" for trace in traces)


def _tree(trace: Trace, paint: Paint) -> list[str]:
    where = f"{trace.config}, env {trace.environment}" if trace.environment else trace.config
    title = f"{visible(trace.url)} -> {visible(trace.worker or 'a Worker without a name')}"
    lines = [paint("strong", _cut(title, WIDTH)), paint("quiet", _cut(f"   {visible(where)}", WIDTH))]
    for hop in trace.hops:
        lines += _hop_lines(hop, trace, paint)
    lines += ["│", *_end_lines(trace.predicted, paint)]
    if trace.life is not None:
        lines += render_life.text(trace.life, paint)
    return lines


def _hop_lines(hop: Hop, trace: Trace, paint: Paint) -> list[str]:
    said = visible(hop.text)
    if hop.worker is not None and hop.worker != trace.worker and hop.kind in ("entrypoint", "class"):
        said += f" of `{visible(hop.worker)}`"
    wrapped = _wrapped(said, WIDTH - 3 - _LABEL)
    lines = [f"├─ {paint('strong', f'{hop.kind:<{_LABEL - 1}}')} {wrapped[0]}"]
    lines += [f"│  {'':<{_LABEL}}{more}" for more in wrapped[1:]]
    if hop.span is not None:
        site = _cut_left(f"{hop.span.file.name}:{hop.span.first.line}", WIDTH - 3 - _LABEL)
        lines.append(f"│  {'':<{_LABEL}}{paint('quiet', visible(site))}")
    for finding in hop.findings:
        role: Role = SEVERITY_ROLE[finding.severity]
        same = hop.span is not None and finding.span.file is hop.span.file
        where = "line " if same else f"{finding.span.file.name}:"
        line = f"{finding.severity.label}[{finding.code}] {finding.name}, {visible(where)}{finding.span.first.line}"
        lines.append(f"│  {'':<{_LABEL}}{paint(role, _cut(line, WIDTH - 3 - _LABEL))}")
    return lines


def _end_lines(predicted: Prediction, paint: Paint) -> list[str]:
    label = predicted.label
    role: Role = "good" if predicted.status == 101 else "warning" if label == "unknown" else "error"
    if predicted.status is not None and not predicted.certain:
        label += "?"
    wrapped = _wrapped(
        visible(predicted.reason or ("the socket is open" if predicted.status == 101 else "…")),
        WIDTH - 5 - len(label),
    )
    lines = [f"└─ {paint(role, label)}  {wrapped[0]}"]
    return lines + [f"   {'':<{len(label)}}  {more}" for more in wrapped[1:]]


def _wrapped(said: str, width: int) -> list[str]:
    return textwrap.wrap(said, max(width, 20), break_on_hyphens=False) or [""]


def _cut(said: str, width: int) -> str:
    return said if len(said) <= width else said[: width - 1] + "…"


def _cut_left(said: str, width: int) -> str:
    return said if len(said) <= width else "…" + said[-(width - 1) :]


# Programs


def as_object(trace: Trace) -> dict[str, Any]:
    """The contract of `wslint trace --output-format json` (docs/schema/wslint-trace.schema.json)."""
    found: dict[str, Any] = {
        "version": 1,
        "url": trace.url,
        "worker": trace.worker,
        "environment": trace.environment,
        "hops": [
            {
                "kind": hop.kind,
                "path": hop.span.file.name if hop.span is not None else None,
                "line": hop.span.first.line if hop.span is not None else None,
                "text": hop.text,
                "findings": list(dict.fromkeys(finding.code for finding in hop.findings)),
            }
            for hop in trace.hops
        ],
        "predicted": {
            "status": trace.predicted.status,
            "reason": trace.predicted.reason,
            "certain": trace.predicted.certain,
            "endings": [
                {"status": one.status, "when": one.when, "reason": one.reason}
                for one in trace.predicted.endings
            ],
        },
    }
    if trace.life is not None:
        found["life"] = render_life.as_object(trace.life)
    return found


def as_json(traces: Sequence[Trace], *, several: bool) -> str:
    """One object, or a list of them where several were asked for. ASCII, so that no pipe can spoil it."""
    objects = [as_object(trace) for trace in traces]
    return json.dumps(objects if several else objects[0], indent=2) + "\n"


# Pages


def mermaid(traces: Sequence[Trace]) -> str:
    """A flowchart; several traces are several subgraphs."""
    lines = ["flowchart TD"]
    for number, trace in enumerate(traces):
        prefix = f"t{number}h"
        if len(traces) > 1:
            lines.append(f'  subgraph t{number}["{_quoted(trace.url)}"]')
        for index, hop in enumerate(trace.hops):
            site = f"<br/>{_quoted(f'{hop.span.file.name}:{hop.span.first.line}')}" if hop.span else ""
            codes = ", ".join(dict.fromkeys(finding.code for finding in hop.findings))
            found = f"<br/>{codes}" if codes else ""
            lines.append(f'  {prefix}{index}["{hop.kind}: {_quoted(hop.text)}{site}{found}"]')
            if index:
                lines.append(f"  {prefix}{index - 1} --> {prefix}{index}")
        reason = f"<br/>{_quoted(trace.predicted.reason)}" if trace.predicted.reason else ""
        lines.append(f'  {prefix}end(["{_quoted(trace.predicted.label)}{reason}"])')
        if trace.hops:
            lines.append(f"  {prefix}{len(trace.hops) - 1} --> {prefix}end")
        if len(traces) > 1:
            lines.append("  end")
    return "\n".join(lines) + "\n"


def _quoted(said: str) -> str:
    """Text inside a mermaid label: what means something there is written as an entity."""
    entities = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "'", "&": "#amp;", ";": "#59;"}
    return "".join(entities.get(sign, sign) for sign in visible(said))
