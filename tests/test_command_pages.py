"""The pages about `trace` and `compat` show what the program says.

Each command in a `sh` fence is run, in the repository or in the folder that `wslint new` made before; the
fence right behind it is its output.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ("trace", "compat")
TODAY = "2026-11-25"

_BLOCK = re.compile(
    r"```sh\n(?P<command>wslint [^\n]+)\n```\n\n```(?P<language>text|json|mermaid)\n(?P<shown>.*?)```\n", re.S
)
_NEW = re.compile(r"```sh\nwslint new (?P<arguments>[^\n]+)\n```\n")


def run_page(page: str, folder: Path) -> str:
    """The page with what the program says now."""
    made = _NEW.search(page)
    if made is not None:
        _wslint(["new", *shlex.split(made["arguments"])], folder)

    def shown(match: re.Match[str]) -> str:
        words = shlex.split(match["command"])[1:]
        inside = made is not None and match.start() > made.end()
        project = folder / shlex.split(made["arguments"])[1] if inside and made else ROOT
        output = _wslint([*words, "--today", TODAY], project)
        return f"```sh\n{match['command']}\n```\n\n```{match['language']}\n{output}```\n"

    return _BLOCK.sub(shown, page)


def _wslint(words: list[str], folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "wslint", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout if done.returncode == 0 else done.stderr


def rewrite() -> None:
    """Put what the program says now into the pages: `python -m tests.test_command_pages`."""
    for name in PAGES:
        path = ROOT / "docs" / f"{name}.md"
        with tempfile.TemporaryDirectory() as folder:
            path.write_text(run_page(path.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_the_page_shows_what_the_program_says(name: str, tmp_path: Path) -> None:
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert len(_BLOCK.findall(page)) >= 3
    assert run_page(page, tmp_path) == page


@pytest.mark.parametrize("name", PAGES)
def test_every_option_that_the_page_names_exists(name: str) -> None:
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    shown = _wslint([name, "--help"], ROOT) + _wslint(["new", "--help"], ROOT)
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page))
    assert {option for option in named if option not in shown} == set()


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", page):
        assert (ROOT / "docs" / target).exists(), target


if __name__ == "__main__":
    rewrite()
