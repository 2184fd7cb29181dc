"""Every block of code in the README and the guide: what can be run is run, the rest is read as what it says it is.

`<!-- in: FOLDER -->` above a block says in which folder of the repository (a copy of it) its commands run, one block
of a page after the other; the default is the example with mistakes. `<!-- not run: WHY -->` says why they can't be:
they are read by the command line all the same. In a `console` block, a line that begins with `$ ` is a command, and
what follows is what it prints; `…` alone on a line stands for any lines.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import tree_sitter_rust
import tree_sitter_typescript
import yaml
from tree_sitter import Language, Parser

from tests.test_command_pages import _BLOCK as COMMAND_BLOCK
from tests.test_command_pages import _NEW as NEW_BLOCK
from tests.test_command_pages import PAGES as COMMAND_PAGES
from wslint.cli import main
from wslint.record import record

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "editors/vscode/README.md", *sorted((ROOT / "docs").glob("*.md"))]  # fmt: skip

REASONS = (
    "needs the network",
    "needs a server",
    "needs an editor",
    "examples for a project of your own",
    "it runs this test",
)
_BLOCK = re.compile(
    r"(?:<!-- (?P<mark>in|not run): (?P<said>.*?) -->\n)?^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w-]*)[^\n]*\n"
    r"(?P<body>.*?)^ *(?P=ticks)$",
    re.M | re.S,
)


@record
class Block:
    """One fence. `folder` is where its commands run; None where they don't."""

    page: Path
    line: int
    language: str
    body: str
    folder: str | None
    why: str = ""

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        said = match["said"] or ""
        folder = None if match["mark"] == "not run" else said or "examples/lobby"
        why = said if match["mark"] == "not run" else ""
        found.append(Block(page, line, match["language"], match["body"], folder, why))
    return found


ALL = [block for page in PAGES for block in blocks(page)]


def of(*languages: str) -> list[object]:
    return [pytest.param(block, id=block.name) for block in ALL if block.language in languages]


def commands(block: Block) -> list[str]:
    """The shell's lines without comments; a `console` block has them behind `$ `."""
    lines = block.body.splitlines()
    if block.language == "console":
        return [line[2:] for line in lines if line.startswith("$ ")]
    return [line for line in lines if line.strip() and not line.startswith("#")]


def wslint_words(line: str) -> list[str] | None:
    """The arguments, where a line calls wslint (`python -m wslint` and a path before it, too)."""
    words = shlex.split(line.split(" # ")[0].split("  #")[0], comments=True)
    for sign in ("|", ">"):
        words = words[: words.index(sign)] if sign in words else words
    return words[1:] if words and Path(words[0]).name == "wslint" else None


def test_each_block_says_what_it_is() -> None:
    known = {
        "sh",
        "console",
        "text",
        "toml",
        "json",
        "yaml",
        "python",
        "ts",
        "rust",
        "lua",
        "elisp",
        "mermaid",
        "diff",
    }
    for block in ALL:
        assert block.language in known or (block.language == "" and block.page.name == "README.md"), (
            block.name
        )
        assert not block.why or block.why in REASONS, block.name
    assert len(ALL) > 80


@pytest.mark.parametrize("block", of("sh", "console"))
def test_the_command_line_takes_what_is_shown(block: Block) -> None:
    """Each option and each choice exists, also where the command is not run."""
    for line in commands(block):
        words = wslint_words(line)
        if words and words[0] not in ("--help", "--version"):
            command: click.Command = main
            while isinstance(command, click.Group):
                command, words = command.commands[words[0]], words[1:]
            command.make_context("wslint", list(words))


def _runs(page: Path) -> bool:
    """Pages whose outputs `test_command_pages.py` compares have all of their commands run there."""
    if page.stem in COMMAND_PAGES and page.parent.name == "docs":
        text = page.read_text(encoding="utf-8")
        of_shell = [block for block in blocks(page) if block.language == "sh"]
        assert len(COMMAND_BLOCK.findall(text)) + len(NEW_BLOCK.findall(text)) == len(of_shell), page
        return False
    return any(block.folder and block.language in ("sh", "console") for block in blocks(page))


@pytest.mark.parametrize("page", filter(_runs, PAGES), ids=lambda page: page.name)
def test_what_can_be_run_runs(page: Path, tmp_path: Path) -> None:
    ran = 0
    for block in blocks(page):
        if block.folder is None or block.language not in ("sh", "console"):
            continue
        folder = tmp_path / block.folder
        if not folder.exists():
            stage(block.folder, folder)
        printed = re.split(r"^\$ .*\n", block.body, flags=re.M)[1:] if block.language == "console" else []
        for number, line in enumerate(commands(block)):
            words = wslint_words(line)
            assert words is not None, f"{block.name}: {line} is no command of wslint: say why it is not run"
            done = subprocess.run(
                [sys.executable, "-m", "wslint", *words], cwd=folder, capture_output=True, text=True,
                encoding="utf-8", env={**_environment(), "COLUMNS": "100"}, check=False,
            )  # fmt: skip
            assert done.returncode in (0, 1), f"{block.name}: {line}\n{done.stdout}{done.stderr}"
            ran += 1
            if printed:
                fits(printed[number], done.stdout, f"{block.name}: {line}")
    assert ran


def stage(name: str, folder: Path) -> None:
    if name != "a workspace":
        shutil.copytree(ROOT / name, folder)
        return
    shutil.copytree(ROOT / "examples" / "counter", folder / "apps" / "counter")
    shutil.copytree(ROOT / "examples" / "lobby", folder / "apps" / "match")


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


def fits(shown: str, said: str, where: str) -> None:
    """Whether an output is as it is shown, with any lines where `…` stands."""
    parts = [re.escape(part) for part in re.split(r"^…\n", shown, flags=re.M)]
    pattern = r"(?:.*\n)*?".join(parts)
    assert re.fullmatch(pattern, said), f"{where}\n{said}"


def test_an_output_that_differs_is_seen() -> None:
    fits("a\n…\nd\n", "a\nb\nc\nd\n", "")
    fits("a\n…\n", "a\nb\n", "")
    for shown in ("a\n…\ne\n", "a\nd\n", "b\n…\n"):
        with pytest.raises(AssertionError):
            fits(shown, "a\nb\nc\nd\n", "")


@pytest.mark.parametrize("block", of("toml", "json", "yaml"))
def test_data_is_what_it_says(block: Block, tmp_path: Path) -> None:
    if block.language == "json":
        json.loads(block.body)
        return
    if block.language == "yaml":
        data = yaml.safe_load(block.body)
        assert data
        if isinstance(data, dict) and "repos" in data:
            config = tmp_path / "config.yaml"
            config.write_text(block.body)
            told = subprocess.run(
                [sys.executable, "-m", "pre_commit", "validate-config", config],
                capture_output=True,
                text=True,
                check=False,
            )
            assert told.returncode == 0, told.stdout + told.stderr
        return
    data = tomllib.loads(block.body)
    if {"select", "ignore", "exclude", "per-path-ignores"} & data.keys():
        from wslint.settings import find_settings

        (tmp_path / "wslint.toml").write_text(block.body)
        assert find_settings(tmp_path).path is not None


_GRAMMARS = {"ts": tree_sitter_typescript.language_typescript, "rust": tree_sitter_rust.language}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_parses(page: Path) -> None:
    """The blocks of one language on a page are one file, cut into pieces."""
    for language in ("python", "ts", "rust"):
        pieces = [block.body for block in blocks(page) if block.language == language]
        if language == "python" and pieces:
            ast.parse("".join(pieces))
        elif pieces:
            tree = Parser(Language(_GRAMMARS[language]())).parse("".join(pieces).encode())
            assert not tree.root_node.has_error, f"{page.name}: {language}"


@pytest.mark.parametrize("block", of("lua"))
def test_lua_is_read_by_neovim(block: Block, tmp_path: Path) -> None:
    from tests.runtime.tools import missing

    if shutil.which("nvim") is None:
        missing("nvim is not installed (Debian has the package neovim): the lines to paste were not read")
    (tmp_path / "init.lua").write_text(block.body)
    told = subprocess.run(
        ["nvim", "--headless", "--clean", "-n", "-c", "lua assert(loadfile('init.lua'))", "-c", "qa!"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 0 and not told.stderr, told.stderr


@pytest.mark.parametrize("block", of("elisp"))
def test_parentheses_of_lisp_close(block: Block) -> None:
    bare = re.sub(r'"[^"]*"', "", block.body)
    assert bare.count("(") == bare.count(")") > 0
