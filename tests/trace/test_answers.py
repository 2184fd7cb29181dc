"""The table from a rule to the answer of a handshake."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write
from tests.runtime.examples import example
from wslint.finding import Confidence, Finding, Severity
from wslint.rules import load_rules
from wslint.text import SourceFile, Span
from wslint.trace.answers import EFFECTS, effect_of


def finding(
    code: str, message: str = "", severity: Severity = Severity.ERROR, confidence: Confidence = "high"
) -> Finding:
    return Finding(
        code, "a-rule", severity, confidence, message, Span(SourceFile(Path("/x"), "x", b""), 0, 0)
    )


def test_the_table_speaks_of_rules_that_exist() -> None:
    rules = load_rules()
    assert [code for code in EFFECTS if code not in rules] == []


def test_only_errors_of_high_confidence_decide() -> None:
    assert effect_of(finding("WS401", "the handshake answers 500")) == 500
    assert effect_of(finding("WS401", "the handshake answers 500", Severity.WARNING)) == "keeps"
    assert effect_of(finding("WS401", "the handshake answers 500", confidence="medium")) == "keeps"


def test_a_rule_that_the_table_does_not_have_is_known_by_its_message_or_not_at_all() -> None:
    assert effect_of(finding("WS999", "the handshake answers 404: nothing is there")) == 404
    assert effect_of(finding("WS999", "something fails")) is None


@pytest.mark.parametrize("code", [code for code, effect in EFFECTS.items() if isinstance(effect, int)])
def test_a_status_in_the_table_is_not_another_one_in_the_message(code: str, tmp_path: Path) -> None:
    """What the rule's own example says, in words, is what the table says."""
    from wslint.trace.answers import _SAYS

    files = example(code, "Example")
    write(files, tmp_path)
    for found in check_folder(tmp_path).findings:
        match = _SAYS.search(found.message)
        if found.code == code and match is not None:
            assert int(match["status"]) == EFFECTS[code], found.message
