"""The case that wslint was made for, drawn hop by hop."""

from __future__ import annotations

from pathlib import Path

from tests import test_founding_case as founding
from tests.pages import TODAY
from wslint.files import Files
from wslint.trace import predict
from wslint.trace.model import Trace


def trace(folder: Path, url: str = "/ws/ABCDE", **choices: str) -> Trace:
    founding._check(folder, **choices)
    workspace, findings = predict.open_folder([folder], Files(folder), TODAY)
    return predict.trace_worker(predict.front_worker(workspace), url, findings)


def test_the_way_ends_at_the_class_with_500(tmp_path: Path) -> None:
    drawn = trace(tmp_path)
    places = [(hop.kind, f"{hop.span.file.name}:{hop.span.first.line}") for hop in drawn.hops if hop.span]
    assert places == [
        ("assets", "wrangler.toml:11"),
        ("entrypoint", "worker.js:11"),
        ("route", "lobby/src/lib.rs:5"),
        ("guard", "lobby/src/lib.rs:8"),
        ("forward", "lobby/src/lib.rs:13"),
        ("binding", "wrangler.toml:14"),
        ("lifecycle", "wrangler.toml:19"),
        ("class", "match/src/lib.rs:6"),
        ("answer", "lobby/src/lib.rs:13"),
    ]
    assert [finding.code for finding in drawn.hops[-2].findings] == ["WS801"]
    assert (drawn.predicted.status, drawn.predicted.certain) == (500, True)
    assert "Cannot read properties of undefined" in drawn.predicted.reason


def test_the_wrapper_lets_it_through(tmp_path: Path) -> None:
    drawn = trace(tmp_path, entrypoint=founding.WRAPPER)
    assert drawn.predicted.status == 101
    assert [hop.kind for hop in drawn.hops][-3:] == ["accept", "answer", "handlers"]


def test_worker_build_lets_it_through(tmp_path: Path) -> None:
    drawn = trace(tmp_path, config=founding.BUILT_BY_WORKER_BUILD)
    assert (drawn.predicted.status, drawn.predicted.certain) == (101, True)


def test_the_placeholder_itself_passes_the_length_and_not_the_letters(tmp_path: Path) -> None:
    by_length = trace(
        tmp_path / "length", "/ws/:code", config=founding.BUILT_BY_WORKER_BUILD, check=founding.LENGTH
    )
    assert by_length.predicted.status == 101
    by_letters = trace(tmp_path / "letters", "/ws/:code", config=founding.BUILT_BY_WORKER_BUILD)
    assert by_letters.predicted.status == 404
    assert (
        trace(tmp_path / "long", "/ws/ABCDEF", config=founding.BUILT_BY_WORKER_BUILD).predicted.status == 404
    )
