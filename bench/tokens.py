"""How many tokens twenty findings take in each format: the first examples of rules from all families, one project each.

    npm install --prefix DIR gpt-tokenizer && python -m bench.tokens DIR

Without DIR it prints bytes only.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from wslint.finding import Severity
from wslint.rules import load_rules
from wslint.rules.mend import files

FORMATS = ("text", "json", "jsonl", "agent")
STEP, MOST = 11, 20
"""One of so many rules, and so many of them: twenty findings come of it."""

_COUNT = """\
const { encode } = require("gpt-tokenizer/encoding/o200k_base");
console.log(encode(require("fs").readFileSync(0, "utf8")).length);
"""


def reports(folder: Path) -> dict[str, str]:
    """The report of each format over projects that are made in a folder."""
    rules = [loaded for loaded in load_rules().values() if loaded.rule.severity is not Severity.INFO]
    for loaded in rules[::STEP][:MOST]:
        example = files(loaded.section("Example"))
        if any(":" in name for name in example):  # git's history is part of it
            continue
        for name, text in example.items():
            path = folder / loaded.rule.code / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return {name: _check(folder, name) for name in FORMATS}


def _check(folder: Path, output_format: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "wslint", "check", "--output-format", output_format, "--today", "2026-11-25"],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    ).stdout  # fmt: skip


def tokens(text: str, folder: Path) -> int:
    """What o200k_base makes of a text."""
    told = subprocess.run(
        ["node", "-e", _COUNT],
        input=text,
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
    )
    return int(told.stdout)


def main() -> None:
    counter = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        for name, text in reports(Path(folder)).items():
            counted = f"{tokens(text, counter):>6} tokens" if counter is not None else ""
            print(f"{name:<6} {len(text.encode()):>6} bytes {counted}")
            if name == "agent":
                print(next(line for line in text.splitlines() if line.startswith("Found")))


if __name__ == "__main__":
    main()
