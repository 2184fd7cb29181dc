"""The tables in wslint/data are what the pinned tools hold."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path

import pytest

from tests.runtime.tools import HERE, require_tools
from wslint import compatibility

ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import refresh_facts  # noqa: E402
import workerd_flags  # noqa: E402


def pinned(package: str) -> str:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"][f"node_modules/{package}"]["version"])


@pytest.mark.parametrize(
    ("table", "package"),
    [
        ("compatibility_flags.tsv", "workerd"),
        ("wrangler_keys.tsv", "wrangler"),
        ("wrangler_schema.json", "wrangler"),
    ],
)
def test_no_pinned_version_is_newer_than_its_table(table: str, package: str) -> None:
    first = (refresh_facts.DATA / table).read_text(encoding="utf-8").split("\n")[0][:200]
    assert f"{package} {pinned(package)} " in first, "run python scripts/refresh_facts.py"


def test_the_constants_are_those_of_the_table() -> None:
    version = pinned("workerd")
    assert version.startswith(compatibility.TABLE_VERSION + ".")
    assert refresh_facts.date_of(version) == compatibility.TABLE_DATE


def test_the_tables_are_what_the_pinned_tools_hold() -> None:
    tools = require_tools()
    if tools.versions["workerd"] != pinned("workerd"):
        pytest.skip("another workerd was asked for")
    for path, text in refresh_facts.wanted(tools.modules).items():
        assert refresh_facts.difference(path, text) == ""


def test_a_binary_without_the_schema(tmp_path: Path) -> None:
    name = b"x/compatibility-date.capnp:CompatibilityFlags\0"
    for content in (b"", name, b"\0" * 2000 + name, struct.pack("<iI", 4, 6 << 16 | 6) * 200 + name):
        (tmp_path / "workerd").write_bytes(content)
        with pytest.raises(workerd_flags.NoSchema):
            workerd_flags.rows(tmp_path / "workerd")


def test_a_folder_without_tools(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refresh_facts.main([str(tmp_path)]) == 2
    assert "no workerd for this kind of machine" in capsys.readouterr().err
