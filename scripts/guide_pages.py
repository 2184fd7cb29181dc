"""What of the guide is generated: the reference of the commands, the start page's table of words, llms.txt."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import yaml

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGE_URL = "https://github.com/wslint/wslint/blob/main/docs"

FIRST_WORDS = (
    "chrome-status",
    "firefox",
    "safari-bad-response",
    "failed-bare",
    "node-status",
    "close-1006",
    "firefox-insecure",
    "chrome-protocol-missing",
    "close-1011",
    "api-10061",
)
"""Rows of `wslint/data/words.toml` that fit on one screen."""

_MARKS = re.compile(r"<!-- words -->\n.*?<!-- /words -->", re.S)


def guide_pages() -> dict[Path, str]:
    """Each page with its text."""
    index = DOCS / "index.md"
    words = "\n".join(["<!-- words -->", *_words(), "<!-- /words -->"])
    return {
        DOCS / "commands.md": _commands(),
        index: _MARKS.sub(lambda _: words, index.read_text(encoding="utf-8")),
        DOCS / "llms.txt": _for_programs(),
        DOCS / "pictures" / "life.svg": _picture(),
    }


# The start page


def _words() -> Iterator[str]:
    from wslint.explain.table import table

    yield "| says | who | what it means | ask |"
    yield "| --- | --- | --- | --- |"
    for name in FIRST_WORDS:
        row = table()[name]
        said = f"close code {row.said}" if row.close else f"`{row.said}`"
        asked = ", ".join(f"`{command}`" for command in row.next)
        yield f"| {said} | {', '.join(row.who)} | {row.means} | {asked} |"


# Commands


def _commands() -> str:
    from wslint.cli import main

    lines = [
        "# Commands",
        "",
        "Generated from the program's own help by `scripts/generate_docs.py`; `wslint COMMAND --help` says the same.",
    ]
    context = click.Context(main, info_name="wslint")
    for name in main.list_commands(context):
        command = main.commands[name]
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                lines += _command(f"{name} {inner}", command.commands[inner])
        else:
            lines += _command(name, command)
    return "\n".join(lines) + "\n"


def _command(name: str, command: click.Command) -> Iterator[str]:
    arguments = [_argument(one) for one in command.params if isinstance(one, click.Argument)]
    yield from ("", f"## wslint {name}", "", f"`{' '.join(['wslint', name, *arguments])}`", "")
    yield _prose(command.help or "")
    options = [one for one in command.params if isinstance(one, click.Option)]
    if options:
        yield from ("", "| option | meaning |", "| --- | --- |")
        yield from map(_option, options)
    examples, ends = _epilog(command.epilog or "")
    if examples:
        yield from ("", "<!-- not run: examples for a project of your own -->", "```sh")
        yield from examples
        yield "```"
    if ends:
        yield from ("", ends)


def _argument(one: click.Argument) -> str:
    name = one.metavar or (one.name or "").upper()
    return name + ("..." if one.nargs == -1 and not name.endswith("]") else "")


def _prose(help_text: str) -> str:
    """The paragraphs; one that is written line by line becomes code."""
    parts: list[str] = []
    for part in re.split(r"\n\s*\n", help_text.strip()):
        if part.strip().startswith("\b"):
            lines = [line.strip() for line in part.strip().lstrip("\b").strip().splitlines()]
            parts.append("\n".join(["```text", *lines, "```"]))
        else:
            parts.append(" ".join(part.split()))
    return "\n\n".join(parts)


def _option(one: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in one.opts)
    if isinstance(one.type, click.Choice):
        names += " " + ", ".join(f"`{choice}`" for choice in one.type.choices)
    elif not one.is_flag:
        names += f" `{one.metavar or one.type.name.upper()}`"
    said = one.help or ""
    if one.show_default:
        said = f"{said} Default: `{one.default}`.".strip()
    return f"| {names} | {said.replace('|', chr(92) + '|')} |"


def _epilog(text: str) -> tuple[list[str], str]:
    """The examples, and what is said of the exit code."""
    found = [line.strip() for line in text.replace("\b", "").splitlines()]
    examples = [
        re.sub(r"  +(?=[^ ])", "  # ", line, count=1) if re.search(r"\S {2,}\S", line) else line
        for line in found
        if line.startswith(("wslint ", "wrangler "))
    ]
    rest = [
        line
        for line in found
        if line and line != "Examples:" and not line.startswith(("wslint ", "wrangler "))
    ]
    return examples, " ".join(rest)


# A picture


def _picture() -> str:
    """The life of a socket that has something to show, as the program draws it."""
    words = ["trace", ".", "--url", "/ws/ABCDE", "--life", "--output-format", "svg", "--today", "2026-11-25"]
    drawn = subprocess.run(
        [sys.executable, "-m", "wslint", *words],
        cwd=ROOT / "examples" / "counter", env={**os.environ, "PYTHONPATH": os.fspath(ROOT)},
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return drawn.stdout


# llms.txt


def _for_programs() -> str:
    lines = [
        "# wslint",
        "",
        "> A linter for Cloudflare Workers with Durable Objects and WebSockets. It reads wrangler.toml, .json and .jsonc"
        " and the source (TypeScript, JavaScript, Rust, Python), runs nothing, and says what fails at deploy, in the"
        " handshake and after hibernation.",
        "",
        "To mend a project: `wslint check --output-format agent` (place, what fails, edit), `wslint check --fix` (safe"
        " edits), `wslint explain CODE` (why, and a diff), `wslint trace --url /ws/ABCDE` (the answer to one handshake)."
        " Exit code 0: nothing to report; 1: findings; 2: nothing could be checked. A change is proved where `wslint"
        " check` ends with 0 and the last line is `No problems`.",
    ]
    for entry in yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]:
        ((section, pages),) = entry.items()
        listed = [{section: pages}] if isinstance(pages, str) else pages
        lines += ["", f"## {'Start' if isinstance(pages, str) else section}", ""]
        for page in listed:
            ((title, name),) = page.items()
            lines.append(f"- [{title}]({PAGE_URL}/{name}): {_first_sentence(DOCS / name)}")
    return "\n".join(lines) + "\n"


def _first_sentence(path: Path) -> str:
    if path.name in _GENERATED:
        return _GENERATED[path.name]
    body = path.read_text(encoding="utf-8").split("\n", 1)[1]
    prose = next(part for part in re.split(r"\n\s*\n", body.strip()) if part[:1].isalpha())
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(prose.split()))
    return re.split(r"(?<=[.?:])\s", text)[0].rstrip(":")


_GENERATED = {
    "commands.md": "All commands with their options.",
    "rules.md": "All rules by family, each with its page.",
    "coverage.md": "Known causes of failure, each with its rules or the reason why it has none.",
    "symptoms.md": "From the words of clients, tools and answers to causes and rules.",
    "evidence.md": "What workerd, wrangler and Pyodide answered for each rule's example and its mended twin.",
}
