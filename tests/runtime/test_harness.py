"""The harness itself: what it serves is what the project says, and what it reports is what happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages import write
from tests.runtime.conversation import get, talk
from tests.runtime.examples import example
from tests.runtime.tools import require_tools
from tests.runtime.workerd import DidNotStart, NotServed, serve
from tests.runtime.wrangler import ask

CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
"""


@pytest.fixture(autouse=True)
def _tools() -> Iterator[None]:
    require_tools()
    yield


def test_a_conversation_and_its_close(tmp_path: Path) -> None:
    write(example("WS401", "Use instead"), tmp_path)
    with serve(tmp_path) as server:
        seen = talk(server.ws + "/ws/ABCDE", ["one", "two"])
        plain = get(server.http + "/ws/ABCDE")
    assert (seen.status, seen.received, seen.close_code) == (101, ["one", "two"], 1000)
    assert plain.status == 426
    assert server.process.returncode is not None


def test_a_refused_handshake_has_its_reason_in_the_log(tmp_path: Path) -> None:
    write(example("WS401", "Example"), tmp_path)
    with serve(tmp_path) as server:
        seen = talk(server.ws + "/ws/ABCDE")
        assert "RangeError" in server.log
    assert (seen.status, seen.body) == (500, "Internal Server Error")


def test_a_vanished_answer_is_silence_and_an_unanswered_close_1006(tmp_path: Path) -> None:
    write(example("WS508", "Example"), tmp_path)
    with serve(tmp_path) as server:
        seen = talk(server.ws + "/ws/ABCDE", [])
    assert (seen.status, seen.received, seen.close_code) == (101, [], 1006)


def test_a_worker_that_does_not_start(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": "throw new TypeError('at the top');\n"}, tmp_path)
    with pytest.raises(DidNotStart, match="at the top"), serve(tmp_path):
        pass


def test_a_worker_that_does_not_bundle(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": "export default {\n"}, tmp_path)
    with pytest.raises(NotServed, match="esbuild"), serve(tmp_path):
        pass


def test_variables_and_environments(tmp_path: Path) -> None:
    config = CONFIG + '[vars]\nWORD = "top"\n[env.staging.vars]\nWORD = "staging"\n'
    source = "export default { fetch: (request, env) => new Response(env.WORD + (env.MORE ?? '')) };\n"
    write({"wrangler.toml": config, "index.js": source}, tmp_path)
    with serve(tmp_path) as server:
        assert get(server.http).body == "top"
    with serve(tmp_path, "staging", variables={"MORE": "+"}) as server:
        assert get(server.http).body == "staging+"


def test_two_workers_that_name_each_other(tmp_path: Path) -> None:
    objects = example("WS401", "Use instead")
    lobby = """\
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"
services = [{ binding = "BACK", service = "match" }]
[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
script_name = "match"
"""
    source = (
        "export default { fetch: (request, env) => request.url.endsWith('/back')"
        " ? env.BACK.fetch(request) : env.MATCH.getByName('x').fetch(request) };\n"
    )
    write({"wrangler.toml": lobby, "index.js": source}, tmp_path)
    write({f"match/{path}": text for path, text in objects.items()}, tmp_path)
    with serve(tmp_path) as server:
        assert talk(server.ws + "/ws/ABCDE").received == ["hello"]
        assert talk(server.ws + "/back").received == ["hello"]


def test_nothing_reaches_the_network(tmp_path: Path) -> None:
    source = "export default { fetch: () => fetch('https://feed.example.com/live') };\n"
    write({"wrangler.toml": CONFIG, "index.js": source}, tmp_path)
    with serve(tmp_path) as server:
        assert get(server.http).body == '{"greeting":"welcome to feed.example.com"}'


def test_an_audience_hears_and_a_redirect_is_no_handshake(tmp_path: Path) -> None:
    write(example("WS610", "Use instead"), tmp_path)
    with serve(tmp_path) as server:
        seen = talk(server.ws + "/ws/ABCDE", ["one", 0.1, "two"], audience=server.ws + "/ws/ABCDE")
    assert (seen.received, seen.overheard, seen.audience_close) == (["one", "two"], ["one", "two"], None)
    source = (
        "export default { fetch: (request) => Response.redirect(new URL('/elsewhere', request.url), 302) };\n"
    )
    write({"wrangler.toml": CONFIG, "index.js": source}, tmp_path)
    with serve(tmp_path) as server:
        assert talk(server.ws).status == 302


def test_wrangler_asks_nobody_and_leaves_nothing(tmp_path: Path) -> None:
    write(
        {"wrangler.toml": CONFIG, "index.js": "export default { fetch: () => new Response('ok') };\n"},
        tmp_path,
    )
    before = set(Path.home().glob(".wrangler*")) | set((Path.home() / ".config").glob(".wrangler*"))
    assert ask(tmp_path).code == 0
    refused = ask(tmp_path, ["deploy"])
    assert (refused.code, "CLOUDFLARE_API_TOKEN" in refused.output) == (1, True)
    after = set(Path.home().glob(".wrangler*")) | set((Path.home() / ".config").glob(".wrangler*"))
    assert before == after
    assert {path.name for path in tmp_path.iterdir()} <= {"wrangler.toml", "index.js", ".wrangler"}
