"""The length of a serialized attachment, at its limit: what workerd took and refused when it was run."""

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
    accepted = "this.ctx.acceptWebSocket(server);"
    code = MATCH.replace(accepted, f"{accepted} server.serializeAttachment({attached});") + WORKER
    endings = traced(folder, {"wrangler.toml": CONFIG, "index.js": code}, "/ws").predicted.endings
    return {ending.status for ending in endings}


@pytest.mark.parametrize("attached", FITS)
def test_what_fits_is_attached(attached: str, tmp_path: Path) -> None:
    assert answer(attached, tmp_path) == {101}


@pytest.mark.parametrize("attached", IS_TOO_LONG)
def test_what_is_too_long_throws(attached: str, tmp_path: Path) -> None:
    assert answer(attached, tmp_path) == {500}
