"""A real Emacs with eglot, without a screen, by the lines that docs/editors.md has for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.tools import missing
from tests.server.editor import REPOSITORY

SCRIPT = Path(__file__).with_name("emacs.el")


@pytest.mark.skipif(sys.platform == "win32", reason="the editor is Debian's")
def test_emacs_shows_the_example_and_mends_it_without_saving(tmp_path: Path) -> None:
    if shutil.which("emacs") is None:
        missing("emacs is not installed (Debian has emacs-nox and elpa-eglot): no eglot was tried")
    if subprocess.run(
        ["emacs", "-q", "--batch", "--eval", "(require 'eglot)"], capture_output=True
    ).returncode:
        missing("this emacs has no eglot (Debian has the package elpa-eglot)")
    top = tmp_path.resolve() / "lobby"
    shutil.copytree(REPOSITORY / "examples" / "lobby", top)
    before = (top / "wrangler.toml").read_bytes()
    (lines,) = re.findall(r"```elisp\n(.*?)```", (REPOSITORY / "docs" / "editors.md").read_text(), re.S)
    (tmp_path / "lines.el").write_text(lines)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "wslint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m wslint "$@"\n')
    program.chmod(0o755)
    ran = subprocess.run(
        ["emacs", "-q", "--batch", "--load", SCRIPT],
        env={
            **os.environ,
            "EXAMPLE": os.fspath(top),
            "LINES": os.fspath(tmp_path / "lines.el"),
            "HOME": os.fspath(tmp_path),
            "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.fspath(REPOSITORY),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.stdout.splitlines() == [
        "opened: WS005:12 WS102:3 WS202:17 WS303:11",
        "mended: WS005:12 WS202:17 WS303:11",
        'line 3: compatibility_date = "2026-07-01"',
        "completed: workers_dev =",
        "hover: **MatchDO**, a Durable Object class",
        "modified: t",
    ], ran.stdout + ran.stderr
    assert ran.returncode == 0, ran.stderr
    assert (top / "wrangler.toml").read_bytes() == before
