"""The table of the rules is what their modules say, and what they need is what can be asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wslint.rules import load_rules, modules
from wslint.rules.needs import is_known
from wslint.rules.table import ROWS

WORKER = {
    "wrangler.toml": 'name = "x"\nmain = "index.ts"\ncompatibility_date = "2026-07-01"\n',
    "index.ts": "export default { fetch() { return new Response(null); } };\n",
}


def test_the_table_is_what_the_modules_say() -> None:
    assert modules.rows() == list(ROWS), "run python scripts/generate_docs.py"


def test_a_row_gives_its_module_back() -> None:
    for code, loaded in load_rules().items():
        module = sys.modules.get(f"wslint.rules.{loaded.module}") or sys.modules[loaded.check.__module__]
        assert loaded.rule == module.RULE
        assert code == loaded.rule.code
        assert loaded.docstring.startswith(loaded.summary)


@pytest.mark.parametrize(
    ("need", "known"), [("assets", True), ("uses listen", True), ("uses nothing", False), ("luck", False)]
)
def test_only_what_can_be_asked_is_known(need: str, known: bool) -> None:
    assert is_known(need) is known


def test_rules_of_other_languages_are_not_imported(tmp_path: Path) -> None:
    for name, text in WORKER.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    script = (
        "import sys\nfrom pathlib import Path\nfrom wslint.check import Options, run\n"
        "run([Path(sys.argv[1])], Options())\n"
        "print(*sorted(name for name in sys.modules if name.startswith('wslint.rules.')))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "wslint.rules.handlers.unanswered_close" not in shown, "it needs sockets that hibernate"
    assert "wslint.rules.python.response_keyword" not in shown
    assert "wslint.rules.rust.panic_in_handler" not in shown
    assert "wslint.rules.compatibility.missing_compatibility_date" in shown
