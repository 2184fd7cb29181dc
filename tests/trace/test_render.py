"""A trace as a tree, as JSON and as mermaid."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from tests.trace.projects import traced, worker
from wslint.report.paint import painter
from wslint.trace import render
from wslint.trace.model import Kind, Trace

ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((ROOT / "docs/schema/wslint-trace.schema.json").read_text(encoding="utf-8"))
LONG = (
    "if (request.headers.get('Upgrade')?.toLowerCase() !== 'websocket' || !request.url.includes('/ws/')) "
    "return new Response('no', { status: 426 });\n"
    "const r = await env.MATCH.getByName('a').fetch(request);\nreturn new Response(r.body, { status: r.status });"
)


@pytest.fixture
def trace(tmp_path: Path) -> Trace:
    return traced(tmp_path, worker(LONG))


def test_the_tree_fits_80_columns_and_has_every_hop(trace: Trace) -> None:
    lines = render.text([trace]).splitlines()
    assert max(len(line) for line in lines) <= 80
    for hop in trace.hops:
        assert any(line.startswith(f"├─ {hop.kind}") for line in lines)
        assert hop.span is None or any(
            line.endswith(f"{hop.span.file.name}:{hop.span.first.line}") for line in lines
        )
    assert any("error[WS401] rewrapped-upgrade-response" in line for line in lines)
    assert lines[-1].startswith(("└─ 500", "   "))


def test_colour_adds_nothing_but_colour(trace: Trace) -> None:
    coloured = render.text([trace], color=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render.text([trace])
    assert painter(False)("error", "x") == "x"


def test_the_json_fits_its_schema(trace: Trace) -> None:
    one = json.loads(render.as_json([trace], several=False))
    several = json.loads(render.as_json([trace, trace], several=True))
    for document in (one, several):
        jsonschema.validate(document, SCHEMA)
    ending = {"status": 500, "when": "", "reason": trace.predicted.endings[0].reason}
    assert one["predicted"] == {
        "status": 500, "reason": trace.predicted.reason, "certain": True, "endings": [ending]
    }  # fmt: skip
    assert one == several[0]
    assert set(SCHEMA["$defs"]["hop"]["properties"]["kind"]["enum"]) == set(get_args(Kind))


def test_mermaid_chains_the_hops(trace: Trace) -> None:
    lines = render.mermaid([trace]).splitlines()
    assert lines[0] == "flowchart TD"
    assert sum("-->" in line for line in lines) == len(trace.hops)
    for line in lines[1:]:
        label = re.fullmatch(
            r'  \w+(?:\["[^"`<>]*(?:<br/>[^"`<>]*)*"\]|\(\["[^"`]*"\]\))|  \w+ --> \w+', line
        )
        assert label, line


def test_hostile_names_can_not_steer_the_terminal_or_the_chart(tmp_path: Path) -> None:
    url = '/ws/\x1b[31m"]; <script>'
    trace = traced(tmp_path, worker("return new Response('x');"), url)
    assert "\x1b[31m" not in render.text([trace])
    assert "<script>" not in render.mermaid([trace, trace])
    assert "\x1b" not in render.as_json([trace], several=False)
