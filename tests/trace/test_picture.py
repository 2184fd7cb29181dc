"""A trace as a picture: every step with its place, nothing loaded from elsewhere, read by a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pages import write
from tests.runtime.tools import missing
from tests.trace.projects import CONFIG
from tests.trace.test_command import run
from tests.trace.test_life import BEFORE, CLASS, ROUTES

SVG = "{http://www.w3.org/2000/svg}"
PROJECT = {"wrangler.toml": CONFIG, "index.js": BEFORE + CLASS + ROUTES}


def drawn(folder: Path, form: str, *more: str) -> str:
    done = run(folder, "--url", "/ws/ABCDE", *more, "--output-format", form)
    assert done.returncode == 0, done.stderr
    return done.stdout


def said(group: ElementTree.Element) -> str:
    return " ".join(text.text or "" for text in group.iter(f"{SVG}text"))


def test_each_step_stands_where_it_happens(tmp_path: Path) -> None:
    write(PROJECT, tmp_path)
    top = ElementTree.fromstring(drawn(tmp_path, "svg", "--life"))
    steps = [(group.get("class"), said(group)) for group in top.iter(f"{SVG}g")]
    lines = PROJECT["index.js"].splitlines()
    thrown = next(text for role, text in steps if role == "bad" and "SyntaxError" in text)
    assert f"index.js:{lines.index('    const { name } = JSON.parse(message);') + 1}" in thrown
    assert any(role == "bad" and "Invalid WebSocket close code: 1005" in text for role, text in steps)
    assert any(role == "good" and text == "101" for role, text in steps)
    sent = next(text for _, text in steps if "the first client gets" in text)
    assert f"index.js:{next(at for at, line in enumerate(lines, 1) if 'ws.send' in line)}" in sent
    assert any(role == "odd" for role, text in steps if "count" in text)  # what the eviction changes
    cuts = list(top.iter(f"{SVG}line"))
    assert any(line.get("class") == "cut" for line in cuts)
    titles = [text.text for text in top.iter(f"{SVG}text") if text.get("class") == "title"]
    assert titles[:3] == ["/ws/ABCDE to lobby", "the handshake", "the client goes before it said anything"]
    for link in top.iter(f"{SVG}a"):
        name, _, line = (link.get("href") or "").partition("#L")
        assert (tmp_path / name).is_file() and 1 <= int(line) <= len(
            (tmp_path / name).read_text().splitlines()
        )


def test_arrows_lead_from_lane_to_lane(tmp_path: Path) -> None:
    write(PROJECT, tmp_path)
    top = ElementTree.fromstring(drawn(tmp_path, "svg", "--life"))
    lanes = {text.text: text.get("x") for text in top.iter(f"{SVG}text") if text.get("class") == "lane"}
    arrows = {
        said(group): re.match(r"M(\d+) \d+H(\d+)m", path.get("d") or "")
        for group in top.iter(f"{SVG}g")
        for path in group.iter(f"{SVG}path")
    }
    stored = next(found for text, found in arrows.items() if text.startswith("storage:"))
    assert stored is not None and stored.groups() == (lanes["object"], lanes["storage"])
    sent = next(found for text, found in arrows.items() if text.startswith("the first client gets"))
    assert sent is not None and sent.groups() == (lanes["object"], lanes["client"])


@pytest.mark.parametrize("form", ["svg", "html"])
def test_nothing_is_loaded_and_nothing_breaks_out(form: str, tmp_path: Path) -> None:
    hostile = CLASS.replace(
        'hello: "you"', 'hello: "</text><script>alert(1)</script><img src=//evil.example>"'
    )
    write({"wrangler.toml": CONFIG, "index.js": BEFORE + hostile + ROUTES}, tmp_path)
    shown = drawn(tmp_path, form, "--life")
    assert "alert(1)" in shown and "<script" not in shown and "<img" not in shown
    assert set(re.findall(r"https?://[^\"'\s<>]+", shown)) <= {"http://www.w3.org/2000/svg"}
    drawing = {"svg", "style", "text", "line", "rect", "path", "circle", "g", "a"}
    around = {"html", "head", "meta", "title", "body"} if form == "html" else set()
    assert set(re.findall(r"<(\w+)", shown)) <= drawing | around
    assert "@import" not in shown and "url(" not in shown
    picture = shown[shown.index("<svg") : shown.index("</svg>") + 6]
    ElementTree.fromstring(picture)


def test_without_a_life_it_is_the_way_alone(tmp_path: Path) -> None:
    write(PROJECT, tmp_path)
    top = ElementTree.fromstring(drawn(tmp_path, "svg"))
    titles = [text.text for text in top.iter(f"{SVG}text") if text.get("class") == "title"]
    assert titles == ["/ws/ABCDE to lobby"]


def test_mermaid_of_a_life_is_a_sequence(tmp_path: Path) -> None:
    write(PROJECT, tmp_path)
    lines = drawn(tmp_path, "mermaid", "--life").splitlines()
    assert lines[0] == "sequenceDiagram" and drawn(tmp_path, "mermaid").startswith("flowchart TD\n")
    form = r"  (?:participant \w+|Note over \w+(?:,\w+)?: .+|\w+(?:->>|-x)\w+: .+)"
    assert all(re.fullmatch(form, line) for line in lines[1:])
    assert not any(
        re.search(r"[<>;%]", line.split(": ", 1)[-1].replace("->>", ""))
        for line in lines[6:]
        if "#" not in line
    )
    assert any("object->>storage: storage" in line for line in lines)


@pytest.mark.browser
def test_a_browser_shows_it_light_and_dark(tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        missing("there is no chromium, so the page was not looked at (Debian: apt-get install chromium)")
    write(PROJECT, tmp_path)
    page = tmp_path / "life.html"
    page.write_text(drawn(tmp_path, "html", "--life"), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1200,900"]
    command.append(f"--user-data-dir={tmp_path / 'profile'}")
    pictures = []
    for scheme in (0, 1):
        picture = tmp_path / f"{scheme}.png"
        subprocess.run(
            [*command, f"--blink-settings=preferredColorScheme={scheme}", f"--screenshot={picture}", page.as_uri()],
            capture_output=True, timeout=120, check=True,
        )  # fmt: skip
        pictures.append(picture.read_bytes())
    assert all(data.startswith(b"\x89PNG") and len(data) > 20_000 for data in pictures)
    assert pictures[0] != pictures[1]
    dom = subprocess.run(
        [*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    assert "the life" not in dom.stderr and "Invalid WebSocket close code: 1005" in dom.stdout
