"""The messages: one table for every language, types that are held to it, and what is sent on the runtime has no other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.tools import require_tools
from tests.scaffold.conftest import Generate
from tests.scaffold.test_generated import run

LANGUAGES = ("python", "typescript", "rust")
TRANSCRIPT = Path(__file__).with_name("transcript.txt")


def tables(folder: Path) -> str:
    return (
        (folder / "README.md").read_text().split("| to the server | fields |")[1].split("The text `ping`")[0]
    )


def fields(table: str) -> dict[str, set[str]]:
    rows = [row for row in table.splitlines() if row.startswith("| `")]
    return {re.findall(r"`(\w+)`", row)[0]: set(re.findall(r"`(\w+)`:", row)) for row in rows}


def test_one_table_for_every_language(generate: Generate) -> None:
    python, *others = [tables(generate(language, 0)) for language in LANGUAGES]
    assert others == [python, python]


def test_what_is_sent_is_in_the_table(generate: Generate) -> None:
    """The transcript has what clients saw, in each language, on the real runtime."""
    told = fields(tables(generate("python", 0)).split("| from the server | fields |")[1])
    seen = [json.loads(text) for text in re.findall(r"^\w+: < (\{.*\})", TRANSCRIPT.read_text(), re.M)]
    assert {message["type"] for message in seen} == set(told)
    for message in seen:
        assert message.keys() - {"type"} == told[message["type"]], message


def test_python_says_where_a_message_is_another(generate: Generate) -> None:
    folder = generate("python", 0)
    rules = folder / "src/match.py"
    source = rules.read_text()
    for right, wrong in (('"kept_ms": kept_ms', '"kept": kept_ms'), ('"token": token,', '"token": number,')):
        assert right in source
        rules.write_text(source.replace(right, wrong))
        command = [sys.executable, "-m", "mypy", "--config-file=", "--cache-dir=/dev/null", "--strict"]
        done = subprocess.run([*command, rules], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "protocol" not in done.stdout.split(":")[0], done.stdout


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("src/match.ts", 'type: "left", player, name, kept_ms }', 'type: "left", player, name }'),
        ("src/protocol.ts", "; kept_ms: number }", " }"),
        ("tests/protocol.test.ts", ", kept_ms: true", ""),
    ],
)
def test_typescript_says_it_too(name: str, right: str, wrong: str, generate: Generate) -> None:
    folder = generate("typescript", 0)
    (folder / "node_modules").symlink_to(require_tools().modules)
    path = folder / name
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong))
    with pytest.raises(AssertionError, match="kept_ms"):
        run(folder, "npm", "run", "typecheck")


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_another_table_is_noticed(language: str, generate: Generate) -> None:
    folder = generate(language, 0)
    readme = folder / "README.md"
    readme.write_text(readme.read_text().replace("; `kept_ms`: number", "; `kept`: number"))
    own = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_protocol.py"]
    with pytest.raises(AssertionError, match="kept"):
        run(folder, *(own if language == "python" else ["npm", "test"]))
