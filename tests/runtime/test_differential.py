"""A sample of the changes that tests.runtime.differential makes: wslint agrees with the real workerd.

No error may be reported where a client sees no difference, except where the reason is known and listed; and of
what a client does see, no less may be found than was found when the sample was recorded.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.runtime.differential import Mutant, Seen, files_of, judge, lives, look, mutants, projects
from tests.runtime.tools import require_tools
from wslint.finding import Finding

SEED = 17
EACH = 6
"""Changes of each project; with six projects that is about as much as runs in half a minute."""

AGREED = 22
"""How many of the sample wslint reports. Raise it when more are found; it never goes down."""

UNSEEN = {
    (
        "listeners.js",
        "23: another text: close -> CLOSE",
    ): "dead sockets are dropped by the next broadcast too",
    (
        "listeners.js",
        "63: return gone: return new Response(String(error), { status: 500 }); -> new Response(String(error), { status: 500 });",
    ): "nothing throws, so that the catch is never reached",
    (
        "rooms",
        'src/index.ts:31: return gone: return failure(500, error instanceof Error ? error.message : -> failure(500, error instanceof Error ? error.message : "unkno',
    ): "nothing throws, so that the catch is never reached",
    (
        "rooms",
        'src/index.ts:31: arguments swapped: (500, error instanceof Error ? error.message : "unknown") -> (error instanceof Error ? error.message : "unknown", 500)',
    ): "nothing throws, so that the catch is never reached",
    (
        "rooms",
        "src/room.ts:38: await gone: await this.ctx.storage.getAlarm() -> this.ctx.storage.getAlarm()",
    ): "the object's first alarm is set, and no later one",
    ("rooms", "src/room.ts:65: respelt: getWebSockets -> getSockets"): "the alarm comes minutes later",
    ("rooms", "src/room.ts:65: respelt: ctx -> state"): "the alarm comes minutes later",
    ("rooms", "src/room.ts:66: respelt: ctx -> state"): "the alarm comes minutes later",
    ("rooms", "src/room.ts:68: respelt: ctx -> state"): "the alarm comes minutes later",
    (
        "rooms",
        "src/room.ts:68: last argument gone: (Date.now() + 5 * MINUTE) -> ()",
    ): "the alarm comes minutes later",
    (
        "service",
        "front.js:19: return gone: return new Response(null, { status: 204, headers: CORS }); -> new Response(null, { status: 204, headers: CORS });",
    ): "the client asks with GET only",
    (
        "service",
        "front.js:19: arguments swapped: (null, { status: 204, headers: CORS }) -> ({ status: 204, headers: CORS }, null)",
    ): "the client asks with GET only",
    (
        "service",
        "match/index.js:22: another text: close -> CLOSE",
    ): "dead sockets are dropped by the next broadcast too",
    (
        "service",
        "match/index.js:24: arguments swapped: (1000, event.reason) -> (event.reason, 1000)",
    ): "the runtime has answered the close by itself",
}
"""Errors that are true, and that this client does not meet: their code runs at another time, or not for it, or other
code hides what comes of them."""


def sample(name: str) -> list[Mutant]:
    """The changes of a project that the test looks at: always the same ones."""
    return random.Random(SEED).sample(mutants(files_of(name)), EACH)


def unchanged(name: str) -> tuple[Seen | None, list[Finding]]:
    """What is seen of a project as it is, twice the same: a busy machine can be late for a client, once."""
    before, found = look(name, None)
    for _ in range(8):
        seen, found = look(name, None)
        if seen == before:
            break
        before = seen
    return before, found


@pytest.fixture(scope="module")
def verdicts() -> dict[tuple[str, str], tuple[str, Seen]]:
    require_tools()
    found: dict[tuple[str, str], tuple[str, Seen]] = {}
    with ThreadPoolExecutor(4) as pool:
        bases = {name: pool.submit(unchanged, name) for name in projects()}
        running = {}
        for name, future in bases.items():
            base, said = future.result()
            assert base is not None and base.facts[0] == 101, f"{name} does not work: {base}"
            assert not said, f"{name} is good, and wslint says {said}"
            for mutant in sample(name):
                running[name, mutant.what] = pool.submit(judge, name, mutant, base=base)
        for key, future in running.items():
            verdict, seen, _ = future.result()
            found[key] = verdict, seen
    return found


def test_no_error_is_false(verdicts: dict[tuple[str, str], tuple[str, Seen]]) -> None:
    wrong = [key for key, (verdict, _) in verdicts.items() if verdict == "false" and key not in UNSEEN]
    assert not wrong


def test_no_less_is_found(verdicts: dict[tuple[str, str], tuple[str, Seen]]) -> None:
    agreed = [key for key, (verdict, _) in verdicts.items() if verdict == "agree"]
    missed = [key for key, (verdict, _) in verdicts.items() if verdict == "missed"]
    assert len(agreed) >= AGREED, missed


@pytest.mark.parametrize("name", lives())
def test_good_lives_are_left_alone(name: str) -> None:
    """`python -m tests.runtime.differential --lives` changes them, and waits out evictions: too slow for here."""
    _, found = look(name, None, served=False)
    assert not found


LIVES_FOUND = {
    "roster.js": ("ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);", ";", "WS507"),
    "ledger.ts": ("ws.close(code === 1005 ? 1000 : code, reason);", "ws.close(code, reason);", "WS562"),
    "circle.js": ("    this.players.delete(socket);\n", "", "WS511"),
}
"""A change of each that breaks a later scene, as the runtime was seen to do, and the rule that says so."""


@pytest.mark.parametrize("name", LIVES_FOUND)
def test_a_broken_life_is_found(name: str) -> None:
    old, new, code = LIVES_FOUND[name]
    text = files_of(name)[name]
    assert old in text
    _, found = look(name, Mutant("", name, text.replace(old, new, 1)), served=False)
    assert code in {item.code for item in found}
