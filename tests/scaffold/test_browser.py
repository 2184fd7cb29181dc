"""Two tabs of a real browser create, join and play a match on the real workerd, and survive a restart of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from tests.scaffold.conftest import Generate

SCRIPT = Path(__file__).with_name("browser.mjs")


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = "no Chromium, so no browser was held against the page (Debian: apt-get install chromium)"
        if os.environ.get("WSLINT_REQUIRE_RUNTIME") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.mark.browser
@pytest.mark.parametrize("language", ["typescript", "python"])
def test_two_tabs_play_a_match(language: str, generate: Generate, tmp_path: Path) -> None:
    tools, browser = require_tools(), chromium()
    folder, work = generate(language, 0), tmp_path / "work"
    pictures = Path(os.environ.get("WSLINT_PICTURES") or tmp_path)
    playwright = tools.modules / "playwright-core/index.js"
    with serve(folder, page=folder / "public", work=work) as server:
        url, port = server.http, server.port
        command = [tools.node, SCRIPT, playwright, browser, url, pictures]
        script = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            assert script.stdin and script.stdout and script.stderr
            first = script.stdout.readline()
            if first != "played\n":
                script.stdin.close()
                pytest.fail(first + script.stderr.read() + server.log)
            server.process.kill()
            server.process.wait()
            script.stdin.write("\n")
            script.stdin.flush()
            lost = script.stdout.readline()
            if lost != "lost\n":
                script.stdin.close()
                pytest.fail(lost + script.stderr.read())
            with serve(folder, page=folder / "public", work=work, port=port) as again:
                out, error = script.communicate("\n", timeout=600)
                assert out == "done\n", error + again.log
        finally:
            script.kill()
            script.wait()


@pytest.mark.browser
def test_the_page(generate: Generate, tmp_path: Path) -> None:
    """Names, keys, touch, reload, a lost network, widths, and what axe-core says; pictures in `WSLINT_PICTURES`."""
    tools, browser = require_tools(), chromium()
    folder = generate("typescript", 0)
    pictures = Path(os.environ.get("WSLINT_PICTURES") or tmp_path)
    axe = tools.modules / "axe-core/axe.min.js"
    script = SCRIPT.with_name("browser_page.mjs")
    with serve(folder, page=folder / "public") as server:
        command = [
            tools.node,
            script,
            tools.modules / "playwright-core/index.js",
            browser,
            server.http,
            pictures,
            axe,
        ]
        ran = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        assert ran.stdout == "done\n", ran.stderr + server.log
