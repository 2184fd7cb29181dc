"""Which version of an npm package a project has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import write
from wslint.files import Files
from wslint.source.javascript.versions import Versions, versions_of


def _versions(
    folder: Path, files: dict[str, str], name: str = "@scope/tool", below: str = ""
) -> Versions | None:
    write(files, folder)
    return versions_of(name, folder / below, Files(folder))


def _wanted(text: str) -> dict[str, str]:
    return {"package.json": f'{{ "dependencies": {{ "@scope/tool": "{text}" }} }}'}


@pytest.mark.parametrize(
    ("text", "lowest", "end"),
    [
        ("6.0.1", (6, 0, 1), (6, 0, 2)),
        ("=6.0.1", (6, 0, 1), (6, 0, 2)),
        ("npm:other@1", (1, 0, 0), (2, 0, 0)),  # what is imported by that name
        ("^6.1.2", (6, 1, 2), (7, 0, 0)),
        ("^0.5.8", (0, 5, 8), (0, 6, 0)),
        ("^0.0.8", (0, 0, 8), (0, 0, 9)),
        ("~6.1.2", (6, 1, 2), (6, 2, 0)),
        ("6", (6, 0, 0), (7, 0, 0)),
        ("6.1", (6, 1, 0), (6, 2, 0)),
    ],
)
def test_a_plain_range(
    text: str, lowest: tuple[int, int, int], end: tuple[int, int, int], tmp_path: Path
) -> None:
    assert _versions(tmp_path, _wanted(text)) == Versions(lowest, end)


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "latest",
        "workspace:*",
        "6.x",
        "6.0.x",
        "^6 || ^7",
        "6.0.0-beta.1",
        "github:scope/tool",
        "",
    ],
)
def test_what_tells_nothing(text: str, tmp_path: Path) -> None:
    assert _versions(tmp_path, _wanted(text)) is None


def test_an_open_range_has_no_end(tmp_path: Path) -> None:
    found = _versions(tmp_path, _wanted(">=6.0.0"))
    assert found is not None and found.all_from((6, 0, 0)) and not found.all_before((999, 0, 0))


@pytest.mark.parametrize(
    ("lock", "text"),
    [
        ("package-lock.json", '{"packages": {"node_modules/@scope/tool": {"version": "6.3.0"}}}'),
        ("pnpm-lock.yaml", "packages:\n\n  '@scope/tool@6.3.0(react@19.0.0)':\n    engines: {}\n"),
        ("pnpm-lock.yaml", "packages:\n\n  /@scope/tool/6.3.0:\n    engines: {}\n"),
        ("yarn.lock", '"@scope/tool@^6.0.0":\n  version "6.3.0"\n'),
        ("yarn.lock", '"@scope/tool@npm:^6.0.0, @scope/tool@npm:^6.1.0":\n  version: 6.3.0\n'),
        ("bun.lock", '{ "packages": { "@scope/tool": ["@scope/tool@6.3.0", "", {}, "sha512-x"] } }'),
    ],
)
def test_a_lock_file_goes_before_the_range(lock: str, text: str, tmp_path: Path) -> None:
    assert _versions(tmp_path, {**_wanted("^6.0.0"), lock: text}) == Versions((6, 3, 0), (6, 3, 1))


def test_several_locked_versions_are_a_range(tmp_path: Path) -> None:
    lock = "packages:\n\n  '@scope/tool@5.0.1':\n    engines: {}\n\n  '@scope/tool@6.3.0':\n    engines: {}\n"
    found = _versions(tmp_path, {"pnpm-lock.yaml": lock})
    assert found == Versions((5, 0, 1), (6, 3, 1))


def test_what_is_installed_goes_before_the_lock_file(tmp_path: Path) -> None:
    files = {
        "package-lock.json": '{"packages": {"node_modules/@scope/tool": {"version": "6.3.0"}}}',
        "node_modules/@scope/tool/package.json": '{ "version": "6.4.0-beta.1" }',
    }
    assert _versions(tmp_path, files) == Versions((6, 4, 0), (6, 4, 1))


def test_the_workspace_above_is_asked_too(tmp_path: Path) -> None:
    files = {"yarn.lock": '"@scope/tool@^6.0.0":\n  version "6.3.0"\n', "apps/api/package.json": "{}"}
    assert _versions(tmp_path, files, below="apps/api") == Versions((6, 3, 0), (6, 3, 1))


def test_a_package_with_a_longer_name_is_another(tmp_path: Path) -> None:
    files = {
        "yarn.lock": '"@scope/tool-kit@^6.0.0":\n  version "6.3.0"\n',
        "bun.lock": '["my@scope/tool@6.3.0"]',
    }
    assert _versions(tmp_path, files) is None


def test_broken_files_tell_nothing(tmp_path: Path) -> None:
    assert _versions(tmp_path, {"package.json": "{", "package-lock.json": "[]"}) is None


def test_before_and_from() -> None:
    exact = Versions((10, 66, 0), (10, 66, 1))
    assert (
        exact.all_before((10, 67, 0)) and exact.all_before((10, 66, 1)) and not exact.all_before((10, 66, 0))
    )
    assert exact.all_from((10, 66, 0)) and not exact.all_from((10, 66, 1))
