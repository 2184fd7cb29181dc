"""The README shows what the program says, and names only what exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_s_output_is_the_program_s() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wslint", "check", "examples/lobby", "--today", "2026-11-23"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert f"```text\n{done.stdout}```" in README


def test_every_option_that_the_readme_names_exists() -> None:
    shown = "".join(
        subprocess.run(
            [sys.executable, "-m", "wslint", command, "--help"], capture_output=True, text=True, check=False
        ).stdout
        for command in ("check", "new", "trace", "probe", "compat", "init")
    )
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--dry-run"}
    assert {option for option in named if option not in shown} == set()


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
