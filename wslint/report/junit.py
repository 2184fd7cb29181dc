"""JUnit XML: the one report that every CI server can show."""

from __future__ import annotations

from xml.etree import ElementTree

from wslint.finding import Finding, Severity
from wslint.regex import regex
from wslint.report.closing import environments_text
from wslint.report.model import Result
from wslint.report.visible import TAB_WIDTH, one_line, visible
from wslint.text import lines

# What XML 1.0 cannot hold, not even escaped.
ILLEGAL = regex("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: Result) -> str:
    """A suite for each file and a case for each finding.

    Errors and warnings are failures. An info is a passed case that says what it has to say: it
    does not fail a run, and a JUnit failure would paint the job red. A clean run is one passed
    case, for CI servers take a report without cases for a job that ran nothing.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in result.findings:
        by_file.setdefault(finding.span.file.name, []).append(finding)
    failures = sum(_fails(finding) for finding in result.findings)
    root = _element("testsuites", name="wslint", tests=max(len(result.findings), 1), failures=failures)
    for path, findings in by_file.items():
        failed = sum(_fails(finding) for finding in findings)
        suite = _element("testsuite", name=path, tests=len(findings), failures=failed, errors=0)
        suite.extend(_case(finding) for finding in findings)
        root.append(suite)
    if not by_file:
        suite = _element("testsuite", name="wslint", tests=1, failures=0, errors=0)
        suite.append(_element("testcase", name="no problems", classname="wslint"))
        root.append(suite)
    ElementTree.indent(root)
    # As ASCII with character references: what is written is the same in every encoding.
    body = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _fails(finding: Finding) -> bool:
    return finding.severity >= Severity.WARNING


def _case(finding: Finding) -> ElementTree.Element:
    first = finding.span.first
    path = finding.span.file.name
    name = f"{finding.code} {finding.name} ({first.line}:{first.column})"
    case = _element("testcase", name=name, classname=path, file=path, line=first.line)
    rows = [f"{visible(path)}:{first.line}:{first.column}: {one_line(finding.message)}"]
    rows += [
        f"{visible(label.span.file.name)}:{label.span.first.line}:{label.span.first.column}: {one_line(label.text)}"
        for label in finding.labels
    ]
    if finding.help:
        rows += [visible(row.expandtabs(TAB_WIDTH)) for row in lines(f"help: {finding.help}")]
    environments = environments_text(finding.environments)
    if environments:
        rows.append(f"environments: {environments}")
    if _fails(finding):
        detail = _element("failure", message=one_line(finding.message), type=finding.severity.label)
    else:
        detail = _element("system-out")
    detail.text = _legal("\n".join(rows))
    case.append(detail)
    return case


def _element(tag: str, **attributes: object) -> ElementTree.Element:
    return ElementTree.Element(tag, {name: visible(_legal(str(value))) for name, value in attributes.items()})


def _legal(text: str) -> str:
    return ILLEGAL.sub("\ufffd", text)
