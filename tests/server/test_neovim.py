"""A real Neovim, without a screen: it shows the findings of the example, mends one, completes a key and traces a
handshake, and nothing is saved."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.tools import missing
from tests.server.editor import REPOSITORY

SCRIPT = Path(__file__).with_name("neovim.lua")

SEEN = """\
opened
wrangler.toml:12:1 WS005
wrangler.toml:3:22 WS102
wrangler.toml:17:1 WS202
index.ts:20:16 WS207
wrangler.toml:11:23 WS303
mended
wrangler.toml:12:1 WS005
wrangler.toml:17:1 WS202
index.ts:20:16 WS207
wrangler.toml:11:23 WS303
line 3: compatibility_date = "2026-07-01"
modified: true
completed: 1 workers_dev =
over line 11: trace this handshake: /ws/ABCDE
trace: /ws/ABCDE -> lobby
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the editor is Debian's")
def test_neovim_shows_the_example_and_mends_it_without_saving(tmp_path: Path) -> None:
    if shutil.which("nvim") is None:
        missing("nvim is not installed (Debian has the package neovim): no editor was tried")
    top = tmp_path.resolve() / "lobby"
    shutil.copytree(REPOSITORY / "examples" / "lobby", top)
    before = (top / "wrangler.toml").read_bytes()
    ran = subprocess.run(
        ["nvim", "--headless", "--clean", "-n", "-c", f"luafile {SCRIPT}"],
        env={
            **os.environ,
            "EXAMPLE": os.fspath(top),
            "PYTHON": sys.executable,
            "PYTHONPATH": os.fspath(REPOSITORY),
            "XDG_STATE_HOME": os.fspath(tmp_path / "state"),
            "XDG_CACHE_HOME": os.fspath(tmp_path / "cache"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stdout == SEEN, ran.stdout + ran.stderr
    assert ran.returncode == 0
    assert (top / "wrangler.toml").read_bytes() == before
