"""Globs mean what git means, and none takes long."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wslint.boundary import Boundary
from wslint.files import Files
from wslint.globs import Ignore, matches_name, matches_path, wildcard
from wslint.wrangler.published import published

PARTS = st.sampled_from(
    [
        "a",
        "b",
        "ab",
        "*",
        "**",
        "?",
        "[ab]",
        "[!a]",
        "[^b]",
        "[a-c]",
        "/",
        "/",
        "!",
        "\\*",
        "\\a",
        ".",
        " ",
        "[",
        "]",
        "[]a]",
        "[[:alpha:]]",
        "#",
        "-",
        "a*b",
        "/**/",
        "**/",
        "/**",
    ]
)
PATTERNS = st.lists(
    st.lists(PARTS, min_size=1, max_size=5)
    .map("".join)
    # `a**/**/` means something to git that its manual does not say
    .filter(lambda pattern: all(part == "**" or "**" not in part for part in pattern.strip("!").split("/"))),
    min_size=1,
    max_size=4,
)
NAMES = ["a", "b", "ab", "abc", "ba", "*", ".a", "a b", "]", "-", "#a", "!a", "a.b", "[a"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, bool]]]:
    """A repository with all names at three depths: `(path, is a folder)`."""
    top = tmp_path_factory.mktemp("globs")
    subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    paths = []
    for name in NAMES:
        (top / f"d{name}").mkdir(exist_ok=True)
        for folder in ("", "a", "b", "ab", "b/a"):
            place = top / folder
            if folder == "" and name in ("a", "b", "ab"):
                continue
            if name == "a" and folder == "b":
                continue
            place.mkdir(parents=True, exist_ok=True)
            (place / name).write_text("")
            paths.append(((Path(folder) / name).as_posix(), False))
    paths += [("a", True), ("b", True), ("ab", True), ("b/a", True)]
    return top, paths


@settings(max_examples=150, deadline=None)
@given(PATTERNS)
def test_ignored_is_what_git_ignores(tree: tuple[Path, list[tuple[str, bool]]], patterns: list[str]) -> None:
    top, paths = tree
    (top / ".gitignore").write_text("\n".join(patterns) + "\n", newline="")
    asked = "\0".join(path for path, _ in paths)
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "check-ignore", "--stdin", "-z", "--no-index"],
        cwd=top,
        input=asked.encode(),
        capture_output=True,
    )
    wanted = set(done.stdout.decode().split("\0")) - {""}
    ignore = Ignore(patterns)
    found = {path for path, is_folder in paths if ignore.verdict(path, is_folder)}
    assert found == wanted, patterns


@pytest.mark.parametrize(
    ("pattern", "path", "wanted"),
    [
        ("packages/*", "packages/a", True),
        ("packages/*", "packages/a/b", False),
        ("packages/**", "packages/a/b", True),
        ("packages/**", "packages", False),
        ("**/a", "a", True),
        ("**/a", "x/y/a", True),
        ("**/a", "x/y/ab", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b/**/c", "a/b/b/x/c", True),
        ("a/**/b/c", "a/b/x/b/c", True),
        ("a/**/b/c", "a/b/c/d", False),
        ("**/*.js", "x/a.js", True),
        ("a*b*c", "axbxbxc", True),
        ("a*bc*c", "abcc", True),
        ("a*bc*c", "abc", False),
        ("*", "a", True),
        ("", "a", False),
        ("**", "a/b", True),
        ("a[", "a[", False),
    ],
)
def test_paths(pattern: str, path: str, wanted: bool) -> None:
    assert matches_path(pattern, path) is wanted


@given(st.text("ab*", max_size=8), st.text("ab/", max_size=8))
def test_wildcards(pattern: str, text: str) -> None:
    import re

    slow = re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.S)
    assert wildcard(pattern, text) is (slow is not None)


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_names(pattern: str, name: str) -> None:
    from fnmatch import fnmatchcase

    assert matches_name(pattern, name) is fnmatchcase(name, pattern)


HOSTILE = [
    "*a" * 40 + "b",
    "a*" * 2000,
    "**/a" * 40 + "/b",
    "[ab]*" * 200,
    "?*" * 100 + "b",
    "*" * 4000,
    "**/" * 1000,
]
HOSTILE += [
    "a/**/" * 30 + "b",
    "[" * 2000,
    "[a-" * 500,
    "\\" * 2001,
    "(a|a)*$",
    "a" * 100_000,
    "[[:alpha:]]*" * 50,
]


@pytest.mark.parametrize("pattern", HOSTILE)
@pytest.mark.parametrize("path", ["a" * 250, "a/" * 100 + "a", "/".join(["a" * 30] * 30), "b" * 4000])
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    start = time.process_time()
    for is_folder in (True, False):
        Ignore([pattern]).verdict(path, is_folder)
    matches_path(pattern, path)
    matches_name(pattern, path.replace("/", ""))
    wildcard(pattern, path)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("pattern", HOSTILE)
def test_no_assetsignore_takes_long(pattern: str, tmp_path: Path) -> None:
    """It is one more file of patterns that a stranger may bring."""
    name = "a" * 200
    (tmp_path / ".assetsignore").write_text(f"{pattern}\n/{name}.map\n")
    (tmp_path / f"{name}.map").write_text("")
    start = time.process_time()
    found = published(tmp_path, Files(tmp_path))
    assert tmp_path / f"{name}.map" not in found and tmp_path / ".assetsignore" not in found
    assert time.process_time() - start < 2


@pytest.mark.parametrize("kind", ["long", "folder", "outside"])
def test_an_assetsignore_that_is_not_read_may_say_anything(kind: str, tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / ".env").write_text("")
    if kind == "long":
        (top / ".assetsignore").write_text("x\n" * 5001)
    elif kind == "folder":
        (top / ".assetsignore").mkdir()
    else:
        (tmp_path / "away").write_text("")
        (top / ".assetsignore").symlink_to("../away")
    found = published(top, Files(top, boundary=Boundary([top])))
    assert found.has_ignore_file and top / ".env" not in found
    (top / ".assetsignore").rmdir() if kind == "folder" else (top / ".assetsignore").unlink()
    found = published(top, Files(top, boundary=Boundary([top])))
    assert not found.has_ignore_file and top / ".env" in found and top / "_headers" not in found
