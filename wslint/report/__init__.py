"""Reports: one module a format, each a function from a `Result` to text."""

from __future__ import annotations

from wslint.report.model import Result

FORMATS: tuple[str, ...] = (
    "text",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
    "agent",
)


def render(result: Result, output_format: str, *, color: bool = False, width: int = 100) -> str:
    """The report in one of `FORMATS`; `color` and `width` matter only to those that people read.

    Each module is imported only when its format is asked for: junit alone pulls in an XML library.
    """
    match output_format:
        case "text":
            from wslint.report.text import render as render_text

            return render_text(result, color=color, width=width)
        case "concise":
            from wslint.report.concise import render as render_concise

            return render_concise(result, color=color)
        case "json":
            from wslint.report.json import render as render_json

            return render_json(result)
        case "jsonl":
            from wslint.report.jsonl import render as render_jsonl

            return render_jsonl(result)
        case "sarif":
            from wslint.report.sarif import render as render_sarif

            return render_sarif(result)
        case "github":
            from wslint.report.github import render as render_github

            return render_github(result)
        case "gitlab":
            from wslint.report.gitlab import render as render_gitlab

            return render_gitlab(result)
        case "junit":
            from wslint.report.junit import render as render_junit

            return render_junit(result)
        case "markdown":
            from wslint.report.markdown import render as render_markdown

            return render_markdown(result)
        case "agent":
            from wslint.report.agent import render as render_agent

            return render_agent(result)
    raise ValueError(f"unknown output format {output_format!r}: expected one of {', '.join(FORMATS)}")


def render_summary(result: Result) -> str:
    """The closing lines alone, for a terminal whose report went into a file."""
    from wslint.report.closing import closing
    from wslint.report.paint import painter

    return "\n".join(line for line in closing(result, painter(False)) if line)
