"""`wslint trace` over tables of addresses: static assets under `wrangler dev`, and the scaffolds on workerd.

No prediction is wrong; what is unknown and what is one of several named answers is counted apart.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.pages import TODAY, write
from tests.runtime import predictions, tables
from tests.runtime.tools import require_tools
from wslint.files import Files
from wslint.trace import predict

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_assets() -> None:
    require_tools()
    rows = tables.assets()
    assert len(rows) == len(tables.ASSETS) * len(tables.PATHS)
    assert [row for row in rows if row.verdict == "wrong"] == []
    assert Counter(row.verdict for row in rows)["right"] >= 87


@pytest.mark.parametrize("language", tables.LANGUAGES)
def test_a_scaffold(language: str) -> None:
    require_tools()
    rows = tables.scaffold_rows(language)
    assert [row for row in rows if row.verdict == "wrong"] == []
    assert rows[-1].seen == 101
    counted = Counter(row.verdict for row in rows)
    assert counted["right"] >= 5 and counted["unknown"] <= 1, counted


def test_the_example_project_is_not_deployed() -> None:
    workspace, findings = predict.open_folder([EXAMPLES / "lobby"], Files(EXAMPLES / "lobby"), TODAY)
    trace = predict.trace_worker(predict.front_worker(workspace), "/ws/ABCDE", findings)
    refused = [hop for hop in trace.hops if hop.kind == "deploy"]
    assert refused and {"WS102", "WS303"} <= {finding.code for hop in refused for finding in hop.findings}


def test_a_wrong_prediction_is_noticed(tmp_path: Path) -> None:
    write(tables.ASSETS["defaults"].project(), tmp_path)
    assert tables.judge("", tmp_path, "/api", 403).verdict == "right"
    assert tables.judge("", tmp_path, "/api", 101).verdict == "wrong"
    assert tables.judge("", tmp_path, "/api", None).verdict == "wrong"


def test_other_kinds_keep_their_figures() -> None:
    recorded = '{"pages": {"right": 7}, "assets": {"right": 1}}'
    assert predictions.merged(recorded, {"assets": {"right": 2}}) == (
        '{\n  "pages": {\n    "right": 7\n  },\n  "assets": {\n    "right": 2\n  }\n}\n'
    )
