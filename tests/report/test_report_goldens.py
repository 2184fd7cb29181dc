"""Whole reports, compared exactly. `WSLINT_UPDATE_GOLDEN=1 pytest tests/report` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wslint.record import replace
from wslint.report import FORMATS, render
from wslint.report.model import Result

GOLDEN = Path(__file__).with_name("golden")
SUFFIXES = {
    "json": "json",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "gitlab": "json",
    "junit": "xml",
    "markdown": "md",
}


def compare(name: str, report: str) -> None:
    path = GOLDEN / name
    # Bytes, not text: reading as text would hide a stray carriage return.
    if os.environ.get("WSLINT_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(report.encode())
    assert report == path.read_bytes().decode(), f"{name} differs; WSLINT_UPDATE_GOLDEN=1 accepts the change"


def golden_name(stem: str, output_format: str) -> str:
    return f"{stem}.{output_format}.{SUFFIXES.get(output_format, 'txt')}"


@pytest.mark.parametrize("output_format", FORMATS)
def test_findings(output_format: str, result: Result) -> None:
    compare(golden_name("findings", output_format), render(result, output_format))


@pytest.mark.parametrize("output_format", FORMATS)
def test_clean(output_format: str, clean: Result) -> None:
    compare(golden_name("clean", output_format), render(clean, output_format))


@pytest.mark.parametrize("output_format", ["text", "concise", "sarif"])
def test_show_unknown(output_format: str, result: Result) -> None:
    shown = replace(result, findings=result.findings[-1:], show_unknown=True)
    compare(golden_name("unknown", output_format), render(shown, output_format))


@pytest.mark.parametrize("output_format", ["text", "concise"])
def test_statistics(output_format: str, result: Result) -> None:
    compare(golden_name("statistics", output_format), render(replace(result, statistics=True), output_format))


@pytest.mark.parametrize("output_format", ["text", "concise"])
def test_colors(output_format: str, result: Result) -> None:
    colored = render(result, output_format, color=True)
    compare(golden_name("color", output_format), colored)


def test_narrow(result: Result) -> None:
    compare("narrow.text.txt", render(result, "text", width=50))


@pytest.mark.parametrize("output_format", ["concise", "json"])
def test_code_that_was_not_read(output_format: str, unread: Result) -> None:
    report = render(unread, output_format)
    assert "No problems" not in report
    compare(golden_name("unread", output_format), report)


def test_one_worker_whose_code_was_not_read(unread: Result) -> None:
    alone = render(replace(unread, workers=unread.workers[1:3]), "concise")
    compare("unread-alone.concise.txt", alone)


@pytest.mark.parametrize("output_format", ["concise", "json"])
def test_code_that_was_read_in_part(output_format: str, partly: Result) -> None:
    report = render(partly, output_format)
    assert "No problems" not in report
    compare(golden_name("partly", output_format), report)
