"""The formats that programs read: valid by their schemas, stable where they promise to be."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from bench.tokens import reports
from wslint.finding import Finding, Severity
from wslint.record import replace
from wslint.report import FORMATS, render
from wslint.report.model import Result, fingerprints, summary
from wslint.text import SourceFile, Span

ROOT = Path(__file__).parents[2]

# From https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
GITLAB_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./)(?!/)"},
                    "lines": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["begin"],
                        "properties": {
                            "begin": {"type": "integer", "minimum": 1},
                            "end": {"type": "integer", "minimum": 1},
                        },
                    },
                },
            },
        },
    },
}


def schema(path: str) -> Any:
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def report_schema() -> Any:
    return schema("docs/schema/wslint-report.schema.json")


@pytest.fixture(scope="module")
def sarif_schema() -> Any:
    return schema("tests/data/sarif-schema-2.1.0.json")


@pytest.mark.parametrize("fixture", ["result", "clean"])
def test_json_is_valid(fixture: str, report_schema: Any, request: pytest.FixtureRequest) -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema)
    document = json.loads(render(request.getfixturevalue(fixture), "json"))
    jsonschema.Draft202012Validator(report_schema).validate(document)


@pytest.mark.parametrize("where", [(), ("tool",), ("findings", 0), ("summary",), ("workers", 0)])
def test_json_schema_refuses_what_it_does_not_know(
    where: tuple[str | int, ...], result: Result, report_schema: Any
) -> None:
    document = json.loads(render(result, "json"))
    target = document
    for step in where:
        target = target[step]
    target["surprise"] = 1
    assert not jsonschema.Draft202012Validator(report_schema).is_valid(document)


def test_json_points_at_the_bytes(result: Result) -> None:
    document = json.loads(render(result, "json"))
    assert [item["message"] for item in document["findings"]] == [item.message for item in result.findings]
    for item, finding in zip(document["findings"], result.findings, strict=True):
        data = finding.span.file.data
        assert data[item["start_byte"] : item["end_byte"]] == data[finding.span.start : finding.span.end]
    upgraded = next(item for item in document["findings"] if item["line"] == 14)
    # Two combining accents stand before it: columns count characters, bytes are bytes.
    assert (upgraded["column"], upgraded["end_line"], upgraded["end_column"]) == (34, 21, 7)
    assert document["findings"][4]["environment"] is None
    assert document["findings"][4]["environments"] == [None, "staging"]
    assert document["summary"] == {"error": 3, "warning": 3, "info": 1, "suppressed": 1}


def test_json_lines_are_the_findings_of_json(result: Result) -> None:
    lines = [json.loads(line) for line in render(result, "jsonl").splitlines()]
    assert lines == json.loads(render(result, "json"))["findings"]


@pytest.mark.parametrize("fixture", ["result", "clean"])
@pytest.mark.parametrize("show_unknown", [False, True])
def test_sarif_is_valid(
    fixture: str, show_unknown: bool, sarif_schema: Any, request: pytest.FixtureRequest
) -> None:
    shown = replace(request.getfixturevalue(fixture), show_unknown=show_unknown)
    document = json.loads(render(shown, "sarif"))
    validator = jsonschema.Draft7Validator(sarif_schema, format_checker=jsonschema.FormatChecker())
    validator.validate(document)


def test_sarif_rules_and_results_agree(result: Result) -> None:
    (run,) = json.loads(render(result, "sarif"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    for item in run["results"]:
        assert rules[item["ruleIndex"]]["id"] == item["ruleId"]
    listed = [rule["id"] for rule in rules]
    assert listed == sorted(set(listed))
    assert "WS999" in listed, "a rule that ran and found nothing is listed too"
    assert "WS901" in listed, "a finding whose rule was not listed brings it along"
    assert {item["level"] for item in run["results"]} == {"error", "warning", "note"}


def test_sarif_locations(result: Result) -> None:
    (run,) = json.loads(render(result, "sarif"))["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    locations = [item["locations"][0]["physicalLocation"] for item in run["results"]]
    hostile = locations[1]["artifactLocation"]
    assert hostile == {"uri": "chat/public/a%2Cb%3A%20100%25.js", "uriBaseId": "%SRCROOT%"}
    assert locations[3]["region"] == {"startLine": 14, "startColumn": 34, "endLine": 21, "endColumn": 7}
    related = run["results"][4]["relatedLocations"]
    assert [item["id"] for item in related] == [1, 2, 3]
    assert related[2]["physicalLocation"]["artifactLocation"]["uri"] == "chat/src/index.ts"


def test_sarif_offers_no_fix_that_is_only_for_reading(result: Result) -> None:
    (run,) = json.loads(render(result, "sarif"))["runs"]
    offered = {item["ruleId"]: item["fixes"][0]["properties"] for item in run["results"] if "fixes" in item}
    assert offered == {"WS301": {"applicability": "safe"}, "WS401": {"applicability": "unsafe"}}


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("../other/a.ts", {"uri": "../other/a.ts", "uriBaseId": "%SRCROOT%"}),
        ("/tmp/a b.ts", {"uri": "file:///tmp/a%20b.ts"}),
        ("C:/work/a.ts", {"uri": "file:///C:/work/a.ts"}),
        ("聊天.ts", {"uri": "%E8%81%8A%E5%A4%A9.ts", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_sarif_addresses(name: str, location: dict[str, str], result: Result) -> None:
    file = SourceFile(Path("/project/a.ts"), name, b"a\n")
    finding = replace(result.findings[0], span=Span(file, 0, 1), labels=())
    (run,) = json.loads(render(Result(findings=(finding,)), "sarif"))["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == location


def one(data: bytes, start: int, code: str = "WS401") -> Finding:
    file = SourceFile(Path("/project/a.ts"), "a.ts", data)
    return Finding(code, "a-name", Severity.ERROR, "high", "a message", Span(file, start, start + 1))


def test_fingerprints_outlive_lines_above_and_indentation() -> None:
    (before,) = fingerprints([one(b"a()\nb()\n", 4)])
    assert fingerprints([one(b"// new\na()\n\n\tb()\n", 14)]) == [before]
    assert fingerprints([one(b"a()\nc()\n", 4)]) != [before]
    assert fingerprints([one(b"a()\nb()\n", 4, "WS402")]) != [before]


def test_fingerprints_tell_equal_lines_apart() -> None:
    twins = fingerprints([one(b"b()\nb()\nb()\n", start) for start in (0, 4, 8)])
    assert len(set(twins)) == 3
    assert fingerprints([one(b"b()\nb()\n", start) for start in (0, 4)]) == twins[:2]


def test_fingerprints_in_generated_code_do_not_hang_on_the_whole_line() -> None:
    assert fingerprints([one(b"x" * 500 + b"A", 500)]) == fingerprints([one(b"y" * 600 + b"A", 600)])


@pytest.mark.parametrize("fixture", ["result", "clean"])
def test_gitlab(fixture: str, request: pytest.FixtureRequest) -> None:
    issues = json.loads(render(request.getfixturevalue(fixture), "gitlab"))
    jsonschema.validate(issues, GITLAB_SCHEMA)
    identities = [issue["fingerprint"] for issue in issues]
    assert len(set(identities)) == len(identities)


def test_github_commands_cannot_be_broken_out_of(result: Result) -> None:
    lines = render(result, "github").splitlines()
    assert len(lines) == len(result.findings)
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines)
    hostile = lines[1]
    assert hostile.startswith("::warning file=chat/public/a%2Cb%3A 100%25.js,line=1,col=35,")
    assert hostile.endswith("and 100%25: of it%0Afirst: line%0Asecond␉line")
    several_lines = lines[3]
    assert "endLine=21," in several_lines
    assert "endColumn" not in several_lines


def test_junit_counts_what_it_holds(result: Result) -> None:
    root = ElementTree.fromstring(render(result, "junit"))
    assert root.tag == "testsuites"
    assert int(root.attrib["tests"]) == len(root.findall("testsuite/testcase")) == len(result.findings)
    assert int(root.attrib["failures"]) == len(root.findall("testsuite/testcase/failure")) == 6
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    assert [suite.attrib["name"] for suite in root][1] == "chat/public/a,b: 100%.js"
    # An info fails no run, so it must not turn the job red either.
    assert root.find("testsuite[@name='chat/src/index.ts']/testcase/system-out") is not None


def test_junit_of_a_clean_run_is_not_empty(clean: Result) -> None:
    root = ElementTree.fromstring(render(clean, "junit"))
    assert len(root.findall("testsuite/testcase")) == 1
    assert root.attrib["failures"] == "0"


def test_summary(result: Result, clean: Result) -> None:
    assert summary(result) == {"error": 3, "warning": 3, "info": 1, "suppressed": 1}
    assert list(summary(clean).values()) == [0, 0, 0, 0]


def test_an_unknown_format_is_refused(clean: Result) -> None:
    with pytest.raises(ValueError, match="expected one of text, concise"):
        render(clean, "yaml")


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_report_ends_its_last_line(output_format: str, result: Result) -> None:
    report = render(result, output_format)
    assert report.endswith("\n")
    assert not report.endswith("\n\n")


def test_agents_read_less_and_miss_nothing(tmp_path: Path) -> None:
    told = reports(tmp_path)
    size = {name: len(text.encode()) for name, text in told.items()}
    assert size["agent"] < 0.65 * size["text"] and size["agent"] < 0.3 * size["json"]
    found = json.loads(told["json"])["findings"]
    assert len(found) >= 15
    for finding in found:
        place = f"{finding['path']}:{finding['line']}:{finding['column']} "
        assert re.search(
            rf"^{re.escape(place)}{finding['severity']} {finding['code']} ", told["agent"], re.M
        ), place
