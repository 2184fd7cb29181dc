"""Whatever a file holds and wherever a span points, every report is written and none is unsafe."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wslint.finding import Confidence, Edit, Finding, Fix, Label, Severity
from wslint.report import FORMATS, render
from wslint.report.model import Result, Unchecked
from wslint.report.visible import cells
from wslint.text import SourceFile, Span

ROOT = Path(__file__).parents[2]

# Plain bytes rarely make lines, tabs, wide characters or escapes; these pieces do.
PIECES = st.sampled_from(
    [b"\n", b"\r\n", b"\r", b"\t", b"  ", b"\x1b[31m", b"\x00", b"\xff", b"\xef\xbb\xbf", b"const a = b;"]
    + [text.encode() for text in ("聊天", "e\u0301", "👩\u200d🚀", "\u202e", "\u2028", "\x85", "x" * 300)]
)
DATA = st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join)
# Lone surrogates stand for the bytes of file names that are not UTF-8.
TEXT = st.text(max_size=20) | st.sampled_from(["a\nb", "\x1b]0;x\x07", "``%,:", "\udc80", "\u2029"])
ENVIRONMENTS = st.lists(st.none() | TEXT, max_size=3).map(tuple)


@st.composite
def spans(draw: st.DrawFn, files: list[SourceFile]) -> Span:
    file = draw(st.sampled_from(files))
    start = draw(st.integers(0, len(file.data) + 2))
    return Span(file, start, draw(st.integers(start, len(file.data) + 4)))


@st.composite
def results(draw: st.DrawFn) -> Result:
    names = draw(st.lists(TEXT.filter(bool), min_size=1, max_size=3, unique=True))
    files = [
        SourceFile(Path("/project") / str(number), name, draw(DATA)) for number, name in enumerate(names)
    ]
    findings = []
    for _ in range(draw(st.integers(0, 3))):
        confidence: Confidence = draw(st.sampled_from(["high", "medium"]))
        edits = st.builds(Edit, spans(files), TEXT)
        fixes = st.builds(
            Fix, TEXT, st.sampled_from(["safe", "unsafe", "display"]), st.lists(edits, max_size=2).map(tuple)
        )
        findings.append(
            Finding(
                draw(st.sampled_from(["WS001", "WS401", "WS601"])),
                "a-name",
                draw(st.sampled_from(list(Severity))),
                confidence,
                draw(TEXT),
                draw(spans(files)),
                labels=tuple(draw(st.lists(st.builds(Label, spans(files), TEXT), max_size=5))),
                help=draw(TEXT),
                fix=draw(st.none() | fixes),
                worker=draw(st.none() | TEXT),
                environments=draw(ENVIRONMENTS),
            )
        )
    unknown = st.builds(Unchecked, TEXT, st.integers(1, 9), st.integers(1, 9), TEXT, TEXT, ENVIRONMENTS)
    return Result(
        findings=tuple(findings),
        unknown=tuple(draw(st.lists(unknown, max_size=2))),
        suppressed=draw(st.integers(0, 2)),
        skipped=tuple(draw(st.lists(st.tuples(TEXT, TEXT), max_size=7))),
        hidden=draw(st.integers(0, 2)),
        fixed=draw(st.integers(0, 2)),
        show_unknown=draw(st.booleans()),
        statistics=draw(st.booleans()),
    )


@pytest.fixture(scope="module")
def validators() -> dict[str, Any]:
    report = json.loads((ROOT / "docs/schema/wslint-report.schema.json").read_text(encoding="utf-8"))
    sarif = json.loads((ROOT / "tests/data/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    return {"json": jsonschema.Draft202012Validator(report), "sarif": jsonschema.Draft7Validator(sarif)}


@given(result=results(), width=st.integers(1, 130), color=st.booleans())
def test_every_format_is_written(result: Result, width: int, color: bool) -> None:
    for output_format in FORMATS:
        report = render(result, output_format, color=color, width=width)
        assert report.endswith("\n") or (output_format in ("jsonl", "github") and not report)


@given(result=results(), width=st.integers(1, 130))
def test_nothing_reaches_the_terminal_raw(result: Result, width: int) -> None:
    for output_format in ("text", "concise", "github"):
        report = render(result, output_format, width=width).replace("\n", "")
        raw = {
            character for character in report if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        }
        assert not raw
        assert not set(report) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(result=results())
def test_colors_change_nothing_but_color(result: Result) -> None:
    from click import unstyle

    for output_format in ("text", "concise"):
        assert unstyle(render(result, output_format, color=True)) == render(result, output_format)


@given(data=DATA, width=st.integers(30, 130), draw=st.data())
def test_source_rows_keep_to_the_width_and_are_marked(data: bytes, width: int, draw: st.DataObject) -> None:
    file = SourceFile(Path("/project/a.ts"), "a.ts", data)
    span = draw.draw(spans([file]))
    finding = Finding("WS401", "a-name", Severity.ERROR, "high", "m", span)
    rows = render(Result(findings=(finding,)), "text", width=width).splitlines()
    frame = rows[3 : next(at for at, row in enumerate(rows) if row.lstrip().startswith("= rule")) - 1]
    assert max(map(cells, frame)) <= width + 1  # a caret may stand just past the end of a full line
    assert any(row.lstrip().startswith("|") and row.endswith("^") for row in frame)


@given(result=results())
def test_documents_are_valid(result: Result, validators: dict[str, Any]) -> None:
    for output_format, validator in validators.items():
        validator.validate(json.loads(render(result, output_format)))
    assert isinstance(json.loads(render(result, "gitlab")), list)
    for line in render(result, "jsonl").splitlines():
        assert json.loads(line)["name"] == "a-name"


@given(result=results())
def test_xml_is_well_formed(result: Result) -> None:
    root = ElementTree.fromstring(render(result, "junit"))
    assert len(root.findall("testsuite/testcase")) == max(len(result.findings), 1)
