"""Across Workers: `script_name`, service bindings, environments; and findings on the way."""

from __future__ import annotations

from pathlib import Path

from tests.trace.projects import CONFIG, MATCH, traced, worker

LOBBY = """\
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"
script_name = "match"
"""

MATCH_CONFIG = CONFIG.replace('"lobby"', '"match"')
FORWARD = 'return env.MATCH.getByName("a").fetch(request);'


def lobby(body: str, config: str = LOBBY) -> dict[str, str]:
    return {
        "wrangler.toml": config,
        "index.js": f"export default {{\n  async fetch(request, env) {{\n    {body}\n  }},\n}};\n",
        "match/wrangler.toml": MATCH_CONFIG,
        "match/index.js": MATCH + "export default { fetch: () => new Response('match') };\n",
    }


def test_a_class_of_another_worker_is_followed(tmp_path: Path) -> None:
    trace = traced(tmp_path, lobby(FORWARD))
    assert (trace.predicted.status, trace.predicted.certain) == (101, True)
    by_kind = {hop.kind: hop for hop in trace.hops}
    assert "of the Worker `match`" in by_kind["binding"].text
    for kind, path in (
        ("binding", "wrangler.toml"),
        ("lifecycle", "match/wrangler.toml"),
        ("class", "match/index.js"),
    ):
        span = by_kind[kind].span  # type: ignore[index]
        assert span is not None
        assert span.file.name == path


def test_a_worker_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    trace = traced(tmp_path, {k: v for k, v in lobby(FORWARD).items() if not k.startswith("match/")})
    assert (trace.predicted.status, trace.predicted.certain) == (None, False)
    assert "`match` is not among the Workers" in trace.predicted.reason


def test_a_service_binding_is_followed(tmp_path: Path) -> None:
    config = LOBBY.replace("[[durable_objects.bindings]]", "[[services]]").split("[[services]]")[0]
    config += '[[services]]\nbinding = "NEXT"\nservice = "match"\n'
    files = lobby("return env.NEXT.fetch(request);", config)
    files["match/index.js"] = MATCH + (
        "export default { fetch: (request, env) => env.MATCH.getByName('a').fetch(request) };\n"
    )
    trace = traced(tmp_path, files)
    assert (trace.predicted.status, trace.predicted.certain) == (101, True)
    assert [hop.kind for hop in trace.hops][:3] == ["entrypoint", "service", "forward"]


def test_workers_that_call_each_other_for_ever_end(tmp_path: Path) -> None:
    config = 'name = "lobby"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
    config += '[[services]]\nbinding = "SELF"\nservice = "lobby"\n'
    trace = traced(
        tmp_path, {"wrangler.toml": config, "index.js": lobby("return env.SELF.fetch(request);")["index.js"]}
    )
    assert trace.predicted.status is None


def test_an_environment_has_its_own_bindings(tmp_path: Path) -> None:
    config = CONFIG + "\n[env.staging]\n"
    files = worker(FORWARD, config)
    assert traced(tmp_path, files).predicted.status == 101
    trace = traced(tmp_path, files, environment="staging")
    assert trace.environment == "staging"
    assert trace.predicted.status == 500


def test_an_error_on_the_way_is_the_answer_and_ends_it(tmp_path: Path) -> None:
    body = "const r = await env.MATCH.getByName('a').fetch(request);\nreturn new Response(r.body, { status: r.status });"
    trace = traced(tmp_path, worker(body))
    assert trace.predicted.status == 500
    assert "WS401" in trace.predicted.reason
    assert [finding.code for hop in trace.hops for finding in hop.findings] == ["WS401"]


def test_an_error_beside_the_way_changes_nothing(tmp_path: Path) -> None:
    body = (
        "const url = new URL(request.url);\nif (url.pathname === '/other') {\n"
        "  const r = await env.MATCH.getByName('a').fetch(request);\n  return new Response(r.body, { status: r.status });\n}\n"
        + FORWARD
    )
    assert traced(tmp_path, worker(body)).predicted.status == 101
    assert traced(tmp_path, worker(body), "/other").predicted.status == 500


def test_a_refused_deploy_is_shown_before_everything(tmp_path: Path) -> None:
    trace = traced(tmp_path, worker(FORWARD, CONFIG.replace("2026-07-01", "2026-7-1")))
    assert trace.hops[0].kind == "deploy"
    assert [finding.code for finding in trace.hops[0].findings] == ["WS102"]
    assert trace.predicted.status == 101


def test_warnings_are_shown_where_they_sit(tmp_path: Path) -> None:
    files = worker(FORWARD)
    files["index.js"] = files["index.js"].replace(
        "    if (code !== 1005 && code !== 1006) ws.close(code, reason);\n    else ws.close();",
        "    ws.close(code, reason);",
    )
    trace = traced(tmp_path, files)
    assert trace.predicted.status == 101
    assert {hop.kind: [finding.code for finding in hop.findings] for hop in trace.hops if hop.findings} == {
        "handlers": ["WS508"]
    }
