"""The check without click takes the same words as the one with it, and means the same by them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from wslint import check_command, cli, start

WORDS = [
    ["--pedantic"],
    ["--statistics"],
    ["--show-way"],
    ["--show-unknown"],
    ["--include-tests"],
    ["--allow-outside"],
    ["--show-files"],
    ["--no-cache"],
    ["--quiet"],
    ["-q"],
    ["--env", "staging"],
    ["--env", ""],
    ["--output-format", "json"],
    ["--fail-on", "never"],
    ["--color", "always"],
    ["a", "b/c"],
    ["."],
]
OTHERS = [
    ["--fix"],
    ["--diff"],
    ["--select", "WS3"],
    ["--jobs", "2"],
    ["--today", "2026-11-23"],
    ["--output-format", "yaml"],
    ["--output-format=json"],
    ["--output-format"],
    ["--env", "--quiet"],
    ["--show_files"],
    ["--help"],
    ["-h"],
    ["-qq"],
    ["--"],
    ["-"],
    ["--pedantic", "--pedantic"],
]


@pytest.mark.parametrize("words", [[], *([*one, *two] for one, two in itertools.combinations(WORDS, 2))])
def test_what_is_plain_means_what_click_says(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[tuple[Path, ...], dict[str, Any]]] = []

    def note(paths: tuple[Path, ...], options: dict[str, Any]) -> int:
        asked.append((paths, options))
        return 0

    monkeypatch.setattr(check_command, "run_check", note)
    with pytest.raises(SystemExit):
        cli.main(["check", *words], standalone_mode=False)
    given = start.plain(["check", *words])
    if given is None:
        assert words == ["--quiet", "-q"] or words.count("--env") > 1
    else:
        assert given == asked[0]


@pytest.mark.parametrize("words", OTHERS)
def test_all_else_is_clicks(words: list[str]) -> None:
    assert start.plain(["check", *words]) is None


@pytest.mark.parametrize(
    "arguments", [[], ["--version"], ["trace"], ["explain", "WS301"], ["--quiet", "check"]]
)
def test_other_commands_are_clicks(arguments: list[str]) -> None:
    assert start.plain(arguments) is None
