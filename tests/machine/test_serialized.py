"""Lengths at their limits, of attachments and of automatic answers: what workerd took and refused when it was run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import CONFIG, MATCH, traced

FITS = (
    '"x".repeat(16379)',
    '"é".repeat(9000)',
    '"€".repeat(8180)',
    '(() => { const one = ["x".repeat(9000)]; return { a: one, b: one }; })()',
    "{ id: crypto.randomUUID(), log: [1, 2, 3] }",
)
IS_TOO_LONG = (
    '"x".repeat(16380)',
    '"€".repeat(8200)',
    '{ log: "x".repeat(17000) }',
    '["x".repeat(9000), "y".repeat(9000)]',
    '(() => { const one = "x".repeat(9000); return { a: one, b: one }; })()',
    '(() => { const made = {}; made.log = "x".repeat(17000); return made; })()',
)
WORKER = "\nexport default { fetch: (request, env) => env.MATCH.getByName('a').fetch(request) };\n"


def answer(attached: str, folder: Path) -> set[int | None]:
    return statuses(f"server.serializeAttachment({attached});", folder)


def statuses(statement: str, folder: Path) -> set[int | None]:
    accepted = "this.ctx.acceptWebSocket(server);"
    code = MATCH.replace(accepted, f"{accepted} {statement}") + WORKER
    endings = traced(folder, {"wrangler.toml": CONFIG, "index.js": code}, "/ws").predicted.endings
    return {ending.status for ending in endings}


@pytest.mark.parametrize("attached", FITS)
def test_what_fits_is_attached(attached: str, tmp_path: Path) -> None:
    assert answer(attached, tmp_path) == {101}


@pytest.mark.parametrize("attached", IS_TOO_LONG)
def test_what_is_too_long_throws(attached: str, tmp_path: Path) -> None:
    assert answer(attached, tmp_path) == {500}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ('"x".repeat(2048), "y"', 101),
        ('"x".repeat(2049), "y"', 500),
        ('"é".repeat(1025), "y"', 500),
        ('"x", "y".repeat(2049)', 500),
        ("env.PING, env.PONG", 101),
    ],
)
def test_an_automatic_answer_has_at_most_2048_bytes(given: str, status: int, tmp_path: Path) -> None:
    pair = f"new WebSocketRequestResponsePair({given.replace('env', 'this.env')})"
    assert statuses(f"this.ctx.setWebSocketAutoResponse({pair});", tmp_path) == {status}
