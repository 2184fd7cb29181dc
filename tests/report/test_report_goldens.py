"""Whole reports, compared exactly. `WSLINT_UPDATE_GOLDEN=1 pytest tests/report` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wslint.record import replace
from wslint.report import FORMATS, render
from wslint.report.model import Result

GOLDEN = Path(__file__).with_name("golden")
SUFFIXES = {"json": "json", "jsonl": "jsonl", "sarif": "sarif", "gitlab": "json", "junit": "xml"}


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
