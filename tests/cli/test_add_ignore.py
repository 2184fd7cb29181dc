"""`wslint check --add-ignore REASON`: a comment above each finding, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_command_line import BAD, WORKER, wslint
from tests.pages import write

TWO = WORKER + 'globalThis.socket = new WebSocket("wss://a.example/ws", []);\n'


def test_the_comments_silence_what_is_found(tmp_path: Path) -> None:
    write({"wrangler.toml": BAD, "index.js": WORKER}, tmp_path)
    done = wslint("check", "--add-ignore", "until the release", cwd=tmp_path)
    assert done.returncode == 0 and "ignored wrangler.toml:3: WS102 " in done.stderr
    lines = (tmp_path / "wrangler.toml").read_text().splitlines(keepends=True)
    assert lines.pop(2) == "# wslint: ignore[WS102] until the release\n" and "".join(lines) == BAD
    assert wslint("check", cwd=tmp_path).returncode == 0
    again = wslint("check", "--add-ignore", "until the release", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert (tmp_path / "wrangler.toml").read_text().count("wslint: ignore") == 1


def test_two_findings_of_a_line_share_a_comment(tmp_path: Path) -> None:
    config = BAD.replace(
        'name = "match"\n', 'name = "match"\ncompatibility_flags = ["nodejs_compt", "no_such_flag_x"]\n'
    )
    write({"wrangler.toml": config, "index.js": WORKER}, tmp_path)
    found = wslint("check", "--output-format", "concise", cwd=tmp_path).stdout
    assert found.count("wrangler.toml:2:") == 2, found
    assert wslint("check", "--add-ignore", "old", cwd=tmp_path).returncode == 0
    text = (tmp_path / "wrangler.toml").read_text()
    assert text.count("wslint: ignore[") == 2 and wslint("check", cwd=tmp_path).returncode == 0


def test_where_no_comment_can_stand_it_says_so(tmp_path: Path) -> None:
    write(
        {
            "wrangler.json": '{"name": "match", "main": "index.js", "compatibility_date": "2026-7-1"}',
            "index.js": WORKER,
        },
        tmp_path,
    )
    (tmp_path / "wrangler.json").rename(tmp_path / "wrangler.jsonc")
    config = '{"name": "match", "main": "index.js", "compatibility_date": "2026-7-1"}'
    done = wslint("check", "--add-ignore", "it is meant", cwd=tmp_path)
    text = (tmp_path / "wrangler.jsonc").read_text()
    assert (
        text.endswith(config)
        and text.startswith("// wslint: ignore[WS102] it is meant")
        and done.returncode == 0
    )


@pytest.mark.parametrize("reason", ["", "  ", "a\nb"])
def test_a_reason_is_words_on_one_line(reason: str, tmp_path: Path) -> None:
    write({"wrangler.toml": BAD, "index.js": WORKER}, tmp_path)
    done = wslint("check", "--add-ignore", reason, cwd=tmp_path)
    assert done.returncode == 2 and (tmp_path / "wrangler.toml").read_text() == BAD


def test_a_reason_ends_no_comment(tmp_path: Path) -> None:
    write({"wrangler.toml": BAD, "index.js": WORKER}, tmp_path)
    assert wslint("check", "--add-ignore", '*/ "]]] [WS999]', cwd=tmp_path).returncode in (0, 1)
    lines = (tmp_path / "wrangler.toml").read_text().splitlines(keepends=True)
    assert "".join(line for line in lines if not line.startswith("# wslint:")) == BAD
